/**
 * Delivery mutants: bugs of how messages go out, planted between a node and its storage or its notifiers.
 *
 * Each is a wrapper of a port; the engine has no switch for any of them.
 */
import type { Message, Notifier, StoredDocument } from '../../src/index.ts';
import { FOLLOW_MUTANTS } from './follow-mutants.ts';
import { forgetting, inTwoCommits, type Mutant, NOTHING, STORAGE_MUTANTS } from './mutants.ts';

type Sender = Notifier['send'];

/** `notifier`, which sends as `sending` makes it. */
const sendingAs = (notifier: Notifier, sending: (send: Sender) => Sender): Notifier => ({
  ...notifier,
  send: sending((message, options) => notifier.send(message, options)),
});

const withoutWaits = (error: unknown): Error => new Error(`it failed: ${typeof error}`);

/** The contacts that people have added, all of them verified. */
function verified(document: StoredDocument): StoredDocument {
  if (document.collection !== 'contacts') return document;
  const { rows } = document.data as { readonly rows: readonly object[] };
  return { ...document, data: { rows: rows.map((row) => ({ ...row, verifiedAt: 1 })) } };
}

/** The bugs of deliveries. */
export const DELIVERY_MUTANTS: readonly Mutant[] = [
  {
    name: 'a bundle drops its members',
    notifier: (notifier) =>
      sendingAs(
        notifier,
        (send) =>
          ({ bundle: _, ...message }: Message, options) =>
            send(message, options),
      ),
  },
  {
    name: 'what is sent is not counted',
    storage: (storage) => forgetting(storage, 'documents', 'budgets'),
  },
  {
    name: 'every page may wait',
    storage: (storage) => ({
      ...storage,
      async claimDeliveries(query) {
        const answer = await storage.claimDeliveries(query);
        const deliveries = answer.deliveries.map(({ delivery, ...claimed }) => ({
          ...claimed,
          delivery: { ...delivery, urgency: 'low' as const },
        }));
        return { ...answer, deliveries };
      },
    }),
  },
  {
    name: 'a breaker never closes',
    notifier: (notifier) => {
      let failures = 0;
      return sendingAs(notifier, (send) => async (message, options) => {
        if (failures >= 2) throw new Error('left alone for ever');
        try {
          const result = await send(message, options);
          failures = 0;
          return result ?? undefined;
        } catch (error) {
          failures += 1;
          throw error;
        }
      });
    },
  },
  {
    name: 'failover under another key',
    notifier: (notifier) =>
      sendingAs(
        notifier,
        (send) => (message, options) =>
          send(
            message,
            notifier.name === 'beta' ? { ...options, idempotencyKey: `${options.idempotencyKey}:beta` } : options,
          ),
      ),
  },
  {
    name: 'a receipt of failure is ignored',
    storage: (storage) => ({
      ...storage,
      receiveDelivery: async (tenant, id, news) =>
        news.status === 'failed' ? undefined : storage.receiveDelivery(tenant, id, news),
    }),
  },
  {
    name: 'what was put off never comes back',
    storage: (storage) => ({
      ...storage,
      settleDelivery: (tenant, id, token, outcome) =>
        storage.settleDelivery(tenant, id, token, outcome.state === 'held' ? { ...outcome, afterMs: 1e10 } : outcome),
    }),
  },
  {
    name: 'answers do not take back what was put off',
    storage: (storage) => {
      const held = new Set<string>();
      return {
        ...storage,
        async settleDelivery(tenant, id, token, outcome) {
          const settled = await storage.settleDelivery(tenant, id, token, outcome);
          if (outcome.state === 'held' && settled?.state === 'pending') held.add(`${tenant}/${settled.incidentId}`);
          return settled;
        },
        commit: (changes) =>
          storage.commit(
            changes.map((change) => ({
              ...change,
              withdrawals: change.withdrawals.filter(({ incidentId }) => !held.has(`${change.tenant}/${incidentId}`)),
            })),
          ),
      };
    },
  },
  {
    name: 'nobody hears that a channel asks to wait',
    notifier: (notifier) =>
      sendingAs(notifier, (send) => async (message, options) => {
        try {
          return (await send(message, options)) ?? undefined;
        } catch (error) {
          throw withoutWaits(error);
        }
      }),
  },
  {
    name: 'reactions outside the commit',
    storage: (storage, laboratory) =>
      inTwoCommits(storage, laboratory, (change) => {
        const reactions = change.deliveries.filter(({ purpose }) => purpose === 'reaction');
        return {
          first: { ...change, deliveries: change.deliveries.filter(({ purpose }) => purpose !== 'reaction') },
          rest:
            reactions.length === 0
              ? undefined
              : {
                  ...NOTHING,
                  commitId: `${change.commitId}-reactions`,
                  tenant: change.tenant,
                  deliveries: reactions,
                },
        };
      }),
  },
  {
    name: 'the next contact waits all the same',
    storage: (storage) => ({ ...storage, hasten: async () => false }),
  },
  {
    name: 'quiet hours hold nothing back',
    storage: (storage) => ({
      ...storage,
      commit: (changes) =>
        storage.commit(
          changes.map((change) => ({
            ...change,
            deliveries: change.deliveries.map((row) =>
              row.urgency === 'low' ? { ...row, dueAt: row.requestedAt } : row,
            ),
          })),
        ),
    }),
  },
  {
    name: 'a contact that nobody has verified is used',
    storage: (storage) => ({
      ...storage,
      async load(query) {
        const loaded = await storage.load(query);
        return { ...loaded, documents: loaded.documents.map(verified) };
      },
    }),
  },
  {
    name: 'it is always the turn of the same person',
    storage: (storage) => forgetting(storage, 'slots', 'round-robin'),
  },
];

/** Every bug. */
export const MUTANTS: readonly Mutant[] = [...STORAGE_MUTANTS, ...DELIVERY_MUTANTS, ...FOLLOW_MUTANTS];
