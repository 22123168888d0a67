/**
 * Notices of maintenance: listeners are told before and when a window begins and ends.
 *
 * One document and one timer row for each maintenance, always written together. Nobody is told before the commit; after hours without
 * a process what was missed is told at once, as late as it is.
 */
import * as z from 'zod';
import { earliest, type Notice, nextNotices, nextReminders } from '../core/intake/notices.ts';
import { maintenanceWindows } from '../core/intake/quiet.ts';
import { durationMs } from '../model/duration.ts';
import type { Maintenance } from '../model/intake.ts';
import type { StoredDocument, StoredTimer } from '../ports/storage.ts';
import { enqueued, QUEUE } from './announcement-queue.ts';
import { type ChangeParts, joinChanges, NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { announcedAt } from './maintenance-items.ts';
import { maintenanceOf } from './quiet-document.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** The owner of the timer of a maintenance, and its kind. */
export const MAINTENANCE = 'maintenance';
export const NOTICE = 'notice';

const COLLECTION = 'maintenance-notices';
/** What was missed beyond so many is not told one by one. */
const MOST_AT_ONCE = 100;
/** How long a maintenance that this process does not know is left to one that may. */
const OTHERS_MS = 45_000;

const stateSchema = z.object({ toldUntil: z.number(), dueAt: z.number().nullable() });
type State = z.infer<typeof stateSchema>;
type Outcome = { readonly is: 'stale' | 'not yet' } | { readonly is: 'told'; readonly notices: readonly Notice[] };

/** A window, and how long before it begins subscribers are reminded. */
export type Noticed = Maintenance & { readonly remind?: readonly string[] | undefined };

/** Names what {@link lookAfterNotices} looks at. */
export const noticesDocument = (id: string) => ({ collection: COLLECTION, id });

/** The windows of a tenant, those that people have set among them. */
export function maintenanceIn({ config, quiet }: Pick<Decidable, 'config' | 'quiet'>): readonly Noticed[] {
  const set = (quiet.rows?.maintenance ?? []).filter(
    ({ fromAt, endedAt }) => endedAt === undefined || endedAt > (fromAt ?? endedAt),
  );
  return [
    ...config.config.suppression.maintenance,
    ...set.map((row) => ({ ...maintenanceOf(row), remind: row.announcement?.remind })),
  ];
}

/** Fires the timer of a maintenance; answers whether it still counted. */
export async function fireNotice(engine: Engine, timer: StoredTimer): Promise<boolean> {
  const { tenant, ownerId: id } = timer;
  const outcome = await transact<Outcome>(
    engine,
    { tenant, documents: [noticesDocument(id), QUEUE] },
    (loaded): Decided<Outcome> => {
      const { document, state } = stateOf(loaded, id);
      if (document?.version !== timer.armedSeq || state?.dueAt !== timer.dueAt)
        return { answer: () => ({ is: 'stale' }) };
      if (timer.dueAt > loaded.now) return { answer: () => ({ is: 'not yet' }) };
      const maintenance = maintenanceIn(loaded).find((one) => one.id === id);
      if (maintenance === undefined) {
        if (loaded.now - timer.dueAt < OTHERS_MS) return { answer: () => ({ is: 'not yet' }) };
        return { change: stateChange(id, document, undefined), answer: () => ({ is: 'told', notices: [] }) };
      }
      const notices = between(maintenance, state.toldUntil, loaded.now);
      const wanted = maintenance.notices.map(durationMs);
      const tell = (): Outcome => {
        for (const { at, what, of } of notices) {
          // Of what only subscribers are reminded listeners are not told.
          if (of !== at && !wanted.includes(of - at)) continue;
          const type = `maintenance.${what}` as const;
          engine.bus.tell(type, { type, tenant, maintenance: id, at: new Date(of), announcedFor: new Date(at) });
        }
        return { is: 'told', notices };
      };
      const row = loaded.quiet.rows?.maintenance.find((one) => one.id === id);
      const telling = enqueued(announcedAt(row, notices, loaded), loaded) ?? NO_CHANGE;
      const told = stateChange(id, document, nextState(maintenance, loaded.now));
      return { change: joinChanges(told, telling), answer: tell };
    },
  );
  if (outcome.is === 'stale') await reaching(() => engine.storage.dropTimer(timer));
  return outcome.is === 'told';
}

/** What is to be written about a maintenance so that its timer is there; nothing when all is well. */
export function lookAfterNotices(maintenance: Noticed, loaded: Decidable): ChangeParts | undefined {
  const { document, state } = stateOf(loaded, maintenance.id);
  const wanted = nextState(maintenance, state?.toldUntil ?? loaded.now);
  if (state === undefined && wanted.dueAt === null) return undefined;
  return state !== undefined && state.dueAt === wanted.dueAt
    ? undefined
    : stateChange(maintenance.id, document, wanted);
}

function between(maintenance: Noticed, from: number, until: number): readonly Notice[] {
  const told: Notice[] = [];
  for (let after = from; told.length < MOST_AT_ONCE; ) {
    const next = noticesAfter(maintenance, after);
    const at = next[0]?.at;
    if (at === undefined || at > until) break;
    told.push(...next);
    after = at;
  }
  return told;
}

function nextState(maintenance: Noticed, toldUntil: number): State {
  return { toldUntil, dueAt: noticesAfter(maintenance, toldUntil)[0]?.at ?? null };
}

function noticesAfter(maintenance: Noticed, after: number): readonly Notice[] {
  const windows = maintenanceWindows(maintenance);
  const notices = maintenance.notices.map(durationMs);
  const reminders = (maintenance.remind ?? []).map(durationMs).filter((leadMs) => !notices.includes(leadMs));
  return earliest([...nextNotices(windows, notices, after), ...nextReminders(windows, reminders, after)]);
}

function stateOf(
  { documents }: Decidable,
  id: string,
): { readonly document: StoredDocument | undefined; readonly state: State | undefined } {
  const document = documents.find((one) => one.collection === COLLECTION && one.id === id);
  return { document, state: stateSchema.safeParse(document?.data).data };
}

function stateChange(id: string, document: StoredDocument | undefined, state: State | undefined): ChangeParts {
  const expectedVersion = document?.version ?? 0;
  const owner = { ownerKind: MAINTENANCE, ownerId: id, kind: NOTICE } as const;
  const dueAt = state?.dueAt ?? null;
  // What has nothing more to tell is forgotten.
  const data = dueAt === null ? undefined : state;
  return {
    ...NO_CHANGE,
    documents: expectedVersion === 0 && data === undefined ? [] : [{ ...noticesDocument(id), expectedVersion, data }],
    timers: [
      dueAt === null ? { type: 'cancel', ...owner } : { type: 'arm', ...owner, armedSeq: expectedVersion + 1, dueAt },
    ],
  };
}
