/**
 * People numbers: what an incident asked of each person.
 *
 * Pure. Counted is what was asked, whether or not it was withdrawn in time; but what was to wait for the end of quiet hours, and
 * was withdrawn before, asked nobody. It never says whether somebody did well.
 */
import type { PersonNumbers } from '../../model/measurement.ts';
import type { Recipient } from '../../model/page.ts';
import type { TimelineEvent, TimelineEventType } from '../../model/timeline.ts';
import { engagedMsOf } from './engagement.ts';

/** What the incident asked of everybody who was paged, acknowledged or joined, in the order in which they came to it. */
export function peopleNumbers(
  timeline: readonly TimelineEvent[],
  { now }: { readonly now: number },
): readonly PersonNumbers[] {
  const people = new Map<string, { readonly pagedAt: number[]; acknowledgements: number }>();
  const person = (user: string) => {
    const known = people.get(user) ?? { pagedAt: [], acknowledgements: 0 };
    people.set(user, known);
    return known;
  };
  for (const [place, event] of timeline.entries()) {
    for (const { user, at } of pagedBy(event))
      if (at <= event.at || (at <= now && !isWithdrawn(timeline, place, at))) person(user).pagedAt.push(at);
    if (isAcknowledgement(event) && event.by.kind === 'user') person(event.by.id).acknowledgements += 1;
    if (event.type === 'responder.accepted') person(event.user);
    if (event.type === 'incident.absorbed') event.responders.forEach(person);
  }
  const engaged = engagedMsOf(timeline, { now });
  return [...people].map(([user, { pagedAt, acknowledgements }]) => ({
    user,
    pagedAt: pagedAt.toSorted((a, b) => a - b),
    acknowledgements,
    engagedMs: engaged.get(user) ?? 0,
  }));
}

function pagedBy(event: TimelineEvent): readonly { readonly user: string; readonly at: number }[] {
  if (event.type === 'emergency.paged') return event.users.map((user) => ({ user, at: event.pagedAt }));
  if (event.type !== 'page.requested') return [];
  return event.recipients.flatMap((recipient) =>
    recipient.user === undefined ? [] : [{ user: recipient.user, at: event.at + heldMs(recipient) }],
  );
}

/** Whoever is left in peace until their quiet hours end is asked then, and not in the middle of the night. */
function heldMs({ contacts }: Recipient): number {
  const isHeld = contacts.length > 0 && contacts.every(({ heldBy }) => heldBy !== undefined);
  return isHeld ? Math.min(...contacts.map(({ afterMs }) => afterMs)) : 0;
}

/** What takes back every page that has not gone out (see lifecycle/paging.ts and phase.ts). */
const WITHDRAWS: ReadonlySet<TimelineEventType> = new Set([
  'incident.acknowledged',
  'incident.snoozed',
  'incident.reassigned',
  'incident.resolved',
  'incident.dismissed',
  'incident.merged',
]);

/** Whether what the event at this place asked for was taken back before the moment `at` (epoch ms). */
function isWithdrawn(timeline: readonly TimelineEvent[], place: number, at: number): boolean {
  const withdrawal = timeline.slice(place + 1).find(({ type }) => WITHDRAWS.has(type));
  return withdrawal !== undefined && withdrawal.at < at;
}

function isAcknowledgement({ type }: TimelineEvent): boolean {
  return type === 'incident.acknowledged' || type === 'page.acknowledged';
}
