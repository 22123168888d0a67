/**
 * What a receiver gets, and what its answers mean.
 */
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type WebhookNotifierOptions, webhookNotifier } from '../../src/notifiers/webhook.ts';
import { failureOf } from './channel.ts';
import { messageWith, patient } from './message.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const address = 'https://ana:pass%20word@hooks.example:8443/in/T0KEN?key=s3cret';
const message = messageWith({ to: { user: 'ana', contact: 'webhook', address } });

type Call = { readonly url: string; readonly init: RequestInit; readonly headers: Headers };

/** A receiver that answers each request as told, and keeps what it got. */
function receiver(answer: (call: Call) => Response | Promise<Response> = () => new Response(null, { status: 204 })) {
  const calls: Call[] = [];
  const fetch = async (url: string | URL | Request, init: RequestInit = {}) => {
    const call = { url: String(url), init, headers: new Headers(init.headers) };
    calls.push(call);
    return await answer(call);
  };
  return { calls, fetch };
}

type Given = WebhookNotifierOptions & { readonly calls?: readonly Call[] };

async function send({ calls: _, ...options }: Given, to = address, idempotencyKey = 'inc-1:4:1') {
  const sent = { ...message, to: { ...message.to, address: to } };
  return await webhookNotifier(options).send(sent, { idempotencyKey, signal: patient });
}

const answering = (status: number, body: string | null = null, headers: Record<string, string> = {}) =>
  failureOf(send(receiver(() => new Response(body, { status, headers }))));

describe('what is posted', () => {
  test('the message as JSON, once, following no redirect, under the key of the delivery', async () => {
    const { calls, fetch } = receiver();
    await expect(send({ fetch })).resolves.toBeUndefined();
    expect(calls).toHaveLength(1);
    const [{ url, init, headers }] = calls as [Call];
    expect(url).toBe('https://hooks.example:8443/in/T0KEN?key=s3cret');
    expect(init).toMatchObject({ method: 'POST', redirect: 'error', signal: patient });
    expect(JSON.parse(String(init.body))).toEqual(message);
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'application/json',
      'idempotency-key': 'inc-1:4:1',
      authorization: `Basic ${Buffer.from('ana:pass word').toString('base64')}`,
    });
  });

  test('with a secret, the signature of Standard Webhooks over id, seconds and body', async () => {
    const { calls, fetch } = receiver();
    await send({ fetch, secret }, 'http://hooks.example/');
    const [{ init, headers }] = calls as [Call];
    const timestamp = String(message.sentAt / 1_000);
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const signature = createHmac('sha256', key).update(`inc-1:4:1.${timestamp}.${init.body}`).digest('base64');
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'application/json',
      'idempotency-key': 'inc-1:4:1',
      'webhook-id': 'inc-1:4:1',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    });
  });

  test('with several secrets, a signature of each in their order', async () => {
    const { calls, fetch } = receiver();
    const old = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    for (const given of [secret, old, [secret, old]]) await send({ fetch, secret: given });
    const [mine, others, both] = calls.map(({ headers }) => headers.get('webhook-signature'));
    expect(mine).not.toBe(others);
    expect(both).toBe(`${mine} ${others}`);
  });

  test('the headers of the host, which never replace those that say what the request is', async () => {
    const { calls, fetch } = receiver();
    const headers = {
      Authorization: 'Bearer x',
      'Idempotency-Key': 'mine',
      'WEBHOOK-ID': 'mine',
      'content-type': 'text/x',
    };
    await send({ fetch, secret, headers }, 'https://hooks.example');
    const got = Object.fromEntries((calls as [Call])[0].headers);
    expect(got).toMatchObject({ authorization: 'Bearer x', 'idempotency-key': 'inc-1:4:1', 'webhook-id': 'inc-1:4:1' });
    expect(got['content-type']).toBe('text/x');
  });

  test('a key that no header can carry is encoded, always in the same way', async () => {
    const { calls, fetch } = receiver();
    await send({ fetch }, address, 'a\r\nx-evil: 1');
    await send({ fetch }, address, 'a\r\nx-evil: 1');
    await send({ fetch }, address, 'ä');
    expect(calls.map(({ headers }) => headers.get('idempotency-key'))).toEqual([
      'YQ0KeC1ldmlsOiAx',
      'YQ0KeC1ldmlsOiAx',
      'w6Q',
    ]);
    expect((calls as [Call])[0].headers.has('x-evil')).toBe(false);
  });

  test('malformed escapes in credentials are sent as they stand', async () => {
    const { calls, fetch } = receiver();
    await send({ fetch }, 'https://%zz@hooks.example/');
    expect((calls as [Call])[0].headers.get('authorization')).toBe(`Basic ${Buffer.from('%zz:').toString('base64')}`);
  });
});

describe('what is refused at once', () => {
  const refused = (options: WebhookNotifierOptions): unknown => {
    try {
      webhookNotifier(options);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test.each([
    ['', 0],
    ['whsec_', 0],
    ['whsec_AA==', 1],
    [`whsec_${Buffer.alloc(23, 7).toString('base64')}`, 23],
    [`whsec_${Buffer.alloc(24, 7).toString('base64')} `, 0],
    [Buffer.alloc(24, 7).toString('base64'), 0],
    [`whsec_${Buffer.alloc(25, 7).toString('base64').slice(0, -2)}`, 0],
    [`whsec_${Buffer.alloc(24, 7).toString('base64url')}-_`, 0],
    [`WHSEC_${Buffer.alloc(24, 7).toString('base64')}`, 0],
    ['whsec_not*base64*but*long*enough*to*be*a*secret', 0],
  ])('a secret that is malformed or shorter than 24 bytes: %j', (weak, bytes) => {
    const message = `The webhook secret must be 'whsec_' and at least 24 random bytes in base64; found ${bytes} bytes. Make one with: openssl rand -base64 32`;
    expect(refused({ secret: weak })).toMatchObject({
      code: 'INPUT_INVALID',
      message,
      details: { problems: [{ path: '/secret', message }] },
    });
  });

  test('one weak secret in a list, an empty list, and what is no text', () => {
    const weak = `whsec_${Buffer.alloc(23, 7).toString('base64')}`;
    for (const wrong of [[secret, weak], [], 7, null] as unknown as string[]) {
      const error = refused({ secret: wrong });
      expect(error).toMatchObject({ code: 'INPUT_INVALID', details: { problems: [{ path: '/secret' }] } });
      expect(String(error)).not.toContain(weak.slice(6));
    }
  });

  test.each(['Connection', 'content-length', 'expect', 'TE', 'transfer-encoding', 'upgrade'])(
    'a header that says how the request is framed: %s',
    (name) => {
      expect(refused({ headers: { [name]: 'x' } })).toMatchObject({
        code: 'INPUT_INVALID',
        details: { problems: [{ path: '/headers' }] },
      });
    },
  );

  test('a secret of 24 bytes is taken', () => {
    expect(refused({ secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}` })).toBeUndefined();
  });

  test.each([
    ['x-a', 'b\r\nx-evil: 1'],
    ['x-a\r\nx-evil', 'b'],
    ['', 'b'],
    ['x-a', 'ä'],
    ['x a', 'b'],
  ])('a header that would smuggle or break: %j: %j', (name, value) => {
    const error = refused({ headers: { [name]: value } });
    expect(error).toMatchObject({ code: 'INPUT_INVALID', details: { problems: [{ path: '/headers' }] } });
    expect(String(error)).not.toContain('x-evil: 1');
  });

  test.each([
    ['stdout', 'no URL'],
    ['ftp://hooks.example/', 'an address of kind ftp:'],
    ['javascript:alert(1)', 'an address of kind javascript:'],
  ])('an address that is not http or https is a permanent failure: %s', async (to, found) => {
    const { calls, fetch } = receiver();
    const error = await failureOf(send({ fetch }, to));
    expect(error.message).toBe(`Cannot deliver: the contact's address is ${found}. Give it a URL of http or https.`);
    expect(error.details).toEqual({ permanent: true });
    expect(calls).toEqual([]);
  });

  test('it is called webhook unless named otherwise', () => {
    expect([webhookNotifier().name, webhookNotifier({ name: 'bridge' }).name]).toEqual(['webhook', 'bridge']);
  });
});

describe('where it may lead', () => {
  const inside = 'http://169.254.169.254/latest';

  test('to public addresses only, and nothing but `true` opens more', async () => {
    const odd = { allowPrivateNetwork: 'no' } as unknown as WebhookNotifierOptions;
    for (const options of [{}, { allowPrivateNetwork: false }, odd]) {
      const error = await failureOf(send(options, inside));
      expect(error.message).toContain('http://169.254.169.254: it leads to a private address.');
      expect(error.details).toEqual({ permanent: true });
    }
  });

  test("wherever the host's own fetch goes", async () => {
    const { calls, fetch } = receiver();
    await send({ fetch }, inside);
    expect(calls).toHaveLength(1);
  });
});

describe('what an answer means', () => {
  test.each([200, 201, 202, 204, 299])('%i: the message was taken', async (status) => {
    await expect(send(receiver(() => new Response(null, { status })))).resolves.toBeUndefined();
  });

  test('the beginning of an answer is repeated, on one line', async () => {
    expect((await answering(400, ' no\n such\u0000 room ')).message).toContain('it answered 400 (no such room). Mend');
    expect((await answering(400, 'x'.repeat(500))).message).toContain(`(${'x'.repeat(199)}…)`);
  });

  test('nothing secret of the address is repeated, not even by way of the answer', async () => {
    const error = await answering(400, `POST /in/T0KEN?key=s3cret by ana:pass word: s3cret is wrong for ${address}`);
    expect(error.message).not.toMatch(/T0KEN|s3cret|pass.word/);
    expect(error.message).toContain('(POST [hidden] by ana:[hidden]: [hidden] is wrong for');
    expect(error.cause).toBeUndefined();
  });

  test('nor what the headers hold, as they are or without their first word', async () => {
    const headers = { Authorization: 'Bearer b3arer-value', Cookie: 'sid=c00kie', 'X-Api-Key': 'ap1-key-value' };
    const answer = 'b3arer-value, Bearer b3arer-value, sid=c00kie and ap1-key-value are not known';
    const sending = send(
      { headers, ...receiver(() => new Response(answer, { status: 401 })) },
      'https://hooks.example',
    );
    expect((await failureOf(sending)).message).toContain(
      '([hidden], [hidden], [hidden] and [hidden] are not known). Mend',
    );
  });

  test('nor the credentials of the address as they are sent', async () => {
    const pair = Buffer.from('ana:pass word').toString('base64');
    expect((await answering(401, `Basic ${pair}, ${pair}`)).message).toContain('([hidden], [hidden]). Mend');
  });

  test('nor one part of its path, even as JSON writes slashes', async () => {
    const to = 'https://hooks.example/in/s3gment%20one/s3gment-two?at=/s3arch/';
    const answer = String.raw`s3gment one, s3gment-two, \/in\/s3gment%20one\/s3gment-two and \/s3arch\/`;
    const { message } = await failureOf(
      send(
        receiver(() => new Response(answer, { status: 404 })),
        to,
      ),
    );
    expect(message).toContain('([hidden], [hidden], [hidden] and [hidden]). Mend');
  });

  test('nor a token that answers for somebody', async () => {
    const { message } = await answering(400, 'no t1.WyJpbmMtMSJd.bWFj-_x, t1.WyJpbmMtMSJd or host1.example');
    expect(message).toContain('(no [hidden], [hidden] or host1.example). Mend');
  });

  test('nor anything of them by way of what fetch says when it fails', async () => {
    const failing = (reason: unknown) =>
      failureOf(
        send({
          headers: { 'X-Api-Key': 'ap1-key-value' },
          fetch: async () => {
            throw reason;
          },
        }),
      );
    const refused = Object.assign(new Error('ECONNREFUSED'), { code: 'ECONNREFUSED', address });
    const error = await failing(new TypeError(`cannot fetch ${address} with ap1-key-value`, { cause: refused }));
    expect(error.cause).toMatchObject({ message: 'cannot fetch [hidden] with [hidden]', code: 'ECONNREFUSED' });
    expect(inspect(error)).not.toMatch(/T0KEN|s3cret|pass.word|ap1-key/);
    for (const odd of ['s3cret', undefined, null, { code: 's3cret' }, { cause: { code: 's3cret' } }, { code: 7 }]) {
      expect(inspect(await failing(odd))).not.toContain('s3cret');
    }
  });

  test('at most 64 KiB of an answer are read', async () => {
    let pulled = 0;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled += 1;
          controller.enqueue(new TextEncoder().encode(' '.repeat(1_024)));
        },
      });
    const error = await failureOf(send(receiver(() => new Response(endless(), { status: 500 }))));
    expect(error.message).toContain('it answered 500. ');
    expect(pulled).toBeGreaterThanOrEqual(64);
    expect(pulled).toBeLessThanOrEqual(66);
  });

  test('the answer of a message that was taken is not read, and may break off', async () => {
    const broken = new ReadableStream({
      cancel() {
        throw new Error('broken');
      },
    });
    await expect(send(receiver(() => new Response(broken, { status: 200 })))).resolves.toBeUndefined();
  });

  test('an explanation that breaks off is repeated as far as it came', async () => {
    let step = 0;
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        step += 1;
        if (step === 1) controller.enqueue(new TextEncoder().encode('no such'));
        else controller.error(new Error('gone'));
      },
    });
    const error = await failureOf(send(receiver(() => new Response(broken, { status: 404 }))));
    expect(error.message).toContain('it answered 404 (no such). ');
  });
});
