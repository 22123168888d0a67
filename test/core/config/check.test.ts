import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../../src/core/config/check.ts';
import { compileConfig } from '../../../src/core/config/compile.ts';
import { caught } from '../on-call/caught.ts';
import { policy, problemsIn, smallest } from './smallest.ts';

const UNKNOWN_FIELD = { message: 'this field is not known', hint: 'Check the spelling, or remove it.' };
const NO_FORM = {
  message: 'this has none of the forms that are possible here',
  hint: 'Check the names and the types of its fields.',
};
const NO_TARGET = {
  ...NO_FORM,
  hint: "Write { user: 'id' }, { schedule: 'id' }, { team: 'id' } or { channel: 'id' }.",
};
const WRITE_DURATIONS = { hint: "Write durations as '5m'." };
const BAD_DURATION = { message: "expected a duration such as '30s', '5m', '1h30m' or 'PT5M', at most ten years" };

describe('the smallest configuration', () => {
  test('is accepted as it is printed, with every default filled in', () => {
    const config = checkConfig(smallest());
    const told = {
      quietHours: [],
      notices: { acknowledged: true, status: ['monitoring'], response: true, shifts: [] },
    };
    expect(config).toEqual({
      users: [
        { id: 'ana', contacts: [{ notifier: 'sms', address: '+15550100' }], rules: {}, ...told },
        { id: 'ben', contacts: [{ notifier: 'sms', address: '+15550101' }], rules: {}, ...told },
      ],
      teams: [],
      channels: [],
      schedules: [
        {
          id: 'primary',
          timeZone: 'America/New_York',
          layers: [
            {
              id: 'weekly',
              rotation: {
                start: '2026-01-05T09:00:00',
                rrule: 'FREQ=WEEKLY',
                participants: ['ana', 'ben'],
                handoffsPerTurn: 1,
                startIndex: 0,
                advance: 'every-handoff',
              },
              restrictions: [],
            },
          ],
          overrides: [],
          swaps: [],
        },
      ],
      escalationPolicies: [
        {
          id: 'default',
          steps: [{ targets: [{ schedule: 'primary' }], escalateAfter: '5m', strategy: 'all' }],
          repeat: 0,
          acknowledge: 'first',
          fallback: [{ user: 'ben' }],
          fallbackEvery: '15m',
          acknowledgeTimeout: '30m',
          repageOn: ['severityRaised'],
        },
      ],
      services: [{ id: 'checkout', escalationPolicy: 'default', dependsOn: [] }],
      severity: {
        levels: [
          { id: 'SEV1', urgency: 'high', review: 'optional', reviewWithin: '5d' },
          { id: 'SEV2', urgency: 'high', review: 'optional', reviewWithin: '5d' },
          { id: 'SEV3', urgency: 'low', review: 'optional', reviewWithin: '5d' },
        ],
        strategy: 'first',
        rules: [],
      },
      enrichment: [],
      routes: [],
      grouping: [],
      suppression: { silences: [], maintenance: [], inhibition: [], rateLimits: [] },
      status: { components: [], groups: [], pages: [], impact: {}, publish: 'automatic', keepFor: '400d' },
      heartbeats: [],
      holidays: [],
      failover: {},
      limits: [],
      canaries: [],
      mirrors: [],
      chatRooms: [],
      incidents: {
        resolveAfterClear: '5m',
        reopenWindow: '7d',
        reminderEvery: '24h',
        roles: ['commander', 'communications', 'scribe'].map((id) => ({ id, requiredFor: [], remindEvery: '10m' })),
        checklists: [],
        fields: [],
        subStatuses: [],
      },
      reviews: {
        blameless: true,
        templates: [],
        categories: [],
        approval: 'none',
        similar: 5,
        timeZone: 'UTC',
        actionItems: { priorities: [], remindEvery: '7d' },
      },
      updates: {
        approval: { internal: false, public: false },
        templates: [],
        digestWithin: '5m',
        from: {},
        strangers: { notifiers: [] },
      },
    });
  });

  test('can be read again from what came out, and is not changed by being read', () => {
    const input = smallest();
    const config = checkConfig(input);
    expect(checkConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
    expect(input).toEqual(smallest());
  });
});

describe('a configuration of another shape', () => {
  test.each([
    ['nothing', undefined, 'required'],
    ['null', null, 'expected an object, found null'],
    ['a text', 'users: []', 'expected an object, found a text'],
    ['a list', [], 'expected an object, found a list'],
    ['a number', 7, 'expected an object, found a number'],
  ])('%s is refused at the root', (_, input, message) => {
    const error = caught(() => checkConfig(input));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.details).toEqual({
      problems: [{ path: '', message }],
    });
    expect(error.message).toBe(`Cannot use this configuration: it has one problem.\n  (root): ${message}`);
  });

  test('is refused with all its problems at once, each at its path', () => {
    expect(
      problemsIn({
        ...smallest(),
        users: [{ id: 'two words' }, { id: 'ana', contacts: [{ notifier: 'sms' }] }],
        escalationPolicies: [policy({ acknowledgeTimeout: 'soon', fallbackEvery: '5' }), { id: 'empty', steps: [] }],
        services: [{ id: 'checkout', escalationPolicy: 'default', tier: '1' }],
        incidents: { resolveAfter: '5m', reopen: '1d' },
        nope: 1,
      }),
    ).toEqual([
      { path: 'users[0].id', message: 'expected letters, digits or ._:@/+- only' },
      { path: 'users[1].contacts[0].address', message: 'required' },
      { path: 'escalationPolicies[0].fallbackEvery', ...BAD_DURATION },
      { path: 'escalationPolicies[0].acknowledgeTimeout', ...BAD_DURATION },
      { path: 'escalationPolicies[1].steps', message: 'Too small: expected array to have >=1 items' },
      { path: 'escalationPolicies[1].fallback', message: 'required' },
      { path: 'services[0].tier', message: 'expected a number, found a text' },
      { path: 'incidents.resolveAfter', ...UNKNOWN_FIELD },
      { path: 'incidents.reopen', ...UNKNOWN_FIELD },
      { path: 'nope', ...UNKNOWN_FIELD },
    ]);
  });

  test('with a number in the place of a duration is told how to write one, and only there', () => {
    const message = 'expected a text, found a number';
    expect(
      problemsIn({
        ...smallest(),
        escalationPolicies: [
          policy({ fallbackEvery: 15, steps: [{ targets: [{ user: 7 }], escalateAfter: 5 }] } as never),
        ],
        incidents: { reopenWindow: 60 },
      }),
    ).toEqual([
      { path: 'escalationPolicies[0].steps[0].targets[0].user', message },
      { path: 'escalationPolicies[0].steps[0].escalateAfter', message, ...WRITE_DURATIONS },
      { path: 'escalationPolicies[0].fallbackEvery', message, ...WRITE_DURATIONS },
      { path: 'incidents.reopenWindow', message, ...WRITE_DURATIONS },
    ]);
  });

  test('without what is required says so at each place', () => {
    expect(problemsIn({ escalationPolicies: [{ id: 'default', steps: [{}], fallback: [{ user: 'ana' }] }] })).toEqual([
      { path: 'escalationPolicies[0].steps[0].targets', message: 'required' },
      { path: 'services', message: 'required' },
    ]);
  });

  test('with a field that every object inherits is refused like any other unknown field', () => {
    const input = JSON.parse(`${JSON.stringify(smallest()).slice(0, -1)},"__proto__":{"admin":true},"constructor":1}`);
    expect(problemsIn(input)).toEqual([
      { path: '__proto__', ...UNKNOWN_FIELD },
      { path: 'constructor', ...UNKNOWN_FIELD },
    ]);
  });
});

describe('where several forms are possible', () => {
  const step = (target: unknown, more = {}) =>
    problemsIn({ ...smallest(), escalationPolicies: [policy({ steps: [{ targets: [target], ...more }] } as never)] });
  const route = (when: unknown) => problemsIn({ ...smallest(), routes: [{ service: 'checkout', when }] });
  const TARGET = 'escalationPolicies[0].steps[0].targets[0]';

  test('the one that was nearly met says what is wrong', () => {
    expect(step({ user: 'ana', after: '5m' })).toEqual([{ path: `${TARGET}.after`, ...UNKNOWN_FIELD }]);
    expect(step({ channel: 'two words' })).toEqual([
      { path: `${TARGET}.channel`, message: 'expected letters, digits or ._:@/+- only' },
    ]);
    expect(route({ field: 'labels.env', op: 'is' })).toEqual([
      { path: 'routes[0].when.op', message: expect.stringMatching(/^Invalid option: expected one of "equals"\|/) },
    ]);
    expect(route('')).toEqual([
      { path: 'routes[0].when', message: 'Too small: expected string to have >=1 characters' },
    ]);
  });

  test('even when a field too many stands beside it', () => {
    expect(route({ field: 'labels.env', op: 'is', extra: 1 })).toEqual([
      { path: 'routes[0].when.op', message: expect.stringMatching(/^Invalid option: /) },
      { path: 'routes[0].when.extra', ...UNKNOWN_FIELD },
    ]);
    expect(route({ all: 'a=b', extra: 1 })).toEqual([
      { path: 'routes[0].when.all', message: 'expected a list, found a text' },
      { path: 'routes[0].when.extra', ...UNKNOWN_FIELD },
    ]);
  });

  test('however deep it is nested', () => {
    expect(route({ all: ['a=b', { not: { any: [{ op: 'during', value: { timeZone: 'UTC', from: 9 } }] } }] })).toEqual([
      {
        path: 'routes[0].when.all[1].not.any[0].value.from',
        message: 'expected a text, found a number',
      },
    ]);
  });

  test('and none was nearly met, all of them are named', () => {
    for (const target of [{ usr: 'ana' }, { user: 'ana', channel: 'room' }, 'ana', null])
      expect(step(target)).toEqual([{ path: TARGET, ...NO_TARGET }]);
    expect(problemsIn({ ...smallest(), escalationPolicies: [policy({ fallback: [{}] } as never)] })).toEqual([
      { path: 'escalationPolicies[0].fallback[0]', ...NO_FORM, hint: "Write { user: 'id' } or { schedule: 'id' }." },
    ]);
    expect(route(7)).toEqual([{ path: 'routes[0].when', ...NO_FORM }]);
    expect(problemsIn({ ...smallest(), escalationPolicies: [policy({ acknowledgeTimeout: 30 } as never)] })).toEqual([
      { path: 'escalationPolicies[0].acknowledgeTimeout', ...NO_FORM, ...WRITE_DURATIONS },
    ]);
  });
});

describe('the message', () => {
  const services = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ id: `s${n}`, escalationPolicy: 'gone' }));

  test('says what is wrong where, and what to do', () => {
    expect(caught(() => checkConfig({ ...smallest(), services: services(2) })).message).toBe(
      [
        'Cannot use this configuration: it has 2 problems.',
        '  services[0].escalationPolicy: there is no escalation policy gone. Known: default.',
        '  services[1].escalationPolicy: there is no escalation policy gone. Known: default.',
      ].join('\n'),
    );
  });

  test('shows ten problems; the details have all of them', () => {
    const ten = caught(() => checkConfig({ ...smallest(), services: services(10) })).message.split('\n');
    expect(ten).toHaveLength(11);
    expect(ten[10]).toMatch(/^ {2}services\[9\]/);
    const more = caught(() => checkConfig({ ...smallest(), services: services(12) }));
    expect(more.message.split('\n')).toHaveLength(12);
    expect(more.message.split('\n')[11]).toBe('  and 2 more');
    expect(more.details.problems).toHaveLength(12);
  });
});

describe('a configuration that is nested without end', () => {
  const nested = (depth: number, leaf: unknown) => {
    let condition = leaf;
    for (let level = 0; level < depth; level += 1) condition = { not: condition };
    return { ...smallest(), routes: [{ service: 'checkout', when: condition }] };
  };

  test('is refused, and never exhausts the stack', () => {
    const error = caught(() => checkConfig(nested(50_000, 'a=b')));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.details).toEqual({
      problems: [{ path: '', message: 'the configuration is nested too deeply to be read' }],
    });
  });

  test('keeps the reason', () => {
    expect(() => checkConfig(nested(50_000, 'a=b'))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', cause: expect.any(RangeError) }),
    );
  });

  test('by going round in a circle is refused', () => {
    const circular: { not?: unknown } = {};
    circular.not = circular;
    expect(problemsIn({ ...smallest(), routes: [{ service: 'checkout', when: circular }] })).toHaveLength(1);
  });

  test.each([33, 100, 1_000])('%d levels deep is refused with its path', (depth) => {
    expect(problemsIn(nested(depth, 'a=b'))).toEqual([
      {
        path: `routes[0].when${'.not'.repeat(33)}`,
        message: expect.stringContaining('it is nested more than 32 deep. Flatten it.'),
      },
    ]);
  });

  test('32 levels deep is accepted', () => {
    expect(problemsIn(nested(32, 'a=b'))).toEqual([]);
  });

  test.each([100, 500])('with something wrong %d levels deep is refused at that place', (depth) => {
    expect(problemsIn(nested(depth, 7))).toEqual([{ path: `routes[0].when${'.not'.repeat(depth)}`, ...NO_FORM }]);
  });
});

test('what is accepted compiles', () => {
  const config = checkConfig({
    ...smallest(),
    routes: [
      {
        id: 'r',
        service: 'checkout',
        when: { any: ['a=b', { field: 'labels.x', op: 'matches', value: '^y' }] },
        dedupFields: ['labels.host'],
      },
    ],
    severity: { rules: [{ when: 'severity="page"', severity: 'SEV1' }], default: 'SEV2' },
  });
  expect(compileConfig(config, 'c1').version).toBe('c1');
});
