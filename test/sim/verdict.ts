/**
 * The verdict: what must hold when the faults have stopped, and when everything is over.
 *
 * It looks at what is stored and at what was received, and changes nothing.
 */
import type { Storage, StoredDelivery } from '../../src/index.ts';
import { carriersOf } from './channels.ts';
import { bringsUp } from './follow-checks.ts';
import { checkSent } from './settling.ts';
import type { Simulation } from './simulation.ts';
import { TENANTS } from './tenants.ts';

/** How long anything may wait, and since when there are no faults (epoch ms). */
export type Calm = { readonly boundMs: number; readonly calmSince: number };

/** How much longer what could also go through a channel that hangs may wait: until that is found out. */
const BEHIND_MS = 30_000;
const ALL = 1_000_000;

/** In the calm: nothing that is due waits any longer than a lease, a look and a little more; and nobody is left alone. */
export async function checkLive(sim: Simulation, memory: Storage, calm: Calm): Promise<void> {
  const { journal, scheduler } = sim;
  const late = scheduler.now() - calm.boundMs;
  for (const { tenant, id, oracle, rows } of sim.observer.incidents()) {
    for (const [kind, dueAt] of oracle.timers)
      if (dueAt < late)
        journal.violate('L3', `incident ${tenant}/${id}: timer ${kind} is due since ${scheduler.now() - dueAt} ms`);
    const isReached = (sim.receiver.reachedAt(tenant, id) ?? 0) >= calm.calmSince;
    // In a storm somebody hears of it with the next message that lists it.
    const isListed = rows.some((row) => row.incidentId === id && sim.budgets.isWaiting(tenant, row.id));
    if (oracle.isAsking() && !isReached && !isListed)
      journal.violate('L8', `incident ${tenant}/${id}: somebody should be asked, and nothing has reached anybody`);
  }
  for (const tenant of TENANTS)
    for (const row of await memory.listDeliveries(tenant, { limit: ALL })) checkRow(sim, row, calm);
  if (sim.people.pending() > 0) journal.violate('L1', `${sim.people.pending()} requests were never answered`);
}

/** What is due has gone out; what is put off has a reason that is not over. */
function checkRow(sim: Simulation, row: StoredDelivery, { boundMs, calmSince }: Calm): void {
  const { journal, scheduler, channels } = sim;
  const { tenant, id, state, dueAt, notifier, error } = row;
  const hanging = sim.hangingChannel();
  if ((state !== 'pending' && state !== 'leased') || notifier === hanging) return;
  const now = scheduler.now();
  const isBehind = hanging !== undefined && carriersOf(channels, notifier).includes(hanging);
  const waitedMs = now - dueAt;
  if (waitedMs > boundMs + (isBehind ? BEHIND_MS : 0))
    journal.violate(hanging === undefined ? 'L1' : 'L4', `${tenant}/${id} is ${state} and due since ${waitedMs} ms`);
  if (error === undefined || row.requestedAt > calmSince || sim.budgets.isWaiting(tenant, id)) return;
  if (sim.platforms.isPutBack(tenant, id)) return;
  const receipt = sim.receiver.receipt(tenant, id);
  const ownMs = Math.min(300_000, 1_000 * 2 ** row.attempts) + 60_000;
  const latest = Math.max((receipt?.lastAt ?? calmSince) + ownMs, receipt?.askedUntil ?? 0, sim.providers.askedUntil());
  if (latest + boundMs + (isBehind ? BEHIND_MS : 0) < now)
    journal.violate('L9', `${tenant}/${id} is put off until in ${dueAt - now} ms, and everything is well: ${error}`);
}

/** In the calm: whoever has come on call was asked about what stands where they should be. */
export function checkAsked({ observer, roster, journal, scheduler }: Simulation, boundMs: number): void {
  const now = scheduler.now();
  for (const { tenant, id, oracle } of observer.incidents()) {
    const changedAt = roster.changedAt(tenant, now);
    const person = oracle.unasked(now);
    if (person !== undefined && changedAt < now - boundMs)
      journal.violate('L7', `incident ${tenant}/${id}: nobody has asked ${person}, who has come on call`);
  }
}

/** At the end: everything was sent, or is dead and somebody knows, or nobody waits for it; and nothing is left to do. */
export async function checkEnd(sim: Simulation, memory: Storage): Promise<void> {
  const { journal, receiver, scheduler } = sim;
  const lost = (invariant: string, text: string) => {
    journal.count('lost');
    journal.violate(invariant, text);
  };
  if (sim.people.pending() > 0) journal.violate('L1', `${sim.people.pending()} requests were never answered`);
  for (const { tenant, id, oracle } of sim.observer.incidents())
    if (oracle.isOpen()) journal.violate('L1', `incident ${tenant}/${id} is still open`);
  const waiting: number[] = [];
  for (const tenant of TENANTS)
    for (const row of await memory.listDeliveries(tenant, { limit: ALL })) {
      const name = `${tenant}/${row.id}`;
      if (row.state === 'sent') checkSent(sim, row);
      if (row.state === 'dead') {
        journal.count('dead letters');
        if (!sim.mayBeDead(tenant, row)) journal.violate('I8', `${name} was given up after ${row.attempts} attempts`);
        // Nobody waits for a message that cannot be changed any more.
        if (row.purpose !== 'update' && !receiver.hasHeardOfDead(tenant, row.id))
          journal.violate('L2', `nobody was told that ${name} is dead`);
      }
      if (row.state !== 'pending' && row.state !== 'leased') continue;
      // What is about no incident waits for its time, whatever becomes of the incidents.
      if (row.incidentId === undefined && row.dueAt > scheduler.now() - BEHIND_MS) waiting.push(row.dueAt);
      else lost('L1', `${name} is ${row.state} at the end`);
    }
  for (const [key, { tenant, incident }] of receiver.receipts())
    if (incident !== undefined && sim.observer.incident(tenant, incident) === undefined)
      journal.violate('I2', `${key} was sent and its incident is not stored`);
  await checkCounts(sim, memory);
  const { dueAt = Number.POSITIVE_INFINITY, now } = await memory.nextDue([...TENANTS]);
  const isHandoff = await Promise.all(TENANTS.map(async (tenant) => (await handoffOf(memory, tenant)) === dueAt));
  if (dueAt < now + 86_400_000 && !isHandoff.includes(true) && !waiting.includes(dueAt) && waiting.length === 0)
    journal.violate('L1', `something is due at ${dueAt} after everything was resolved`);
  await sim.observer.audit();
}

/** When the next handoff of a tenant is due: that is no work that was left. */
async function handoffOf(memory: Storage, tenant: string): Promise<number | undefined> {
  const { documents } = await memory.load({ tenant, documents: [{ collection: 'handoffs', id: 'primary' }] });
  const [handoff] = documents.map(({ data }) => data as { readonly dueAt?: number });
  return handoff?.dueAt;
}

/** Each trigger that was accepted is counted, and no attempt twice. */
async function checkCounts({ journal, people }: Simulation, memory: Storage): Promise<void> {
  for (const tenant of TENANTS) {
    const alerts = await memory.listAlerts(tenant, { limit: 100_000 });
    for (const [key, { accepted, attempts }] of people.triggers(tenant)) {
      const counted = alerts.filter(({ dedupKey }) => dedupKey === key).reduce((sum, { count }) => sum + count, 0);
      if (counted < accepted || counted > attempts)
        journal.violate(
          'I14',
          `${tenant}/${key} was triggered ${accepted} times in ${attempts} attempts, and counted ${counted} times`,
        );
    }
  }
}

/** Where nothing is under way, platforms and messages show how the incidents are. */
export async function checkShown({ platforms, chats }: Simulation, memory: Storage): Promise<void> {
  await platforms.checkShown(memory);
  await chats.checkShown(memory);
}

/** Whether something is still to be brought up to date. */
export async function isFollowing(memory: Storage): Promise<boolean> {
  const rows = await Promise.all(
    TENANTS.flatMap((tenant) =>
      (['pending', 'leased'] as const).map((state) => memory.listDeliveries(tenant, { state, limit: ALL })),
    ),
  );
  return rows.flat().some((row) => bringsUp(row) || row.purpose === 'follow');
}
