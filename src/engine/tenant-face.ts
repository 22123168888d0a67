/**
 * The face of one tenant: the public object, each method a line.
 */
import { allowed, COMMAND_EVENTS, type CommandName } from '../core/lifecycle/allowed.ts';
import { incidentView } from '../core/lifecycle/view.ts';
import { isTocsinError, TocsinError } from '../errors.ts';
import type { AlertEvent } from '../model/alert.ts';
import type { Incident } from '../model/incident.ts';
import { type InstantInput, toEpochMs } from '../model/instant.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { type IncidentFilter, type IncidentRow, incidentCursor } from '../ports/storage.ts';
import { actionsApi } from './actions-api.ts';
import { canariesApi } from './canaries.ts';
import { loadIncident, mergeIncidents, openIncident, reopenIncident, runCommand } from './commands.ts';
import { contactsApi } from './contacts-api.ts';
import { listDeadLetters, retryDeadLetter } from './dead-letters.ts';
import type { Emergency } from './emergency.ts';
import type { Engine } from './engine.ts';
import { explainEvent } from './explain.ts';
import { checkFilter } from './filters.ts';
import { heartbeatsApi } from './heartbeats.ts';
import { type IngestOptions, ingestEvents } from './ingest.ts';
import type { IngestResult } from './ingest-key.ts';
import { lintTenant } from './lint.ts';
import { onCallApi } from './on-call-api.ts';
import { maintenanceApi, silencesApi } from './quiet-api.ts';
import type { ReadyIncident } from './reads.ts';
import { reportReceipt } from './receipts.ts';
import { createSession } from './session.ts';
import { subscribersApi } from './subscribers-api.ts';
import { configOf } from './tenant-config.ts';
import type { Incidents, InTransaction, Tocsin } from './tocsin.ts';
import { reaching } from './transact.ts';
import { updateTemplate } from './update-template.ts';
import { alertView, deliveryView, isVisibleTo, timelineView } from './views.ts';

/** A timeline leaves none of its deliveries out. */
const EVERY_DELIVERY = 100_000;

type Lifetime = Pick<Tocsin, 'start' | 'stop' | 'tick' | 'forTenant' | 'health'>;
type Watched = { readonly lifetime: Lifetime; readonly watch: Emergency['watch'] };

/** Everything a host can do for one tenant. */
export function tenantFace(engine: Engine, tenant: string, { lifetime, watch }: Watched): Tocsin {
  const { storage } = engine;
  const read = async <T>(work: () => Promise<T>): Promise<T> => {
    await engine.ready();
    return reaching(work);
  };

  return {
    ...lifetime,
    tenant,
    [Symbol.asyncDispose]: lifetime.stop,
    ingest: ingestOf(engine, tenant, watch),
    inTransaction: (client) => inTransactionOf(engine, tenant, client),
    prune: async (options) => {
      const { endedBefore, limit } = pruneOptions(options);
      return { incidents: await read(() => storage.prune(tenant, { endedBefore, limit })) };
    },
    explain: async (event, options = {}) => {
      refuseUnknownOptions('explain', options, ['at']);
      return explainEvent(engine, tenant, event, options);
    },
    lint: (options = {}) => lintTenant(engine, tenant, options),
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
      reportReceipt: async (receipt) => {
        await engine.ready();
        return reportReceipt(engine, tenant, receipt);
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
    actions: actionsApi(engine, tenant),
    onCall: onCallApi(engine, tenant),
    silences: silencesApi(engine, tenant),
    maintenance: maintenanceApi(engine, tenant),
    heartbeats: heartbeatsApi(engine, tenant),
    contacts: contactsApi(engine, tenant),
    canaries: canariesApi(engine, tenant),
    subscribers: subscribersApi(engine, tenant),
    config: {
      current: () => {
        const { config, version } = configOf(engine, tenant);
        return { config, version };
      },
    },
    on: (type, listener) => engine.bus.on(type, listener, (news) => !('tenant' in news) || news.tenant === tenant),
  };
}

function ingestOf(engine: Engine, tenant: string, watch?: Emergency['watch']): Tocsin['ingest'] {
  return async (
    events: AlertEvent | readonly AlertEvent[],
    options: IngestOptions = {},
  ): Promise<readonly IngestResult[]> => {
    refuseUnknownOptions('ingest', options, ['deliveryId']);
    const all = Array.isArray(events) ? events : [events];
    const work = () => ingestEvents(engine, tenant, all, options);
    return watch === undefined ? work() : watch(tenant, all, work);
  };
}

type Commands = { readonly [N in CommandName]: Incidents[N] };

function commandsOf(engine: Engine, tenant: string): Commands {
  const single = (name: CommandName) => (id: string, input: unknown) => {
    if (name === 'merge') return mergeIncidents(engine, tenant, id, input);
    return name === 'reopen' ? reopenIncident(engine, tenant, id, input) : runCommand(engine, tenant, name, id, input);
  };
  // Every name of the table is a command; the compiler cannot see that the object holds them all.
  return Object.fromEntries(
    (Object.keys(COMMAND_EVENTS) as CommandName[]).map((name) => [name, single(name)]),
  ) as Commands;
}

function getOf(engine: Engine, tenant: string): Incidents['get'] {
  return async (id) => {
    await engine.ready();
    const found = (await reaching(() => engine.load({ tenant, incidents: [id] }))).incidents[0];
    return found === undefined ? undefined : viewed(engine, found, viewOf);
  };
}

function inTransactionOf(outside: Engine, tenant: string, client: unknown): InTransaction {
  const { engine, committed } = createSession(outside, client);
  return {
    ingest: ingestOf(engine, tenant),
    incidents: {
      ...commandsOf(engine, tenant),
      open: (input) => openIncident(engine, tenant, input),
      get: getOf(engine, tenant),
    },
    committed,
  };
}

function incidentsOf(engine: Engine, tenant: string, read: <T>(work: () => Promise<T>) => Promise<T>): Incidents {
  const { storage } = engine;
  return {
    ...commandsOf(engine, tenant),
    open: (input) => openIncident(engine, tenant, input),
    get: getOf(engine, tenant),
    list: async (filter = {}) => listIncidents(engine, tenant, checkFilter('incidents', filter), read),
    timeline: async (id) => {
      await loadIncident(engine, tenant, id, 'read the timeline of');
      const [events, deliveries] = await Promise.all([
        read(() => storage.timeline(tenant, id)),
        read(() => storage.listDeliveries(tenant, { incidentId: id, limit: EVERY_DELIVERY })),
      ]);
      return timelineView(events, deliveries);
    },
    updateTemplate: (id, input) => updateTemplate(engine, tenant, id, input),
    allowed: async (id) => allowed((await loadIncident(engine, tenant, id, 'ask about')).snapshot),
  };
}

/** What is forgotten is gone: nothing is guessed. */
function pruneOptions(options: unknown): { readonly endedBefore: number; readonly limit: number } {
  const given = typeof options === 'object' && options !== null ? (options as Readonly<Record<string, unknown>>) : {};
  refuseUnknownOptions('prune', given, ['endedBefore', 'limit']);
  const { endedBefore, limit = 1_000 } = given;
  if (!(typeof limit === 'number' && Number.isInteger(limit) && limit > 0 && limit <= 100_000)) {
    const message = 'this is no whole number from 1 to 100,000';
    throw new TocsinError('INPUT_INVALID', `Cannot prune: limit: ${message}.`, {
      details: { problems: [{ path: 'limit', message }] },
    });
  }
  return { endedBefore: toEpochMs(endedBefore as InstantInput, 'endedBefore'), limit };
}

/** Pages through the storage until there are enough that the asker may see; a cursor names only what they saw. */
async function listIncidents(
  engine: Engine,
  tenant: string,
  { as, phase, service, severity, limit = 100, cursor }: ReturnType<typeof checkFilter<'incidents'>>,
  read: <T>(work: () => Promise<T>) => Promise<T>,
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

const viewOf = (row: ReadyIncident): Incident => incidentView(row.snapshot, row);

/** What `read` makes of an incident; of one whose snapshot is damaged within, from its timeline. */
async function viewed<T>(engine: Engine, row: ReadyIncident, read: (row: ReadyIncident) => T): Promise<T> {
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
  const look = (one: ReadyIncident) =>
    as === undefined || isVisibleTo(one.snapshot.context, as) ? viewOf(one) : undefined;
  return viewed(engine, ready, look).catch((error: unknown) => {
    if (isTocsinError(error, 'SNAPSHOT_UNREADABLE')) return undefined;
    throw error;
  });
}
