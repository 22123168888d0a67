/**
 * The compiled status configuration: components by what feeds them, pages by id, and what each severity does to a component.
 *
 * Pure, made from a checked configuration only. It knows no incident.
 */
import type { Config } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';
import type { SeverityLevel } from '../../model/severity.ts';
import type { Component, Impact, StatusConfig, StatusPage } from '../../model/status.ts';
import { type CompiledCondition, compileCondition } from '../rules/condition.ts';
import { scaleOf } from '../rules/severity-scale.ts';

/** The status part of a configuration with its indexes. */
export type CompiledStatus = {
  readonly config: StatusConfig;
  /** In the order of the configuration. */
  readonly components: ReadonlyMap<string, Component>;
  /** The components that show the incidents of a service. */
  readonly byService: ReadonlyMap<string, readonly Component[]>;
  readonly pages: ReadonlyMap<string, CompiledPage>;
  /** Whether an incident of this severity shows on its components by itself. */
  readonly isShown: (severity: string) => boolean;
  /** What an incident does to components, by id: never `operational`, and empty below the threshold. */
  readonly impactsOf: (service: string, severity: string) => Readonly<Record<string, Impact>>;
  /** How long the history of an incident that has ended is kept. */
  readonly keepForMs: number;
};

/** A page, the components that it shows in their order, and which incidents it lets in. */
export type CompiledPage = {
  readonly page: StatusPage;
  readonly components: readonly Component[];
  /** The place of each component in that order. */
  readonly places: ReadonlyMap<string, number>;
  /** Asked with `service`, `severity` and `kind`; absent: all. */
  readonly when: CompiledCondition | undefined;
};

const NOTHING: Readonly<Record<string, Impact>> = {};
const BY_RANK: readonly Impact[] = ['major_outage', 'partial_outage'];

/**
 * Compiles the status part of a checked configuration.
 *
 * @throws TocsinError RULE_INVALID when the condition of a page is malformed.
 * @example
 * ```ts
 * import { severityConfigSchema, statusSchema } from 'tocsin/model';
 * import { compileStatus } from 'tocsin/status';
 * const status = compileStatus({
 *   status: statusSchema.parse({ components: [{ id: 'shop', name: 'Shop', services: ['checkout'] }] }),
 *   severity: severityConfigSchema.parse({}),
 * });
 * status.impactsOf('checkout', 'SEV1'); // => { shop: 'major_outage' }
 * status.impactsOf('checkout', 'SEV3'); // => {}
 * ```
 */
export function compileStatus({ status, severity }: Pick<Config, 'status' | 'severity'>): CompiledStatus {
  const { levels } = severity;
  const scale = scaleOf(levels);
  const threshold = status.from ?? defaultThreshold(levels);
  const isShown = (id: string) => threshold !== undefined && scale.compare(id, threshold) <= 0;
  const byService = indexed(status.components);
  const tables = new Map(
    status.components.map((component) => [
      component.id,
      new Map(levels.map(({ id }, rank) => [id, impactOf(id, rank, [component.impact, status.impact])])),
    ]),
  );
  return {
    config: status,
    components: new Map(status.components.map((component) => [component.id, component])),
    byService,
    pages: new Map(status.pages.map((page, place) => [page.id, compilePage(page, place, status)])),
    isShown,
    impactsOf: (service, severityId) => {
      const components = byService.get(service);
      if (components === undefined || !isShown(severityId)) return NOTHING;
      return Object.fromEntries(
        components.flatMap(({ id }): [string, Impact][] => {
          const impact = tables.get(id)?.get(severityId) ?? 'operational';
          return impact === 'operational' ? [] : [[id, impact]];
        }),
      );
    },
    keepForMs: durationMs(status.keepFor),
  };
}

/** The least severe level of high urgency, as for a severity that nothing decides. */
function defaultThreshold(levels: readonly SeverityLevel[]): string | undefined {
  const leastOf = (wanted: SeverityLevel['urgency']) => levels.findLast(({ urgency }) => urgency === wanted);
  return (leastOf('high') ?? leastOf('supportHours') ?? levels.at(-1))?.id;
}

function impactOf(
  level: string,
  rank: number,
  tables: readonly (Readonly<Record<string, Impact>> | undefined)[],
): Impact {
  const named = tables.find((table) => table !== undefined && Object.hasOwn(table, level))?.[level];
  return named ?? BY_RANK[rank] ?? 'degraded_performance';
}

function indexed(components: readonly Component[]): ReadonlyMap<string, readonly Component[]> {
  const byService = new Map<string, Component[]>();
  for (const component of components) {
    for (const service of new Set(component.services)) {
      const others = byService.get(service);
      if (others === undefined) byService.set(service, [component]);
      else others.push(component);
    }
  }
  return byService;
}

function compilePage(page: StatusPage, place: number, { components }: StatusConfig): CompiledPage {
  const wanted = page.components === undefined ? undefined : new Set(page.components);
  const shown = components.filter(({ id }) => wanted === undefined || wanted.has(id));
  return {
    page,
    components: shown,
    places: new Map(shown.map(({ id }, index) => [id, index])),
    when: page.when === undefined ? undefined : compileCondition(page.when, `status.pages[${place}].when`),
  };
}
