/**
 * The face of one tenant: the public object, each method a line.
 */
import { COMMAND_EVENTS, type CommandName } from '../core/lifecycle/allowed.ts';
import { TocsinError } from '../errors.ts';
import type { AlertEvent } from '../model/alert.ts';
import { type InstantInput, toEpochMs } from '../model/instant.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { actionsApi } from './actions-api.ts';
import { canariesApi } from './canaries.ts';
import { openIncident, reopenIncident, runCommand } from './commands.ts';
import { contactsApi } from './contacts-api.ts';
import { listDeadLetters, retryDeadLetter } from './dead-letters.ts';
import type { Emergency } from './emergency.ts';
import type { Engine } from './engine.ts';
import { explainEvent } from './explain.ts';
import { checkFilter } from './filters.ts';
import { forgetReviews } from './forget-reviews.ts';
import { heartbeatsApi } from './heartbeats.ts';
import { allowedOf, getOf, listIncidents, type Read, timelineOf } from './incident-reads.ts';
import { type IngestOptions, ingestEvents } from './ingest.ts';
import type { IngestResult } from './ingest-key.ts';
import { linkIncident } from './link-incidents.ts';
import { lintTenant } from './lint.ts';
import { measurementsApi } from './measurements-api.ts';
import { mergeIncidents } from './merge-incidents.ts';
import { onCallApi } from './on-call-api.ts';
import { maintenanceApi, silencesApi } from './quiet-api.ts';
import { reportReceipt } from './receipts.ts';
import { reviewsApi } from './reviews.ts';
import { alertsOf, deliveriesOf } from './row-reads.ts';
import { createSession } from './session.ts';
import { statusPageApi } from './status-api.ts';
import { subscribersApi } from './subscribers-api.ts';
import { configOf } from './tenant-config.ts';
import type { Incidents, InTransaction, Tocsin } from './tocsin.ts';
import { reaching } from './transact.ts';
import { updateTemplate } from './update-template.ts';
import { deliveryView } from './views.ts';

type Lifetime = Pick<Tocsin, 'start' | 'stop' | 'tick' | 'forTenant' | 'health'>;
type Watched = { readonly lifetime: Lifetime; readonly watch: Emergency['watch'] };

/** Everything a host can do for one tenant. */
export function tenantFace(engine: Engine, tenant: string, { lifetime, watch }: Watched): Tocsin {
  const { storage } = engine;
  const read: Read = async (work) => {
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
      const incidents = await read(() => storage.prune(tenant, { endedBefore, limit }));
      // Also when none went now: the text of one that went may have been left behind by a failure.
      if (endedBefore !== undefined) await forgetReviews(engine, tenant);
      return { incidents };
    },
    explain: async (event, options = {}) => {
      refuseUnknownOptions('explain', options, ['at']);
      return explainEvent(engine, tenant, event, options);
    },
    lint: (options = {}) => lintTenant(engine, tenant, options),
    incidents: incidentsOf(engine, tenant, read),
    alerts: alertsOf(engine, tenant, read),
    deliveries: {
      list: deliveriesOf(engine, tenant, read),
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
    statusPage: statusPageApi(engine, tenant),
    subscribers: subscribersApi(engine, tenant),
    reviews: reviewsApi(engine, tenant),
    measurements: measurementsApi(engine, tenant),
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
    if (name === 'link') return linkIncident(engine, tenant, id, input);
    return name === 'reopen' ? reopenIncident(engine, tenant, id, input) : runCommand(engine, tenant, name, id, input);
  };
  // Every name of the table is a command; the compiler cannot see that the object holds them all.
  return Object.fromEntries(
    (Object.keys(COMMAND_EVENTS) as CommandName[]).map((name) => [name, single(name)]),
  ) as Commands;
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

function incidentsOf(engine: Engine, tenant: string, read: Read): Incidents {
  return {
    ...commandsOf(engine, tenant),
    open: (input) => openIncident(engine, tenant, input),
    get: getOf(engine, tenant),
    list: async (filter = {}) => listIncidents(engine, tenant, checkFilter('incidents', filter), read),
    timeline: timelineOf(engine, tenant, read),
    updateTemplate: (id, input) => updateTemplate(engine, tenant, id, input),
    allowed: allowedOf(engine, tenant),
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
