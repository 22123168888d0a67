/**
 * Escalation policies and ladders: who is asked, in which order, how long we wait.
 *
 * The ladder is the copy of a policy that an incident keeps for life; core/escalation makes and reads it.
 */
import * as z from 'zod';
import { conditionSchema } from './condition.ts';
import { durationSchema } from './duration.ts';
import { idSchema } from './identity.ts';

/** Who is asked. A team means its schedule, never all its members, unless `everyone: true` is written. */
export const targetSchema = z.union([
  z.strictObject({ user: idSchema }),
  z.strictObject({ schedule: idSchema }),
  z.strictObject({ team: idSchema, everyone: z.literal(true).optional() }),
  z.strictObject({ channel: idSchema }),
]);

/** Some people and how long they have to answer. */
export const stepSchema = z.strictObject({
  targets: z.array(targetSchema).min(1).max(50),
  escalateAfter: durationSchema.default('5m'),
  strategy: z.enum(['all', 'round-robin']).default('all'),
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
  fallback: z
    .array(z.union([z.strictObject({ user: idSchema }), z.strictObject({ schedule: idSchema })]))
    .min(1)
    .max(50)
    .describe('Paged when the ladder has ended, or reached nobody. Names at least one user with a contact.'),
  fallbackEvery: durationSchema.default('15m'),
  onExhausted: z.strictObject({ policy: idSchema }).optional(),
  acknowledgeTimeout: z.union([durationSchema, z.literal('off')]).default('30m'),
  repageOn: z.array(z.enum(['severityRaised', 'newAlert'])).default(['severityRaised']),
});

/** Who is asked. */
export type Target = z.infer<typeof targetSchema>;
/** An escalation policy with every default filled in. */
export type EscalationPolicy = z.infer<typeof escalationPolicySchema>;

/** One rung of a ladder: whom we ask and how long we wait. */
export const rungSchema = z.strictObject({
  targets: z.array(targetSchema),
  waitMs: z.number(),
  strategy: z.enum(['all', 'round-robin']),
  when: conditionSchema.optional(),
});

/** The copy of an escalation policy that an incident keeps for life, with the policies that follow when it is exhausted. */
export type Ladder = {
  readonly policyId: string;
  readonly rungs: readonly Rung[];
  /** How often the rungs are asked in all: one more than the policy's `repeat`. */
  readonly loops: number;
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
    fallback: z.array(targetSchema),
    fallbackEveryMs: z.number().positive(),
    acknowledgeTimeoutMs: z.number().positive().nullable(),
    repageOn: z.array(z.enum(['severityRaised', 'newAlert'])),
    next: ladderSchema.optional(),
  }),
);

/** One rung of a ladder. */
export type Rung = z.infer<typeof rungSchema>;
