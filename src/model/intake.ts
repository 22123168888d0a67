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

/** The fields of an event that an extraction may set. */
export const settableFieldSchema = z
  .string()
  .max(256)
  .regex(
    /^(title|body|severity|source|service|dedupKey|impact|timePressure|labels\..+)$/,
    'expected title, body, severity, source, service, dedupKey, impact, timePressure or a label such as labels.env',
  );

/** A value taken out of an event before it is routed. Extractions run in order, and a later one sees what an earlier one set. */
export const extractionSchema = z
  .strictObject({
    set: settableFieldSchema,
    when: conditionSchema.optional().describe('Only for events for which this holds.'),
    from: fieldPath
      .optional()
      .describe('A field such as details.host, or a JSON pointer into the event such as /raw/alerts/0/name.'),
    pattern: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe(
        'An RE2 pattern found in `from`. The value is its group `value`, else its first group, else all of it.',
      ),
    template: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .describe('A text with {{field}} in it, and {{1}} or {{name}} for the groups of `pattern`.'),
    table: z.record(z.string().max(1_024), z.string().max(1_024)).optional().describe('The value is looked up in it.'),
    otherwise: z.string().max(1_024).optional().describe('What a value becomes that `table` does not have.'),
    overwrite: z.boolean().default(true).describe('Whether a field that has a value is set all the same.'),
  })
  .refine(({ from, template }) => from !== undefined || template !== undefined, {
    error: 'give `from`, `template`, or both',
  })
  .refine(({ from, pattern }) => pattern === undefined || from !== undefined, {
    error: 'a `pattern` needs `from`',
    path: ['pattern'],
  })
  .refine(({ otherwise, table }) => otherwise === undefined || table !== undefined, {
    error: '`otherwise` belongs to `table`',
    path: ['otherwise'],
  });

/** What becomes of a field of an open alert when a repeat says something else. */
export const mergeStrategySchema = z.enum(['first', 'last', 'max', 'append']);

/** Where an alert goes. Routes are tried in order; the first whose condition holds decides. */
export const routeSchema = z.strictObject({
  id: idSchema.optional(),
  when: conditionSchema.optional().describe('Without a condition the route takes everything that reaches it.'),
  service: idSchema,
  serviceFrom: fieldPath
    .optional()
    .describe('A field that names the service; when it names none that is configured, `service` takes the alert.'),
  escalationPolicy: idSchema.optional().describe("Default: the service's."),
  dedupFields: z
    .array(fieldPath)
    .min(1)
    .max(20)
    .optional()
    .describe('What the key is computed from when an event brings none.'),
  merge: z
    .record(
      z
        .string()
        .regex(/^(title|body|links|labels|labels\..+)$/, 'expected title, body, links, labels or labels.<name>'),
      mergeStrategySchema,
    )
    .optional()
    .describe(
      'What a repeat of an open alert does to its fields. Default: `first`, which keeps what the alert began with.',
    ),
  holdFor: durationSchema.optional().describe('Wait this long before paging; a resolve meanwhile cancels the page.'),
  reopenWithin: durationSchema
    .optional()
    .describe('A key that fires again this soon after its incident was resolved reopens it.'),
  resolveAfterClear: durationSchema.optional(),
  autoResolveAfter: durationSchema
    .optional()
    .describe('An alert of which nothing was heard for so long counts as over. Default: never.'),
});

/** Alerts that belong together open one incident. Groupings are tried in order; the first whose condition holds decides. */
export const groupingSchema = z.strictObject({
  id: idSchema,
  when: conditionSchema.optional(),
  by: z
    .array(fieldPath)
    .min(1)
    .max(20)
    .describe('Alerts that agree in these fields belong together; missing agrees with missing.'),
  window: durationSchema.describe('How long an incident takes alerts in, counted from its first one.'),
  rolling: z.boolean().default(false).describe('Whether each new alert begins the window anew.'),
  cap: durationSchema.default('24h').describe('The longest that a rolling window can become.'),
  acrossServices: z.boolean().default(false),
  joinDependants: z
    .boolean()
    .default(false)
    .describe('Whether an alert joins the open incident of a service that depends on its own.'),
  threshold: z
    .strictObject({ alerts: z.number().int().min(2).max(1_000), within: durationSchema })
    .optional()
    .describe('Nobody is paged before so many alerts of the group began within that time.'),
});

const atEnd = z
  .enum(['reroute', 'let-be'])
  .default('reroute')
  .describe(
    'What becomes of alerts that still fire when it ends: they are looked at anew, or stay quiet until they clear.',
  );

/** Alerts that match are kept, counted, and page nobody for a while. */
export const silenceSchema = z.strictObject({
  id: idSchema,
  when: conditionSchema,
  from: instantSchema,
  until: instantSchema,
  author: idSchema,
  comment: z.string().min(1).max(4_096),
  atEnd,
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
    atEnd,
    notices: z
      .array(durationSchema)
      .max(10)
      .default([])
      .describe('How long before each start and each end listeners are told of it.'),
    comment: z.string().max(4_096).optional(),
  })
  .refine((window) => (window.recurring !== undefined) !== (window.from !== undefined && window.until !== undefined), {
    error: 'give either `from` and `until`, or `recurring`',
  })
  .refine(({ services, when }) => services !== undefined || when !== undefined, {
    error: 'give `services`, `when`, or both: a window for everything would be one for what nobody thought of',
  });

/** A firing source alert mutes the targets that agree with it in the `equal` fields. */
export const inhibitionSchema = z.strictObject({
  id: idSchema,
  source: conditionSchema,
  target: conditionSchema,
  equal: z.array(fieldPath).max(20).default([]),
  missingAgrees: z.boolean().default(false),
});

/** More new alerts of one route key than this are put off to the end of the window, and then come as one. */
export const rateLimitSchema = z.strictObject({
  id: idSchema,
  when: conditionSchema.optional(),
  alerts: z.number().int().min(1).max(100_000),
  within: durationSchema,
});

/** What keeps alerts quiet. */
export const suppressionSchema = z.strictObject({
  silences: z.array(silenceSchema).max(10_000).default([]),
  maintenance: z.array(maintenanceSchema).max(10_000).default([]),
  inhibition: z.array(inhibitionSchema).max(1_000).default([]),
  rateLimits: z.array(rateLimitSchema).max(1_000).default([]),
});

/** A missing ping is an alert. */
export const heartbeatSchema = z.strictObject({
  id: idSchema,
  title: z.string().min(1).max(1_024).optional(),
  every: durationSchema,
  grace: durationSchema.default('1m'),
  service: idSchema,
  severity: idSchema.optional(),
  timeZone: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('With it an interval of whole days keeps to the wall clock when the clocks change.'),
});

/** Where an alert goes. */
export type Route = z.infer<typeof routeSchema>;
/** Alerts that belong together. */
export type Grouping = z.infer<typeof groupingSchema>;
/** A value taken out of an event. */
export type Extraction = z.infer<typeof extractionSchema>;
/** What becomes of a field when a repeat says something else. */
export type MergeStrategy = z.infer<typeof mergeStrategySchema>;
/** A silence. */
export type Silence = z.infer<typeof silenceSchema>;
/** A maintenance window. */
export type Maintenance = z.infer<typeof maintenanceSchema>;
/** An inhibition rule. */
export type Inhibition = z.infer<typeof inhibitionSchema>;
/** A limit of new alerts. */
export type RateLimit = z.infer<typeof rateLimitSchema>;
/** What keeps alerts quiet. */
export type Suppression = z.infer<typeof suppressionSchema>;
/** A heartbeat. */
export type HeartbeatConfig = z.infer<typeof heartbeatSchema>;
