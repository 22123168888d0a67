/**
 * What no channel may refuse, a message of which nothing is left once it is cleaned; and what none may hide.
 */
import { expect, test } from 'vitest';
import { HTTP_CHANNELS } from './http-channels.ts';
import { messageWith, patient } from './message.ts';

/** Web Push sends nothing that could be read here, and Statuspage nothing of the message itself. */
const readable = Object.keys(HTTP_CHANNELS).filter((name) => name !== 'web-push' && name !== 'statuspage');

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

test.each(['discord', 'slack', 'slack by webhook', 'teams', 'telegram'])(
  '%s says where a link leads that is called by another host',
  async (name) => {
    let posted = '';
    const fetch: typeof globalThis.fetch = async (_, { body } = {}) => {
      posted += String(body);
      throw new Error('heard enough');
    };
    const { notifier, address } = HTTP_CHANNELS[name]?.({ origin: 'https://api.example', fetch }) ?? { address: '' };
    const links = [
      { href: 'https://evil.example/login', text: 'status.bank.example' },
      { href: 'https://docs.example/db', text: 'Runbook' },
      // One that is no button of Telegram.
      { href: 'http://grafana/d/1', text: 'graphs.bank.example' },
    ];
    const message = messageWith({ links, to: { contact: name, address } });
    await Promise.resolve(notifier?.send(message, { idempotencyKey: 'k1', signal: patient })).catch(() => undefined);
    expect(posted).toContain('status.bank.example (evil.example)');
    expect(posted).toContain('graphs.bank.example (grafana)');
    expect(posted).toContain('Runbook');
    expect(posted).not.toContain('(docs.example)');
  },
);
