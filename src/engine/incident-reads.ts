/**
 * Incidents as hosts read them: one, a list, a timeline, what may be done.
 *
 * Where it is said who reads (`as`), a private incident that they have no part in is as if it were not there.
 */
import { allowed } from '../core/lifecycle/allowed.ts';
import { isVisibleTo } from '../core/lifecycle/involved.ts';
import { incidentView } from '../core/lifecycle/view.ts';
import { isTocsinError } from '../errors.ts';
import type { Incident } from '../model/incident.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { type IncidentFilter, type IncidentRow, incidentCursor } from '../ports/storage.ts';
import { loadIncident } from './commands.ts';
import type { Engine } from './engine.ts';
import type { checkFilter } from './filters.ts';
import type { ReadOptions } from './read-options.ts';
import type { ReadyIncident } from './reads.ts';
import { stored } from './stored-incident.ts';
import type { Incidents } from './tocsin.ts';
import { reaching } from './transact.ts';
import { timelineView } from './views.ts';

/** Reads from the storage once it is ready. */
export type Read = <T>(work: () => Promise<T>) => Promise<T>;

/** A timeline leaves none of its deliveries out. */
export const EVERY_DELIVERY = 100_000;

/** One incident, or `undefined`. */
export function getOf(engine: Engine, tenant: string): Incidents['get'] {
  return async (id, options = {}) => {
    refuseUnknownOptions('get', options, ['as']);
    await engine.ready();
    const found = (await reaching(() => engine.load({ tenant, incidents: [id] }))).incidents[0];
    return found === undefined ? undefined : viewed(engine, found, (row) => seenBy(row, options.as));
  };
}

/** Events and finished deliveries of one incident. */
export function timelineOf(engine: Engine, tenant: string, read: Read): Incidents['timeline'] {
  return async (id, options = {}) => {
    refuseUnknownOptions('timeline', options, ['as']);
    await visible(engine, tenant, id, { doing: 'read the timeline of', ...options });
    const [events, deliveries] = await Promise.all([
      read(() => engine.storage.timeline(tenant, id)),
      read(() => engine.storage.listDeliveries(tenant, { incidentId: id, limit: EVERY_DELIVERY })),
    ]);
    return timelineView(events, deliveries);
  };
}

/** The commands that may be given now. */
export function allowedOf(engine: Engine, tenant: string): Incidents['allowed'] {
  return async (id, options = {}) => {
    refuseUnknownOptions('allowed', options, ['as']);
    return allowed((await visible(engine, tenant, id, { doing: 'ask about', ...options })).snapshot);
  };
}

/** Whom an incident is shown to, and for what. */
type Asking = ReadOptions & { readonly doing: string };

async function visible(engine: Engine, tenant: string, id: string, { doing, as }: Asking): Promise<ReadyIncident> {
  return shown(await loadIncident(engine, tenant, id, doing), { doing, ...(as !== undefined && { as }) });
}

/**
 * The incident, if it may be shown.
 *
 * @throws TocsinError INCIDENT_NOT_FOUND when `as` may not see it.
 */
export function shown(found: ReadyIncident, { doing, as }: Asking): ReadyIncident {
  if (as === undefined || isVisibleTo(found.snapshot.context, as)) return found;
  return stored({ incidents: [] }, found.id, doing);
}

/** Incidents, the newest first. */
export async function listIncidents(
  engine: Engine,
  tenant: string,
  { as, phase, service, severity, limit = 100, cursor }: ReturnType<typeof checkFilter<'incidents'>>,
  read: Read,
): Promise<Page<Incident>> {
  const phases = phase === undefined ? undefined : [phase].flat();
  const filter = {
    ...(phases !== undefined && { phases }),
    ...(service !== undefined && { service }),
    ...(severity !== undefined && { severity }),
  };
  return pageOfIncidents(engine, tenant, { filter, limit, cursor, atOnce: limit + 1, read }, (row) => seenBy(row, as));
}

/** A part of a list, and where it goes on. */
export type Page<T> = { readonly items: readonly T[]; readonly next?: string };

/** Which incidents are gone through, and how many that were picked make a page. */
type Paging = {
  readonly filter: IncidentFilter;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** How many are read at once. */
  readonly atOnce: number;
  readonly read: Read;
};

/** Pages through the storage until enough are picked; a cursor names only what was. */
export async function pageOfIncidents<T>(
  engine: Engine,
  tenant: string,
  { filter, limit, cursor, atOnce, read }: Paging,
  pick: (row: ReadyIncident) => T | undefined,
): Promise<Page<T>> {
  const seen: { readonly item: T; readonly cursor: string }[] = [];
  let from = cursor;
  for (;;) {
    const asked: IncidentFilter = { ...filter, limit: atOnce, ...(from !== undefined && { cursor: from }) };
    const { items, next } = await read(() => engine.storage.listIncidents(tenant, asked));
    const rows = await Promise.all(items.map((row) => listed(engine, row, pick)));
    seen.push(...rows.filter((row) => row !== undefined));
    if (seen.length > limit || next === undefined) break;
    from = next;
  }
  const page = seen.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    ...(seen.length > limit && last !== undefined && { next: last.cursor }),
  };
}

/** The incident as hosts see it, if `as` may. */
export function seenBy(row: ReadyIncident, as: string | undefined): Incident | undefined {
  return as === undefined || isVisibleTo(row.snapshot.context, as) ? incidentView(row.snapshot, row) : undefined;
}

/** What `read` makes of an incident; of one whose snapshot is damaged within, from its timeline. */
export async function viewed<T>(engine: Engine, row: ReadyIncident, read: (row: ReadyIncident) => T): Promise<T> {
  try {
    return read(row);
  } catch (error) {
    const because = `its snapshot led to an error: ${error instanceof Error ? error.message : String(error)}`;
    return read(await reaching(() => engine.reads.replayed(row, because)));
  }
}

/** What is picked of an incident of a list; one in quarantine is left out, which was said when it was found. */
async function listed<T>(
  engine: Engine,
  row: IncidentRow,
  pick: (row: ReadyIncident) => T | undefined,
): Promise<{ readonly item: T; readonly cursor: string } | undefined> {
  const ready = await engine.reads.incident(row);
  if (ready === undefined) return undefined;
  const picked = (one: ReadyIncident) => {
    const item = pick(one);
    const { openedAt } = one.snapshot.context.times;
    return item === undefined ? undefined : { item, cursor: incidentCursor({ id: one.id, openedAt }) };
  };
  return viewed(engine, ready, picked).catch((error: unknown) => {
    if (isTocsinError(error, 'SNAPSHOT_UNREADABLE')) return undefined;
    throw error;
  });
}
