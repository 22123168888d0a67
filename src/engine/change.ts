/**
 * From what was settled to what is stored: one incident's part of a change.
 *
 * Pure. Timer rows follow the snapshot's live timers; deliveries follow its pages; alerts follow its facts.
 */
import type { Settled } from '../core/lifecycle/settle.ts';
import { type IncidentSnapshot, TIMER_KINDS } from '../core/lifecycle/snapshot.ts';
import { deliveriesOf } from '../core/paging/deliveries.ts';
import type { AlertChange } from '../model/alert.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { Change, TimerChange } from '../ports/storage.ts';
import type { ReadyIncident } from './reads.ts';

/** A change without its id and tenant. */
export type ChangeParts = Omit<Change, 'commitId' | 'tenant'>;

/** A change that writes nothing. */
export const NO_CHANGE: ChangeParts = {
  incidents: [],
  alerts: [],
  timers: [],
  withdrawals: [],
  deliveries: [],
  documents: [],
  slots: [],
  counters: [],
};

/** What one settled incident adds to a change. */
export function changeOf(tenant: string, before: ReadyIncident | undefined, settled: Settled): ChangeParts {
  const { snapshot, events, withdrawals } = settled;
  const { id } = snapshot.context;
  return {
    ...NO_CHANGE,
    incidents: [{ id, expectedVersion: before?.version ?? 0, snapshot, events }],
    alerts: alertChanges(before?.snapshot, snapshot),
    timers: before?.isReplayed
      ? allTimers(id, snapshot.timers)
      : timerChanges(id, before?.snapshot.timers ?? {}, snapshot.timers),
    deliveries: newDeliveries(tenant, settled),
    withdrawals: withdrawals.map(({ beforeSeq, only, because }) => ({
      incidentId: id,
      beforePage: beforeSeq,
      because,
      ...(only !== undefined && { only }),
    })),
  };
}

/** Several parts as one. */
export function joinChanges(...parts: readonly ChangeParts[]): ChangeParts {
  return {
    incidents: parts.flatMap((part) => part.incidents),
    alerts: parts.flatMap((part) => part.alerts),
    timers: parts.flatMap((part) => part.timers),
    withdrawals: parts.flatMap((part) => part.withdrawals),
    deliveries: parts.flatMap((part) => part.deliveries),
    documents: parts.flatMap((part) => part.documents),
    slots: parts.flatMap((part) => part.slots),
    counters: parts.flatMap((part) => part.counters),
  };
}

/** An alert row follows what its incident knows of it. */
export function alertChanges(before: IncidentSnapshot | undefined, after: IncidentSnapshot): AlertChange[] {
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

/** Every timer row as the snapshot has it, whatever rows another version has left. */
export function allTimers(id: string, timers: IncidentSnapshot['timers']): TimerChange[] {
  return timerChanges(id, Object.fromEntries(TIMER_KINDS.map((kind) => [kind, { armedSeq: 0, dueAt: 0 }])), timers);
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
