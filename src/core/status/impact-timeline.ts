/**
 * The impact of a component over time: what incidents, maintenance and people by hand make of it together.
 *
 * Pure, one sweep over the moments at which anything changes. It never looks at a calendar (see uptime.ts).
 */
import type { Impact } from '../../model/status.ts';
import type { Span } from '../on-call/span.ts';
import type { PublicMaintenance, StatusOverride } from './announced.ts';
import { impactStretches, recordAsOf } from './as-of.ts';
import { impactOfRank, rankOf } from './impact.ts';
import { maintenanceSpan } from './maintenance-span.ts';
import type { StatusRecord } from './stored-record.ts';

/** Everything that makes components what they are. */
export type ImpactSources = {
  readonly records: readonly StatusRecord[];
  readonly overrides: readonly StatusOverride[];
  readonly maintenance: readonly PublicMaintenance[];
};

/** What a component is from a moment on. */
export type ImpactChange = {
  readonly at: number;
  /** What is shown: by hand, else the worse of incidents and maintenance. */
  readonly shown: Impact;
  /** What counts in the uptime: maintenance whatever else there is, then by hand, then the worst of the incidents. */
  readonly counted: Impact;
};

/** What one component is made of. */
type Marks = { readonly marks: Mark[] };
type Mark = { readonly at: number; readonly isStart: boolean; readonly cause: Cause };
type Cause =
  | { readonly kind: 'incident'; readonly rank: number }
  | { readonly kind: 'maintenance' }
  | { readonly kind: 'override'; readonly rank: number; isOver: boolean };

const MAINTENANCE_RANK = rankOf('under_maintenance');

/**
 * What a component is at `at` (epoch ms): as somebody set it by hand, else the worst of its incidents, and under maintenance
 * while one is announced and no incident is worse. Private incidents, tests, drills and dismissed incidents do nothing.
 *
 * @example
 * ```ts
 * import { impactAt } from 'tocsin/status';
 * const by = { kind: 'user', id: 'ana' } as const;
 * const overrides = [{ id: 'o1', component: 'shop', impact: 'partial_outage', from: 1_000, until: 2_000, by }] as const;
 * impactAt('shop', 1_500, { records: [], overrides, maintenance: [] }); // => 'partial_outage'
 * impactAt('shop', 2_000, { records: [], overrides, maintenance: [] }); // => 'operational'
 * ```
 */
export function impactAt(component: string, at: number, sources: ImpactSources): Impact {
  return (
    impactChanges(new Set([component]), at, sources)
      .get(component)
      ?.at(-1)?.shown ?? 'operational'
  );
}

/** How each of `components` changed until `at`, ascending; before its first change a component was operational. */
export function impactChanges(
  components: ReadonlySet<string>,
  at: number,
  { records, overrides, maintenance }: ImpactSources,
): ReadonlyMap<string, readonly ImpactChange[]> {
  const known = new Map<string, Marks>([...components].map((id) => [id, { marks: [] }]));
  const add = (component: string, { startAt, endAt }: Span, cause: Cause) => {
    const marks = known.get(component)?.marks;
    if (marks === undefined || !(startAt <= at && startAt < endAt)) return;
    marks.push({ at: startAt, isStart: true, cause });
    if (endAt <= at) marks.push({ at: endAt, isStart: false, cause });
  };
  for (const record of records) {
    const past = recordAsOf(record, at);
    if (past === undefined || !countsForComponents(past)) continue;
    for (const stretch of impactStretches(past))
      for (const [component, impact] of Object.entries(stretch.impacts))
        add(component, stretch, { kind: 'incident', rank: rankOf(impact) });
  }
  for (const one of maintenance) {
    const span = maintenanceSpan(one, at);
    if (span === undefined) continue;
    for (const component of new Set(one.components)) add(component, span, { kind: 'maintenance' });
  }
  for (const { component, impact, from, until = Number.POSITIVE_INFINITY } of overrides)
    add(component, { startAt: from, endAt: until }, { kind: 'override', rank: rankOf(impact), isOver: false });
  return new Map([...known].map(([id, { marks }]) => [id, swept(marks)]));
}

/** Whether what the incident did is public at all. A dismissal says that there was no incident. */
export function countsForComponents({ kind, visibility, outcome }: StatusRecord): boolean {
  return (kind === 'real' || kind === 'backfilled') && visibility === 'public' && outcome !== 'dismissed';
}

function swept(marks: Mark[]): readonly ImpactChange[] {
  const changes: ImpactChange[] = [];
  const incidents = [0, 0, 0, 0, 0];
  // Those that have begun, the latest last; what is over is taken off when it comes to the top.
  const byHand: Extract<Cause, { kind: 'override' }>[] = [];
  let maintenances = 0;
  let [shownRank, countedRank] = [0, 0];
  // The order of the list decides between equals: sorting keeps it.
  marks.sort((one, other) => one.at - other.at);
  for (let place = 0; place < marks.length; place += 1) {
    const mark = marks[place];
    if (mark === undefined) continue;
    const { cause, isStart } = mark;
    const step = isStart ? 1 : -1;
    if (cause.kind === 'incident') incidents[cause.rank] = (incidents[cause.rank] ?? 0) + step;
    else if (cause.kind === 'maintenance') maintenances += step;
    else if (isStart) byHand.push(cause);
    else cause.isOver = true;
    if (marks[place + 1]?.at === mark.at) continue;

    while (byHand.at(-1)?.isOver === true) byHand.pop();
    const hand = byHand.at(-1)?.rank;
    const worst = worstRank(incidents);
    const shown = hand ?? (maintenances > 0 ? Math.max(worst, MAINTENANCE_RANK) : worst);
    const counted = maintenances > 0 ? MAINTENANCE_RANK : (hand ?? worst);
    if (shown === shownRank && counted === countedRank) continue;
    [shownRank, countedRank] = [shown, counted];
    changes.push({ at: mark.at, shown: impactOfRank(shown), counted: impactOfRank(counted) });
  }
  return changes;
}

function worstRank(counts: readonly number[]): number {
  for (let rank = counts.length - 1; rank > 0; rank -= 1) if ((counts[rank] ?? 0) > 0) return rank;
  return 0;
}
