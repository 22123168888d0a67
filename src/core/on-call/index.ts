/**
 * Entry point `tocsin/on-call`: who is on call, as pure functions of a schedule and a moment.
 *
 * Re-exports only.
 */

export type {
  RecurrenceInput,
  ScheduleDefinition,
  ScheduleInput,
  WeeklyScheduleOptions,
} from '../../model/schedule.ts';
export { weeklySchedule } from '../../model/schedule.ts';
export type { ExplainedChange, ExplainedLayer, OnCallExplanation } from './explain.ts';
export { lintSchedule, type ScheduleFinding } from './lint.ts';
export type { Load } from './load.ts';
export { createRecurrence, occurrences, type Recurrence } from './occurrences.ts';
export { type Reanchoring, reanchor } from './reanchor.ts';
export type { Duty, Source } from './resolve.ts';
export { type Coverage, createSchedule, type OnCall, type Schedule, type Shift, type Stretch } from './schedule.ts';
export type { TimeWindow } from './window.ts';
