/**
 * Uptime: what a component was on each of the last days, and which part of them it was up.
 *
 * Pure, exact in ms inside. What is not recorded counts as up, and so do the days before a component was known.
 * A moment under announced maintenance counts neither as up nor as down, whatever else happens then; nor does one for which
 * somebody set the component under maintenance by hand.
 */
import type { Impact, StatusPage, Uptime, UptimeDay } from '../../model/status.ts';
import type { Span } from '../on-call/span.ts';
import { DAY_MS, dayOf } from '../on-call/wall-clock.ts';
import { zoneOf } from '../on-call/zone.ts';
import { impactOfRank, rankOf } from './impact.ts';
import type { ImpactChange } from './impact-timeline.ts';

/** A day of local time, from its first to its last moment or to the present one. */
export type LocalDay = Span & { readonly date: string };

type Counts = readonly [number, number, number, number, number];
type Weights = StatusPage['uptime']['weights'];

const MINUTE_MS = 60_000;
const MAINTENANCE_RANK = rankOf('under_maintenance');

/** The last `days` days of a zone up to `at`, the oldest first; the last is today and ends at `at`. */
export function localDays(timeZone: string, days: number, at: number): readonly LocalDay[] {
  const zone = zoneOf(timeZone);
  const today = dayOf(zone.toWall(at));
  return Array.from({ length: days }, (_, place): LocalDay => {
    const midnight = today - (days - 1 - place) * DAY_MS;
    const startAt = zone.toInstant(midnight);
    const endAt = Math.min(at, zone.toInstant(midnight + DAY_MS));
    return { date: new Date(midnight).toISOString().slice(0, 10), startAt, endAt };
  });
}

/**
 * The uptime of a component over `days`, from how it changed. A minute of each impact is down as much as `weights` say, a
 * minute of maintenance is not counted: `1 - down / (observed - maintenance)`.
 */
export function uptimeOf(changes: readonly ImpactChange[], days: readonly LocalDay[], weights: Weights): Uptime {
  const down = [0, 0, weights.degraded_performance, weights.partial_outage, weights.major_outage];
  let downMs = 0;
  let countedMs = 0;
  let next = 0;
  let rank = 0;
  const shown = days.map(({ date, startAt, endAt }): UptimeDay => {
    const counts: [number, number, number, number, number] = [0, 0, 0, 0, 0];
    let from = startAt;
    for (let change = changes[next]; change !== undefined && change.at < endAt; change = changes[next]) {
      if (change.at > from) {
        counts[rank] = (counts[rank] ?? 0) + change.at - from;
        from = change.at;
      }
      rank = rankOf(change.counted);
      next += 1;
    }
    if (endAt > from) counts[rank] = (counts[rank] ?? 0) + endAt - from;
    for (let each = 0; each < counts.length; each += 1) {
      const ms = counts[each] ?? 0;
      if (each !== MAINTENANCE_RANK) countedMs += ms;
      downMs += ms * (down[each] ?? 0);
    }
    return { date, worst: startAt < endAt ? worstIn(counts) : undefined, minutes: minutesOf(counts) };
  });
  return { days: shown, ratio: countedMs > 0 ? 1 - downMs / countedMs : undefined };
}

function worstIn(counts: Counts): Impact {
  for (let rank = counts.length - 1; rank > 0; rank -= 1) if ((counts[rank] ?? 0) > 0) return impactOfRank(rank);
  return 'operational';
}

/** Whole minutes; what happened at all is at least one. */
function minutesOf(counts: Counts): UptimeDay['minutes'] {
  const [, maintenance, degraded, partial, major] = counts;
  const whole = (ms: number) => Math.max(1, Math.round(ms / MINUTE_MS));
  return {
    ...(maintenance > 0 && { under_maintenance: whole(maintenance) }),
    ...(degraded > 0 && { degraded_performance: whole(degraded) }),
    ...(partial > 0 && { partial_outage: whole(partial) }),
    ...(major > 0 && { major_outage: whole(major) }),
  };
}
