/**
 * The PagerDuty notifier and the source of its webhooks, against a server that behaves as PagerDuty documents.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AlertEvent } from '../../src/model/alert.ts';
import type { Message } from '../../src/model/message.ts';
import { pagerDutyNotifier } from '../../src/notifiers/pagerduty.ts';
import { pagerDutyWebhooks, verifyPagerDutyWebhook } from '../../src/sources/pagerduty-webhooks.ts';
import { type NotifierFixture, testNotifier } from '../../src/testing/index.ts';
import { type PlatformOptions, pagerDutyServer } from '../support/platforms/pagerduty.ts';
import { messageWith, patient } from './message.ts';
import { bitten, SEND_SABOTEURS, UPDATE_SABOTEURS } from './saboteurs.ts';

const routingKey = 'a1b2c3d4e5f6a7b8c9d0a1b2c3d4s3cr';
const token = 'u+s3cretT0ken';
const secret = 'lDQHScfUeXUKaQRNF+8XIiDKZ7XX3itB';
const integration = 'PXMQRWJ';
const key = 'tocsin:default:inc-1';

const messageTo = (changes: Partial<Message> = {}) =>
  messageWith({ to: { contact: 'pagerduty', address: 'default' }, ...changes });
const mirror = (topic: string, status: Message['status'], changes: Partial<Message> = {}) =>
  messageTo({ purpose: 'mirror', topic, status, ...changes });

/** An account of one service, our notifier, and what its webhooks say to us. */
async function account(options: Partial<PlatformOptions> = {}, withRest = true) {
  const heard: AlertEvent[] = [];
  const source = pagerDutyWebhooks({ users: { PANA001: 'ana' }, ours: [integration] });
  const server = await pagerDutyServer({
    routingKeys: { [routingKey]: 'PSVC001' },
    token,
    secrets: ['the secret that is being replaced', secret],
    onWebhook(webhook) {
      const verified = verifyPagerDutyWebhook({ ...webhook, secrets: [secret] });
      if (!verified.ok) throw new Error(verified.reason);
      heard.push(...source.parse(verified.text, webhook.headers));
    },
    ...options,
  });
  onTestFinished(() => server.close());
  const rest = { token, from: 'bot@acme.example' };
  const notifier = pagerDutyNotifier({
    routingKeys: { default: routingKey },
    ...server.urls,
    ...(withRest ? { rest } : {}),
  });
  let deliveries = 0;
  const news = () => heard.splice(0).map(({ action, external }) => [action, external?.change, external?.by]);
  return {
    server,
    notifier,
    news,
    heard,
    send: async (message: Message) =>
      await notifier.send(message, { idempotencyKey: `d${++deliveries}`, signal: patient }),
    update: async (id: string, message: Message) =>
      await notifier.update?.(id, message, { idempotencyKey: `d${++deliveries}`, signal: patient }),
  };
}

describe('the promises of the port', () => {
  const opens = (withRest: boolean) => async (): Promise<NotifierFixture> => {
    const server = await pagerDutyServer({ routingKeys: { [routingKey]: 'PSVC001' }, token });
    const notifier = pagerDutyNotifier({
      routingKeys: { default: routingKey },
      ...server.urls,
      ...(withRest ? { rest: { token, from: 'bot@acme.example' } } : {}),
    });
    const attempts: string[] = [];
    server.onEvent((text) => attempts.push(text));
    return {
      notifier,
      message: messageTo(),
      answer: server.answer,
      // Many deliveries are about one incident, whose key is all that PagerDuty knows them by.
      received: () => attempts.map((text) => ({ text })),
      shown: () => server.incidents.map(({ title, status, notes }) => [status, title, ...notes].join('\n')),
      busyMs: server.busyMs,
      secrets: [routingKey, token],
      close: server.close,
    };
  };

  describe('without the REST API', () => {
    expect(testNotifier(test, opens(false), { updates: true })).toEqual([]);
  });

  describe('with the REST API', () => {
    expect(testNotifier(test, opens(true), { updates: true })).toEqual([]);
  });

  test.each([...SEND_SABOTEURS, ...UPDATE_SABOTEURS])(
    '$promise a notifier that $does is found out',
    async (saboteur) => {
      expect(await bitten(saboteur, opens(false), { updates: true })).not.toEqual([]);
    },
  );
});

describe('an incident and its mirror', () => {
  test('live one life, and what we did ourselves is no news', async () => {
    const { server, send, update, news } = await account();
    const sent = await send(mirror('opened', 'triggered'));
    const id = server.incidents[0]!.id;
    expect(sent).toEqual({ externalId: id, url: `https://acme.pagerduty.com/incidents/${id}` });
    expect(server.incidents).toMatchObject([
      { key, title: 'Database is down', status: 'triggered', severity: 'critical' },
    ]);
    expect(news()).toEqual([['change', 'other', undefined]]);

    await update(id, mirror('acknowledged', 'acknowledged'));
    expect(server.incidents[0]!.status).toBe('acknowledged');
    await update(id, mirror('note', 'acknowledged', { body: 'Rolled back' }));
    expect(server.incidents[0]!.notes).toEqual([expect.stringMatching(/^Rolled back\n\(Tocsin .{12}\)$/)]);
    await update(id, mirror('severity', 'acknowledged', { severity: 'SEV3', title: 'Database was slow' }));
    expect(server.incidents[0]).toMatchObject({
      severity: 'warning',
      status: 'acknowledged',
      triggers: ['Database is down', 'Database was slow'],
    });
    await update(id, mirror('resolved', 'resolved'));
    expect(server.incidents).toMatchObject([{ status: 'resolved' }]);
    expect(new Set(news().map(([action]) => action))).toEqual(new Set(['change']));
    expect(server.paged).toEqual(['Database is down']);
  });

  test('what a person does there comes back as theirs', async () => {
    const { server, send, news, heard } = await account();
    const id = (await send(mirror('opened', 'triggered')))?.externalId ?? '';
    news();
    server.act(id, 'acknowledge', 'PANA001');
    expect(heard[0]).toMatchObject({
      dedupKey: id,
      external: { platform: 'pagerduty', ids: [id] },
      deliveryId: /^01PD/,
    });
    server.act(id, 'unacknowledge', 'PBEA001');
    server.act(id, 'resolve', 'PANA001');
    server.act(id, 'reopen', 'PANA001');
    expect(news()).toEqual([
      ['acknowledge', 'acknowledged', 'ana'],
      ['trigger', 'unacknowledged', undefined],
      ['resolve', 'resolved', 'ana'],
      ['trigger', 'reopened', 'ana'],
    ]);
  });

  test('where incidents have a key of their own it comes back beside the id', async () => {
    const { server, send, heard } = await account({ makesAlerts: false }, false);
    expect(await send(mirror('opened', 'triggered'))).toEqual({ externalId: key });
    server.act(server.incidents[0]!.id, 'acknowledge', 'PANA001');
    expect(heard.at(-1)?.external?.ids).toEqual([server.incidents[0]!.id, key]);
  });

  test('an incident that is acknowledged already stays acknowledged there, however often it is said', async () => {
    const { server, send } = await account();
    for (const _ of [1, 2]) await send(mirror('opened', 'acknowledged'));
    expect(server.incidents).toMatchObject([{ status: 'acknowledged' }]);
    expect(server.paged).toHaveLength(1);
  });

  test('an incident that is resolved already makes none', async () => {
    const { server, send } = await account();
    expect(await send(mirror('opened', 'resolved'))).toBeUndefined();
    expect(server.incidents).toEqual([]);
  });

  test('an incident whose first answer was lost ends with ours', async () => {
    const { server, notifier, send } = await account({}, false);
    const controller = new AbortController();
    server.onEvent(() => controller.abort());
    const lost = notifier.send(mirror('opened', 'triggered'), { idempotencyKey: 'd0', signal: controller.signal });
    await expect(lost).rejects.toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: false } });
    server.onEvent(() => {});
    await send(mirror('opened', 'resolved'));
    expect(server.incidents.filter(({ status }) => status !== 'resolved')).toEqual([]);
  });

  test('after its end a new trigger makes a new incident, which an update finds', async () => {
    const { server, send, update } = await account();
    const first = (await send(mirror('opened', 'triggered')))?.externalId ?? '';
    await update(first, mirror('resolved', 'resolved'));
    const again = await update(first, mirror('reopened', 'triggered'));
    expect(server.incidents.map(({ status }) => status)).toEqual(['resolved', 'triggered']);
    expect(again).toMatchObject({ externalId: server.incidents[1]!.id });
    await update(first, mirror('note', 'triggered', { body: 'Here again' }));
    expect(server.incidents.map(({ notes }) => notes.length)).toEqual([0, 1]);
  });

  test('a note never opens again what somebody has resolved there', async () => {
    const { server, send, update } = await account();
    const id = (await send(mirror('opened', 'triggered')))?.externalId ?? '';
    server.act(id, 'resolve', 'PANA001');
    await update(id, mirror('note', 'triggered', { body: 'Still looking' }));
    expect(server.incidents).toMatchObject([{ status: 'resolved', notes: [expect.stringMatching(/^Still looking/)] }]);
  });

  test('an acknowledgement that we take back triggers again and leaves a note, for no event can take it back', async () => {
    const { server, send, update } = await account();
    const id = (await send(mirror('opened', 'acknowledged')))?.externalId ?? '';
    await update(id, mirror('unacknowledged', 'triggered', { title: 'Ana gave it back' }));
    expect(server.incidents).toMatchObject([
      {
        status: 'acknowledged',
        triggers: [expect.any(String), 'Ana gave it back'],
        notes: [expect.stringMatching(/^Ana gave/)],
      },
    ]);
  });

  test('an incident that shows late is known by its key at first, and found by the next update', async () => {
    const { server, send, update } = await account({ isLate: true });
    expect(await send(mirror('opened', 'triggered'))).toEqual({ externalId: key });
    const note = mirror('note', 'triggered', { body: 'Looking' });
    await expect(update(key, note)).rejects.toMatchObject({ details: { permanent: false } });
    server.settle();
    expect(await update(key, note)).toMatchObject({ externalId: server.incidents[0]!.id });
    expect(server.incidents[0]!.notes).toHaveLength(1);
  });

  test('the same note is added once, however often its answer is lost', async () => {
    const { server, notifier, send } = await account();
    const id = (await send(mirror('opened', 'triggered')))?.externalId ?? '';
    const note = mirror('note', 'triggered', { body: 'Once' });
    for (const _ of [1, 2, 3]) await notifier.update?.(id, note, { idempotencyKey: 'note-1', signal: patient });
    expect(server.incidents[0]!.notes).toHaveLength(1);
  });

  test('news in any order end where our incident is', async () => {
    const { server, send, update } = await account();
    const id = (await send(mirror('severity', 'resolved')))?.externalId ?? key;
    await update(id, mirror('acknowledged', 'resolved'));
    await update(id, mirror('opened', 'resolved'));
    expect(server.incidents).toEqual([]);
    expect(server.paged).toEqual([]);
  });

  test('a canary pages nobody', async () => {
    const { server, send, news } = await account();
    expect(await send(messageTo({ purpose: 'canary', title: 'Can you hear me?' }))).toBeUndefined();
    expect([server.changes, server.incidents, server.paged, news()]).toEqual([['Can you hear me?'], [], [], []]);
  });

  test('a routing key that PagerDuty does not know is permanent, and stays secret', async () => {
    const { server } = await account();
    const notifier = pagerDutyNotifier({ routingKeys: { default: 'f'.repeat(32) }, ...server.urls });
    const sending = notifier.send(messageTo(), { idempotencyKey: 'd1', signal: patient });
    await expect(sending).rejects.toMatchObject({
      message: `Cannot deliver to ${server.urls.eventsUrl}: it answered 400 ({"status":"invalid event","message":"Event object is invalid","errors":["Invalid routing key"]}). Mend the address or the receiver.`,
      details: { permanent: true },
    });
  });

  test('a REST API that is too busy for a note says for how long', async () => {
    const { server, send, update } = await account();
    const id = (await send(mirror('opened', 'triggered')))?.externalId ?? '';
    server.answer('busy');
    const noting = update(id, mirror('note', 'triggered', { body: 'Later' }));
    await expect(noting).rejects.toMatchObject({ details: { permanent: false, retryAfterMs: server.busyMs } });
  });
});

describe('the server of the tests forgives nothing', () => {
  const enqueue = async (event: object) => {
    const { server } = await account();
    const answer = await fetch(`${server.urls.eventsUrl}/v2/enqueue`, { method: 'POST', body: JSON.stringify(event) });
    return [answer.status, server.incidents.length];
  };
  const payload = { summary: 'x', source: 'x', severity: 'info' };
  const event = { routing_key: routingKey, event_action: 'trigger', dedup_key: 'k', payload };

  test.each([
    ['an event as documented', {}, 202, 1],
    ['a summary of 1,024 characters', { payload: { ...payload, summary: '👍'.repeat(1_024) } }, 202, 1],
    ['a summary of 1,025', { payload: { ...payload, summary: 'x'.repeat(1_025) } }, 400, 0],
    ['no source', { payload: { ...payload, source: undefined } }, 400, 0],
    ['a severity of its own', { payload: { ...payload, severity: 'SEV1' } }, 400, 0],
    ['a key of 256 characters', { dedup_key: 'x'.repeat(256) }, 400, 0],
    ['an action of its own', { event_action: 'unacknowledge' }, 400, 0],
    ['a link without an address', { links: [{ text: 'x' }] }, 400, 0],
    ['half a megabyte and more', { payload: { ...payload, custom_details: { x: 'x'.repeat(512 * 1_024) } } }, 413, 0],
    ['an acknowledgement of what is not there', { event_action: 'acknowledge', payload: undefined }, 202, 0],
  ])('%s', async (_, changes, status, incidents) => {
    expect(await enqueue({ ...event, ...changes })).toEqual([status, incidents]);
  });

  test.each([
    ['as documented', {}, 201],
    ['without a user', { from: '' }, 400],
    ['without a version', { accept: 'application/json' }, 400],
    ['with another token', { authorization: 'Token token=x' }, 401],
  ])('a note %s', async (_, changes, status) => {
    const { server, send } = await account();
    const id = (await send(messageTo()))?.externalId;
    const headers = {
      accept: 'application/vnd.pagerduty+json;version=2',
      authorization: `Token token=${token}`,
      from: 'a@b',
    };
    const answer = await fetch(`${server.urls.restUrl}/incidents/${id}/notes`, {
      method: 'POST',
      headers: { ...headers, ...changes },
      body: JSON.stringify({ note: { content: 'x' } }),
    });
    expect(answer.status).toBe(status);
  });
});
