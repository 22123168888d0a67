/**
 * The input of reviews, checked at the door, and what of it has to be known: sections and categories.
 */
import * as z from 'zod';
import { type Edit, lengthOf } from '../core/review/written-review.ts';
import { cleanText } from '../core/text/clean.ts';
import { TocsinError } from '../errors.ts';
import { idSchema } from '../model/identity.ts';
import type { ContributingFactor, ReviewContent, StoredReview } from '../model/review.ts';
import { by, reason, text } from './input-parts.ts';

const answer = z.string().overwrite(cleanText).trim().max(65_536);
const factor = z.strictObject({
  id: idSchema.optional(),
  text: z.string().overwrite(cleanText).trim().min(1).max(8_192),
  category: idSchema.optional(),
});

/** The input of each command of `tocsin.reviews`. */
export const REVIEW_INPUTS = {
  request: z.strictObject({ by }),
  start: z.strictObject({ by }),
  submit: z.strictObject({ by }),
  return: z.strictObject({ by, reason }),
  publish: z.strictObject({ by }),
  waive: z.strictObject({ by, reason: text }),
  edit: z.strictObject({
    by,
    answers: z.record(idSchema, answer.nullable()).optional(),
    factors: z.array(factor).max(200).optional(),
  }),
} as const;

/** An edit whose input was checked. */
export type CheckedEdit = Omit<z.output<typeof REVIEW_INPUTS.edit>, 'by'>;

/** All that people write into one review, in characters. */
const MOST_TEXT = 512 * 1024;
const MOST_AUTHORS = 1_000;

/** What an edit is checked against. */
type World = {
  readonly categories: readonly { readonly id: string }[];
  readonly newId: () => string;
};

/**
 * The edit of `review`, with an id for every factor.
 *
 * @throws TocsinError REFERENCE_UNKNOWN when it names a section or a category that there is not, with its path.
 * @throws TocsinError INPUT_INVALID when it gives two factors one id.
 */
export function knownEdit({ answers, factors }: CheckedEdit, review: StoredReview, { categories, newId }: World): Edit {
  const sections = review.template.sections.map(({ id }) => id);
  for (const id of Object.keys(answers ?? {}))
    if (!sections.includes(id)) throw unknownHere('section', id, { path: `answers.${id}`, known: sections });
  const known = categories.map(({ id }) => id);
  const before = new Map(review.content.factors.map((one) => [one.id, one]));
  const seen = new Set<string>();
  const kept = factors?.map(({ id = newId(), text, category }, index): ContributingFactor => {
    if (seen.has(id)) throw refused(`factors[${index}].id`, `two factors have the id ${id}`);
    seen.add(id);
    // One that was there keeps its category although that was taken out of the configuration.
    const isKnown = category === undefined || known.includes(category) || before.get(id)?.category === category;
    if (!isKnown) throw unknownHere('category', category, { path: `factors[${index}].category`, known });
    return { id, text, ...(category !== undefined && { category }) };
  });
  return { ...(answers !== undefined && { answers }), ...(kept !== undefined && { factors: kept }) };
}

/**
 * Refuses what has become more than a review may hold.
 *
 * @throws TocsinError INPUT_INVALID saying how much it is.
 */
export function refuseTooMuch({ content, authors }: Pick<StoredReview, 'content' | 'authors'>): void {
  const length = lengthOf(content);
  if (length > MOST_TEXT)
    throw refused(
      biggest(content),
      `the review would hold ${length.toLocaleString('en')} characters, and ${MOST_TEXT.toLocaleString('en')} are the most; link to what is longer`,
    );
  if (authors.length > MOST_AUTHORS)
    throw refused('by', `${MOST_AUTHORS} people have written in it, which is the most`);
}

/**
 * Refuses what is no number of a publication.
 *
 * @throws TocsinError INPUT_INVALID
 */
export function refuseRevision(revision: unknown): void {
  if (revision === undefined || (typeof revision === 'number' && Number.isInteger(revision) && revision > 0)) return;
  const message = 'this is no whole number, counted from 1';
  throw new TocsinError('INPUT_INVALID', `Cannot read the review: revision: ${message}.`, {
    details: { command: 'reviews.get', problems: [{ path: 'revision', message }] },
  });
}

function biggest({ answers, factors }: ReviewContent): string {
  const ofFactors = lengthOf({ answers: {}, factors });
  return lengthOf({ answers, factors: [] }) >= ofFactors ? 'answers' : 'factors';
}

function refused(path: string, message: string): TocsinError {
  return new TocsinError('INPUT_INVALID', `Cannot edit the review: ${path}: ${message}.`, {
    details: { command: 'reviews.edit', problems: [{ path, message }] },
  });
}

function unknownHere(
  what: 'section' | 'category',
  id: string,
  { path, known }: { readonly path: string; readonly known: readonly string[] },
): TocsinError {
  const some = known.slice(0, 20).join(', ') || 'none';
  const message = `there is no ${what} ${id}; known: ${some}`;
  return new TocsinError('REFERENCE_UNKNOWN', `Cannot edit the review: ${path}: ${message}.`, {
    details: { command: 'reviews.edit', [what]: id, known: known.slice(0, 100), problems: [{ path, message }] },
  });
}
