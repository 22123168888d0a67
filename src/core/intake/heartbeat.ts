/**
 * Heartbeats: when the next ping is due, and what a missing one says.
 *
 * Pure. A ping that is missing is an alert like any other; the ping that comes after all resolves it.
 */
import { durationMs } from '../../model/duration.ts';
import type { HeartbeatConfig } from '../../model/intake.ts';
import { DAY_MS } from '../on-call/wall-clock.ts';
import { zoneOf } from '../on-call/zone.ts';
import type { CleanEvent } from './clean-event.ts';
import type { Key } from './note.ts';

/** The route key of every heartbeat. */
export const HEARTBEATS = 'heartbeats';

/** The key of the alert of a heartbeat. */
export const heartbeatKey = (id: string): Key => ({ routeKey: HEARTBEATS, dedupKey: id });

/**
 * When a ping is missing (epoch ms): one interval and the grace after `from`, the last ping.
 *
 * With a time zone, an interval of whole days ends at the same time of day as it began, also when the clocks change in between; a
 * time of day that the zone skips is moved forward by the gap.
 */
export function missingAt({ every, grace, timeZone }: HeartbeatConfig, from: number): number {
  const [everyMs, graceMs] = [durationMs(every), durationMs(grace)];
  if (timeZone === undefined || everyMs % DAY_MS !== 0) return from + everyMs + graceMs;
  const zone = zoneOf(timeZone);
  return zone.toInstant(from + zone.offsetAt(from) + everyMs) + graceMs;
}

/** What is said when a ping is missing. */
export function missingEvent(
  { id, title, service, severity, every }: HeartbeatConfig,
  lastAt: number,
  pinged: boolean,
): CleanEvent {
  const last = new Date(lastAt).toISOString();
  const since = pinged ? `The last ping came at ${last}` : `No ping has come since it was set up at ${last}`;
  return {
    ...spoken(id, 'trigger'),
    title: title ?? `Heartbeat ${id} is missing`,
    body: `${since}; one is expected every ${every}.`,
    service,
    ...(severity !== undefined && { severity }),
  };
}

/** What is said when a ping has come after all. */
export function returnedEvent({ id, title, service }: HeartbeatConfig): CleanEvent {
  return { ...spoken(id, 'resolve'), title: title ?? `Heartbeat ${id} is back`, service };
}

function spoken(id: string, action: CleanEvent['action']): CleanEvent {
  return {
    action,
    routeKey: HEARTBEATS,
    dedupKey: id,
    title: id,
    source: 'heartbeat',
    labels: { heartbeat: id },
    links: [],
    images: [],
  };
}
