/**
 * Silences and maintenance windows that people set and end.
 *
 * Each is one commit: the change, and the word that there was one, which every decision reads. What was kept quiet by what is ended
 * early is looked at again at once.
 */
import { NOTES, type Note, noteId, readNote } from '../core/intake/note.ts';
import type { Announced } from '../core/updates/announcement.ts';
import { TocsinError } from '../errors.ts';
import type { StoredAlert } from '../model/alert.ts';
import { ANNOUNCEMENTS, enqueued, QUEUE } from './announcement-queue.ts';
import { authorize } from './authorize.ts';
import { joinChanges, NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { actorOf, checkShape } from './input.ts';
import { ALERT, LOOK } from './ledger.ts';
import { announcedCancelled, announcedSet } from './maintenance-items.ts';
import { LATEST } from './on-call-document.ts';
import { QUIET, type QuietRows } from './quiet-document.ts';
import { maintenanceRow, QUIET_INPUTS, refusal, silenceRow } from './quiet-input.ts';
import { reaching, transact } from './transact.ts';
import { armNotices } from './upkeep.ts';

/** What is set or ended. */
export type QuietKind = 'silence' | 'maintenance';

/** The list that holds it. */
const KINDS = { silence: 'silences', maintenance: 'maintenance' } as const;

/** How many a tenant may have stored, those that have ended included until they are forgotten. */
const MOST_ROWS = 5_000;
/** What ended so long ago is forgotten with the next change. */
const KEPT_MS = 30 * 86_400_000;
/** What was announced is part of the history of status pages, which never count it against uptime. */
const ANNOUNCED_KEPT_MS = 400 * 86_400_000;
/** How many alerts are looked at anew in one commit, and how many at once; the others are found when they are looked at anyway. */
const TOGETHER = 100;
const MOST_AT_ONCE = 1_000;

/** Sets a silence or a window; answers its id. */
export async function setQuiet(engine: Engine, tenant: string, kind: QuietKind, input: unknown): Promise<string> {
  const checked =
    kind === 'silence'
      ? ({ kind, input: checkShape('silence', QUIET_INPUTS.silence, input) } as const)
      : ({ kind, input: checkShape('maintenance', QUIET_INPUTS.maintenance, input) } as const);
  await authorize(engine, actorOf(checked.input.by), `${kind}.set`, { tenant });
  const id = checked.input.id ?? engine.ids();
  await changeQuiet(engine, tenant, (rows, loaded) => {
    const { suppression } = loaded.config.config;
    const others = [...rows[KINDS[kind]], ...suppression[KINDS[kind]]];
    if (others.some((other) => other.id === id)) throw refusal(kind, 'id', `there is already one of the id ${id}`);
    if (rows.silences.length + rows.maintenance.length >= MOST_ROWS)
      throw refusal(kind, 'id', `there are ${MOST_ROWS} already, which is the most; end what is not wanted`);
    if (checked.kind === 'silence')
      return { rows: { ...rows, silences: [...rows.silences, silenceRow(checked.input, id, loaded)] } };
    const row = maintenanceRow(checked.input, id, loaded);
    return {
      rows: { ...rows, maintenance: [...rows.maintenance, row] },
      announced: announcedSet(row, loaded.config),
    };
  });
  if (kind === 'maintenance') await afterwards(engine, 'arming notices', () => armNotices(engine, tenant));
  return id;
}

/** Ends a silence or a window now. */
export async function endQuiet(
  engine: Engine,
  tenant: string,
  { kind, id }: { readonly kind: QuietKind; readonly id: string },
  input: unknown,
): Promise<void> {
  const { by } = checkShape('end', QUIET_INPUTS.end, input);
  await authorize(engine, actorOf(by), `${kind}.end`, { tenant });
  const ended = <
    R extends { readonly id: string; readonly endedAt?: number | undefined; readonly untilAt?: number | undefined },
  >(
    rows: readonly R[],
    now: number,
  ): R[] => {
    const row = rows.find((one) => one.id === id);
    if (row === undefined) throw notFound(kind, id);
    if (row.endedAt !== undefined || (row.untilAt ?? Number.POSITIVE_INFINITY) <= now)
      throw new TocsinError('INVALID_TRANSITION', `Cannot end ${kind} ${id}: it has ended already.`, {
        details: { [kind]: id },
      });
    return rows.map((one) => (one === row ? { ...one, endedAt: now, endedBy: actorOf(by) } : one));
  };
  await changeQuiet(engine, tenant, (rows, { now, config }) => {
    if (kind === 'silence') return { rows: { ...rows, silences: ended(rows.silences, now) } };
    const row = rows.maintenance.find((one) => one.id === id);
    const isCancelled = row?.fromAt !== undefined && now <= row.fromAt;
    return {
      rows: { ...rows, maintenance: ended(rows.maintenance, now) },
      // One that has begun is told to be over when its end is noticed.
      announced: isCancelled ? announcedCancelled(row, config, now) : [],
    };
  });
  await afterwards(engine, 'looking at the alerts of what has ended', () => lookAgain(engine, tenant, kind, id));
  if (kind === 'maintenance') await afterwards(engine, 'taking back notices', () => armNotices(engine, tenant));
}

/** The change is stored; what follows at once now follows within minutes otherwise, and its failure must not look like that of the change. */
async function afterwards(engine: Engine, doing: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    engine.logger.error({ error, doing }, 'What follows from a change of what is silenced is done later.');
    engine.bus.tell('error', { type: 'error', error, doing });
  }
}

/** There is none of that id. */
export function notFound(kind: QuietKind, id: string): TocsinError {
  const code = kind === 'silence' ? 'SILENCE_NOT_FOUND' : 'MAINTENANCE_NOT_FOUND';
  return new TocsinError(code, `Cannot end ${kind} ${String(id).slice(0, 200)}: none of that id is stored.`, {
    details: { [kind]: id },
  });
}

/** What is stored then, and what subscribers are told of it. */
export type QuietChange = { readonly rows: QuietRows; readonly announced?: readonly Announced[] };

/** Stores what `make` makes of what is stored. */
export function changeQuiet(
  engine: Engine,
  tenant: string,
  make: (rows: QuietRows, loaded: Decidable) => QuietChange,
): Promise<void> {
  const turn = JSON.stringify([tenant, LATEST.collection]);
  const decide = (loaded: Decidable) => {
    const { rows, version } = loaded.quiet;
    if (rows === undefined)
      throw new TocsinError(
        'SNAPSHOT_UNREADABLE',
        'Cannot change what is silenced: what is stored of it cannot be read, and would be lost.',
        { details: { tenant } },
      );
    const endOf = ({ untilAt, endedAt }: { untilAt?: number | undefined; endedAt?: number | undefined }) =>
      Math.min(untilAt ?? Number.POSITIVE_INFINITY, endedAt ?? Number.POSITIVE_INFINITY);
    const recent = {
      ...rows,
      silences: rows.silences.filter((row) => endOf(row) > loaded.now - KEPT_MS),
      maintenance: rows.maintenance.filter(
        (row) => endOf(row) > loaded.now - (row.announcement === undefined ? KEPT_MS : ANNOUNCED_KEPT_MS),
      ),
    };
    const { rows: after, announced = [] } = make(recent, loaded);
    const documents = [
      { ...QUIET, expectedVersion: version, data: after },
      { ...LATEST, expectedVersion: loaded.onCall.latestVersion, data: { latest: engine.ids() } },
    ];
    const telling = enqueued(announced, loaded) ?? NO_CHANGE;
    return { change: joinChanges({ ...NO_CHANGE, documents }, telling), answer: () => {} };
  };
  return engine.inTurn([turn], () => transact(engine, { tenant, documents: [QUEUE] }, decide, [ANNOUNCEMENTS]));
}

/** Has the alerts that `id` kept quiet looked at now. What is not reached is looked at within minutes all the same. */
async function lookAgain(engine: Engine, tenant: string, kind: QuietKind, id: string): Promise<void> {
  const alerts = await reaching(() => engine.storage.listAlerts(tenant, { status: 'suppressed', limit: MOST_AT_ONCE }));
  for (let from = 0; from < alerts.length; from += TOGETHER)
    await hastenLooks(
      engine,
      tenant,
      alerts.slice(from, from + TOGETHER),
      (note) => note.suppressed?.kind === kind && note.suppressed.id === id,
    );
}

function hastenLooks(
  engine: Engine,
  tenant: string,
  alerts: readonly StoredAlert[],
  isMeant: (note: Note) => boolean,
): Promise<void> {
  const keys = alerts.map((alert) => ({ alert, id: noteId(alert) }));
  const documents = keys.map(({ id }) => ({ collection: NOTES, id }));
  return transact(engine, { tenant, documents }, (loaded) => {
    const found = new Map(loaded.documents.map((document) => [document.id, document]));
    const due = keys.flatMap(({ alert, id }) => {
      const document = found.get(id);
      const note = readNote(document?.data);
      if (document === undefined || note === undefined || !isMeant(note)) return [];
      return [{ alert, document, note: { ...note, lookAt: loaded.now } }];
    });
    if (due.length === 0) return { answer: () => {} };
    return {
      change: {
        ...NO_CHANGE,
        documents: due.map(({ document: { collection, id, version }, note }) => ({
          collection,
          id,
          expectedVersion: version,
          data: note,
        })),
        timers: due.map(({ alert, document, note }) => ({
          type: 'arm' as const,
          ownerKind: ALERT,
          ownerId: alert.id,
          kind: LOOK,
          armedSeq: document.version + 1,
          dueAt: note.lookAt,
        })),
      },
      answer: () => {},
    };
  });
}
