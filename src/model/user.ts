/**
 * Users and teams: who can be paged, through which contacts, in which order.
 *
 * Contacts written here count as verified by the host.
 */
import * as z from 'zod';
import { durationSchema } from './duration.ts';
import { idSchema } from './identity.ts';

/** How to notify, not how bad it is. */
export const urgencySchema = z.enum(['high', 'low']);

/** One address of a person, and the notifier that reaches it. */
export const contactSchema = z.strictObject({
  id: idSchema.optional().describe('Default: the notifier, with a number from the second contact of that notifier on.'),
  notifier: idSchema.describe('The name of a notifier handed to createTocsin.'),
  address: z.string().min(1).max(1_024).describe('What the notifier needs: a phone number, an e-mail address, a URL.'),
});

/** One line of a person's notification rules: which contact is used how long after the page. */
export const notificationRuleSchema = z.strictObject({ after: durationSchema.default('0s'), contact: idSchema });

/** A person who can be paged. */
export const userSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(200).optional(),
  timeZone: z.string().min(1).max(64).optional(),
  contacts: z.array(contactSchema).max(20).default([]),
  rules: z
    .strictObject({
      high: z.array(notificationRuleSchema).max(50).optional(),
      low: z.array(notificationRuleSchema).max(50).optional(),
    })
    .default({})
    .describe(
      'Default for high: the contacts in the order written, two minutes apart. Default for low: the first contact.',
    ),
});

/** People who own services together. As a target of a page a team means its schedule. */
export const teamSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(200).optional(),
  members: z.array(idSchema).max(1_000).default([]),
  schedule: idSchema.optional(),
});

/** A room or endpoint that mirrors pages. It never counts as reaching somebody. */
export const channelSchema = z.strictObject({
  id: idSchema,
  notifier: idSchema,
  address: z.string().min(1).max(1_024),
});

/** High or low: how to notify, not how bad it is. */
export type Urgency = z.infer<typeof urgencySchema>;
/** One address of a person. */
export type Contact = z.infer<typeof contactSchema>;
/** One line of a person's notification rules. */
export type NotificationRule = z.infer<typeof notificationRuleSchema>;
/** A person who can be paged. */
export type User = z.infer<typeof userSchema>;
/** People who own services together. */
export type Team = z.infer<typeof teamSchema>;
/** A room or endpoint that mirrors pages. */
export type Channel = z.infer<typeof channelSchema>;
