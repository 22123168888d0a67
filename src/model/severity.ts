/**
 * Severity: the ordered levels of a host, and what follows from each.
 *
 * The first level is the most severe. Urgency is an output of severity, never an input.
 */
import * as z from 'zod';
import { conditionSchema, duringSchema } from './condition.ts';
import { durationSchema } from './duration.ts';
import { idSchema } from './identity.ts';

/** What the urgency of a level is: the same at all times, or high while support hours run and low outside of them. */
export const levelUrgencySchema = z.enum(['high', 'low', 'supportHours']);

/** Windows of local time in which support is at work. They run while any of them does. */
export const supportHoursSchema = z.array(duringSchema).min(1).max(100);

/** One level of severity and what follows from it. */
export const severityLevelSchema = z.strictObject({
  id: idSchema,
  description: z.string().max(1_000).optional(),
  urgency: levelUrgencySchema
    .default('high')
    .describe("How to notify; 'supportHours': high while support hours run, low until they begin."),
  review: z.enum(['required', 'optional']).default('optional'),
  reviewWithin: durationSchema.default('5d'),
  updateEvery: durationSchema
    .optional()
    .describe('How often stakeholders expect an update while the incident is open.'),
  autoResolveAfter: durationSchema
    .optional()
    .describe('How long nothing may be heard of an incident of this level before it resolves by itself.'),
  repage: z
    .boolean()
    .optional()
    .describe(
      'Whether a rise to this level pages again although somebody acknowledged. Default: what `repageOn` of the policy says.',
    ),
});

/** A rule: when the condition holds, the alert has this severity. */
export const severityRuleSchema = z.strictObject({
  id: idSchema.optional(),
  when: conditionSchema,
  severity: idSchema,
});

const MOST_WORDS = 1_000;

/** What the words of an event mean: a built-in table by the name of its source, or the level of each word. */
export const severityTableSchema = z.strictObject({
  when: conditionSchema.optional().describe('Default: always.'),
  from: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('The field that is read. Default: severity, then labels.severity.'),
  table: z.union([
    z.string().min(1).max(100),
    z
      .record(z.string().min(1).max(100), idSchema)
      .refine((words) => Object.keys(words).length <= MOST_WORDS, { error: `expected at most ${MOST_WORDS} words` }),
  ]),
});

const matrixInput = z.string().min(1).max(100);

/** How severity is worked out. */
export const severityConfigSchema = z.strictObject({
  levels: z
    .array(severityLevelSchema)
    .min(1)
    .max(20)
    .default([
      { id: 'SEV1', urgency: 'high', review: 'optional', reviewWithin: '5d' },
      { id: 'SEV2', urgency: 'high', review: 'optional', reviewWithin: '5d' },
      { id: 'SEV3', urgency: 'low', review: 'optional', reviewWithin: '5d' },
    ])
    .describe('The most severe first. Default: SEV1 and SEV2 of high, SEV3 of low urgency.'),
  default: idSchema.optional().describe('When nothing decides. Default: the least severe level of high urgency.'),
  strategy: z.enum(['first', 'highest']).default('first'),
  rules: z.array(severityRuleSchema).max(10_000).default([]),
  matrix: z
    .array(z.strictObject({ impact: matrixInput, timePressure: matrixInput, severity: idSchema }))
    .max(400)
    .optional()
    .describe('The severity for each pair of impact and time pressure.'),
  tables: z
    .array(severityTableSchema)
    .max(1_000)
    .optional()
    .describe('What the words of events mean; asked in this order before the built-in table of the source.'),
  supportHours: supportHoursSchema
    .optional()
    .describe("The windows that levels of urgency 'supportHours' follow; a service may have its own."),
});

/** One level of severity. */
export type SeverityLevel = z.infer<typeof severityLevelSchema>;
/** A severity rule. */
export type SeverityRule = z.infer<typeof severityRuleSchema>;
/** What the words of an event mean. */
export type SeverityTable = z.infer<typeof severityTableSchema>;
/** How severity is worked out. */
export type SeverityConfig = z.infer<typeof severityConfigSchema>;
