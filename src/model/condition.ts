/**
 * Conditions: the one language of severity rules, routes, grouping, suppression, gates and subscriptions.
 *
 * Data only. How a condition is judged lives in core/rules.
 */
import * as z from 'zod';
import { durationSchema } from './duration.ts';
import { idSchema } from './identity.ts';
import { localDateTimeSchema } from './instant.ts';

/** The weekdays as RFC 5545 writes them. */
export const weekdaySchema = z.enum(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']);

/** Operators that compare a field with a value. Only `during` looks at the time of the decision. */
export const operatorSchema = z.enum([
  'equals',
  'notEquals',
  'in',
  'notIn',
  'contains',
  'startsWith',
  'endsWith',
  'matches',
  'exists',
  'missing',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
]);

/** A time of day, such as '09:00'. */
export const clockTimeSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "expected a time of day such as '09:00'");

const holidaysAre = z
  .enum(['excluded', 'only'])
  .describe("Whether holidays are closed ('excluded') or the only days that are open ('only').");

/** What becomes of a window on the holidays of a calendar, or of `'responder'`: whoever would be asked. */
export const calendarHolidaysSchema = z.strictObject({ calendar: idSchema, are: holidaysAre });

/** What becomes of a window on holidays that are written out. */
export const datedHolidaysSchema = z.strictObject({
  dates: z.array(z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "expected a date such as '2026-12-25'")).max(10_000),
  are: holidaysAre,
});

/**
 * A window of the week. `from` is included, `until` is not; `until` before `from` runs over midnight. A moment is on a
 * holiday by the local date of the zone. In the `when` of a step the zone may be `'responder'` or `'schedule'`, and
 * holidays those of a calendar.
 */
export const weeklyWindowSchema = z.strictObject({
  timeZone: z.string().min(1),
  weekdays: z.array(weekdaySchema).min(1).optional(),
  from: clockTimeSchema.optional(),
  until: clockTimeSchema.optional(),
  holidays: z.union([calendarHolidaysSchema, datedHolidaysSchema]).optional(),
});

/** A window that opens by an RFC 5545 rule, from the local time `start` on, each time for `duration`. */
export const recurringWindowSchema = z.strictObject({
  timeZone: z.string().min(1),
  start: localDateTimeSchema,
  rrule: z.string().min(1).max(1_000),
  duration: durationSchema,
});

/** A recurring window of local time, in one of two forms that never mix. */
export const duringSchema = z.union([weeklyWindowSchema, recurringWindowSchema]);

const fieldPath = z.string().min(1).max(256);
const scalar = z.union([z.string().max(4_096), z.number(), z.boolean(), z.null()]);

/** A test of one field. */
export const fieldConditionSchema = z.strictObject({
  field: fieldPath,
  op: operatorSchema,
  value: z.union([scalar, z.array(scalar).max(1_000)]).optional(),
});

/** Looks at the time of the decision, which may be named `at`. */
export const duringConditionSchema = z.strictObject({
  field: z.literal('at').optional(),
  op: z.literal('during'),
  value: duringSchema,
});

/** A test of one field. */
export type FieldCondition = z.infer<typeof fieldConditionSchema>;
/** A test of the local time at which the decision is made. */
export type DuringCondition = z.infer<typeof duringConditionSchema>;
/** A condition: combinators over field tests, time windows, or an Alertmanager matcher string. */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | FieldCondition
  | DuringCondition
  | string;

/** The schema of {@link Condition}; nesting is bounded where rules are compiled. */
export const conditionSchema: z.ZodType<Condition> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: z.array(conditionSchema).max(1_000) }),
      z.strictObject({ any: z.array(conditionSchema).max(1_000) }),
      z.strictObject({ not: conditionSchema }),
      fieldConditionSchema,
      duringConditionSchema,
      z.string().min(1).max(4_096),
    ]),
  )
  .meta({ id: 'Condition' });

/**
 * The JSON Schema (draft 2020-12) of a {@link Condition}, for editors and for checks outside Node.
 *
 * It tells the shape. Whether a pattern, a path, a zone or a matcher text can be used, `compileCondition` tells.
 *
 * @example
 * ```ts
 * import { conditionJsonSchema } from 'tocsin/rules';
 * conditionJsonSchema().$schema; // => 'https://json-schema.org/draft/2020-12/schema'
 * ```
 */
export function conditionJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(conditionSchema, { io: 'input' });
}

/** The operators of a {@link FieldCondition}. */
export type Operator = z.infer<typeof operatorSchema>;
/** What becomes of a window on the holidays of a calendar. */
export type CalendarHolidays = z.infer<typeof calendarHolidaysSchema>;
/** What becomes of a window on holidays that are written out. */
export type DatedHolidays = z.infer<typeof datedHolidaysSchema>;
/** A recurring window of local time, in one of two forms that never mix. */
export type During = z.infer<typeof duringSchema>;
