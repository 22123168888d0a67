/**
 * The text of a review as it is written: begun from a template, edited, published.
 *
 * Pure. It never says whether any of that may happen now; the statechart of the incident does.
 */
import { type Actor, actorName } from '../../model/identity.ts';
import type {
  ContributingFactor,
  Publication,
  ReviewContent,
  ReviewTemplate,
  StoredReview,
} from '../../model/review.ts';

/** What is written into a review; what is not named stays as it is. */
export type Edit = {
  /** By the id of the section; `null` empties it. */
  readonly answers?: Readonly<Record<string, string | null>>;
  /** All of them, in their order. */
  readonly factors?: readonly ContributingFactor[];
};

/** When something was done to a review (epoch ms), and by whom. */
export type Stroke = { readonly at: number; readonly by: Actor };

/** Publications beyond this many characters of text, or so many of them, are forgotten, the oldest first. */
const MOST_KEPT_TEXT = 4 * 1024 * 1024;
const MOST_KEPT = 1_000;

/** A review that nobody has written in. */
export function begunReview(incidentId: string, template: ReviewTemplate, { at, by }: Stroke): StoredReview {
  const content = { answers: {}, factors: [] };
  return { format: 1, incidentId, template, content, startedAt: at, startedBy: by, authors: [], publications: [] };
}

/** The review after `edit`; the same one when that changes nothing. */
export function editedReview(review: StoredReview, edit: Edit, { at, by }: Stroke): StoredReview {
  const content = {
    answers: edit.answers === undefined ? review.content.answers : withAnswers(review.content.answers, edit.answers),
    factors: edit.factors ?? review.content.factors,
  };
  if (isSame(content, review.content)) return review;
  const isKnown = review.authors.some((author) => isSameActor(author, by));
  return {
    ...review,
    content: { answers: content.answers, factors: [...content.factors] },
    editedAt: at,
    authors: isKnown ? review.authors : [...review.authors, by],
  };
}

/** What is published beside what people wrote: see {@link Publication}. */
export type Published = Stroke & Pick<Publication, 'similar' | 'absorbedServices' | 'names'>;

/** The review with what stands in it as its latest publication, the event `seq` of the timeline. */
export function publishedReview(review: StoredReview, seq: number, published: Published): StoredReview {
  const revision = 1 + (review.publications.at(-1)?.revision ?? 0);
  const publications = [...review.publications, { ...published, revision, seq, content: review.content }];
  return { ...review, publications: latestOf(publications) };
}

/** How many characters people have written. */
export function lengthOf({ answers, factors }: ReviewContent): number {
  const texts = [...Object.values(answers), ...factors.map(({ text }) => text)];
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** Whether both are the same person, source or system. */
export function isSameActor(one: Actor, other: Actor): boolean {
  return one.kind === other.kind && actorName(one) === actorName(other);
}

function withAnswers(
  before: ReviewContent['answers'],
  changes: Readonly<Record<string, string | null>>,
): ReviewContent['answers'] {
  const after = new Map<string, string | null>([...Object.entries(before), ...Object.entries(changes)]);
  return Object.fromEntries(
    [...after].flatMap(([section, text]) => (text === null || text === '' ? [] : [[section, text]])),
  );
}

function isSame(one: { readonly answers: object; readonly factors: unknown }, other: ReviewContent): boolean {
  const text = ({ answers, factors }: typeof one) => {
    const sorted = Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify([sorted, factors]);
  };
  return text(one) === text(other);
}

/** The latest publication always stays. */
function latestOf(publications: readonly Publication[]): Publication[] {
  const kept: Publication[] = [];
  let length = 0;
  for (const publication of publications.toReversed().slice(0, MOST_KEPT)) {
    length += lengthOf(publication.content);
    if (kept.length > 0 && length > MOST_KEPT_TEXT) break;
    kept.unshift(publication);
  }
  return kept;
}
