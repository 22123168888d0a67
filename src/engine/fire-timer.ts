/**
 * Fires a timer: only if it is still the one that its incident has armed.
 *
 * A row is an index. A stale one, of an earlier visit to a state, does nothing and is dropped.
 */
import { canAccept } from '../core/lifecycle/allowed.ts';
import { settle } from '../core/lifecycle/settle.ts';
import type { TimerKind } from '../core/lifecycle/snapshot.ts';
import { plan } from '../core/paging/plan-page.ts';
import { SYSTEM } from '../model/identity.ts';
import type { StoredTimer } from '../ports/storage.ts';
import { changeOf } from './change.ts';
import { configOf, type Engine } from './engine.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** Fires `timer`; answers whether it still counted. */
export async function fireTimer(engine: Engine, timer: StoredTimer): Promise<boolean> {
  const { tenant, ownerId, kind, armedSeq } = timer;
  const config = configOf(engine, tenant);
  const fired = await transact(engine, { tenant, incidents: [ownerId] }, (loaded): Decided<boolean> => {
    const before = loaded.incidents.find(({ id }) => id === ownerId);
    const live = before?.snapshot.timers[kind as TimerKind];
    const draft = { type: 'timer.fired', kind } as const;
    if (
      before === undefined ||
      live?.armedSeq !== armedSeq ||
      live.dueAt > loaded.now ||
      !canAccept(before.snapshot, draft)
    ) {
      return { answer: () => false };
    }
    const settled = settle({
      snapshot: before.snapshot,
      drafts: [draft],
      at: loaded.now,
      by: SYSTEM,
      plan: (effect, { context }) => plan(effect, context, config),
    });
    return { change: changeOf(tenant, before, settled), answer: () => true };
  });
  if (!fired) await reaching(() => engine.storage.dropTimer(timer));
  return fired;
}
