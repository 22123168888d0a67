/**
 * Hours on call: how long each person was on call by any of several schedules, each hour once.
 *
 * Pure. Who is on two schedules at the same time is on call once.
 */
import type { Schedule } from '../core/on-call/schedule.ts';
import { type Span, unite } from '../core/on-call/span.ts';

const HOUR_MS = 3_600_000;

/** By user. A schedule that cannot be counted that far is left out; `leftOut` hears of it. */
export function onCallHours(
  schedules: Iterable<Schedule>,
  { startAt, endAt }: Span,
  leftOut: (schedule: string, error: unknown) => void,
): ReadonlyMap<string, number> {
  const spans = new Map<string, Span[]>();
  for (const schedule of schedules) {
    try {
      for (const { user, start, end } of schedule.shifts({ from: startAt, until: endAt })) {
        const own = spans.get(user) ?? [];
        own.push({ startAt: start.getTime(), endAt: end.getTime() });
        spans.set(user, own);
      }
    } catch (error) {
      leftOut(schedule.id, error);
    }
  }
  return new Map([...spans].map(([user, own]) => [user, hoursOf(unite(own))]));
}

function hoursOf(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + span.endAt - span.startAt, 0) / HOUR_MS;
}
