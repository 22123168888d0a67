/**
 * Settling: whether what is written down about an attempt is what happened.
 *
 * It sits on the storage beside the observer, and never changes anything.
 */
import type { DeliveryOutcome, Storage, StoredDelivery } from '../../src/index.ts';
import { bringsUp } from './follow-checks.ts';
import type { Simulation } from './simulation.ts';

/** No wait is longer: a channel may ask for 15 minutes, and what waited for it comes back spread out. */
const LONGEST_WAIT_MS = 15 * 60_000 + 1_000;
const RANK = { delivered: 1, read: 2, failed: 3 } as const;

/** `storage`, with somebody looking at what is settled and received. */
export function watchSettling(sim: Simulation, storage: Storage): Storage {
  const { journal, scheduler } = sim;
  const rowsOf = (tenant: string, { incidentId, page }: StoredDelivery) =>
    incidentId === undefined
      ? Promise.resolve([])
      : storage.listDeliveries(tenant, { incidentId, page, limit: 100_000 });

  async function checkSettled(row: StoredDelivery, outcome: DeliveryOutcome): Promise<void> {
    const name = `${row.tenant}/${row.id}`;
    if (row.state === 'sent') checkSent(sim, row);
    if (outcome.state === 'dead' && row.state === 'dead') {
      if (!sim.mayBeDead(row.tenant, row)) journal.violate('I8', `${name} is dead and somebody could be reached by it`);
      await checkNextContact(row);
    }
    if (row.state === 'pending' && row.dueAt - scheduler.now() > LONGEST_WAIT_MS)
      journal.violate('I17', `${name} is put off for ${row.dueAt - scheduler.now()} ms`);
    if (outcome.state === 'held') {
      journal.count('put off');
      if (row.state === 'pending') await sim.budgets.checkHeld(row, storage);
    }
  }

  /** Where one contact of a person has ended, the next one is not waited for. */
  async function checkNextContact(dead: StoredDelivery): Promise<void> {
    if (dead.urgency === 'low' || bringsUp(dead)) return;
    const later = (await rowsOf(dead.tenant, dead)).filter(
      ({ user, state, attempts, error, dueAt }) =>
        user === dead.user && state === 'pending' && attempts === 0 && error === undefined && dueAt > scheduler.now(),
    );
    for (const { id } of later) journal.violate('I18', `${dead.id} is dead, and ${id} of the same person still waits`);
  }

  return {
    ...storage,
    async settleDelivery(tenant, id, token, outcome) {
      const settled = await storage.settleDelivery(tenant, id, token, outcome);
      if (settled !== undefined) await checkSettled(settled, outcome);
      return settled;
    },
    async receiveDelivery(tenant, id, news) {
      const [before] = await storage.listDeliveries(tenant, { id, limit: 1 });
      const received = await storage.receiveDelivery(tenant, id, news);
      const [was, is] = [before?.receipt?.status, received?.receipt?.status];
      if (was !== undefined && is !== undefined && (is === 'failed' || RANK[is] <= RANK[was]))
        journal.violate('I16', `${tenant}/${id} was ${was} and is ${is} now`);
      return received;
    },
  };
}

/** Sent means that a channel took it, or took a message that lists it, or that the host did it. */
export function checkSent({ journal, receiver, host }: Simulation, row: StoredDelivery): void {
  const { tenant, id, purpose, bundledIn } = row;
  // Who has to hear is found out, and what a later one says goes out with none.
  if (purpose === 'follow' || (bringsUp(row) && bundledIn !== undefined)) return;
  const name = `${tenant}/${id}`;
  if (purpose === 'reaction') {
    if (!host.hasDone(tenant, id)) journal.violate('I8', `reaction ${name} is settled and was never done`);
    return;
  }
  const receipt = receiver.receipt(tenant, bundledIn ?? id);
  if (bundledIn !== undefined && receipt?.listed.has(id) !== true)
    journal.violate('I15', `${name} is said to have gone out in ${bundledIn}, which does not list it`);
  // Of what was over before it was made there, or became private, nothing is said: M1 looks at how it stands there.
  if (purpose === 'mirror') return;
  if ((receipt?.taken ?? 0) === 0 && (receipt?.delivered ?? 0) === 0)
    journal.violate('I8', `${name} is settled as sent and reached nobody`);
}
