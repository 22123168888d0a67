/**
 * Effects of a response: whom a notice concerns, and what Tocsin itself records about roles.
 *
 * Pure. It reads the event and the facts after it; the statechart says when it is asked.
 */
import type { EventDraft, EventOf, TimelineEvent } from '../../model/timeline.ts';
import type { IncidentContext } from './context.ts';
import type { Notice } from './effects.ts';
import { own, rolesOfFirst } from './owed.ts';

/** The notice about `event`: of what concerns some only, whom and what it is about. */
export function noticeOf({ topic }: Pick<Notice, 'topic'>, event: TimelineEvent, context: IncidentContext): Notice {
  if (topic === 'role' && event.type === 'role.assigned')
    return {
      topic,
      subject: event.role,
      users: people(event.user, event.because === 'declined' ? null : event.previous),
    };
  if (topic === 'task' && event.type === 'task.due') return { topic, tasks: event.tasks };
  if (topic === 'declined' && event.type === 'responder.declined')
    return { topic, subject: event.user, users: people(own(context.requestedBy, event.user)) };
  return { topic };
}

/** Who has got a role by the plan. */
export function filledBy(event: TimelineEvent): EventOf<'response.planned'>['filled'] {
  return event.type === 'response.planned' ? event.filled : [];
}

/** Whoever is on call for a role is asked to join, where it cannot wait: a notice alone wakes nobody. */
export function joining(event: TimelineEvent, { urgency, responders }: IncidentContext): readonly EventDraft[] {
  if (urgency !== 'high') return [];
  const users = new Set(filledBy(event).map(({ user }) => user));
  return [...users]
    .filter((user) => !Object.hasOwn(responders, user))
    .map((user) => ({ type: 'responder.requested', user }));
}

/** Whoever cannot join leaves their roles to somebody else. */
export function rolesLeft(user: string, { roles }: IncidentContext): readonly EventDraft[] {
  return Object.keys(roles)
    .filter((role) => roles[role] === user)
    .map((role) => ({ type: 'role.assigned', role, user: null, previous: user, because: 'declined' }));
}

/** Whoever acknowledges first gets the roles that wait for them. */
export function firstAcknowledger(context: IncidentContext): readonly EventDraft[] {
  const user = context.byUser;
  if (user === null) return [];
  return rolesOfFirst(context).map((role) => ({
    type: 'role.assigned',
    role,
    user,
    previous: null,
    because: 'firstAcknowledger',
  }));
}

function people(...users: readonly (string | null | undefined)[]): readonly string[] {
  return [...new Set(users.filter((user) => typeof user === 'string'))];
}
