/**
 * The people of a moment: those of the configuration, with the contacts that they have added.
 *
 * Read as a map. Nobody is copied before they are asked for: a tenant may have a hundred thousand.
 */
import type { NamedContact } from '../core/paging/contacts.ts';
import type { User } from '../model/user.ts';
import { withContacts } from './contacts-document.ts';

/** `users` with the contacts of `added`; the very same map when there are none. */
export function peopleMap(
  users: ReadonlyMap<string, User>,
  added: ReadonlyMap<string, readonly NamedContact[]>,
): ReadonlyMap<string, User> {
  if (added.size === 0) return users;
  const changed = new Map<string, User>();
  for (const [id, contacts] of added) {
    const user = users.get(id);
    if (user !== undefined) changed.set(id, withContacts(user, contacts));
  }
  // Going through all of them is rare, and done by what looks at a whole configuration.
  let all: ReadonlyMap<string, User> | undefined;
  const whole = () => (all ??= new Map([...users].map(([id, user]) => [id, changed.get(id) ?? user])));
  return {
    size: users.size,
    get: (id) => changed.get(id) ?? users.get(id),
    has: (id) => users.has(id),
    keys: () => users.keys(),
    values: () => whole().values(),
    entries: () => whole().entries(),
    forEach: (callback) => whole().forEach(callback),
    [Symbol.iterator]: () => whole()[Symbol.iterator](),
  };
}

/** A map of people that notes of whom nothing is known yet. */
export type Lookup = {
  readonly users: ReadonlyMap<string, User>;
  readonly missing: () => readonly string[];
  /** The same people, for what must not wait for anybody: nothing is noted. */
  readonly known: Pick<ReadonlyMap<string, User>, 'get'>;
};

/** Nobody is looked up anywhere else. */
export function closedLookup(users: ReadonlyMap<string, User>): Lookup {
  return { users, missing: () => [], known: users };
}

/**
 * `users`, and behind them whoever the directory knows. One for each decision: of whom nothing is known is noted, and then nothing
 * that was decided counts.
 */
export function openLookup(
  users: ReadonlyMap<string, User>,
  { known, isUnknown }: { known(id: string): User | undefined; isUnknown(id: string): boolean },
): Lookup {
  const lacking = new Set<string>();
  const get = (id: string): User | undefined => {
    const own = users.get(id);
    if (own !== undefined || typeof id !== 'string') return own;
    if (isUnknown(id)) lacking.add(id);
    return known(id);
  };
  return {
    missing: () => [...lacking],
    known: { get: (id) => users.get(id) ?? known(id) },
    users: {
      size: users.size,
      get,
      has: (id) => get(id) !== undefined,
      keys: () => users.keys(),
      values: () => users.values(),
      entries: () => users.entries(),
      forEach: (callback) => users.forEach(callback),
      [Symbol.iterator]: () => users[Symbol.iterator](),
    },
  };
}
