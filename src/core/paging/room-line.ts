/**
 * Room lines: what is said in the chat room of an incident, one line for each event that people there want to read.
 *
 * Pure, and blameless: it says what happened and who did something. Pages and their retries are none of it; what is said may
 * hold text of strangers, and how a chat shows it is the business of whoever posts.
 */
import { formatDuration } from '../../model/duration.ts';
import { actorName } from '../../model/identity.ts';
import type { EventOf, TimelineEvent, TimelineEventType } from '../../model/timeline.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { boundedLine } from '../text/bounded.ts';
import { titleOfKind } from './message-kind.ts';
import { textsFor } from './message-texts.ts';

/** What a person is called; `undefined` when only the id is known. */
export type NameOf = (user: string) => string | undefined;

type Say<T extends TimelineEventType> = (event: EventOf<T>, who: string, named: (user: string) => string) => string;
type Lines = { readonly [T in TimelineEventType]?: Say<T> };

const MAX_LINE = 1_000;
const MAX_TITLE = 200;

const because = (reason: string | undefined) => (reason === undefined ? '.' : `: ${reason}`);

const LINES: Lines = {
  'incident.opened': ({ severity, service }, who) => `Opened by ${who}: ${severity}, service ${service}.`,
  'incident.updated': ({ title }, who) =>
    title === undefined ? `${who} changed its description.` : `${who} changed its title: ${title}`,
  'investigation.started': (_, who) => `${who} started to investigate.`,
  'cause.identified': ({ cause }, who) => `${who} identified the cause${because(cause)}`,
  'incident.mitigated': ({ reason }, who) => `Mitigated by ${who}${because(reason)}`,
  'incident.resolved': ({ reason }, who) => `Resolved by ${who}${because(reason)}`,
  'incident.reopened': ({ reason }, who) => `Reopened by ${who}${because(reason)}`,
  'incident.closed': ({ reason }, who) => `Closed by ${who}${because(reason)}`,
  'incident.dismissed': ({ reason }, who) => `Dismissed by ${who}${because(reason)}`,
  'incident.merged': ({ into }, who) => `${who} merged it into incident ${into}.`,
  'incident.absorbed': ({ source }, who) => `${who} merged incident ${source} into this one.`,
  'severity.changed': ({ severity, direction, reason }, who) =>
    `${who} ${direction} the severity to ${severity}${because(reason)}`,
  'role.assigned': ({ role, user }, who, named) =>
    user === null ? `${who} left the role of ${role} empty.` : `${who} made ${named(user)} ${role}.`,
  'response.planned': ({ filled }, _, named) =>
    filled.map(({ role, user }) => `${named(user)} is ${role} now.`).join(' '),
  'responder.requested': ({ user }, who, named) => `${who} asked ${named(user)} to join.`,
  'responder.accepted': ({ user }, _, named) => `${named(user)} joined.`,
  'responder.declined': ({ user, reason }, _, named) => `${named(user)} declined to join${because(reason)}`,
  'responder.removed': ({ user }, who, named) => `${who} released ${named(user)}.`,
  'task.added': ({ task }, who) => `${who} added a task: ${task.title}`,
  'task.completed': ({ task }, who) => `${who} completed task ${task}.`,
  'note.added': ({ text }, who) => `${who}: ${text}`,
  'link.added': ({ link }, who) => `${who} linked ${link.incident ?? link.href ?? 'something'}.`,
  'incident.acknowledged': (_, who) => `Acknowledged by ${who}.`,
  'page.acknowledged': (_, who) => `${who} acknowledged; whoever else was asked still has to.`,
  'incident.unacknowledged': ({ reason }, who) =>
    reason === 'timeout' ? 'Unacknowledged: asking again.' : `${who} gave it back.`,
  'incident.snoozed': ({ forMs }, who) => `Snoozed by ${who} for ${formatDuration(forMs)}.`,
  'incident.escalated': (_, who) => `${who} sent the page up.`,
  'incident.reassigned': ({ ladder }, who) => `${who} reassigned it to ${ladder.policyId}.`,
  'escalation.exhausted': ({ policyId }) => `Everybody of ${policyId} was asked and nobody answered.`,
  'update.posted': ({ audience, text }, who) => `${who} posted an ${audience} update: ${text}`,
};

/** What is said of `event` in the room, on one clean line; `undefined` when nothing is. */
export function roomLine(event: TimelineEvent, nameOf: NameOf): string | undefined {
  // That there is a room, or a mirror, is seen where they are.
  if (event.type === 'link.added' && event.link.external !== undefined) return undefined;
  // The type of the event names its line; the compiler cannot follow the pairing through the union.
  const say = LINES[event.type] as Say<TimelineEventType> | undefined;
  if (say === undefined) return undefined;
  const named = (user: string) => nameOf(user) ?? user;
  const who = event.by.kind === 'user' ? named(event.by.id) : actorName(event.by);
  const said = say(event, who, named);
  return said === '' ? undefined : boundedLine(said, MAX_LINE);
}

/** What stands over the room: how bad it is, how far the response is, and what it is about; of a drill or a test that it is one. */
export function roomTopic(
  { severity, title, kind }: Pick<IncidentContext, 'severity' | 'title' | 'kind'>,
  phase: string,
): string {
  const about = titleOfKind(kind, boundedLine(title, MAX_TITLE), textsFor(undefined));
  return `${boundedLine(severity)} · ${phase} · ${about}`;
}

/** Whom `event` brings into the room. */
export function broughtIn(event: TimelineEvent): readonly string[] {
  switch (event.type) {
    case 'incident.acknowledged':
    case 'page.acknowledged':
      return event.by.kind === 'user' ? [event.by.id] : [];
    case 'role.assigned':
      return event.user === null ? [] : [event.user];
    case 'responder.accepted':
      return [event.user];
    case 'response.planned':
      return [...new Set(event.filled.map(({ user }) => user))];
    default:
      return [];
  }
}

/** Everybody who belongs into the room of an incident as it is: who answered, who joined, and who has a role. */
export function belongingIn({
  acknowledgedBy,
  responders,
  roles,
}: Pick<IncidentContext, 'acknowledgedBy' | 'responders' | 'roles'>): readonly string[] {
  const joined = Object.entries(responders).flatMap(([user, status]) => (status === 'accepted' ? [user] : []));
  return [...new Set([...acknowledgedBy, ...joined, ...Object.values(roles)])];
}
