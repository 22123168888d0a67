/**
 * Checks of commands: whether what they name is there, and how they are refused when it is not.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import { contactsOf } from '../core/paging/contacts.ts';
import { TocsinError } from '../errors.ts';
import type { Actor } from '../model/identity.ts';
import { actorOf } from './input.ts';

/** Somebody who is there. */
export function knownUser(id: string, { users }: CompiledConfig): string {
  if (users.get(id) !== undefined) return id;
  throw unknown('user', id, [...users.keys()]);
}

/** Somebody who is there and can be paged. */
export function reachableUser(id: string, config: CompiledConfig): string {
  const user = config.users.get(id);
  if (user === undefined) throw unknown('user', id, [...config.users.keys()]);
  if (contactsOf(user).length > 0) return id;
  throw new TocsinError(
    'REFERENCE_UNKNOWN',
    `Cannot page user ${id}: they have no contact. Give them one in the configuration.`,
    { details: { user: id } },
  );
}

/** The person behind an actor. */
export function personOf(by: string | Actor): string {
  const actor = actorOf(by);
  if (actor.kind === 'user') return actor.id;
  throw invalid('accept', 'by', 'only a person can answer; name the `user`');
}

/** The refusal of a command because of one field. */
export function invalid(command: string, path: string, message: string): TocsinError {
  return new TocsinError('INPUT_INVALID', `Cannot ${command}: ${message}.`, {
    details: { command, problems: [{ path, message }] },
  });
}

/** The refusal of a command that names what is not there. */
export function unknown(what: string, id: string, known: readonly string[]): TocsinError {
  const some = known.slice(0, 8).join(', ') || 'none';
  return new TocsinError('REFERENCE_UNKNOWN', `Cannot use ${what} ${id}: there is none of that name. Known: ${some}.`, {
    details: { [what]: id, known: known.slice(0, 100) },
  });
}

/** Drops what is `undefined`, so that it does not stand in a timeline. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
