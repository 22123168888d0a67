/**
 * Impacts in their order, and the one word for all of them.
 *
 * Pure. It knows neither incidents nor moments.
 */
import { IMPACTS, type Impact, type Indicator } from '../../model/status.ts';

const RANKS: ReadonlyMap<Impact, number> = new Map(IMPACTS.map((impact, rank) => [impact, rank]));

/** How bad an impact is: 0 is operational, 4 a major outage. */
export function rankOf(impact: Impact): number {
  return RANKS.get(impact) ?? 0;
}

/** The impact of that rank. */
export function impactOfRank(rank: number): Impact {
  return IMPACTS[rank] ?? 'operational';
}

/**
 * Whether `one` is worse than `other`. Maintenance is worse than operational and better than everything else.
 *
 * @example
 * ```ts
 * import { isWorse } from 'tocsin/status';
 * isWorse('major_outage', 'under_maintenance'); // => true
 * ```
 */
export function isWorse(one: Impact, other: Impact): boolean {
  return rankOf(one) > rankOf(other);
}

/**
 * The worst of `impacts`; `operational` when there is none.
 *
 * @example
 * ```ts
 * import { worstOf } from 'tocsin/status';
 * worstOf(['under_maintenance', 'partial_outage', 'operational']); // => 'partial_outage'
 * ```
 */
export function worstOf(impacts: Iterable<Impact>): Impact {
  let worst = 0;
  for (const impact of impacts) worst = Math.max(worst, rankOf(impact));
  return impactOfRank(worst);
}

/** How bad it is as a whole. An incident that is shown and touches no component is minor. */
export function indicatorOf(impacts: readonly Impact[], hasOpenIncident: boolean): Indicator {
  switch (worstOf(impacts)) {
    case 'major_outage':
      return 'critical';
    case 'partial_outage':
      return 'major';
    case 'degraded_performance':
      return 'minor';
    case 'under_maintenance':
      return hasOpenIncident ? 'minor' : 'maintenance';
    case 'operational':
      return hasOpenIncident ? 'minor' : 'none';
  }
}
