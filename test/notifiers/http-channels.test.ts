/**
 * What no channel may refuse: a message of which nothing is left once it is cleaned.
 */
import { expect, test } from 'vitest';
import { HTTP_CHANNELS } from './http-channels.ts';
import { messageWith, patient } from './message.ts';

/** Web Push sends nothing that could be read here. */
const readable = Object.keys(HTTP_CHANNELS).filter((name) => name !== 'web-push');

test.each(readable)('%s calls a message of no words by its delivery', async (name) => {
  const bodies: string[] = [];
  const fetch: typeof globalThis.fetch = async (_, { body } = {}) => {
    // What is only read before it is written has nothing in it.
    if (body === undefined) return Response.json({ data: [] });
    bodies.push(String(body));
    throw new Error('heard enough');
  };
  const { notifier, address } = HTTP_CHANNELS[name]?.({ origin: 'https://api.example', fetch }) ?? { address: '' };
  const empty = messageWith({ title: '\u0000 \n', lines: [], deliveryId: 'nameless', to: { contact: name, address } });
  await Promise.resolve(notifier?.send(empty, { idempotencyKey: 'k1', signal: patient })).catch(() => undefined);
  expect(bodies.join()).toContain('nameless');
});
