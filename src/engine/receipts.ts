/**
 * Receipts: what a provider tells of a message after it took it.
 *
 * A message that failed after all is treated as one that was never taken: the next contact is used at once, the host is told.
 */
import { TocsinError } from '../errors.ts';
import type { ReceiptNews, StoredDelivery } from '../model/delivery.ts';
import { forgetBundle, wentOutWith } from './budgets.ts';
import { afterDeath } from './deliver.ts';
import type { Engine } from './engine.ts';
import { type CheckedReceipt, checkReceipt, type ReceiptInput } from './receipt-input.ts';
import { reaching } from './transact.ts';
import { deliveryView } from './views.ts';

const NOT_DELIVERED = 'the provider says that it was not delivered';
/** How many messages of one provider may go by the same name. */
const MOST_NAMESAKES = 100;

/**
 * Keeps what a provider tells; answers whether it was new.
 *
 * @throws TocsinError INPUT_INVALID when the input names no delivery.
 * @throws TocsinError DELIVERY_NOT_FOUND when the tenant has none of that name.
 */
export async function reportReceipt(engine: Engine, tenant: string, input: ReceiptInput): Promise<boolean> {
  const checked = checkReceipt(input);
  const { status, error } = checked;
  const delivery = await find(engine, tenant, checked);
  const news = { status, ...(error !== undefined && { error: error.slice(0, 1_000) }) };
  if (delivery.state === 'leased') throw tooEarly(delivery);
  // What follows comes first: when this process dies meanwhile, whoever tells again finds it not yet done.
  const isDead = status === 'failed' && delivery.state === 'sent' && delivery.receipt === undefined;
  // What it listed was not delivered either.
  if (isDead) {
    const listed = await wentOutWith(engine, delivery);
    for (const each of listed) await keep(engine, each, news);
    if (listed.length > 0) await forgetBundle(engine, delivery);
  }
  return keep(engine, delivery, news);
}

async function keep(engine: Engine, delivery: StoredDelivery, news: ReceiptNews): Promise<boolean> {
  const { tenant, id } = delivery;
  const isDead = news.status === 'failed' && delivery.state === 'sent' && delivery.receipt === undefined;
  if (isDead) await afterDeath(engine, { ...delivery, state: 'dead', error: news.error ?? NOT_DELIVERED });
  const receive = () => engine.storage.receiveDelivery(tenant, id, news);
  const received = await reaching(() => receive().catch(receive));
  if (received === undefined) return false;
  engine.bus.tell('delivery.received', { type: 'delivery.received', tenant, delivery: deliveryView(received) });
  return true;
}

async function find(
  engine: Engine,
  tenant: string,
  { deliveryId, externalId, notifier }: CheckedReceipt,
): Promise<StoredDelivery> {
  const filter = deliveryId === undefined ? { externalId } : { id: deliveryId };
  const found = await reaching(() => engine.storage.listDeliveries(tenant, { ...filter, limit: MOST_NAMESAKES }));
  // Two providers may call two messages the same.
  const [delivery] = found.filter((each) => notifier === undefined || (each.via ?? each.notifier) === notifier);
  if (delivery !== undefined) return delivery;
  const which = deliveryId ?? `${externalId} of ${notifier}`;
  throw new TocsinError('DELIVERY_NOT_FOUND', `Cannot keep a receipt of ${which}: this tenant has no such delivery.`, {
    details: { deliveryId, externalId, notifier },
  });
}

/** A provider may be faster than the commit of what it tells of. */
function tooEarly({ id }: StoredDelivery): TocsinError {
  const message = `Cannot keep a receipt of ${id} yet: its attempt is still on its way. Tell it again in a moment.`;
  return new TocsinError('VERSION_CONFLICT', message, { details: { delivery: id } });
}
