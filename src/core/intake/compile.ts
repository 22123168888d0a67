/**
 * The compiled intake: everything between an event and its incident that a configuration declares.
 *
 * Made once for each configuration; what people silence while it is in force is compiled anew and put in its place.
 */
import type { Config } from '../../model/config.ts';
import type { Maintenance, Silence } from '../../model/intake.ts';
import { compileEnrichment } from './enrich.ts';
import { compileGroups, type Groups } from './group.ts';
import { compileInhibitions, type Inhibitions } from './inhibit.ts';
import { compileQuiet, type Quiet } from './quiet.ts';
import { compileRateLimits, type RateLimits } from './rate-limit.ts';
import { type ServiceFacts, serviceFacts } from './service-facts.ts';

/** Everything between an event and its incident. */
export type CompiledIntake = {
  readonly facts: ServiceFacts;
  readonly enrich: ReturnType<typeof compileEnrichment>;
  readonly groups: Groups;
  readonly quiet: Quiet;
  readonly inhibitions: Inhibitions;
  readonly rateLimits: RateLimits;
};

/** Silences and windows that people have stored, beside those of the configuration. */
export type StoredQuiet = { readonly silences: readonly Silence[]; readonly maintenance: readonly Maintenance[] };

/** Compiles the intake of a checked configuration. */
export function compileIntake(config: Config): CompiledIntake {
  const { enrichment, grouping, services, suppression } = config;
  const facts = serviceFacts(services);
  return {
    facts,
    enrich: compileEnrichment(enrichment),
    groups: compileGroups(grouping, facts),
    quiet: quietOf(config, { silences: [], maintenance: [] }),
    inhibitions: compileInhibitions(suppression.inhibition),
    rateLimits: compileRateLimits(suppression.rateLimits),
  };
}

/** What keeps alerts quiet with what people have stored. */
export function quietOf({ suppression }: Config, stored: StoredQuiet): Quiet {
  return compileQuiet(
    [...suppression.silences, ...stored.silences],
    [...suppression.maintenance, ...stored.maintenance],
  );
}
