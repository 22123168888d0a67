import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { alertEventSchema, linkSchema } from '../../src/model/alert.ts';
import { conditionSchema } from '../../src/model/condition.ts';
import { configJsonSchema, configSchema, defineConfig } from '../../src/model/config.ts';
import { escalationPolicySchema, ladderSchema } from '../../src/model/escalation.ts';
import { actorName, actorSchema, idSchema, SYSTEM } from '../../src/model/identity.ts';
import { maintenanceSchema } from '../../src/model/intake.ts';
import { participantSchema, scheduleSchema, weeklySchedule } from '../../src/model/schedule.ts';
import { severityConfigSchema } from '../../src/model/severity.ts';
import { timelineEventSchema } from '../../src/model/timeline.ts';
import { contactSchema, userSchema } from '../../src/model/user.ts';

const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

describe('an id', () => {
  test.each([
    'a',
    'ana',
    'Zoë',
    '東京',
    '42',
    'team/checkout@eu',
    'a.b_c:d+e-f',
    '__proto',
    'Constructor',
    'x'.repeat(200),
  ])('may be %s', (id) => {
    expect(takes(idSchema, id)).toBe(true);
  });

  test.each([
    '',
    ' ',
    'two words',
    ' ana',
    'ana ',
    'a\nb',
    'ana\n',
    'a\u0000',
    'a\u202eb',
    'a,b',
    'a"b',
    "a'b",
    'a<b',
    'a#b',
    'a?b',
    '\ud800',
    '🙂',
    '__proto__',
    'constructor',
    'prototype',
    'x'.repeat(201),
    7,
    null,
  ])('may not be %j', (id) => {
    expect(takes(idSchema, id)).toBe(false);
  });
});

describe('an actor', () => {
  test.each([
    [{ kind: 'user', id: 'ana' }, 'ana'],
    [{ kind: 'source', id: 'Alertmanager of Berlin' }, 'Alertmanager of Berlin'],
    [SYSTEM, 'tocsin'],
  ] as const)('%j is called %s', (actor, name) => {
    expect(actorSchema.parse(actor)).toEqual(actor);
    expect(actorName(actor)).toBe(name);
  });

  test.each([
    { kind: 'user' },
    { kind: 'user', id: 'two words' },
    { kind: 'source', id: '' },
    { kind: 'system', id: 'x' },
    { kind: 'robot' },
  ])('%j is none', (actor) => {
    expect(takes(actorSchema, actor)).toBe(false);
  });
});

describe('a link', () => {
  test.each(['https://example.com/a?b=c#d', 'http://[::1]:9093/', 'HTTPS://EXAMPLE.COM', 'http://localhost:3000'])(
    'may go to %s',
    (href) => {
      expect(takes(linkSchema, { href, text: '' })).toBe(true);
    },
  );

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.com',
    'mailto:ana@example.com',
    '//example.com',
    '/a',
    '',
    `https://example.com/${'x'.repeat(4_096)}`,
  ])('may not go to %s', (href) => {
    expect(takes(linkSchema, { href })).toBe(false);
    expect(takes(alertEventSchema, { action: 'trigger', images: [{ src: href }] })).toBe(false);
  });
});

describe('an alert event', () => {
  test('needs only an action', () => {
    for (const action of ['trigger', 'acknowledge', 'resolve', 'change'])
      expect(takes(alertEventSchema, { action })).toBe(true);
    for (const event of [{}, { action: 'fire' }, { action: 'trigger', name: 'x' }])
      expect(takes(alertEventSchema, event)).toBe(false);
  });
});

describe('a condition', () => {
  test.each([
    'severity="critical"',
    { all: [] },
    { any: ['a=b', { not: 'c=d' }] },
    { field: 'labels.env', op: 'equals', value: 'prod' },
    { field: 'labels.env', op: 'exists' },
    { field: 'n', op: 'between', value: [1, 2] },
    { op: 'during', value: { timeZone: 'UTC', weekdays: ['MO'], from: '09:00', until: '24:00' } },
    { field: 'at', op: 'during', value: { timeZone: 'UTC' } },
  ])('may be %j', (condition) => {
    expect(takes(conditionSchema, condition)).toBe(true);
  });

  test.each([
    '',
    7,
    null,
    [],
    {},
    { all: 'a=b' },
    { all: [], any: [] },
    { field: 'a', op: 'is' },
    { op: 'equals', value: 1 },
    { field: 'a', op: 'equals', value: {} },
    { field: 'labels', op: 'during', value: { timeZone: 'UTC' } },
    { op: 'during', value: { timeZone: 'UTC', from: '9:00' } },
    { op: 'during', value: { timeZone: 'UTC', until: '24:01' } },
    { op: 'during', value: { timeZone: 'UTC', weekdays: [] } },
    { not: { not: { field: 'a' } } },
  ])('may not be %j', (condition) => {
    expect(takes(conditionSchema, condition)).toBe(false);
  });
});

describe('a turn of a rotation', () => {
  test('is a person, several people, or deliberately nobody', () => {
    for (const turn of ['ana', ['ana', 'ben'], null]) expect(takes(participantSchema, turn)).toBe(true);
    for (const turn of ['', [], [null], ['two words'], undefined, 7])
      expect(takes(participantSchema, turn)).toBe(false);
  });
});

describe('maintenance', () => {
  const stretch = { from: '2026-01-05T09:00:00Z', until: '2026-01-05T10:00:00Z' };
  const recurring = { timeZone: 'UTC', start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', duration: '1h' };

  test('is once or recurring, not both and not neither', () => {
    const services = ['checkout'];
    expect(maintenanceSchema.parse({ id: 'm', services, ...stretch })).toEqual({
      id: 'm',
      services,
      ...stretch,
      atEnd: 'reroute',
      notices: [],
    });
    expect(takes(maintenanceSchema, { id: 'm', services, recurring })).toBe(true);
    for (const window of [{}, { from: stretch.from }, { until: stretch.until }, { ...stretch, recurring }])
      expect(maintenanceSchema.safeParse({ id: 'm', services, ...window }).error?.issues[0]?.message).toBe(
        'give either `from` and `until`, or `recurring`',
      );
  });

  test('is for services, for a condition, or for both; never for everything', () => {
    expect(takes(maintenanceSchema, { id: 'm', when: 'env="dev"', ...stretch })).toBe(true);
    expect(takes(maintenanceSchema, { id: 'm', ...stretch })).toBe(false);
  });
});

describe('defaults', () => {
  test('of a policy: all of a step, once, one answer is enough, fallback every 15 minutes, an acknowledgement of 30 minutes', () => {
    const targets = [{ user: 'ana' }];
    expect(escalationPolicySchema.parse({ id: 'p', steps: [{ targets }], fallback: targets })).toEqual({
      id: 'p',
      steps: [{ targets, strategy: 'all' }],
      repeat: 0,
      acknowledge: 'first',
      fallback: targets,
      fallbackEvery: '15m',
      acknowledgeTimeout: '30m',
      repageOn: ['severityRaised'],
    });
  });

  test('of severity: SEV1 and SEV2, and SEV3 of low urgency', () => {
    expect(severityConfigSchema.parse({})).toEqual({
      levels: [
        { id: 'SEV1', urgency: 'high', review: 'optional', reviewWithin: '5d' },
        { id: 'SEV2', urgency: 'high', review: 'optional', reviewWithin: '5d' },
        { id: 'SEV3', urgency: 'low', review: 'optional', reviewWithin: '5d' },
      ],
      strategy: 'first',
      rules: [],
    });
    expect(severityConfigSchema.parse({ levels: [{ id: 'P1' }] }).levels).toEqual([
      { id: 'P1', urgency: 'high', review: 'optional', reviewWithin: '5d' },
    ]);
  });

  test('of a person: no contacts and no rules', () => {
    expect(userSchema.parse({ id: 'ana' })).toMatchObject({ id: 'ana', contacts: [], rules: {} });
    expect(userSchema.parse({ id: 'ana', rules: { high: [{ contact: 'sms' }] } }).rules).toEqual({
      high: [{ after: '0s', contact: 'sms' }],
    });
  });

  test('of a weekly schedule', () => {
    const schedule = weeklySchedule('primary', {
      timeZone: 'UTC',
      start: '2026-01-05T09:00:00',
      participants: ['ana'],
    });
    expect(schedule).toEqual({
      id: 'primary',
      timeZone: 'UTC',
      layers: [
        { id: 'weekly', rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: ['ana'] } },
      ],
    });
    expect(scheduleSchema.parse(schedule)).toMatchObject({
      overrides: [],
      swaps: [],
      layers: [{ restrictions: [], rotation: { handoffsPerTurn: 1, startIndex: 0, advance: 'every-handoff' } }],
    });
  });
});

describe('limits', () => {
  const policy = { id: 'p', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] };

  test.each([
    ['a policy without steps', escalationPolicySchema, { ...policy, steps: [] }],
    ['a step without targets', escalationPolicySchema, { ...policy, steps: [{ targets: [] }] }],
    ['a policy without a fallback', escalationPolicySchema, { ...policy, fallback: undefined }],
    ['an empty fallback', escalationPolicySchema, { ...policy, fallback: [] }],
    ['a fallback to a channel', escalationPolicySchema, { ...policy, fallback: [{ channel: 'room' }] }],
    ['a fallback to a team', escalationPolicySchema, { ...policy, fallback: [{ team: 'shop' }] }],
    ['21 repeats', escalationPolicySchema, { ...policy, repeat: 21 }],
    ['a negative repeat', escalationPolicySchema, { ...policy, repeat: -1 }],
    ['half a repeat', escalationPolicySchema, { ...policy, repeat: 0.5 }],
    [
      'a target of two kinds',
      escalationPolicySchema,
      { ...policy, steps: [{ targets: [{ user: 'a', channel: 'b' }] }] },
    ],
    ['everyone: false', escalationPolicySchema, { ...policy, steps: [{ targets: [{ team: 'a', everyone: false }] }] }],
    ['a contact without an address', contactSchema, { notifier: 'sms', address: '' }],
    ['an address of 1,025 characters', contactSchema, { notifier: 'sms', address: 'x'.repeat(1_025) }],
    ['no levels', severityConfigSchema, { levels: [] }],
    ['21 levels', severityConfigSchema, { levels: Array.from({ length: 21 }, (_, n) => ({ id: `P${n}` })) }],
  ])('refuse %s', (_, schema, value) => {
    expect(takes(schema, value)).toBe(false);
  });

  test('allow 20 repeats', () => {
    expect(takes(escalationPolicySchema, { ...policy, repeat: 20 })).toBe(true);
  });
});

describe('a timeline read back from a storage', () => {
  const rung = { targets: [{ user: 'ana' }], waitMs: 0, strategy: 'all' };
  const ladder = {
    policyId: 'p',
    rungs: [rung],
    loops: 1,
    fallback: [{ user: 'ana' }],
    fallbackEveryMs: 1,
    acknowledgeTimeoutMs: null,
    repageOn: [],
  };

  test('has ladders of any length', () => {
    expect(takes(ladderSchema, ladder)).toBe(true);
    expect(takes(ladderSchema, { ...ladder, next: { ...ladder, next: ladder } })).toBe(true);
    for (const broken of [
      { rungs: [] },
      { loops: 0 },
      { fallbackEveryMs: 0 },
      { acknowledgeTimeoutMs: 0 },
      { next: {} },
    ])
      expect(takes(ladderSchema, { ...ladder, ...broken })).toBe(false);
  });

  test('has numbered events of known types and fields', () => {
    const event = { seq: 1, at: 0, by: SYSTEM, type: 'note.added', text: 'Looking' };
    expect(timelineEventSchema.parse(event)).toEqual(event);
    for (const broken of [{ seq: 0 }, { seq: 1.5 }, { type: 'note.gone' }, { text: 7 }, { more: 1 }, { by: {} }])
      expect(takes(timelineEventSchema, { ...event, ...broken })).toBe(false);
  });
});

describe('the configuration as JSON Schema', () => {
  const schema = configJsonSchema();

  test('is plain JSON of draft 2020-12 with the words of the configuration', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.type).toBe('object');
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(['escalationPolicies', 'services']);
    expect(Object.keys(schema.properties as object)).toEqual(Object.keys(configSchema.shape));
  });

  test('names what is used in many places, with a description', () => {
    const definitions = schema.$defs as Record<string, { readonly description?: string }>;
    expect(Object.keys(definitions).toSorted()).toEqual([
      'Condition',
      'Duration',
      'Instant',
      'LocalDateTime',
      'Moment',
    ]);
    expect(definitions.Duration?.description).toBe("A length of time: '30s', '5m', '1h30m', '1d', or ISO 8601 'PT5M'.");
    expect(JSON.stringify(schema)).toContain('"$ref":"#/$defs/Duration"');
  });

  test('is made anew each time, so that nobody can spoil it', () => {
    expect(configJsonSchema()).toEqual(schema);
    expect(configJsonSchema()).not.toBe(schema);
  });
});

test('defineConfig hands back what it was given', () => {
  const config = { escalationPolicies: [], services: [] };
  expect(defineConfig(config)).toBe(config);
});
