import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../../src/model/config.ts';
import { policy, problemsOf } from './smallest.ts';

const NO_LEVEL = (path: string) => ({
  path,
  message: 'there is no severity level SEV9',
  hint: 'Known: SEV1, SEV2, SEV3.',
});

describe('rules that could not be obeyed', () => {
  test('are refused all at once', () => {
    const bad = { field: 'details..x', op: 'exists' } as const;
    const message = (path: string) =>
      `Cannot read ${path}: "details..x" has an empty part. Write 'labels.env', without stray dots.`;
    const parts: Partial<ConfigInput> = {
      severity: {
        default: 'SEV9',
        rules: [
          { when: bad, severity: 'SEV9' },
          { when: { all: ['a=b', bad] }, severity: 'SEV1' },
        ],
        matrix: [
          { impact: 'high', timePressure: 'high', severity: 'SEV1' },
          { impact: 'low', timePressure: 'high', severity: 'SEV9' },
        ],
      },
      routes: [
        { service: 'checkout', when: bad },
        { service: 'checkout', when: 'not a matcher' },
        { service: 'checkout', dedupFields: ['labels.host', 'details..x'] },
      ],
      escalationPolicies: [
        policy({ steps: [{ targets: [{ user: 'ana' }] }, { targets: [{ user: 'ana' }], when: { not: bad } }] }),
      ],
    };
    expect(problemsOf(parts)).toEqual([
      NO_LEVEL('severity.default'),
      { path: 'severity.rules[0].when.field', message: message('severity.rules[0].when.field') },
      NO_LEVEL('severity.rules[0].severity'),
      { path: 'severity.rules[1].when.all[1].field', message: message('severity.rules[1].when.all[1].field') },
      NO_LEVEL('severity.matrix[1].severity'),
      { path: 'routes[0].when.field', message: message('routes[0].when.field') },
      { path: 'routes[1].when', message: expect.stringMatching(/^Cannot read routes\[1\]\.when: /) },
      { path: 'routes[2].dedupFields[1]', message: message('routes[2].dedupFields[1]') },
      {
        path: 'escalationPolicies[0].steps[1].when.not.field',
        message: message('escalationPolicies[0].steps[1].when.not.field'),
      },
    ]);
  });

  test('may be those of the tables and the support hours', () => {
    const window = { timeZone: 'UTC', from: '09:00' };
    const severity: ConfigInput['severity'] = {
      tables: [
        { table: 'opsgeni' },
        { table: { bad: 'SEV9', worse: 'SEV1' }, from: 'details..x', when: 'not a matcher' },
      ],
      supportHours: [window, { timeZone: 'Mars/Olympus' }],
    };
    const services = [
      { id: 'checkout', escalationPolicy: 'default', supportHours: [{ ...window, until: '09:00' }, window] },
    ];
    expect(problemsOf({ severity, services })).toEqual([
      {
        path: 'severity.tables[0].table',
        message: 'there is no built-in table opsgeni',
        hint: expect.stringMatching(/^Known: alertmanager, .*opsgenie, .*\.$/),
      },
      { path: 'severity.tables[1].when', message: expect.stringMatching(/^Cannot read severity\.tables\[1\]\.when: /) },
      { path: 'severity.tables[1].from', message: expect.stringContaining('has an empty part') },
      NO_LEVEL('severity.tables[1].table.bad'),
      { path: 'severity.supportHours[1].timeZone', message: expect.stringContaining('is no time zone') },
      { path: 'services[0].supportHours[0]', message: expect.stringContaining('the window is empty') },
    ]);
  });

  test('may be a level that follows support hours which nobody has', () => {
    const severity: ConfigInput['severity'] = { levels: [{ id: 'bad' }, { id: 'meh', urgency: 'supportHours' }] };
    expect(problemsOf({ severity })).toMatchObject([
      { path: 'severity.levels[1].urgency', message: 'there are no support hours to follow' },
    ]);
    const services = [
      { id: 'checkout', escalationPolicy: 'default', supportHours: [{ timeZone: 'UTC', from: '09:00' }] },
    ];
    expect(problemsOf({ severity, services })).toEqual([]);
  });

  test('may be a level whose incidents would end at once', () => {
    expect(problemsOf({ severity: { levels: [{ id: 'bad', autoResolveAfter: '0s' }] } })).toMatchObject([
      { path: 'severity.levels[0].autoResolveAfter', message: expect.stringContaining('would end at once') },
    ]);
  });

  test('are told beside unknown names', () => {
    expect(problemsOf({ routes: [{ service: 'gone', dedupFields: ['__proto__'] }] }).map(({ path }) => path)).toEqual([
      'routes[0].service',
      'routes[0].dedupFields[0]',
    ]);
  });

  test('may have a pattern that RE2 refuses', () => {
    expect(
      problemsOf({ routes: [{ service: 'checkout', when: { field: 'title', op: 'matches', value: '(?=x)' } }] }),
    ).toEqual([{ path: 'routes[0].when.value', message: expect.stringContaining('(?=x)') }]);
  });
});

describe('rules that can be obeyed are accepted', () => {
  test.each<[string, Partial<ConfigInput>]>([
    [
      'levels of the host',
      { severity: { levels: [{ id: 'P1' }, { id: 'P2' }], default: 'P2', rules: [{ when: 'a=b', severity: 'P1' }] } },
    ],
    [
      'rules without an id',
      {
        severity: {
          rules: [
            { when: 'a=b', severity: 'SEV1' },
            { when: 'c=d', severity: 'SEV2' },
          ],
        },
      },
    ],
    ['a route without a condition', { routes: [{ service: 'checkout' }] }],
    [
      'a gate',
      {
        escalationPolicies: [
          policy({ steps: [{ targets: [{ user: 'ana' }], when: { field: 'severity', op: 'equals', value: 'SEV1' } }] }),
        ],
      },
    ],
  ])('%s', (_, parts) => {
    expect(problemsOf(parts)).toEqual([]);
  });
});

describe('what repeats must not do so without a pause', () => {
  const NO_TIME = (path: string, duration = '0s') => ({
    path,
    message: `${duration} is no time at all, and this repeats`,
    hint: 'Write a duration longer than zero.',
  });

  test.each<[path: string, duration: string, parts: Partial<ConfigInput>]>([
    ['severity.levels[0].updateEvery', '0.4ms', { severity: { levels: [{ id: 'P1', updateEvery: '0.4ms' }] } }],
    [
      'severity.levels[1].reviewWithin',
      '0d',
      { severity: { levels: [{ id: 'P1' }, { id: 'P2', reviewWithin: '0d' }] } },
    ],
    ['reviews.actionItems.remindEvery', '0d', { reviews: { actionItems: { remindEvery: '0d' } } }],
  ])('%s of %s is refused', (path, duration, parts) => {
    expect(problemsOf(parts)).toEqual([NO_TIME(path, duration)]);
  });

  test.each<[path: string, duration: string, parts: Partial<ConfigInput>]>([
    ['escalationPolicies[0].fallbackEvery', '0s', { escalationPolicies: [policy({ fallbackEvery: '0s' })] }],
    ['escalationPolicies[0].fallbackEvery', '9s', { escalationPolicies: [policy({ fallbackEvery: '9s' })] }],
    [
      'escalationPolicies[0].acknowledgeTimeout',
      'PT0S',
      { escalationPolicies: [policy({ acknowledgeTimeout: 'PT0S' })] },
    ],
    ['incidents.reminderEvery', '1ms', { incidents: { reminderEvery: '1ms' } }],
  ])('%s of %s leaves nobody time to answer, and is refused', (path, duration, parts) => {
    expect(problemsOf(parts)).toMatchObject([{ path, message: `${duration} is less than 10 s, and this repeats` }]);
  });

  test('an acknowledgement may hold for ever, and a repetition may be quick', () => {
    expect(problemsOf({ escalationPolicies: [policy({ acknowledgeTimeout: 'off', fallbackEvery: '10s' })] })).toEqual(
      [],
    );
  });

  test('what happens once may happen at once', () => {
    expect(
      problemsOf({
        incidents: { resolveAfterClear: '0s', reopenWindow: '0s' },
        escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '0s' }] })],
        routes: [{ service: 'checkout', holdFor: '0s' }],
      }),
    ).toEqual([]);
  });
});
