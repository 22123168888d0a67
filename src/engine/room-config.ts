/**
 * Room configuration: refuses one that names a chat which nobody has handed over.
 *
 * It would be found out in the middle of an incident.
 */
import { TocsinError } from '../errors.ts';
import type { Config } from '../model/config.ts';
import type { ChatRoom } from '../ports/chat-room.ts';

/** @throws TocsinError CONFIG_INVALID with `details.problems`, one for each room that nobody could make. */
export function refuseUnknownChats({ chatRooms }: Config, known: ReadonlyMap<string, ChatRoom>): void {
  const names = [...known.keys()].join(', ') || 'none';
  const problems = chatRooms.flatMap(({ chatRoom }, index) =>
    known.has(chatRoom)
      ? []
      : [
          {
            path: `chatRooms[${index}].chatRoom`,
            message: `there is no chat room ${chatRoom}`,
            hint: `Hand it to createTocsin({ chatRooms }). Known: ${names}.`,
          },
        ],
  );
  if (problems.length === 0) return;
  const shown = problems.map(({ path, message, hint }) => `  ${path}: ${message}. ${hint}`);
  throw new TocsinError(
    'CONFIG_INVALID',
    ['Cannot use this configuration: it names chat rooms that nobody has handed over.', ...shown].join('\n'),
    { details: { problems } },
  );
}
