/**
 * Updates: what is told to people who are not responding, who may approve it, and what stands ready to be said.
 *
 * The shape only. References are checked in core/config; who subscribes is in subscriber.ts.
 */
import * as z from 'zod';
import { durationSchema } from './duration.ts';
import { actorSchema, idSchema } from './identity.ts';
import { audienceSchema, impactSchema, publicStatusSchema } from './status.ts';

/** Who has to look at an update before it goes out. */
export const approvalSchema = z.strictObject({
  internal: z.boolean().default(false),
  public: z.boolean().default(false).describe('Whether a public update needs somebody beside its author.'),
  by: z
    .strictObject({
      roles: z.array(z.string().min(1).max(100)).max(50).default([]).describe('Whoever holds one of these roles.'),
      users: z.array(idSchema).max(1_000).default([]),
    })
    .optional()
    .describe('Who may approve. Default: everybody but the author.'),
});

/** A text that stands ready, with `{{title}}`, `{{service}}`, `{{severity}}`, `{{status}}`, `{{components}}`, `{{startedAt}}`, `{{nextUpdate}}`. */
export const updateTemplateSchema = z.strictObject({
  id: idSchema,
  audience: audienceSchema,
  status: publicStatusSchema.optional().describe('Only while the incident is so far. Default: always.'),
  severity: idSchema.optional().describe('Only for this level. Default: every.'),
  locale: z.string().min(2).max(35).optional().describe('The language that it is in. Default: any.'),
  text: z.string().min(1).max(8_192),
});

/** What is told to people who are not responding. */
export const updatesConfigSchema = z.strictObject({
  approval: approvalSchema.prefault({}),
  templates: z.array(updateTemplateSchema).max(1_000).default([]).describe('The first that fits is taken.'),
  digestWithin: durationSchema
    .default('5m')
    .describe('Subscribers hear of the first update at once, and of those that follow within this time together.'),
  from: z
    .strictObject({ internal: idSchema.optional(), public: idSchema.optional() })
    .default({})
    .describe('The least severe level of which subscribers of each audience hear. Default: every.'),
  strangers: z
    .strictObject({
      notifiers: z
        .array(idSchema)
        .max(100)
        .default([])
        .describe('The notifiers, or groups of `failover`, by which strangers may subscribe. Default: none.'),
    })
    .prefault({}),
});

/** An update before it goes out. */
export const updateDraftSchema = z.strictObject({
  id: idSchema,
  text: z.string(),
  audience: audienceSchema,
  title: z.string().optional(),
  status: publicStatusSchema.optional(),
  components: z.record(idSchema, impactSchema).optional(),
});

/** A draft that waits, whose it is, and since when (epoch ms). */
export const keptDraftSchema = updateDraftSchema.extend({ by: actorSchema, at: z.number() });

/** What is told to people who are not responding. */
export type UpdatesConfig = z.infer<typeof updatesConfigSchema>;
/** A text that stands ready. */
export type UpdateTemplate = z.infer<typeof updateTemplateSchema>;
/** An update before it goes out. */
export type UpdateDraft = z.infer<typeof updateDraftSchema>;
/** A draft that waits, whose it is, and since when (epoch ms). */
export type KeptDraft = z.infer<typeof keptDraftSchema>;
