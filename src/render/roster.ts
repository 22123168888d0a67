/**
 * The people of a schedule: what they are called, and in which order they come.
 *
 * The order is that of the definition, so that a person keeps place and colour whichever window is shown.
 */
import type { Duty } from '../core/on-call/resolve.ts';
import type { Schedule } from '../core/on-call/schedule.ts';
import { oneLine } from '../core/text/clean.ts';
import { cut } from '../core/text/cut.ts';

/** Somebody with a name to be shown instead of the id. The `users` of a configuration are such people. */
export type NamedUser = { readonly id: string; readonly name?: string | undefined };

/** The people of a schedule. */
export type Roster = {
  /** The name of a user on one line, without control characters; the id when there is none. */
  nameOf(user: string): string;
  /** The first word of the name when nobody else begins so; the name otherwise. */
  shortNameOf(user: string): string;
  /** The position of a user in the definition, from 0. */
  placeOf(user: string): number;
};

const LONGEST_NAME = 200;

/** The people of `schedules`, called as `users` says. */
export function rosterOf(schedules: readonly Schedule[], users: readonly NamedUser[] = []): Roster {
  const names = new Map(users.map(({ id, name }) => [id, shown(name ?? '')]));
  const places = new Map<string, number>();
  for (const user of schedules.flatMap(peopleOf)) if (!places.has(user)) places.set(user, places.size);
  const nameOf = (user: string) => names.get(user) || user;
  const beginnings = Map.groupBy(places.keys(), (user) => firstWord(nameOf(user)));
  return {
    nameOf,
    shortNameOf(user) {
      const beginning = firstWord(nameOf(user));
      return beginnings.get(beginning)?.length === 1 ? beginning : nameOf(user);
    },
    placeOf: (user) => places.get(user) ?? places.size,
  };
}

/** What a schedule is called: a given title, its name, or its id. */
export function titleOf({ id, definition }: Schedule, title?: string): string {
  return shown(title ?? '') || shown(definition.name ?? '') || id;
}

/** Why somebody is on call, in two words: `rotation weekly`, `override o1`, `swap s1`. */
export function reasonOf({ source, id }: Duty): string {
  return `${source} ${id}`;
}

function firstWord(name: string): string {
  return name.split(' ', 1)[0] ?? name;
}

function shown(text: string): string {
  return oneLine(cut(text, LONGEST_NAME));
}

function peopleOf({ definition: { layers, overrides, swaps } }: Schedule): readonly string[] {
  const turns = layers.flatMap(({ rotation: { participants, earlier = [] } }) => [
    ...participants,
    ...earlier.flatMap((roster) => roster.participants),
  ]);
  return [
    ...turns.flatMap((turn) => turn ?? []),
    ...overrides.map(({ user }) => user),
    ...swaps.flatMap(({ give, take }) => [give, take]),
  ];
}
