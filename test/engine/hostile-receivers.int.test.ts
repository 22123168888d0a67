/**
 * Receivers of webhooks that mean harm or are broken, over real sockets: what they cost is bounded, and the page goes on.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createGzip } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTocsin, type Delivery } from '../../src/index.ts';
import { guardedFetch } from '../../src/notifiers/http/guarded-fetch.ts';
import { webhookNotifier } from '../../src/notifiers/webhook.ts';

/** How long an attempt may take here, and how much later it may be over. */
const DEADLINE_MS = 400;
const SLACK_MS = 600;
const KIB = 1_024;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** The notifier's own client, let into this machine. */
const ownFetch = guardedFetch({ isAllowed: () => true });

type Answering = (socket: Socket) => void;

/** A server that answers every request with `answer`; tells of the sockets that it has had. */
async function receiver(answer: Answering) {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { readonly port: number };
  return { origin: `http://127.0.0.1:${port}`, sockets };
}

/** What is pulled out of answers, in bytes. */
function countingFetch() {
  let pulled = 0;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await ownFetch(input, init);
    const counted = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          pulled += chunk.byteLength;
          controller.enqueue(chunk);
        },
      }),
    );
    return new Response(counted ?? null, { status: response.status, headers: response.headers });
  };
  return { fetch, pulled: () => pulled };
}

/** Pages somebody through a webhook at `address`; answers the delivery after one attempt, and how long that took. */
async function page(address: string, fetch = ownFetch): Promise<{ delivery: Delivery; tookMs: number }> {
  const startedAt = performance.now();
  const first = Promise.withResolvers<Delivery>();
  const tocsin = createTocsin({
    logger: SILENT,
    notifiers: [{ ...webhookNotifier({ fetch }), deadlineMs: DEADLINE_MS }],
    config: {
      users: [{ id: 'ana', contacts: [{ notifier: 'webhook', address }] }],
      escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
      services: [{ id: 'checkout', escalationPolicy: 'default' }],
    },
  });
  onTestFinished(() => tocsin.stop());
  for (const type of ['delivery.sent', 'delivery.retried', 'delivery.dead'] as const)
    tocsin.on(type, ({ delivery }) => first.resolve(delivery));
  await tocsin.incidents.open({ title: 'Down', service: 'checkout', by: 'ben' });
  void tocsin.tick();
  const delivery = await first.promise;
  return { delivery, tookMs: performance.now() - startedAt };
}

/** Whoever was at the other end has gone. */
function isLeft(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed || socket.readableEnded) resolve();
    for (const event of ['end', 'error', 'close']) socket.once(event, () => resolve());
    socket.resume();
  });
}

const HEAD = 'HTTP/1.1 500 Broken\r\ncontent-type: text/plain\r\n';

/** Writes `chunk` as fast as it is taken, until nobody takes any more. */
function pour(socket: Socket, chunk: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
}

/** So many bytes of nothing, as gzip. */
async function bomb(mebibytes: number): Promise<Buffer> {
  const gzip = createGzip();
  const parts: Buffer[] = [];
  gzip.on('data', (part: Buffer) => parts.push(part));
  const zeros = Buffer.alloc(KIB * KIB);
  for (let written = 0; written < mebibytes; written++) if (!gzip.write(zeros)) await once(gzip, 'drain');
  gzip.end();
  await once(gzip, 'end');
  return Buffer.concat(parts);
}

describe('a receiver that never comes to an end', () => {
  const drip: Answering = (socket) => {
    const timer = setInterval(() => socket.write('x'), 20);
    socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
    socket.once('close', () => clearInterval(timer));
  };
  const dripBody: Answering = (socket) => {
    const timer = setInterval(() => socket.write('1\r\nx\r\n'), 20);
    socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
    socket.once('close', () => clearInterval(timer));
  };

  test.each([
    ['sends its headers byte by byte', drip],
    ['sends its answer byte by byte', dripBody],
    ['takes the request and says nothing', () => {}],
    ['says nothing more and closes its half of the connection', (socket: Socket) => socket.end('HTTP/1.1 2')],
  ] satisfies readonly (readonly [string, Answering])[])(
    'and %s costs one deadline, and is left',
    async (_, answer) => {
      const { origin, sockets } = await receiver(answer);
      const { delivery, tookMs } = await page(origin);
      expect(delivery).toMatchObject({ state: 'pending', attempts: 1 });
      expect(tookMs).toBeLessThan(DEADLINE_MS + SLACK_MS);
      await Promise.all(sockets.map(isLeft));
    },
  );
});

describe('a receiver that says too much', () => {
  const endless: Answering = (socket) => {
    socket.write(`${HEAD}\r\n`);
    pour(socket, Buffer.alloc(64 * KIB, 'x'));
  };

  test('without end is read up to 64 KiB, and cut off', async () => {
    const { origin, sockets } = await receiver(endless);
    const { fetch, pulled } = countingFetch();
    const { delivery, tookMs } = await page(origin, fetch);
    expect(delivery).toMatchObject({ state: 'pending', attempts: 1 });
    expect(delivery.error?.length).toBeLessThan(400);
    // The last piece may be longer than what was left.
    expect(pulled()).toBeLessThanOrEqual(3 * 64 * KIB);
    expect(tookMs).toBeLessThan(DEADLINE_MS + SLACK_MS);
    await Promise.all(sockets.map(isLeft));
  });

  test('after it took the message has taken it all the same, and is not read', async () => {
    const { origin, sockets } = await receiver((socket) => {
      socket.write('HTTP/1.1 202 Accepted\r\n\r\n');
      pour(socket, Buffer.alloc(64 * KIB, 'x'));
    });
    const { delivery } = await page(origin);
    expect(delivery).toMatchObject({ state: 'sent', attempts: 1 });
    await Promise.all(sockets.map(isLeft));
  });

  test('in little, as 256 MiB in a gzip of 256 KiB, fills no memory', async () => {
    const packed = await bomb(256);
    const { origin, sockets } = await receiver((socket) => {
      socket.write(`${HEAD}content-encoding: gzip\r\ncontent-length: ${packed.byteLength}\r\n\r\n`);
      socket.write(packed);
    });
    const growths: number[] = [];
    for (let round = 0; round < 4; round++) {
      const before = process.memoryUsage().rss;
      const { fetch, pulled } = countingFetch();
      const { delivery } = await page(origin, fetch);
      expect(delivery).toMatchObject({ state: 'pending', attempts: 1 });
      expect(pulled()).toBeLessThanOrEqual(3 * 64 * KIB);
      growths.push(process.memoryUsage().rss - before);
    }
    // The first rounds load code; whatever kept the answer would grow in each of them.
    expect(Math.min(...growths)).toBeLessThan(10 * KIB * KIB);
    await Promise.all(sockets.map(isLeft));
  });

  test('a hundred times in a row fills no memory either', async () => {
    const { origin, sockets } = await receiver(endless);
    const notifier = webhookNotifier({ allowPrivateNetwork: true });
    const message = { to: { contact: 'webhook', address: origin }, sentAt: 0 };
    const send = () =>
      notifier
        .send(message as Parameters<typeof notifier.send>[0], {
          idempotencyKey: 'k',
          signal: AbortSignal.timeout(5_000),
        })
        .catch((error: unknown) => error);
    const growths: number[] = [];
    for (let round = 0; round < 5; round++) {
      const before = process.memoryUsage().rss;
      for (let sent = 0; sent < 20; sent++) expect(await send()).toMatchObject({ code: 'NOTIFY_FAILED' });
      growths.push(process.memoryUsage().rss - before);
    }
    expect(Math.min(...growths)).toBeLessThan(10 * KIB * KIB);
    await Promise.all(sockets.map(isLeft));
  });
});

test.each([0, 1, 12, 200])('a connection that is reset after %i bytes of the answer is tried again', async (bytes) => {
  const { origin } = await receiver((socket) => {
    const answer = `HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n${'x'.repeat(1_000)}`.slice(0, bytes);
    socket.write(answer === '' ? '' : answer, () => socket.resetAndDestroy());
  });
  const { delivery, tookMs } = await page(origin);
  // Whoever had sent its whole head has taken the message.
  expect(delivery.state).toBe(bytes === 200 ? 'sent' : 'pending');
  expect(tookMs).toBeLessThan(DEADLINE_MS + SLACK_MS);
});

describe('a receiver that asks to wait', () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
  test.each([
    ['120', 120_000, 120_000],
    ['0', 1_000, 1_000],
    ['99999999999999999999', 900_000, 900_000],
    [inAnHour, 900_000, 900_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 1_000, 1_000],
    ['-5', 100, 1_000],
    ['NaN', 100, 1_000],
    ['Infinity', 100, 1_000],
    ['1e3', 100, 1_000],
    ['in a moment', 100, 1_000],
    ['', 100, 1_000],
  ])('with Retry-After: %s is asked again after %i to %i ms', async (header, fromMs, untilMs) => {
    const { origin } = await receiver((socket) =>
      socket.end(`HTTP/1.1 429 Too Many Requests\r\nretry-after: ${header}\r\ncontent-length: 0\r\n\r\n`),
    );
    const before = Date.now();
    const { delivery } = await page(origin);
    const after = Date.now();
    expect(delivery).toMatchObject({ state: 'pending', attempts: 1 });
    expect(delivery.dueAt.getTime()).toBeGreaterThanOrEqual(before + fromMs);
    expect(delivery.dueAt.getTime()).toBeLessThanOrEqual(after + untilMs);
  });
});
