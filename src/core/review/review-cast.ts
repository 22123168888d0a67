/**
 * Everybody whom a review would name, the roles that they have, and what it calls them.
 *
 * Pure. Whoever is named anywhere in it is known here, so that nobody is ever called by a name that it may not show.
 */
import type { TimelineEvent } from '../../model/timeline.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { type Naming, namesFor } from './blameless.ts';
import { type KnownPerson, peopleIn, userOf } from './people-in.ts';
import type { ReviewConfig, ReviewInput } from './review-input.ts';
import type { NamedRole } from './review-people.ts';

/** Everybody whom a review would name. */
export type Cast = {
  readonly people: readonly KnownPerson[];
  readonly roles: readonly NamedRole[];
  readonly naming: Naming;
};

type Part = { readonly events: readonly TimelineEvent[]; readonly context: IncidentContext };

/** The cast of the part of an incident that is shown. */
export function castOf(input: ReviewInput, part: Part): Cast {
  const roles = rolesOf(part.context, input.config);
  const people = everybody(input, part);
  return { people, roles, naming: namingOf(input, { context: part.context, people, roles }) };
}

/** In the order of the configuration; a role that it has no more goes last, under its id. */
function rolesOf({ roles }: IncidentContext, { response }: ReviewConfig): readonly NamedRole[] {
  const known = [...response.roles.values()].map(({ id, name }) => ({ id, name: name ?? id }));
  const gone = Object.keys(roles).filter((id) => !response.roles.has(id));
  return [...known, ...gone.sort().map((id) => ({ id, name: id }))];
}

/** Whom the timeline names, then whoever else the review would name. */
function everybody(
  { timeline, stored, actionItems, config }: ReviewInput,
  { events, context }: Part,
): readonly KnownPerson[] {
  const people = peopleIn(events);
  const named = [
    ...timeline.flatMap((item) => (item.kind === 'delivery' ? (item.delivery.user ?? []) : [])),
    ...Object.entries(context.fields).flatMap(([id, value]) =>
      config.response.fields.get(id)?.type === 'user' && typeof value === 'string' ? [value] : [],
    ),
    ...(stored?.authors ?? []).flatMap(userOf),
    ...actionItems.flatMap(({ owner, createdBy, closedBy }) => [
      ...(owner === undefined ? [] : [owner]),
      ...userOf(createdBy),
      ...(closedBy === undefined ? [] : userOf(closedBy)),
    ]),
  ];
  const called = stored?.publications.map(({ names }) => new Map(Object.entries(names ?? {}))) ?? [];
  const withNames = (person: KnownPerson): KnownPerson => ({
    ...person,
    names: new Set([...person.names, ...called.flatMap((names) => names.get(person.user) ?? [])]),
  });
  const known = new Set(people.map(({ user }) => user));
  const unknown = [...new Set(named)].filter((user) => !known.has(user));
  const others = unknown.map((user) => ({ user, names: new Set<string>(), addresses: new Set<string>() }));
  return [...people, ...others].map(withNames);
}

function namingOf(
  input: ReviewInput,
  { context, people, roles }: Omit<Cast, 'naming'> & { readonly context: IncidentContext },
): Naming {
  const { config, timeline } = input;
  const contacted = timeline.flatMap((item) =>
    item.kind === 'delivery' && item.delivery.user !== undefined && item.delivery.address !== ''
      ? [[item.delivery.user, item.delivery.address] as const]
      : [],
  );
  const known = new Set(people.map(({ user }) => user));
  const addresses = Map.groupBy(contacted, ([user]) => user);
  return namesFor({
    isBlameless: config.config.reviews.blameless,
    people,
    others: [...config.users.keys()].filter((user) => !known.has(user)),
    roles: roles.flatMap(({ id, name }) => {
      const user = Object.hasOwn(context.roles, id) ? context.roles[id] : undefined;
      return user === undefined ? [] : [{ name, user }];
    }),
    nameOf: input.nameOf ?? ((user) => config.users.get(user)?.name),
    addressesOf: (user) => [
      ...(config.users.get(user)?.contacts ?? []).map(({ address }) => address),
      ...(addresses.get(user) ?? []).map(([, address]) => address),
    ],
  });
}
