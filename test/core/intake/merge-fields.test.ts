/**
 * Merging: what a repeat does to the fields of an open alert, field by field.
 */
import { describe, expect, test } from 'vitest';
import { cleanEvent } from '../../../src/core/intake/clean-event.ts';
import { type MergeStrategies, mergedContent } from '../../../src/core/intake/merge-fields.ts';
import type { AlertEvent, StoredAlert } from '../../../src/model/alert.ts';

const alert: StoredAlert = {
  id: 'a1',
  tenant: 't',
  routeKey: 'r',
  dedupKey: 'k',
  service: 's',
  status: 'firing',
  severity: 'SEV2',
  title: 'Disk full',
  body: 'used 91',
  labels: { host: 'a', used: '91' },
  links: [{ href: 'https://example.com/1' }],
  openedAt: 0,
  lastSeenAt: 0,
  count: 1,
};
const merged = (strategies: MergeStrategies, event: Partial<AlertEvent>, before: StoredAlert = alert) =>
  mergedContent(before, cleanEvent({ action: 'trigger', title: 'Disk full', ...event }), strategies);

describe('a text', () => {
  test.each([
    ['first', 'used 91'],
    ['last', 'used 97'],
    ['max', 'used 91'],
    ['append', 'used 91\nused 97'],
  ] as const)('by %s', (strategy, body) => {
    expect(merged({ body: strategy }, { body: 'used 97' })?.body ?? alert.body).toBe(body);
  });

  test('is appended once', () => {
    expect(merged({ body: 'append' }, { body: 'used 91' })).toBeUndefined();
  });

  test('that was missing is taken, whatever the strategy', () => {
    const { body: _, ...without } = alert;
    expect(merged({ title: 'first' }, { body: 'used 97' }, without)?.body).toBe('used 97');
  });

  test('that an event leaves out stays', () => {
    expect(merged({ body: 'last' }, {})).toBeUndefined();
  });
});

describe('a label', () => {
  test.each([
    ['last', '97', '97'],
    ['max', '97', '97'],
    ['max', '9', '91'],
    ['max', 'many', '91'],
    ['append', '97', '91, 97'],
    ['first', '97', '91'],
  ] as const)('by %s, after %s', (strategy, now, used) => {
    expect(merged({ 'labels.used': strategy }, { labels: { used: now } })?.labels.used ?? alert.labels.used).toBe(used);
  });

  test('has its own strategy, or that of all labels, or stays', () => {
    const event = { labels: { host: 'b', used: '97', rack: 'r' } };
    expect(merged({ labels: 'append', 'labels.used': 'max' }, event)?.labels).toEqual({
      host: 'a, b',
      used: '97',
      rack: 'r',
    });
    expect(merged({ title: 'last' }, event)).toBeUndefined();
  });
});

test('links are replaced or added, each once', () => {
  const links = [{ href: 'https://example.com/1' }, { href: 'https://example.com/2' }];
  expect(merged({ links: 'append' }, { links })?.links.map(({ href }) => href)).toEqual([
    'https://example.com/1',
    'https://example.com/2',
  ]);
  expect(merged({ links: 'last' }, { links: [{ href: 'https://example.com/3' }] })?.links).toEqual([
    { href: 'https://example.com/3' },
  ]);
});

test('what is appended without end is bounded', () => {
  let before = alert;
  for (let n = 0; n < 500; n++) {
    const event = { title: `T${n}`, body: `${n} ${'x'.repeat(500)}`, labels: { host: `h${n}${'y'.repeat(100)}` } };
    const content = merged({ title: 'append', body: 'append', labels: 'append' }, event, before);
    before = { ...before, ...content };
  }
  expect(before.title.split(', ').length).toBeLessThanOrEqual(100);
  expect(before.title.length).toBeLessThanOrEqual(1_024);
  expect(before.body?.length).toBeLessThanOrEqual(16_384);
  expect(before.labels.host?.length).toBeLessThanOrEqual(4_096);
});
