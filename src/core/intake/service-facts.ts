/**
 * Service facts: what rules may ask about a service, its place among the others included.
 *
 * Pure. Dependencies may run in a circle; each walk meets a service once.
 */
import type { Service } from '../../model/service.ts';
import type { FactService } from './event-fact.ts';

/** The facts of every service, and who depends on whom. */
export type ServiceFacts = {
  readonly of: (service: Service) => FactService;
  /** The services that need `id`, the nearest first, itself not among them; at most so many. */
  readonly dependantsOf: (id: string) => readonly string[];
};

/** A service on which a whole company depends still costs one look at so many incidents. */
const MOST_DEPENDANTS = 100;

/** Lays out `services`. */
export function serviceFacts(services: readonly Service[]): ServiceFacts {
  const dependants = new Map<string, string[]>();
  for (const { id, dependsOn } of services) {
    for (const needed of new Set(dependsOn)) {
      if (needed === id) continue;
      const known = dependants.get(needed);
      if (known === undefined) dependants.set(needed, [id]);
      else known.push(id);
    }
  }
  const facts = new Map(
    services.map(({ id, tier, team, dependsOn }): [string, FactService] => [
      id,
      { id, tier, team, dependsOn: dependsOn.filter((other) => other !== id), dependants: dependants.get(id) ?? [] },
    ]),
  );
  return {
    of: (service) => facts.get(service.id) ?? service,
    dependantsOf: (id) => reached(id, dependants),
  };
}

function reached(start: string, next: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found = new Set([start]);
  for (const id of found) {
    for (const other of next.get(id) ?? []) {
      if (found.size > MOST_DEPENDANTS) break;
      found.add(other);
    }
  }
  found.delete(start);
  return [...found];
}
