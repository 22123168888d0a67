/**
 * Texts of strangers on their way to people: whatever a title, a label or a name holds, it never steers a terminal, a header or a room.
 */
import { describe, expect, test } from 'vitest';
import type { Notifier } from '../../src/index.ts';
import { discordText, slackText } from '../../src/index.ts';
import { consoleNotifier } from '../../src/notifiers/console.ts';
import { webhookNotifier } from '../../src/notifiers/webhook.ts';
import { config, events, incident, opened, trigger, world } from './world.ts';

const NASTY: readonly (readonly [what: string, text: string])[] = [
  ['a line break that poses as a header', 'Disk full\r\nBcc: everybody@example.com\r\n\r\nHello'],
  ['a mention of a whole channel', '@channel @here @everyone <!here> <!channel> <@U1> <@&99>'],
  ['reversed and isolated text', 'safe\u202etxt.exe\u202c \u2066hidden\u2069 \u200fright\u200e'],
  ['an escape sequence of a terminal', '\u001b[2J\u001b]0;owned\u0007 red \u009b31m'],
  ['a null and other controls', 'a\u0000b\u0008c\u007fd\u0085e\u2028f\u2029g'],
  ['half of a character', 'broken \ud83d and \udc00 end'],
  ['markup', '<script>alert(1)</script> **bold** [x](javascript:alert(1)) `tick`'],
];
/** Controls other than a line break, what turns the direction of a text, and halves of characters. */
const UNSAFE = /(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]|\p{Cs}/u;

/** One world in which ana is reached by `notifier`, on whose way the text stands wherever somebody may write one. */
async function sentBy(notifier: Notifier, text: string) {
  const users = [
    { id: 'ana', name: `Ana ${text}`, contacts: [{ notifier: notifier.name, address: 'https://hooks.example/ana' }] },
    ...(config().users ?? []).slice(1),
  ];
  const w = world({ config: config({ users }), notifiers: [notifier] });
  const id = await opened(
    w.tocsin,
    trigger(`key ${text}`, { title: text, body: text, source: text, labels: { host: text }, details: { note: text } }),
  );
  await w.pass(0);
  return { ...w, id };
}

describe.each(NASTY)('%s', (_, text) => {
  test('leaves the console with one title and indented lines, and no control of any kind', async () => {
    const blocks: string[] = [];
    await sentBy(consoleNotifier({ write: (block) => void blocks.push(block) }), text);
    expect(blocks).toHaveLength(1);
    expect(blocks[0]).not.toMatch(UNSAFE);
    expect(blocks[0]).not.toMatch(/[\u2028\u2029]/);
    const [title, ...lines] = (blocks[0] ?? '').split('\n');
    expect(title).not.toBe('');
    for (const line of lines) expect(line).toMatch(/^ {2}/);
  });

  test('is posted as data: in the body as JSON, in no header and in no address', async () => {
    const calls: { readonly url: string; readonly headers: Headers; readonly body: string }[] = [];
    const fetch = async (url: string | URL | Request, init: RequestInit = {}) => {
      calls.push({ url: String(url), headers: new Headers(init.headers), body: String(init.body) });
      return new Response(null, { status: 204 });
    };
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    await sentBy(webhookNotifier({ secret, fetch }), text);
    expect(calls).toHaveLength(1);
    const { url, headers, body } = calls[0]!;
    expect(url).toBe('https://hooks.example/ana');
    for (const [name, value] of headers) expect(`${name}: ${value}`).toMatch(/^[\x20-\x7e]+$/);
    const message = JSON.parse(body) as { readonly title: string; readonly lines: readonly string[] };
    expect(message.title).not.toMatch(/\n/);
    for (const said of [message.title, ...message.lines]) expect(said).not.toMatch(UNSAFE);
  });

  test('is stored clean, in the incident and in what its timeline says of the alert', async () => {
    const { tocsin, id } = await sentBy(consoleNotifier({ write: () => {} }), text);
    const { title } = await incident(tocsin, id);
    expect(title).not.toMatch(UNSAFE);
    expect(title).not.toMatch(/\n/);
    const [first] = await events(tocsin, id);
    expect(JSON.stringify(first)).not.toMatch(UNSAFE);
  });

  test('mentions nobody once it is escaped for a room', async () => {
    const { title } = await titleOf(text);
    expect(slackText(title)).not.toMatch(/<[!@#]|(^|[^\w\u200b])@(channel|here|everyone)\b/);
    expect(discordText(title)).not.toMatch(/@(everyone|here)\b|(^|[^\\])<[@!]/);
  });
});

test.each(NASTY)('what a person writes as a title (%s) leaves clean as well', async (_, text) => {
  const blocks: string[] = [];
  const w = await sentBy(consoleNotifier({ write: (block) => void blocks.push(block) }), 'Disk full');
  await w.tocsin.incidents.update(w.id, { by: 'ana', title: text, body: text });
  await w.tocsin.incidents.addNote(w.id, { by: 'ana', text });
  await w.tocsin.incidents.addResponder(w.id, { by: 'ben', user: 'ana', message: text });
  await w.pass(0);
  expect(blocks).toHaveLength(2);
  expect(blocks[1]).not.toMatch(UNSAFE);
  for (const line of (blocks[1] ?? '').split('\n').slice(1)) expect(line).toMatch(/^ {2}/);
});

async function titleOf(text: string) {
  const { tocsin, id } = await sentBy(consoleNotifier({ write: () => {} }), text);
  return incident(tocsin, id);
}
