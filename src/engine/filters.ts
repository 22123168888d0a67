/**
 * Filters: what a list may be asked for, checked at the door.
 *
 * An unknown field is refused: a misspelt filter would otherwise list everything.
 */
import * as z from 'zod';
import { TocsinError } from '../errors.ts';
import { idSchema } from '../model/identity.ts';

const phase = z.enum([
  'triage',
  'investigating',
  'identified',
  'monitoring',
  'resolved',
  'closed',
  'dismissed',
  'merged',
]);
const reviewState = z.enum(['pending', 'draft', 'inReview', 'published']);
const limit = z.number().int().min(1).max(1_000).optional();
const cursor = z
  .string()
  .regex(/^\d+:.+$/, 'expected the `next` of the page before')
  .optional();

const FILTERS = {
  incidents: z.strictObject({
    phase: z.union([phase, z.array(phase).min(1)]).optional(),
    service: idSchema.optional(),
    severity: idSchema.optional(),
    as: idSchema.optional(),
    limit,
    cursor,
  }),
  reviews: z.strictObject({
    state: z.union([reviewState, z.array(reviewState).min(1)]).optional(),
    service: idSchema.optional(),
    as: idSchema.optional(),
    limit,
    cursor,
  }),
  alerts: z.strictObject({
    incidentId: idSchema.optional(),
    status: z.enum(['firing', 'acknowledged', 'suppressed', 'cleared']).optional(),
    as: idSchema.optional(),
    limit,
  }),
  deliveries: z.strictObject({
    incidentId: idSchema.optional(),
    page: z.number().int().min(1).optional(),
    state: z.enum(['pending', 'leased', 'sent', 'dead', 'withdrawn']).optional(),
    as: idSchema.optional(),
    limit,
  }),
} as const;

/** What a list of incidents, reviews, alerts or deliveries may be asked for. */
export type Filter<N extends keyof typeof FILTERS> = z.input<(typeof FILTERS)[N]>;

/**
 * Checks the filter of a list.
 *
 * @throws TocsinError INPUT_INVALID with `details.problems`, each `{ path, message }`.
 */
export function checkFilter<N extends keyof typeof FILTERS>(name: N, filter: unknown): z.output<(typeof FILTERS)[N]> {
  const parsed = FILTERS[name].safeParse(filter);
  if (parsed.success) return parsed.data as z.output<(typeof FILTERS)[N]>;
  const known = Object.keys(FILTERS[name].shape).join(', ');
  const problems = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((path) => ({ path, message: 'this field is not known' }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );
  const shown = problems.map(({ path, message }) => `${path || 'filter'}: ${message}`).join('; ');
  throw new TocsinError('INPUT_INVALID', `Cannot list ${name}: ${shown}. Known: ${known}.`, { details: { problems } });
}
