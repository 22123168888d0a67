/**
 * One incident as the audience of a page may see it, or nothing.
 *
 * Pure. Internal titles and updates are never in what the public reads; a private incident is on no page at all.
 */
import type { Audience, Impact, PictureIncident } from '../../model/status.ts';
import { type ImpactStretch, impactStretches } from './as-of.ts';
import type { CompiledPage } from './compile.ts';
import { isWorse, worstOf } from './impact.ts';
import { countsForComponents } from './impact-timeline.ts';
import { neutralTitle } from './neutral-title.ts';
import { type Progress, progressOf } from './progress.ts';
import type { RecordUpdate, StatusRecord } from './stored-record.ts';

/** Who looks at which page, and when. */
export type Viewing = { readonly page: CompiledPage; readonly audience: Audience; readonly at: number };

type Impacts = Readonly<Record<string, Impact>>;

/**
 * The incident of `record`, which is as of the moment that is looked at; `undefined` when the page does not show it.
 *
 * The public reads of it once it has a public update. The people of the host read of every incident in a record, but of one that was
 * dismissed or merged only if the public was told of it. A page of some components shows what touched one of them.
 */
export function pictureIncident(record: StatusRecord, { page, audience, at }: Viewing): PictureIncident | undefined {
  const { kind, visibility, outcome } = record;
  if (visibility !== 'public' || (kind !== 'real' && kind !== 'backfilled')) return undefined;
  const isInternal = audience === 'internal';
  const updates = isInternal ? record.updates : record.updates.filter((update) => update.audience === 'public');
  const isTold = record.firstPublicAt !== undefined;
  if (!isTold && !(isInternal && outcome !== 'dismissed' && outcome !== 'merged')) return undefined;
  if (!record.spans.some(({ impacts }) => concerns(page, Object.keys(impacts))) && !isForAll(page)) return undefined;

  const progress = progressOf(record, updates);
  const status = progress.at(-1)?.status ?? 'investigating';
  const isOver = status === 'resolved';
  const { stretches, touched, named } = shownImpacts(record, { page, at, isOver });
  const changedAt = stretches.flatMap(({ startAt, endAt, impacts }) =>
    concerns(page, Object.keys(impacts)) ? [startAt, endAt] : [],
  );
  // What was written down afterwards began no later than it ended.
  const startedAt = Math.min(record.impactStartedAt ?? record.openedAt, record.endedAt ?? Number.POSITIVE_INFINITY);
  const monitoringAt = monitoredSince(progress);
  const resolvedAt = isOver ? progress.at(-1)?.at : undefined;
  return {
    id: record.incidentId,
    title: isInternal ? record.title : (record.publicTitle ?? neutralTitle(named, page.components, page.page.locale)),
    status,
    impact: worstOf(Object.values(touched)),
    components: touched,
    startedAt,
    ...(monitoringAt !== undefined && { monitoringAt }),
    ...(resolvedAt !== undefined && { resolvedAt }),
    updatedAt: latest(
      [startedAt, ...progress.map((step) => step.at), ...updates.map((update) => update.at), ...changedAt],
      at,
    ),
    updates: updates.map(shownUpdate).reverse(),
  };
}

/** What the page shows that it touched, and by what of it the incident is called before it has a title for the public. */
export function shownImpacts(
  record: StatusRecord,
  { page, at, isOver }: Pick<Viewing, 'page' | 'at'> & { readonly isOver: boolean },
): { readonly stretches: readonly ImpactStretch[]; readonly touched: Impacts; readonly named: Impacts } {
  const stretches = impactStretches(record);
  const ever = countsForComponents(record) ? worstOnPage(page, stretches) : {};
  const now = stretches.filter(({ startAt, endAt }) => startAt <= at && at < endAt);
  // Of what is open its state now: a banner in red over a component in orange would say two things.
  const touched = isOver ? ever : worstOnPage(page, now);
  return { stretches, touched, named: isOver || Object.keys(touched).length === 0 ? ever : touched };
}

/** Whether any of `touched` is on the page. */
export function concerns({ places }: CompiledPage, touched: readonly string[]): boolean {
  return touched.some((id) => places.has(id));
}

/** Whether it is a page of all components: it shows also what touches none, or none that is left. */
export function isForAll({ page }: CompiledPage): boolean {
  return page.components === undefined;
}

/** The latest of `moments` that is not later than `at`. */
export function latest(moments: readonly number[], at: number): number {
  let found = Number.NEGATIVE_INFINITY;
  for (const moment of moments) if (moment <= at && moment > found) found = moment;
  return found === Number.NEGATIVE_INFINITY ? at : found;
}

/** The worst that was done to each component of the page, in its order. */
function worstOnPage({ places }: CompiledPage, stretches: readonly ImpactStretch[]): Record<string, Impact> {
  const worst = new Map<string, Impact>();
  for (const { impacts } of stretches)
    for (const [id, impact] of Object.entries(impacts))
      if (places.has(id) && isWorse(impact, worst.get(id) ?? 'operational')) worst.set(id, impact);
  const place = ([id]: readonly [string, Impact]) => places.get(id) ?? 0;
  return Object.fromEntries([...worst].sort((one, other) => place(one) - place(other)));
}

/** Since when it is, or was at its end, monitored. */
function monitoredSince(progress: Progress): number | undefined {
  const last = progress.findLast(({ status }) => status !== 'resolved');
  return last?.status === 'monitoring' ? last.at : undefined;
}

function shownUpdate({ id, status, text, at, audience }: RecordUpdate): PictureIncident['updates'][number] {
  return { id, status, text, at, audience };
}
