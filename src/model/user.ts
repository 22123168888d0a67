/**
 * Users and teams: who can be paged, through which contacts, in which order.
 *
 * Contacts written here count as verified by the host.
 */
import * as z from 'zod';
import { clockTimeSchema, weekdaySchema } from './condition.ts';
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
export const notificationRuleSchema = z.strictObject({
  after: durationSchema.default('0s'),
  contact: idSchema,
  added: z
    .literal(true)
    .optional()
    .describe('The contact is one that they add themselves; until it is there and verified, the rule is passed over.'),
});

/** Hours of a person's week in which what can wait is held back. `until` before `from` runs over midnight. */
export const quietHoursSchema = z.strictObject({
  from: clockTimeSchema,
  until: clockTimeSchema,
  weekdays: z.array(weekdaySchema).min(1).optional(),
});

/** What a person is told beside pages, always with low noise. */
export const noticeRulesSchema = z.strictObject({
  acknowledged: z.boolean().default(true).describe('Somebody else has acknowledged what they were paged for.'),
  status: z
    .array(z.enum(['acknowledged', 'monitoring', 'resolved', 'dismissed', 'reopened', 'severity']))
    .max(6)
    .default(['monitoring'])
    .describe('What happens next to an incident that they were paged for or respond to.'),
  response: z
    .boolean()
    .default(true)
    .describe('What concerns them in a response: a role that they get or give, a task that is due, an answer to them.'),
  shifts: z
    .array(z.union([z.literal('start'), z.literal('end'), durationSchema]))
    .max(8)
    .default([])
    .describe("When their time on call begins ('start'), ends ('end'), or is to begin after so long ('1h')."),
});

/** A person who can be paged. */
export const userSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(200).optional(),
  timeZone: z.string().min(1).max(64).optional().describe('Where they live. Needed by their own hours.'),
  locale: z.string().min(2).max(35).optional().describe("The language of their messages, such as 'de'."),
  holidays: idSchema.optional().describe('The calendar of their public holidays.'),
  quietHours: z
    .array(quietHoursSchema)
    .max(20)
    .default([])
    .describe('Low urgency waits for the end of these hours, in their own time zone.'),
  notices: noticeRulesSchema.prefault({}),
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
/** Hours of a person's week in which what can wait is held back. */
export type QuietHours = z.infer<typeof quietHoursSchema>;
/** What a person is told beside pages. */
export type NoticeRules = z.infer<typeof noticeRulesSchema>;
/** A person who can be paged. */
export type User = z.infer<typeof userSchema>;
/** A person as a host writes them, in the configuration or in a directory; what is left out has a default. */
export type UserInput = z.input<typeof userSchema>;
/** People who own services together. */
export type Team = z.infer<typeof teamSchema>;
/** A room or endpoint that mirrors pages. */
export type Channel = z.infer<typeof channelSchema>;
