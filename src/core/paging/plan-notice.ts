/**
 * Notices: who is told what has become of an incident, beside those who are asked.
 *
 * Pure. A notice is one message with little noise; it asks for nothing, and never counts as reaching anybody.
 */
import type { Recipient } from '../../model/page.ts';
import type { EventDraft, NoticeTopic } from '../../model/timeline.ts';
import type { User } from '../../model/user.ts';
import type { IncidentContext, KeptNotice } from '../lifecycle/context.ts';
import type { Notice } from '../lifecycle/effects.ts';
import { respondersOf } from '../lifecycle/involved.ts';
import { ownerOf } from '../lifecycle/owed.ts';
import type { People } from './candidates.ts';
import { noticePlan } from './contacts.ts';
import { recipientOf } from './resolve-targets.ts';

/** What concerns people in a response, each of them in particular. */
const OF_RESPONSE: ReadonlySet<NoticeTopic> = new Set(['role', 'roleVacant', 'task', 'declined']);

/** What has become of the incident, which whoever heard of it may want to hear. */
type News = Exclude<NoticeTopic, 'updateDue' | 'reviewDue'>;

/** The event that tells of it at the moment of the incident; `undefined` when nobody wants to hear of it. */
export function planNotice(
  notice: Notice,
  context: IncidentContext,
  world: Pick<People, 'users'>,
): EventDraft | undefined {
  // It is written down later: nobody waits for news of it.
  if (context.kind === 'backfilled') return undefined;
  const { topic, subject } = notice;
  if (topic === 'updateDue') return updateDue(context, world);
  if (topic === 'reviewDue') return reviewDue(context, world);
  const recipients: Recipient[] = [];
  for (const id of audienceOf(notice, context)) {
    const user = world.users.get(id);
    if (user === undefined || id === context.byUser || !wants(user, topic, context)) continue;
    const recipient = recipientFor(user, topic, context.at);
    if (recipient !== undefined) recipients.push(recipient);
  }
  if (recipients.length === 0) return undefined;
  return { type: 'notice.requested', topic, ...(subject !== undefined && { subject }), recipients };
}

/** Whoever speaks for the incident. */
function updateDue(context: IncidentContext, world: Pick<People, 'users'>): EventDraft | undefined {
  const { updateNotice, acknowledgedBy, roles } = context;
  const groups = [roleOf(roles, 'communications'), roleOf(roles, 'commander'), acknowledgedBy, respondersOf(context)];
  return reminder({ topic: 'updateDue', latest: updateNotice, groups }, context, world);
}

/**
 * Whoever led the incident; of one that nobody took whoever opened it, else those who heard of it. What was merged or
 * dismissed, what is open again and what was only a test teaches nothing yet.
 */
function reviewDue(context: IncidentContext, world: Pick<People, 'users'>): EventDraft | undefined {
  const { reviewNotice, acknowledgedBy, roles, openedBy, outcome, visibility, paged, kind } = context;
  if ((outcome !== 'resolved' && outcome !== 'closed') || kind === 'test') return undefined;
  const opener = openedBy === null ? [] : [openedBy];
  const heard = visibility === 'private' ? [] : Object.keys(paged).filter((user) => hasHeard(user, context));
  const groups = [roleOf(roles, 'commander'), acknowledgedBy, respondersOf(context), opener, heard];
  return reminder({ topic: 'reviewDue', latest: reviewNotice, groups }, context, world);
}

/** What somebody has to be reminded of: the first group of whom somebody can be reached. */
type Reminder = {
  readonly topic: 'updateDue' | 'reviewDue';
  readonly latest: KeptNotice | null;
  readonly groups: readonly Iterable<string>[];
};

/** Whoever still waits to hear of it hears of it once. */
function reminder(
  { topic, latest, groups }: Reminder,
  { at }: IncidentContext,
  { users }: Pick<People, 'users'>,
): EventDraft | undefined {
  if (latest !== null && latest.until > at) return undefined;
  for (const group of groups) {
    const recipients = [...group].flatMap((id) => {
      const user = users.get(id);
      const told = user && noticeRecipient(user, at);
      return told ?? [];
    });
    if (recipients.length > 0) return { type: 'notice.requested', topic, recipients };
  }
  return undefined;
}

function roleOf(roles: IncidentContext['roles'], role: string): readonly string[] {
  const holder = Object.hasOwn(roles, role) ? roles[role] : undefined;
  return holder === undefined ? [] : [holder];
}

/** Who may hear of it. Of what is private only those who respond to it do; of monitoring only they did before there was a choice. */
function audienceOf({ topic, users = [], tasks = [] }: Notice, context: IncidentContext): ReadonlySet<string> {
  const responders = respondersOf(context);
  if (topic === 'role' || topic === 'declined') return new Set(users);
  if (topic === 'task') return new Set(tasks.flatMap((id) => ownersOf(id, context)));
  if (topic === 'roleVacant' && responders.size > 0) return responders;
  if (context.visibility === 'private' || topic === 'monitoring') return responders;
  const paged = Object.keys(context.paged).filter((user) => hasHeard(user, context));
  return new Set([...paged, ...context.asked.filter((user) => hasHeard(user, context)), ...responders]);
}

/** Whoever does a task; of one that is nobody's everybody who responds. */
function ownersOf(id: string, context: IncidentContext): readonly string[] {
  const task = context.tasks.find((known) => known.id === id);
  if (task === undefined) return [];
  const owner = ownerOf(task, context);
  return owner === undefined ? [...respondersOf(context)] : [owner];
}

/** Whose page was still held back never heard of the incident, and need not hear how it went on. */
function hasHeard(user: string, { paged, at }: IncidentContext): boolean {
  return (paged[user] ?? at) <= at;
}

function wants({ id, notices }: User, topic: News, { asked, acknowledgedBy }: IncidentContext): boolean {
  if (OF_RESPONSE.has(topic)) return notices.response;
  if (notices.status.some((wanted) => wanted === topic)) return true;
  // Whoever is still being asked is told that they need not answer any more.
  return topic === 'acknowledged' && notices.acknowledged && asked.includes(id) && !acknowledgedBy.includes(id);
}

function recipientFor(user: User, topic: News, at: number): Recipient | undefined {
  const reason = { target: { user: user.id } };
  if (topic === 'monitoring')
    return recipientOf(user.id, reason, { users: new Map([[user.id, user]]) }, { urgency: 'low', at });
  return noticeRecipient(user, at);
}

function noticeRecipient(user: User, at: number): Recipient | undefined {
  const contacts = noticePlan(user, at);
  if (contacts.length === 0) return undefined;
  return {
    user: user.id,
    ...(user.name !== undefined && { name: user.name }),
    reason: { target: { user: user.id } },
    contacts,
  };
}
