/**
 * Similar incidents: which of the past resemble one, in which order, and why.
 */
import { expect, test } from 'vitest';
import { type ComparableIncident, similarTo } from '../../../src/core/review/similar.ts';

const incident = (id: string, title: string, more: Partial<ComparableIncident> = {}): ComparableIncident => ({
  id,
  title,
  service: 'checkout',
  severity: 'SEV2',
  openedAt: 0,
  ...more,
});

const full = incident('now', 'The disk of db-7 is full', {
  labels: { alertname: 'DiskFull', region: 'eu-1', env: 'prod' },
});
const past = [
  incident('same', 'Disk full on db-3', { labels: { alertname: 'DiskFull', region: 'eu-1', env: 'prod' } }),
  incident('elsewhere', 'Disk full on web-1', {
    service: 'shop',
    labels: { alertname: 'DiskFull', region: 'us-2', env: 'prod' },
  }),
  incident('slow', 'Payments are slow', { labels: { alertname: 'Latency', region: 'us-2', env: 'prod' } }),
  incident('other', 'Certificate has expired', { service: 'mail', labels: { alertname: 'Expiry' } }),
];

test('the most alike comes first, each with the reasons why', () => {
  expect(similarTo(full, past, { most: 5 }).map(({ id, because }) => [id, ...because])).toEqual([
    ['same', 'the same service', 'labels region, alertname, env', 'text: db, disk, full'],
    ['elsewhere', 'labels alertname, env', 'text: disk, full'],
    ['slow', 'the same service', 'labels env'],
  ]);
});

test('what has nothing in common is not listed, nor is the incident itself', () => {
  const ids = similarTo(full, [...past, full], { most: 20 }).map(({ id }) => id);
  expect(ids).not.toContain('other');
  expect(ids).not.toContain('now');
});

test('no more are listed than were asked for', () => {
  expect(similarTo(full, past, { most: 1 }).map(({ id }) => id)).toEqual(['same']);
  expect(similarTo(full, past, { most: 0 })).toEqual([]);
  expect(similarTo(full, [], { most: 5 })).toEqual([]);
});

test('what is equal in everything has a score of 1, and a score is never more', () => {
  const [twin] = similarTo(full, [{ ...full, id: 'twin' }], { most: 1 });
  expect(twin?.score).toBe(1);
});

test('the same service alone is a reason, and the newest is the first of equals', () => {
  const bare = incident('now', 'Odd');
  const found = similarTo(bare, [incident('old', 'Even', { openedAt: 1 }), incident('new', 'Prime', { openedAt: 2 })], {
    most: 5,
  });
  expect(found.map(({ id, score }) => [id, score])).toEqual([
    ['new', 0.25],
    ['old', 0.25],
  ]);
});

test('what few incidents have counts more than what all of them have', () => {
  const many = Array.from({ length: 20 }, (_, n) => incident(`n${n}`, 'x', { service: 's', labels: { env: 'prod' } }));
  const one = incident('now', 'y', { labels: { env: 'prod', shard: '7' } });
  const scores = new Map(
    similarTo(one, [...many, incident('rare', 'z', { service: 's', labels: { shard: '7' } })], { most: 30 }).map(
      ({ id, score }) => [id, score],
    ),
  );
  expect(scores.get('rare')).toBeGreaterThan((scores.get('n1') ?? 0) * 2);
});

test('words of the body are compared as well, small words and case are not', () => {
  const [found] = similarTo(
    incident('now', 'Broken', { service: 'a', body: 'The KAFKA broker is gone' }),
    [incident('then', 'Kafka', { service: 'b', body: 'A partition without leader: the broker is stuck' })],
    { most: 1 },
  );
  expect(found?.because).toEqual(['text: broker, kafka']);
});
