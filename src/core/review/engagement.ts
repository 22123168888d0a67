/**
 * Engagement: how long each person had an incident.
 *
 * From acknowledging it, or joining it, until it is given back (unacknowledged, reassigned, snoozed; declined or removed) or
 * over (resolved, dismissed, merged). While it is only watched, in monitoring, nobody has it; when it is bad again, those have
 * it who had it before. Whoever has it in two ways has it once. What people say was over earlier than it was written down was
 * over then.
 */
import type { TimelineEvent } from '../../model/timeline.ts';

/** How long each person had it, in ms, up to `now` (epoch ms); without those who never did. */
export function engagedMsOf(
  timeline: readonly TimelineEvent[],
  { now }: { readonly now: number },
): ReadonlyMap<string, number> {
  const total = new Map<string, number>();
  let holding = NOBODY;
  let sinceAt = timeline[0]?.at ?? now;
  const overAt = saidToBeOver(timeline);
  const pass = (at: number, end = at): void => {
    const ms = Math.min(at, end) - sinceAt;
    sinceAt = at;
    if (holding.isWatched || ms <= 0) return;
    for (const user of new Set([...holding.acknowledged, ...holding.joined]))
      total.set(user, (total.get(user) ?? 0) + ms);
  };
  for (const [place, event] of timeline.entries()) {
    pass(event.at, overAt[place]);
    holding = after(holding, event);
  }
  pass(now);
  return total;
}

/** For the time before each event: when people say that it was over, as far as they do. */
function saidToBeOver(timeline: readonly TimelineEvent[]): readonly (number | undefined)[] {
  let said: number | undefined;
  let overAt: number | undefined;
  const backwards = timeline.toReversed().map((event) => {
    // The last word on an end counts, and none on what came after it was reopened.
    if (event.type === 'times.corrected') said ??= event.times.resolvedAt?.to;
    if (event.type === 'incident.reopened') [said, overAt] = [undefined, undefined];
    if (event.type === 'incident.resolved') [said, overAt] = [undefined, said];
    return overAt;
  });
  return backwards.toReversed();
}

/** Who has it at a moment. */
type Holding = {
  readonly acknowledged: readonly string[];
  readonly joined: readonly string[];
  /** Whether it is better, and nobody has to do anything. */
  readonly isWatched: boolean;
};

const NOBODY: Holding = { acknowledged: [], joined: [], isWatched: false };

function after(holding: Holding, event: TimelineEvent): Holding {
  switch (event.type) {
    case 'incident.acknowledged':
    case 'page.acknowledged':
      return event.by.kind === 'user'
        ? { ...holding, acknowledged: [...without(holding.acknowledged, event.by.id), event.by.id] }
        : holding;
    case 'responder.accepted':
      return { ...holding, joined: [...without(holding.joined, event.user), event.user] };
    case 'responder.declined':
    case 'responder.removed':
      return {
        ...holding,
        acknowledged: without(holding.acknowledged, event.user),
        joined: without(holding.joined, event.user),
      };
    case 'incident.absorbed': {
      const isBadAgain = event.alerts.some(({ status }) => status !== 'cleared');
      const joined = [...new Set([...holding.joined, ...event.responders])];
      return { ...holding, joined, isWatched: holding.isWatched && !isBadAgain };
    }
    case 'incident.unacknowledged':
    case 'incident.reassigned':
      return { ...holding, acknowledged: [] };
    case 'incident.mitigated':
      return { ...holding, isWatched: true };
    case 'investigation.started':
    case 'cause.identified':
    case 'alert.joined':
      return { ...holding, isWatched: false };
    case 'incident.snoozed':
      return { ...NOBODY, isWatched: holding.isWatched };
    case 'incident.resolved':
    case 'incident.dismissed':
    case 'incident.merged':
    case 'incident.reopened':
      return NOBODY;
    default:
      return holding;
  }
}

function without(users: readonly string[], user: string): readonly string[] {
  return users.filter((other) => other !== user);
}
