/**
 * What a call says, in which language, and which keys it waits for, within the 4,000 characters of TwiML.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { type TwilioVoiceNotifierOptions, twilioVoiceNotifier } from '../../src/notifiers/twilio-voice.ts';
import { strangers } from '../core/text/strangers.ts';
import { parseXml, type XmlElement } from '../core/text/xml-parser.ts';
import { messageWith } from './message.ts';
import { account, actions, from, options, to, twilio } from './twilio-account.ts';

const answerUrl = 'https://ops.example/keys?tenant=a&x=1';

async function twimlOf(changes: Partial<Message> = {}, more: Partial<TwilioVoiceNotifierOptions> = { answerUrl }) {
  const { calls, fetch } = twilio();
  const message = messageWith({ to, actions, ...changes });
  await twilioVoiceNotifier({ ...account, from, fetch, ...more }).send(message, options);
  return calls[0]?.body.Twiml ?? '';
}

/** What is said the first time, and with which attributes. */
async function said(changes: Partial<Message> = {}, more?: Partial<TwilioVoiceNotifierOptions>): Promise<XmlElement> {
  const [first] = parseXml(await twimlOf(changes, more)).children;
  const say = first?.name === 'Gather' ? first.children[0] : first;
  if (say === undefined) throw new Error('nothing is said');
  return say;
}

describe('a call', () => {
  test('says the title, its lines and the keys, waits for one key, and says it all once more', async () => {
    const say = {
      name: 'Say',
      attributes: { language: 'en-US' },
      children: [],
      text: 'Database is down. SEV1, Checkout. Acknowledge: 1. Escalate: 3.',
    };
    const gather = {
      name: 'Gather',
      attributes: { input: 'dtmf', numDigits: '1', timeout: '10', method: 'POST', action: answerUrl },
      children: [say],
      text: '',
    };
    expect(
      parseXml(await twimlOf({ body: 'not for the ear: {"a":1}', links: [{ href: 'https://a.example' }] })),
    ).toEqual({
      name: 'Response',
      attributes: {},
      children: [gather, gather],
      text: '',
    });
  });

  test.each([
    ['without an address for answers', {}, actions],
    ['without actions', { answerUrl }, []],
  ])('%s it speaks and offers no key', async (_, more, given) => {
    const { children } = parseXml(await twimlOf({ actions: given }, more));
    expect(children.map(({ name, text }) => [name, text])).toEqual([
      ['Say', 'Database is down. SEV1, Checkout.'],
      ['Say', 'Database is down. SEV1, Checkout.'],
    ]);
  });

  test('of a bundle says as many as there is time for, and how many more', async () => {
    const bundle = Array.from({ length: 60 }, (_, n) => ({
      deliveryId: `d${n}`,
      title: `Service ${n} is down`,
      urgency: 'high' as const,
    }));
    const { text } = await said({ title: '60 pages at once', lines: [], bundle });
    expect(text).toMatch(
      /^60 pages at once\. Service 0 is down\. Service 1 is down\. .*and \d+ more\. Acknowledge: 1\./,
    );
    expect(text.length).toBeLessThan(900);
  });

  test('reads a code digit by digit', async () => {
    const { text } = await said({ purpose: 'verification', title: 'Your code is 123456', lines: [], actions: [] });
    expect(text).toBe('Your code is 1 2 3 4 5 6.');
  });

  test.each([
    ['en', 'en-US'],
    ['en-GB', 'en-GB'],
    ['en-nz', 'en-US'],
    ['de', 'de-DE'],
    ['de-AT', 'de-DE'],
    ['pt', 'pt-BR'],
    ['zh-Hant', 'zh-TW'],
    ['no', 'nb-NO'],
    ['cs', 'en-US'],
    ['no language at all', 'en-US'],
    ['', 'en-US'],
  ])('of a message in %j speaks %s', async (locale, language) => {
    expect((await said({ locale })).attributes).toEqual({ language });
  });

  test('speaks with the voice of its language, and a voice makes a language known', async () => {
    const voices = { 'de-AT': 'Google.de-AT-Standard-A', 'cs-CZ': 'Google.cs-CZ-Standard-A' };
    expect((await said({ locale: 'cs' }, { voices })).attributes).toEqual({
      voice: 'Google.cs-CZ-Standard-A',
      language: 'cs-CZ',
    });
    expect((await said({ locale: 'de-AT' }, { voices })).attributes.voice).toBe('Google.de-AT-Standard-A');
    expect((await said({ locale: 'de-DE' }, { voices })).attributes).toEqual({ language: 'de-DE' });
    expect((await said({ locale: 'fr' }, { voices })).attributes).toEqual({ language: 'fr-FR' });
  });
});

describe('what a stranger writes', () => {
  const long = fc.oneof(
    { weight: 4, arbitrary: strangers },
    fc.tuple(strangers, fc.integer({ min: 1, max: 300 })).map(([text, times]) => `x${text}`.repeat(times)),
  );
  const messages = fc.record({
    title: long,
    body: fc.option(long, { nil: undefined }),
    lines: fc.array(long, { maxLength: 5 }),
    labels: fc.array(long, { minLength: 1, maxLength: 5 }),
    locale: fc.oneof(fc.constantFrom('en', 'de', 'ja'), strangers),
    bundle: fc.array(fc.record({ title: long, line: fc.option(long, { nil: undefined }) }), { maxLength: 6 }),
  });

  test('is only ever said, in at most 4,000 characters, and never pushes out a key', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async ({ labels, bundle, ...facts }) => {
        const keyed = labels.map((label, index) => ({ id: 'snooze' as const, label, key: String(index + 1) }));
        const items = bundle.map((item, index) => ({ ...item, deliveryId: `d${index}`, urgency: 'high' as const }));
        const twiml = await twimlOf({ ...facts, actions: keyed, bundle: items });
        expect(twiml.length).toBeLessThanOrEqual(4_000);
        const { name, children } = parseXml(twiml);
        expect([name, children.map((child) => child.name)]).toEqual(['Response', ['Gather', 'Gather']]);
        for (const gather of children) {
          expect(gather.attributes.action).toBe(answerUrl);
          expect(gather.children).toMatchObject([{ name: 'Say', children: [] }]);
          for (const { key } of keyed) expect(gather.children[0]?.text).toMatch(new RegExp(`: ${key}(?:\\.|$)`));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('in the longest markup beside the longest address still leaves the title and each key', async () => {
    const quotes = '"'.repeat(2_000);
    const keyed = ['1', '2', '3', '4', '5'].map((key) => ({ id: 'snooze' as const, label: quotes, key }));
    const longest = `https://ops.example/?${'&'.repeat(155)}`;
    const voices = { 'en-US': `G${'x'.repeat(99)}` };
    const twiml = await twimlOf({ title: quotes, actions: keyed }, { answerUrl: longest, voices });
    expect(twiml.length).toBeLessThanOrEqual(4_000);
    expect(twiml.length).toBeGreaterThan(3_900);
    const text = parseXml(twiml).children[1]?.children[0]?.text ?? '';
    expect(text).toMatch(/^"{10,}…/);
    for (const key of ['1', '2', '3', '4', '5']) expect(text).toContain(`: ${key}.`);
  });
});
