/**
 * Input: what people may hand to a command, checked at the door.
 *
 * Unknown fields are refused: a misspelt option would otherwise be ignored in the middle of an incident.
 */
import * as z from 'zod';
import { TocsinError } from '../errors.ts';
import { durationSchema } from '../model/duration.ts';
import { type Actor, idSchema } from '../model/identity.ts';
import { audienceSchema, impactSchema, publicStatusSchema } from '../model/status.ts';
import { incidentKindSchema, visibilitySchema } from '../model/timeline.ts';
import { by, factor, line, reason, text } from './input-parts.ts';
import { inputProblems, shownProblems } from './input-texts.ts';
import { FIELDS, RESPONSE_INPUTS, TIMES } from './response-input.ts';

const update = z.strictObject({
  by,
  text,
  audience: audienceSchema.default('internal'),
  title: line.optional(),
  status: publicStatusSchema.optional(),
  components: z.record(idSchema, impactSchema).optional(),
});

/** The input of `open` and of every command, by name. */
export const INPUTS = {
  open: z.strictObject({
    by,
    title: line,
    body: text.optional(),
    service: idSchema,
    severity: idSchema.optional(),
    impact: factor.optional(),
    timePressure: factor.optional(),
    visibility: visibilitySchema.default('public'),
    kind: incidentKindSchema.default('real'),
    times: TIMES.optional(),
    fields: FIELDS.optional(),
  }),
  update: z.strictObject({
    by,
    title: line.optional(),
    body: text.optional(),
    impact: factor.optional(),
    timePressure: factor.optional(),
    visibility: visibilitySchema.optional(),
  }),
  acknowledge: z.strictObject({ by }),
  unacknowledge: z.strictObject({ by }),
  snooze: z.strictObject({ by, for: durationSchema }),
  escalate: z.strictObject({ by, step: z.number().int().min(1).max(50).optional() }),
  reassign: z.strictObject({
    by,
    policy: idSchema.optional(),
    users: z.array(idSchema).min(1).max(50).optional(),
    reason,
  }),
  setSeverity: z.strictObject({ by, severity: idSchema, reason }),
  ...RESPONSE_INPUTS,
  addNote: z.strictObject({ by, text }),
  postUpdate: update,
  draftUpdate: update,
  approveUpdate: z.strictObject({ by, draft: idSchema }),
  discardUpdate: z.strictObject({ by, draft: idSchema }),
  investigate: z.strictObject({ by }),
  identify: z.strictObject({ by, cause: text.optional() }),
  mitigate: z.strictObject({ by, reason }),
  resolve: z.strictObject({ by, reason }),
  reopen: z.strictObject({ by, reason }),
  close: z.strictObject({ by, reason }),
  dismiss: z.strictObject({ by, reason }),
  merge: z.strictObject({ by, into: idSchema }),
} as const;

/** The name of a command, `open` included. */
export type InputName = keyof typeof INPUTS;
/** What a caller hands to a command. */
export type InputOf<N extends InputName> = z.input<(typeof INPUTS)[N]>;
/** The same with every default filled in. */
export type CheckedInput<N extends InputName> = z.output<(typeof INPUTS)[N]>;

/**
 * Checks the input of a command.
 *
 * @throws TocsinError INPUT_INVALID with `details.problems`, each `{ path, message }`.
 */
export function checkInput<N extends InputName>(name: N, input: unknown): CheckedInput<N> {
  return checkShape(name, INPUTS[name], input) as CheckedInput<N>;
}

/**
 * Checks the input of whatever is called `name`, as {@link checkInput} does.
 *
 * @throws TocsinError INPUT_INVALID with `details.problems`, each `{ path, message }`.
 */
export function checkShape<S extends z.ZodObject>(name: string, schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = inputProblems(parsed.error.issues, input, schema.shape);
  throw new TocsinError('INPUT_INVALID', `Cannot ${name}: ${shownProblems(problems)}.`, {
    details: { command: name, problems },
  });
}

/**
 * Refuses an incident, or the promise of one, in the place of its id.
 *
 * @throws TocsinError INPUT_INVALID when `id` is no text.
 */
export function checkId(id: unknown, doing: string): void {
  if (typeof id === 'string') return;
  const found = id === null ? 'null' : id instanceof Promise ? 'a promise' : typeof id;
  const message = 'pass its `id`; is an `await` missing?';
  throw new TocsinError(
    'INPUT_INVALID',
    `Cannot ${doing} an incident by ${found === 'object' ? 'an object' : found}: ${message}`,
    {
      details: { problems: [{ path: 'id', message }] },
    },
  );
}

/** Whoever a command names as `by`: a user id means that user. */
export function actorOf(by: string | Actor): Actor {
  return typeof by === 'string' ? { kind: 'user', id: by } : by;
}
