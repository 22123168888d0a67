/**
 * The Opsgenie notifier against a real HTTP server that behaves as Opsgenie documents it.
 */
import { expect, onTestFinished, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { type OpsgenieNotifierOptions, opsgenieNotifier } from '../../src/notifiers/opsgenie.ts';
import { opsgenieWebhooks } from '../../src/sources/opsgenie-webhooks.ts';
import { type OpsgeniePlatformOptions, opsgeniePlatform } from '../support/platforms/opsgenie.ts';
import { messageWith, patient } from './message.ts';

const apiKey = 'eb243592-faa2-4ba2-a551-1afdf565c889';
const alias = 'tocsin:default:inc-1';
const options = { idempotencyKey: 'k1', signal: patient };
const to = { contact: 'opsgenie', address: 'default' };
const mirror = (changes: Partial<Message>) =>
  messageWith({ to, purpose: 'mirror', topic: 'opened', status: 'triggered', ...changes });

async function account(given: Partial<OpsgeniePlatformOptions> = {}, more: Partial<OpsgenieNotifierOptions> = {}) {
  const platform = await opsgeniePlatform({ apiKey, ...given });
  onTestFinished(() => platform.close());
  const notifier = opsgenieNotifier({ apiKeys: { default: apiKey }, baseUrl: platform.baseUrl, ...more });
  const update = async (externalId: string, changes: Partial<Message>) =>
    await notifier.update?.(externalId, mirror(changes), options);
  return { platform, notifier, update };
}

/** An account with an open alert, which is not there any more once it is to be changed. */
function goneWhenChanged() {
  const changed: string[] = [];
  const data = { id: 'a-1', status: 'open', acknowledged: false, message: 'Database is down', priority: 'P1' };
  const fetch: typeof globalThis.fetch = async (url, { method } = {}) => {
    if (method === 'GET') return Response.json({ data: String(url).includes('/notes') ? [] : data });
    changed.push(`${method} ${String(url)}`);
    return Response.json({ message: 'Alert does not exist' }, { status: 404 });
  };
  return { changed, notifier: opsgenieNotifier({ apiKeys: { default: apiKey }, fetch }) };
}

/** What the source makes of each webhook: who did what. */
function listening() {
  const source = opsgenieWebhooks({ users: { 'fili@example.org': 'fili' } });
  const heard: unknown[] = [];
  const onWebhook = (body: string) => {
    for (const { action, external } of source.parse(body)) heard.push([action, external?.change, external?.by]);
  };
  return { heard, onWebhook };
}

test('a whole life: opened, acknowledged, noted, made worse, unacknowledged, resolved', async () => {
  const { heard, onWebhook } = listening();
  const { platform, notifier, update } = await account({ onWebhook });
  const { externalId = '' } = (await notifier.send(mirror({}), options)) ?? {};
  expect(platform.alerts).toMatchObject([
    { id: externalId, alias, priority: 'P1', message: 'Database is down', source: 'tocsin' },
  ]);

  await update(externalId, { topic: 'acknowledged', status: 'acknowledged' });
  expect(platform.alerts).toMatchObject([{ acknowledged: true, status: 'open' }]);
  await update(externalId, { topic: 'note', status: 'acknowledged', body: 'Failing over' });
  expect(platform.alerts[0]?.notes).toEqual([{ note: 'Failing over', owner: 'Tocsin' }]);
  await update(externalId, { topic: 'severity', status: 'acknowledged', severity: 'SEV3', title: 'Database is slow' });
  expect(platform.alerts).toMatchObject([{ priority: 'P3', message: 'Database is slow', acknowledged: true }]);
  await update(externalId, { topic: 'unacknowledged', severity: 'SEV3', title: 'Database is slow' });
  expect(platform.alerts).toMatchObject([{ acknowledged: false, status: 'open' }]);
  await update(externalId, { topic: 'resolved', status: 'resolved' });
  expect(platform.alerts).toMatchObject([{ status: 'closed', count: 1 }]);
  // All of it was ours: nothing of it may come back as news.
  expect(new Set(heard.map((news) => JSON.stringify(news)))).toEqual(new Set(['["change","other",null]']));
});

test('what people do there is told, and who did it', async () => {
  const { heard, onWebhook } = listening();
  const { platform, notifier } = await account({ onWebhook });
  await notifier.send(mirror({}), options);
  for (const what of ['acknowledge', 'notes', 'Escalate', 'unacknowledge', 'close'] as const) {
    platform.person('fili@example.org', what, alias, what === 'notes' ? 'On it' : undefined);
  }
  expect(heard.slice(1)).toEqual([
    ['acknowledge', 'acknowledged', 'fili'],
    ['change', 'other', 'fili'],
    ['change', 'other', undefined],
    ['trigger', 'unacknowledged', 'fili'],
    ['resolve', 'resolved', 'fili'],
  ]);
});

test('an incident that is acknowledged before it is mirrored is never left waiting there', async () => {
  const { platform, notifier } = await account({ looksUntilDone: 2 });
  const answer = await notifier.send(mirror({ status: 'acknowledged' }), options);
  platform.catchUp();
  expect(platform.alerts).toMatchObject([{ id: answer?.externalId, acknowledged: true }]);
});

test('while an alert is not made yet, an acknowledgement is tried again and a page goes by its alias', async () => {
  const { platform, notifier, update } = await account({ looksUntilDone: 99 }, { patienceMs: 0 });
  await expect(notifier.send(mirror({}), options)).resolves.toEqual({ externalId: alias });
  const early = { code: 'NOTIFY_FAILED', details: { permanent: false } };
  await expect(update(alias, { topic: 'acknowledged', status: 'acknowledged' })).rejects.toMatchObject(early);
  await expect(update(alias, { topic: 'resolved', status: 'resolved' })).rejects.toMatchObject(early);
  await expect(notifier.send(mirror({ status: 'acknowledged' }), options)).rejects.toMatchObject(early);
  platform.catchUp();
  expect(platform.alerts).toMatchObject([{ acknowledged: false, count: 2 }]);
  await expect(update(alias, { topic: 'acknowledged', status: 'acknowledged' })).resolves.toEqual({
    externalId: platform.alerts[0]?.id,
  });
  platform.catchUp();
  expect(platform.alerts).toMatchObject([{ acknowledged: true }]);
});

test.each([
  ['acknowledged', { topic: 'acknowledged', status: 'acknowledged' }],
  ['unacknowledged', { topic: 'unacknowledged' }],
  ['noted', { topic: 'note', body: 'Failing over' }],
] as const)('an alert that is gone when it is to be %s is tried again, for nothing was done', async (_, news) => {
  const { notifier } = goneWhenChanged();
  await expect(notifier.update?.(alias, mirror(news), options)).rejects.toMatchObject({
    message: expect.stringContaining('the alert is not made yet. This is tried again.'),
    details: { permanent: false },
  });
});

test('an alert that is gone when it is to be closed is closed', async () => {
  const { notifier, changed } = goneWhenChanged();
  const over = mirror({ topic: 'resolved', status: 'resolved' });
  await expect(notifier.update?.(alias, over, options)).resolves.toEqual({ externalId: 'a-1' });
  expect(changed).toEqual(['POST https://api.opsgenie.com/v2/alerts/a-1/close?identifierType=id']);
});

test('an incident that is over creates nothing, and closes what a lost answer has left', async () => {
  const { platform, notifier } = await account();
  const over = mirror({ topic: 'resolved', status: 'resolved' });
  await expect(notifier.send(over, options)).resolves.toBeUndefined();
  expect(platform.alerts).toEqual([]);
  await notifier.send(mirror({}), options);
  await notifier.send(over, options);
  expect(platform.alerts).toMatchObject([{ status: 'closed' }]);
});

test('what was sent twice is one alert, and the same note twice is one note', async () => {
  const { platform, notifier, update } = await account();
  const { externalId = '' } = (await notifier.send(mirror({}), options)) ?? {};
  await expect(notifier.send(mirror({}), options)).resolves.toEqual({ externalId });
  const note = { topic: 'note', body: 'Failing over' };
  await update(externalId, note);
  await update(externalId, note);
  await update(externalId, { ...note, body: 'Failed over' });
  expect(platform.alerts).toMatchObject([{ count: 2, notes: [{ note: 'Failed over' }, { note: 'Failing over' }] }]);
});

test('what people have closed or acknowledged there stays so, whatever else is told', async () => {
  const { platform, notifier, update } = await account();
  const { externalId = '' } = (await notifier.send(mirror({}), options)) ?? {};
  platform.person('fili@example.org', 'acknowledge', alias);
  await update(externalId, { topic: 'severity', severity: 'SEV2' });
  expect(platform.alerts).toMatchObject([{ acknowledged: true, priority: 'P2' }]);
  platform.person('fili@example.org', 'close', alias);
  await update(externalId, { topic: 'acknowledged', status: 'acknowledged' });
  await update(externalId, { topic: 'note', body: 'Still looking' });
  expect(platform.alerts).toMatchObject([{ status: 'closed', notes: [{ note: 'Still looking' }] }]);
});

test('an incident that is reopened gets a new alert, once, acknowledged when it is', async () => {
  const { platform, notifier, update } = await account();
  const first = await notifier.send(mirror({}), options);
  await update(first?.externalId ?? '', { topic: 'resolved', status: 'resolved' });
  const reopened = { topic: 'reopened', status: 'acknowledged' } as const;
  const second = await update(first?.externalId ?? '', reopened);
  expect(second).toEqual({ externalId: platform.alerts[1]?.id });
  await expect(update(first?.externalId ?? '', reopened)).resolves.toEqual(second);
  expect(platform.alerts).toMatchObject([{ status: 'closed' }, { status: 'open', acknowledged: true, count: 1 }]);
});

test('a canary asks something, and pages nobody', async () => {
  const { platform, notifier } = await account();
  await notifier.send(messageWith({ to, purpose: 'canary' }), options);
  expect(platform.asked).toEqual([{ method: 'GET', path: '/v2/alerts/count', body: '' }]);
  const wrong = opsgenieNotifier({ apiKeys: { default: 'another-key-of-16' }, baseUrl: platform.baseUrl });
  await expect(wrong.send(messageWith({ to, purpose: 'canary' }), options)).rejects.toMatchObject({
    details: { permanent: true },
  });
});

test.each([
  [{ 'x-ratelimit-period-in-sec': '60', 'x-ratelimit-state': 'THROTTLED' }, 60_000],
  [{ 'x-ratelimit-period-in-sec': '60', 'retry-after': '7' }, 7_000],
])('whoever asks too often waits for %j', async (headers, retryAfterMs) => {
  const { platform, notifier } = await account();
  platform.overrule({ status: 429, headers, body: {} });
  await expect(notifier.send(mirror({}), options)).rejects.toMatchObject({ details: { retryAfterMs } });
});

test('an account that is not there is no alert that is not there', async () => {
  const { platform, notifier } = await account();
  platform.overrule({ status: 404, body: { message: 'Not found' } });
  const gone = { details: { permanent: true, status: 404 } };
  await expect(notifier.send(mirror({}), options)).rejects.toMatchObject(gone);
  await expect(notifier.send(mirror({ purpose: 'canary' }), options)).rejects.toMatchObject(gone);
});

test('an alert that could not be made is tried again, and says why', async () => {
  const { platform, notifier } = await account();
  platform.overrule({ status: 200, body: { requestId: 'r', data: { isSuccess: false, status: 'No integration' } } });
  await expect(notifier.send(mirror({}), options)).rejects.toMatchObject({
    message: expect.stringContaining('No integration'),
    details: { permanent: false },
  });
});
