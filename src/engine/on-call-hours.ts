/**
 * Hours on call: how long each person was on call by any of several schedules, each hour once.
 *
 * Pure. Who is on two schedules at the same time is on call once.
 */
import type { Schedule } from '../core/on-call/schedule.ts';
import { type Span, unite } from '../core/on-call/span.ts';

const HOUR_MS = 3_600_000;

/**
 * By user; `undefined` when nobody can know them: there is no schedule, or one of them cannot be counted that far, which `failed`
 * hears of. Hours without those of one schedule would look like all of them.
 */
export function onCallHours(
  schedules: readonly Schedule[],
  { startAt, endAt }: Span,
  failed: (schedule: string, error: unknown) => void,
): ReadonlyMap<string, number> | undefined {
  if (schedules.length === 0) return undefined;
  const spans = new Map<string, Span[]>();
  for (const schedule of schedules) {
    try {
      for (const { user, start, end } of schedule.shifts({ from: startAt, until: endAt })) {
        const own = spans.get(user) ?? [];
        own.push({ startAt: start.getTime(), endAt: end.getTime() });
        spans.set(user, own);
      }
    } catch (error) {
      failed(schedule.id, error);
      return undefined;
    }
  }
  return new Map([...spans].map(([user, own]) => [user, hoursOf(unite(own))]));
}

function hoursOf(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + span.endAt - span.startAt, 0) / HOUR_MS;
}
