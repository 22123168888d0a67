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
  /** The services that it needs, itself not among them. */
  readonly dependsOn?: readonly string[] | undefined;
  /** The services that need it. */
  readonly dependants?: readonly string[] | undefined;
};

/**
 * The fact of `event`: its `action`, `routeKey`, `dedupKey`, `title`, `body`, `severity`, `source`, `labels`, `details`, `occurredAtMs`,
 * `deliveryId`, `impact` and `timePressure`, and `service`, which is an id: that of `service` once the event was routed, before that the
 * one that the event names. `service.id`, `service.tier`, `service.team`, `service.dependsOn` and `service.dependants` can be asked for
 * once the service is known: after routing, or before it when the event names one.
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
    'service.dependsOn': service.dependsOn,
    'service.dependants': service.dependants,
  };
}
