/**
 * What is no chat room is refused where it is made, and not in the middle of an incident.
 */
import { expect, test } from 'vitest';
import { type ChatRoom, defineChatRoom } from '../../src/ports/chat-room.ts';

const does = async () => ({});
const whole: ChatRoom = {
  name: 'wall',
  create: async () => ({ id: 'W1' }),
  invite: does,
  setTopic: does,
  post: does,
  archive: does,
};

test('a chat room with a name and every step is returned as it is', () => {
  expect(defineChatRoom(whole)).toBe(whole);
});

test.each(['name', 'create', 'invite', 'setTopic', 'post', 'archive'] as const)(
  'one without `%s` is refused',
  (part) => {
    const { [part]: _, ...rest } = whole;
    expect(() => defineChatRoom(rest as ChatRoom)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(() => defineChatRoom({ ...whole, [part]: '' })).toThrow(/A chat room needs/);
  },
);
