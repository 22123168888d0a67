/**
 * Pages: a demand on people to acknowledge, with everything that was decided about it.
 *
 * The recipients are fixed when the page is requested; a later handoff or configuration changes nothing in it.
 */
import * as z from 'zod';
import { targetSchema } from './escalation.ts';
import { idSchema } from './identity.ts';

/** Why a page was requested. */
export const pagePurposeSchema = z.enum(['step', 'fallback', 'reminder', 'responder', 'handoff']);

/** How a person came to be asked: directly, by a schedule with its shift, or because they had acknowledged before. */
export const recipientReasonSchema = z.strictObject({
  target: z.union([
    targetSchema,
    z.strictObject({ repage: z.literal(true) }),
    z.strictObject({ responder: z.literal(true) }),
  ]),
  schedule: idSchema.optional(),
  layer: z.string().optional(),
  handoff: z.number().optional(),
  source: z.enum(['rotation', 'override', 'swap']).optional(),
  sourceId: z.string().optional(),
});

/** One contact of a recipient, and how long after the page it is used. */
export const recipientContactSchema = z.strictObject({
  contact: idSchema,
  notifier: idSchema,
  address: z.string(),
  afterMs: z.number().min(0),
  isAdded: z.literal(true).optional().describe('Whether the person has added it themselves.'),
  heldBy: z.enum(['quietHours']).optional().describe('Why it is used later than the rules of the person say.'),
});

/** One person, or one channel that mirrors the page, with the contacts chosen for it. */
export const recipientSchema = z.strictObject({
  user: idSchema.optional(),
  channel: idSchema.optional(),
  name: z.string().optional(),
  reason: recipientReasonSchema,
  contacts: z.array(recipientContactSchema),
});

/** Whose turn it was in a round-robin: its name, the place of that person among the others then, counted from 0, and the person. */
export const turnSchema = z.strictObject({ of: z.string(), place: z.number().int().min(0), user: idSchema });

/** Where an escalation stands: the entry into escalation, the round and the rung, all counted from 1. */
export const positionSchema = z.strictObject({
  cycle: z.number().int().min(0),
  loop: z.number().int().min(0),
  step: z.number().int().min(0),
});

/** Why a page was requested. */
export type PagePurpose = z.infer<typeof pagePurposeSchema>;
/** One person or channel that a page asks. */
export type Recipient = z.infer<typeof recipientSchema>;
/** How a person came to be asked. */
export type RecipientReason = z.infer<typeof recipientReasonSchema>;
/** Whose turn it was in a round-robin. */
export type Turn = z.infer<typeof turnSchema>;
/** One contact of a recipient. */
export type RecipientContact = z.infer<typeof recipientContactSchema>;
/** Where an escalation stands. */
export type Position = z.infer<typeof positionSchema>;
