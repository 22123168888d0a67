/**
 * Heard: what an audience was told of an incident so far, by updates and by what follows from them without one.
 *
 * Pure. People inside hear what the public is told as well; of a merged incident the story goes on in the other.
 */
import type { Audience } from '../../model/status.ts';
import type { EventOf, TimelineEvent } from '../../model/timeline.ts';

/** What happens to an incident of which those hear who were told of it, although nobody writes an update. */
export type Turn = 'resolved' | 'reopened';

const TURNS: { readonly [type in TimelineEvent['type']]?: Turn } = {
  'incident.resolved': 'resolved',
  'incident.dismissed': 'resolved',
  'incident.reopened': 'reopened',
};

/** The turn that `event` is, if it is one. */
export function turnOf({ type }: Pick<TimelineEvent, 'type'>): Turn | undefined {
  return TURNS[type];
}

/** Whether `audience`, which was told of `events` but for the last, has to hear of the last, which is a turn. */
export function mustHear(events: readonly TimelineEvent[], audience: Audience): boolean {
  const last = events.at(-1);
  const turn = last === undefined ? undefined : turnOf(last);
  const said = saidLast(events.slice(0, -1), audience);
  if (turn === undefined || said === undefined) return false;
  return turn === 'resolved' ? said !== 'over' : said === 'over';
}

/** The updates among `events` that `audience` was told. */
export function updatesFor(events: readonly TimelineEvent[], audience: Audience): readonly EventOf<'update.posted'>[] {
  return events.filter((event) => event.type === 'update.posted').filter((event) => isFor(event, audience));
}

/** What was said last; `undefined` when nothing was. */
function saidLast(events: readonly TimelineEvent[], audience: Audience): 'open' | 'over' | undefined {
  let said: 'open' | 'over' | undefined;
  let isOver = false;
  for (const event of events) {
    const turn = turnOf(event);
    if (turn !== undefined) isOver = turn === 'resolved';
    if (turn !== undefined && said !== undefined) said = isOver ? 'over' : 'open';
    if (event.type === 'update.posted' && isFor(event, audience))
      said = isOver || event.status === 'resolved' ? 'over' : 'open';
  }
  return said;
}

function isFor(event: EventOf<'update.posted'>, audience: Audience): boolean {
  return audience === 'internal' || event.audience === 'public';
}
