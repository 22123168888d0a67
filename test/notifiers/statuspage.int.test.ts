/**
 * The Statuspage notifier against a real HTTP server that behaves as Statuspage documents it.
 */
import { expect, onTestFinished, test } from 'vitest';
import type { PublicFacts, PublicUpdate } from '../../src/model/message.ts';
import { type StatuspageNotifierOptions, statuspageNotifier } from '../../src/notifiers/statuspage.ts';
import { type StatuspagePlatformOptions, statuspagePlatform } from '../support/platforms/statuspage.ts';
import { messageWith, patient } from './message.ts';

const pageId = 'kctbh9vrtdwd';
const apiKey = '89a229ce1a8dbcf9ff30430fbe35eb4c';
const options = { idempotencyKey: 'k1', signal: patient };
const to = { contact: 'status', address: 'main' };
const said = (id: number, status: PublicUpdate['status'], text: string): PublicUpdate => ({
  id: String(id),
  at: id,
  status,
  text,
});
const first = said(4, 'investigating', 'We are looking into it.');
const second = said(7, 'identified', 'A disk is full.');
const third = said(9, 'resolved', 'It works again.');

/** Of an incident that was told so far. */
const mirror = (updates: readonly PublicUpdate[], more: Partial<PublicFacts> = {}) => {
  const status = updates.at(-1)?.status ?? 'investigating';
  const publicFacts = { title: 'Checkout is slow', status, components: {}, updates, ...more };
  return messageWith({ to, purpose: 'mirror', topic: 'update', publicFacts });
};

async function account(more: Partial<StatuspageNotifierOptions> = {}, given: Partial<StatuspagePlatformOptions> = {}) {
  const platform = await statuspagePlatform({ pageId, apiKey, components: ['abc123'], ...given });
  onTestFinished(() => platform.close());
  const notifier = statuspageNotifier({ pages: { main: { pageId, apiKey } }, baseUrl: platform.baseUrl, ...more });
  const shown = () => platform.incidents.map(({ updates }) => updates.map(({ status, body }) => `${status}: ${body}`));
  return { platform, notifier, shown };
}

const ALL = [`investigating: ${first.text}`, `identified: ${second.text}`, `resolved: ${third.text}`];

test('a whole life: made with the first update, then each of the others once, in order', async () => {
  const { platform, notifier, shown } = await account({ components: { checkout: 'abc123' } });
  const sent = await notifier.send(mirror([first], { components: { checkout: 'major_outage' } }), options);
  const id = sent?.externalId ?? '';
  expect(sent).toEqual({ externalId: platform.incidents[0]?.id, url: `http://stspg.example/${id}` });
  expect(platform.impacts.get('abc123')).toBe('major_outage');
  await notifier.update?.(id, mirror([first, second], { title: 'Checkout is down' }), options);
  expect(platform.incidents[0]).toMatchObject({ name: 'Checkout is down', component_ids: ['abc123'] });
  const end = mirror([first, second, third], { components: { checkout: 'operational' } });
  await expect(notifier.update?.(id, end, options)).resolves.toMatchObject({ externalId: id });
  expect(shown()).toEqual([ALL]);
  expect(platform.incidents[0]?.status).toBe('resolved');
  expect(platform.impacts.get('abc123')).toBe('operational');

  const calls = platform.asked.length;
  await notifier.update?.(id, end, options);
  expect(platform.asked.slice(calls).map(({ method }) => method)).toEqual(['GET']);
});

test('several updates that wait are told one by one', async () => {
  const { platform, notifier, shown } = await account({ components: { checkout: 'abc123' } });
  await notifier.send(mirror([first, second, third], { components: { checkout: 'partial_outage' } }), options);
  expect(shown()).toEqual([ALL]);
  // Where the components stand now is said by the last of them.
  expect(platform.asked.map(({ body }) => body.includes('partial_outage'))).toEqual([false, false, false, true]);
  expect(notifier.concurrency).toBe(1);
});

test('a second attempt finds what the first has left, and says nothing twice', async () => {
  const { platform, notifier, shown } = await account();
  platform.loseAnswers(1);
  await expect(notifier.send(mirror([first]), options)).rejects.toMatchObject({ details: { permanent: false } });
  const found = await notifier.send(mirror([first, second]), options);
  expect(shown()).toEqual([ALL.slice(0, 2)]);
  platform.loseAnswers(1);
  const end = mirror([first, second, third]);
  await expect(notifier.update?.(found?.externalId ?? '', end, options)).rejects.toMatchObject({
    details: { permanent: false },
  });
  await notifier.update?.(found?.externalId ?? '', end, options);
  expect(shown()).toEqual([ALL]);
});

test('another incident, and the same of another tenant, is one of its own', async () => {
  const { platform, notifier } = await account();
  for (const more of [{}, { tenant: 'acme' }, { incidentId: 'inc-2' }]) {
    await notifier.send({ ...mirror([first]), ...more }, options);
  }
  expect(platform.incidents).toHaveLength(3);
});

test('what others have written into the metadata stays, and is not needed to say nothing twice', async () => {
  const { platform, notifier, shown } = await account();
  const { externalId: id = '' } = (await notifier.send(mirror([first]), options)) ?? {};
  const [incident] = platform.incidents;
  if (incident !== undefined) incident.metadata = { jira: { issue: 'OPS-1' }, ...incident.metadata };
  await notifier.update?.(id, mirror([first, second]), options);
  expect(incident?.metadata).toMatchObject({ jira: { issue: 'OPS-1' }, tocsin: { last: '7' } });
  if (incident !== undefined) incident.metadata = {};
  await notifier.update?.(id, mirror([first, second, third]), options);
  expect(shown()).toEqual([ALL]);
});

test('of what became private nothing is made, and nothing but its end is told', async () => {
  const { platform, notifier, shown } = await account();
  const end = said(12, 'resolved', 'This incident is resolved.');
  const hidden = mirror([end], { title: undefined });
  await expect(notifier.send(hidden, options)).resolves.toBeUndefined();
  expect(platform.incidents).toEqual([]);
  const { externalId: id = '' } = (await notifier.send(mirror([first]), options)) ?? {};
  await notifier.update?.(id, hidden, options);
  await notifier.send(hidden, options);
  expect(shown()).toEqual([[ALL[0], 'resolved: This incident is resolved.']]);
  expect(platform.incidents[0]?.name).toBe('Checkout is slow');
});

test('a page that was asked too often is asked again later, and goes on where it was', async () => {
  let now = Date.UTC(2026, 0, 5, 9);
  const { notifier, shown } = await account({}, { now: () => now });
  const many = Array.from({ length: 70 }, (_, index) => said(index + 1, 'monitoring', `Update ${index + 1}`));
  await expect(notifier.send(mirror(many), options)).rejects.toMatchObject({
    details: { permanent: false, status: 420 },
  });
  expect(shown()[0]).toHaveLength(59);
  now += 60_000;
  await notifier.send(mirror(many), options);
  expect(shown()).toEqual([many.map(({ text }) => `monitoring: ${text}`)]);
});

test('a canary reads the page, and creates nothing', async () => {
  const { platform, notifier } = await account();
  await notifier.send(messageWith({ to, purpose: 'canary' }), options);
  expect(platform.asked).toEqual([{ method: 'GET', path: `/v1/pages/${pageId}`, body: '' }]);
  const { notifier: wrong } = await account({ pages: { main: { pageId, apiKey: 'another-key-of-length' } } });
  await expect(wrong.send(messageWith({ to, purpose: 'canary' }), options)).rejects.toMatchObject({
    details: { permanent: true },
  });
});
