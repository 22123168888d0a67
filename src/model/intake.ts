/**
 * Intake: how alerts find their service, meet in incidents, and are kept quiet when asked.
 *
 * Data only. See core/intake for what is decided with it.
 */
import * as z from 'zod';
import { conditionSchema } from './condition.ts';
import { durationSchema } from './duration.ts';
import { idSchema } from './identity.ts';
import { instantSchema, localDateTimeSchema } from './instant.ts';

const fieldPath = z.string().min(1).max(256);

/** A value taken out of an event before it is routed. */
export const extractionSchema = z.strictObject({
  set: fieldPath,
  from: fieldPath.optional(),
  pattern: z.string().min(1).max(1_000).optional(),
  template: z.string().min(1).max(4_096).optional(),
  table: z.record(z.string().max(1_024), z.string().max(1_024)).optional(),
});

/** Where an alert goes. Routes are tried in order; the first whose condition holds decides. */
export const routeSchema = z.strictObject({
  id: idSchema.optional(),
  when: conditionSchema.optional().describe('Without a condition the route takes everything that reaches it.'),
  service: idSchema,
  escalationPolicy: idSchema.optional().describe("Default: the service's."),
  dedupFields: z
    .array(fieldPath)
    .min(1)
    .max(20)
    .optional()
    .describe('What the key is computed from when an event brings none.'),
  holdFor: durationSchema.optional().describe('Wait this long before paging; a resolve meanwhile cancels the page.'),
  reopenWithin: durationSchema
    .optional()
    .describe('A key that fires again this soon after its incident was resolved reopens it.'),
  resolveAfterClear: durationSchema.optional(),
  autoResolveAfter: durationSchema.optional(),
});

/** Alerts that belong together open one incident. */
export const groupingSchema = z.strictObject({
  id: idSchema,
  when: conditionSchema.optional(),
  by: z.array(fieldPath).min(1).max(20),
  window: durationSchema,
  rolling: z.boolean().default(false),
  cap: durationSchema.default('24h'),
  acrossServices: z.boolean().default(false),
  threshold: z.strictObject({ alerts: z.number().int().min(2).max(10_000), within: durationSchema }).optional(),
});

/** Alerts that match are kept, counted, and page nobody for a while. */
export const silenceSchema = z.strictObject({
  id: idSchema,
  when: conditionSchema,
  from: instantSchema,
  until: instantSchema,
  author: idSchema,
  comment: z.string().min(1).max(4_096),
});

/** Planned work: what fires at a service meanwhile pages nobody. */
export const maintenanceSchema = z
  .strictObject({
    id: idSchema,
    services: z.array(idSchema).min(1).max(1_000).optional(),
    when: conditionSchema.optional(),
    from: instantSchema.optional(),
    until: instantSchema.optional(),
    recurring: z
      .strictObject({
        timeZone: z.string().min(1).max(64),
        start: localDateTimeSchema,
        rrule: z.string().min(1).max(1_000),
        duration: durationSchema,
      })
      .optional(),
    atEnd: z.enum(['reroute', 'let-be']).default('reroute'),
    comment: z.string().max(4_096).optional(),
  })
  .refine((window) => (window.recurring !== undefined) !== (window.from !== undefined && window.until !== undefined), {
    error: 'give either `from` and `until`, or `recurring`',
  });

/** A firing source alert mutes the targets that agree with it in the `equal` fields. */
export const inhibitionSchema = z.strictObject({
  id: idSchema,
  source: conditionSchema,
  target: conditionSchema,
  equal: z.array(fieldPath).max(20).default([]),
  missingAgrees: z.boolean().default(false),
});

/** What keeps alerts quiet. */
export const suppressionSchema = z.strictObject({
  silences: z.array(silenceSchema).max(10_000).default([]),
  maintenance: z.array(maintenanceSchema).max(10_000).default([]),
  inhibition: z.array(inhibitionSchema).max(1_000).default([]),
});

/** A missing ping is an alert. */
export const heartbeatSchema = z.strictObject({
  id: idSchema,
  every: durationSchema,
  grace: durationSchema.default('1m'),
  service: idSchema,
  severity: idSchema.optional(),
  timeZone: z.string().min(1).max(64).optional(),
});

/** Where an alert goes. */
export type Route = z.infer<typeof routeSchema>;
/** Alerts that belong together. */
export type Grouping = z.infer<typeof groupingSchema>;
/** What keeps alerts quiet. */
export type Suppression = z.infer<typeof suppressionSchema>;
