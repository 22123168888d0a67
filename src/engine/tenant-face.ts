/**
 * The face of one tenant: the public object, each method a line.
 */
import { allowed, COMMAND_EVENTS, type CommandName } from '../core/lifecycle/allowed.ts';
import { incidentView } from '../core/lifecycle/view.ts';
import type { Schedule } from '../core/on-call/schedule.ts';
import { TocsinError } from '../errors.ts';
import type { AlertEvent } from '../model/alert.ts';
import type { Incident } from '../model/incident.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { type IncidentFilter, incidentCursor, type StoredIncident } from '../ports/storage.ts';
import { loadIncident, mergeIncidents, openIncident, reopenIncident, runCommand } from './commands.ts';
import { listDeadLetters, retryDeadLetter } from './dead-letters.ts';
import { configOf, type Engine } from './engine.ts';
import { explainEvent } from './explain.ts';
import { checkFilter } from './filters.ts';
import { type IngestResult, ingestEvent } from './ingest.ts';
import type { Incidents, Tocsin } from './tocsin.ts';
import { reaching } from './transact.ts';
import { alertView, deliveryView, isVisibleTo, timelineView } from './views.ts';

/** A timeline leaves none of its deliveries out. */
const EVERY_DELIVERY = 100_000;

type Lifetime = Pick<Tocsin, 'start' | 'stop' | 'tick' | 'forTenant'>;

/** Everything a host can do for one tenant. */
export function tenantFace(engine: Engine, tenant: string, lifetime: Lifetime): Tocsin {
  const { storage } = engine;
  const read = async <T>(work: () => Promise<T>): Promise<T> => {
    await engine.ready();
    return reaching(work);
  };

  return {
    ...lifetime,
    tenant,
    [Symbol.asyncDispose]: lifetime.stop,
    ingest: async (events, options = {}) => {
      refuseUnknownOptions('ingest', options, ['deliveryId']);
      return ingestAll(engine, tenant, events, options.deliveryId);
    },
    explain: async (event, options = {}) => {
      refuseUnknownOptions('explain', options, ['at']);
      return explainEvent(engine, tenant, event, options);
    },
    incidents: incidentsOf(engine, tenant, read),
    alerts: {
      list: async (filter = {}) => {
        const checked = checkFilter('alerts', filter);
        return (await read(() => storage.listAlerts(tenant, checked))).map(alertView);
      },
      get: async (id) => (await read(() => storage.listAlerts(tenant, { id, limit: 1 }))).map(alertView)[0],
    },
    deliveries: {
      list: async (filter = {}) => {
        const checked = checkFilter('deliveries', filter);
        return (await read(() => storage.listDeliveries(tenant, checked))).map(deliveryView);
      },
    },
    deadLetters: {
      list: async () => {
        await engine.ready();
        return (await listDeadLetters(engine, tenant)).map(deliveryView);
      },
      retry: async (id) => {
        await engine.ready();
        await retryDeadLetter(engine, tenant, id);
      },
    },
    onCall: {
      at: async (id, at) => scheduleOf(engine, tenant, id).onCallAt(at ?? engine.clock.now()),
      shifts: async (id, window) => scheduleOf(engine, tenant, id).shifts(window),
      gaps: async (id, window) => scheduleOf(engine, tenant, id).gaps(window),
    },
    config: {
      current: () => {
        const { config, version } = configOf(engine, tenant);
        return { config, version };
      },
    },
    on: (type, listener) => engine.bus.on(type, listener, (news) => !('tenant' in news) || news.tenant === tenant),
  };
}

function incidentsOf(engine: Engine, tenant: string, read: <T>(work: () => Promise<T>) => Promise<T>): Incidents {
  const { storage } = engine;
  const single = (name: CommandName) => (id: string, input: unknown) => {
    if (name === 'merge') return mergeIncidents(engine, tenant, id, input);
    return name === 'reopen' ? reopenIncident(engine, tenant, id, input) : runCommand(engine, tenant, name, id, input);
  };
  // Every name of the table is a command; the compiler cannot see that the object holds them all.
  const commands = Object.fromEntries(
    (Object.keys(COMMAND_EVENTS) as CommandName[]).map((name) => [name, single(name)]),
  ) as { [N in CommandName]: Incidents[N] };
  return {
    ...commands,
    open: (input) => openIncident(engine, tenant, input),
    get: async (id) => {
      const found = (await read(() => storage.load({ tenant, incidents: [id] }))).incidents[0];
      return found === undefined ? undefined : incidentView(found.snapshot, found);
    },
    list: async (filter = {}) => listIncidents(engine, tenant, checkFilter('incidents', filter), read),
    timeline: async (id) => {
      await loadIncident(engine, tenant, id, 'read the timeline of');
      const [events, deliveries] = await Promise.all([
        read(() => storage.timeline(tenant, id)),
        read(() => storage.listDeliveries(tenant, { incidentId: id, limit: EVERY_DELIVERY })),
      ]);
      return timelineView(events, deliveries);
    },
    allowed: async (id) => allowed((await loadIncident(engine, tenant, id, 'ask about')).snapshot),
  };
}

/** Events one after the other: an acknowledge may follow its trigger in the same call. */
async function ingestAll(
  engine: Engine,
  tenant: string,
  events: AlertEvent | readonly AlertEvent[],
  deliveryId: string | undefined,
): Promise<IngestResult[]> {
  const list = Array.isArray(events) ? events : [events];
  const results: IngestResult[] = [];
  for (const [index, event] of list.entries()) {
    results.push(await ingestEvent(engine, tenant, event, { deliveryId, index }));
  }
  return results;
}

/** Pages through the storage until there are enough that the asker may see; a cursor names only what they saw. */
async function listIncidents(
  engine: Engine,
  tenant: string,
  { as, phase, service, severity, limit = 100, cursor }: ReturnType<typeof checkFilter<'incidents'>>,
  read: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<{ readonly items: readonly Incident[]; readonly next?: string }> {
  const phases = phase === undefined ? undefined : [phase].flat();
  const seen: StoredIncident[] = [];
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
    seen.push(...items.filter(({ snapshot }) => as === undefined || isVisibleTo(snapshot.context, as)));
    if (seen.length > limit || next === undefined) break;
    from = next;
  }
  const page = seen.slice(0, limit);
  const last = page.at(-1);
  const incidents = page.map((item) => incidentView(item.snapshot, item));
  return { items: incidents, ...(seen.length > limit && last !== undefined && { next: incidentCursor(last) }) };
}

function scheduleOf(engine: Engine, tenant: string, id: string): Schedule {
  const { schedules } = configOf(engine, tenant);
  const schedule = schedules.get(id);
  if (schedule !== undefined) return schedule;
  const known = [...schedules.keys()].slice(0, 8).join(', ') || 'none';
  throw new TocsinError('SCHEDULE_NOT_FOUND', `Cannot ask schedule ${id}: there is none of that id. Known: ${known}.`, {
    details: { schedule: id },
  });
}
