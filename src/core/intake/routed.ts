/**
 * Routing: everything that can be said of an event before anything is read.
 *
 * Pure. Enrichment, route, dedup key, the fact that later rules are asked about, and the group.
 */
import type { ConfigRules } from '../config/compile.ts';
import type { CleanEvent } from './clean-event.ts';
import type { Routed } from './decision.ts';
import { type DedupKey, dedupKeyOf } from './dedup-key.ts';
import type { ExtractionTrace } from './enrich.ts';
import { eventFact } from './event-fact.ts';
import type { Key } from './note.ts';

/** Enriches and routes a clean event and works out its key. */
export function routeEvent(given: CleanEvent, config: ConfigRules, at: number): Routed {
  const { event, trace } = config.intake.enrich(given, at);
  const route = config.route(event, at);
  return routed({ given, event, enrichment: trace, route, key: dedupKeyOf(event, route) }, config, at);
}

/** Routes an event that was enriched before; its key stays what it was. */
export function routeAgain(event: CleanEvent, { dedupKey }: Key, config: ConfigRules, at: number): Routed {
  const route = config.route(event, at);
  const key: DedupKey = { key: dedupKey, from: 'event' };
  return routed({ given: event, event, enrichment: [], route, key }, config, at);
}

type Parts = {
  readonly given: CleanEvent;
  readonly event: CleanEvent;
  readonly enrichment: readonly ExtractionTrace[];
  readonly route: Routed['route'];
  readonly key: DedupKey;
};

function routed(parts: Parts, config: ConfigRules, at: number): Routed {
  const { service } = parts.route;
  const fact = eventFact(parts.event, config.intake.facts.of(service));
  return { ...parts, fact, group: config.intake.groups.of(fact, service.id, at) };
}
