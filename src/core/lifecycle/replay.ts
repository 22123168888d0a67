/**
 * replay: the incident as it was at any moment, from its timeline alone.
 *
 * Nothing is asked again: no schedule, no policy, no clock.
 */
import { TocsinError } from '../../errors.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import { advance } from './advance.ts';
import type { IncidentSnapshot } from './snapshot.ts';

/** How far to replay: up to and including this moment (epoch ms) or this event number. */
export type ReplayOptions = { readonly until?: number; readonly untilSeq?: number };

/**
 * The state and the live timers of an incident, folded from its timeline.
 *
 * @throws TocsinError TIMELINE_INVALID when the timeline is empty, does not begin with incident.opened, or has a gap.
 */
export function replay(timeline: readonly TimelineEvent[], options: ReplayOptions = {}): IncidentSnapshot {
  const { until = Number.POSITIVE_INFINITY, untilSeq = Number.POSITIVE_INFINITY } = options;
  let snapshot: IncidentSnapshot | undefined;
  for (const event of timeline) {
    if (event.at > until || event.seq > untilSeq) break;
    snapshot = advance(snapshot, event).snapshot;
  }
  if (snapshot === undefined) {
    throw new TocsinError('TIMELINE_INVALID', 'Cannot replay: there is no event at or before the moment asked for.', {
      details: { events: timeline.length },
    });
  }
  return snapshot;
}
