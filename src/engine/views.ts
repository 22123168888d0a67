/**
 * Views: rows as hosts see them, with dates instead of epoch milliseconds.
 */
import type { Alert, StoredAlert } from '../model/alert.ts';
import { dated } from '../model/dated.ts';
import type { Delivery, StoredDelivery } from '../model/delivery.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import { bringsUp } from './delivery-kind.ts';
import { withoutLane } from './lane.ts';
import type { TimelineEntry } from './tocsin.ts';

/** An alert as hosts see it. */
export function alertView(alert: StoredAlert): Alert {
  return dated(alert, ['openedAt', 'lastSeenAt', 'occurredAt', 'clearedAt']);
}

/** A delivery as hosts see it. */
export function deliveryView(delivery: StoredDelivery): Delivery {
  const { receipt, ...rest } = withoutSecret(delivery);
  return {
    ...dated({ ...rest, notifier: withoutLane(rest.notifier) }, ['requestedAt', 'dueAt', 'sentAt']),
    ...(receipt !== undefined && { receipt: dated(receipt, ['at']) }),
  };
}

/** What only its reader may know, such as a code, is in no list, no event and no log. */
function withoutSecret(delivery: StoredDelivery): StoredDelivery {
  if (delivery.purpose !== 'verification') return delivery;
  const { content: _, ...rest } = delivery;
  return rest;
}

/** Events, and the deliveries that have ended, in the order in which they happened. */
export function timelineView(
  events: readonly TimelineEvent[],
  deliveries: readonly StoredDelivery[],
): readonly TimelineEntry[] {
  const entries: TimelineEntry[] = [
    ...events.map((event) => ({ kind: 'event', at: new Date(event.at), event }) as const),
    ...deliveries.flatMap((delivery) => {
      // A later one has said it: nothing went out.
      if (bringsUp(delivery) && delivery.bundledIn !== undefined) return [];
      // What was said in a room stands here already.
      if (delivery.purpose === 'room' && delivery.state === 'sent') return [];
      const endedAt =
        delivery.state === 'sent' ? delivery.sentAt : delivery.state === 'dead' ? delivery.dueAt : undefined;
      return endedAt === undefined
        ? []
        : [{ kind: 'delivery', at: new Date(endedAt), delivery: deliveryView(delivery) } as const];
    }),
  ];
  return entries.sort((a, b) => a.at.getTime() - b.at.getTime());
}
