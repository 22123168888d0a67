/**
 * Failed pages: what follows when a delivery cannot reach its person, or not soon.
 *
 * The person's next contact is used at once; when every contact of a page has failed, the incident hears of it and climbs.
 */
import { canAccept } from '../core/lifecycle/allowed.ts';
import { quietUntil } from '../core/paging/quiet-hours.ts';
import { isTocsinError } from '../errors.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { SYSTEM } from '../model/identity.ts';
import type { EventDraft } from '../model/timeline.ts';
import { changeOf } from './change.ts';
import { isPage, type PageDelivery } from './delivery-kind.ts';
import type { Engine } from './engine.ts';
import { personOf } from './people.ts';
import { withDeadline } from './send.ts';
import { settleFor } from './settle-for.ts';
import { type Decided, reaching, transact } from './transact.ts';
import { deliveryView } from './views.ts';

const FAILED_PAGES = 'failed-pages';
/** Nobody settles a page so late. */
const RECEIPT_MS = 30 * 86_400_000;
/** Every row of a page, however many people it asks. */
const WHOLE_PAGE = 100_000;

/** What follows from a delivery that ends. A defect in it must not send the message again without end. */
export async function goOn(engine: Engine, delivery: StoredDelivery): Promise<void> {
  if (!isPage(delivery)) return;
  try {
    await useNextContact(engine, delivery);
    await recordFailedPage(engine, delivery);
  } catch (error) {
    if (isTocsinError(error) && error.retryable) throw error;
    engine.logger.error({ error, delivery: delivery.id }, 'A page that failed could not be recorded.');
  }
}

/** Tells the host of a dead letter. */
export async function tellHost(engine: Engine, delivery: StoredDelivery): Promise<void> {
  try {
    await withDeadline(engine, 'onDeadLetter', async () => engine.onDeadLetter?.(deliveryView(delivery)));
  } catch (error) {
    engine.logger.error({ error, delivery: delivery.id }, 'onDeadLetter failed.');
  }
}

/** The next contact is not waited for while this one takes long, unless another one has reached the person or is about to. */
export async function hastenUnlessReached(engine: Engine, delivery: StoredDelivery): Promise<void> {
  if (!isPage(delivery) || delivery.urgency === 'low' || delivery.user === undefined) return;
  const others = (await pageOf(engine, delivery, delivery.user)).filter(({ id }) => id !== delivery.id);
  if (others.some(({ state }) => state === 'sent' || state === 'leased')) return;
  // Those that have failed themselves keep their wait: two that fail would call each other up again and again, without end.
  if (!others.some(({ state, error }) => state === 'pending' && error === undefined)) return;
  await useNextContact(engine, delivery);
}

async function useNextContact(engine: Engine, delivery: PageDelivery): Promise<void> {
  const { tenant, incidentId, page, user } = delivery;
  // What can wait for the end of somebody's quiet hours waits for it through every contact.
  if (user === undefined || isQuiet(engine, delivery)) return;
  if (await reaching(() => engine.storage.hasten(tenant, incidentId, page, user))) engine.stored(0);
}

function isQuiet(engine: Engine, { tenant, user = '', urgency }: PageDelivery): boolean {
  const sleeper = personOf(engine, tenant, user);
  const now = engine.clock.now();
  return urgency === 'low' && sleeper !== undefined && quietUntil(sleeper, now) > now;
}

/** Every delivery of a page, or of a page to one person. */
function pageOf(
  engine: Engine,
  { tenant, incidentId, page }: Pick<PageDelivery, 'tenant' | 'incidentId' | 'page'>,
  user?: string,
): Promise<readonly StoredDelivery[]> {
  return reaching(() => engine.storage.listDeliveries(tenant, { incidentId, page, user, limit: WHOLE_PAGE }));
}

/**
 * When every contact of every person of a page has failed, the incident hears of it and climbs at once. `dead` counts as
 * dead, whatever is stored of it yet.
 */
export async function recordFailedPage(engine: Engine, dead: PageDelivery): Promise<void> {
  const { tenant, incidentId, page, purpose, position } = dead;
  const siblings = (await pageOf(engine, dead)).map((delivery) => (delivery.id === dead.id ? dead : delivery));
  const toPeople = siblings.filter(({ user }) => user !== undefined);
  if (toPeople.length === 0 || toPeople.some(({ state }) => state !== 'dead')) return;
  const errors = [...new Set(toPeople.map(({ error }) => error ?? 'unknown'))];
  const draft: EventDraft = { type: 'page.failed', page, purpose, position, errors };
  // The last contacts of a page may fail at the same moment; it is said once.
  const receipt = { collection: FAILED_PAGES, id: `${incidentId}:${page}` };
  await transact(engine, { tenant, incidents: [incidentId], documents: [receipt] }, (loaded): Decided<void> => {
    const before = loaded.incidents[0];
    const isSaid = loaded.documents.length > 0;
    if (before === undefined || isSaid || !canAccept(before.snapshot, draft)) return { answer: () => undefined };
    const settled = settleFor(loaded, {
      snapshot: before.snapshot,
      drafts: [draft],
      at: loaded.now,
      by: SYSTEM,
    });
    const documents = [
      { ...receipt, expectedVersion: 0, data: { at: loaded.now }, expiresAt: loaded.now + RECEIPT_MS },
    ];
    return { change: { ...changeOf(tenant, before, settled), documents }, answer: () => undefined };
  });
}
