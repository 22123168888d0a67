/**
 * Folding alert changes: the same end as one after the other, with one change for what belongs together.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldAlertChanges } from '../../../src/core/intake/fold-alert-changes.ts';
import { type AlertChange, changedAlert, type StoredAlert } from '../../../src/model/alert.ts';

const alert = (id: string): StoredAlert => ({
  id,
  tenant: 'acme',
  routeKey: 'r',
  dedupKey: 'disk',
  service: 'checkout',
  incidentId: 'i1',
  status: 'firing',
  severity: 'SEV2',
  title: 'Disk full',
  labels: {},
  links: [],
  openedAt: 1,
  lastSeenAt: 1,
  count: 1,
});

const id = fc.constantFrom('a', 'b', 'new');
const change: fc.Arbitrary<AlertChange> = fc.oneof(
  fc.record({ type: fc.constant('repeat' as const), id, seenAt: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    type: fc.constant('set' as const),
    id,
    status: fc.constantFrom('acknowledged' as const, 'cleared' as const),
  }),
  fc.record({ type: fc.constant('set' as const), id, severity: fc.constantFrom('SEV1', 'SEV2') }),
  fc.record({
    type: fc.constant('return' as const),
    id,
    seenAt: fc.integer({ min: 1, max: 9 }),
    severity: fc.constant('SEV1'),
  }),
);

function applied(changes: readonly AlertChange[]): ReadonlyMap<string, StoredAlert> {
  const alerts = new Map([alert('a'), alert('b')].map((one) => [one.id, one]));
  for (const one of changes) {
    if (one.type === 'open') alerts.set(one.alert.id, one.alert);
    else {
      const before = alerts.get(one.id);
      if (before !== undefined) alerts.set(one.id, changedAlert(before, one));
    }
  }
  return alerts;
}

test('folded changes lead to the same alerts, and there are never more of them', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), fc.boolean(), (rest, isNew) => {
      const changes: AlertChange[] = isNew ? [{ type: 'open', alert: alert('new') }, ...rest] : rest;
      const folded = foldAlertChanges(changes);
      expect(folded.length).toBeLessThanOrEqual(changes.length);
      expect(applied(folded)).toEqual(applied(changes));
    }),
  );
});

test('a hundred repeats are one change that counts a hundred', () => {
  const repeats = Array.from({ length: 100 }, (_, n): AlertChange => ({ type: 'repeat', id: 'a', seenAt: 100 - n }));
  expect(foldAlertChanges(repeats)).toEqual([{ type: 'repeat', id: 'a', seenAt: 100, times: 100 }]);
});

test('what happens to an alert that is opened here becomes part of its opening', () => {
  const [opened] = foldAlertChanges([
    { type: 'open', alert: alert('new') },
    { type: 'repeat', id: 'new', seenAt: 7 },
    { type: 'set', id: 'new', status: 'cleared', clearedAt: 8 },
  ]);
  expect(opened).toMatchObject({ type: 'open', alert: { status: 'cleared', count: 2, lastSeenAt: 7, clearedAt: 8 } });
});
