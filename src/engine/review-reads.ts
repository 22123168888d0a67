/**
 * Reviews as hosts read them: one with everything in it, and the list of those that are asked for.
 *
 * What a review shows is of one moment: what happened to its incident while it was read is not in it.
 */
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { buildReview } from '../core/review/build-review.ts';
import { incidentNumbers } from '../core/review/incident-numbers.ts';
import { publicationOf } from '../core/review/review-input.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { Review } from '../model/incident.ts';
import type { BuiltReview, ReviewSummary } from '../model/review.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import { knownActionItemsOf } from './action-items-reads.ts';
import type { Engine } from './engine.ts';
import { checkFilter } from './filters.ts';
import { EVERY_DELIVERY, type Page, pageOfIncidents, type Read, seenBy, shown } from './incident-reads.ts';
import { checkId } from './input.ts';
import { personOf } from './people.ts';
import { refuseRevision } from './review-input.ts';
import { surroundingsOf, surroundingsThen } from './review-surroundings.ts';
import { reviewIn, reviewKey } from './reviews-document.ts';
import { stored } from './stored-incident.ts';
import { reaching } from './transact.ts';
import { timelineView } from './views.ts';

/** Who reads, and which publication. */
export type ReviewRead = { readonly as?: string; readonly revision?: number };

/** How many incidents are gone through at once: reviews are few among them. */
const AT_ONCE = 200;

/** The review of incident `id` with everything in it. */
export async function readReview(
  engine: Engine,
  { tenant, id }: { readonly tenant: string; readonly id: string },
  { as, revision }: ReviewRead = {},
): Promise<BuiltReview> {
  const doing = 'read the review of';
  checkId(id, doing);
  refuseRevision(revision);
  await engine.ready();
  const loaded = await reaching(() => engine.current.load({ tenant, incidents: [id], documents: [reviewKey(id)] }));
  const { snapshot } = shown(stored(loaded, id, doing), { doing, ...(as !== undefined && { as }) });
  const { review } = reviewIn(loaded.documents, id);
  const publication = publicationOf({ snapshot, stored: review, revision });
  const [{ events, deliveries }, actionItems, around] = await Promise.all([
    happenedUntil(engine, { tenant, id }, snapshot.seq),
    knownActionItemsOf(engine, tenant, id),
    publication === undefined
      ? surroundingsOf(engine, tenant, snapshot.context)
      : surroundingsThen(engine, tenant, publication),
  ]);
  const shownEvents = publication === undefined ? events : events.filter(({ seq }) => seq <= publication.seq);
  const built = buildReview({
    snapshot,
    timeline: timelineView(events, deliveries),
    stored: review,
    revision,
    numbers: incidentNumbers(shownEvents, {
      now: publication?.at ?? loaded.now,
      ...(publication === undefined && { context: snapshot.context }),
    }),
    actionItems: actionItems.map(({ item }) => item),
    ...around,
    nameOf: (user) => personOf(engine, tenant, user)?.name,
    config: loaded.config,
    now: loaded.now,
  });
  // What became private since it was published is private.
  return { ...built, incident: { ...built.incident, visibility: snapshot.context.visibility } };
}

/** The reviews that are asked for, those of the newest incidents first. */
export async function listReviews(
  engine: Engine,
  tenant: string,
  filter: unknown,
  read: Read,
): Promise<Page<ReviewSummary>> {
  const { as, state, service, limit = 100, cursor } = checkFilter('reviews', filter);
  const states: readonly Review[] | undefined = state === undefined ? undefined : [state].flat();
  const asked = { filter: { ...(service !== undefined && { service }) }, limit, cursor, read };
  return pageOfIncidents(engine, tenant, { ...asked, atOnce: Math.max(limit + 1, AT_ONCE) }, (row) => {
    const { review } = row.snapshot.value as { readonly review: Review };
    if (review === 'notNeeded' || !(states?.includes(review) ?? true)) return undefined;
    return seenBy(row, as) === undefined ? undefined : summaryOf(row.snapshot, review);
  });
}

function summaryOf({ context, timers }: IncidentSnapshot, state: ReviewSummary['state']): ReviewSummary {
  const { id, title, service, severity, times, corrections, settings, outcome } = context;
  const { resolvedAt } = { ...times, ...corrections };
  const due = timers.reviewPending ?? timers.reviewDraft ?? timers.reviewApproval;
  // Where no severity asks for it, and while the incident is open again, its timer only stands for never.
  const isDue = due !== undefined && settings.reviewWithinMs !== null && outcome !== 'open';
  return {
    incident: id,
    title,
    service,
    severity,
    state,
    ...(resolvedAt !== undefined && { endedAt: new Date(resolvedAt) }),
    ...(isDue && { dueAt: new Date(due.dueAt) }),
  };
}

type Happened = { readonly events: readonly TimelineEvent[]; readonly deliveries: readonly StoredDelivery[] };

/** What the snapshot knows, and what became of the messages of it. */
async function happenedUntil(
  engine: Engine,
  { tenant, id }: { readonly tenant: string; readonly id: string },
  until: number,
): Promise<Happened> {
  const [events, deliveries] = await Promise.all([
    reaching(() => engine.storage.timeline(tenant, id)),
    reaching(() => engine.storage.listDeliveries(tenant, { incidentId: id, limit: EVERY_DELIVERY })),
  ]);
  return {
    events: events.filter(({ seq }) => seq <= until),
    deliveries: deliveries.filter(({ page }) => page <= until),
  };
}
