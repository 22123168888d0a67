/**
 * The observer: sits on the storage and looks, after each commit, whether what is stored is what should be.
 *
 * It reads through the storage port only, and never changes anything.
 */

import type { IncidentSnapshot } from '../../src/core/lifecycle/index.ts';
import { replay } from '../../src/core/lifecycle/index.ts';
import type { ClaimedDelivery, Storage, StoredDelivery, TimelineEvent } from '../../src/index.ts';
import { bringsUp, checkFollower, checkFollows, followsIn } from './follow-checks.ts';
import { wrongNumbers } from './numbers-checks.ts';
import { createOracle, isLiveFor, type Oracle } from './oracle.ts';
import { compareRows, compareTimers, sorted } from './rows.ts';
import { watchSettling } from './settling.ts';
import type { Simulation } from './simulation.ts';
import { recordKey, wrongRecord } from './status-checks.ts';
import type { Tenant } from './tenants.ts';

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
  delivery(tenant: string, id: string): Promise<StoredDelivery | undefined>;
  /** The token that was handed out last for a delivery. */
  holderOf(tenant: string, id: string): number | undefined;
  /** Compares every incident with its whole timeline. */
  audit(): Promise<void>;
};

/** What was written of an incident: how often, and the events from which something follows. */
type Written = { readonly count: number; readonly follows: readonly number[] };

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
    rows.some((row) => row.page === page) && rows.every((row) => row.page !== page || sim.mayBeDead(tenant, row));

  async function inspect(tenant: string, id: string, { count: commits, follows }: Written): Promise<void> {
    const found = known(tenant, id);
    const { version, seq, last, oracle } = found;
    const before = { version, seq, last, status: seq === 0 ? undefined : oracle.status() };
    const complain = (invariant: string, text: string) =>
      journal.violate(invariant, `incident ${tenant}/${id}: ${text}`);
    const documents = [recordKey(id)];
    const [loaded, events, rows] = await Promise.all([
      storage.load({ tenant, incidents: [id], documents }),
      storage.timeline(tenant, id),
      storage.listDeliveries(tenant, { incidentId: id, limit: ALL }),
    ]);
    const row = loaded.incidents.find((incident) => incident.id === id);
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
      sim.platforms.saw(found, event);
      journal.count('events');
      journal.count(`event: ${event.type}`);
      if (event.type === 'page.requested') journal.count('pages');
      if (event.type === 'timer.fired') sim.fired(found, event, dueAt);
    }
    found.oracle.conclude();
    const moved = { name: `${tenant}/${id}`, before: before.status, after: oracle.status(), events: events.slice(seq) };
    checkFollows(sim, moved, follows);
    for (const follower of rows.filter(bringsUp)) checkFollower(sim, follower, rows);
    found.version = row.version;
    found.seq = events.length;
    found.last = JSON.stringify(events.at(-1));
    compareTimers(found, row.snapshot as IncidentSnapshot, complain);
    if (sim.variantOf(tenant as Tenant, 0).hasPage) {
      const wrong = wrongRecord(loaded.documents[0]?.data, { events, snapshot: row.snapshot as IncidentSnapshot });
      if (wrong !== undefined) complain('I20', wrong);
      journal.count('records of pages');
    }
    const misnumbered = await wrongNumbers(sim, storage, { tenant, id, events });
    if (misnumbered !== undefined) complain('I21', misnumbered);
    compareRows(found, { seqBefore: before.seq, quietUntil: sim.oracleWorld(tenant).quietUntil, complain });
    return undefined;
  }

  return {
    storage: {
      ...watchSettling(sim, storage),
      async commit(changes) {
        const answers = await storage.commit(changes);
        journal.count('commits', answers.length);
        const commits = new Map<string, Written & { tenant: string; id: string }>();
        for (const [index, change] of changes.entries()) {
          const { tenant, incidents, documents, commitId } = change;
          if (answers[index] !== 'applied' || applied.has(`${tenant}/${commitId}`)) continue;
          applied.add(`${tenant}/${commitId}`);
          sim.host.checkCommit(change);
          await sim.budgets.checkCommit(change, storage);
          for (const { collection, data } of documents)
            if (collection === 'on-call') sim.roster.saw(tenant, data, scheduler.now());
          for (const { id } of incidents) {
            const key = `${tenant}/${id}`;
            const { count, follows } = commits.get(key) ?? { count: 0, follows: [] };
            commits.set(key, { tenant, id, count: count + 1, follows: [...follows, ...followsIn(change, id)] });
          }
        }
        for (const { tenant, id, ...written } of commits.values()) await inspect(tenant, id, written);
        return answers;
      },
      async claimDeliveries(query) {
        const answer = await storage.claimDeliveries(query);
        for (const { delivery, token } of answer.deliveries) handOut(delivery, token);
        return answer;
      },
    },
    incidents: () => [...watched.values()],
    incident: (tenant, id) => watched.get(`${tenant}/${id}`),
    timeline: (tenant, id) => storage.timeline(tenant, id),
    delivery: async (tenant, id) => (await storage.listDeliveries(tenant, { id, limit: 1 }))[0],
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
    // What is about no incident is taken back by no answer to one.
    if (bringsUp(delivery)) return void holders.set(key, token);
    const isWanted = delivery.incidentId === undefined || (page !== undefined && isLiveFor(page, delivery.user ?? ''));
    if (!isWanted) journal.violate('I5', `${key} was handed out and nobody waits for it`);
    holders.set(key, token);
  }
}
