/**
 * Event facts: the view of an event that rules are asked about.
 *
 * Pure. It only lays out what is there; it never decides what is missing.
 */
import type { Fact } from '../rules/field.ts';
import type { CleanEvent } from './clean-event.ts';

/** The part of a service that rules may look at. */
export type FactService = {
  readonly id: string;
  readonly tier?: number | undefined;
  readonly team?: string | undefined;
};

/**
 * The fact of `event`: its `action`, `routeKey`, `dedupKey`, `title`, `body`, `severity`, `source`, `labels`, `details`, `occurredAtMs` and
 * `deliveryId`, and `service`, which is an id: that of `service` once the event was routed, before that the one that the event
 * names. `service.id`, `service.tier` and `service.team` can be asked for once it was routed.
 */
export function eventFact(event: CleanEvent, service?: FactService): Fact {
  const { links, images, raw, ...fields } = event;
  if (!service) return fields;
  return {
    ...fields,
    service: service.id,
    'service.id': service.id,
    'service.tier': service.tier,
    'service.team': service.team,
  };
}
