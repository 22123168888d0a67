/**
 * Room words: what a step of a room says, and whom it brings in.
 *
 * What has been said before there was a room stands in its first post. Nothing is sent or stored here.
 */
import { contactsOf } from '../core/paging/contacts.ts';
import { titleOfKind } from '../core/paging/message-kind.ts';
import { textsFor } from '../core/paging/message-texts.ts';
import { roomLine } from '../core/paging/room-line.ts';
import { boundedLine } from '../core/text/bounded.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { RoomEntry, RoomPerson } from '../ports/chat-room.ts';
import type { Engine } from './engine.ts';
import { personOf } from './people.ts';
import type { RoomWork } from './room-asking.ts';
import { isKeptOut } from './room-rows.ts';
import { reaching } from './transact.ts';

/** How many lines the first post has at most: the latest. */
const MOST_LINES = 30;

/** What stands over the room. */
export function topicOf({ words }: Engine, { context, room, delivery }: RoomWork): string {
  if (isKeptOut(context.visibility, room)) return textsFor(undefined, words.texts).texts.privateTitle;
  return delivery.content?.title ?? '';
}

/** Whom the step brings in. Another process may have met somebody whom only the directory knows. */
export async function invitedBy(engine: Engine, { tenant, user = '' }: StoredDelivery): Promise<RoomPerson> {
  const { people } = engine;
  const isMet = personOf(engine, tenant, user) !== undefined;
  if (!isMet && people?.isUnknown(tenant, user)) await people.fetch(tenant, [user]);
  const known = personOf(engine, tenant, user);
  // The first address of each notifier counts.
  const contacts = known === undefined ? [] : contactsOf(known).toReversed();
  const addresses = Object.fromEntries(contacts.map(({ notifier, address }) => [notifier, address]));
  return { user, addresses, ...(known?.name !== undefined && { name: boundedLine(known.name) }) };
}

/** What the step posts: its own line, or everything that was said until the room was there. */
export async function entriesOf(engine: Engine, { delivery, context }: RoomWork): Promise<readonly RoomEntry[]> {
  const { tenant, incidentId, content, requestedAt, reactsTo } = delivery;
  if (content?.body !== undefined) return [{ at: requestedAt, text: content.body }];
  if (incidentId === undefined) return [];
  const timeline = await reaching(() => engine.storage.timeline(tenant, incidentId));
  const nameOf = (user: string) => personOf(engine, tenant, user)?.name;
  const lines = timeline.flatMap((event): RoomEntry[] => {
    const text = event.seq > (reactsTo?.seq ?? 0) ? undefined : roomLine(event, nameOf);
    return text === undefined ? [] : [{ at: event.at, text }];
  });
  const local = textsFor(undefined, engine.words.texts);
  const head = { at: context.times.openedAt, text: titleOfKind(context.kind, boundedLine(context.title), local) };
  return [head, ...lines.slice(-MOST_LINES)];
}
