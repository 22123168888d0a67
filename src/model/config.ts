/**
 * Configuration: everything a host decides, as one document of plain data.
 *
 * The shape only. References between its parts are checked in core/config, which reports every problem at once.
 */
import * as z from 'zod';
import { conditionSchema } from './condition.ts';
import { durationSchema } from './duration.ts';
import { escalationPolicySchema } from './escalation.ts';
import { idSchema } from './identity.ts';
import { extractionSchema, groupingSchema, heartbeatSchema, routeSchema, suppressionSchema } from './intake.ts';
import { RESPONSE_SETTINGS } from './response.ts';
import { reviewsConfigSchema } from './review.ts';
import { scheduleSchema } from './schedule.ts';
import { serviceSchema } from './service.ts';
import { severityConfigSchema } from './severity.ts';
import { statusSchema } from './status.ts';
import { updatesConfigSchema } from './updates.ts';
import { channelSchema, teamSchema, userSchema } from './user.ts';

/** How incidents end and how long they wait. */
export const incidentSettingsSchema = z.strictObject({
  resolveAfterClear: durationSchema
    .default('5m')
    .describe('How long all alerts stay clear before an incident that nobody touched resolves.'),
  reopenWindow: durationSchema.default('7d').describe('How long a resolved incident can be reopened; then it closes.'),
  reminderEvery: durationSchema.default('24h').describe('How often a low-urgency incident that nobody took reminds.'),
  ...RESPONSE_SETTINGS,
});

/** Public holidays of one place. */
export const holidayCalendarSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(200).optional(),
  dates: z
    .array(z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "expected a date such as '2026-12-25'"))
    .max(10_000)
    .describe('Whole days of local time, as dates.'),
});

/** So many messages within so long. */
export const budgetSchema = z.strictObject({ messages: z.number().int().min(1).max(10_000), within: durationSchema });

/** How many messages a notifier may carry before they are bundled. */
export const limitsSchema = z.strictObject({
  notifier: idSchema,
  perContact: z.array(budgetSchema).max(10).default([]).describe('To one address.'),
  overall: z.array(budgetSchema).max(10).default([]).describe('To all addresses together.'),
});

/** A message that is sent regularly, to learn whether a notifier still delivers. */
export const canarySchema = z.strictObject({
  id: idSchema,
  notifier: idSchema,
  address: z.string().min(1).max(1_024),
  every: durationSchema.default('5m'),
  within: durationSchema.optional().describe('A receipt must say that it was delivered within this time.'),
});

/** A platform on which every incident is to be seen as well. It never counts as reaching somebody. */
export const mirrorSchema = z.strictObject({
  id: idSchema,
  notifier: idSchema.describe('A notifier that mirrors, such as `pagerduty`.'),
  address: z.string().min(1).max(1_024).describe('What the notifier needs, such as the name of one of its keys.'),
  when: conditionSchema.optional().describe('Only incidents like these. Default: all.'),
  private: z.boolean().default(false).describe('Whether private incidents are mirrored as well.'),
});

/** A room of a chat that is made for each incident. It never counts as reaching somebody. */
export const chatRoomSchema = z.strictObject({
  id: idSchema,
  chatRoom: idSchema.describe('The name of what makes rooms, such as `slack`.'),
  when: conditionSchema
    .optional()
    .describe('Only incidents like these, when somebody is asked about them. Default: all.'),
  private: z
    .boolean()
    .default(false)
    .describe('Whether only who is invited sees the room. Private incidents have such rooms only.'),
  name: z
    .string()
    .min(1)
    .max(200)
    .default('inc-{{date}}-{{service}}')
    .describe('May name {{date}}, {{service}}, {{severity}}, {{title}} and {{id}}.'),
  archiveAfter: durationSchema
    .optional()
    .describe('How long after its end the room is archived. Default: when the incident is closed.'),
});

/** The whole configuration. */
export const configSchema = z.strictObject({
  users: z.array(userSchema).max(100_000).default([]),
  teams: z.array(teamSchema).max(10_000).default([]),
  channels: z.array(channelSchema).max(10_000).default([]),
  schedules: z.array(scheduleSchema).max(10_000).default([]),
  escalationPolicies: z.array(escalationPolicySchema).min(1).max(10_000),
  services: z.array(serviceSchema).min(1).max(100_000),
  severity: severityConfigSchema.prefault({}),
  enrichment: z.array(extractionSchema).max(1_000).default([]),
  routes: z
    .array(routeSchema)
    .max(10_000)
    .default([])
    .describe('Ordered; what no route takes goes to the first service.'),
  grouping: z.array(groupingSchema).max(1_000).default([]),
  suppression: suppressionSchema.prefault({}),
  heartbeats: z.array(heartbeatSchema).max(10_000).default([]),
  holidays: z.array(holidayCalendarSchema).max(1_000).default([]),
  failover: z
    .record(idSchema, z.array(idSchema).min(1).max(10))
    .default({})
    .describe("Names that contacts may use for several notifiers, tried in order: { sms: ['twilio', 'vonage'] }."),
  limits: z.array(limitsSchema).max(1_000).default([]),
  canaries: z.array(canarySchema).max(100).default([]),
  mirrors: z.array(mirrorSchema).max(100).default([]),
  chatRooms: z.array(chatRoomSchema).max(100).default([]),
  incidents: incidentSettingsSchema.prefault({}),
  status: statusSchema.prefault({}).describe('Status pages, and what they show.'),
  updates: updatesConfigSchema.prefault({}).describe('What is told to people who are not responding.'),
  reviews: reviewsConfigSchema.prefault({}).describe('How reviews read, and what becomes of what was decided.'),
});

/** A configuration as a host writes it. */
export type ConfigInput = z.input<typeof configSchema>;
/** A configuration with every default filled in. */
export type Config = z.infer<typeof configSchema>;
/** Public holidays of one place. */
export type HolidayCalendar = z.infer<typeof holidayCalendarSchema>;
/** So many messages within so long. */
export type Budget = z.infer<typeof budgetSchema>;
/** How many messages a notifier may carry before they are bundled. */
export type Limits = z.infer<typeof limitsSchema>;
/** A message that is sent regularly, to learn whether a notifier still delivers. */
export type Canary = z.infer<typeof canarySchema>;
/** A platform on which every incident is to be seen as well. */
export type Mirror = z.infer<typeof mirrorSchema>;
/** A room of a chat that is made for each incident. */
export type ChatRoomConfig = z.infer<typeof chatRoomSchema>;
/** How incidents end and how long they wait. */
export type IncidentSettings = z.infer<typeof incidentSettingsSchema>;

/** Names the type of a configuration for the editor; returns it as it is. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}

/** The JSON Schema (draft 2020-12) of {@link ConfigInput}, for editors and for checks outside Node. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configSchema, { io: 'input' });
}
