/**
 * Overtaken: what an event leaves without a purpose although it ends nothing.
 *
 * Pure. It compares an incident with what it was before; whoever has to be asked, or was asked urgently, is never among it.
 */
import type { EventOf, TimelineEvent } from '../../model/timeline.ts';
import type { KeptNotice } from './context.ts';
import type { Effect } from './effects.ts';
import { respondersOf } from './involved.ts';
import type { IncidentSnapshot } from './snapshot.ts';
import { pagingState } from './view.ts';

/** What can wait is asked by these. */
const CAN_WAIT = ['step', 'reminder'] as const;
/** What a fallback follows. */
const ASKED_BEFORE = ['step', 'handoff'] as const;
/** What is taken back one by one is looked for one by one. */
const MOST_OTHERS = 50;

/** The deliveries that are taken back because `event` has overtaken them. */
export function overtaken(
  before: IncidentSnapshot | undefined,
  after: IncidentSnapshot,
  event: TimelineEvent,
): readonly Effect[] {
  if (before === undefined) return [];
  return [
    ...(event.type === 'page.requested' ? [...heldAgain(event), ...askedAgain(event)] : []),
    ...(isRaised(before, after) ? before.context.held.flatMap(waitingFor) : []),
    ...staleNotice(before, after),
    ...(event.type === 'update.posted' ? waitingNotice(before.context.updateNotice, after) : []),
    ...(isReviewOver(before, after) ? waitingNotice(before.context.reviewNotice, after) : []),
    ...(becamePrivate(before, after) ? noticesOfOthers(after) : []),
  ];
}

function becamePrivate(before: IncidentSnapshot, after: IncidentSnapshot): boolean {
  return before.context.visibility === 'public' && after.context.visibility === 'private';
}

/** What is private is told only to those who respond to it, also where it was to be told before it was. */
function noticesOfOthers({ context }: IncidentSnapshot): Effect[] {
  const { paged, asked } = context;
  const involved = respondersOf(context);
  const others = [...new Set([...Object.keys(paged), ...asked])].filter((user) => !involved.has(user));
  // Of very many all are taken back: that a responder misses a notice does less harm than that a stranger has one.
  if (others.length > MOST_OTHERS) return [{ type: 'withdraw', only: { purpose: 'notice' } }];
  return others.map((user) => ({ type: 'withdraw', only: { purpose: 'notice', user } }));
}

/** Escalation begins at the first step, at once: what was held back would only come later, and say less. */
function isRaised(before: IncidentSnapshot, after: IncidentSnapshot): boolean {
  return before.context.urgency === 'low' && after.context.urgency === 'high';
}

/** Whoever is told at the end of their quiet hours is told once, however often it would have been in them. */
function heldAgain({ recipients }: EventOf<'page.requested'>): Effect[] {
  return recipients.flatMap(({ user, contacts }) =>
    user === undefined || !contacts.some(({ heldBy }) => heldBy !== undefined) ? [] : waitingFor(user),
  );
}

/** Whoever is the fallback as well is called by one page, the later one: it begins with their first contact. */
function askedAgain({ purpose, recipients }: EventOf<'page.requested'>): Effect[] {
  if (purpose !== 'fallback') return [];
  return recipients.flatMap(({ user }) =>
    user === undefined ? [] : ASKED_BEFORE.map((earlier) => ({ type: 'withdraw', only: { purpose: earlier, user } })),
  );
}

function waitingFor(user: string): Effect[] {
  return CAN_WAIT.map((purpose) => ({ type: 'withdraw', only: { purpose, user } }));
}

/** That somebody has taken it is no news once nobody has it any more. */
function staleNotice(before: IncidentSnapshot, after: IncidentSnapshot): Effect[] {
  const { answerNotice } = after.context;
  const isOver = pagingState(before) === 'acknowledged' && pagingState(after) !== 'acknowledged';
  if (!isOver || answerNotice === 0) return [];
  return [{ type: 'withdraw', only: { purpose: 'notice' }, beforeSeq: answerNotice + 1 }];
}

/** Nobody is late with what was published, or is not asked for any more; of what is open again nobody is asked yet. */
function isReviewOver(before: IncidentSnapshot, after: IncidentSnapshot): boolean {
  const { review } = after.value;
  const isReopened = before.context.outcome !== 'open' && after.context.outcome === 'open';
  return isReopened || (review !== before.value.review && (review === 'published' || review === 'notNeeded'));
}

/** Whoever was to hear after their quiet hours that something is due need not hear it once it was done. */
function waitingNotice(notice: KeptNotice | null, { context: { at } }: IncidentSnapshot): Effect[] {
  if (notice === null || notice.until <= at) return [];
  const { seq, users } = notice;
  return users.map((user) => ({ type: 'withdraw', only: { purpose: 'notice', user }, beforeSeq: seq + 1 }));
}
