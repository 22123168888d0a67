/**
 * Severity: the ordered levels of a host, and what follows from each.
 *
 * The first level is the most severe. Urgency is an output of severity, never an input.
 */
import * as z from 'zod';
import { conditionSchema } from './condition.ts';
import { durationSchema } from './duration.ts';
import { idSchema } from './identity.ts';
import { urgencySchema } from './user.ts';

/** One level of severity and what follows from it. */
export const severityLevelSchema = z.strictObject({
  id: idSchema,
  description: z.string().max(1_000).optional(),
  urgency: urgencySchema.default('high'),
  review: z.enum(['required', 'optional']).default('optional'),
  reviewWithin: durationSchema.default('5d'),
  updateEvery: durationSchema
    .optional()
    .describe('How often stakeholders expect an update while the incident is open.'),
});

/** A rule: when the condition holds, the alert has this severity. */
export const severityRuleSchema = z.strictObject({
  id: idSchema.optional(),
  when: conditionSchema,
  severity: idSchema,
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
});

/** One level of severity. */
export type SeverityLevel = z.infer<typeof severityLevelSchema>;
/** A severity rule. */
export type SeverityRule = z.infer<typeof severityRuleSchema>;
/** How severity is worked out. */
export type SeverityConfig = z.infer<typeof severityConfigSchema>;
