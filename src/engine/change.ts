/**
 * From what was settled to what is stored: one incident's part of a change.
 *
 * Pure. Timer rows follow the snapshot's live timers; deliveries follow its pages; alerts follow its facts.
 */
import type { Settled } from '../core/lifecycle/settle.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { deliveriesOf } from '../core/paging/deliveries.ts';
import type { AlertChange } from '../model/alert.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { Change, StoredIncident, TimerChange } from '../ports/storage.ts';

/** A change without its id and tenant. */
export type ChangeParts = Omit<Change, 'commitId' | 'tenant'>;

/** A change that writes nothing. */
export const NO_CHANGE: ChangeParts = {
  incidents: [],
  alerts: [],
  timers: [],
  deliveries: [],
  withdrawals: [],
  documents: [],
};

/** What one settled incident adds to a change. */
export function changeOf(tenant: string, before: StoredIncident | undefined, settled: Settled): ChangeParts {
  const { snapshot, events, withdrawals } = settled;
  const { id } = snapshot.context;
  return {
    incidents: [{ id, expectedVersion: before?.version ?? 0, snapshot, events }],
    alerts: alertChanges(before?.snapshot, snapshot),
    timers: timerChanges(id, before?.snapshot.timers ?? {}, snapshot.timers),
    deliveries: newDeliveries(tenant, settled),
    withdrawals: withdrawals.map(({ beforeSeq, only, because }) => ({
      incidentId: id,
      beforePage: beforeSeq,
      because,
      ...(only !== undefined && { only }),
    })),
    documents: [],
  };
}

/** Several parts as one. */
export function joinChanges(...parts: readonly ChangeParts[]): ChangeParts {
  return {
    incidents: parts.flatMap((part) => part.incidents),
    alerts: parts.flatMap((part) => part.alerts),
    timers: parts.flatMap((part) => part.timers),
    deliveries: parts.flatMap((part) => part.deliveries),
    withdrawals: parts.flatMap((part) => part.withdrawals),
    documents: parts.flatMap((part) => part.documents),
  };
}

/** An alert row follows what its incident knows of it. */
function alertChanges(before: IncidentSnapshot | undefined, after: IncidentSnapshot): AlertChange[] {
  const known = before?.context.alerts ?? {};
  return Object.entries(after.context.alerts).flatMap(([id, status]): AlertChange[] => {
    // What is new, or fires again, comes with the decision about its event.
    if (known[id] === undefined || known[id] === status || status === 'firing') return [];
    return [{ type: 'set', id, status, ...(status === 'cleared' && { clearedAt: after.context.at }) }];
  });
}

function timerChanges(
  id: string,
  before: IncidentSnapshot['timers'],
  after: IncidentSnapshot['timers'],
): TimerChange[] {
  const owner = { ownerKind: 'incident', ownerId: id } as const;
  const armed = Object.entries(after).flatMap(([kind, timer]): TimerChange[] =>
    before[kind as keyof typeof before]?.armedSeq === timer.armedSeq ? [] : [{ type: 'arm', ...owner, kind, ...timer }],
  );
  const cancelled = Object.keys(before).flatMap((kind): TimerChange[] =>
    kind in after ? [] : [{ type: 'cancel', ...owner, kind }],
  );
  return [...cancelled, ...armed];
}

/** What this very change takes back again is never written. */
function newDeliveries(tenant: string, { snapshot, events, withdrawals }: Settled): StoredDelivery[] {
  const isTakenBack = (delivery: StoredDelivery) =>
    withdrawals.some(
      ({ beforeSeq, only }) =>
        delivery.page < beforeSeq &&
        (only === undefined || (delivery.purpose === only.purpose && (only.user ?? delivery.user) === delivery.user)),
    );
  return events
    .flatMap((event) => deliveriesOf(event, snapshot.context, tenant))
    .filter((delivery) => !isTakenBack(delivery));
}
