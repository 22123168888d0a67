/**
 * Reactions: work of the host that follows from an event and must not be lost.
 *
 * A reaction is a delivery to the host itself: written in the commit of the event, run at least once, tried again and, in the
 * end, a dead letter. What a reaction does never undoes the event.
 */
import type { StoredDelivery } from '../model/delivery.ts';
import type { Incident } from '../model/incident.ts';
import type { EventOf, TimelineEventType } from '../model/timeline.ts';
import type { Change } from '../ports/storage.ts';

/** What a reaction is handed. */
export type ReactionInput<T extends TimelineEventType = TimelineEventType> = {
  /** The same however often it is run: what was done under it need not be done again. */
  readonly id: string;
  readonly type: T;
  readonly tenant: string;
  readonly event: EventOf<T>;
  /** As it is now: later than the event, perhaps. */
  readonly incident: Incident;
};

/** Work that follows from an event. It is done when it resolves; what it throws is tried again. */
export type Reaction<T extends TimelineEventType = TimelineEventType> = (
  input: ReactionInput<T>,
  options: { readonly signal: AbortSignal },
) => void | Promise<void>;

/** Reactions by the event that they follow. */
export type Reactions = { readonly [T in TimelineEventType]?: Reaction<T> };

/** Names the deliveries to the host, which have places of their own. */
export const HOST = 'host';

/** The deliveries to the host that follow from `change`, which is to be stored at `now`. */
export function reactionsTo(
  { incidents, tenant }: Pick<Change, 'incidents' | 'tenant'>,
  reactions: Reactions,
  now: number,
) {
  return incidents.flatMap(({ id, events }) =>
    events
      .filter(({ type }) => Object.hasOwn(reactions, type))
      .map(({ seq, type }) => hostRow({ purpose: 'reaction', tenant, incidentId: id, seq, type, now })),
  );
}

/** The event that a delivery to the host itself, or to this engine, follows from. */
type Following = {
  readonly purpose: 'reaction' | 'follow' | 'announce' | 'issue';
  readonly tenant: string;
  readonly incidentId: string;
  readonly seq: number;
  readonly type: string;
  readonly now: number;
};

/** A delivery that nobody outside gets: it belongs to no incident's pages, so that no answer takes it back. */
export function hostRow({ purpose, tenant, incidentId, seq, type, now }: Following): StoredDelivery {
  return {
    id: `${purpose}:${incidentId}:${seq}`,
    tenant,
    page: 0,
    purpose,
    reactsTo: { incidentId, seq },
    position: { cycle: 0, loop: 0, step: 0 },
    contact: type,
    notifier: HOST,
    address: type,
    urgency: 'high',
    state: 'pending',
    requestedAt: now,
    dueAt: now,
    attempts: 0,
  };
}
