/**
 * News: what providers tell of messages after they took them: late, twice, in the wrong order, and not always the truth.
 *
 * It asks a node to keep each of them, again and again until it is accepted, and looks whether it is kept.
 */
import type { Message } from '../../src/index.ts';
import type { Simulation } from './simulation.ts';
import type { Tenant } from './tenants.ts';

/** What providers tell. */
export type News = {
  /** A provider took a message, and perhaps lost it. */
  taken(message: Message, by: Taker, isDelivered: boolean): void;
};

type Taker = { readonly notifier: string; readonly externalId: string };
type Status = 'delivered' | 'read' | 'failed';

/** Nobody has told anything yet. */
export function createNews(sim: Simulation): News {
  const { scheduler, journal } = sim;
  const chance = sim.chance.fork('news');

  function statuses(isDelivered: boolean): readonly Status[] {
    if (!isDelivered) return chance.chance(0.7) ? ['failed'] : [];
    if (chance.chance(sim.faults().lie))
      return chance.pick<readonly Status[]>([['failed'], ['delivered', 'failed'], ['failed', 'delivered']]);
    return chance.pick<readonly Status[]>([['delivered'], ['delivered', 'read'], ['read', 'delivered'], ['read']]);
  }

  function tell(tenant: Tenant, deliveryId: string, by: Taker, status: Status): void {
    const { notifier } = by;
    let askedAt = 0;
    const name = chance.chance(0.2) ? by : { deliveryId };
    sim.people.ask({
      tenant,
      what: `${notifier} says that ${deliveryId} is ${status}`,
      perform: (tocsin) => {
        const receipt = status === 'failed' ? sim.receiver.receipt(tenant, deliveryId) : undefined;
        if (receipt !== undefined) receipt.saidFailed = true;
        askedAt = scheduler.now();
        return tocsin.deliveries.reportReceipt({ ...name, status });
      },
      isStored: async (isNew) => {
        const row = await sim.observer.delivery(tenant, deliveryId);
        journal.count(`receipts: ${status}${isNew === true ? '' : ' (known)'}`);
        if (row === undefined) return 'there is no such delivery';
        // What is told while it is tried again is about another attempt.
        const wasSent = row.state === 'sent' && (row.sentAt ?? 0) < askedAt;
        if (wasSent && row.receipt === undefined) return 'nothing of it is kept';
        if (status === 'failed' && isNew === true && (row.state !== 'dead' || row.receipt?.status !== 'failed'))
          return `it is ${row.state}, and ${row.receipt?.status}`;
        return undefined;
      },
      isForgivable: (code) => code === 'DELIVERY_NOT_FOUND' && 'externalId' in name,
    });
  }

  return {
    taken({ tenant, deliveryId }, by, isDelivered) {
      if (!chance.chance(sim.faults().receipts)) return;
      for (const status of statuses(isDelivered))
        for (let times = chance.chance(0.2) ? 2 : 1; times > 0; times--)
          scheduler.after(chance.between(0, 40_000), () => tell(tenant as Tenant, deliveryId, by, status));
    },
  };
}
