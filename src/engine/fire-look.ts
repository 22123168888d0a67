/**
 * Fires the timer of an alert: looks whether what kept it quiet has ended, or whether nothing was heard of it for too long.
 *
 * The row carries the version of the note of its key: one of an earlier note is stale. What is decided and when to look next are one
 * commit. It never counts a repeat, since nobody has said anything.
 */

import { endedGroup } from '../core/intake/group.ts';
import { decideLook } from '../core/intake/look.ts';
import { NOTES, type Note, noteId, readNote } from '../core/intake/note.ts';
import { routeAgain } from '../core/intake/routed.ts';
import type { StoredAlert } from '../model/alert.ts';
import { SYSTEM } from '../model/identity.ts';
import type { StoredTimer } from '../ports/storage.ts';
import type { Engine } from './engine.ts';
import { momentOf } from './ingest-key.ts';
import { createLedger } from './ledger.ts';
import { configOf } from './tenant-config.ts';
import { groupTurn } from './together.ts';
import { type Decided, reaching, transact, type Undecided } from './transact.ts';

type Outcome = 'looked' | 'stale' | 'not yet';

/** Fires `timer` of an alert; answers whether it still counted. */
export async function fireLook(engine: Engine, timer: StoredTimer): Promise<boolean> {
  const { tenant, ownerId } = timer;
  const [alert] = await reaching(() => engine.storage.listAlerts(tenant, { id: ownerId, limit: 1 }));
  const outcome = alert === undefined ? 'stale' : await look(engine, timer, alert);
  if (outcome === 'stale') await reaching(() => engine.storage.dropTimer(timer));
  return outcome === 'looked';
}

async function look(engine: Engine, timer: StoredTimer, alert: StoredAlert): Promise<Outcome> {
  const { tenant } = timer;
  const key = { routeKey: alert.routeKey, dedupKey: alert.dedupKey };
  const document = { collection: NOTES, id: noteId(key) };
  const query = { tenant, alertKeys: [key], documents: [document] };
  const turns = await turnsOf(engine, tenant, alert);
  return transact<Outcome>(
    engine,
    query,
    (loaded, asked): Decided<Outcome> | Undecided => {
      const stored = loaded.documents.find(({ collection, id }) => collection === NOTES && id === document.id);
      const note = readNote(stored?.data);
      if (stored?.version !== timer.armedSeq || note?.lookAt !== timer.dueAt) return { answer: () => 'stale' };
      // The clock of a storage may have been put back since the row was handed out.
      if (timer.dueAt > loaded.now) return { answer: () => 'not yet' };
      const ledger = createLedger(tenant, loaded, asked);
      const decision = decideLook(key, ledger.stored, loaded.config, momentOf(engine, tenant, loaded.now));
      const more = ledger.missing();
      if (more !== undefined) return { more };
      ledger.take(decision, SYSTEM);
      return { change: ledger.change(), answer: () => 'looked' };
    },
    turns,
  );
}

/** What ends together is admitted one after the other, because it comes as one incident. */
async function turnsOf(engine: Engine, tenant: string, alert: StoredAlert): Promise<readonly string[]> {
  if (alert.status !== 'suppressed') return [];
  const key = { routeKey: alert.routeKey, dedupKey: alert.dedupKey };
  const loaded = await reaching(() => engine.load({ tenant, documents: [{ collection: NOTES, id: noteId(key) }] }));
  const note: Note | undefined = readNote(loaded.documents[0]?.data);
  if (note?.suppressed === undefined) return [];
  const config = configOf(engine, tenant);
  const { group, route } = routeAgain(note.suppressed.event, key, config, loaded.now);
  return [groupTurn((group ?? endedGroup(note.suppressed, route.service.id)).key)];
}
