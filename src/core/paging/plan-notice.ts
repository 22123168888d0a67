/**
 * Notices: who is told what has become of an incident, beside those who are asked.
 *
 * Pure. A notice is one message with little noise; it asks for nothing, and never counts as reaching anybody.
 */
import type { Recipient } from '../../model/page.ts';
import type { EventDraft, NoticeTopic } from '../../model/timeline.ts';
import type { User } from '../../model/user.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import type { People } from './candidates.ts';
import { noticePlan } from './contacts.ts';
import { recipientOf } from './resolve-targets.ts';

/** The event that tells of `topic` at the moment of the incident; `undefined` when nobody wants to hear of it. */
export function planNotice(
  topic: NoticeTopic,
  context: IncidentContext,
  world: Pick<People, 'users'>,
): EventDraft | undefined {
  const recipients: Recipient[] = [];
  for (const id of audienceOf(topic, context)) {
    const user = world.users.get(id);
    if (user === undefined || id === context.byUser || !wants(user, topic, context)) continue;
    const recipient = recipientFor(user, topic, context.at);
    if (recipient !== undefined) recipients.push(recipient);
  }
  return recipients.length === 0 ? undefined : { type: 'notice.requested', topic, recipients };
}

/** Who may hear of it. Of what is private only those who respond to it do; of monitoring only they did before there was a choice. */
function audienceOf(topic: NoticeTopic, context: IncidentContext): ReadonlySet<string> {
  const responders = respondersOf(context);
  if (context.visibility === 'private' || topic === 'monitoring') return responders;
  const paged = Object.keys(context.paged).filter((user) => hasHeard(user, context));
  return new Set([...paged, ...context.asked.filter((user) => hasHeard(user, context)), ...responders]);
}

/** Whose page was still held back never heard of the incident, and need not hear how it went on. */
function hasHeard(user: string, { paged, at }: IncidentContext): boolean {
  return (paged[user] ?? at) <= at;
}

function respondersOf({ acknowledgedBy, responders, roles }: IncidentContext): ReadonlySet<string> {
  const accepted = Object.entries(responders).flatMap(([user, status]) => (status === 'accepted' ? [user] : []));
  return new Set([...acknowledgedBy, ...accepted, ...Object.values(roles)]);
}

function wants({ id, notices }: User, topic: NoticeTopic, { asked, acknowledgedBy }: IncidentContext): boolean {
  if (notices.status.includes(topic)) return true;
  // Whoever is still being asked is told that they need not answer any more.
  return topic === 'acknowledged' && notices.acknowledged && asked.includes(id) && !acknowledgedBy.includes(id);
}

function recipientFor(user: User, topic: NoticeTopic, at: number): Recipient | undefined {
  const reason = { target: { user: user.id } };
  if (topic === 'monitoring')
    return recipientOf(user.id, reason, { users: new Map([[user.id, user]]) }, { urgency: 'low', at });
  const contacts = noticePlan(user, at);
  if (contacts.length === 0) return undefined;
  return { user: user.id, ...(user.name !== undefined && { name: user.name }), reason, contacts };
}
