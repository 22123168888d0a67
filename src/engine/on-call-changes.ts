/**
 * Overrides and swaps: the changes that people make to who is on call, and take back.
 *
 * Each is one commit: the change, the word that there was one, and the handoff timer that may have come nearer. What has
 * passed is never rewritten: what has begun ends now, and what has ended stays.
 */
import type { Schedule } from '../core/on-call/schedule.ts';
import { TocsinError } from '../errors.ts';
import type { Actor } from '../model/identity.ts';
import { amendSchedule } from './amended-schedule.ts';
import { authorize } from './authorize.ts';
import { type ChangeParts, joinChanges, NO_CHANGE } from './change.ts';
import type { CurrentSchedule, Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { lookAfterShifts } from './fire-shift.ts';
import { handoffChange, handoffDocument, handoffKey, readHandoff, rearmed } from './handoff-timer.ts';
import { actorOf, checkShape } from './input.ts';
import { LATEST, type OnCallChanges, type OverrideRow, onCallKey, type SwapRow } from './on-call-document.ts';
import { type Base, LISTS, ON_CALL_INPUTS, overrideRow, refusal, swapRow } from './on-call-input.ts';
import { currentSchedule, overrideView, swapView } from './on-call-views.ts';
import { shiftKey } from './shift-timer.ts';
import type { StoredOverride, StoredSwap } from './tocsin.ts';
import { type Decided, transact } from './transact.ts';

type Kind = keyof typeof LISTS;

/** What ended so long ago is forgotten with the next change: 400 days. */
const KEPT_MS = 400 * 86_400_000;

/** Lays an override on a schedule. */
export async function addOverride(engine: Engine, tenant: string, input: unknown): Promise<StoredOverride> {
  const checked = checkShape('override', ON_CALL_INPUTS.override, input);
  const { schedule, id = engine.ids() } = checked;
  await authorize(engine, actorOf(checked.by), 'override', { tenant, schedule });
  return change(engine, { tenant, schedule, doing: 'override' }, (base) => {
    const row = overrideRow(checked, id, base);
    return {
      changes: { ...base.changes, overrides: [...base.changes.overrides, row] },
      answer: overrideView(schedule, row),
    };
  });
}

/** Lays a swap on a schedule. */
export async function addSwap(engine: Engine, tenant: string, input: unknown): Promise<StoredSwap> {
  const checked = checkShape('swap', ON_CALL_INPUTS.swap, input);
  const { schedule, id = engine.ids() } = checked;
  await authorize(engine, actorOf(checked.by), 'swap', { tenant, schedule });
  return change(engine, { tenant, schedule, doing: 'swap' }, (base) => {
    const row = swapRow(checked, id, base);
    return { changes: { ...base.changes, swaps: [...base.changes.swaps, row] }, answer: swapView(schedule, row) };
  });
}

/** Takes an override back. */
export async function cancelOverride(
  engine: Engine,
  tenant: string,
  id: string,
  input: unknown,
): Promise<StoredOverride> {
  const { schedule, by } = await cancelling(engine, tenant, 'override', id, input);
  return change(engine, { tenant, schedule, doing: 'cancelOverride' }, ({ changes, loaded }) => {
    const { rows, row } = withoutOne('override', changes.overrides, id, { by, now: loaded.now });
    return { changes: { ...changes, overrides: rows }, answer: overrideView(schedule, row) };
  });
}

/** Takes a swap back. */
export async function cancelSwap(engine: Engine, tenant: string, id: string, input: unknown): Promise<StoredSwap> {
  const { schedule, by } = await cancelling(engine, tenant, 'swap', id, input);
  return change(engine, { tenant, schedule, doing: 'cancelSwap' }, ({ changes, loaded }) => {
    const { rows, row } = withoutOne('swap', changes.swaps, id, { by, now: loaded.now });
    return { changes: { ...changes, swaps: rows }, answer: swapView(schedule, row) };
  });
}

type Place = { readonly tenant: string; readonly schedule: string; readonly doing: string };
type Changed<T> = { readonly changes: OnCallChanges; readonly answer: T };

/** Stores what `make` makes of the changes of a schedule. */
function change<T>(
  engine: Engine,
  { tenant, schedule: id, doing }: Place,
  make: (base: Base) => Changed<T>,
): Promise<T> {
  const decide = (loaded: Decidable): Decided<T> => {
    const current = currentSchedule(loaded, id, doing);
    const base = { ...recent(current, readable(current, id, doing), loaded), configured: current.configured, loaded };
    const { changes, answer } = make(base);
    const after = amendSchedule(current.configured, changes, loaded.config.users).schedule;
    const documents = [
      { ...onCallKey(id), expectedVersion: current.version, data: changes },
      { ...LATEST, expectedVersion: loaded.onCall.latestVersion, data: { latest: engine.ids() } },
    ];
    const timer = timerChange(engine, current.schedule, after, loaded);
    const shifts = lookAfterShifts(engine, after, loaded) ?? NO_CHANGE;
    return { change: joinChanges({ ...NO_CHANGE, documents }, timer, shifts), answer: () => answer };
  };
  // All changes of a tenant write one document: those of this process wait for each other.
  const turn = JSON.stringify([tenant, LATEST.collection]);
  return engine.inTurn([turn], () => transact(engine, { tenant, documents: [handoffKey(id), shiftKey(id)] }, decide));
}

/** The timer may come nearer. A schedule that cannot be computed can be changed all the same: the timer says so when it fires. */
function timerChange(
  { logger }: Engine,
  before: Schedule,
  after: Schedule,
  { documents, now }: Decidable,
): ChangeParts {
  const document = handoffDocument(documents, after.id);
  const known = readHandoff(document);
  try {
    return handoffChange(after.id, document, rearmed(known, before, after, now));
  } catch (error) {
    logger.error({ error, schedule: after.id }, 'The next handoff of a schedule could not be found.');
    const { onCall = [], lookAgainAt = null } = known ?? {};
    return handoffChange(after.id, document, { onCall, lookAgainAt, dueAt: now });
  }
}

function readable({ changes }: CurrentSchedule, id: string, doing: string): OnCallChanges {
  if (changes !== undefined) return changes;
  throw new TocsinError(
    'SNAPSHOT_UNREADABLE',
    `Cannot ${doing} schedule ${id}: what is stored of its overrides and swaps cannot be read, and would be lost.`,
    { details: { schedule: id } },
  );
}

/** Without what ended so long ago that it is forgotten. */
function recent(
  { schedule, configured }: CurrentSchedule,
  changes: OnCallChanges,
  { config, now }: Decidable,
): Pick<Base, 'changes' | 'schedule'> {
  const isRecent = ({ untilAt }: OverrideRow | SwapRow) => untilAt > now - KEPT_MS;
  const { overrides, swaps } = changes;
  if (overrides.every(isRecent) && swaps.every(isRecent)) return { changes, schedule };
  const kept = { ...changes, overrides: overrides.filter(isRecent), swaps: swaps.filter(isRecent) };
  return { changes: kept, schedule: amendSchedule(configured, kept, config.users).schedule };
}

/** Whose schedule it is, once whoever asks may do that. */
async function cancelling(engine: Engine, tenant: string, kind: Kind, id: string, input: unknown) {
  const doing = kind === 'override' ? 'cancelOverride' : 'cancelSwap';
  if (typeof id !== 'string') throw refusal(doing, 'id', 'pass its `id`; is an `await` missing?');
  const by = actorOf(checkShape(doing, ON_CALL_INPUTS.cancel, input).by);
  const schedule = await transact(engine, { tenant }, (loaded): Decided<string> => {
    const found = scheduleWith(loaded, kind, id);
    return { answer: () => found };
  });
  await authorize(engine, by, doing, { tenant, schedule });
  return { schedule, by };
}

function scheduleWith({ onCall }: Decidable, kind: Kind, id: string): string {
  const list = LISTS[kind];
  for (const [schedule, { changes }] of onCall.schedules)
    if (changes?.[list].some((row) => row.id === id)) return schedule;
  const isConfigured = [...onCall.schedules.values()].some(({ configured }) =>
    configured.definition[list].some((row) => row.id === id),
  );
  throw notFound(
    kind,
    id,
    isConfigured ? 'it stands in the configuration; take it out there' : 'none of that id is stored',
  );
}

function notFound(kind: Kind, id: string, why: string): TocsinError {
  const code = kind === 'override' ? 'OVERRIDE_NOT_FOUND' : 'SWAP_NOT_FOUND';
  return new TocsinError(code, `Cannot cancel ${kind} ${id.slice(0, 200)}: ${why}.`, { details: { [kind]: id } });
}

/** The rows after one was cancelled: it ends now, or goes when it has not begun. */
function withoutOne<Row extends OverrideRow | SwapRow>(
  kind: Kind,
  rows: readonly Row[],
  id: string,
  { by, now }: { readonly by: Actor; readonly now: number },
): { readonly rows: Row[]; readonly row: Row } {
  const found = rows.find((row) => row.id === id);
  if (found === undefined) throw notFound(kind, id, 'none of that id is stored');
  if (found.untilAt <= now) {
    const endedAt = new Date(found.untilAt);
    throw new TocsinError('INVALID_TRANSITION', `Cannot cancel ${kind} ${id}: it ended at ${endedAt.toISOString()}.`, {
      details: { [kind]: id, endedAt },
    });
  }
  const hasBegun = found.fromAt < now;
  const row = { ...found, ...(hasBegun && { untilAt: now }), cancelledAt: now, cancelledBy: by };
  return { rows: rows.flatMap((other) => (other.id !== id ? [other] : hasBegun ? [row] : [])), row };
}
