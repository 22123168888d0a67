/**
 * Descriptions: one sentence for each event of a timeline.
 *
 * Blameless: it says what happened and who did something, never whose fault it was.
 */
import { formatDuration } from '../../model/duration.ts';
import { actorName } from '../../model/identity.ts';
import type { Recipient } from '../../model/page.ts';
import type { Audience } from '../../model/status.ts';
import type { EventOf, NoticeTopic, TimelineEvent, TimelineEventType } from '../../model/timeline.ts';

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

type Describe = { readonly [T in TimelineEventType]: (event: EventOf<T>, who: string) => string };

const because = (reason: string | undefined) => (reason === undefined ? '.' : `: ${reason}.`);

const an = (audience: Audience) => (audience === 'internal' ? 'an internal' : 'a public');

const until = (ms: number | null | undefined) =>
  typeof ms === 'number' ? ` until support hours begin in ${formatDuration(ms)}` : '';

const DESCRIBE: Describe = {
  'incident.opened': ({ severity, urgency, urgencyRisesInMs, service }, who) =>
    `Opened by ${who}: ${severity}, ${urgency} urgency${until(urgencyRisesInMs)}, service ${service}.`,
  'incident.updated': (_, who) => `${who} changed its description.`,
  'investigation.started': (_, who) => `${who} started to investigate.`,
  'cause.identified': ({ cause }, who) => `${who} identified the cause${because(cause)}`,
  'incident.mitigated': ({ reason }, who) => `Mitigated by ${who}${because(reason)}`,
  'incident.resolved': ({ reason }, who) => `Resolved by ${who}${because(reason)}`,
  'incident.reopened': ({ reason }, who) => `Reopened by ${who}${because(reason)}`,
  'incident.closed': ({ reason }, who) => `Closed by ${who}${because(reason)}`,
  'incident.dismissed': ({ reason }, who) => `Dismissed by ${who}${because(reason)}`,
  'incident.merged': ({ into }, who) => `${who} merged it into incident ${into}.`,
  'incident.absorbed': ({ source }, who) => `${who} merged incident ${source} into this one.`,
  'severity.changed': ({ severity, direction, reason, urgency, urgencyRisesInMs: rises }, who) =>
    `${who} ${direction} the severity to ${severity}${typeof rises === 'number' ? ` (${urgency} urgency${until(rises)})` : ''}${because(reason)}`,
  'urgency.raised': ({ reason }) => `High urgency from now on${because(reason)}`,
  'response.planned': planned,
  'role.assigned': roleAssigned,
  'role.vacant': ({ roles }) => `Nobody is ${roles.join(', ')}.`,
  'responder.requested': ({ user }, who) => `${who} asked ${user} to join.`,
  'responder.accepted': ({ user }) => `${user} joined.`,
  'responder.declined': ({ user, reason }) => `${user} declined to join${because(reason)}`,
  'responder.removed': ({ user }, who) => `${who} released ${user}.`,
  'task.added': ({ task }, who) => `${who} added a task: ${task.title}.`,
  'task.updated': ({ task }, who) => `${who} changed task ${task}.`,
  'task.completed': ({ task }, who) => `${who} completed task ${task}.`,
  'task.reopened': ({ task }, who) => `${who} reopened task ${task}.`,
  'task.due': ({ tasks }) => `Due: ${tasks.join(', ')}.`,
  'fields.set': ({ fields }, who) => `${who} filled in ${Object.keys(fields).join(', ')}.`,
  'subStatus.set': ({ subStatus }, who) =>
    subStatus === null ? `${who} took the sub-status away.` : `${who} set the sub-status to ${subStatus}.`,
  'entry.pinned': ({ entry }, who) => `${who} pinned entry ${entry}.`,
  'entry.unpinned': ({ entry }, who) => `${who} unpinned entry ${entry}.`,
  'times.corrected': ({ times, reason }, who) => `${who} corrected ${Object.keys(times).join(', ')}${because(reason)}`,
  'note.added': ({ text }, who) => `${who}: ${text}`,
  'link.added': ({ link }, who) =>
    link.external === undefined
      ? `${who} linked ${link.incident ?? link.href ?? 'something'}.`
      : `Known on ${link.external.platform} as ${link.external.id}.`,
  'emergency.paged': ({ users, notifier }) =>
    `The storage was down: ${users.join(', ')} paged by ${notifier} without it.`,
  'notice.requested': ({ topic, recipients }) => `Told ${names(recipients)} that ${NEWS[topic]}.`,
  'alert.joined': ({ alert }) => `An alert fires: ${alert.title}.`,
  'alert.acknowledged': (_, who) => `An alert was acknowledged by ${who}.`,
  'alert.cleared': (_, who) => `An alert cleared, says ${who}.`,
  'incident.acknowledged': (_, who) => `Acknowledged by ${who}.`,
  'incident.unacknowledged': ({ reason }, who) =>
    reason === 'timeout' ? 'Unacknowledged: asking again.' : `${who} gave it back.`,
  'incident.snoozed': ({ forMs }, who) => `Snoozed by ${who} for ${formatDuration(forMs)}.`,
  'incident.escalated': (_, who) => `${who} sent the page up.`,
  'incident.reassigned': ({ ladder }, who) => `${who} reassigned it to ${ladder.policyId}.`,
  'escalation.exhausted': ({ policyId }) => `Everybody of ${policyId} was asked and nobody answered.`,
  'schedule.handedOff': ({ schedule }) => `${schedule} handed over.`,
  'page.requested': ({ purpose, position, recipients }) =>
    `${PURPOSE[purpose]} ${names(recipients)}${purpose === 'step' ? ` (step ${position.step}, round ${position.loop})` : ''}.`,
  'page.acknowledged': (_, who) => `${who} acknowledged; whoever else was asked still has to.`,
  'page.nobody': ({ reason, position }) =>
    reason === 'gated'
      ? `Step ${position.step} is closed now: passed over.`
      : `Step ${position.step} reaches nobody: passed over.`,
  'page.failed': ({ errors }) => `No contact of the page could be reached: ${errors.join('; ')}.`,
  'update.drafted': ({ draft: { audience, text } }, who) => `${who} drafted ${an(audience)} update: ${text}`,
  'update.discarded': (_, who) => `${who} discarded a draft of an update.`,
  'update.posted': ({ audience, text, author }, who) =>
    author === undefined
      ? `${who} posted ${an(audience)} update: ${text}`
      : `${who} approved ${an(audience)} update by ${actorName(author)}: ${text}`,
  'update.missed': () => 'An update is overdue.',
  'review.requested': (_, who) => `${who} asked for a review.`,
  'review.started': (_, who) => `${who} started the review.`,
  'review.submitted': (_, who) => `${who} handed the review in.`,
  'review.returned': ({ reason }, who) => `${who} returned the review${because(reason)}`,
  'review.published': (_, who) => `${who} published the review.`,
  'review.missed': () => 'The review is late.',
  'timer.fired': ({ kind }) => TIMERS[kind] ?? `Timer ${kind} fired.`,
};

function roleAssigned({ role, user, previous, because: why }: EventOf<'role.assigned'>, who: string): string {
  if (user === null)
    return why === 'declined'
      ? `${previous} left the role of ${role} empty.`
      : `${who} left the role of ${role} empty.`;
  if (why === 'firstAcknowledger') return `${user} became ${role}, who acknowledged first.`;
  return `${who} made ${user} ${role}${previous == null ? '' : ` in the place of ${previous}`}.`;
}

function planned({ roles, filled, tasks, releasedRoles = [] }: EventOf<'response.planned'>): string {
  const parts = [
    ...(roles.length > 0 ? [`needs ${roles.map(({ role }) => role).join(', ')}`] : []),
    ...filled.map(({ role, user }) => `${user} is ${role}`),
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

/** One sentence about `event`. It may hold text of strangers: escape it for where it is shown. */
export function describeEvent(event: TimelineEvent): string {
  const describe = DESCRIBE[event.type] as (event: TimelineEvent, who: string) => string;
  return describe(event, actorName(event.by));
}

function names(recipients: readonly Recipient[]): string {
  return recipients.map(({ name, user, channel }) => name ?? user ?? `#${channel}`).join(', ') || 'nobody';
}
