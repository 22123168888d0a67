/**
 * Fires a timer: only if it is still the one that its owner has armed.
 *
 * A row is an index. A stale one, of an earlier visit to a state, does nothing and is dropped; one that cannot fire
 * yet, or that a newer version has armed, is never dropped.
 */
import { canAccept } from '../core/lifecycle/allowed.ts';
import type { TimerKind } from '../core/lifecycle/snapshot.ts';
import { SYSTEM } from '../model/identity.ts';
import type { StoredTimer } from '../ports/storage.ts';
import { ACTION_ITEM, DUE } from './action-items-document.ts';
import { ANNOUNCEMENTS, FAN_OUT } from './announcement-queue.ts';
import { CANARY, fireCanary, NEXT } from './canaries.ts';
import { allTimers, changeOf, NO_CHANGE } from './change.ts';
import type { Engine } from './engine.ts';
import { fireFanOut } from './fan-out.ts';
import { fireHandoff } from './fire-handoff.ts';
import { fireOverdue } from './fire-overdue.ts';
import { fireShift } from './fire-shift.ts';
import { HANDOFF, SCHEDULE } from './handoff-timer.ts';
import { fireHeartbeat, HEARTBEAT, MISSING } from './heartbeats.ts';
import { fireNotice, MAINTENANCE, NOTICE } from './maintenance-notices.ts';
import type { ReadyIncident } from './reads.ts';
import { settleFor } from './settle-for.ts';
import { SHIFT } from './shift-timer.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** Fires `timer`; answers whether it still counted. */
export async function fireTimer(engine: Engine, timer: StoredTimer): Promise<boolean> {
  const { tenant, ownerKind, ownerId, kind, armedSeq } = timer;
  if (ownerKind === SCHEDULE && kind === HANDOFF) return fireHandoff(engine, timer);
  if (ownerKind === SCHEDULE && kind === SHIFT) return fireShift(engine, timer);
  if (ownerKind === HEARTBEAT && kind === MISSING) return fireHeartbeat(engine, timer);
  if (ownerKind === CANARY && kind === NEXT) return fireCanary(engine, timer);
  if (ownerKind === MAINTENANCE && kind === NOTICE) return fireNotice(engine, timer);
  if (ownerKind === ANNOUNCEMENTS && kind === FAN_OUT) return fireFanOut(engine, timer);
  if (ownerKind === ACTION_ITEM && kind === DUE) return fireOverdue(engine, timer);
  // What only newer code knows is left to it.
  if (ownerKind !== 'incident') return false;
  const outcome = await transact(engine, { tenant, incidents: [ownerId] }, (loaded): Decided<Outcome> => {
    const before = loaded.incidents.find(({ id }) => id === ownerId);
    const live = before?.snapshot.timers[kind as TimerKind];
    if (before === undefined) return { answer: () => 'stale' };
    if (live?.armedSeq !== armedSeq) return before.isReplayed ? reconciled(before) : { answer: () => 'stale' };
    const draft = { type: 'timer.fired', kind } as const;
    // The clock of a storage may have been put back since the row was handed out.
    if (live.dueAt > loaded.now || !canAccept(before.snapshot, draft)) return { answer: () => 'not yet' };
    const settled = settleFor(loaded, {
      snapshot: before.snapshot,
      drafts: [draft],
      at: loaded.now,
      by: SYSTEM,
    });
    return { change: changeOf(tenant, before, settled), answer: () => 'fired' };
  });
  if (outcome === 'stale') await reaching(() => engine.storage.dropTimer(timer));
  return outcome === 'fired';
}

type Outcome = 'fired' | 'stale' | 'not yet' | 'reconciled';

/** The rows are those of another version of the statechart: they are written anew, and nothing happens yet. */
function reconciled({ id, version, snapshot }: ReadyIncident): Decided<Outcome> {
  const incidents = [{ id, expectedVersion: version, snapshot, events: [] }];
  return { change: { ...NO_CHANGE, incidents, timers: allTimers(id, snapshot.timers) }, answer: () => 'reconciled' };
}
