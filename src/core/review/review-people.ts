/**
 * Who took part in an incident, what their parts were, and what it asked of them.
 *
 * Pure. Nobody is listed for having been told something; and it never says who should have done more.
 */
import type { IncidentNumbers } from '../../model/measurement.ts';
import type { ReviewPerson } from '../../model/review.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import type { Naming } from './blameless.ts';
import { type KnownPerson, userOf } from './people-in.ts';

/** A role, and what it is called. */
export type NamedRole = { readonly id: string; readonly name: string };

/** What the list is made of. */
export type PeopleInput = {
  readonly events: readonly TimelineEvent[];
  readonly context: IncidentContext;
  /** In order of appearance. */
  readonly people: readonly KnownPerson[];
  readonly numbers: IncidentNumbers;
  readonly naming: Naming;
  /** In the order of the configuration. */
  readonly roles: readonly NamedRole[];
};

/** Whoever has a role, then whoever responded, then everybody else who took part; each in order of appearance. */
export function reviewPeople(input: PeopleInput): readonly ReviewPerson[] {
  const { context, people, numbers, naming } = input;
  const partsOf = partsIn(input);
  const asked = new Map(numbers.people.map((person) => [person.user, person]));
  const leading = new Set(Object.values(context.roles));
  const rank = (user: string) => (leading.has(user) ? 0 : Object.hasOwn(context.responders, user) ? 1 : 2);
  return people
    .flatMap(({ user }) => {
      const numbered = asked.get(user);
      const parts = partsOf(user, numbered !== undefined && numbered.pagedAt.length > 0);
      if (parts.length === 0) return [];
      const pages = numbered?.pagedAt.length ?? 0;
      return [{ user, person: { name: naming.user(user), parts, pages, engagedMs: numbered?.engagedMs ?? 0 } }];
    })
    .sort((a, b) => rank(a.user) - rank(b.user))
    .map(({ person }) => person);
}

function partsIn({ events, context, roles }: PeopleInput) {
  const had = rolesHeld(events);
  const by = (types: readonly TimelineEvent['type'][]) =>
    new Set(events.flatMap((event) => (types.includes(event.type) ? userOf(event.by) : [])));
  const acknowledged = by(['incident.acknowledged', 'page.acknowledged']);
  const posted = by(['update.drafted', 'update.posted']);
  // Whoever only looks back at it took no part in it.
  const acted = new Set(events.flatMap((event) => (event.type.startsWith('review.') ? [] : userOf(event.by))));
  return (user: string, isPaged: boolean): readonly string[] => {
    const parts = [
      ...roles.flatMap(({ id, name }) => {
        if (context.roles[id] === user) return [name];
        return had.get(id)?.has(user) ? [`${name} for a time`] : [];
      }),
      ...(context.openedBy === user ? ['opened it'] : []),
      ...(acknowledged.has(user) ? ['acknowledged it'] : []),
      ...(context.responders[user] === 'accepted' && !acknowledged.has(user) ? ['joined'] : []),
      ...(posted.has(user) ? ['wrote updates'] : []),
    ];
    if (parts.length > 0) return parts;
    return acted.has(user) ? ['took part'] : isPaged ? ['was paged'] : [];
  };
}

function rolesHeld(events: readonly TimelineEvent[]): ReadonlyMap<string, ReadonlySet<string>> {
  const had = new Map<string, Set<string>>();
  const note = (role: string, user: string) => had.set(role, (had.get(role) ?? new Set()).add(user));
  for (const event of events) {
    if (event.type === 'role.assigned' && event.user !== null) note(event.role, event.user);
    if (event.type === 'response.planned') for (const { role, user } of event.filled) note(role, user);
  }
  return had;
}
