/**
 * Whatever strangers write, a mail keeps its shape: its headers, its one recipient, and the elements of its HTML.
 *
 * Mails are composed by nodemailer and read by two parsers that know nothing of it.
 */
import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { emailNotifier, type OutgoingEmail } from '../../src/notifiers/email.ts';
import { strangers, UNWANTED } from '../core/text/strangers.ts';
import { messageWith, patient } from './message.ts';

type Element = DefaultTreeAdapterTypes.Element;

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
const from = { name: 'Tocsin', address: 'pager@ops.example' };

/** One mail as it is handed over, and as it goes over the wire. */
async function composed(message: Message, idempotencyKey = 'k1') {
  const mails: OutgoingEmail[] = [];
  const wires: Buffer[] = [];
  const transport = {
    async sendMail(mail: OutgoingEmail) {
      const { message: wire, envelope } = await composer.sendMail(mail);
      if (!Buffer.isBuffer(wire)) throw new Error('the mail is no buffer');
      mails.push(mail);
      wires.push(wire);
      return { envelope };
    },
  };
  const unsubscribe = ({ links: [link] }: Message) => link?.href;
  await emailNotifier({ transport, from, unsubscribe }).send(message, { idempotencyKey, signal: patient });
  const [mail, wire] = [mails[0]!, wires[0]!];
  return { mail, wire, read: await PostalMime.parse(wire) };
}

const hrefs = fc.oneof(
  strangers,
  strangers.map((text) => `https://a.example/${text.replaceAll(/\s/g, '')}`),
  fc.constant('https://good.example@evil.example/"onclick="x'),
);
const long = fc.oneof(
  { weight: 4, arbitrary: strangers },
  fc.tuple(strangers, fc.integer({ min: 1, max: 900 })).map(([text, times]) => `x${text}`.repeat(times)),
);
const headerish = fc.oneof(
  strangers,
  fc.constantFrom(
    '\r\nBcc: eve@evil.example',
    '=?utf-8?q?a?=',
    'a" <eve@evil.example>, "b',
    '\r\n\r\nbody',
    '=?utf-8?b?',
  ),
);
const ids = fc.oneof(
  strangers.map((text) => `i${text}`),
  fc.constant('a@b:c/d.e_f+g-h'),
);
const actions = fc.array(fc.record({ id: fc.constant('snooze' as const), label: long, url: hrefs }), { maxLength: 4 });
const messages: fc.Arbitrary<Message> = fc
  .record({
    purpose: fc.constantFrom('step', 'notice'),
    title: fc.oneof(long, headerish),
    locale: strangers,
    incidentId: fc.option(ids, { nil: undefined }),
    to: fc.record({
      contact: fc.constant('email'),
      address: fc.constantFrom('ana@ops.example', "o'brien+x=1@ops.example", 'a!b%c@ops.example'),
      name: fc.option(fc.oneof(headerish, strangers), { nil: undefined }),
    }),
    body: fc.option(long, { nil: undefined }),
    lines: fc.array(long, { maxLength: 6 }),
    links: fc.array(fc.record({ href: hrefs, text: fc.option(long, { nil: undefined }) }), { maxLength: 14 }),
    actions,
    bundle: fc.option(
      fc.array(
        fc.record({
          deliveryId: fc.constant('d'),
          title: long,
          line: fc.option(long, { nil: undefined }),
          urgency: fc.constant('high' as const),
          actions,
        }),
        { maxLength: 60 },
      ),
      { nil: undefined },
    ),
    moreText: fc.oneof(fc.constant('and {n} more'), strangers),
  })
  .map((changes) => messageWith(changes as Partial<Message>));

const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  html: ['lang', 'style'],
  meta: ['charset', 'content', 'name'],
  body: ['style'],
  div: ['dir', 'style'],
  h1: ['dir', 'style'],
  p: ['dir', 'style'],
  a: ['href', 'style'],
  ...{ head: [], title: [], strong: [], br: [], bdi: [] },
};

function elementsOf(node: DefaultTreeAdapterTypes.ParentNode): readonly Element[] {
  return node.childNodes.flatMap((child) => ('tagName' in child ? [child, ...elementsOf(child)] : []));
}

test('the HTML has our elements only, links lead to the web, and nothing is clipped', async () => {
  const styles = new Set<string>();
  await fc.assert(
    fc.asyncProperty(messages, async (message) => {
      const { html, text } = (await composed(message)).mail;
      const errors: string[] = [];
      const document = parse(html, { onParseError: ({ code }) => void errors.push(code) });
      // A noncharacter is a text like any other.
      expect(errors.filter((code) => code !== 'noncharacter-in-input-stream')).toEqual([]);
      expect(document.childNodes.map(({ nodeName }) => nodeName)).toEqual(['#documentType', 'html']);
      for (const { tagName, attrs, parentNode } of elementsOf(document)) {
        expect(ATTRIBUTES).toHaveProperty(tagName);
        for (const { name, value } of attrs) {
          expect(ATTRIBUTES[tagName]).toContain(name);
          if (name === 'href') expect(value).toMatch(/^https?:\/\/[^\s"<>]+$/i);
          if (name === 'style') styles.add(value);
        }
        if (tagName === 'a') expect(parentNode?.nodeName).not.toBe('a');
      }
      expect(html).not.toMatch(UNWANTED);
      expect(text).not.toMatch(UNWANTED);
      expect(Buffer.byteLength(html)).toBeLessThan(102_000);
    }),
    { numRuns: 300 },
  );
  // No style was ever made of what a stranger wrote.
  expect(styles.size).toBeLessThan(15);
});

test('no text adds a header or a recipient, and what was meant is what is read', async () => {
  await fc.assert(
    fc.asyncProperty(messages, ids, async (message, key) => {
      const { mail, wire, read } = await composed(message, key);
      const names = read.headers.map((header) => header.key).toSorted();
      const about = message.incidentId === undefined ? [] : ['in-reply-to', 'references', 'x-tocsin-incident'];
      const stop = mail.list === undefined ? [] : ['list-unsubscribe', 'list-unsubscribe-post'];
      expect(names).toEqual(
        [
          ...['auto-submitted', 'content-type', 'date', 'from', 'importance', 'message-id', 'mime-version'],
          ...['subject', 'to', 'x-auto-response-suppress', 'x-msmail-priority', 'x-priority', 'x-tocsin-delivery'],
          ...about,
          ...stop,
        ].toSorted(),
      );
      expect(read.from).toMatchObject(from);
      expect(read.to).toEqual([{ name: mail.to.name, address: message.to.address }]);
      expect(read.subject).toBe(mail.subject);
      expect(mail.subject.length).toBeLessThanOrEqual(200 + 100);
      expect(read.messageId).toBe(mail.messageId);
      expect(mail.messageId).toMatch(/^<[a-z0-9.]+@ops\.example>$/);
      expect(read.inReplyTo).toBe(mail.inReplyTo);
      expect(read.references).toBe(mail.references);
      expect(read.attachments).toEqual([]);
      expect(read.html?.replaceAll('\r\n', '\n').trimEnd()).toBe(mail.html.trimEnd());
      expect(read.text?.replaceAll('\r\n', '\n').trimEnd()).toBe(mail.text.trimEnd());
      const lines = wire.toString('latin1').split('\r\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
    }),
    { numRuns: 300 },
  );
});
