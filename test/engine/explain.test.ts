/**
 * explain: the whole decision about an event; it writes nothing, and ingest then does the same.
 */
import { describe, expect, test } from 'vitest';
import { type AlertEvent, memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { faulty } from './faults.ts';
import {
  acknowledge,
  config,
  HOUR,
  incident,
  MINUTE,
  opened,
  policy,
  refusal,
  resolve,
  T0,
  trigger,
  types,
  world,
} from './world.ts';

test('says where an event goes, how bad it is, and whom it would reach, with the reasons', async () => {
  const { tocsin } = world();
  expect(await tocsin.explain(trigger())).toEqual({
    at: '2026-01-06T10:00:00.000Z',
    outcome: 'opened',
    reason: 'a new problem',
    enrichment: [],
    suppression: { suppressed: false, why: 'no silence and no maintenance is under way', trace: [] },
    groupTrace: [],
    route: { id: 'catch-all', service: 'checkout', why: 'no route holds; the first service takes it', trace: [] },
    dedupKey: { routeKey: 'default', key: 'disk', from: 'event' },
    severity: { severity: 'SEV1', urgency: 'high', why: expect.any(String), trace: expect.any(Array) },
    policy: 'default',
    reachesSomebody: true,
    ladder: [
      {
        at: '2026-01-06T10:00:00.000Z',
        kind: 'step',
        loop: 1,
        step: 1,
        gated: false,
        unreached: [],
        people: [
          {
            user: 'ana',
            why: 'on call for primary (rotation weekly)',
            contacts: [
              { at: '2026-01-06T10:00:00.000Z', contact: 'sms', notifier: 'sms', address: 'ana@sms' },
              { at: '2026-01-06T10:02:00.000Z', contact: 'voice', notifier: 'voice', address: 'ana@voice' },
            ],
          },
        ],
      },
      {
        at: '2026-01-06T10:05:00.000Z',
        kind: 'step',
        loop: 1,
        step: 2,
        gated: false,
        unreached: [],
        people: [
          {
            user: 'ben',
            why: 'named by the policy',
            contacts: [{ at: '2026-01-06T10:05:00.000Z', contact: 'sms', notifier: 'sms', address: 'ben@sms' }],
          },
        ],
      },
      {
        at: '2026-01-06T10:15:00.000Z',
        kind: 'fallback',
        loop: 1,
        step: 0,
        gated: false,
        unreached: [],
        people: [
          {
            user: 'boss',
            why: 'named by the policy',
            contacts: [{ at: '2026-01-06T10:15:00.000Z', contact: 'sms', notifier: 'sms', address: 'boss@sms' }],
          },
        ],
      },
    ],
  });
});

test('is plain JSON', async () => {
  const { tocsin } = world();
  const explanation = await tocsin.explain(trigger());
  expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
});

test('writes nothing: not one commit', async () => {
  const clock = virtualClock({ start: T0 });
  let commits = 0;
  const storage = faulty(memoryStorage({ clock }), ['commit'], (proceed) => {
    commits += 1;
    return proceed();
  });
  const { tocsin } = world({ clock, storage });
  await tocsin.explain(trigger('disk', { deliveryId: 'd-1' }));
  await tocsin.explain(resolve());
  expect(commits).toBe(0);
  expect(await tocsin.ingest(trigger('disk', { deliveryId: 'd-1' }))).toMatchObject([{ outcome: 'opened' }]);
});

const stories: readonly (readonly [string, readonly AlertEvent[], AlertEvent])[] = [
  ['a new key', [], trigger()],
  ['a repeat', [trigger()], trigger()],
  ['a repeat that is worse', [trigger('disk', { severity: 'error' })], trigger()],
  ['a key that cleared', [trigger(), resolve()], trigger()],
  ['an acknowledge', [trigger()], acknowledge()],
  ['a second acknowledge', [trigger(), acknowledge()], acknowledge()],
  ['a resolve', [trigger()], resolve()],
  ['a resolve of nothing', [], resolve()],
  ['a change', [], { action: 'change' }],
];

test.each(stories)('agrees with what ingest then does: %s', async (_, before, event) => {
  const { tocsin } = world();
  await tocsin.ingest(before);
  const told = await tocsin.explain(event);
  const [done] = await tocsin.ingest(event);
  expect([told.outcome, told.reason]).toEqual([done?.outcome, done?.reason]);
  if (before.length > 0) expect(told.incidentId).toBe(done?.incidentId);
  if (done?.outcome !== 'joined' && before.length > 0) expect(told.alertId).toBe(done?.alertId);
});

describe('the ladder', () => {
  const asks: readonly (readonly [string, readonly AlertEvent[], AlertEvent, string])[] = [
    [
      'a repeat that is worse, while it is being asked',
      [trigger('disk', { severity: 'info' })],
      trigger(),
      'deduplicated',
    ],
    ['a return that is worse', [trigger('disk', { severity: 'info' }), resolve()], trigger(), 'joined'],
  ];
  test.each(asks)('is shown for %s', async (_, before, event, outcome) => {
    const { tocsin } = world();
    await tocsin.ingest(before);
    const told = await tocsin.explain(event);
    expect(told.outcome).toBe(outcome);
    expect(told.ladder.map(({ kind }) => kind)).toEqual(['step', 'step', 'fallback']);
    expect(told.reachesSomebody).toBe(true);
  });

  test('is shown for an event that reopens an incident', async () => {
    const { tocsin } = world({ config: config({ routes: [{ service: 'checkout', reopenWithin: '10m' }] }) });
    const id = await opened(tocsin);
    await tocsin.ingest(resolve());
    await tocsin.incidents.resolve(id, { by: 'ana' });
    const told = await tocsin.explain(trigger());
    expect(told).toMatchObject({ outcome: 'reopened', reachesSomebody: true });
    expect(told.ladder.map(({ kind }) => kind)).toEqual(['step', 'step', 'fallback']);
  });

  const quiet: readonly (readonly [string, readonly AlertEvent[], AlertEvent, string])[] = [
    ['a change', [], { action: 'change' }, 'dropped'],
    ['a resolve of nothing', [], resolve(), 'dropped'],
    ['a repeat', [trigger()], trigger(), 'deduplicated'],
    ['a repeat that is milder', [trigger()], trigger('disk', { severity: 'info' }), 'deduplicated'],
    ['a return while it is being asked', [trigger(), resolve()], trigger(), 'joined'],
    ['an acknowledge', [trigger()], acknowledge(), 'acknowledged'],
    ['a resolve', [trigger()], resolve(), 'resolved'],
  ];
  test.each(quiet)('is empty for %s: nobody is paged because of it', async (_, before, event, outcome) => {
    const { tocsin } = world();
    await tocsin.ingest(before);
    const told = await tocsin.explain(event);
    expect([told.outcome, told.ladder, told.reachesSomebody]).toEqual([outcome, [], false]);
  });

  test('is empty for a worse repeat when the policy asks nobody again after an answer', async () => {
    const { tocsin } = world({ config: config({ escalationPolicies: [policy({ repageOn: [] })] }) });
    const id = await opened(tocsin, trigger('disk', { severity: 'info' }));
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    expect(await tocsin.explain(trigger())).toMatchObject({
      outcome: 'deduplicated',
      ladder: [],
      reachesSomebody: false,
    });
  });

  test.each([
    ['wakes a snoozed incident', trigger(), ['step', 'step', 'fallback']],
    ['leaves it asleep', trigger('disk', { severity: 'info' }), []],
  ])('is that of a page when a repeat %s', async (_, event, kinds) => {
    const { tocsin } = world();
    const id = await opened(tocsin, trigger('disk', { severity: 'info' }));
    await tocsin.incidents.snooze(id, { by: 'ana', for: '1h' });
    const told = await tocsin.explain(event);
    const { length } = await types(tocsin, id);
    await tocsin.ingest(event);
    expect(told.ladder.map(({ kind }) => kind)).toEqual(kinds);
    expect((await types(tocsin, id)).slice(length).includes('page.requested')).toBe(kinds.length > 0);
  });
});

test.each([
  ['high urgency', {}],
  ['rounds', { repeat: 2 }],
  [
    'a gate that is closed',
    { steps: [{ targets: [{ user: 'ben' }], when: 'severity="SEV2"' }, { targets: [{ user: 'ana' }] }] },
  ],
  [
    'a gate on the number of alerts',
    { steps: [{ targets: [{ user: 'ben' }], when: { field: 'alertCount', op: 'lt' as const, value: 2 } }] },
  ],
  [
    'a gate on the visibility',
    { steps: [{ targets: [{ user: 'ben' }], when: { field: 'visibility', op: 'equals' as const, value: 'public' } }] },
  ],
  ['nobody to reach', { steps: [{ targets: [{ user: 'mute' }] }] }],
  ['a policy that follows', { onExhausted: { policy: 'second' } }],
])('the ladder that it shows is the one that is climbed: %s', async (_, more) => {
  const second = policy({ id: 'second', steps: [{ targets: [{ user: 'boss' }], escalateAfter: '2m' }] });
  const { tocsin, pass } = world({ config: config({ escalationPolicies: [policy(more), second] }) });
  const { ladder } = await tocsin.explain(trigger());
  const id = await opened(tocsin);
  await pass(90 * MINUTE);
  const asked = (await tocsin.deliveries.list({ incidentId: id })).map(
    ({ user, dueAt }) => `${user} ${dueAt.toISOString()}`,
  );
  const shown = ladder.flatMap(({ people }) =>
    people.flatMap(({ user, contacts }) => contacts.map(({ at }) => `${user} ${at}`)),
  );
  expect(shown.length).toBeGreaterThan(0);
  for (const line of shown) expect(asked).toContain(line);
  // The fallback is the last that is shown, and nobody who is not shown was asked before it for the first time.
  const first = (lines: readonly string[]) => [...new Set(lines.map((line) => line.split(' ')[0]))];
  expect(first(shown).sort()).toEqual(first(asked).sort());
});

test('low urgency shows the one step that is notified', async () => {
  const { tocsin } = world();
  const { ladder, severity, reachesSomebody } = await tocsin.explain(trigger('disk', { severity: 'info' }));
  expect(severity).toMatchObject({ severity: 'SEV3', urgency: 'low' });
  expect(ladder.map(({ step, people }) => [step, people.map(({ user }) => user)])).toEqual([[1, ['ana']]]);
  expect(reachesSomebody).toBe(true);
});

test('a hold moves the ladder', async () => {
  const { tocsin } = world({ config: config({ routes: [{ service: 'checkout', holdFor: '3m' }] }) });
  const { outcome, ladder } = await tocsin.explain(trigger());
  expect([outcome, ladder[0]?.at]).toEqual(['held', '2026-01-06T10:03:00.000Z']);
});

describe('at another moment', () => {
  test('the people are those of that moment', async () => {
    const { tocsin } = world();
    const { at, ladder } = await tocsin.explain(trigger(), { at: '2026-01-13T10:00:00Z' });
    expect(at).toBe('2026-01-13T10:00:00.000Z');
    expect(ladder[0]?.people[0]).toMatchObject({ user: 'ben', why: 'on call for primary (rotation weekly)' });
  });

  test.each([[new Date(T0 + HOUR)], [T0 + HOUR], ['2026-01-06T12:00:00+01:00']])('written as %s', async (at) => {
    const { tocsin } = world();
    expect((await tocsin.explain(trigger(), { at })).at).toBe('2026-01-06T11:00:00.000Z');
  });

  test('that is no moment is refused', async () => {
    const { tocsin } = world();
    await refusal(() => tocsin.explain(trigger(), { at: '2026-01-06T12:00:00' }), 'INSTANT_INVALID');
  });
});

test('an event that would be rejected is refused with its problems', async () => {
  const { tocsin } = world();
  const error = await refusal(() => tocsin.explain({ action: 'no' } as never), 'INPUT_INVALID');
  expect(error.details).toMatchObject({ problems: [{ path: 'action' }] });
});

test('the explanation of an incident stands in its timeline', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  expect(await types(tocsin, id)).toEqual(['incident.opened', 'page.requested']);
  const [first] = await tocsin.incidents.timeline(id);
  expect(first).toMatchObject({
    event: { explanation: { route: 'no route holds; the first service takes it', key: 'event' } },
  });
  expect((await incident(tocsin, id)).policy).toBe('default');
});
