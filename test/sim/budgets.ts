/**
 * Budgets: whether no address gets more than it should of what can wait, and nothing that was put off is forgotten.
 *
 * A second opinion: it reads what is stored about addresses after each commit, and counts for itself.
 */
import type { Change, Storage, StoredDelivery } from '../../src/index.ts';
import type { BudgetMs, ContactName } from './channels.ts';
import type { Simulation } from './simulation.ts';

/** Whoever counts. */
export type Budgets = {
  /** Looks at what a commit says of addresses. */
  checkCommit(change: Change, storage: Storage): Promise<void>;
  /** A delivery was put off: the first page of an incident to a person never is, but for a channel that fails. */
  checkHeld(row: StoredDelivery, storage: Storage): Promise<void>;
  /** Whether a message was counted before it went out, where messages are counted. */
  isCounted(tenant: string, contact: string, id: string): boolean;
  /** Whether a delivery waits for its budget, or for the message that lists it. */
  isWaiting(tenant: string, id: string): boolean;
};

type Sent = { readonly id: string; readonly at: number };
type Log = {
  readonly sent: readonly Sent[];
  readonly held: readonly string[];
  readonly bundles: readonly { readonly leader: string; readonly members: readonly string[] }[];
};
type Known = { readonly sent: Sent[]; held: readonly string[]; listed: ReadonlySet<string> };

const ASKING = ['step', 'fallback', 'responder', 'handoff'];
/** What somebody waits for, or what is to be found out, never waits. */
const AT_ONCE = ['verification', 'canary', 'emergency'];
/** How long before a decision whatever it was made from may have been read. */
const STALE_MS = 150_000;

/** Nobody has sent anything yet. */
export function createBudgets({ journal, channels }: Simulation): Budgets {
  const logs = new Map<string, Known>();
  const counted = new Set<string>();
  const complain = (text: string) => journal.violate('I15', text);

  const knownOf = (key: string): Known => {
    const known = logs.get(key) ?? { sent: [], held: [], listed: new Set<string>() };
    logs.set(key, known);
    return known;
  };
  const limitOf = (contact: string) => channels.limits[contact as ContactName];

  /** What else of its incident asks the same person. */
  async function othersOf(row: StoredDelivery, storage: Storage): Promise<readonly StoredDelivery[]> {
    const { tenant, incidentId, user, id } = row;
    if (incidentId === undefined) return [];
    const rows = await storage.listDeliveries(tenant, { incidentId, limit: 100_000 });
    return rows.filter((other) => other.user === user && other.id !== id && isAsking(other));
  }

  /** Whether it could certainly wait at `at`: it asks nobody, or somebody had been reached long before. */
  async function couldWait(row: StoredDelivery, at: number, storage: Storage): Promise<boolean> {
    if (AT_ONCE.includes(row.purpose)) return false;
    if (!isAsking(row)) return true;
    const others = await othersOf(row, storage);
    return others.some(({ state, sentAt }) => state === 'sent' && (sentAt ?? at) < at - STALE_MS);
  }

  /** Whether it could not wait for certain: nothing of the incident was tried for the person yet. */
  async function couldNotWait(row: StoredDelivery, storage: Storage): Promise<boolean> {
    if (AT_ONCE.includes(row.purpose)) return true;
    if (!isAsking(row)) return false;
    const others = await othersOf(row, storage);
    return others.every(({ state, sentAt, attempts }) => sentAt === undefined && state !== 'leased' && attempts === 0);
  }

  async function checkLog(tenant: string, id: string, log: Log, storage: Storage): Promise<void> {
    const [contact = '', address] = JSON.parse(id) as string[];
    const key = `${tenant}/${id}`;
    const known = knownOf(key);
    const limit = limitOf(contact);
    const budgets = (address === undefined ? limit?.overall : limit?.perContact) ?? [];
    for (const sent of log.sent) {
      if (known.sent.some((one) => one.id === sent.id)) continue;
      const beyond = budgets.find((budget) => isBeyond(budget, known.sent, sent.at));
      known.sent.push(sent);
      if (address !== undefined) counted.add(`${tenant}/${sent.id}`);
      journal.count('counted');
      if (beyond === undefined) continue;
      journal.count('beyond a budget');
      const [row] = await storage.listDeliveries(tenant, { id: sent.id, limit: 1 });
      if (row !== undefined && (await couldWait(row, sent.at, storage)))
        complain(
          `${tenant}/${sent.id} could wait, and went beyond ${beyond.messages} in ${beyond.withinMs} ms to ${id}`,
        );
    }
    const listed = new Set(log.bundles.flatMap(({ members }) => members));
    for (const each of known.held) {
      const isThere = log.held.includes(each) || listed.has(each) || known.sent.some((one) => one.id === each);
      if (!isThere) complain(`${tenant}/${each} was put off and is forgotten`);
    }
    for (const { leader, members } of log.bundles) {
      if (members.every((member) => known.listed.has(member))) continue;
      journal.count('bundles');
      journal.line(`${tenant}/${leader} is to list ${members.join(' ')}`);
    }
    known.held = log.held;
    known.listed = listed;
  }

  return {
    async checkCommit({ tenant, documents }, storage) {
      for (const { collection, id, data } of documents)
        if (collection === 'budgets' && data !== undefined) await checkLog(tenant, id, data as Log, storage);
    },
    async checkHeld(row, storage) {
      const key = `${row.tenant}/${JSON.stringify([row.notifier, row.address])}`;
      // It may be put off for its channel, which failed.
      if (!knownOf(key).held.includes(row.id) || row.error?.includes('budget') !== true) return;
      journal.count('held by a budget');
      if (await couldNotWait(row, storage))
        complain(`${row.tenant}/${row.id} is the first page of its incident to ${row.user}, and was put off`);
    },
    isCounted(tenant, contact, id) {
      const limit = limitOf(contact);
      return limit === undefined || counted.has(`${tenant}/${id}`);
    },
    isWaiting: (tenant, id) =>
      [...logs].some(
        ([key, { held, listed }]) => key.startsWith(`${tenant}/`) && (held.includes(id) || listed.has(id)),
      ),
  };
}

function isAsking({ urgency, purpose, user }: StoredDelivery): boolean {
  return urgency === 'high' && user !== undefined && ASKING.includes(purpose);
}

function isBeyond({ messages, withinMs }: BudgetMs, sent: readonly Sent[], at: number): boolean {
  const filling = sent.at(-messages);
  return filling !== undefined && filling.at + withinMs > at;
}
