/**
 * tocsin.onCall: who is on call, with everything that is stored by now, and the changes that people make to it.
 *
 * Each method a line; whatever it answers was read from the storage, never remembered.
 */

import type { CurrentSchedule, Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { addOverride, addSwap, cancelOverride, cancelSwap } from './on-call-changes.ts';
import { currentSchedule, overrideView, swapView } from './on-call-views.ts';
import type { OnCallApi } from './tocsin.ts';
import { transact } from './transact.ts';

/** The on-call face of one tenant. */
export function onCallApi(engine: Engine, tenant: string): OnCallApi {
  const read = <T>(id: string, look: (current: CurrentSchedule, loaded: Decidable) => T): Promise<T> =>
    transact(engine, { tenant }, (loaded) => {
      const found = look(currentSchedule(loaded, id, 'ask'), loaded);
      return { answer: () => found };
    });

  return {
    at: (id, at) => read(id, ({ schedule }, { now }) => schedule.onCallAt(at ?? now)),
    shifts: (id, window) => read(id, ({ schedule }) => schedule.shifts(window)),
    gaps: (id, window) => read(id, ({ schedule }) => schedule.gaps(window)),
    schedule: (id) => read(id, ({ schedule }) => schedule),
    override: (input) => addOverride(engine, tenant, input),
    swap: (input) => addSwap(engine, tenant, input),
    cancelOverride: (id, input) => cancelOverride(engine, tenant, id, input),
    cancelSwap: (id, input) => cancelSwap(engine, tenant, id, input),
    overrides: (id) =>
      read(id, ({ changes, unfit }) => (changes?.overrides ?? []).map((row) => overrideView(id, row, unfit.get(row)))),
    swaps: (id) =>
      read(id, ({ changes, unfit }) => (changes?.swaps ?? []).map((row) => swapView(id, row, unfit.get(row)))),
  };
}
