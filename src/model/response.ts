/**
 * The response: which roles an incident needs, what has to be done and written down in it, and in which words.
 *
 * The shape of that part of the configuration; who fills a role, and when somebody is reminded, is the statechart's.
 */
import * as z from 'zod';
import { conditionSchema } from './condition.ts';
import { durationSchema } from './duration.ts';
import { idSchema } from './identity.ts';

const name = z.string().min(1).max(200);
/** The id of a role. */
export const roleIdSchema = z
  .string()
  .min(1)
  .max(100)
  .refine((id) => id !== '__proto__', { error: 'this id is reserved' });
const severities = z.array(idSchema).max(100);

const roleObjectSchema = z.strictObject({
  id: roleIdSchema,
  name: name.optional().describe('What people call it. Default: its id.'),
  requiredFor: severities.default([]).describe('The severities at which somebody has to have it.'),
  fill: z
    .union([z.literal('firstAcknowledger'), z.strictObject({ schedule: idSchema })])
    .optional()
    .describe('Who gets it by itself where it is required: whoever acknowledges first, or is on call for a schedule.'),
  remindEvery: durationSchema.default('10m').describe('How often it is said that it is required and nobody has it.'),
});

/** A role of a response. A text alone is the id of one that is never required. */
export const roleSchema = z
  .union([roleIdSchema, roleObjectSchema])
  .transform((role) => (typeof role === 'string' ? roleObjectSchema.parse({ id: role }) : role));

/** One thing to do of a checklist. */
export const checklistItemSchema = z.strictObject({
  id: idSchema,
  title: z.string().min(1).max(1_024),
  body: z.string().min(1).max(16_384).optional(),
  role: roleIdSchema.optional().describe('Whoever has this role does it.'),
  due: durationSchema.optional().describe('How long after the checklist came up it is due.'),
});

/** What has to be done in incidents like these. */
export const checklistSchema = z.strictObject({
  id: idSchema.max(80),
  name,
  when: conditionSchema.optional().describe('Only incidents like these. Default: all.'),
  items: z
    .array(checklistItemSchema.extend({ id: idSchema.max(80) }))
    .min(1)
    .max(200),
});

/** What can stand in a field of an incident. */
export const fieldTypeSchema = z.enum(['text', 'number', 'boolean', 'date', 'user', 'select', 'multiSelect', 'url']);

/** A field that incidents have beside those of Tocsin. */
export const fieldSchema = z.strictObject({
  id: idSchema,
  name: name.optional(),
  type: fieldTypeSchema,
  options: z.array(z.string().min(1).max(200)).min(1).max(1_000).optional().describe('What can be selected.'),
  requiredFor: severities.default([]).describe('The severities at which it is named as missing until it is there.'),
});

/** A finer word for where a response stands within a phase. */
export const subStatusSchema = z.strictObject({
  id: idSchema,
  name: name.optional(),
  phase: z.enum(['triage', 'investigating', 'identified', 'monitoring', 'resolved', 'closed', 'dismissed']),
});

/** What of the configuration of incidents is about the response to them. */
export const RESPONSE_SETTINGS = {
  roles: z.array(roleSchema).max(50).prefault(['commander', 'communications', 'scribe']),
  checklists: z.array(checklistSchema).max(200).default([]),
  fields: z.array(fieldSchema).max(200).default([]),
  subStatuses: z.array(subStatusSchema).max(200).default([]),
};

/** A role of a response. */
export type Role = z.infer<typeof roleSchema>;
/** What has to be done in incidents like these. */
export type Checklist = z.infer<typeof checklistSchema>;
/** One thing to do of a checklist. */
export type ChecklistItem = z.infer<typeof checklistItemSchema>;
/** A field that incidents have beside those of Tocsin. */
export type IncidentField = z.infer<typeof fieldSchema>;
/** A finer word for where a response stands within a phase. */
export type SubStatus = z.infer<typeof subStatusSchema>;
