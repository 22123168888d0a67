/**
 * Making a room: it is made under a key that stays the same for life, and what it is called is kept with the incident.
 *
 * A room that nobody needs any more is not made, and one that cannot be kept with its incident is archived again.
 */
import { roomName } from '../core/paging/room-name.ts';
import { boundedLine } from '../core/text/bounded.ts';
import { webAddress } from '../core/text/web-address.ts';
import type { CreatedRoom } from '../ports/chat-room.ts';
import { notifyError } from '../ports/notifier.ts';
import type { DeliveryOutcome } from '../ports/storage.ts';
import type { Engine } from './engine.ts';
import { externalRef } from './external-refs.ts';
import { keepReference } from './keep-reference.ts';
import { verdictOf } from './outcome.ts';
import { askChat, type RoomWork } from './room-asking.ts';
import { isArchived } from './room-order.ts';
import { isKeptOut } from './room-rows.ts';
import { reaching } from './transact.ts';

const DONE: DeliveryOutcome = { state: 'sent' };

/** Makes the room, unless the incident has one that is open, or needs none any more. */
export async function makeRoom(engine: Engine, work: RoomWork): Promise<DeliveryOutcome> {
  const { delivery, chatRoom, room, context, others } = work;
  const { tenant } = delivery;
  if (room === undefined || context.outcome !== 'open' || isKeptOut(context.visibility, room)) return DONE;
  const earlier = context.links.filter(({ external }) => external?.mirror === room.id);
  const known = externalRef(earlier, room.id);
  if (known !== undefined && !isArchived(others.filter(({ address }) => address === known.id))) return DONE;
  const incidentId = context.id;
  // Whichever step makes it: all of them mean the same room, until that one is archived.
  const key = [tenant, incidentId, 'room', room.id, ...(known === undefined ? [] : [earlier.length + 1])].join(':');
  const name = boundedLine(roomName(room.name, context));
  const draft = { name, private: room.private, tenant, incidentId };
  const asked = await askChat(engine, work, {
    key,
    step: async (options) => checkedRoom(await chatRoom.create(draft, options)),
  });
  if ('failure' in asked) return verdictOf(delivery, [asked.failure]);
  const { id, url } = asked.answer;
  const reference = { platform: chatRoom.name, id, mirror: room.id, ...(url !== undefined && { url }) };
  await keepReference(engine, { tenant, incidentId, reference });
  const { incidents } = await reaching(() => engine.load({ tenant, incidents: [incidentId] }));
  if (externalRef(incidents[0]?.snapshot.context.links ?? [], room.id)?.id === id) return DONE;
  await askChat(engine, work, { key: `${key}:archive`, step: (options) => chatRoom.archive(id, options) });
  return DONE;
}

/** Nothing could ever be said in a room without a name. */
function checkedRoom({ id, url }: CreatedRoom): CreatedRoom {
  if (typeof id !== 'string' || id === '') throw notifyError('The chat did not say what it calls the room.');
  return { id, url: typeof url === 'string' ? webAddress(url) : undefined };
}
