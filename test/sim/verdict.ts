/**
 * The verdict: what must hold when the faults have stopped, and when everything is over.
 *
 * It looks at what is stored and at what was received, and changes nothing.
 */
import type { Storage } from '../../src/index.ts';
import type { Simulation } from './simulation.ts';
import { TENANTS } from './tenants.ts';

/** In the calm: nothing that is due waits any longer than a lease, a look and a little more. */
export async function checkLive(sim: Simulation, memory: Storage, boundMs: number): Promise<void> {
  const { journal, scheduler } = sim;
  const late = scheduler.now() - boundMs;
  const hanging = sim.hangingChannel();
  for (const { tenant, id, oracle } of sim.observer.incidents()) {
    for (const [kind, dueAt] of oracle.timers)
      if (dueAt < late)
        journal.violate('L3', `incident ${tenant}/${id}: timer ${kind} is due since ${scheduler.now() - dueAt} ms`);
    for (const row of await memory.listDeliveries(tenant, { incidentId: id, limit: 100_000 }))
      if (row.notifier !== hanging && (row.state === 'pending' || row.state === 'leased') && row.dueAt < late)
        journal.violate(
          hanging === undefined ? 'L1' : 'L4',
          `${tenant}/${row.id} is ${row.state} and due since ${scheduler.now() - row.dueAt} ms`,
        );
  }
  if (sim.people.pending() > 0) journal.violate('L1', `${sim.people.pending()} requests were never answered`);
}

/** In the calm: whoever has come on call was asked about what stands where they should be. */
export function checkAsked({ observer, roster, journal, scheduler }: Simulation, boundMs: number): void {
  const now = scheduler.now();
  for (const { tenant, id, oracle } of observer.incidents()) {
    const person = oracle.unasked(now);
    if (person !== undefined && roster.changedAt(tenant, now) < now - boundMs)
      journal.violate('L7', `incident ${tenant}/${id}: nobody has asked ${person}, who has come on call`);
  }
}

/** At the end: everything was sent, or is dead and somebody knows, or nobody waits for it; and nothing is left to do. */
export async function checkEnd(sim: Simulation, memory: Storage): Promise<void> {
  const { journal, receiver } = sim;
  const lost = (invariant: string, text: string) => {
    journal.count('lost');
    journal.violate(invariant, text);
  };
  if (sim.people.pending() > 0) journal.violate('L1', `${sim.people.pending()} requests were never answered`);
  for (const { tenant, id, oracle } of sim.observer.incidents()) {
    if (oracle.isOpen()) journal.violate('L1', `incident ${tenant}/${id} is still open`);
    for (const row of await memory.listDeliveries(tenant, { incidentId: id, limit: 100_000 })) {
      const receipt = receiver.receipt(tenant, row.id);
      const name = `${tenant}/${row.id}`;
      if (row.state === 'sent' && (receipt?.delivered ?? 0) === 0)
        lost('I8', `${name} is settled as sent and reached nobody`);
      if (row.state === 'dead') {
        journal.count('dead letters');
        if (receipt?.isRefused !== true && row.attempts < 20)
          journal.violate('I8', `${name} was given up after ${row.attempts} attempts`);
        if (!receiver.hasHeardOfDead(tenant, row.id)) journal.violate('L2', `nobody was told that ${name} is dead`);
      }
      if (row.state === 'pending' || row.state === 'leased') lost('L1', `${name} is ${row.state} at the end`);
    }
  }
  for (const [key, { tenant, incident }] of receiver.receipts())
    if (sim.observer.incident(tenant, incident) === undefined)
      journal.violate('I2', `${key} was sent and its incident is not stored`);
  await checkCounts(sim, memory);
  const { dueAt = Number.POSITIVE_INFINITY, now } = await memory.nextDue([...TENANTS]);
  const isHandoff = await Promise.all(TENANTS.map(async (tenant) => (await handoffOf(memory, tenant)) === dueAt));
  if (dueAt < now + 86_400_000 && !isHandoff.includes(true))
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
