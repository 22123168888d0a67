/**
 * People in a timeline: every user whom an event names, and what pages knew of them.
 *
 * Pure. It says who is there, in order of appearance; it never says what anybody did.
 */
import type { Actor } from '../../model/identity.ts';
import type { Recipient } from '../../model/page.ts';
import type { Task } from '../../model/response-events.ts';
import type { TimelineEvent } from '../../model/timeline.ts';

/** Somebody whom a timeline names. */
export type KnownPerson = {
  readonly user: string;
  /** What pages called them. */
  readonly names: ReadonlySet<string>;
  /** Where pages reached them. */
  readonly addresses: ReadonlySet<string>;
};

/** Every user whom `events` name, in order of appearance. */
export function peopleIn(events: readonly TimelineEvent[]): readonly KnownPerson[] {
  const people = new Map<string, { user: string; names: Set<string>; addresses: Set<string> }>();
  const known = (user: string) => {
    const found = people.get(user);
    if (found !== undefined) return found;
    const person = { user, names: new Set<string>(), addresses: new Set<string>() };
    people.set(user, person);
    return person;
  };
  for (const event of events) {
    for (const user of usersOf(event)) known(user);
    for (const { user, name, contacts } of recipientsOf(event)) {
      if (user === undefined) continue;
      const person = known(user);
      if (name !== undefined) person.names.add(name);
      for (const { address } of contacts) person.addresses.add(address);
    }
  }
  return [...people.values()];
}

/** Whom a page, or what stands in the place of one, is for. */
export function recipientsOf(event: TimelineEvent): readonly Recipient[] {
  return 'recipients' in event ? (event.recipients ?? []) : [];
}

/** The users whom an event names, whoever did it first. */
function usersOf(event: TimelineEvent): readonly string[] {
  return [...userOf(event.by), ...namedBy(event)];
}

function namedBy(event: TimelineEvent): readonly string[] {
  switch (event.type) {
    case 'role.assigned':
      return [event.user, event.previous].flatMap((user) => user ?? []);
    case 'response.planned':
      return [...event.filled.map(({ user }) => user), ...event.tasks.flatMap(peopleOfTask)];
    case 'responder.requested':
    case 'responder.accepted':
    case 'responder.declined':
    case 'responder.removed':
      return [event.user];
    case 'task.added':
      return peopleOfTask(event.task);
    case 'task.updated':
      return event.assignee == null ? [] : [event.assignee];
    case 'incident.absorbed':
      return [...event.responders, ...event.tasks.flatMap(peopleOfTask)];
    case 'emergency.paged':
      return event.users;
    case 'update.posted':
      return event.author === undefined ? [] : userOf(event.author);
    default:
      return [];
  }
}

function peopleOfTask({ assignee, createdBy, completedBy }: Task): readonly string[] {
  return [
    ...(assignee === undefined ? [] : [assignee]),
    ...[createdBy, completedBy].flatMap((by) => (by ? userOf(by) : [])),
  ];
}

/** The person who acted, if it was one. */
export function userOf(actor: Actor): readonly string[] {
  return actor.kind === 'user' ? [actor.id] : [];
}
