/**
 * PagerDuty's schedules: layers of version 2, where the later one wins, and rotations of version 3, which add up.
 *
 * A turn of whole hours, days or weeks is one of the wall clock.
 */
import type { Schedule, ScheduleInput } from '../../../src/core/on-call/index.ts';
import { zoneOf } from '../../../src/core/on-call/zone.ts';
import { layer, schedule, users } from './build.ts';
import { readVectors, refusedCase, type VectorCase, vectorCase } from './vectors-case.ts';

type Restriction = {
  /** 1 is Monday. */
  readonly start_day_of_week?: number;
  readonly type: 'daily_restriction' | 'weekly_restriction';
  readonly start_time_of_day: string;
  readonly duration_seconds: number;
};
type Layer = {
  readonly users: string[];
  readonly start: string;
  readonly end: string | null;
  readonly rotation_virtual_start: string;
  readonly rotation_turn_length_seconds: number;
  readonly restrictions: readonly Restriction[];
};
type Event = {
  readonly start: string;
  readonly end: string;
  readonly recurrence: readonly [string];
  readonly effective_since: string;
  readonly effective_until?: string;
  readonly strategy: 'rotating' | 'every';
  readonly shifts_per_member?: number;
  readonly members: string[];
};
type Override = {
  readonly rotation_id: string;
  readonly start: string;
  readonly end: string;
  readonly overridden: string;
  readonly overriding: string;
};
type Layers = { readonly time_zone: string; readonly layers: readonly Layer[] };
type Rotations = {
  readonly time_zone: string;
  readonly rotations: readonly { readonly id: string; readonly events: readonly Event[] }[];
  readonly overrides?: readonly Override[];
};
type Point = { readonly kind: 'point'; readonly at: string; readonly expectedUsers: readonly string[] };
type Window = {
  readonly since: string;
  readonly until: string;
  readonly expectedEntries: readonly { readonly start: string; readonly end: string; readonly user?: string }[];
};
type PagerDutyVector = { readonly id: string; readonly system: 'PagerDuty v2' | 'PagerDuty v3' } & (
  | { readonly kind: 'validation'; readonly restriction: Restriction; readonly reason: string }
  | (Point & (Layers | Rotations))
  | ({ readonly kind: 'layers_final'; readonly expectedCoveragePercent: number } & Window & Layers)
  | ({ readonly kind: 'render_window' } & Window & Layers)
);
type LayerInput = ScheduleInput['layers'][number];

const { vectors } = readVectors<{ readonly vectors: readonly PagerDutyVector[] }>('pagerduty-opsgenie');

export const pagerdutyCases: readonly VectorCase[] = vectors
  .filter(({ system }) => system.startsWith('PagerDuty'))
  .map(toCase);

function toCase(vector: PagerDutyVector): VectorCase {
  const { id, system: suite } = vector;
  switch (vector.kind) {
    case 'validation': {
      const ask = () => schedule([layer('refused', ['ana'], { restrictions: [restrictionOf(vector.restriction)] })]);
      return refusedCase({ id, title: vector.reason, suite }, { blames: 'restrictions[0].start', ask });
    }
    case 'point': {
      const { at, expectedUsers: expected } = vector;
      const title = `on call at ${at}: ${expected.join(' and ') || 'nobody'}`;
      return vectorCase({ id, title, suite }, { listed: expected, answer: () => users(scheduleOf(vector), at) });
    }
    case 'layers_final': {
      const { expectedEntries, expectedCoveragePercent: percent } = vector;
      const expected = { entries: expectedEntries, percent };
      const title = `the final schedule of ${vector.layers.length} layers`;
      return vectorCase({ id, title, suite }, { listed: expected, answer: () => finalSchedule(vector) });
    }
    case 'render_window': {
      const title = `whole shifts around ${vector.since} to ${vector.until}`;
      return vectorCase({ id, title, suite }, { listed: vector.expectedEntries, answer: () => wholeShifts(vector) });
    }
  }
}

function finalSchedule(vector: Window & Layers) {
  const asked = scheduleOf(vector);
  const window = { from: vector.since, until: vector.until };
  return {
    entries: asked.shifts(window).map(({ start, end, user }) => ({ start, end, user })),
    // PagerDuty gives two decimal places.
    percent: Math.round(asked.coverage(window).percent * 100) / 100,
  };
}

function wholeShifts(vector: Window & Layers) {
  const asked = scheduleOf(vector);
  const shifts = asked.shifts({ from: vector.since, until: vector.until });
  return shifts.map(({ start }) => asked.onCallAt(start)[0]?.shift);
}

function scheduleOf(plan: Layers | Rotations): Schedule {
  const { time_zone: timeZone } = plan;
  if ('layers' in plan) {
    const layers = plan.layers.map((one, index) => layerOf(one, `layer-${index}`, timeZone));
    return schedule(layers, { timeZone });
  }
  const layers = plan.rotations.flatMap(({ id, events }) => events.map((event) => eventOf(event, id, timeZone)));
  const overrides = (plan.overrides ?? []).map(({ rotation_id, start, end, overridden, overriding }, index) => ({
    id: `override-${index}`,
    kind: 'replace' as const,
    layer: rotation_id,
    from: start,
    until: end,
    user: overriding,
    replaces: overridden,
  }));
  return schedule(layers, { timeZone, overrides });
}

function layerOf(one: Layer, id: string, timeZone: string): LayerInput {
  const rotation = {
    start: localTime(one.rotation_virtual_start, timeZone),
    rrule: turnRule(one.rotation_turn_length_seconds),
    from: one.start,
    ...(one.end === null ? {} : { until: one.end }),
  };
  return layer(id, one.users, { rotation, restrictions: one.restrictions.map(restrictionOf) });
}

/** Rotations of version 3 are on call together, so none has a higher priority. */
function eventOf(event: Event, id: string, timeZone: string): LayerInput {
  const start = localTime(event.start, timeZone);
  const shiftMs = Date.parse(`${localTime(event.end, timeZone)}Z`) - Date.parse(`${start}Z`);
  const rotation = {
    start,
    rrule: event.recurrence[0],
    shiftDuration: `${shiftMs}ms`,
    handoffsPerTurn: event.shifts_per_member ?? 1,
    from: event.effective_since,
    ...(event.effective_until === undefined ? {} : { until: event.effective_until }),
  };
  return layer(id, event.strategy === 'every' ? [event.members] : event.members, { priority: 0, rotation });
}

function turnRule(seconds: number): string {
  const units = [
    { freq: 'WEEKLY', length: 604_800 },
    { freq: 'DAILY', length: 86_400 },
    { freq: 'HOURLY', length: 3_600 },
  ];
  const unit = units.find(({ length }) => seconds % length === 0);
  return `FREQ=${unit?.freq};INTERVAL=${seconds / (unit?.length ?? 0)}`;
}

/** A weekly restriction without a weekday has no start: nothing is made up for it. */
function restrictionOf({ type, start_day_of_week, start_time_of_day, duration_seconds }: Restriction) {
  const isDaily = type === 'daily_restriction';
  // 1 January 2001 was a Monday, long before every vector.
  const day = isDaily ? '2001-01-01T' : start_day_of_week === undefined ? '' : `2001-01-0${start_day_of_week}T`;
  return {
    start: `${day}${start_time_of_day}`,
    duration: `${duration_seconds}s`,
    rrule: isDaily ? 'FREQ=DAILY' : 'FREQ=WEEKLY',
  };
}

function localTime(instant: string, timeZone: string): string {
  return new Date(zoneOf(timeZone).toWall(Date.parse(instant))).toISOString().slice(0, 19);
}
