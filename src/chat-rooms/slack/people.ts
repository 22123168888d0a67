/**
 * People in Slack: who somebody is there, by a table, by the address of a contact, or by their e-mail.
 *
 * It never guesses: whoever is known in none of these ways is nobody.
 */
import { isLike, malformedOption } from '../../notifiers/http/checked-options.ts';
import type { RoomPerson } from '../../ports/chat-room.ts';

/** How people are known. */
export type PeopleOptions = {
  /** Ids of Slack by user: `{ ana: 'U0123456789' }`. Asked first. */
  readonly people?: Readonly<Record<string, string>>;
  /** The notifier whose contacts have ids of Slack as addresses. Default: `slack`. */
  readonly notifier?: string;
  /** The notifier whose contacts have e-mail addresses, to look people up by; needs the scope `users:read.email`. Default: nobody is looked up. */
  readonly emails?: string;
};

const MEMBER = /^[UW][A-Z0-9]{2,30}$/;

/** Answers the id of somebody in Slack; `undefined` when there is none. */
export type FindPerson = (
  person: RoomPerson,
  lookUp: (email: string) => Promise<unknown>,
) => Promise<string | undefined>;

/**
 * Finds people as `options` say.
 *
 * @throws TocsinError INPUT_INVALID when an id of `people` is none of Slack.
 */
export function peopleOfSlack({ people = {}, notifier = 'slack', emails }: PeopleOptions): FindPerson {
  if (typeof people !== 'object' || !Object.values(people).every((id) => isLike(MEMBER, id))) {
    throw malformedOption('people', "ids of Slack by user, such as { ana: 'U0123456789' }");
  }
  const table = new Map(Object.entries(people));
  return async ({ user, addresses }, lookUp) => {
    const id = table.get(user) ?? addressOf(addresses, notifier);
    if (isLike(MEMBER, id)) return id;
    const email = emails === undefined ? undefined : addressOf(addresses, emails);
    const found = email === undefined ? undefined : await lookUp(email);
    return isLike(MEMBER, found) ? found : undefined;
  };
}

function addressOf(addresses: RoomPerson['addresses'], notifier: string): string | undefined {
  return Object.hasOwn(addresses, notifier) ? addresses[notifier] : undefined;
}
