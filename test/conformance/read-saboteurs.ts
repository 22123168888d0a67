/**
 * Saboteurs of S10 to S12: whose rows they are, how they come back, and in which order.
 */
import type { Change, Storage } from '../../src/ports/storage.ts';
import { altering, only, type Saboteur, turn } from './saboteur.ts';

const TENANTS = ['acme', 'globex', 'initech'];

export const READ_SABOTEURS: readonly Saboteur[] = [
  {
    promise: 'S10',
    does: 'hands out the rows of every tenant',
    breaks: (storage) => ({ claimDeliveries: (query) => storage.claimDeliveries({ ...query, tenants: TENANTS }) }),
  },
  {
    promise: 'S10',
    does: 'hands out the timers of every tenant',
    breaks: (storage) => ({ claimTimers: (query) => storage.claimTimers({ ...query, tenants: TENANTS }) }),
  },
  {
    promise: 'S10',
    does: 'takes back the deliveries of every tenant',
    breaks: (storage) => ({
      async commit(changes) {
        const answers = await storage.commit(changes);
        for (const change of changes) await forAll(storage, { withdrawals: change.withdrawals });
        return answers;
      },
    }),
  },
  {
    promise: 'S10',
    does: 'counts for every tenant',
    breaks: (storage) => ({
      async commit(changes) {
        const answers = await storage.commit(changes);
        const repeats = changes.flatMap(({ alerts }) => alerts.filter(({ type }) => type === 'repeat'));
        await forAll(storage, { alerts: repeats });
        return answers;
      },
    }),
  },
  {
    promise: 'S10',
    does: 'settles the delivery of another tenant',
    breaks: (storage) => ({
      async settleDelivery(tenant, id, token, outcome) {
        for (const one of [tenant, ...TENANTS]) {
          const settled = await storage.settleDelivery(one, id, token, outcome);
          if (settled !== undefined) return settled;
        }
        return undefined;
      },
    }),
  },
  ...(['hasten', 'revive', 'extendDelivery', 'prune'] as const).map(
    (method): Saboteur => ({
      promise: 'S10',
      does: `calls ${method} for every tenant`,
      breaks: (storage) => ({
        async [method](tenant: string, ...rest: unknown[]) {
          const work = storage[method] as (tenant: string, ...rest: unknown[]) => Promise<boolean | number>;
          const answers: (boolean | number)[] = [];
          for (const one of new Set([tenant, ...TENANTS])) answers.push(await work(one, ...rest));
          return answers.find((answer) => answer !== false && answer !== 0) ?? answers[0];
        },
      }),
    }),
  ),
  {
    promise: 'S10',
    does: 'drops the timer of another tenant',
    breaks: (storage) => ({
      async dropTimer(timer) {
        for (const tenant of TENANTS) await storage.dropTimer({ ...timer, tenant });
      },
    }),
  },
  {
    promise: 'S10',
    does: 'reads the rows of another tenant when there are none',
    breaks: (storage) => ({
      async load(query) {
        const answers = await Promise.all(
          [query.tenant, ...TENANTS].map((tenant) => storage.load({ ...query, tenant })),
        );
        return answers.find(({ documents, slots }) => documents.length + slots.length > 0) ?? answers[0]!;
      },
    }),
  },
  {
    promise: 'S10',
    does: 'knows a row by its id alone',
    breaks: (storage) => altering(storage, (change) => ({ ...change, tenant: 'everybody' })),
  },
  {
    promise: 'S10',
    does: 'lets names run together',
    breaks: (storage) => ({
      ...altering(storage, (change) => ({
        ...change,
        documents: change.documents.map((one) => ({ ...one, collection: '', id: `${one.collection}","${one.id}` })),
      })),
      async load({ documents = [], ...query }) {
        const keys = documents.map(({ collection, id }) => ({ collection: '', id: `${collection}","${id}` }));
        return storage.load({ ...query, documents: keys });
      },
    }),
  },
  ...(['load', 'listAlerts', 'listIncidents', 'listDeliveries', 'listDocuments', 'timeline'] as const).map(
    (method): Saboteur => ({
      promise: 'S11',
      does: `hands out what it keeps in ${method}`,
      breaks(storage) {
        const kept = new Map<string, unknown>();
        return {
          async [method](...given: unknown[]) {
            const read = storage[method] as (...given: unknown[]) => Promise<unknown>;
            const answer = await read(...given);
            const name = JSON.stringify(answer);
            if (!kept.has(name)) kept.set(name, answer);
            return kept.get(name);
          },
        };
      },
    }),
  ),
  {
    promise: 'S11',
    does: 'looks at what it was given only later',
    breaks: (storage) => ({
      async commit(changes) {
        await turn();
        return storage.commit(changes);
      },
    }),
  },
  ...(
    [
      ['cuts texts at NUL', (text) => text.split('\u0000')[0]!],
      ['replaces lone surrogates', (text) => text.toWellFormed()],
      ['cuts long texts', (text) => text.slice(0, 65_535)],
      ['unescapes texts', (text) => text.replaceAll('\\\\', '\\')],
      ['composes accents', (text) => text.normalize('NFC')],
      ['trims texts', (text) => text.trimEnd()],
    ] as readonly (readonly [does: string, spoilt: (text: string) => string])[]
  ).flatMap(([does, spoilt]): readonly Saboteur[] => [
    { promise: 'S11', does, breaks: (storage) => altering(storage, (change) => mapTexts(change, spoilt)) },
    {
      promise: 'S11',
      does: `${does} of errors`,
      breaks: (storage) => ({
        settleDelivery: (tenant, id, token, outcome) =>
          storage.settleDelivery(tenant, id, token, mapTexts(outcome, spoilt)),
      }),
    },
  ]),
  {
    promise: 'S11',
    does: 'takes an empty text for none',
    breaks: (storage) => ({
      listAlerts: async (tenant, filter) =>
        (await storage.listAlerts(tenant, filter)).map(({ body, ...alert }) => (body ? { ...alert, body } : alert)),
    }),
  },
  {
    promise: 'S11',
    does: 'loses names of Object’s own',
    breaks: (storage) =>
      altering(storage, (change) => ({
        ...change,
        documents: change.documents.map((one) => ({ ...one, data: assigned(one.data) })),
      })),
  },
  {
    promise: 'S11',
    does: 'takes ids for the same that differ in case',
    breaks: (storage) =>
      altering(storage, (change) => ({
        ...change,
        deliveries: change.deliveries.map((one) => ({ ...one, id: one.id.toLowerCase() })),
      })),
  },
  {
    promise: 'S12',
    does: 'lists the oldest incidents first',
    breaks: (storage) => ({
      async listIncidents(tenant, filter) {
        const { items } = await storage.listIncidents(tenant, { ...filter, limit: 1_000 });
        return { items: items.toReversed().slice(0, filter.limit) };
      },
    }),
  },
  {
    promise: 'S12',
    does: 'goes on by counting rows',
    breaks: (storage) => ({
      async listIncidents(tenant, { cursor = '0', limit = 100, ...filter }) {
        const { items } = await storage.listIncidents(tenant, { ...filter, limit: 1_000 });
        const end = Number(cursor) + limit;
        return { items: items.slice(Number(cursor), end), ...(items.length > end && { next: `${end}` }) };
      },
    }),
  },
  {
    promise: 'S12',
    does: 'goes on by time alone',
    breaks: (storage) => ({
      async listIncidents(tenant, filter) {
        const list = await storage.listIncidents(tenant, filter);
        return list.next === undefined ? list : { ...list, next: `${list.next.split(':')[0]}:` };
      },
    }),
  },
  {
    promise: 'S12',
    does: 'always says that the list goes on',
    breaks: (storage) => ({
      listIncidents: async (tenant, filter) => ({
        next: '0:',
        ...(await storage.listIncidents(tenant, filter)),
      }),
    }),
  },
  ...(['phases', 'service', 'severity'] as const).map(
    (field): Saboteur => ({
      promise: 'S12',
      does: `lists incidents whatever their ${field}`,
      breaks: (storage) => ({
        listIncidents: (tenant, { [field]: _, ...filter }) => storage.listIncidents(tenant, filter),
      }),
    }),
  ),
  ...(['incidentId', 'status', 'service', 'id', 'limit'] as const).map(
    (field): Saboteur => ({
      promise: 'S12',
      does: `lists alerts whatever the ${field}`,
      breaks: (storage) => ({
        listAlerts: (tenant, { [field]: _, ...filter }) => storage.listAlerts(tenant, filter),
      }),
    }),
  ),
  ...(['incidentId', 'state', 'page', 'limit'] as const).map(
    (field): Saboteur => ({
      promise: 'S12',
      does: `lists deliveries whatever the ${field}`,
      breaks: (storage) => ({
        listDeliveries: (tenant, { [field]: _, ...filter }) => storage.listDeliveries(tenant, filter),
      }),
    }),
  ),
  {
    promise: 'S12',
    does: 'lists deliveries in the order of their due time',
    breaks: (storage) => ({
      listDeliveries: async (tenant, filter) =>
        (await storage.listDeliveries(tenant, filter)).toSorted((a, b) => a.dueAt - b.dueAt),
    }),
  },
  {
    promise: 'S12',
    does: 'lists the last document once more',
    breaks: (storage) => ({
      async listDocuments(tenant, { after, ...filter }) {
        const all = await storage.listDocuments(tenant, { ...filter, limit: 1_000 });
        return all.filter(({ id }) => after === undefined || id >= after).slice(0, filter.limit);
      },
    }),
  },
  {
    promise: 'S12',
    does: 'lists documents as they were written',
    breaks: (storage) => ({
      listDocuments: async (tenant, filter) => (await storage.listDocuments(tenant, filter)).toReversed(),
    }),
  },
  {
    promise: 'S12',
    does: 'knows the versions of one tenant only',
    breaks: (storage) => ({
      documentVersions: (tenants, collection) => storage.documentVersions(tenants.slice(0, 1), collection),
    }),
  },
  {
    promise: 'S12',
    does: 'takes the alert that was opened latest by the clock for the latest',
    breaks: (storage) => ({
      async load(query) {
        const loaded = await storage.load(query);
        const all = await storage.listAlerts(query.tenant, {});
        const alerts = loaded.alerts.map((found) => {
          const ofKey = all.filter(
            ({ routeKey, dedupKey }) => routeKey === found.routeKey && dedupKey === found.dedupKey,
          );
          return ofKey.find(({ status }) => status !== 'cleared') ?? ofKey[0] ?? found;
        });
        return { ...loaded, alerts };
      },
    }),
  },
  {
    promise: 'S12',
    does: 'loads an incident once for each time it is asked for',
    breaks: (storage) => ({
      async load(query) {
        const loaded = await storage.load(query);
        return { ...loaded, incidents: [...loaded.incidents, ...loaded.incidents] };
      },
    }),
  },
];

async function forAll(storage: Storage, parts: Partial<Change>): Promise<void> {
  await storage.commit(TENANTS.slice(1).map((tenant) => only({ tenant } as Change, parts)));
}

function mapTexts<T>(value: T, spoilt: (text: string) => string): T {
  if (typeof value === 'string') return spoilt(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, spoilt)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [spoilt(key), mapTexts(part, spoilt)])) as T;
}

function assigned(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.assign({}, value) : value;
}
