/**
 * Chat rooms: what we need from a chat in which each incident has a room of its own, and nothing more.
 *
 * To support a chat, give `defineChatRoom` a name and the five steps, and run `testChatRoom` from 'tocsin/testing' against it.
 * Failures are those of notifiers: see {@link NotifyError}. These promises are what it has to keep:
 *
 *  C1. Each step settles: it resolves when the chat did it, and rejects otherwise.
 *  C2. Each step stops early and rejects when `signal` aborts; what it does afterwards changes nothing.
 *  C3. `create` under the same `idempotencyKey` answers the same room, also when the answer to the first was lost. Rooms of
 *      different keys are different rooms, also when they are to have the same name.
 *  C4. `create` makes a room that only who is invited can see when it is to be private.
 *  C5. `post` under the same `idempotencyKey` with `isRepeated` leaves what one leaves, as far as the chat can tell. Entries
 *      stand in their order.
 *  C6. What is so already is no failure: somebody who is in the room, a topic that it has, a room that is archived.
 *  C7. Whom the chat does not know, or may not be invited, is left out, and named in `leftOut`; the others are invited.
 *  C8. A room that somebody has archived takes nothing any more: `post`, `setTopic` and `invite` answer `isClosed`.
 *  C9. A failure that no later attempt can mend rejects with a `NotifyError` whose `permanent` is true.
 *  C10. When the chat says how long to wait, the rejection carries `retryAfterMs`.
 *  C11. Passwords and tokens stand in no error.
 *  C12. Text is never interpreted as markup of the chat, and is cut where the chat has a limit.
 */
import { TocsinError } from '../errors.ts';
import type { SendOptions } from './notifier.ts';

/** The room that is to be made. */
export type RoomDraft = {
  /** As the configuration wants it called; a chat writes it as it can. */
  readonly name: string;
  /** Whether only who is invited sees it. */
  readonly private: boolean;
  readonly tenant: string;
  readonly incidentId: string;
};

/** What a chat calls a room for ever, and where a person can look at it. */
export type CreatedRoom = { readonly id: string; readonly url?: string | undefined };

/** Somebody who is to be in a room: by which address they are known to each notifier of their contacts. */
export type RoomPerson = {
  readonly user: string;
  readonly name?: string | undefined;
  readonly addresses: Readonly<Record<string, string>>;
};

/** One line, and the moment (epoch ms) that it is about. */
export type RoomEntry = { readonly at: number; readonly text: string };

/** What accompanies one attempt of a step. */
export type RoomOptions = SendOptions & {
  /** Epoch ms of this attempt. */
  readonly sentAt: number;
  /** Whether an earlier attempt under the same key may have arrived. */
  readonly isRepeated?: boolean | undefined;
};

/** What a step has to tell, if anything. */
export type RoomAnswer = {
  /** Somebody has archived the room: it takes nothing any more. */
  readonly isClosed?: boolean | undefined;
  /** The users who could not be invited. */
  readonly leftOut?: readonly string[] | undefined;
};

/** A chat that can have a room for each incident. */
export type ChatRoom = {
  /** The name that the configuration refers to; what a room is called is kept with the incident under it. */
  readonly name: string;
  /** How long one attempt of a step may take, in ms, above 0; 10 s at most, which is the default. */
  readonly deadlineMs?: number;
  create(room: RoomDraft, options: RoomOptions): Promise<CreatedRoom>;
  invite(id: string, people: readonly RoomPerson[], options: RoomOptions): Promise<RoomAnswer>;
  setTopic(id: string, topic: string, options: RoomOptions): Promise<RoomAnswer>;
  post(id: string, entries: readonly RoomEntry[], options: RoomOptions): Promise<RoomAnswer>;
  archive(id: string, options: RoomOptions): Promise<RoomAnswer>;
};

/** The steps that a chat room has. */
export const ROOM_STEPS = [
  'create',
  'invite',
  'setTopic',
  'post',
  'archive',
] as const satisfies readonly (keyof ChatRoom)[];

/**
 * Names the type of a chat room for the editor, and refuses one without a name or one of its steps.
 *
 * @throws TocsinError INPUT_INVALID when the name is empty or a step is no function.
 * @example
 * ```ts
 * import { defineChatRoom } from 'tocsin';
 * const said: string[] = [];
 * const wall = defineChatRoom({
 *   name: 'wall',
 *   create: async ({ name }) => ({ id: name }),
 *   invite: async () => ({}),
 *   setTopic: async () => ({}),
 *   async post(_, entries) {
 *     said.push(...entries.map(({ text }) => text));
 *     return {};
 *   },
 *   archive: async () => ({}),
 * });
 * wall.name; // => 'wall'
 * ```
 */
export function defineChatRoom(chatRoom: ChatRoom): ChatRoom {
  const hasName = typeof chatRoom.name === 'string' && chatRoom.name !== '';
  if (hasName && ROOM_STEPS.every((step) => typeof chatRoom[step] === 'function')) return chatRoom;
  throw new TocsinError(
    'INPUT_INVALID',
    `A chat room needs a non-empty \`name\` and the functions ${ROOM_STEPS.join(', ')}.`,
  );
}
