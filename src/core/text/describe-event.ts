/**
 * Descriptions: one sentence for each event of a timeline.
 *
 * Blameless: it says what happened and who did something, never whose fault it was. What people are called, and what is left
 * of texts that they wrote, may be decided by whoever asks (see words.ts).
 */
import { formatDuration } from '../../model/duration.ts';
import type { Audience } from '../../model/status.ts';
import type { EventOf, NoticeTopic, TimelineEvent, TimelineEventType } from '../../model/timeline.ts';
import { type Say, sayWith, type Words } from './words.ts';

const NEWS: Readonly<Record<NoticeTopic, string>> = {
  monitoring: 'it is in monitoring',
  acknowledged: 'somebody has acknowledged it',
  resolved: 'it was resolved',
  dismissed: 'it was dismissed',
  reopened: 'it was reopened',
  severity: 'its severity has changed',
  role: 'a role has changed hands',
  roleVacant: 'nobody has a role that is needed',
  task: 'something is due',
  declined: 'somebody cannot join',
  updateDue: 'an update is due',
  reviewDue: 'its review is late',
};

const TIMES: { readonly [T in keyof EventOf<'times.corrected'>['times']]-?: string } = {
  impactStartedAt: 'when it began to hurt',
  detectedAt: 'when it was detected',
  acknowledgedAt: 'when it was acknowledged',
  mitigatedAt: 'when it was mitigated',
  resolvedAt: 'when it was resolved',
};

const TIMERS: Readonly<Record<string, string>> = {
  hold: 'The hold ended.',
  step: 'Nobody answered in time.',
  acknowledgeTimeout: 'The acknowledgement expired without news.',
  snooze: 'The snooze ended.',
  fallback: 'Still nobody has answered.',
  reminder: 'Still open and untouched.',
  supportHours: 'Support hours began.',
  clearFor: 'Every alert has stayed clear.',
  close: 'The time to reopen has passed.',
  roleVacant: 'A role that is needed is still empty.',
  taskDue: 'A task is due.',
  updateDue: 'Stakeholders are waiting for an update.',
  updateOverdue: 'Stakeholders are still waiting for an update.',
  reviewPending: 'The review has not begun.',
  reviewDraft: 'The review is still a draft.',
  reviewApproval: 'The review still waits for approval.',
};

type Describe = { readonly [T in TimelineEventType]: (event: EventOf<T>, who: string, say: Say) => string };

const an = (audience: Audience) => (audience === 'internal' ? 'an internal' : 'a public');

/** What was corrected, in the order in which it happens. */
const correctedIn = (times: EventOf<'times.corrected'>['times']) =>
  Object.entries(TIMES)
    .flatMap(([time, words]) => (Object.hasOwn(times, time) ? [words] : []))
    .join(', ');

const until = (ms: number | null | undefined) =>
  typeof ms === 'number' ? ` until support hours begin in ${formatDuration(ms)}` : '';

const DESCRIBE: Describe = {
  'incident.opened': ({ severity, urgency, urgencyRisesInMs, service }, who) =>
    `Opened by ${who}: ${severity}, ${urgency} urgency${until(urgencyRisesInMs)}, service ${service}.`,
  'incident.updated': (_, who) => `${who} changed its description.`,
  'investigation.started': (_, who) => `${who} started to investigate.`,
  'cause.identified': ({ cause }, who, say) => `${who} identified the cause${say.because(cause)}`,
  'incident.mitigated': ({ reason }, who, say) => `Mitigated by ${who}${say.because(reason)}`,
  'incident.resolved': ({ reason }, who, say) => `Resolved by ${who}${say.because(reason)}`,
  'incident.reopened': ({ reason }, who, say) => `Reopened by ${who}${say.because(reason)}`,
  'incident.closed': ({ reason }, who, say) => `Closed by ${who}${say.because(reason)}`,
  'incident.dismissed': ({ reason }, who, say) => `Dismissed by ${who}${say.because(reason)}`,
  'incident.merged': ({ into }, who) => `${who} merged it into incident ${into}.`,
  'incident.absorbed': ({ source }, who) => `${who} merged incident ${source} into this one.`,
  'severity.changed': ({ severity, direction, reason, urgency, urgencyRisesInMs: rises }, who, say) =>
    `${who} ${direction} the severity to ${severity}${typeof rises === 'number' ? ` (${urgency} urgency${until(rises)})` : ''}${say.because(reason)}`,
  'urgency.raised': ({ reason }, _, say) => `High urgency from now on${say.because(reason)}`,
  'response.planned': planned,
  'role.assigned': roleAssigned,
  'role.vacant': ({ roles }) => `Nobody is ${roles.join(', ')}.`,
  'responder.requested': ({ user }, who, say) => `${who} asked ${say.named(user)} to join.`,
  'responder.accepted': ({ user }, _, say) => `${say.named(user)} joined.`,
  'responder.declined': ({ user, reason }, _, say) => `${say.named(user)} declined to join${say.because(reason)}`,
  'responder.removed': ({ user }, who, say) => `${who} released ${say.named(user)}.`,
  'task.added': ({ task }, who, say) => `${who} added a task: ${say.text(task.title)}.`,
  'task.updated': ({ task }, who, say) => `${who} changed task ${say.task(task)}.`,
  'task.completed': ({ task }, who, say) => `${who} completed task ${say.task(task)}.`,
  'task.reopened': ({ task }, who, say) => `${who} reopened task ${say.task(task)}.`,
  'task.due': ({ tasks }, _, say) => `Due: ${tasks.map(say.task).join(', ')}.`,
  'fields.set': ({ fields }, who) => `${who} filled in ${Object.keys(fields).join(', ')}.`,
  'subStatus.set': ({ subStatus }, who) =>
    subStatus === null ? `${who} took the sub-status away.` : `${who} set the sub-status to ${subStatus}.`,
  'entry.pinned': ({ entry }, who) => `${who} pinned entry ${entry}.`,
  'entry.unpinned': ({ entry }, who) => `${who} unpinned entry ${entry}.`,
  'times.corrected': ({ times, reason }, who, say) => `${who} corrected ${correctedIn(times)}${say.because(reason)}`,
  'note.added': ({ text }, who, say) => `${who}: ${say.text(text)}`,
  'link.added': ({ link }, who, say) =>
    link.external === undefined
      ? `${who} linked ${say.text(link.incident ?? link.href ?? 'something')}.`
      : `Known on ${link.external.platform} as ${say.text(link.external.id)}.`,
  'emergency.paged': ({ users, notifier }, _, say) =>
    `The storage was down: ${users.map(say.named).join(', ')} paged by ${notifier} without it.`,
  'notice.requested': ({ topic, recipients }, _, say) => `Told ${say.recipients(recipients)} that ${NEWS[topic]}.`,
  'alert.joined': ({ alert }, _, say) => `An alert fires: ${say.text(alert.title)}.`,
  'alert.acknowledged': (_, who) => `An alert was acknowledged by ${who}.`,
  'alert.cleared': (_, who) => `An alert cleared, says ${who}.`,
  'incident.acknowledged': (_, who) => `Acknowledged by ${who}.`,
  'incident.unacknowledged': ({ reason }, who) =>
    reason === 'timeout' ? 'Unacknowledged: asking again.' : `${who} gave it back.`,
  'incident.snoozed': ({ forMs }, who) => `Snoozed by ${who} for ${formatDuration(forMs)}.`,
  'incident.escalated': (_, who) => `${who} sent the page up.`,
  'incident.reassigned': ({ ladder }, who, say) => `${who} reassigned it to ${say.text(ladder.policyId)}.`,
  'escalation.exhausted': ({ policyId }, _, say) => `Everybody of ${say.text(policyId)} was asked and nobody answered.`,
  'schedule.handedOff': ({ schedule }, _, say) => `${say.text(schedule)} handed over.`,
  'page.requested': ({ purpose, position, recipients }, _, say) =>
    `${PURPOSE[purpose]} ${say.recipients(recipients)}${purpose === 'step' ? ` (step ${position.step}, round ${position.loop})` : ''}.`,
  'page.acknowledged': (_, who) => `${who} acknowledged; whoever else was asked still has to.`,
  'page.nobody': ({ reason, position }) =>
    reason === 'gated'
      ? `Step ${position.step} is closed now: passed over.`
      : `Step ${position.step} reaches nobody: passed over.`,
  'page.failed': ({ errors }, _, say) =>
    `No contact of the page could be reached${say.because(say.error(errors.join('; ')))}`,
  'update.drafted': ({ draft: { audience, text } }, who, say) =>
    `${who} drafted ${an(audience)} update: ${say.text(text)}`,
  'update.discarded': (_, who) => `${who} discarded a draft of an update.`,
  'update.posted': ({ audience, text, author }, who, say) =>
    author === undefined
      ? `${who} posted ${an(audience)} update: ${say.text(text)}`
      : `${who} approved ${an(audience)} update by ${say.actor(author)}: ${say.text(text)}`,
  'update.missed': () => 'An update is overdue.',
  'review.requested': (_, who) => `${who} asked for a review.`,
  'review.started': (_, who) => `${who} started the review.`,
  'review.submitted': (_, who) => `${who} handed the review in.`,
  'review.returned': ({ reason }, who, say) => `${who} returned the review${say.because(reason)}`,
  'review.published': (_, who) => `${who} published the review.`,
  'review.waived': ({ reason }, who, say) => `${who} decided that no review is needed${say.because(reason)}`,
  'review.missed': () => 'The review is late.',
  'timer.fired': ({ kind }) => TIMERS[kind] ?? `Timer ${kind} fired.`,
};

function roleAssigned({ role, user, previous, because: why }: EventOf<'role.assigned'>, who: string, say: Say): string {
  const before = previous == null ? undefined : say.named(previous);
  if (user === null)
    return why === 'declined' ? `${before} left the role of ${role} empty.` : `${who} left the role of ${role} empty.`;
  if (isCalledBy(role, user, say))
    return why === 'firstAcknowledger'
      ? `Whoever acknowledged first became ${role}.`
      : `${who} filled the role of ${role}.`;
  if (why === 'firstAcknowledger') return `${say.named(user)} became ${role}, who acknowledged first.`;
  return `${who} made ${say.named(user)} ${role}${before === undefined ? '' : ` in the place of ${before}`}.`;
}

/** Of somebody who is called by a role it says nothing that they have it. */
function isCalledBy(role: string, user: string, say: Say): boolean {
  return say.named(user) === `the ${role}`;
}

function planned(
  { roles, filled, tasks, releasedRoles = [] }: EventOf<'response.planned'>,
  _: string,
  say: Say,
): string {
  const parts = [
    ...(roles.length > 0 ? [`needs ${roles.map(({ role }) => role).join(', ')}`] : []),
    ...filled.map(({ role, user }) =>
      isCalledBy(role, user, say) ? `the role of ${role} is filled` : `${say.named(user)} is ${role}`,
    ),
    ...(tasks.length > 0 ? [`${tasks.length} to do by checklist`] : []),
    ...(releasedRoles.length > 0 ? [`needs no ${releasedRoles.join(', ')} any more`] : []),
  ];
  return `The response: ${parts.join('; ') || 'fields to fill in'}.`;
}

const PURPOSE = {
  step: 'Paged',
  fallback: 'Paged the fallback:',
  reminder: 'Reminded',
  responder: 'Asked to join:',
  handoff: 'Paged, incoming on call:',
} as const;

/**
 * One sentence about `event`. It may hold text of strangers: escape it for where it is shown. `words` says what people are
 * called; without it by the name that a page knew, or their id.
 */
export function describeEvent(event: TimelineEvent, words: Words = {}): string {
  const describe = DESCRIBE[event.type] as (event: TimelineEvent, who: string, say: Say) => string;
  const say = sayWith(words);
  return describe(event, say.actor(event.by), say);
}
