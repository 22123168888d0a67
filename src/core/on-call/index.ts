/**
 * Entry point `tocsin/on-call`: who is on call, as pure functions of a schedule and a moment.
 *
 * Re-exports only.
 */

export type { ScheduleDefinition, ScheduleInput, WeeklyScheduleOptions } from '../../model/schedule.ts';
export { weeklySchedule } from '../../model/schedule.ts';
export type { RecurrenceText } from './layer.ts';
export type { Load } from './load.ts';
export { occurrences, type RecurrenceInput } from './occurrences.ts';
export type { Duty, Source } from './resolve.ts';
export { type Coverage, createSchedule, type OnCall, type Schedule, type Shift, type Stretch } from './schedule.ts';
export type { TimeWindow } from './window.ts';
