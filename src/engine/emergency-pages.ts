/**
 * Emergency pages: sends what cannot wait without a storage, a bounded number at a time, and says what became of each.
 *
 * In an outage everything may break at once: what is more than a few goes out as messages that list all of it. A message names
 * nothing of another tenant.
 */
import { createHash } from 'node:crypto';
import { contactsOf } from '../core/paging/contacts.ts';
import { retryDelay } from '../core/paging/retry.ts';
import type { AlertEvent } from '../model/alert.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { carriersOf } from './carriers.ts';
import { compose } from './compose.ts';
import type { Engine } from './engine.ts';
import type { EmergencyPage } from './reconcile.ts';
import { send } from './send.ts';
import { configOf } from './tenant-config.ts';

/** An event that cannot wait, the name of what it is about, and when it came. */
export type Urgent = {
  readonly tenant: string;
  readonly event: AlertEvent;
  readonly name: string;
  readonly at: number;
};

/** Who is paged, through what, and in which window of time. */
type To = { readonly tenant: string; readonly user: string; readonly window: number; readonly notifier: string };

/** Sends pages without a storage. */
export type EmergencyPages = {
  /** Pages one person about all of `urgent`, which are of their tenant. */
  page(urgent: readonly Urgent[], to: To): void;
  /** Begins nothing more; resolves when nothing is on its way. */
  end(): Promise<void>;
};

/** How many messages one person gets at once, before one lists the others. */
const MOST_ALONE = 5;
/** How many one message lists. */
const MOST_LISTED = 200;
/** How many messages are on their way at once. */
const AT_ONCE = 64;
const MOST_ATTEMPTS = 6;

/** `told` hears of each page when it is over, whether it was taken or not. */
export function createEmergencyPages(
  engine: Engine,
  told: (page: EmergencyPage, name: string) => void,
): EmergencyPages {
  const queue: (() => Promise<void>)[] = [];
  const onTheWay = new Set<Promise<void>>();
  let hasEnded = false;

  function next(): void {
    while (onTheWay.size < AT_ONCE) {
      const work = queue.shift();
      if (work === undefined) return;
      const going: Promise<void> = work()
        .catch((error: unknown) => engine.logger.error({ error }, 'A page without the storage failed.'))
        .finally(() => {
          onTheWay.delete(going);
          next();
        });
      onTheWay.add(going);
    }
  }

  async function message(urgent: readonly Urgent[], to: To): Promise<void> {
    const all = urgent.flatMap((each) => {
      const delivery = deliveryOf(engine, each, to);
      return delivery === undefined ? [] : [{ ...each, delivery }];
    });
    const [first, ...others] = all;
    if (first === undefined) {
      engine.logger.error({ ...to }, 'Nobody is paged: the user of the emergency has no such contact.');
      return;
    }
    const { delivery } = first;
    engine.logger.error({ delivery: delivery.id }, 'The storage is down: somebody is paged without it.');
    const carried = others.map((other) => other.delivery);
    const sentAt = hasEnded ? undefined : await sendUntilTaken(engine, delivery, { carried, isOver: () => hasEnded });
    for (const each of all) {
      const bundledIn = sentAt === undefined || each === first ? {} : { bundledIn: delivery.id };
      const { tenant, event, at, name } = each;
      told({ tenant, event, at, delivery: { ...each.delivery, ...bundledIn }, sentAt }, name);
    }
  }

  return {
    page(urgent, to) {
      const size = urgent.length > MOST_ALONE ? MOST_LISTED : 1;
      for (let from = 0; from < urgent.length; from += size) {
        const some = urgent.slice(from, from + size);
        queue.push(() => message(some, to));
      }
      next();
    },
    async end() {
      hasEnded = true;
      while (onTheWay.size > 0) await Promise.all(onTheWay);
    },
  };
}

/** One key for one person in one window, whichever process pages: a channel that can sends it once. */
function deliveryOf(
  engine: Engine,
  { tenant, event, name, at }: Urgent,
  { user, window, notifier }: To,
): StoredDelivery | undefined {
  const known = configOf(engine, tenant).users.get(user);
  const contact = known && contactsOf(known).find((each) => each.notifier === notifier);
  if (contact === undefined) return undefined;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return {
    id: `emergency:${hash}:${window}:${user}`,
    tenant,
    page: 0,
    purpose: 'emergency',
    content: {
      topic: 'emergency',
      title: event.title ?? 'Something is broken',
      ...(event.body !== undefined && { body: event.body }),
    },
    position: { cycle: 0, loop: 0, step: 0 },
    user,
    contact: contact.id,
    notifier,
    address: contact.address,
    urgency: 'high',
    state: 'pending',
    requestedAt: at,
    dueAt: at,
    attempts: 0,
  };
}

type Sending = { readonly carried: readonly StoredDelivery[]; readonly isOver: () => boolean };

/** When it was taken; `undefined` when it was not, however often it was tried. */
async function sendUntilTaken(
  engine: Engine,
  delivery: StoredDelivery,
  { carried, isOver }: Sending,
): Promise<number | undefined> {
  const { failover } = configOf(engine, delivery.tenant).config;
  const carriers = carriersOf(delivery.notifier, delivery.address, { notifiers: engine.notifiers, failover });
  const items = carried.map(({ id, content }) => ({
    deliveryId: id,
    purpose: 'emergency' as const,
    title: content?.title ?? id,
    urgency: 'high' as const,
  }));
  for (let attempts = 1; attempts <= MOST_ATTEMPTS && !isOver(); attempts++) {
    const message = compose(engine, delivery, { context: undefined, carried: items, now: engine.clock.now() });
    for (const carrier of carriers) {
      const sent = await send(engine, carrier, message);
      if (sent !== undefined && 'externalId' in sent) return engine.clock.now();
    }
    const waitMs = retryDelay({ id: delivery.id, attempts, permanent: false });
    if (attempts === MOST_ATTEMPTS || waitMs === undefined) break;
    await new Promise<void>((resolve) => engine.clock.wait(waitMs, resolve));
  }
  return undefined;
}
