/**
 * From what was settled to what is stored: one incident's part of a change.
 */
import { expect, test } from 'vitest';
import { settle } from '../../src/core/lifecycle/settle.ts';
import { changeOf, joinChanges, NO_CHANGE } from '../../src/engine/change.ts';
import type { EventDraft } from '../../src/model/timeline.ts';
import { arm, cancel, opened, T0 } from '../../src/testing/storage/rows.ts';

const by = { kind: 'user', id: 'ana' } as const;
const recipient = {
  user: 'ana',
  reason: { target: { user: 'ana' } },
  contacts: [{ contact: 'sms', notifier: 'sms', address: '+1', afterMs: 0 }],
};
const settled = (snapshot: Parameters<typeof settle>[0]['snapshot'], drafts: readonly EventDraft[]) =>
  settle({
    snapshot,
    drafts,
    at: T0,
    by,
    plan: (effect, { context: { position } }) =>
      effect.type !== 'requestPage'
        ? undefined
        : { type: 'page.requested', purpose: 'step', position, recipients: [recipient], configVersion: 'c1' },
  });
const acknowledged = { type: 'incident.acknowledged' } as const;

test('a new incident brings its events, its first page and its first timer', () => {
  const first = settled(undefined, [opened('i1', {})]);
  const change = changeOf('acme', undefined, first);
  expect(change.incidents).toEqual([{ id: 'i1', expectedVersion: 0, snapshot: first.snapshot, events: first.events }]);
  expect(change.timers).toEqual([arm('step', { armedSeq: 1, dueAt: T0 + 300_000 })]);
  expect(change.deliveries.map(({ id, tenant }) => [id, tenant])).toEqual([['i1:2:0', 'acme']]);
  expect(change.withdrawals).toEqual([]);
});

test('what a change takes back again is never written', () => {
  const { deliveries, timers, withdrawals } = changeOf(
    'acme',
    undefined,
    settled(undefined, [opened('i1', {}), acknowledged]),
  );
  expect(deliveries).toEqual([]);
  expect(timers).toEqual([]);
  expect(withdrawals).toEqual([{ incidentId: 'i1', beforePage: 3, because: 'incident.acknowledged' }]);
});

test('a request to join that is taken back takes back no page of the ladder', () => {
  const drafts: readonly EventDraft[] = [
    opened('i1', {}),
    { type: 'responder.requested', user: 'ana' },
    { type: 'responder.declined', user: 'ana' },
  ];
  const { deliveries, withdrawals } = changeOf('acme', undefined, settled(undefined, drafts));
  expect(deliveries.map(({ page }) => page)).toContain(2);
  expect(withdrawals).toMatchObject([
    { incidentId: 'i1', only: { purpose: 'responder', user: 'ana' }, because: 'responder.declined' },
  ]);
});

test('a timer that goes on is not written, one that ends is cancelled', () => {
  const snapshot = settled(undefined, [opened('i1', {})]).snapshot;
  const before = { tenant: 'acme', id: 'i1', version: 4, snapshot };
  const note = changeOf('acme', before, settled(snapshot, [{ type: 'note.added', text: 'x' }]));
  expect([note.timers, note.incidents[0]?.expectedVersion]).toEqual([[], 4]);
  expect(changeOf('acme', before, settled(snapshot, [acknowledged])).timers).toEqual([cancel('step')]);
});

test('parts are joined in their order', () => {
  const timers = [arm('step'), arm('hold')];
  const [first, second] = timers.map((timer) => ({ ...NO_CHANGE, timers: [timer] }));
  expect(joinChanges(first!, second!)).toEqual({ ...NO_CHANGE, timers });
});
