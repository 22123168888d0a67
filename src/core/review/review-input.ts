/**
 * What a review is built from, and which part of it is shown: all of it as it stands, or a publication as of its day.
 *
 * Pure. What was published is folded anew from the timeline until then; nothing that came later is in it.
 */
import { TocsinError } from '../../errors.ts';
import type { StoredActionItem } from '../../model/action-item.ts';
import type { IncidentNumbers } from '../../model/measurement.ts';
import type { Publication, SimilarIncident, StoredReview } from '../../model/review.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import type { CompiledConfig } from '../config/compile.ts';
import { applyEvent, momentOf, openedContext } from '../lifecycle/apply.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import type { IncidentSnapshot } from '../lifecycle/snapshot.ts';
import type { TimelineItem } from '../text/describe-entry.ts';

/** What of a compiled configuration a review looks at. */
export type ReviewConfig = Pick<CompiledConfig, 'config' | 'users' | 'services' | 'response' | 'status' | 'calendars'>;

/** What a review is built from. Instants are epoch ms. */
export type ReviewInput = {
  /** The incident as it stands. */
  readonly snapshot: IncidentSnapshot;
  /** All of its timeline: events, and the deliveries that have ended, in the order in which they happened. */
  readonly timeline: readonly TimelineItem[];
  /** Absent before anybody has started it. */
  readonly stored?: StoredReview | undefined;
  /** Which publication. Default: the latest when the review is published, else none. */
  readonly revision?: number | undefined;
  /** The numbers of what the review shows: of a publication, of the timeline until its `seq` (see {@link publicationOf}). */
  readonly numbers: IncidentNumbers;
  readonly actionItems: readonly StoredActionItem[];
  readonly similar: readonly SimilarIncident[];
  /** The services of the incidents that were merged into it, as far as they are known. */
  readonly absorbedServices?: readonly string[];
  /** What a person is called. Default: as the configuration says. */
  readonly nameOf?: (user: string) => string | undefined;
  readonly config: ReviewConfig;
  /** Only for what is overdue, and how long what is open has lasted. */
  readonly now: number;
};

/**
 * The publication whose content and timeline a review shows; `undefined`: as it stands now.
 *
 * @throws TocsinError INPUT_INVALID when there is no such revision.
 */
export function publicationOf({
  snapshot,
  stored,
  revision,
}: Pick<ReviewInput, 'snapshot' | 'stored' | 'revision'>): Publication | undefined {
  const publications = stored?.publications ?? [];
  if (revision === undefined) return snapshot.value.review === 'published' ? publications.at(-1) : undefined;
  const found = publications.find((publication) => publication.revision === revision);
  if (found !== undefined) return found;
  const known = publications.map((publication) => publication.revision).join(', ') || 'none';
  const message = `there is no revision ${revision} of the review of incident ${snapshot.context.id}; known: ${known}`;
  throw new TocsinError('INPUT_INVALID', `Cannot build the review: ${message}.`, {
    details: { problems: [{ path: 'revision', message }] },
  });
}

/** The part of an incident that a review shows. */
export type Shown = {
  readonly timeline: readonly TimelineItem[];
  readonly events: readonly TimelineEvent[];
  /** What was known of the incident then; its timers and its escalation are none of a review. */
  readonly context: IncidentContext;
};

/** The incident as of the publication; deliveries that ended after it, or of what came after it, are none of it. */
export function shownPart({ snapshot, timeline }: ReviewInput, publication: Publication | undefined): Shown {
  const eventsOf = (items: readonly TimelineItem[]) =>
    items.flatMap((item) => (item.kind === 'event' ? [item.event] : [])).sort((a, b) => a.seq - b.seq);
  if (publication === undefined) return { timeline, events: eventsOf(timeline), context: snapshot.context };
  const { seq, at } = publication;
  const isShown = (item: TimelineItem) =>
    item.kind === 'event' ? item.event.seq <= seq : item.delivery.page <= seq && Number(item.at) <= at;
  const shown = timeline.filter(isShown);
  const events = eventsOf(shown);
  return { timeline: shown, events, context: snapshot.seq <= seq ? snapshot.context : factsOf(events) };
}

/** The facts alone: a replay finds timers and rungs as well, and takes a hundred times as long. */
function factsOf([first, ...later]: readonly TimelineEvent[]): IncidentContext {
  if (first?.type !== 'incident.opened')
    throw new TocsinError(
      'TIMELINE_INVALID',
      'Cannot build the review: its timeline does not begin with incident.opened.',
    );
  let context = openedContext(first);
  for (const event of later) context = applyEvent({ ...context, ...momentOf(event) }, event);
  return context;
}
