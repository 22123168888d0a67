/**
 * Answers over time: while somebody had acknowledged an incident, and while it was snoozed, from its events.
 *
 * Pure. It follows the statechart: whatever asks people anew at a step has ended both.
 */
import type { Actor } from '../../model/identity.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import type { ChangeAt } from './spans.ts';

/** When who had acknowledged it, and when who had snoozed it. */
export type AnswerChanges = {
  readonly acknowledged: readonly ChangeAt<string>[];
  readonly snoozed: readonly ChangeAt<string>[];
};

/** The answers in `events`; `nameOf` says what whoever answered is called. */
export function answerChanges(events: readonly TimelineEvent[], nameOf: (actor: Actor) => string): AnswerChanges {
  const acknowledged: ChangeAt<string>[] = [];
  const snoozed: ChangeAt<string>[] = [];
  let names: readonly string[] = [];
  for (const event of events) {
    if (event.type === 'incident.acknowledged') {
      names = [...new Set([...names, nameOf(event.by)])];
      acknowledged.push({ at: event.at, value: names.join(', ') });
      snoozed.push({ at: event.at, value: undefined });
    } else if (event.type === 'incident.snoozed') {
      snoozed.push({ at: event.at, value: nameOf(event.by) });
    }
    if (event.type === 'incident.snoozed' || isAskedAnew(event)) {
      names = [];
      acknowledged.push({ at: event.at, value: undefined });
    }
    if (isAskedAnew(event)) snoozed.push({ at: event.at, value: undefined });
  }
  return { acknowledged, snoozed };
}

function isAskedAnew(event: TimelineEvent): boolean {
  switch (event.type) {
    case 'incident.unacknowledged':
    case 'incident.escalated':
    case 'incident.reassigned':
    case 'incident.resolved':
    case 'incident.dismissed':
    case 'incident.merged':
      return true;
    case 'page.requested':
    case 'page.nobody':
      return event.purpose === 'step';
    case 'timer.fired':
      return event.kind === 'snooze';
    default:
      return false;
  }
}
