/**
 * Escalation policies and ladders: who is asked, in which order, how long we wait.
 *
 * The ladder is the copy of a policy that an incident keeps for life; core/escalation makes and reads it.
 */
import * as z from 'zod';
import {
  calendarHolidaysSchema,
  clockTimeSchema,
  conditionSchema,
  datedHolidaysSchema,
  weekdaySchema,
} from './condition.ts';
import { durationSchema } from './duration.ts';
import { idSchema } from './identity.ts';

/** A schedule: whoever is on call (`now`, the default), comes on call next, or takes part in it at all. */
const scheduleTargetSchema = z.strictObject({
  schedule: idSchema,
  who: z.enum(['now', 'next', 'everyone']).optional(),
});

/** Who is asked. A team means its schedule, never all its members, unless `everyone: true` is written. */
export const targetSchema = z.union([
  z.strictObject({ user: idSchema }),
  scheduleTargetSchema,
  z.strictObject({ team: idSchema, everyone: z.literal(true).optional() }),
  z.strictObject({ channel: idSchema }),
]);

const localTime = {
  time: clockTimeSchema,
  timeZone: z.string().min(1).max(64),
  weekdays: z.array(weekdaySchema).min(1).optional(),
};

/** A local time that comes again and again: each day, or on some weekdays, with or without holidays. */
export const escalateAtSchema = z.strictObject({ ...localTime, holidays: calendarHolidaysSchema.optional() });

const strategySchema = z.enum(['all', 'round-robin']);
const acknowledgeSchema = z.enum(['first', 'each']);

/** Some people and how long they have to answer. */
export const stepSchema = z.strictObject({
  targets: z.array(targetSchema).min(1).max(50),
  escalateAfter: durationSchema.optional().describe('How long they have to answer. Default: 5m.'),
  escalateAt: escalateAtSchema.optional().describe('The time of day until which they have to answer, instead.'),
  strategy: strategySchema.default('all').describe("'round-robin': one of them is asked, the next one each time."),
  acknowledge: acknowledgeSchema.optional().describe('Default: that of the policy.'),
  when: conditionSchema.optional().describe('A gate: a step whose gate is closed is passed over at once.'),
});

/** Who is asked in which order, how often, and who is asked when nobody answered. */
export const escalationPolicySchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(200).optional(),
  steps: z.array(stepSchema).min(1).max(50),
  repeat: z
    .number()
    .int()
    .min(0)
    .max(20)
    .default(0)
    .describe('How often the steps are asked again after the first time.'),
  repeatDelay: durationSchema.optional().describe('How much more time there is between two rounds.'),
  acknowledge: acknowledgeSchema
    .default('first')
    .describe("Whether the first answer counts for all who were asked, or 'each' has to answer."),
  fallback: z
    .array(z.union([z.strictObject({ user: idSchema }), scheduleTargetSchema]))
    .min(1)
    .max(50)
    .describe('Paged when the ladder has ended, or reached nobody. Names at least one user with a contact.'),
  fallbackEvery: durationSchema.default('15m'),
  onExhausted: z.strictObject({ policy: idSchema }).optional(),
  acknowledgeTimeout: z.union([durationSchema, z.literal('off')]).default('30m'),
  repageOn: z.array(z.enum(['severityRaised', 'newAlert'])).default(['severityRaised']),
});

/** A local time that comes again and again. */
export type EscalateAt = z.infer<typeof escalateAtSchema>;
/** Who is asked. */
export type Target = z.infer<typeof targetSchema>;
/** An escalation policy with every default filled in. */
export type EscalationPolicy = z.infer<typeof escalationPolicySchema>;

/** One rung of a ladder: whom we ask and how long we wait. */
export const rungSchema = z.strictObject({
  targets: z.array(targetSchema),
  /** With `until` only where that cannot be told. */
  waitMs: z.number(),
  /** The local time at which the wait ends. */
  until: z.strictObject({ ...localTime, holidays: datedHolidaysSchema.optional() }).optional(),
  strategy: strategySchema,
  /** Of a round-robin: names its turns, which all incidents of the policy share. */
  turns: z.string().optional(),
  acknowledge: z.literal('each').optional(),
  when: conditionSchema.optional(),
});

/** The copy of an escalation policy that an incident keeps for life, with the policies that follow when it is exhausted. */
export type Ladder = {
  readonly policyId: string;
  readonly rungs: readonly Rung[];
  /** How often the rungs are asked in all: one more than the policy's `repeat`. */
  readonly loops: number;
  /** How much more time there is between two rounds. */
  readonly repeatDelayMs?: number | undefined;
  readonly fallback: readonly Target[];
  readonly fallbackEveryMs: number;
  /** How long an acknowledgement holds; `null`: for ever. */
  readonly acknowledgeTimeoutMs: number | null;
  readonly repageOn: readonly ('severityRaised' | 'newAlert')[];
  /** What is climbed when this ladder is exhausted. */
  readonly next?: Ladder | undefined;
};

/** The schema of {@link Ladder}, for timelines read back from a storage. */
export const ladderSchema: z.ZodType<Ladder> = z.lazy(() =>
  z.strictObject({
    policyId: idSchema,
    rungs: z.array(rungSchema).min(1),
    loops: z.number().int().min(1),
    repeatDelayMs: z.number().min(0).optional(),
    fallback: z.array(targetSchema),
    fallbackEveryMs: z.number().positive(),
    acknowledgeTimeoutMs: z.number().positive().nullable(),
    repageOn: z.array(z.enum(['severityRaised', 'newAlert'])),
    next: ladderSchema.optional(),
  }),
);

/** One rung of a ladder. */
export type Rung = z.infer<typeof rungSchema>;
