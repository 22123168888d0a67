/**
 * Follow: which events other messages and other platforms have to hear of, and as what.
 *
 * Pure. It says that something has happened; what is said then is always how the incident is at that moment.
 */
import type { TimelineEvent } from '../../model/timeline.ts';

/** What is told, and the text that goes with it when it is one that would otherwise be lost. */
export type Followed = { readonly topic: string; readonly text?: string };

const TOPICS: { readonly [type in TimelineEvent['type']]?: string } = {
  'incident.acknowledged': 'acknowledged',
  'incident.unacknowledged': 'unacknowledged',
  'incident.snoozed': 'snoozed',
  // Whoever sends an answered page up asks again, and begins no round at its first step.
  'incident.escalated': 'unacknowledged',
  'incident.reassigned': 'unacknowledged',
  'incident.updated': 'changed',
  'severity.changed': 'severity',
  'urgency.raised': 'severity',
  'incident.mitigated': 'monitoring',
  'incident.resolved': 'resolved',
  'incident.reopened': 'reopened',
  'incident.dismissed': 'dismissed',
  'incident.merged': 'merged',
};

/** What follows from `event`; `undefined` when nobody elsewhere needs to hear of it. */
export function followed(event: TimelineEvent): Followed | undefined {
  if (event.type === 'note.added') return { topic: 'note', text: event.text };
  if (event.type === 'update.posted') return { topic: 'update', text: event.text };
  if (event.type === 'page.requested' || event.type === 'page.nobody') {
    if (!isFirst(event)) return undefined;
    return { topic: event.position.cycle === 1 ? 'opened' : 'unacknowledged' };
  }
  const topic = TOPICS[event.type];
  return topic === undefined ? undefined : { topic };
}

/** Every round of asking begins with the first step: at the start, and after whatever had ended the one before. */
function isFirst({ purpose, position }: Extract<TimelineEvent, { type: 'page.requested' | 'page.nobody' }>): boolean {
  return purpose === 'step' && position.step === 1 && position.loop === 1;
}
