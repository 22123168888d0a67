/**
 * Messages out of whatever strangers, translators and hosts put in: clean, bounded, and about whom they are about.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageOf } from '../../../src/core/paging/message.ts';
import { replacedMessage } from '../../../src/core/paging/message-replaced.ts';
import type { GivenTexts } from '../../../src/core/paging/message-texts.ts';
import { ENGLISH } from '../../../src/core/paging/message-words.ts';
import type { StoredDelivery } from '../../../src/model/delivery.ts';
import { strangers, UNWANTED } from '../text/strangers.ts';
import { HOUR, incident, T0 } from './world.ts';

const delivery: StoredDelivery = {
  id: 'i1:7:0',
  tenant: 'acme',
  incidentId: 'i1',
  page: 7,
  purpose: 'step',
  position: { cycle: 1, loop: 2, step: 3 },
  user: 'ana',
  contact: 'sms',
  notifier: 'sms',
  address: '+1',
  urgency: 'high',
  state: 'leased',
  requestedAt: T0,
  dueAt: T0,
  attempts: 1,
};
const long = fc.tuple(strangers, fc.nat(400)).map(([text, times]) => text.repeat(times));
const wild = fc.oneof(strangers, long);
const links = fc.array(
  fc.record({
    href: fc.oneof(
      wild,
      wild.map((text) => `https://a.b/${text}`),
    ),
    text: wild,
  }),
  { maxLength: 30 },
);
const translations = fc.dictionary(
  fc.constantFrom(...Object.keys(ENGLISH)),
  fc.oneof(
    wild,
    fc.constant(42),
    fc.constant(null),
    fc.record({ other: wild, one: wild }),
    wild.map((text) => `{title}{age}{n}${text}`),
  ),
);
const item = fc.record({
  deliveryId: fc.constant('d1'),
  incidentId: fc.constant('i2'),
  title: wild,
  severity: wild,
  urgency: fc.constantFrom('high' as const, 'low' as const),
  service: fc.record({ id: fc.constant('s'), name: wild }),
  since: fc.integer(),
});

/** Every text of a message that was not given as an id or an address. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

test('every text is clean and bounded, whoever wrote it', () => {
  const given = fc.record({
    title: wild,
    body: wild,
    severity: wild,
    links,
    name: wild,
    locale: wild,
    texts: translations,
  });
  fc.assert(
    fc.property(given, fc.array(item, { maxLength: 5 }), fc.boolean(), (wildest, bundle, isOwn) => {
      const { title, body, severity, name, locale, texts } = wildest;
      const content = { topic: name, title, body, links: wildest.links, items: bundle };
      const message = messageOf(
        { ...delivery, ...(isOwn && { purpose: 'summary', content }) },
        incident({ title, body, severity, links: wildest.links, asked: ['ana', 'ben'], acknowledgedBy: ['ben'] }),
        {
          sentAt: T0 + HOUR,
          names: { user: name, service: name, person: () => name },
          bundle,
          locale,
          texts: { en: texts, [locale]: texts } as unknown as GivenTexts,
        },
      );
      for (const text of textsOf(message)) {
        expect(text).not.toMatch(UNWANTED);
        expect(text.isWellFormed()).toBe(true);
        expect(text.length).toBeLessThanOrEqual(4_096);
      }
      for (const line of [...message.lines, ...message.actions.map(({ label }) => label), message.moreText]) {
        expect(line.length).toBeLessThanOrEqual(256);
        expect(line).not.toMatch(/[\n\u2028\u2029]/);
        expect(line).not.toBe('');
      }
      expect(message.links.length).toBeLessThanOrEqual(20);
      for (const { href } of message.links) expect(href).toMatch(/^https?:\/\/[^\s"'<>\\^`{|}]+$/i);
      const urgencies = (message.bundle ?? []).map(({ urgency }) => urgency);
      expect(urgencies).toEqual(urgencies.toSorted());
      expect(message).toMatchObject({ tenant: 'acme', incidentId: 'i1', deliveryId: 'i1:7:0' });
      expect(() => JSON.parse(JSON.stringify(message))).not.toThrow();
    }),
    { numRuns: 300 },
  );
});

test('whatever a host answers, the message goes to the same person about the same incident', () => {
  const part = fc.oneof(fc.anything(), wild, links, fc.array(wild, { maxLength: 30 }));
  const answers = fc.oneof(
    fc.anything(),
    fc.dictionary(fc.constantFrom('title', 'body', 'lines', 'links', 'to', 'actions', 'tenant', 'then'), part),
  );
  const message = messageOf(delivery, incident(), { sentAt: T0 });
  fc.assert(
    fc.property(answers, (answer) => {
      const { title, body, lines, links: shown, ...rest } = replacedMessage(message, () => answer as never);
      const { title: _, body: __, lines: ___, links: ____, ...same } = message;
      expect(rest).toEqual(same);
      expect(title).not.toBe('');
      for (const text of textsOf([title, body ?? '', lines, shown])) {
        expect(text).not.toMatch(UNWANTED);
        expect(text.length).toBeLessThanOrEqual(4_096);
      }
    }),
    { numRuns: 2_000 },
  );
});
