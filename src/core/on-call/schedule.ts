/**
 * The on-call calculator: a schedule that can be asked who is on call, when, and for how long.
 *
 * Every answer is a function of the definition and the moment asked about: never of now, of the zone or locale of
 * the process, or of what was asked before.
 */
import { TocsinError } from '../../errors.ts';
import type { InstantInput } from '../../model/instant.ts';
import type { ScheduleDefinition, ScheduleInput } from '../../model/schedule.ts';
import { readSchedule } from './check.ts';
import { explainMoment, type OnCallExplanation } from './explain.ts';
import { compileLayer, type Layer } from './layer.ts';
import { type Load, loadOf } from './load.ts';
import { readMoment } from './local-moment.ts';
import { nextChange } from './moment.ts';
import { pagesOf } from './pages.ts';
import type { Duty } from './resolve.ts';
import { complement, overlaps, type Span, unite } from './span.ts';
import { type Plan, type Stint, stintsOf, sweep } from './sweep.ts';
import { parseWall, type Wall } from './wall-clock.ts';
import { type TimeWindow, toMoment, toSpan } from './window.ts';
import { type Zone, zoneOf } from './zone.ts';

/** A half-open stretch of time: `start` is in, `end` is out. */
export type Stretch = { readonly start: Date; readonly end: Date };

/** Somebody on call at a moment, why, and from when to when without a break. */
export type OnCall = Duty & { readonly shift: Stretch };

/** Somebody's unbroken stretch of duty within a window. */
export type Shift = Duty &
  Stretch & {
    /** Whether the shift began before the window. */
    readonly truncatedStart: boolean;
    /** Whether the shift goes on after the window. */
    readonly truncatedEnd: boolean;
  };

/** How much of a window somebody is on call. */
export type Coverage = {
  /** From 0 to 100, not rounded: 100 only when there is no gap. */
  readonly percent: number;
  readonly gaps: readonly Stretch[];
};

/**
 * A schedule that can be asked. Windows are half-open and at most ten years long.
 *
 * Every question ends in TocsinError UNBOUNDED where a rule cannot be counted that far: the active turns of rules that do
 * not repeat after 200,000 handoffs, and hours counted as they pass with a BY part after a century.
 */
export type Schedule = {
  readonly id: string;
  readonly timeZone: string;
  /** The schedule as plain data, with every default filled in. */
  readonly definition: ScheduleDefinition;
  /**
   * Who is on call at `at`, each user once, ascending by user. A shift that lasts longer is cut ten years before and
   * after `at`.
   *
   * @throws TocsinError INSTANT_INVALID when `at` is no moment of the years 1 to 9999.
   */
  onCallAt(at: InstantInput): OnCall[];
  /**
   * The final schedule in a window, ascending by start, then user.
   *
   * @throws TocsinError WINDOW_INVALID when the window is empty or longer than ten years.
   */
  shifts(window: TimeWindow): Shift[];
  /**
   * What one layer alone says: its rotation within its restrictions, before swaps, overrides and priorities.
   *
   * @throws TocsinError REFERENCE_UNKNOWN when there is no such layer; WINDOW_INVALID as for `shifts`.
   */
  layerShifts(layerId: string, window: TimeWindow): Shift[];
  /**
   * When nobody is on call, deliberately or not.
   *
   * @throws TocsinError WINDOW_INVALID as for `shifts`.
   */
  gaps(window: TimeWindow): Stretch[];
  /**
   * The next moment after `after` at which a layer hands off (even to the same person, or behind another layer) or the
   * set of people on call changes; `undefined` when there is none within ten years.
   *
   * @throws TocsinError INSTANT_INVALID as for `onCallAt`.
   */
  nextHandoff(after: InstantInput): Date | undefined;
  /**
   * How much of a window at least one person is on call.
   *
   * @throws TocsinError WINDOW_INVALID as for `shifts`.
   */
  coverage(window: TimeWindow): Coverage;
  /**
   * What each person bears in a window, ascending by user: hours, distinct nights (22:00 to 06:00), weekends (Saturday
   * and Sunday) and holidays touched in the zone of the schedule, and unbroken shifts. Holidays are given as dates, such
   * as `2026-12-25`.
   *
   * @throws TocsinError WINDOW_INVALID as for `shifts`; INPUT_INVALID when a holiday is no date of the calendar.
   */
  load(window: TimeWindow, options?: { readonly holidays?: readonly string[] }): Load[];
  /**
   * Why these people are on call at `at`: the turn of each layer and what hides or closes it, and what each override and
   * swap does.
   *
   * @throws TocsinError INSTANT_INVALID as for `onCallAt`.
   */
  explainAt(at: InstantInput): OnCallExplanation;
  /**
   * When one layer hands off in a window, strictly ascending, also where its restrictions close it.
   *
   * @throws TocsinError REFERENCE_UNKNOWN when there is no such layer; WINDOW_INVALID as for `shifts`.
   */
  handoffs(layerId: string, window: TimeWindow): Date[];
};

/**
 * Makes a schedule that can be asked, from plain data.
 *
 * Local times that do not exist move forward by the gap, ambiguous ones are the first. A handoff that another one
 * overtakes (a skipped day) keeps its turn and does not serve. After the last handoff of a rule with COUNT or UNTIL the
 * last turn goes on until the rotation's `until`. Durations of shifts and restrictions are wall-clock: `8h` from 22:00
 * ends at 06:00 in every night.
 *
 * @throws TocsinError SCHEDULE_INVALID with every problem and its path in `details.problems`.
 * @example
 * ```ts
 * import { createSchedule } from 'tocsin/on-call';
 * const primary = createSchedule({
 *   id: 'primary',
 *   timeZone: 'America/New_York',
 *   layers: [{ id: 'weekly', rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: ['ana', 'ben'] } }],
 * });
 * primary.onCallAt('2026-01-12T14:00:00Z')[0]?.user; // => 'ben'
 * primary.nextHandoff('2026-01-12T14:00:00Z')?.toISOString(); // => '2026-01-19T14:00:00.000Z'
 * ```
 */
export function createSchedule(input: ScheduleInput): Schedule {
  const definition = readSchedule(input);
  const { id, timeZone } = definition;
  const plan = compile(definition);
  const stintsAt = pagesOf(plan);

  const finalStints = (span: Span) => clipped(stintsOf(sweep(plan, widened(span))), span);
  const gapsIn = (span: Span) => complement(unite(finalStints(span).map(({ stint }) => stint)), span);

  return {
    id,
    timeZone,
    definition,
    onCallAt: (at) =>
      stintsAt(toMoment(at, 'at')).map(({ duty, startAt, endAt }) => ({
        ...duty,
        shift: toStretch({ startAt, endAt }),
      })),
    shifts: (window) => finalStints(toSpan(window)).map(toShift),
    layerShifts(layerId, window) {
      const span = toSpan(window);
      const alone: Plan = { layers: [layerOf(layerId, plan, id)], overrides: [], swaps: [] };
      return clipped(stintsOf(sweep(alone, widened(span))), span).map(toShift);
    },
    gaps: (window) => gapsIn(toSpan(window)).map(toStretch),
    nextHandoff(after) {
      const at = nextChange(toMoment(after, 'after'), plan);
      return at === undefined ? undefined : new Date(at);
    },
    coverage(window) {
      const span = toSpan(window);
      const gaps = gapsIn(span);
      const uncoveredMs = gaps.reduce((sum, { startAt, endAt }) => sum + endAt - startAt, 0);
      const totalMs = span.endAt - span.startAt;
      return { percent: (100 * (totalMs - uncoveredMs)) / totalMs, gaps: gaps.map(toStretch) };
    },
    load(window, options) {
      const holidays = options?.holidays ?? [];
      if (!Array.isArray(holidays)) throw noDates(holidays);
      const stints = finalStints(toSpan(window)).map(({ stint }) => stint);
      return loadOf(stints, zoneOf(timeZone), holidays.map(toDay));
    },
    explainAt: (at) => explainMoment(toMoment(at, 'at'), plan),
    handoffs: (layerId, window) =>
      layerOf(layerId, plan, id)
        .handoffs(toSpan(window))
        .map((at) => new Date(at)),
  };
}

function compile({ timeZone, layers, overrides, swaps }: ScheduleDefinition): Plan {
  const zone = zoneOf(timeZone);
  return {
    layers: layers.map((layer, position) => compileLayer(layer, { position, timeZone })),
    overrides: overrides.map((override) => withSpan(override, zone)),
    swaps: swaps.map((swap) => withSpan(swap, zone)),
  };
}

function withSpan<T extends { readonly from: string; readonly until: string }>(item: T, zone: Zone): T & Span {
  return { ...item, startAt: momentOf(item.from, zone), endAt: momentOf(item.until, zone) };
}

/** The moment of a text that was checked. */
function momentOf(text: string, zone: Zone): number {
  const read = readMoment(text, zone);
  return 'at' in read ? read.at : Number.NaN;
}

function layerOf(layerId: string, { layers }: Plan, scheduleId: string): Layer {
  const layer = layers.find(({ id }) => id === layerId);
  if (layer !== undefined) return layer;
  const known = layers.map(({ id }) => id);
  throw new TocsinError(
    'REFERENCE_UNKNOWN',
    `Cannot find layer ${JSON.stringify(layerId)} of schedule ${JSON.stringify(scheduleId)}. Its layers: ${known.join(', ')}.`,
    { details: { layer: layerId, known } },
  );
}

/** Midnight of a holiday. */
function toDay(text: string): Wall {
  const wall = typeof text === 'string' ? parseWall(`${text}T00:00:00`) : undefined;
  if (wall !== undefined) return wall;
  throw noDates(text);
}

function noDates(found: unknown): TocsinError {
  const message = `${JSON.stringify(found)} is no date of the calendar: write one such as 2026-12-25`;
  return new TocsinError('INPUT_INVALID', `Cannot count a holiday: ${message}.`, {
    details: { problems: [{ path: 'holidays', message }] },
  });
}

type Clipped = {
  readonly stint: Stint;
  readonly truncatedStart: boolean;
  readonly truncatedEnd: boolean;
};

/** One millisecond more on either side shows which shifts reach beyond the window. */
function widened({ startAt, endAt }: Span): Span {
  return { startAt: startAt - 1, endAt: endAt + 1 };
}

function clipped(stints: readonly Stint[], span: Span): readonly Clipped[] {
  return stints
    .filter((stint) => overlaps(stint, span))
    .map((stint) => ({
      stint: {
        duty: stint.duty,
        startAt: Math.max(stint.startAt, span.startAt),
        endAt: Math.min(stint.endAt, span.endAt),
      },
      truncatedStart: stint.startAt < span.startAt,
      truncatedEnd: stint.endAt > span.endAt,
    }))
    .toSorted(({ stint: a }, { stint: b }) => a.startAt - b.startAt || (a.duty.user < b.duty.user ? -1 : 1));
}

function toShift({ stint, truncatedStart, truncatedEnd }: Clipped): Shift {
  return { ...stint.duty, ...toStretch(stint), truncatedStart, truncatedEnd };
}

function toStretch({ startAt, endAt }: Span): Stretch {
  return { start: new Date(startAt), end: new Date(endAt) };
}
