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
const EVERY_DELIVERY = 100_000;

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
  const found = await loadIncident(engine, tenant, id, doing);
  if (as === undefined || isVisibleTo(found.snapshot.context, as)) return found;
  return stored({ incidents: [] }, id, doing);
}

/** Pages through the storage until there are enough that the asker may see; a cursor names only what they saw. */
export async function listIncidents(
  engine: Engine,
  tenant: string,
  { as, phase, service, severity, limit = 100, cursor }: ReturnType<typeof checkFilter<'incidents'>>,
  read: Read,
): Promise<{ readonly items: readonly Incident[]; readonly next?: string }> {
  const phases = phase === undefined ? undefined : [phase].flat();
  const seen: Incident[] = [];
  let from = cursor;
  for (;;) {
    const asked: IncidentFilter = {
      limit: limit + 1,
      ...(phases !== undefined && { phases }),
      ...(service !== undefined && { service }),
      ...(severity !== undefined && { severity }),
      ...(from !== undefined && { cursor: from }),
    };
    const { items, next } = await read(() => engine.storage.listIncidents(tenant, asked));
    const rows = await Promise.all(items.map((row) => listed(engine, row, as)));
    seen.push(...rows.filter((row) => row !== undefined));
    if (seen.length > limit || next === undefined) break;
    from = next;
  }
  const page = seen.slice(0, limit);
  const last = page.at(-1);
  const next =
    last === undefined ? undefined : incidentCursor({ id: last.id, openedAt: last.times.openedAt.getTime() });
  return { items: page, ...(seen.length > limit && next !== undefined && { next }) };
}

function seenBy(row: ReadyIncident, as: string | undefined): Incident | undefined {
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

/** An incident of a list, if `as` may see it; one in quarantine is left out, which was said when it was found. */
async function listed(engine: Engine, row: IncidentRow, as: string | undefined): Promise<Incident | undefined> {
  const ready = await engine.reads.incident(row);
  if (ready === undefined) return undefined;
  return viewed(engine, ready, (one) => seenBy(one, as)).catch((error: unknown) => {
    if (isTocsinError(error, 'SNAPSHOT_UNREADABLE')) return undefined;
    throw error;
  });
}
