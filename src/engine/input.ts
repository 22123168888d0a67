/**
 * Input: what people may hand to a command, checked at the door.
 *
 * Unknown fields are refused: a misspelt option would otherwise be ignored in the middle of an incident.
 */
import * as z from 'zod';
import { cleanText, oneLine } from '../core/text/clean.ts';
import { TocsinError } from '../errors.ts';
import { durationSchema } from '../model/duration.ts';
import { type Actor, actorSchema, idSchema } from '../model/identity.ts';
import { audienceSchema, impactSchema, publicStatusSchema } from '../model/status.ts';
import { incidentKindSchema, visibilitySchema } from '../model/timeline.ts';
import { inputProblems, shownProblems } from './input-texts.ts';

/** Whoever does something. */
export const by = z.union([idSchema, actorSchema]);
// What people paste holds what no display should be given, as what sources send does.
const line = z.string().overwrite(oneLine).min(1).max(1_024);
const text = z.string().overwrite(cleanText).trim().min(1).max(65_536);
const reason = text.optional();
const factor = z.string().min(1).max(100);

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
  assignRole: z.strictObject({ by, role: idSchema, user: idSchema.nullable() }),
  addResponder: z.strictObject({ by, user: idSchema, message: line.optional() }),
  removeResponder: z.strictObject({ by, user: idSchema }),
  accept: z.strictObject({ by, user: idSchema.optional() }),
  decline: z.strictObject({ by, user: idSchema.optional(), reason }),
  addTask: z.strictObject({ by, title: line, assignee: idSchema.optional() }),
  completeTask: z.strictObject({ by, task: idSchema }),
  addNote: z.strictObject({ by, text }),
  link: z.strictObject({
    by,
    href: z
      .url({ protocol: /^https?$/ })
      .max(4_096)
      .optional(),
    text: line.optional(),
    incident: idSchema.optional(),
    relation: z.enum(['relatedTo', 'causedBy', 'follows']).optional(),
  }),
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
