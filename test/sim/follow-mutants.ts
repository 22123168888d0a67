/**
 * Follow mutants: bugs of what follows an incident and of how answers come back, planted between a node and its storage, its
 * notifiers or its sources.
 *
 * Each is a wrapper of a port; the engine has no switch for any of them.
 */
import type { AlertEvent, Message, Notifier, Storage, StoredDelivery } from '../../src/index.ts';
import { bringsUp } from './follow-checks.ts';
import { forgetting, inTwoCommits, type Laboratory, type Mutant, NOTHING } from './mutants.ts';

/** What it was when its row was written. */
const STATUS_THEN: Readonly<Record<string, NonNullable<Message['status']>>> = {
  opened: 'triggered',
  unacknowledged: 'triggered',
  reopened: 'triggered',
  acknowledged: 'acknowledged',
  snoozed: 'acknowledged',
  resolved: 'resolved',
};
const asItWas = (message: Message): Message => {
  const status = STATUS_THEN[message.topic ?? ''];
  return message.purpose === 'mirror' && status !== undefined ? { ...message, status } : message;
};

const sayingWhatWas = (notifier: Notifier): Notifier => {
  const { update } = notifier;
  if (update === undefined) return notifier;
  return {
    ...notifier,
    send: (message, options) => notifier.send(asItWas(message), options),
    update: (externalId, message, options) => update(externalId, asItWas(message), options),
  };
};

/** `storage`, whose commits write the deliveries that `changed` makes of them. */
const writing = (storage: Storage, changed: (row: StoredDelivery) => readonly StoredDelivery[]): Storage => ({
  ...storage,
  commit: (changes) =>
    storage.commit(changes.map((change) => ({ ...change, deliveries: change.deliveries.flatMap(changed) }))),
});

/** `storage`, whose commits leave the documents of a kind to a commit of their own. */
const writtenLater = (storage: Storage, laboratory: Laboratory, kind: string): Storage =>
  inTwoCommits(storage, laboratory, (change) => {
    const documents = change.documents.filter(({ collection }) => collection === kind);
    const rest = { ...NOTHING, commitId: `${change.commitId}-${kind}`, tenant: change.tenant, documents };
    return {
      first: { ...change, documents: change.documents.filter(({ collection }) => collection !== kind) },
      rest: documents.length === 0 ? undefined : rest,
    };
  });

const ACTIONS: Readonly<Record<string, AlertEvent['action']>> = {
  opened: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
};

/** The bugs of what follows, and of answers. */
export const FOLLOW_MUTANTS: readonly Mutant[] = [
  {
    name: 'what follows goes out in any order, each as it was then',
    // Whoever looks finds no other one that waits or is on its way.
    storage: (storage) => ({
      ...storage,
      async listDeliveries(tenant, query) {
        const rows = await storage.listDeliveries(tenant, query);
        return rows.map((row) => (bringsUp(row) && row.state !== 'dead' ? { ...row, state: 'sent' as const } : row));
      },
    }),
    notifier: sayingWhatWas,
  },
  {
    name: 'answers take mirrors back',
    storage: (storage) => writing(storage, (row) => [row.purpose === 'mirror' ? { ...row, page: 0 } : row]),
  },
  {
    name: 'messages that were sent stay as they are',
    storage: (storage) => writing(storage, (row) => (row.purpose === 'update' ? [] : [row])),
  },
  {
    name: 'follow rows outside the commit',
    storage: (storage, laboratory) =>
      inTwoCommits(storage, laboratory, (change) => {
        const follows = change.deliveries.filter(({ purpose }) => purpose === 'follow');
        const rest = { ...NOTHING, commitId: `${change.commitId}-follows`, tenant: change.tenant, deliveries: follows };
        return {
          first: { ...change, deliveries: change.deliveries.filter(({ purpose }) => purpose !== 'follow') },
          rest: follows.length === 0 ? undefined : rest,
        };
      }),
  },
  {
    name: 'pages are told after the commit',
    storage: (storage, laboratory) => writtenLater(storage, laboratory, 'status'),
  },
  {
    name: 'numbers are written after the commit',
    storage: (storage, laboratory) => writtenLater(storage, laboratory, 'numbers'),
  },
  {
    name: 'a token is taken as often as it comes',
    storage: (storage) => forgetting(storage, 'slots', 'action'),
  },
  {
    name: 'nothing that happened elsewhere is too late',
    source: ({ event: { occurredAt: _, ...event } }) => event,
  },
  {
    name: 'what happened elsewhere is done in the order in which it is told',
    storage: (storage) => forgetting(storage, 'slots', 'external-heard'),
  },
  {
    name: 'an echo is taken for somebody',
    source: ({ event, echo }) => {
      const { external } = event;
      if (echo === undefined || external === undefined) return event;
      return { ...event, action: ACTIONS[echo] ?? 'change', external: { ...external, change: echo } };
    },
  },
];
