/**
 * Services: what is broken, who owns it, and what depends on it.
 */
import * as z from 'zod';
import { idSchema } from './identity.ts';
import { supportHoursSchema } from './severity.ts';

/** Something that can be broken. */
export const serviceSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(200).optional(),
  escalationPolicy: idSchema,
  team: idSchema.optional(),
  tier: z.number().int().min(1).max(10).optional().describe('1 is the most important.'),
  dependsOn: z.array(idSchema).max(1_000).default([]),
  supportHours: supportHoursSchema.optional().describe('Default: those of `severity.supportHours`.'),
});

/** Something that can be broken. */
export type Service = z.infer<typeof serviceSchema>;
