/**
 * The Rootly notifier against a real HTTP server that behaves as Rootly documents it.
 */
import { expect, onTestFinished, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { type RootlyNotifierOptions, rootlyNotifier } from '../../src/notifiers/rootly.ts';
import { rootlyWebhooks, verifyRootlyWebhook } from '../../src/sources/rootly-webhooks.ts';
import { type RootlyPlatformOptions, rootlyPlatform } from '../support/platforms/rootly.ts';
import { messageWith, patient } from './message.ts';

const token = 'rootly_0123456789abcdef';
const secret = 'signing secret of the endpoint';
const key = 'tocsin:default:inc-1';
const options = { idempotencyKey: 'k1', signal: patient };
const to = { contact: 'rootly', address: 'Service:s-1' };
const mirror = (changes: Partial<Message>) =>
  messageWith({ to, purpose: 'mirror', topic: 'opened', status: 'triggered', ...changes });

async function account(more: Partial<RootlyNotifierOptions> = {}, given: Partial<RootlyPlatformOptions> = {}) {
  const platform = await rootlyPlatform({ token, secret, ...given });
  onTestFinished(() => platform.close());
  const notifier = rootlyNotifier({ token, baseUrl: platform.baseUrl, ...more });
  const update = async (externalId: string, changes: Partial<Message>) =>
    await notifier.update?.(externalId, mirror(changes), options);
  return { platform, notifier, update };
}

/** What is heard of signed webhooks: who did what. */
function listening() {
  const heard: unknown[] = [];
  const source = rootlyWebhooks({ users: { 'lee@example.org': 'lee' } });
  const onWebhook: RootlyPlatformOptions['onWebhook'] = ({ headers, body }) => {
    const nowMs = Number(/t=(\d+)/.exec(headers['x-rootly-signature'] ?? '')?.[1]) * 1_000;
    const outcome = verifyRootlyWebhook({ headers, body, secrets: [secret], nowMs });
    if (!outcome.ok) throw new Error(outcome.reason);
    for (const { action, external } of source.parse(outcome.text)) heard.push([action, external?.change, external?.by]);
  };
  return { heard, onWebhook };
}

test('a whole life as an alert: opened, acknowledged, noted, made worse, unacknowledged, resolved', async () => {
  const { heard, onWebhook } = listening();
  const { platform, notifier, update } = await account({ urgencies: { high: 'u-high', low: 'u-low' } }, { onWebhook });
  const sent = await notifier.send(mirror({}), options);
  const [alert] = platform.records;
  const id = sent?.externalId ?? '';
  expect(sent).toEqual({ externalId: alert?.id, url: alert?.attributes.url });
  expect(alert?.attributes).toMatchObject({
    source: 'api',
    status: 'triggered',
    summary: 'Database is down',
    description: 'Database is down\nSEV1 · Checkout',
    external_id: key,
    deduplication_key: key,
    alert_urgency_id: 'u-high',
    notification_target_type: 'Service',
    notification_target_id: 's-1',
  });

  await update(id, { topic: 'acknowledged', status: 'acknowledged' });
  await update(id, { topic: 'note', status: 'acknowledged', body: 'Failing over' });
  expect(alert).toMatchObject({
    attributes: { status: 'acknowledged' },
    events: [{ kind: 'note', details: 'Failing over' }],
  });
  await update(id, { topic: 'severity', status: 'acknowledged', urgency: 'low', title: 'Database is slow' });
  expect(alert?.attributes).toMatchObject({
    alert_urgency_id: 'u-low',
    summary: 'Database is slow',
    status: 'acknowledged',
  });
  // Rootly has no way back.
  await update(id, { topic: 'unacknowledged', urgency: 'low', title: 'Database is slow' });
  expect(alert?.attributes.status).toBe('acknowledged');
  await update(id, { topic: 'resolved', status: 'resolved' });
  expect(alert?.attributes.status).toBe('resolved');
  expect(platform.records).toHaveLength(1);
  expect(heard[0]).toEqual(['change', 'other', undefined]);
});

test('a whole life as an incident', async () => {
  const { platform, notifier, update } = await account({ as: 'incident', severities: { SEV1: 's1', SEV3: 's3' } });
  const sent = await notifier.send(mirror({}), options);
  const id = sent?.externalId ?? '';
  const [incident] = platform.records;
  expect(incident?.attributes).toMatchObject({
    title: 'Database is down',
    status: 'started',
    severity_id: 's1',
    service_ids: ['s-1'],
    labels: { tocsin: key },
  });
  await update(id, { topic: 'acknowledged', status: 'acknowledged' });
  expect(incident?.attributes.status).toBe('acknowledged');
  await update(id, { topic: 'update', status: 'acknowledged', body: 'Half done' });
  expect(incident?.events).toEqual([{ event: 'Half done', visibility: 'internal' }]);
  await update(id, { topic: 'severity', status: 'acknowledged', severity: 'SEV3' });
  expect(incident?.attributes.severity_id).toBe('s3');
  await update(id, { topic: 'unacknowledged', severity: 'SEV3' });
  expect(incident?.attributes.status).toBe('started');
  await update(id, { topic: 'resolved', status: 'resolved' });
  expect(incident?.attributes.status).toBe('resolved');
  await expect(update(id, { topic: 'reopened', status: 'acknowledged' })).resolves.toMatchObject({ externalId: id });
  expect(incident?.attributes.status).toBe('acknowledged');
  expect(platform.records).toHaveLength(1);
});

test('what people do there is told, and who did it', async () => {
  const { heard, onWebhook } = listening();
  const { platform, notifier } = await account({ as: 'incident' }, { onWebhook });
  const { externalId = '' } = (await notifier.send(mirror({}), options)) ?? {};
  for (const status of ['acknowledged', 'mitigated', 'resolved'] as const)
    platform.person('lee@example.org', status, externalId);
  expect(heard).toEqual([
    ['change', 'other', undefined],
    ['acknowledge', 'acknowledged', 'lee'],
    ['acknowledge', 'acknowledged', 'lee'],
    ['resolve', 'resolved', 'lee'],
  ]);
});

test.each(['alert', 'incident'] as const)('a second attempt finds the %s that the first has left', async (as) => {
  const { platform, notifier, update } = await account({ as });
  const first = await notifier.send(mirror({}), options);
  await expect(notifier.send(mirror({ status: 'acknowledged' }), options)).resolves.toEqual(first);
  expect(platform.records).toMatchObject([{ repeats: 0, attributes: { status: 'acknowledged' } }]);
  const note = { topic: 'note', body: 'On it', status: 'acknowledged' } as const;
  await update(first?.externalId ?? '', note);
  await update(first?.externalId ?? '', note);
  expect(platform.records[0]?.events).toHaveLength(1);
});

test.each(['alert', 'incident'] as const)(
  'what is over creates no %s, and ends what a lost answer has left',
  async (as) => {
    const { platform, notifier } = await account({ as });
    const over = mirror({ topic: 'resolved', status: 'resolved' });
    await expect(notifier.send(over, options)).resolves.toBeUndefined();
    expect(platform.records).toEqual([]);
    await notifier.send(mirror({}), options);
    await notifier.send(over, options);
    expect(platform.records).toMatchObject([{ attributes: { status: 'resolved' } }]);
  },
);

test('an incident that is acknowledged already is never left waiting there', async () => {
  for (const as of ['alert', 'incident'] as const) {
    const { platform, notifier } = await account({ as });
    await notifier.send(mirror({ status: 'acknowledged' }), options);
    expect(platform.records).toMatchObject([{ attributes: { status: 'acknowledged' } }]);
  }
});

test('what people have resolved there stays so, unless the incident is reopened: then there is one new alert', async () => {
  const { platform, notifier, update } = await account();
  const { externalId: id = '' } = (await notifier.send(mirror({}), options)) ?? {};
  platform.person('lee@example.org', 'resolved', id);
  await update(id, { topic: 'severity', title: 'Worse' });
  await update(id, { topic: 'acknowledged', status: 'acknowledged' });
  expect(platform.records).toMatchObject([{ attributes: { status: 'resolved', summary: 'Database is down' } }]);
  const second = await update(id, { topic: 'reopened' });
  await expect(update(id, { topic: 'reopened' })).resolves.toEqual(second);
  expect(platform.records).toMatchObject([{ id }, { id: second?.externalId, attributes: { status: 'triggered' } }]);
});

test('news that it was reopened make nothing anew when it is over again by then', async () => {
  const { platform, notifier, update } = await account();
  const { externalId: id = '' } = (await notifier.send(mirror({}), options)) ?? {};
  await update(id, { topic: 'resolved', status: 'resolved' });
  await expect(update(id, { topic: 'reopened', status: 'resolved' })).resolves.toMatchObject({ externalId: id });
  expect(platform.records).toMatchObject([{ id, attributes: { status: 'resolved' } }]);
});

test('nobody is asked for an address that says so', async () => {
  const { platform, notifier } = await account();
  await notifier.send(mirror({ to: { contact: 'rootly', address: 'none' } }), options);
  expect(platform.records[0]?.attributes).not.toHaveProperty('notification_target_type');
  expect(platform.records[0]?.attributes.status).toBe('open');
});

test('a canary reads a list, and creates nothing', async () => {
  const { platform, notifier } = await account();
  await notifier.send(messageWith({ to, purpose: 'canary' }), options);
  expect(platform.asked).toEqual([{ method: 'GET', path: '/v1/alerts?page[size]=1', body: '' }]);
  const wrong = rootlyNotifier({ token: 'rootly_another_token', baseUrl: platform.baseUrl });
  await expect(wrong.send(messageWith({ to, purpose: 'canary' }), options)).rejects.toMatchObject({
    details: { permanent: true },
  });
});
