/**
 * What a push service is asked, what a service worker reads, and what answers mean.
 */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import webPush from 'web-push';
import type { Message, MessagePurpose } from '../../src/model/message.ts';
import { notificationOf } from '../../src/notifiers/web-push/notification.ts';
import { topicOf } from '../../src/notifiers/web-push/topic.ts';
import { type WebPush, type WebPushNotifierOptions, webPushNotifier } from '../../src/notifiers/web-push.ts';
import { sampleMessage, testNotifier } from '../../src/testing/index.ts';
import { strangers, UNWANTED } from '../core/text/strangers.ts';
import { type Call, type Channel, failureOf, opens, recording } from './channel.ts';
import { messageWith, patient } from './message.ts';
import { bitten, SEND_SABOTEURS } from './saboteurs.ts';
import { openPush, pushSubscription } from './web-push-receiver.ts';

const vapid = { subject: 'mailto:ops@example.com', ...webPush.generateVAPIDKeys() };
const secretPath = 'fL3x-s3cretRegistration:APA91b';
const endpoint = `https://push.example/send/${secretPath}`;
const browser = pushSubscription(endpoint);
const { address } = browser;
const to = { contact: 'web-push', address };
const message = messageWith({ to });
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };

function bytesOf(body: unknown): Buffer {
  return Buffer.from(body as Uint8Array);
}

function service(answer: () => Response = () => new Response(null, { status: 201 }), more: object = {}) {
  const { calls, fetch } = recording(answer, bytesOf);
  return { calls, notifier: webPushNotifier({ webPush, vapid, fetch, ...more }) };
}

async function callOf(changes: Partial<Message>, more: object = {}, given = options): Promise<Call<Buffer>> {
  const { calls, notifier } = service(undefined, more);
  await notifier.send({ ...message, ...changes }, given);
  return (calls as [Call<Buffer>])[0];
}

const notification = (changes: Partial<Message>) => JSON.parse(notificationOf({ ...message, ...changes }));
const STATUS = { fails: 502, refuses: 410, busy: 429 } as const;
const secrets = [vapid.privateKey, secretPath, browser.keys.auth, browser.keys.p256dh];

/** A push service that repeats what it was asked in its errors. */
const channel: Channel<Buffer> = {
  notifier: (fetch) => webPushNotifier({ webPush, vapid, fetch }),
  message: sampleMessage({ title: 'Disk full', to }),
  secrets,
  busyMs: 30_000,
  read: bytesOf,
  text: (body) => openPush(browser, body),
  take: () => new Response(null, { status: 201 }),
  refuse: (how, { url, headers }) =>
    new Response(`no ${secretPath} ${url} ${headers.get('authorization')} ${secrets.join(' ')}`, {
      status: STATUS[how],
      headers: how === 'busy' ? { 'retry-after': '30' } : {},
    }),
};

describe('the promises of the port', () => {
  expect(testNotifier(test, opens(channel))).toEqual([]);

  test.each(SEND_SABOTEURS)('$promise a notifier that $does is found out', async (saboteur) => {
    expect(await bitten(saboteur, opens(channel))).not.toEqual([]);
  });
});

describe('what is sent', () => {
  test('what only this browser can read, with what the push service has to know', async () => {
    const { url, headers, body } = await callOf({});
    expect(url).toBe(endpoint);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
      ttl: '3600',
      urgency: 'high',
      topic: expect.stringMatching(/^[\w-]{32}$/),
      authorization: expect.stringMatching(/^vapid t=\S+, k=[\w-]{87}$/),
    });
    expect(body.includes('Database')).toBe(false);
    expect(JSON.parse(openPush(browser, body))).toEqual(notification({}));
  });

  test('a message that is not urgent, kept as long as was said', async () => {
    const { headers } = await callOf({ urgency: 'low' }, { ttl: 60 });
    expect([headers.get('urgency'), headers.get('ttl')]).toEqual(['normal', '60']);
  });

  test('what a service worker reads', () => {
    const actions = [
      { id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a?b=1' },
      { id: 'escalate', label: 'Escalate', url: 'javascript:alert(1)' },
    ] as const;
    const links = [{ href: 'ftp://a.example' }, { href: 'https://ops.example/i/1' }, { href: 'https://b.example' }];
    const bundle = [
      { deliveryId: 'd1', title: 'API\ndown', urgency: 'high' as const, line: 'SEV2 · API' },
      { deliveryId: 'd2', title: 'Mail', urgency: 'low' as const },
    ];
    expect(notification({ body: 'a < b\nc', actions, links, bundle, status: 'triggered', topic: 'opened' })).toEqual({
      title: 'Database is down',
      lines: ['SEV1 · Checkout', '- API down (SEV2 · API)', '- Mail'],
      body: 'a < b\nc',
      urgency: 'high',
      deliveryId: 'inc-1:4:1',
      incidentId: 'inc-1',
      tag: 'inc-1',
      status: 'triggered',
      topic: 'opened',
      actions: [
        { id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a?b=1' },
        { id: 'escalate', label: 'Escalate' },
      ],
      url: 'https://ops.example/i/1',
    });
  });

  test('a message about no incident takes the place of none', () => {
    expect(notification({ incidentId: undefined })).toMatchObject({ tag: 'inc-1:4:1' });
    expect(notification({ incidentId: undefined })).not.toHaveProperty('incidentId');
  });

  test('what does not fit goes in its order: the body, then the bundle, then lines', () => {
    const bundle = Array.from({ length: 30 }, (_, n) => ({
      deliveryId: `d${n}`,
      title: `Item ${n} ${'x'.repeat(200)}`,
      urgency: 'low' as const,
    }));
    const body = notification({ body: 'ü'.repeat(9_000), bundle: bundle.slice(0, 2) });
    expect(body.lines).toHaveLength(3);
    expect(body.body).toMatch(/^ü{1000,}…$/);
    const listed = notification({ bundle });
    expect(listed.lines.at(-1)).toBe(`and ${30 - (listed.lines.length - 2)} more`);
    expect(listed.lines.length).toBeGreaterThan(15);
    const lines = notification({
      lines: Array.from({ length: 40 }, () => '磁'.repeat(300)),
      body: 'b'.repeat(900),
      bundle,
    });
    expect(lines.lines.filter((line: string) => line.startsWith('磁'))).toHaveLength(4);
    const ids = 'i'.repeat(5_000);
    expect(notification({ incidentId: ids, deliveryId: ids })).toEqual({
      title: message.title,
      lines: message.lines,
      actions: [],
    });
  });

  test('each push service is a provider of its own', () => {
    const { notifier } = service();
    expect([notifier.provider?.(address), notifier.provider?.('x')]).toEqual(['https://push.example', '']);
  });
});

describe('what takes the place of what a push service still keeps', () => {
  const acknowledge = { id: 'acknowledge', label: 'Acknowledge' } as const;
  const page = { ...message, actions: [acknowledge] };
  const topic = (changes: Partial<Message>, key = 'k1') => topicOf({ ...page, ...changes }, key);

  test('a later page of the same incident, as urgent, that asks the same', () => {
    const later: Partial<Message> = { purpose: 'reminder', deliveryId: 'inc-1:9:1', title: 'Still open', step: 2 };
    expect(topic(later, 'k2')).toBe(topic({}));
    expect(topic({})).toMatch(/^[\w-]{32}$/);
  });

  test.each<[string, Partial<Message>]>([
    ['of another incident', { incidentId: 'inc-2' }],
    ['of another tenant', { tenant: 'other' }],
    ['less urgent', { urgency: 'low' }],
    ['that asks for something else', { actions: [{ id: 'accept', label: 'Accept' }] }],
    ['that asks for nothing', { actions: [] }],
    ['of several incidents', { incidentId: undefined }],
    ['in which others are bundled', { bundle: [{ deliveryId: 'd', title: 'x', urgency: 'high' }] }],
  ])('not a page %s', (_, changes) => {
    expect(topic(changes, 'k2')).not.toBe(topic({}));
  });

  test.each<MessagePurpose>([
    'responder',
    'notice',
    'summary',
    'verification',
    'canary',
    'emergency',
    'update',
    'mirror',
  ])('not a message for the reason %s, which has a topic of its own for all its attempts', (purpose) => {
    expect(topic({ purpose }, 'k2')).not.toBe(topic({}));
    expect(topic({ purpose }, 'k2')).not.toBe(topic({ purpose }, 'k3'));
    expect(topic({ purpose }, 'k2')).toBe(topic({ purpose }, 'k2'));
  });
});

describe('what a stranger writes', () => {
  const long = fc.oneof(
    { weight: 4, arbitrary: strangers },
    fc.tuple(strangers, fc.integer({ min: 1, max: 900 })).map(([text, times]) => `x${text}`.repeat(times)),
  );
  const hrefs = fc.oneof(
    strangers,
    strangers.map((text) => `https://a.example/${text.replaceAll(/\s/g, '')}`),
  );
  const actions = fc.array(fc.record({ id: fc.constant('snooze' as const), label: long, url: hrefs }), {
    maxLength: 5,
  });
  const messages = fc.record({
    title: long,
    body: fc.option(long, { nil: undefined }),
    lines: fc.array(long, { maxLength: 12 }),
    links: fc.array(fc.record({ href: hrefs }), { maxLength: 3 }),
    actions,
    incidentId: fc.option(long, { nil: undefined }),
    moreText: fc.oneof(fc.constant('and {n} more'), strangers),
    bundle: fc.option(
      fc.array(fc.record({ deliveryId: strangers, title: long, line: long, urgency: fc.constant('low' as const) }), {
        maxLength: 40,
      }),
      { nil: undefined },
    ),
  });

  test('is clean text, and all of it fits into one record', () => {
    fc.assert(
      fc.property(messages, (changes) => {
        const json = notificationOf({ ...message, ...changes });
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(3_993);
        const { title, lines, body = '', url = 'https://a.example', actions: given } = JSON.parse(json);
        expect(title.length).toBeGreaterThan(0);
        for (const text of [title, body, ...lines]) {
          expect(text).not.toMatch(UNWANTED);
          expect(text.isWellFormed()).toBe(true);
        }
        for (const href of [url, ...given.flatMap((action: { url?: string }) => action.url ?? [])]) {
          expect(href).toMatch(/^https?:\/\/\S+$/i);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the largest notification is encrypted into the largest record that push services take', async () => {
    const { body } = await callOf({ body: 'b'.repeat(9_000) });
    expect(body).toHaveLength(4_096);
  });
});

describe('what an answer means', () => {
  test.each([200, 201, 202])('%i is sent', async (status) => {
    const { notifier } = service(() => new Response(null, { status }));
    await expect(notifier.send(message, options)).resolves.toBeUndefined();
  });
});

describe('what is refused at once', () => {
  const other = webPush.generateVAPIDKeys();

  test.each<[string, string, object]>([
    ['/webPush', 'no package', { webPush: {} }],
    ['/webPush', 'no package at all', { webPush: undefined }],
    ['/vapid/subject', 'a subject that nobody can be reached at', { vapid: { ...vapid, subject: 'ops@example.com' } }],
    ['/vapid/subject', 'a subject with a space', { vapid: { ...vapid, subject: 'mailto: ops@example.com' } }],
    ['/vapid', 'a public key of another pair', { vapid: { ...vapid, publicKey: other.publicKey } }],
    ['/vapid', 'a private key that is cut off', { vapid: { ...vapid, privateKey: vapid.privateKey.slice(1) } }],
    ['/vapid', 'a private key with a line break', { vapid: { ...vapid, privateKey: `${vapid.privateKey}\n` } }],
    ['/vapid', 'a private key that is no number of the curve', { vapid: { ...vapid, privateKey: 'A'.repeat(43) } }],
    ['/vapid/subject', 'no keys at all', { vapid: undefined }],
    ['/ttl', 'a negative ttl', { ttl: -1 }],
    ['/ttl', 'a ttl of more than four weeks', { ttl: 2_419_201 }],
    ['/ttl', 'a ttl that is no whole number', { ttl: 1.5 }],
  ])('%s: %s', (path, _, wrong) => {
    const error = (() => {
      try {
        return webPushNotifier({ webPush, vapid, ...wrong } as WebPushNotifierOptions);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ code: 'INPUT_INVALID', details: { problems: [{ path }] } });
    expect(inspect(error)).not.toContain(vapid.privateKey.slice(1));
  });

  test('an option that is not known', () => {
    const given = { webPush, vapid, TTL: 5 } as WebPushNotifierOptions;
    expect(() => webPushNotifier(given)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  const { auth, p256dh } = browser.keys;
  test.each([
    '',
    'null',
    endpoint,
    JSON.stringify({ endpoint }),
    JSON.stringify({ endpoint: 'push', keys: { auth, p256dh } }),
    JSON.stringify({ endpoint: endpoint.replace('https', 'http'), keys: { auth, p256dh } }),
    JSON.stringify({ endpoint: endpoint.replace('//', '//user:secret@'), keys: { auth, p256dh } }),
    JSON.stringify({ endpoint, keys: { auth: auth.slice(1), p256dh } }),
    JSON.stringify({ endpoint, keys: { auth, p256dh: `${p256dh.slice(0, -1)}+` } }),
    JSON.stringify({ endpoint, keys: { auth, p256dh: 5 } }),
    JSON.stringify({ endpoint, keys: { auth, p256dh: `B${'A'.repeat(86)}` } }),
  ])('the address %s, permanently', async (wrong) => {
    const { calls, notifier } = service();
    const error = await failureOf(notifier.send({ ...message, to: { ...to, address: wrong } }, options));
    expect(error).toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: true } });
    for (const secret of [secretPath, auth, p256dh]) expect(inspect(error)).not.toContain(secret);
    expect(calls).toEqual([]);
  });

  test('what a package says about a key goes into no error', async () => {
    const telling: WebPush = {
      generateRequestDetails(_, __, { vapidDetails }) {
        throw new Error(`no good key: ${vapidDetails.privateKey}`);
      },
    };
    const error = await failureOf(service(undefined, { webPush: telling }).notifier.send(message, options));
    expect(error).toMatchObject({
      message: expect.stringContaining('its keys are broken'),
      details: { permanent: true },
    });
    expect(inspect(error)).not.toContain(vapid.privateKey);
  });
});
