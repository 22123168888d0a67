/**
 * Room asking: what one attempt of a step of a room is made with, and one question to the chat.
 *
 * Whatever a chat does (throws at once, hangs, rejects with a string) is a failed attempt and no more.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import type { ChatRoomConfig } from '../model/config.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { ChatRoom, RoomOptions } from '../ports/chat-room.ts';
import type { ClaimedDelivery } from '../ports/storage.ts';
import type { Engine } from './engine.ts';
import { WAITS } from './room-order.ts';
import { type Failure, failureOf, withDeadline } from './send.ts';

/** What an attempt is made with. */
export type RoomWork = {
  readonly claimed: ClaimedDelivery;
  readonly delivery: StoredDelivery;
  readonly chatRoom: ChatRoom;
  /** `undefined` when the configuration does not have it any more. */
  readonly room: ChatRoomConfig | undefined;
  readonly context: IncidentContext;
  /** The other steps of the room, and of those that it has had before it. */
  readonly others: readonly StoredDelivery[];
  /** By the storage's clock, epoch ms. */
  readonly now: number;
};

/** What the chat answered, or why it did not. */
export type Asked<T> = { readonly answer: T } | { readonly failure: Failure };

/** Makes one attempt of a step, within its deadline; the key is that of the delivery unless another one is given. */
export async function askChat<T>(
  engine: Engine,
  { claimed: { isReclaimed }, delivery: { id, attempts, error }, chatRoom, now }: RoomWork,
  { step, key = id }: { step(options: RoomOptions): Promise<T>; readonly key?: string },
): Promise<Asked<T>> {
  // One that was given up and put back begins to count anew.
  const isRepeated = attempts > 1 || isReclaimed || (error !== undefined && error !== WAITS);
  const given = { idempotencyKey: key, sentAt: now, isRepeated };
  const who = `Chat room ${chatRoom.name}`;
  try {
    const run = async (signal: AbortSignal) => step({ ...given, signal });
    return { answer: await withDeadline(engine, who, run, chatRoom.deadlineMs) };
  } catch (reason) {
    return { failure: failureOf(reason) };
  }
}
