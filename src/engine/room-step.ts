/**
 * Room steps: one attempt of one step of a chat room.
 *
 * It never stands in the way of a page: its places are its own, and few of them are in use at once.
 */
import { spread } from '../core/paging/retry.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { RoomAnswer, RoomOptions } from '../ports/chat-room.ts';
import type { ClaimedDelivery, DeliveryOutcome } from '../ports/storage.ts';
import { OF_NO_PAGE } from './delivery-kind.ts';
import type { Engine } from './engine.ts';
import { contextOf } from './incident-context.ts';
import { isHeld } from './lease.ts';
import { type Attempted, dead, ended, verdictOf } from './outcome.ts';
import { askChat, type RoomWork } from './room-asking.ts';
import { makeRoom } from './room-making.ts';
import { insteadOf, stepOf, waits } from './room-order.ts';
import { chatOfPlace, isKeptOut } from './room-rows.ts';
import { entriesOf, invitedBy, topicOf } from './room-words.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

const ALL = 100_000;

/** How the attempt ended; `undefined` when the delivery was somebody else's by then. */
export async function roomStep(engine: Engine, claimed: ClaimedDelivery): Promise<Attempted | undefined> {
  const { delivery } = claimed;
  const chatRoom = engine.chatRooms.get(chatOfPlace(delivery.notifier));
  if (chatRoom === undefined) return (await isHeld(engine, claimed)) ? unknownChat(delivery) : undefined;
  const read = await contextOf(engine, delivery);
  if (read?.context === undefined) return dead('What is stored of the incident cannot be read.');
  const { context, now } = read;
  const room = configOf(engine, delivery.tenant).config.chatRooms.find(({ id }) => id === delivery.contact);
  const work: RoomWork = { claimed, delivery, chatRoom, room, context, others: await othersOf(engine, delivery), now };
  const instead = insteadOf({ ...work, isHidden: isKeptOut(context.visibility, room) });
  if (!(await isHeld(engine, claimed))) return undefined;
  if (instead !== undefined) return ended(instead);
  const leave = engine.following.enter(delivery.notifier);
  if (leave === undefined) return ended(waits(spread(delivery.id, 2_000, 3_000)));
  try {
    return ended(stepOf(delivery) === 'create' ? await makeRoom(engine, work) : await taken(engine, work));
  } finally {
    leave();
  }
}

/** Another process may have it: this one only fails an attempt. */
function unknownChat(delivery: StoredDelivery): Attempted {
  const error = `Cannot keep the room: no chat room is called ${chatOfPlace(delivery.notifier)}. Hand one to createTocsin.`;
  return ended(verdictOf(delivery, [{ error, permanent: false, retryAfterMs: undefined }]));
}

async function othersOf(engine: Engine, delivery: StoredDelivery): Promise<readonly StoredDelivery[]> {
  const { tenant, incidentId, id, contact } = delivery;
  const filter = { incidentId, page: OF_NO_PAGE, limit: ALL };
  const rows = await reaching(() => engine.storage.listDeliveries(tenant, filter));
  return rows.filter((row) => row.purpose === 'room' && row.contact === contact && row.id !== id);
}

/** One step of a room that is there. */
async function taken(engine: Engine, work: RoomWork): Promise<DeliveryOutcome> {
  const { delivery } = work;
  const asked = await askChat(engine, work, { step: await stepTaken(engine, work) });
  if ('failure' in asked) return verdictOf(delivery, [asked.failure]);
  tell(engine, work, asked.answer);
  // That a room was archived, and not left as it was, is known by this.
  return { state: 'sent', ...(stepOf(delivery) === 'archive' && { externalId: delivery.address }) };
}

type Take = (options: RoomOptions) => Promise<RoomAnswer>;

async function stepTaken(engine: Engine, work: RoomWork): Promise<Take> {
  const { delivery, chatRoom } = work;
  const { address: id } = delivery;
  const step = stepOf(delivery);
  if (step === 'archive') return (options) => chatRoom.archive(id, options);
  if (step === 'topic') return (options) => chatRoom.setTopic(id, topicOf(engine, work), options);
  if (step === 'invite') {
    const people = [await invitedBy(engine, delivery)];
    return (options) => chatRoom.invite(id, people, options);
  }
  const entries = await entriesOf(engine, work);
  return (options) => chatRoom.post(id, entries, options);
}

/** What the chat says beside that it was done. One that answers nonsense has done it. */
function tell({ logger }: Engine, { delivery, chatRoom }: RoomWork, answer: RoomAnswer | undefined): void {
  const facts = { delivery: delivery.id, chatRoom: chatRoom.name, room: delivery.address };
  if (answer?.isClosed === true)
    logger.info(facts, 'Somebody has archived the room of an incident: nothing is said there.');
  const leftOut = Array.isArray(answer?.leftOut) ? answer.leftOut : [];
  if (leftOut.length > 0)
    logger.warn({ ...facts, users: leftOut }, 'Somebody could not be invited to the room of an incident.');
}
