/**
 * Names: what a review calls everybody, and what is left of what people wrote.
 *
 * Pure. A blameless review calls people by the part they had: whoever has a role by its name, everybody else 'responder 1',
 * 'responder 2' in the order in which the timeline names them; whoever had none is somebody. Names, ids and addresses of all
 * of them are taken out of texts as well, as whole words; it never guesses who is meant by anything else, such as half of a name or a nickname. A name that is
 * a word of the language too, such as 'Will', is taken out wherever that word stands.
 */
import type { Actor } from '../../model/identity.ts';
import { actorName } from '../../model/identity.ts';
import { type Mask, type MaskedTerm, maskAmong } from './mask.ts';
import type { KnownPerson } from './people-in.ts';

/** What a review calls everybody. */
export type Naming = {
  readonly isBlameless: boolean;
  user(id: string): string;
  actor(actor: Actor): string;
  /** A text that a person or a source wrote, as the review may show it. */
  text: Mask;
};

/** Who is to be called something, in order of appearance, and what is known of them. */
export type NamingInput = {
  readonly isBlameless: boolean;
  readonly people: readonly KnownPerson[];
  /** The ids of everybody else who is known, and of whom texts may speak all the same. */
  readonly others: readonly string[];
  /** Who has which role, by the name of the role; of several roles of one person the first counts. */
  readonly roles: readonly { readonly name: string; readonly user: string }[];
  /** What the host calls a person; `undefined` when only the id is known. */
  readonly nameOf: (user: string) => string | undefined;
  readonly addressesOf: (user: string) => readonly string[];
};

const SAME: Mask = (text) => text;
const NOBODY_IN_PARTICULAR = 'somebody';
const AN_ADDRESS = 'an address';

/** The names of a review. */
export function namesFor(input: NamingInput): Naming {
  return input.isBlameless ? byRole(input) : byName(input);
}

function byName({ people, nameOf }: NamingInput): Naming {
  const known = new Map(people.map(({ user, names }) => [user, [...names].at(-1)]));
  const user = (id: string) => nameOf(id) ?? known.get(id) ?? id;
  return { isBlameless: false, user, actor: (actor) => named(actor, user), text: SAME };
}

function byRole(input: NamingInput): Naming {
  const parts = new Map<string, string>();
  for (const { name, user } of input.roles) if (!parts.has(user)) parts.set(user, `the ${name}`);
  let others = 0;
  for (const { user } of input.people) if (!parts.has(user)) parts.set(user, `responder ${++others}`);
  const user = (id: string) => parts.get(id) ?? NOBODY_IN_PARTICULAR;
  return { isBlameless: true, user, actor: (actor) => named(actor, user), text: maskOfAll(input, user) };
}

function named(actor: Actor, user: (id: string) => string): string {
  return actor.kind === 'user' ? user(actor.id) : actorName(actor);
}

function maskOfAll({ people, others, nameOf, addressesOf }: NamingInput, called: (id: string) => string): Mask {
  const named = people.flatMap(({ user, names }) =>
    [...new Set([nameOf(user) ?? '', ...names])].map((term) => ({ term, by: called(user) })),
  );
  const otherNamed = others.map((user) => ({ term: nameOf(user) ?? '', by: NOBODY_IN_PARTICULAR }));
  const settled = withoutDoubt([...named, ...otherNamed]);
  const addresses = people.flatMap(({ user, addresses: known }) => [...addressesOf(user), ...known]);
  const idsOf = (user: string) => idTerms(user).map((term) => ({ term, by: called(user) }));
  return maskAmong(
    [
      ...settled.slice(0, named.length),
      ...people.flatMap(({ user }) => idsOf(user)),
      ...addresses.map((term) => ({ term, by: AN_ADDRESS })),
    ],
    [
      ...settled.slice(named.length),
      ...others.flatMap(idsOf),
      ...others.flatMap(addressesOf).map((term) => ({ term, by: AN_ADDRESS })),
    ],
  );
}

/** A name that two people have says of neither that it was they. */
function withoutDoubt(terms: readonly MaskedTerm[]): readonly MaskedTerm[] {
  const owners = new Map<string, string>();
  for (const { term, by } of terms) {
    const name = term.toLowerCase();
    const owner = owners.get(name) ?? by;
    owners.set(name, owner === by ? by : NOBODY_IN_PARTICULAR);
  }
  return terms.map(({ term, by }) => ({ term, by: owners.get(term.toLowerCase()) ?? by }));
}

/** A number alone is that of anything: an id of digits means a person only where it is written as one. */
function idTerms(user: string): readonly string[] {
  return /^\p{N}+$/u.test(user) ? [`@${user}`, `#${user}`, `user ${user}`] : [user];
}
