/**
 * Linting of heartbeats: waits and zones that do not do what they seem to.
 */
import type { Config } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';
import { DAY_MS } from '../on-call/wall-clock.ts';
import type { Finding } from './finding.ts';

/** What of the heartbeats of `config` is likely a mistake. */
export function lintHeartbeats({ heartbeats }: Config): readonly Finding[] {
  return heartbeats.flatMap(({ id, every, grace, timeZone }, place): Finding[] => [
    ...(durationMs(grace) <= durationMs(every)
      ? []
      : [
          {
            code: 'HEARTBEAT_GRACE_LONG' as const,
            path: `heartbeats[${place}].grace`,
            message: `the grace ${grace} is longer than the interval ${every}: heartbeat ${id} may miss ${missed(every, grace)} in a row before anybody is told`,
            hint: 'Let the grace be shorter than the interval.',
          },
        ]),
    ...(timeZone === undefined || durationMs(every) % DAY_MS === 0
      ? []
      : [
          {
            code: 'HEARTBEAT_ZONE_IDLE' as const,
            path: `heartbeats[${place}].timeZone`,
            message: `${every} are no whole days, and only those keep to the clock of a time zone: ${timeZone} has no effect`,
            hint: 'Take `timeZone` out, or let the interval be whole days.',
          },
        ]),
  ]);
}

/** How many pings are due before the one that is told of is missing. */
function missed(every: string, grace: string): string {
  const count = Math.floor((durationMs(every) + durationMs(grace)) / durationMs(every));
  return `${count} pings`;
}
