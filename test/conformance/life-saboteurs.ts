/**
 * Saboteurs of S13, S14 and S16: transactions of a host, pruning, and migrating.
 */
import { readSnapshot } from '../../src/core/lifecycle/readable.ts';
import type { Change, Storage, StorageSession } from '../../src/ports/storage.ts';
import { commitOne, freshId, only, type Saboteur } from './saboteur.ts';

const key = (id: string) => ({ collection: 'n', id });

export const LIFE_SABOTEURS: readonly Saboteur[] = [
  {
    promise: 'S13',
    does: 'writes at once what is done within a transaction',
    breaks: (storage) => inSession(storage, () => ({ commit: storage.commit })),
  },
  {
    promise: 'S13',
    does: 'never writes what is done within a transaction',
    breaks: (storage) => inSession(storage, () => ({ commit: async (changes) => changes.map(() => 'applied') })),
  },
  {
    promise: 'S13',
    does: 'forgets the commit ids of a transaction',
    breaks: (storage) =>
      inSession(storage, (session) => ({
        commit: (changes) => session.commit(changes.map((change) => ({ ...change, commitId: freshId() }))),
      })),
  },
  {
    promise: 'S13',
    does: 'lets a conflict spoil the transaction',
    breaks: (storage) => {
      let isSpoilt = false;
      return inSession(storage, (session) => ({
        async commit(changes) {
          if (isSpoilt) throw new Error('current transaction is aborted');
          const answers = await session.commit(changes);
          isSpoilt = answers.includes('conflict');
          return answers;
        },
      }));
    },
  },
  ...(['load', 'timeline'] as const).map(
    (method): Saboteur => ({
      promise: 'S13',
      does: `does not see its own writes in ${method}`,
      breaks: (storage) => inSession(storage, () => ({ [method]: storage[method] })),
    }),
  ),
  {
    promise: 'S13',
    does: 'takes anything for a client',
    breaks: (storage) => ({
      withClient(client) {
        try {
          return storage.withClient(client);
        } catch {
          return storage;
        }
      },
    }),
  },
  {
    promise: 'S14',
    does: 'prunes what ended at any time',
    breaks: (storage) => pruningWith(storage, { endedBefore: 9e12 }),
  },
  { promise: 'S14', does: 'prunes all there is at once', breaks: (storage) => pruningWith(storage, { limit: 9_999 }) },
  { promise: 'S14', does: 'prunes nothing', breaks: () => ({ prune: async () => 0 }) },
  {
    promise: 'S14',
    does: 'prunes what still has a timer',
    breaks: (storage) => ({
      async prune(tenant, options) {
        const timers = [{ type: 'cancel', ownerKind: 'incident', ownerId: 'timer', kind: 'reviewPending' }] as const;
        await commitOne(storage, only({ tenant } as Change, { timers }));
        return storage.prune(tenant, options);
      },
    }),
  },
  {
    promise: 'S14',
    does: 'prunes what still has deliveries',
    breaks: (storage) => ({
      async prune(tenant, options) {
        const withdrawals = ['waiting', 'leased'].map((incidentId) => ({ incidentId, beforePage: 99, because: 'x' }));
        await commitOne(storage, only({ tenant } as Change, { withdrawals }));
        return storage.prune(tenant, options);
      },
    }),
  },
  {
    promise: 'S14',
    does: 'prunes what is only resolved',
    breaks: (storage) => ({
      async prune(tenant, options) {
        const { items } = await storage.listIncidents(tenant, { phases: ['resolved'] });
        return items.length + (await storage.prune(tenant, options));
      },
    }),
  },
  {
    promise: 'S14',
    does: 'goes by the moment at which an incident was closed, whatever came after',
    breaks: (storage) => ({
      async prune(tenant, options) {
        const { items } = await storage.listIncidents(tenant, { phases: ['closed'] });
        const { endedBefore = 0, limit } = options;
        const over = items.filter(({ id, snapshot }) => {
          const read = readSnapshot(id, snapshot);
          return read.kind === 'current' && (read.snapshot.context.times.closedAt ?? endedBefore) < endedBefore;
        });
        if (over.length === 0) return storage.prune(tenant, options);
        return storage.prune(tenant, { endedBefore: 9e12, limit: Math.min(limit, over.length) });
      },
    }),
  },
  {
    promise: 'S14',
    does: 'leaves the timelines of what it prunes',
    breaks(storage) {
      const kept = new Map<string, Awaited<ReturnType<Storage['timeline']>>>();
      return {
        async prune(tenant, options) {
          const { items } = await storage.listIncidents(tenant, {});
          for (const { id } of items) kept.set(id, await storage.timeline(tenant, id));
          return storage.prune(tenant, options);
        },
        timeline: async (tenant, id) => kept.get(id) ?? storage.timeline(tenant, id),
      };
    },
  },
  ...(['listAlerts', 'listDeliveries'] as const).map(
    (list): Saboteur => ({
      promise: 'S14',
      does: `leaves in ${list} what belongs to what it prunes`,
      breaks(storage) {
        let kept: readonly unknown[] | undefined;
        return {
          async prune(tenant, options) {
            kept ??= await storage[list](tenant, {});
            return storage.prune(tenant, options);
          },
          [list]: async (tenant: string, filter: object) => kept ?? storage[list](tenant, filter),
        };
      },
    }),
  ),
  {
    promise: 'S14',
    does: 'prunes documents that are still wanted',
    breaks: (storage) => ({
      async prune(tenant, options) {
        const documents = await storage.listDocuments(tenant, { collection: 'c' });
        const removals = documents.map(({ collection, id, version }) => ({
          ...{ collection, id, expectedVersion: version },
          data: undefined,
        }));
        await commitOne(storage, only({ tenant } as Change, { documents: removals }));
        return storage.prune(tenant, options);
      },
    }),
  },
  {
    promise: 'S14',
    does: 'remembers commit ids for ever',
    breaks(storage) {
      const seen = new Set<string>();
      return {
        async commit(changes) {
          const answers = await storage.commit(changes.filter(({ commitId }) => !seen.has(commitId)));
          const queue = [...answers];
          return changes.map(({ commitId }) => {
            const answer = seen.has(commitId) ? 'applied' : queue.shift()!;
            if (answer === 'applied') seen.add(commitId);
            return answer;
          });
        },
      };
    },
  },
  {
    promise: 'S16',
    does: 'cannot migrate twice at once',
    breaks(storage) {
      let isMigrating = false;
      return {
        async migrate() {
          if (isMigrating) throw new Error('relation already exists');
          isMigrating = true;
          await storage.migrate();
          isMigrating = false;
        },
      };
    },
  },
  {
    promise: 'S16',
    does: 'begins anew when it migrates',
    breaks: (storage) => ({
      async migrate() {
        await storage.migrate();
        const tenant = 'acme';
        const { slots } = await storage.load({ tenant, slots: [{ kind: 'group', key: 'k' }] });
        const given = slots.map((slot) => ({ ...slot, expectedVersion: slot.version, owner: undefined }));
        await commitOne(storage, only({ tenant } as Change, { slots: given }));
      },
    }),
  },
  { promise: 'S16', does: 'takes newer data for its own', breaks: () => ({ migrate: async () => {} }) },
  {
    promise: 'S16',
    does: 'refuses newer data without saying why',
    breaks: (storage) => ({
      migrate: () =>
        storage.migrate().catch(() => {
          throw new Error('no such column');
        }),
    }),
  },
  {
    promise: 'S16',
    does: 'refuses newer data after it has changed them',
    breaks: (storage) => ({
      migrate: () =>
        storage.migrate().catch(async (error) => {
          await commitOne(storage, only({ tenant: 'acme' } as Change, { counters: [{ ...key('d'), add: 1 }] }));
          throw error;
        }),
    }),
  },
  {
    promise: 'S16',
    does: 'refuses newer data once',
    breaks(storage) {
      let isRefused = false;
      return {
        migrate: () =>
          storage.migrate().catch((error) => {
            if (isRefused) return;
            isRefused = true;
            throw error;
          }),
      };
    },
  },
];

function inSession(
  storage: Storage,
  breaks: (session: StorageSession) => Partial<StorageSession>,
): Pick<Storage, 'withClient'> {
  return {
    withClient(client) {
      const session = storage.withClient(client);
      return { ...session, ...breaks(session) };
    },
  };
}

function pruningWith(
  storage: Storage,
  more: { readonly endedBefore?: number; readonly limit?: number },
): Pick<Storage, 'prune'> {
  return { prune: (tenant, options) => storage.prune(tenant, { ...options, ...more }) };
}
