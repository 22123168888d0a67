/**
 * Saboteurs of S15: what cannot be parsed.
 */
import type { Saboteur } from './saboteur.ts';

export const UNREADABLE_SABOTEURS: readonly Saboteur[] = [
  {
    promise: 'S15',
    does: 'gives up reading when one row cannot be parsed',
    breaks: (storage) => ({
      async load(query) {
        const loaded = await storage.load(query);
        if (loaded.incidents.some(({ snapshot }) => snapshot === undefined)) throw new SyntaxError('Unexpected token');
        return loaded;
      },
    }),
  },
  {
    promise: 'S15',
    does: 'hides what cannot be parsed',
    breaks: (storage) => ({
      async load(query) {
        const loaded = await storage.load(query);
        return { ...loaded, incidents: loaded.incidents.filter(({ snapshot }) => snapshot !== undefined) };
      },
    }),
  },
  {
    promise: 'S15',
    does: 'hands out the text of what cannot be parsed',
    breaks: (storage) => ({
      async load(query) {
        const loaded = await storage.load(query);
        return { ...loaded, incidents: loaded.incidents.map((row) => ({ ...row, snapshot: row.snapshot ?? '{"no' })) };
      },
    }),
  },
  {
    promise: 'S15',
    does: 'gives up listing when one row cannot be parsed',
    breaks: (storage) => ({
      async listIncidents(tenant, filter) {
        const list = await storage.listIncidents(tenant, filter);
        return { items: list.items.filter(({ snapshot }) => snapshot !== undefined) };
      },
    }),
  },
  ...(['claimDeliveries', 'listDeliveries'] as const).map(
    (method): Saboteur => ({
      promise: 'S15',
      does: `passes over a delivery that cannot be parsed in ${method}`,
      breaks: (storage) => ({
        async claimDeliveries(query) {
          const { now, deliveries } = await storage.claimDeliveries(query);
          const readable = deliveries.filter(({ delivery }) => !delivery.isUnreadable);
          return { now, deliveries: method === 'claimDeliveries' ? readable : deliveries };
        },
        async listDeliveries(tenant, filter) {
          const rows = await storage.listDeliveries(tenant, filter);
          return method === 'listDeliveries' ? rows.filter(({ isUnreadable }) => !isUnreadable) : rows;
        },
      }),
    }),
  ),
  {
    promise: 'S15',
    does: 'does not say that a delivery cannot be parsed',
    breaks: (storage) => ({
      async claimDeliveries(query) {
        const { now, deliveries } = await storage.claimDeliveries(query);
        return {
          now,
          deliveries: deliveries.map((one) => ({ ...one, delivery: { ...one.delivery, isUnreadable: undefined } })),
        };
      },
    }),
  },
  {
    promise: 'S15',
    does: 'gives up claiming when a delivery cannot be parsed',
    breaks: (storage) => ({
      async claimDeliveries(query) {
        const claimed = await storage.claimDeliveries(query);
        if (claimed.deliveries.some(({ delivery }) => delivery.isUnreadable)) throw new SyntaxError('Unexpected token');
        return claimed;
      },
    }),
  },
  {
    promise: 'S15',
    does: 'cannot settle a delivery that cannot be parsed',
    breaks: (storage) => ({
      async settleDelivery(tenant, id, token, outcome) {
        const torn = (await storage.listDeliveries(tenant, {})).filter(({ isUnreadable }) => isUnreadable);
        return torn.some((row) => row.id === id) ? undefined : storage.settleDelivery(tenant, id, token, outcome);
      },
    }),
  },
  {
    promise: 'S15',
    does: 'finds no alert that cannot be parsed',
    breaks: (storage) => ({
      async load(query) {
        const loaded = await storage.load(query);
        return { ...loaded, alerts: loaded.alerts.filter(({ service }) => service !== 'unknown') };
      },
    }),
  },
  {
    promise: 'S15',
    does: 'forgets under which key it found an alert that cannot be parsed',
    breaks: (storage) => ({
      async load(query) {
        const loaded = await storage.load(query);
        const isTorn = (service: string) => service === 'unknown';
        const alerts = loaded.alerts.map((one) => (isTorn(one.service) ? { ...one, dedupKey: 'unknown' } : one));
        return { ...loaded, alerts };
      },
    }),
  },
  {
    promise: 'S15',
    does: 'lists no alert that cannot be parsed',
    breaks: (storage) => ({
      listAlerts: async (tenant, filter) =>
        (await storage.listAlerts(tenant, filter)).filter(({ service }) => service !== 'unknown'),
    }),
  },
  {
    promise: 'S15',
    does: 'answers a timeline without the event that cannot be parsed',
    breaks: (storage) => ({ timeline: (tenant, id) => storage.timeline(tenant, id).catch(() => []) }),
  },
  {
    promise: 'S15',
    does: 'does not say that a timeline is no timeline',
    breaks: (storage) => ({
      timeline: (tenant, id) =>
        storage.timeline(tenant, id).catch(() => {
          throw new SyntaxError('Unexpected token');
        }),
    }),
  },
  {
    promise: 'S15',
    does: 'refuses to mend what cannot be parsed',
    breaks: (storage) => ({
      async commit(changes) {
        const tenant = changes[0]?.tenant ?? '';
        const { items } = await storage.listIncidents(tenant, {});
        const bad = items.filter(({ snapshot }) => snapshot === undefined).map(({ id }) => id);
        const isRefused = changes.some(({ incidents }) => incidents.some(({ id }) => bad.includes(id)));
        return isRefused ? changes.map(() => 'conflict') : storage.commit(changes);
      },
    }),
  },
];
