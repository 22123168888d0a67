/**
 * The chats: what the messages say now that can be changed after they were sent.
 *
 * They are outside every process, like the phones.
 */
import type { Message, Storage, StoredDelivery } from '../../src/index.ts';
import type { Simulation } from './simulation.ts';
import { TENANTS } from './tenants.ts';

/** What stands in the chats. */
export type Chats = {
  /** A message has arrived, or was changed; `isLate` when by a process that had no right to any more. */
  write(externalId: string, message: Message, isLate: boolean): void;
  has(externalId: string): boolean;
  /** Where nothing is under way, each message that is known by its name says how its incident is. */
  checkShown(storage: Storage): Promise<void>;
};

type Shown = { readonly message: Message; readonly at: number; readonly isOverwritten: boolean };

/** Rows that take part in what a message says after it was sent. */
const FOLLOWING: readonly string[] = ['follow', 'update'];
const PAGES: readonly string[] = ['step', 'fallback', 'reminder', 'handoff'];
/** How many messages of one incident are kept up to date. */
const MOST_UPDATES = 50;
/** How long it is looked whether what was taken back has gone out all the same. */
const LOOKED_FOR_MS = 10_000;
const ALL = 1_000_000;

/** Chats in which nothing stands yet. */
export function createChats(sim: Simulation): Chats {
  const { journal, following, scheduler } = sim;
  const shown = new Map<string, Shown>();

  function isLive({ state }: StoredDelivery): boolean {
    return state === 'pending' || state === 'leased';
  }

  function checkPage(page: StoredDelivery): void {
    const { tenant, incidentId = '', externalId = '', id } = page;
    const oracle = sim.observer.incident(tenant, incidentId)?.oracle;
    const found = shown.get(externalId);
    // What lists several incidents stays as it is; what was overwritten by a process that had lost its right cannot be helped.
    const isSingle = sim.receiver.receipt(tenant, id)?.listed.size === 0;
    if (oracle === undefined || found === undefined || !isSingle || found.isOverwritten) return;
    // Of what was taken back on its way, and is known so late to have gone out, nobody knew when it was looked for.
    const isKnownLate = page.withdrawnBecause !== undefined && (page.sentAt ?? 0) - found.at > LOOKED_FOR_MS;
    if (isKnownLate) return;
    const { status, actions } = found.message;
    const is = oracle.status();
    const name = `message ${externalId} about ${tenant}/${incidentId}`;
    journal.count('messages at rest');
    if (status !== is) journal.violate('M5', `${name} says ${status}, and the incident is ${is}`);
    if (is === 'resolved' && actions.length > 0) journal.violate('M5', `${name} can be answered, and it is over`);
  }

  return {
    write(externalId, message, isLate) {
      shown.set(externalId, { message, at: scheduler.now(), isOverwritten: isLate });
    },
    has: (externalId) => shown.has(externalId),
    async checkShown(storage) {
      if (following.canUpdate.length === 0) return;
      for (const tenant of TENANTS) {
        const rows = await storage.listDeliveries(tenant, { limit: ALL });
        const live = rows.filter(isLive);
        const busy = new Set(
          live.flatMap(({ purpose, reactsTo }) => (FOLLOWING.includes(purpose) ? (reactsTo?.incidentId ?? []) : [])),
        );
        const given = new Set(
          rows.flatMap(({ purpose, state, updates }) =>
            purpose === 'update' && state === 'dead' ? (updates ?? []) : [],
          ),
        );
        const pages = rows.filter(({ purpose, state }) => PAGES.includes(purpose) && state === 'sent');
        for (const some of Map.groupBy(pages, ({ incidentId }) => incidentId).values())
          for (const page of some.length > MOST_UPDATES ? [] : some)
            if (!busy.has(page.incidentId ?? '') && !given.has(page.externalId ?? '')) checkPage(page);
      }
    },
  };
}
