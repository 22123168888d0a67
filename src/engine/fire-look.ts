/**
 * Fires the timers of alerts: looks whether what kept them quiet has ended, or whether nothing was heard of them for too long.
 *
 * A row carries the version of the note of its key: one of an earlier note is stale. What is decided and when to look next are one
 * commit, and alerts that become one incident are looked at together: when a window ends, thousands do at once. It never counts a
 * repeat, since nobody has said anything.
 */
import type { Routed } from '../core/intake/decision.ts';
import { endedGroup } from '../core/intake/group.ts';
import { decideLook } from '../core/intake/look.ts';
import { type Key, NOTES, noteId, readNote } from '../core/intake/note.ts';
import { routeAgain } from '../core/intake/routed.ts';
import { isTocsinError } from '../errors.ts';
import type { StoredAlert } from '../model/alert.ts';
import { SYSTEM } from '../model/identity.ts';
import type { LoadQuery, StoredTimer } from '../ports/storage.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { momentOf } from './ingest-key.ts';
import { createLedger } from './ledger.ts';
import { configOf } from './tenant-config.ts';
import { groupTurn } from './together.ts';
import { type Decided, reaching, transact, type Undecided } from './transact.ts';

/** A timer, and the key of its alert. */
type Look = { readonly timer: StoredTimer; readonly key: Key };
type Outcome = 'looked' | 'stale' | 'not yet';

/** So many share a change. */
const TOGETHER = 64;

/** Fires `timers` of alerts of one tenant. */
export async function fireLooks(engine: Engine, tenant: string, timers: readonly StoredTimer[]): Promise<void> {
  const alerts = await Promise.all(timers.map(({ ownerId }) => alertOf(engine, tenant, ownerId)));
  const gone = timers.filter((_, place) => alerts[place] === undefined);
  const looks = timers.flatMap((timer, place): Look[] => {
    const alert = alerts[place];
    return alert === undefined ? [] : [{ timer, key: { routeKey: alert.routeKey, dedupKey: alert.dedupKey } }];
  });
  await drop(engine, gone);
  const turns = await turnsOf(engine, tenant, looks);
  const byTurn = Map.groupBy(looks, (look) => turns.get(look));
  for (const [turn, some] of byTurn) {
    for (let from = 0; from < some.length; from += TOGETHER)
      await lookTogether(engine, tenant, some.slice(from, from + TOGETHER), turn);
  }
}

/** One that cannot be decided must not hold up the others: each is then tried alone. */
async function lookTogether(
  engine: Engine,
  tenant: string,
  looks: readonly Look[],
  turn: string | undefined,
): Promise<void> {
  try {
    await look(engine, tenant, looks, turn);
  } catch (error) {
    if (looks.length === 1 || (isTocsinError(error) && error.retryable)) throw error;
    const outcomes = await Promise.allSettled(looks.map((one) => look(engine, tenant, [one], turn)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

async function look(engine: Engine, tenant: string, looks: readonly Look[], turn: string | undefined): Promise<void> {
  const alertKeys = looks.map(({ key }) => key);
  const documents = alertKeys.map((key) => ({ collection: NOTES, id: noteId(key) }));
  const outcomes = await transact(
    engine,
    { tenant, alertKeys, documents },
    (loaded, asked) => decide(engine, tenant, looks, { loaded, asked }),
    turn === undefined ? [] : [turn],
  );
  await drop(
    engine,
    looks.flatMap(({ timer }, place) => (outcomes[place] === 'stale' ? [timer] : [])),
  );
}

type Read = { readonly loaded: Decidable; readonly asked: LoadQuery };

function decide(
  engine: Engine,
  tenant: string,
  looks: readonly Look[],
  { loaded, asked }: Read,
): Decided<readonly Outcome[]> | Undecided {
  const notes = new Map(
    loaded.documents.filter(({ collection }) => collection === NOTES).map((note) => [note.id, note]),
  );
  const ledger = createLedger(tenant, loaded, asked);
  const outcomes = looks.map(({ timer, key }): Outcome => {
    const stored = notes.get(noteId(key));
    if (stored?.version !== timer.armedSeq) return 'stale';
    const note = readNote(stored.data);
    // A note that only newer code can read is left to it, and its timer with it.
    if (note === undefined) return 'not yet';
    if (note.lookAt !== timer.dueAt) return 'stale';
    // The clock of a storage may have been put back since the row was handed out.
    if (timer.dueAt > loaded.now) return 'not yet';
    const decision = decideLook(key, ledger.stored, loaded.config, momentOf(engine, tenant, loaded.now));
    if (ledger.missing() === undefined) ledger.take(decision, SYSTEM);
    return 'looked';
  });
  const more = ledger.missing();
  return more === undefined ? { change: ledger.change(), answer: () => outcomes } : { more };
}

async function alertOf(engine: Engine, tenant: string, id: string): Promise<StoredAlert | undefined> {
  const [alert] = await reaching(() => engine.storage.listAlerts(tenant, { id, limit: 1 }));
  return alert;
}

async function drop(engine: Engine, timers: readonly StoredTimer[]): Promise<void> {
  await Promise.all(timers.map((timer) => reaching(() => engine.storage.dropTimer(timer))));
}

/** What ends together is admitted together, because it comes as one incident; the others have no turn. */
async function turnsOf(engine: Engine, tenant: string, looks: readonly Look[]): Promise<ReadonlyMap<Look, string>> {
  if (looks.length === 0) return new Map();
  const documents = looks.map(({ key }) => ({ collection: NOTES, id: noteId(key) }));
  const loaded = await reaching(() => engine.load({ tenant, documents }));
  const notes = new Map(loaded.documents.map(({ id, data }) => [id, readNote(data)]));
  const config = configOf(engine, tenant);
  return new Map(
    looks.flatMap((one): [Look, string][] => {
      const suppressed = notes.get(noteId(one.key))?.suppressed;
      if (suppressed === undefined) return [];
      try {
        const { group, route }: Routed = routeAgain(suppressed.event, one.key, config, loaded.now);
        return [[one, groupTurn((group ?? endedGroup(suppressed, route.service.id)).key)]];
      } catch {
        // What is wrong with it is said when it is looked at; the others have their turns.
        return [];
      }
    }),
  );
}
