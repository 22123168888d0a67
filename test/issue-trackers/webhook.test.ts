/**
 * What a receiver of action items gets, and what its answers mean. The promises of the port are tried by the kit, in
 * test/conformance.
 */
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type IssueOptions, isTocsinError, type TocsinError, type TrackedItem } from '../../src/index.ts';
import { type WebhookTrackerOptions, webhookTracker } from '../../src/issue-trackers/webhook.ts';
import { issueReceiver } from '../support/platforms/issues.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const PATH = 'T0/secret-path-of-the-hook';
const AT = Date.UTC(2026, 0, 6, 10);
const item: TrackedItem = {
  tenant: 'default',
  id: 'i1:a1',
  incidentId: 'i1',
  title: 'Double the pool\r\nx-evil: 1',
  text: '<b>At least</b> 40.',
  status: 'open',
  priority: 'high',
  owner: { id: 'ana', name: 'Ana' },
  dueAt: AT + 86_400_000,
  createdAt: AT,
  service: { id: 'checkout', name: 'Checkout' },
  link: 'https://ops.example/incidents/i1',
};
const given = (more: Partial<IssueOptions> = {}): IssueOptions => ({
  idempotencyKey: 'issue:i1:a1',
  signal: new AbortController().signal,
  sentAt: AT,
  ...more,
});

async function receiving(options: Partial<WebhookTrackerOptions> = {}) {
  const receiver = await issueReceiver(PATH);
  onTestFinished(receiver.close);
  return { receiver, tracker: webhookTracker({ url: receiver.url, allowPrivateNetwork: true, ...options }) };
}

/** A tracker whose receiver answers every post so. */
function answering(status: number, body: string | null = null, headers: Record<string, string> = {}) {
  const fetch = async () => new Response(body, { status, headers });
  return webhookTracker({ url: `https://hooks.example/${PATH}`, fetch });
}

const failureOf = async (work: Promise<unknown>): Promise<TocsinError> => {
  const error: unknown = await work.then(
    (answer) => answer,
    (reason: unknown) => reason,
  );
  if (!isTocsinError(error, 'NOTIFY_FAILED')) throw new Error(`no failure: ${inspect(error)}`);
  return error;
};

describe('what is posted', () => {
  test('is the action item as JSON, signed, under one key for life', async () => {
    const { receiver, tracker } = await receiving({ secret, headers: { authorization: 'Bearer x' } });
    await tracker.create(item, given());
    const [post] = receiver.posts;
    const { tenant, dueAt: _, createdAt: _c, ...rest } = item;
    expect(post?.post).toEqual({
      type: 'actionItem.created',
      id: 'issue:i1:a1',
      tenant,
      item: { ...rest, dueAt: '2026-01-07T10:00:00.000Z', createdAt: '2026-01-06T10:00:00.000Z' },
    });
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const signed = `issue:i1:a1.${AT / 1_000}.${post?.body}`;
    expect(post?.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: 'Bearer x',
      'idempotency-key': 'issue:i1:a1',
      'webhook-id': 'issue:i1:a1',
      'webhook-timestamp': String(AT / 1_000),
      'webhook-signature': `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    });
    expect(post?.headers).not.toHaveProperty('x-evil');
  });

  test('names the issue when it has changed', async () => {
    const { receiver, tracker } = await receiving();
    const { id } = await tracker.create(item, given());
    await tracker.update(id, { ...item, status: 'done' }, given({ idempotencyKey: 'issue:i1:a1:2' }));
    expect(receiver.posts[1]?.post).toMatchObject({
      type: 'actionItem.updated',
      id: 'issue:i1:a1:2',
      issueId: 'ISSUE-1',
      item: { status: 'done' },
    });
    expect(receiver.posts[1]?.headers).not.toHaveProperty('webhook-signature');
    expect(receiver.issues).toEqual([{ id: 'ISSUE-1', title: item.title, status: 'done' }]);
  });

  test('reaches no private address unless told to', async () => {
    const { receiver, tracker } = await receiving({ allowPrivateNetwork: false });
    const error = await failureOf(tracker.create(item, given()));
    expect(error.details.permanent).toBe(true);
    expect(receiver.posts).toEqual([]);
  });
});

describe('what is answered', () => {
  test.each<[string, string | null, { id: string; url?: string }]>([
    [
      'a name and an address',
      '{"id":"OPS-7","url":"https://t.example/OPS-7"}',
      { id: 'OPS-7', url: 'https://t.example/OPS-7' },
    ],
    ['a number', '{"id":7}', { id: '7' }],
    ['nothing', null, { id: 'i1:a1' }],
    ['no JSON', 'ok', { id: 'i1:a1' }],
    ['a list', '[{"id":"OPS-7"}]', { id: 'i1:a1' }],
    ['a name of several lines', '{"id":"a\\nb"}', { id: 'i1:a1' }],
    ['a name that is too long', JSON.stringify({ id: 'x'.repeat(201) }), { id: 'i1:a1' }],
    ['a name that is none', '{"id":{"a":1}}', { id: 'i1:a1' }],
    ['an address that runs something', '{"id":"1","url":"javascript:alert(1)"}', { id: '1' }],
    ['an address that is none', '{"id":"1","url":7}', { id: '1' }],
  ])('with 2xx and %s names the issue, or leaves it its own name', async (_, body, expected) => {
    const issue = await answering(body === null ? 204 : 201, body).create(item, given());
    expect(JSON.parse(JSON.stringify(issue))).toEqual(expected);
  });

  test('with 410 says that the issue is gone, once there was one', async () => {
    expect(await answering(410).update('OPS-7', item, given())).toEqual({ isGone: true });
    expect((await failureOf(answering(410).create(item, given()))).details.permanent).toBe(true);
  });

  test.each([400, 401, 403, 404, 409, 422, 301])('with %i is not asked again', async (status) => {
    for (const work of [answering(status).create(item, given()), answering(status).update('1', item, given())])
      expect((await failureOf(work)).details).toMatchObject({ permanent: true, status });
  });

  test.each([408, 421, 425, 429, 500, 503])('with %i is asked again', async (status) => {
    const busy = answering(status, 'later', { 'retry-after': '30' });
    const error = await failureOf(busy.update('1', item, given()));
    expect(error.details).toMatchObject({ permanent: false, retryAfterMs: 30_000 });
  });

  test('repeats no secret', async () => {
    const body = `cannot post to https://hooks.example/${PATH}`;
    const error = await failureOf(answering(403, body).create(item, given()));
    expect(inspect(error, { depth: 5 })).not.toContain('secret-path');
    expect(error.message).toContain('https://hooks.example');
  });
});

describe('a tracker is refused', () => {
  test.each<[string, unknown]>([
    ['without an address', {}],
    ['with an address that is none', { url: 'hooks.example' }],
    ['with an address of another kind', { url: 'file:///etc/passwd' }],
    ['with an option that is not known', { url: 'https://hooks.example', token: 'x' }],
    ['with a secret that could be guessed', { url: 'https://hooks.example', secret: 'whsec_c2hvcnQ=' }],
    ['with a header that cannot be sent', { url: 'https://hooks.example', headers: { 'x-a': 'a\r\nb: c' } }],
  ])('%s', (_, options) => {
    expect(() => webhookTracker(options as WebhookTrackerOptions)).toThrow(/must be|cannot|has no option|secret/i);
  });

  test('never, when it only has an address', () => {
    expect(webhookTracker({ url: 'https://hooks.example' }).name).toBe('webhook');
  });
});
