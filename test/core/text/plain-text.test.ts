/**
 * A message as lines of text: everything when there is room, the most important when there is not.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainText } from '../../../src/core/text/plain-text.ts';
import type { BundledMessage, Message } from '../../../src/model/message.ts';
import { sampleMessage } from '../../../src/testing/sample-message.ts';
import { bordersOf, strangers, UNWANTED } from './strangers.ts';

const items = (count: number): BundledMessage[] =>
  Array.from({ length: count }, (_, n) => ({
    deliveryId: `d${n}`,
    title: `Problem ${n}`,
    urgency: 'high',
    line: 'SEV2',
  }));
const full = sampleMessage({
  body: 'Line one\n\nLine two',
  lines: ['SEV1 · Checkout', 'Open for 12 min'],
  bundle: items(2),
  links: [{ href: 'https://a.b/run', text: 'Runbook' }, { href: 'https://a.b/graph' }, { href: 'mailto:x', text: 'x' }],
  actions: [
    { id: 'acknowledge', label: 'Acknowledge', url: 'https://a.b/ack' },
    { id: 'snooze', label: 'Snooze' },
  ],
});

test('the title comes first, then lines, body, what was bundled, links, and actions with a link', () => {
  expect(plainText(full).split('\n')).toEqual([
    'Disk full on db-1',
    'SEV1 · Checkout',
    'Open for 12 min',
    'Line one',
    'Line two',
    '- Problem 0 (SEV2)',
    '- Problem 1 (SEV2)',
    'Runbook: https://a.b/run',
    'https://a.b/graph',
    'Acknowledge: https://a.b/ack',
  ]);
});

test('a message of nothing but a title is that title', () => {
  expect(plainText(sampleMessage({ lines: [], body: ' \n ', actions: [] }))).toBe('Disk full on db-1');
});

describe('what does not fit', () => {
  test('is the end of the body first', () => {
    const message = sampleMessage({ lines: [], body: 'word '.repeat(100), actions: full.actions });
    const text = plainText(message, { max: 100 });
    expect(text.length).toBe(100);
    expect(text.split('\n')).toEqual([
      'Disk full on db-1',
      expect.stringMatching(/^word .*…$/),
      'Acknowledge: https://a.b/ack',
    ]);
  });

  test('is a body of which next to nothing could be shown', () => {
    const message = sampleMessage({ lines: [], body: 'word '.repeat(100), actions: [] });
    expect(plainText(message, { max: 33 })).toBe('Disk full on db-1');
    expect(plainText(message, { max: 34 })).toBe('Disk full on db-1\nword word word …');
    expect(plainText({ ...message, body: 'short' }, { max: 23 })).toBe('Disk full on db-1\nshort');
    expect(plainText({ ...message, body: 'short' }, { max: 22 })).toBe('Disk full on db-1');
  });

  test('of a bundle is counted', () => {
    const message = sampleMessage({ lines: [], actions: [], bundle: items(20) });
    const text = plainText(message, { max: 70 });
    expect(text.split('\n')).toEqual(['Disk full on db-1', '- Problem 0 (SEV2)', '- Problem 1 (SEV2)', 'and 18 more']);
    expect(plainText(message, { max: 30 })).toBe('Disk full on db-1\nand 20 more');
    expect(plainText(sampleMessage({ lines: [], actions: [], bundle: items(2) }), { max: 55 })).not.toContain('more');
  });

  test('is a whole link, never half of one', () => {
    expect(plainText(full, { max: 62 })).toBe('Disk full on db-1\nSEV1 · Checkout\nAcknowledge: https://a.b/ack');
  });

  test('is never all of the title', () => {
    expect(plainText(full, { max: 10 })).toBe('Disk full…');
    expect(plainText(full, { max: 0 })).toBe('');
  });
});

describe('whatever strangers put in', () => {
  const addresses = strangers.map((text) => `https://a.b/${text.replaceAll(/\s/g, '')}`);
  const messages: fc.Arbitrary<Message> = fc
    .record({
      title: strangers,
      body: strangers,
      lines: fc.array(strangers, { maxLength: 3 }),
      links: fc.array(fc.record({ href: fc.oneof(addresses, strangers), text: strangers }), { maxLength: 3 }),
      bundle: fc.array(
        fc.record({ deliveryId: strangers, title: strangers, urgency: fc.constant('high' as const), line: strangers }),
        { maxLength: 3 },
      ),
      moreText: strangers,
    })
    .map((parts) => sampleMessage(parts));

  test('the limit holds, no control gets through, and nothing is cut inside a character', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 0, max: 200 }), (message, max) => {
        const text = plainText(message, { max });
        expect(text.length).toBeLessThanOrEqual(max);
        expect(text).not.toMatch(UNWANTED);
        expect(text.isWellFormed()).toBe(true);
        const whole = plainText(message, { max: 1_000_000 }).split('\n');
        for (const line of text.split('\n')) {
          const kept = line.endsWith('…') ? line.slice(0, -1) : line;
          const from = whole.find((candidate) => candidate === line || candidate.startsWith(kept));
          if (line.endsWith('…') && from !== undefined && from !== line) expect(bordersOf(from)).toContain(kept.length);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
