/**
 * Checking: everything that is wrong with a schedule or a recurrence, found at once.
 *
 * Problems carry the path of what is wrong. Nothing here mends anything.
 */
import * as z from 'zod';
import { TocsinError } from '../../errors.ts';
import { durationMs } from '../../model/duration.ts';
import { toEpochMs } from '../../model/instant.ts';
import {
  type LayerDefinition,
  type Participant,
  type RecurrenceInput,
  type RotationDefinition,
  recurrenceSchema,
  rotationSchema,
  type ScheduleDefinition,
  type ScheduleInput,
  scheduleSchema,
} from '../../model/schedule.ts';
import { readMoment } from './local-moment.ts';
import { parseRule } from './rrule.ts';
import { type RecurrenceText, timetableOf } from './timetable.ts';
import { parseWall } from './wall-clock.ts';
import { isTimeZone, type Zone, zoneOf } from './zone.ts';

/** One thing that is wrong, and where, such as `layers[0].rotation.rrule`. */
export type Problem = { readonly path: string; readonly message: string };

/**
 * The schedule with every default filled in.
 *
 * @throws TocsinError SCHEDULE_INVALID with all problems in `details.problems`.
 */
export function readSchedule(input: ScheduleInput): ScheduleDefinition {
  const parsed = scheduleSchema.safeParse(input);
  if (parsed.success) {
    refuse(`schedule ${JSON.stringify(parsed.data.id)}`, problemsOf(parsed.data));
    return parsed.data;
  }
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: z.core.toDotPath(path), message }));
  throw invalid('schedule', problems, parsed.error);
}

/**
 * The participants of a rotation, checked and copied.
 *
 * @throws TocsinError SCHEDULE_INVALID with all problems in `details.problems`.
 */
export function readParticipants(input: unknown): Participant[] {
  const parsed = rotationSchema.shape.participants.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({
    path: z.core.toDotPath(['participants', ...path]),
    message,
  }));
  throw invalid('list of participants', problems, parsed.error);
}

/**
 * The recurrence, checked and copied.
 *
 * @throws TocsinError SCHEDULE_INVALID with all problems in `details.problems`.
 */
export function readRecurrence(input: RecurrenceInput): RecurrenceText & { readonly timeZone: string } {
  const parsed = recurrenceSchema.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({ path: z.core.toDotPath(path), message }));
    throw invalid('recurrence', problems, parsed.error);
  }
  const { timeZone } = parsed.data;
  refuse('recurrence', recurrenceProblems(parsed.data, { timeZone, path: 'timeZone' }));
  return parsed.data;
}

function refuse(what: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw invalid(what, problems);
}

/** What is wrong with a recurrence in a zone. */
function recurrenceProblems(
  text: RecurrenceText,
  zone: { readonly timeZone: string; readonly path: string },
  at = '',
): readonly Problem[] {
  const inside = (name: string) => (at === '' ? name : `${at}.${name}`);
  const dates = [
    { path: inside('start'), text: text.start },
    ...(text.rdates ?? []).map((date, index) => ({ path: inside(`rdates[${index}]`), text: date })),
    ...(text.exdates ?? []).map((date, index) => ({ path: inside(`exdates[${index}]`), text: date })),
  ];
  const parsed = parseRule(text.rrule);
  const problems: Problem[] = [
    ...zoneProblems(zone),
    ...dates.filter((date) => parseWall(date.text) === undefined).map(({ path, text: date }) => noSuchDay(path, date)),
    ...('problem' in parsed ? [{ path: inside('rrule'), message: parsed.problem }] : []),
  ];
  if (problems.length > 0) return problems;
  if (timetableOf(text, zoneOf(zone.timeZone)).recurrence.at(0) !== undefined) return [];
  const message = `${text.rrule} has no occurrence from ${text.start} on: widen UNTIL, its BY parts or exdates`;
  return [{ path: inside('rrule'), message }];
}

function invalid(what: string, problems: readonly Problem[], cause?: unknown): TocsinError {
  const list = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return new TocsinError('SCHEDULE_INVALID', `Cannot use this ${what}: ${list.join('; ')}.`, {
    details: { problems },
    cause,
  });
}

function problemsOf(schedule: ScheduleDefinition): readonly Problem[] {
  const { timeZone, layers, overrides, swaps } = schedule;
  const known = new Set(layers.map(({ id }) => id));
  const zone = isTimeZone(timeZone) ? zoneOf(timeZone) : undefined;
  return unique([
    ...zoneProblems({ timeZone, path: 'timeZone' }),
    ...duplicates(layers, 'layers'),
    ...layers.flatMap((layer, index) => layerProblems(layer, timeZone, `layers[${index}]`)),
    ...duplicates(overrides, 'overrides'),
    ...overrides.flatMap((override, index) => [
      ...momentProblems(override, zone, `overrides[${index}]`),
      ...layerReference(override, known, `overrides[${index}]`),
      ...replacesProblems(override, `overrides[${index}]`),
    ]),
    ...duplicates(swaps, 'swaps'),
    ...swaps.flatMap((swap, index) => [
      ...momentProblems(swap, zone, `swaps[${index}]`),
      ...layerReference(swap, known, `swaps[${index}]`),
    ]),
  ]);
}

function layerProblems(layer: LayerDefinition, timeZone: string, at: string): readonly Problem[] {
  const { rotation, restrictions } = layer;
  const zone =
    layer.timeZone === undefined
      ? { timeZone, path: 'timeZone' }
      : { timeZone: layer.timeZone, path: `${at}.timeZone` };
  return [
    ...recurrenceProblems(rotation, zone, `${at}.rotation`),
    ...durationProblems(rotation.shiftDuration, `${at}.rotation.shiftDuration`),
    ...stretchProblems(rotation, `${at}.rotation`),
    ...rosterProblems(rotation, `${at}.rotation`),
    ...restrictions.flatMap((restriction, index) => [
      ...recurrenceProblems(restriction, zone, `${at}.restrictions[${index}]`),
      ...durationProblems(restriction.duration, `${at}.restrictions[${index}].duration`),
    ]),
  ];
}

function zoneProblems({ timeZone, path }: { readonly timeZone: string; readonly path: string }): readonly Problem[] {
  if (isTimeZone(timeZone)) return [];
  return [{ path, message: `${JSON.stringify(timeZone)} is no IANA time zone: write one such as America/New_York` }];
}

function noSuchDay(path: string, text: string): Problem {
  return { path, message: `${text} is no local time of any calendar: write one such as 2026-01-05T09:00:00` };
}

function durationProblems(text: string | undefined, path: string): readonly Problem[] {
  if (text === undefined || durationMs(text) > 0) return [];
  return [{ path, message: `${text} is no time at all: write a duration longer than zero` }];
}

type Bounds = { readonly from?: string | undefined; readonly until?: string | undefined };

function stretchProblems({ from, until }: Bounds, at: string): readonly Problem[] {
  if (from === undefined || until === undefined || toEpochMs(from) < toEpochMs(until)) return [];
  return [{ path: `${at}.until`, message: `${until} is not after ${from}: it must end after it begins` }];
}

/** The same for moments, which may be local times; without a zone nothing can be said of them. */
function momentProblems(
  { from, until }: { readonly from: string; readonly until: string },
  zone: Zone | undefined,
  at: string,
): readonly Problem[] {
  if (zone === undefined) return [];
  const [begins, ends] = [readMoment(from, zone), readMoment(until, zone)];
  if ('at' in begins && 'at' in ends) {
    if (begins.at < ends.at) return [];
    return [{ path: `${at}.until`, message: `${until} is not after ${from}: it must end after it begins` }];
  }
  return [
    ...('problem' in begins ? [{ path: `${at}.from`, message: begins.problem }] : []),
    ...('problem' in ends ? [{ path: `${at}.until`, message: ends.problem }] : []),
  ];
}

/** Rosters of earlier times follow each other. */
function rosterProblems({ earlier = [] }: RotationDefinition, at: string): readonly Problem[] {
  return earlier.flatMap(({ until }, index) => {
    const previous = earlier[index - 1]?.until;
    if (previous === undefined || toEpochMs(previous) < toEpochMs(until)) return [];
    return [
      { path: `${at}.earlier[${index}].until`, message: `${until} is not after ${previous}: list them in order` },
    ];
  });
}

function layerReference(
  { layer }: { readonly layer?: string | undefined },
  known: ReadonlySet<string>,
  at: string,
): readonly Problem[] {
  if (layer === undefined || known.has(layer)) return [];
  const message = `there is no layer ${JSON.stringify(layer)}: use one of ${[...known].join(', ')}`;
  return [{ path: `${at}.layer`, message }];
}

function replacesProblems(
  { kind, replaces }: { readonly kind: string; readonly replaces?: string | undefined },
  at: string,
): readonly Problem[] {
  if (kind === 'replace' || replaces === undefined) return [];
  return [{ path: `${at}.replaces`, message: `an override of kind ${kind} replaces nobody: leave it out` }];
}

function duplicates(items: readonly { readonly id: string }[], name: string): readonly Problem[] {
  const seen = new Set<string>();
  return items.flatMap(({ id }, index) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ path: `${name}[${index}].id`, message: `the id ${JSON.stringify(id)} is used twice` }];
  });
}

/** A zone that serves several recurrences is wrong once. */
function unique(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}
