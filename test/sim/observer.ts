/**
 * The observer: sits on the storage and looks, after each commit, whether what is stored is what should be.
 *
 * It reads through the storage port only, and never changes anything.
 */

import type { IncidentSnapshot } from '../../src/core/lifecycle/index.ts';
import { replay } from '../../src/core/lifecycle/index.ts';
import type { ClaimedDelivery, Storage, StoredDelivery, TimelineEvent } from '../../src/index.ts';
import { createOracle, type Oracle, type OwedPage } from './oracle.ts';
import type { Simulation } from './simulation.ts';
import { addressOf, SECOND_CONTACT_MS } from './tenants.ts';

/** An incident as the observer knows it. */
export type Watched = {
  readonly tenant: string;
  readonly id: string;
  version: number;
  seq: number;
  last: string;
  readonly oracle: Oracle;
  rows: readonly StoredDelivery[];
};

/** Whoever looks. */
export type Observer = {
  /** The storage, with somebody looking. */
  readonly storage: Storage;
  incidents(): readonly Watched[];
  incident(tenant: string, id: string): Watched | undefined;
  timeline(tenant: string, id: string): Promise<readonly TimelineEvent[]>;
  /** The token that was handed out last for a delivery. */
  holderOf(tenant: string, id: string): number | undefined;
  /** Compares every incident with its whole timeline. */
  audit(): Promise<void>;
};

/** How many incidents are compared with their whole timeline at the end of a simulation. */
const MOST_AUDITED = 5;
/** Every delivery of an incident. */
const ALL = 100_000;

/** Looks at `storage`. */
export function observe(sim: Simulation, storage: Storage): Observer {
  const { journal, scheduler } = sim;
  const watched = new Map<string, Watched>();
  const holders = new Map<string, number>();
  const applied = new Set<string>();

  function known(tenant: string, id: string): Watched {
    const found = watched.get(`${tenant}/${id}`);
    if (found !== undefined) return found;
    const complain = (invariant: string, text: string) =>
      journal.violate(invariant, `incident ${tenant}/${id}: ${text}`);
    const fresh: Watched = {
      tenant,
      id,
      version: 0,
      seq: 0,
      last: '',
      rows: [],
      oracle: createOracle({ ...sim.oracleWorld(tenant), hasFailed: (page) => hasFailed(fresh, page), complain }),
    };
    watched.set(`${tenant}/${id}`, fresh);
    journal.count('incidents');
    return fresh;
  }

  /** Whether the people of a page were refused for good, each of them. */
  const hasFailed = ({ tenant, rows }: Watched, page: number) =>
    rows.some((row) => row.page === page) &&
    rows.every(
      (row) => row.page !== page || sim.receiver.receipt(tenant, row.id)?.isRefused === true || row.attempts >= 20,
    );

  async function inspect(tenant: string, id: string, commits: number): Promise<void> {
    const found = known(tenant, id);
    const before = { version: found.version, seq: found.seq, last: found.last };
    const complain = (invariant: string, text: string) =>
      journal.violate(invariant, `incident ${tenant}/${id}: ${text}`);
    const [{ incidents }, events, rows] = await Promise.all([
      storage.load({ tenant, incidents: [id] }),
      storage.timeline(tenant, id),
      storage.listDeliveries(tenant, { incidentId: id, limit: ALL }),
    ]);
    const row = incidents.find((incident) => incident.id === id);
    if (row === undefined) return complain('I1', 'it was committed and is not there');
    if (row.tenant !== tenant) complain('I12', `it is of tenant ${row.tenant}`);
    if (row.version !== before.version + commits)
      complain('I9', `its version is ${row.version} after ${before.version} and ${commits} commits`);
    if (before.seq > 0 && JSON.stringify(events[before.seq - 1]) !== before.last)
      complain('I10', `event ${before.seq} was rewritten`);
    found.rows = rows;
    for (const event of events.slice(before.seq)) {
      if (event.at > scheduler.now())
        complain('B1', `event ${event.seq} is ${event.at - scheduler.now()} ms ahead of the storage's clock`);
      const dueAt = event.type === 'timer.fired' ? found.oracle.timers.get(event.kind) : undefined;
      found.oracle.apply(event);
      journal.count('events');
      journal.count(`event: ${event.type}`);
      if (event.type === 'page.requested') journal.count('pages');
      if (event.type === 'timer.fired') sim.fired(found, event, dueAt);
    }
    found.oracle.conclude();
    found.version = row.version;
    found.seq = events.length;
    found.last = JSON.stringify(events.at(-1));
    compareTimers(found, row.snapshot as IncidentSnapshot, complain);
    compareRows(found, before.seq, complain);
    return undefined;
  }

  return {
    storage: {
      ...storage,
      async commit(changes) {
        const answers = await storage.commit(changes);
        journal.count('commits', answers.length);
        const commits = new Map<string, { tenant: string; id: string; count: number }>();
        for (const [index, { tenant, incidents, documents, commitId }] of changes.entries()) {
          if (answers[index] !== 'applied' || applied.has(`${tenant}/${commitId}`)) continue;
          applied.add(`${tenant}/${commitId}`);
          for (const { collection, data } of documents)
            if (collection === 'on-call') sim.roster.saw(tenant, data, scheduler.now());
          for (const { id } of incidents) {
            const key = `${tenant}/${id}`;
            commits.set(key, { tenant, id, count: (commits.get(key)?.count ?? 0) + 1 });
          }
        }
        for (const { tenant, id, count } of commits.values()) await inspect(tenant, id, count);
        return answers;
      },
      async claimDeliveries(query) {
        const answer = await storage.claimDeliveries(query);
        for (const { delivery, token } of answer.deliveries) handOut(delivery, token);
        return answer;
      },
      async settleDelivery(tenant, id, token, outcome) {
        const settled = await storage.settleDelivery(tenant, id, token, outcome);
        // Sent means that somebody received it.
        if (settled?.state === 'sent' && (sim.receiver.receipt(tenant, id)?.delivered ?? 0) === 0)
          journal.violate('I8', `${tenant}/${id} is settled as sent and reached nobody`);
        return settled;
      },
    },
    incidents: () => [...watched.values()],
    incident: (tenant, id) => watched.get(`${tenant}/${id}`),
    timeline: (tenant, id) => storage.timeline(tenant, id),
    holderOf: (tenant, id) => holders.get(`${tenant}/${id}`),
    async audit() {
      for (const { tenant, id } of [...watched.values()].slice(0, MOST_AUDITED)) {
        const [{ incidents }, events] = await Promise.all([
          storage.load({ tenant, incidents: [id] }),
          storage.timeline(tenant, id),
        ]);
        const stored = JSON.stringify(sorted(incidents.find((row) => row.id === id)?.snapshot));
        if (stored !== JSON.stringify(sorted(replay(events))))
          journal.violate('I10', `incident ${tenant}/${id} is not what its timeline says`);
      }
    },
  };

  function handOut(delivery: ClaimedDelivery['delivery'], token: number): void {
    const key = `${delivery.tenant}/${delivery.id}`;
    const before = holders.get(key) ?? Number.NEGATIVE_INFINITY;
    if (token <= before) journal.violate('I9', `${key} was handed out under token ${token} after ${before}`);
    const page = watched.get(`${delivery.tenant}/${delivery.incidentId}`)?.oracle.pages.get(delivery.page);
    if (page?.isLive !== true) journal.violate('I5', `${key} was handed out and nobody waits for it`);
    holders.set(key, token);
  }
}

type Complain = (invariant: string, text: string) => void;

function compareTimers({ oracle }: Watched, { timers }: IncidentSnapshot, complain: Complain): void {
  const text = (entries: Iterable<readonly [string, number]>) =>
    [...entries]
      .map(([kind, dueAt]) => `${kind} at ${dueAt}`)
      .sort()
      .join(', ');
  const stored = text(Object.entries(timers).map(([kind, timer]) => [kind, timer.dueAt] as const));
  const expected = text(oracle.timers);
  if (stored !== expected) complain('I7', `its timers are ${stored || 'none'} and should be ${expected || 'none'}`);
}

/** Each page that is owed has its rows; each row has its page; what was taken back stays back. */
function compareRows({ tenant, oracle, rows }: Watched, seqBefore: number, complain: Complain): void {
  const wanted = new Map<string, { readonly page: OwedPage; readonly dueAt: number }>(
    [...oracle.pages.values()].flatMap((page) =>
      contactsOf(page).map(
        (contact) => [`${page.seq} ${contact.user} ${contact.contact}`, { page, ...contact }] as const,
      ),
    ),
  );
  for (const row of rows) {
    const key = `${row.page} ${row.user} ${row.contact}`;
    const owed = wanted.get(key);
    wanted.delete(key);
    if (owed === undefined) complain('I2', `delivery ${row.id} belongs to no page, or is there twice`);
    else if (!owed.page.isLive && (row.state === 'pending' || row.state === 'leased'))
      complain('I5', `delivery ${row.id} is ${row.state} and its page was answered`);
    else if (owed.page.isLive && row.state === 'withdrawn')
      complain('I8', `delivery ${row.id} was taken back and somebody waits for it`);
    if (row.tenant !== tenant || row.address !== addressOf(tenant, row.user ?? '', row.contact))
      complain('I12', `delivery ${row.id} goes to ${row.address}`);
    if (owed !== undefined && row.page > seqBefore && row.dueAt !== owed.dueAt)
      complain('I4', `delivery ${row.id} is due at ${row.dueAt} and should be at ${owed.dueAt}`);
  }
  for (const [key, { page }] of wanted)
    if (page.isLive || page.seq > seqBefore) complain('I2', `page ${page.seq} has no delivery ${key}`);
}

function contactsOf({ users, isHigh, at }: OwedPage) {
  return [...users].flatMap((user) => [
    { user, contact: 'sms', dueAt: at },
    ...(isHigh ? [{ user, contact: 'voice', dueAt: at + SECOND_CONTACT_MS }] : []),
  ]);
}

/** The same value with its keys in order, so that two of them can be compared as text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
