/**
 * Answers of a directory: who is in one, who is not, and what in it is no user.
 *
 * Pure. Whose junk something was cannot always be told: then nobody is taken for gone.
 */
import { isTimeZone } from '../core/on-call/zone.ts';
import { type User, userSchema } from '../model/user.ts';

/** Something in an answer that is not used, and why. */
export type Refused = { readonly user: string | undefined; readonly path?: string | undefined; readonly why: string };

/** What an answer says of the people who were asked for. */
export type Answer = {
  readonly found: ReadonlyMap<string, User>;
  /** Those of whom it says neither who they are nor that they do not exist. */
  readonly undecided: ReadonlySet<string>;
  readonly refused: readonly Refused[];
};

/** Reads what a directory answered about `ids`. */
export function readAnswer(answer: readonly unknown[], ids: readonly string[]): Answer {
  const wanted = new Set(ids);
  const found = new Map<string, User>();
  const refused: Refused[] = [];
  for (const given of answer) {
    const parsed = userSchema.safeParse(given);
    const isAsked = parsed.success && wanted.has(parsed.data.id);
    if (isAsked) {
      const { user, zone } = usable(parsed.data);
      found.set(user.id, user);
      if (zone !== undefined)
        refused.push({ user: user.id, path: 'timeZone', why: `${JSON.stringify(zone)} is no time zone` });
    }
    // A list may hold others; an answer about one person that is somebody else is none.
    if (isAsked || (parsed.success && ids.length > 1)) continue;
    const [issue] = parsed.error?.issues ?? [];
    refused.push({ user: idOf(given), path: issue?.path.join('.'), why: issue?.message ?? 'it is somebody else' });
  }
  const isAnybodys = refused.some(({ user }) => user === undefined || !wanted.has(user));
  const junk = new Set(refused.map(({ user }) => user));
  const undecided = new Set(ids.filter((id) => !found.has(id) && (isAnybodys || junk.has(id))));
  return { found, undecided, refused };
}

/** A clock that nobody knows would only hold pages up. */
function usable(user: User): { readonly user: User; readonly zone?: string } {
  if (user.timeZone === undefined || isTimeZone(user.timeZone)) return { user };
  const { timeZone, ...rest } = user;
  return { user: rest, zone: timeZone };
}

function idOf(given: unknown): string | undefined {
  const id = typeof given === 'object' && given !== null && 'id' in given ? given.id : undefined;
  return typeof id === 'string' ? id : undefined;
}
