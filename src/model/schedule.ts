/**
 * Schedules: who is on call, as data.
 *
 * A schedule has layers; each layer has a rotation and, if wanted, restrictions. Overrides and swaps lie on
 * top. Nothing here computes anything: see core/on-call.
 */
import * as z from 'zod';
import { durationSchema } from './duration.ts';
import { idSchema } from './identity.ts';
import { instantSchema, localDateTimeSchema, momentSchema } from './instant.ts';

const zoneSchema = z.string().min(1).max(64).describe('An IANA time zone, such as America/New_York.');
const rruleSchema = z
  .string()
  .min(1)
  .max(1_000)
  .describe('An RFC 5545 recurrence rule without DTSTART, such as FREQ=WEEKLY.');

const datesSchema = z.array(localDateTimeSchema).max(1_000).optional();

/** A recurrence by itself: a local start, an RFC 5545 rule, dates to add and to leave out, and the zone of them all. */
export const recurrenceSchema = z.strictObject({
  start: localDateTimeSchema,
  rrule: rruleSchema,
  rdates: datesSchema,
  exdates: datesSchema,
  timeZone: zoneSchema,
});

/** One turn of a rotation: a person, several people together, or deliberately nobody. */
export const participantSchema = z.union([idSchema, z.array(idSchema).min(1).max(50), z.null()]);

/** Who took turns before: at every handoff before `until`. */
export const rosterSchema = z.strictObject({
  until: instantSchema,
  participants: z.array(participantSchema).max(500),
  startIndex: z.number().int().min(0).max(1_000_000).default(0),
});

/** Who hands over to whom, and when. Handoffs are local times in the zone of the layer. */
export const rotationSchema = z.strictObject({
  start: localDateTimeSchema.describe('The first handoff, as local time.'),
  rrule: rruleSchema,
  rdates: datesSchema,
  exdates: datesSchema,
  shiftDuration: durationSchema.optional().describe('Default: until the next handoff.'),
  participants: z.array(participantSchema).max(500),
  handoffsPerTurn: z.number().int().min(1).max(1_000).default(1),
  startIndex: z.number().int().min(0).max(1_000_000).default(0),
  earlier: z
    .array(rosterSchema)
    .max(1_000)
    .optional()
    .describe('The participants of earlier times, ascending by `until`; see reanchor.'),
  from: instantSchema.optional(),
  until: instantSchema.optional(),
  advance: z.enum(['every-handoff', 'active-only']).default('every-handoff'),
});

/** A recurring window of local time in which a layer serves. */
export const restrictionSchema = z.strictObject({
  start: localDateTimeSchema,
  duration: durationSchema,
  rrule: rruleSchema,
});

/** A rotation with its place among the others: the highest active priority wins, equal ones serve together. */
export const layerSchema = z.strictObject({
  id: idSchema,
  priority: z.number().int().min(-1_000).max(1_000).optional().describe('Default: the position in the list.'),
  timeZone: zoneSchema.optional(),
  rotation: rotationSchema,
  restrictions: z.array(restrictionSchema).max(100).default([]),
});

/** A stretch of time in which somebody else, somebody more, or somebody less is on call. */
export const overrideSchema = z.strictObject({
  id: idSchema,
  from: momentSchema,
  until: momentSchema,
  kind: z.enum(['replace', 'add', 'remove']),
  user: idSchema,
  replaces: idSchema.optional(),
  layer: idSchema.optional(),
});

/** A stretch of time in which `take` does the shifts of `give`. */
export const swapSchema = z.strictObject({
  id: idSchema,
  from: momentSchema,
  until: momentSchema,
  give: idSchema,
  take: idSchema,
  layer: idSchema.optional(),
});

/** Who is on call: layers of rotations, with overrides and swaps on top. */
export const scheduleSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(200).optional(),
  timeZone: zoneSchema,
  layers: z.array(layerSchema).min(1).max(50),
  overrides: z.array(overrideSchema).max(10_000).default([]),
  swaps: z.array(swapSchema).max(10_000).default([]),
});

/** A recurrence by itself, as a caller writes it. */
export type RecurrenceInput = z.input<typeof recurrenceSchema>;
/** One turn of a rotation. */
export type Participant = z.infer<typeof participantSchema>;
/** The participants of earlier times. */
export type RosterDefinition = z.infer<typeof rosterSchema>;
/** A rotation with every default filled in. */
export type RotationDefinition = z.infer<typeof rotationSchema>;
/** A recurring window in which a layer serves. */
export type RestrictionDefinition = z.infer<typeof restrictionSchema>;
/** A layer with every default filled in. */
export type LayerDefinition = z.infer<typeof layerSchema>;
/** Somebody else, more or less is on call for a while. */
export type Override = z.infer<typeof overrideSchema>;
/** One person does the shifts of another for a while. */
export type Swap = z.infer<typeof swapSchema>;
/** A schedule as a host writes it. */
export type ScheduleInput = z.input<typeof scheduleSchema>;
/** A schedule with every default filled in. */
export type ScheduleDefinition = z.infer<typeof scheduleSchema>;

/** What {@link weeklySchedule} needs. */
export type WeeklyScheduleOptions = {
  readonly timeZone: string;
  /** The first handoff, as local time: its weekday and hour are those of every later handoff. */
  readonly start: string;
  readonly participants: ScheduleInput['layers'][number]['rotation']['participants'];
};

/**
 * The most common schedule: one person a week, handing over at the weekday and hour of `start`.
 *
 * @example
 * ```ts
 * import { weeklySchedule } from 'tocsin';
 * const primary = weeklySchedule('primary', { timeZone: 'Europe/Berlin', start: '2026-01-05T09:00:00', participants: ['ana', 'ben'] });
 * primary.layers[0]?.rotation.rrule; // => 'FREQ=WEEKLY'
 * ```
 */
export function weeklySchedule(id: string, options: WeeklyScheduleOptions): ScheduleInput {
  const { timeZone, start, participants } = options;
  return { id, timeZone, layers: [{ id: 'weekly', rotation: { start, rrule: 'FREQ=WEEKLY', participants } }] };
}
