/**
 * Mutants: bugs that are planted between a node and its storage or its notifier, to see that the simulation finds them.
 *
 * Each is a wrapper of a port; the engine has no switch for any of them.
 */

import type { IncidentSnapshot } from '../../src/core/lifecycle/index.ts';
import type {
  AlertEvent,
  Change,
  DocumentKey,
  IncidentChange,
  Notifier,
  Storage,
  StoredDocument,
  StoredTimer,
} from '../../src/index.ts';

/** What a mutant may use. */
export type Laboratory = {
  /** Lets time pass, as a second call to the storage would; never ends when the node has died meanwhile. */
  pause(): Promise<void>;
  /** The token that was handed out last for a delivery. */
  holderOf(tenant: string, id: string): number | undefined;
};

/** What a platform tells; `echo` is what it was when we did it ourselves. */
export type Told = {
  readonly event: AlertEvent;
  readonly echo: NonNullable<AlertEvent['external']>['change'] | undefined;
};

/** A planted bug. */
export type Mutant = {
  readonly name: string;
  readonly storage?: (storage: Storage, laboratory: Laboratory) => Storage;
  readonly notifier?: (notifier: Notifier) => Notifier;
  /** A source that reads what platforms tell. */
  readonly source?: (told: Told) => AlertEvent;
};

const timerKey = ({ tenant, ownerId, kind, armedSeq }: StoredTimer) => `${tenant}/${ownerId}/${kind}/${armedSeq}`;

/** Commits `first` of each change, and what is left of them in a second commit some time later. */
export function inTwoCommits(
  storage: Storage,
  { pause }: Laboratory,
  split: (change: Change) => { readonly first: Change; readonly rest: Change | undefined },
): Storage {
  return {
    ...storage,
    async commit(changes) {
      const parts = changes.map(split);
      const answers = await storage.commit(parts.map(({ first }) => first));
      const rest = parts.flatMap(({ rest }, index) =>
        rest !== undefined && answers[index] === 'applied' ? [rest] : [],
      );
      if (rest.length === 0) return answers;
      await pause();
      await storage.commit(rest);
      return answers;
    },
  };
}

/** `storage`, whose commits leave out the documents or slots of a kind. */
export const forgetting = (storage: Storage, what: 'documents' | 'slots', kind: string): Storage => ({
  ...storage,
  commit: (changes) =>
    storage.commit(
      changes.map((change) => ({
        ...change,
        ...(what === 'documents'
          ? { documents: change.documents.filter(({ collection }) => collection !== kind) }
          : { slots: change.slots.filter((slot) => slot.kind !== kind) }),
      })),
    ),
});

export const NOTHING = {
  incidents: [],
  alerts: [],
  timers: [],
  withdrawals: [],
  deliveries: [],
  documents: [],
  slots: [],
  counters: [],
};

/** The bugs of what is stored and when. */
export const STORAGE_MUTANTS: readonly Mutant[] = [
  {
    name: 'acknowledge before send',
    storage: (storage) => ({
      ...storage,
      async extendDelivery(tenant, id, token, leaseMs) {
        if (!(await storage.extendDelivery(tenant, id, token, leaseMs))) return false;
        await storage.settleDelivery(tenant, id, token, { state: 'sent' });
        return true;
      },
    }),
  },
  {
    name: 'no lease reclaim',
    storage: (storage) => {
      const seen = new Set<string>();
      const isFirst = (key: string) => !seen.has(key) && seen.add(key) !== undefined;
      return {
        ...storage,
        async claimTimers(query) {
          const { now, timers } = await storage.claimTimers(query);
          return { now, timers: timers.filter((timer) => isFirst(timerKey(timer))) };
        },
        async claimDeliveries(query) {
          const { now, deliveries } = await storage.claimDeliveries(query);
          return { now, deliveries: deliveries.filter(({ isReclaimed }) => !isReclaimed) };
        },
      };
    },
  },
  {
    name: 'outbox outside the transaction',
    storage: (storage, laboratory) =>
      inTwoCommits(storage, laboratory, (change) => ({
        first: { ...change, deliveries: [] },
        rest:
          change.deliveries.length === 0
            ? undefined
            : {
                ...NOTHING,
                commitId: `${change.commitId}-outbox`,
                tenant: change.tenant,
                deliveries: change.deliveries,
              },
      })),
  },
  {
    name: 'key per attempt',
    notifier: (notifier) => {
      const attempts = new Map<string, number>();
      return {
        ...notifier,
        send(message, options) {
          const attempt = (attempts.get(options.idempotencyKey) ?? 0) + 1;
          attempts.set(options.idempotencyKey, attempt);
          const idempotencyKey = attempt === 1 ? options.idempotencyKey : `${options.idempotencyKey}#${attempt}`;
          return notifier.send(message, { ...options, idempotencyKey });
        },
      };
    },
  },
  {
    name: 'timer without compare-and-set',
    storage: (storage) => ({
      ...storage,
      async commit(changes) {
        const current = changes.map(async (change): Promise<Change> => {
          const isTimer = change.incidents.some(({ events }) => events[0]?.type === 'timer.fired');
          if (!isTimer) return change;
          const incidents = change.incidents.map((part) => appended(storage, change.tenant, part));
          return { ...change, incidents: await Promise.all(incidents) };
        });
        return storage.commit(await Promise.all(current));
      },
    }),
  },
  {
    name: 'stale timer accepted',
    storage: (storage) => {
      const claimed = new Map<string, StoredTimer[]>();
      return {
        ...storage,
        async claimTimers(query) {
          const answer = await storage.claimTimers(query);
          for (const timer of answer.timers) {
            const key = `${timer.tenant}/${timer.ownerId}`;
            claimed.set(key, [...(claimed.get(key) ?? []), timer]);
          }
          return answer;
        },
        // The engine compares what it claimed with what it loads next: here the two always agree.
        async load(query) {
          const loaded = await storage.load(query);
          const incidents = loaded.incidents.map((row) => {
            const timers = claimed.get(`${row.tenant}/${row.id}`) ?? [];
            claimed.delete(`${row.tenant}/${row.id}`);
            return { ...row, snapshot: withTimers(row.snapshot as IncidentSnapshot, timers) };
          });
          return { ...loaded, incidents };
        },
      };
    },
  },
  {
    name: 'withdrawal outside the acknowledging commit',
    storage: (storage, laboratory) =>
      inTwoCommits(storage, laboratory, (change) => ({
        first: { ...change, withdrawals: [] },
        rest:
          change.withdrawals.length === 0
            ? undefined
            : {
                ...NOTHING,
                commitId: `${change.commitId}-back`,
                tenant: change.tenant,
                withdrawals: change.withdrawals,
              },
      })),
  },
  {
    name: 'retry without commitId',
    storage: (storage) => {
      let calls = 0;
      return {
        ...storage,
        commit: (changes) => {
          calls += 1;
          return storage.commit(changes.map((change) => ({ ...change, commitId: `${change.commitId}-${calls}` })));
        },
      };
    },
  },
  {
    name: 'unfenced settle',
    storage: (storage, { holderOf }) => ({
      ...storage,
      settleDelivery: (tenant, id, token, outcome) =>
        storage.settleDelivery(tenant, id, holderOf(tenant, id) ?? token, outcome),
    }),
  },
  {
    name: 'schedules from a cache',
    storage: (storage) => {
      const first = new Map<string, readonly StoredDocument[]>();
      const isLatest = ({ collection }: DocumentKey) => collection === 'on-call-latest';
      return {
        ...storage,
        // Whatever this process has heard of first is what it goes on believing.
        async load(query) {
          const loaded = await storage.load(query);
          if (!query.documents?.some(isLatest)) return loaded;
          const known = first.get(query.tenant) ?? loaded.documents.filter(isLatest);
          first.set(query.tenant, known);
          return { ...loaded, documents: [...loaded.documents.filter((one) => !isLatest(one)), ...known] };
        },
      };
    },
  },
  {
    name: 'handoffs without a timer',
    storage: (storage) => ({
      ...storage,
      commit: (changes) =>
        storage.commit(
          changes.map((change) => ({
            ...change,
            timers: change.timers.filter(({ ownerKind }) => ownerKind !== 'schedule'),
          })),
        ),
    }),
  },
];

function withTimers(snapshot: IncidentSnapshot, timers: readonly StoredTimer[]): IncidentSnapshot {
  const live: Record<string, { readonly armedSeq: number; readonly dueAt: number }> = { ...snapshot.timers };
  for (const { kind, armedSeq, dueAt } of timers) if (kind in live) live[kind] = { armedSeq, dueAt };
  return { ...snapshot, timers: live };
}

/** The same events, put behind whatever is stored by now. */
async function appended(storage: Storage, tenant: string, part: IncidentChange): Promise<IncidentChange> {
  const { incidents } = await storage.load({ tenant, incidents: [part.id] });
  const { length } = await storage.timeline(tenant, part.id);
  const events = part.events.map((event, index) => ({ ...event, seq: length + index + 1 }));
  return { ...part, events, expectedVersion: incidents[0]?.version ?? 0 };
}
