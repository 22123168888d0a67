/**
 * Saboteurs of S2, S9, S11, S12 and S14 for alerts: those that are suppressed, when they fired, and what they say.
 */
import type { AlertChange } from '../../src/model/alert.ts';
import type { Change, Storage } from '../../src/ports/storage.ts';
import { altering, commitOne, oneByOne, only, type Saboteur } from './saboteur.ts';

export const ALERT_SABOTEURS: readonly Saboteur[] = [
  {
    promise: 'S2',
    does: 'takes the key of an alert that is suppressed for free',
    breaks: (storage) => ({
      commit: (changes) =>
        oneByOne(changes, async (change) => {
          const answer = await commitOne(storage, change);
          const suppressed = await storage.listAlerts(change.tenant, { status: 'suppressed' });
          const isOpening = change.alerts.some(({ type }) => type === 'open');
          if (answer === 'applied' || !isOpening || suppressed.length === 0) return answer;
          const clears = suppressed.map(({ id }) => ({ type: 'set', id, status: 'cleared', clearedAt: 0 }) as const);
          return commitOne(storage, { ...change, alerts: [...clears, ...change.alerts] });
        }),
    }),
  },
  {
    promise: 'S2',
    does: 'counts no repeat of an alert that is suppressed',
    breaks: (storage) => ({
      commit: (changes) =>
        oneByOne(changes, async (change) => {
          const suppressed = await storage.listAlerts(change.tenant, { status: 'suppressed' });
          const isQuiet = (one: AlertChange) => one.type === 'repeat' && suppressed.some(({ id }) => id === one.id);
          return change.alerts.some(isQuiet) ? 'conflict' : commitOne(storage, change);
        }),
    }),
  },
  {
    promise: 'S2',
    does: 'leaves an alert out of the incident that it is moved into',
    breaks: (storage) =>
      altering(storage, (change) =>
        settingWith(change, (set) => (set.incidentId !== undefined && set.status !== undefined ? without(set) : set)),
      ),
  },
  {
    promise: 'S2',
    does: 'does what is set last after all that clears',
    breaks: (storage) =>
      altering(storage, (change) => {
        const isOpening = (one: AlertChange) => one.type === 'set' && one.status === 'firing';
        return {
          ...change,
          alerts: [...change.alerts.filter((one) => !isOpening(one)), ...change.alerts.filter(isOpening)],
        };
      }),
  },
  {
    promise: 'S9',
    does: 'keeps the moment that came last',
    breaks: (storage) => firing(storage, (_, told) => told),
  },
  {
    promise: 'S9',
    does: 'keeps the first moment of all',
    breaks: (storage) => firing(storage, (known, told) => known ?? told),
  },
  {
    promise: 'S9',
    does: 'forgets the moments of repeats',
    breaks: (storage) => firing(storage, (known) => known),
  },
  {
    promise: 'S11',
    does: 'never says anything else than at first',
    breaks: (storage) => altering(storage, (change) => settingWith(change, ({ content: _, ...set }) => set)),
  },
  {
    promise: 'S11',
    does: 'keeps the body of a content that has none',
    breaks: (storage) => ({
      commit: (changes) =>
        oneByOne(changes, async (change) => {
          const rows = await storage.listAlerts(change.tenant, {});
          return commitOne(
            storage,
            settingWith(change, (set) => {
              const body = set.content?.body ?? rows.find(({ id }) => id === set.id)?.body;
              return set.content === undefined ? set : { ...set, content: { ...set.content, body } };
            }),
          );
        }),
    }),
  },
  {
    promise: 'S12',
    does: 'lists alerts of no incident with those of any',
    breaks: (storage) => ({
      async listAlerts(tenant, filter) {
        const { incidentId, ...others } = filter;
        const all = await storage.listAlerts(tenant, others);
        if (incidentId === undefined) return all;
        return all.filter((alert) => (alert.incidentId ?? incidentId) === incidentId);
      },
    }),
  },
  {
    promise: 'S12',
    does: 'says of an alert of no incident that it belongs to one without a name',
    breaks: (storage) => ({
      async load(query) {
        const loaded = await storage.load(query);
        return { ...loaded, alerts: loaded.alerts.map((alert) => ({ incidentId: '', ...alert })) };
      },
    }),
  },
  {
    promise: 'S14',
    does: 'forgets alerts of no incident that are still open',
    breaks: (storage) => ({
      async prune(tenant, options) {
        const suppressed = await storage.listAlerts(tenant, { status: 'suppressed' });
        const alerts = suppressed.map(({ id }) => ({ type: 'set', id, status: 'cleared', clearedAt: 0 }) as const);
        await commitOne(storage, only({ tenant } as Change, { alerts }));
        return storage.prune(tenant, options);
      },
    }),
  },
  {
    promise: 'S14',
    does: 'forgets alerts of no incident whenever they cleared',
    breaks: (storage) => ({
      async prune(tenant, options) {
        const cleared = await storage.listAlerts(tenant, { status: 'cleared' });
        const ofNone = cleared.filter(({ incidentId }) => incidentId === undefined);
        const alerts = ofNone.map(({ id }) => ({ type: 'set', id, clearedAt: 0 }) as const);
        await commitOne(storage, only({ tenant } as Change, { alerts }));
        return storage.prune(tenant, options);
      },
    }),
  },
  {
    promise: 'S14',
    does: 'keeps alerts of no incident for ever',
    breaks(storage) {
      const kept = new Map<string, Awaited<ReturnType<Storage['listAlerts']>>>();
      return {
        async prune(tenant, options) {
          const rows = await storage.listAlerts(tenant, {});
          kept.set(
            tenant,
            rows.filter(({ incidentId }) => incidentId === undefined),
          );
          return storage.prune(tenant, options);
        },
        async listAlerts(tenant, filter) {
          const rows = await storage.listAlerts(tenant, filter);
          const gone = (kept.get(tenant) ?? []).filter(({ id }) => !rows.some((row) => row.id === id));
          return [...rows, ...gone];
        },
      };
    },
  },
];

type SetChange = Extract<AlertChange, { readonly type: 'set' }>;

function settingWith(change: Change, alter: (set: SetChange) => SetChange): Change {
  return { ...change, alerts: change.alerts.map((one) => (one.type === 'set' ? alter(one) : one)) };
}

const without = ({ incidentId: _, ...set }: SetChange): SetChange => set;

/** Keeps of the moment that is known and the one that a repeat tells what `choose` says. */
function firing(
  storage: Storage,
  choose: (known: number | undefined, told: number) => number | undefined,
): Pick<Storage, 'commit'> {
  return {
    commit: (changes) =>
      oneByOne(changes, async (change) => {
        const before = await storage.listAlerts(change.tenant, {});
        const answer = await commitOne(storage, change);
        for (const one of change.alerts) {
          if (one.type !== 'repeat' || one.occurredAt === undefined) continue;
          const [alert] = await storage.listAlerts(change.tenant, { id: one.id });
          if (alert === undefined) continue;
          const occurredAt = choose(before.find(({ id }) => id === one.id)?.occurredAt, one.occurredAt);
          await commitOne(storage, only(change, { alerts: [{ type: 'open', alert: { ...alert, occurredAt } }] }));
        }
        return answer;
      }),
  };
}
