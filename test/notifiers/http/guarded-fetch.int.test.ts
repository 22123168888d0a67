/**
 * The guarded fetch over real sockets: where its connections go, and how answers come and end.
 */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { createSecureContext } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { guardedFetch } from '../../../src/notifiers/http/guarded-fetch.ts';
import { selfSigned } from './self-signed.ts';

const MIB = 1_024 * 1_024;
const everywhere = { isAllowed: () => true };

async function listening(server: Server): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return { port: (server.address() as AddressInfo).port, sockets };
}

async function serve(listener: RequestListener) {
  const { port, sockets } = await listening(createServer(listener));
  return { port, sockets, origin: `http://127.0.0.1:${port}` };
}

/** However it ends: a connection that is cut off ends in an error too. */
const closed = (socket: Socket | undefined) =>
  new Promise<void>((resolve) => {
    if (socket === undefined || socket.destroyed) resolve();
    else socket.on('error', () => {}).once('close', () => resolve());
  });

describe('where it connects', () => {
  test('to the address that was checked, asked for once, though the name would change its mind', async () => {
    const { port, sockets } = await serve((request, response) =>
      response.setHeader('connection', 'close').end(request.headers.host),
    );
    const answers = ['127.0.0.1', '127.0.0.2'];
    const asked: string[] = [];
    const fetch = guardedFetch({
      isAllowed: (address) => address === '127.0.0.1',
      lookup: async (hostname) => {
        asked.push(hostname);
        return [{ address: answers[asked.length - 1] ?? '127.0.0.2', family: 4 }];
      },
    });
    const url = `http://rebinding.example:${port}/`;
    const response = await fetch(url);
    expect([await response.text(), asked]).toEqual([`rebinding.example:${port}`, ['rebinding.example']]);
    // A new connection is a new question, and its answer is judged too.
    await closed(sockets[0]);
    await expect(fetch(url)).rejects.toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: true } });
    expect(asked).toHaveLength(2);
  });

  test('once for many requests', async () => {
    const { origin, sockets } = await serve(async (request, response) => response.end(await text(request)));
    const fetch = guardedFetch(everywhere);
    for (const body of ['one', 'two', 'three'])
      expect(await (await fetch(origin, { method: 'POST', body })).text()).toBe(body);
    expect(sockets).toHaveLength(1);
  });

  test('and nowhere else when it is redirected', async () => {
    let inside = 0;
    const target = await serve((_, response) => {
      inside += 1;
      response.end('secret');
    });
    const { origin } = await serve((_, response) =>
      response.writeHead(302, { location: `${target.origin}/meta-data` }).end(),
    );
    const response = await guardedFetch(everywhere)(origin, { redirect: 'follow' });
    expect([response.status, response.headers.get('location')]).toEqual([302, `${target.origin}/meta-data`]);
    expect(inside).toBe(0);
  });
});

test('bytes arrive as they are, with their length', async () => {
  const received: (readonly [string | undefined, Buffer])[] = [];
  const { origin } = await serve(async (request, response) => {
    received.push([request.headers['content-length'], await buffer(request)]);
    response.end();
  });
  const body = new Uint8Array([0, 255, 13, 10, 128]);
  await (await guardedFetch(everywhere)(origin, { method: 'POST', body })).text();
  expect(received).toEqual([['5', Buffer.from(body)]]);
});

test('the request is what was asked for, with its length, and asks for no compression', async () => {
  const { origin } = await serve(async (request, response) => {
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, headers, body: await text(request) }));
  });
  const headers = { 'X-A': '1', 'content-type': 'text/plain' };
  const response = await guardedFetch(everywhere)(`${origin}/a?b=c`, { method: 'PUT', headers, body: 'größe' });
  expect(await response.json()).toEqual({
    method: 'PUT',
    url: '/a?b=c',
    headers: {
      host: new URL(origin).host,
      connection: 'keep-alive',
      'content-type': 'text/plain',
      'x-a': '1',
      'content-length': '7',
    },
    body: 'größe',
  });
});

describe('an answer', () => {
  test('keeps its status and headers', async () => {
    const { origin } = await serve((_, response) => response.writeHead(429, { 'retry-after': '7' }).end('later'));
    const response = await guardedFetch(everywhere)(origin);
    expect([response.status, response.ok, response.headers.get('retry-after')]).toEqual([429, false, '7']);
    expect(await response.text()).toBe('later');
  });

  test.each([204, 205, 304])('%i has no body', async (status) => {
    const { origin } = await serve((_, response) => response.writeHead(status).end());
    const response = await guardedFetch(everywhere)(origin);
    expect([response.status, response.body]).toEqual([status, null]);
  });

  test.each([600, 999])('%i is none', async (status) => {
    const { origin, sockets } = await serve((_, response) => response.socket?.write(`HTTP/1.1 ${status} X\r\n\r\n`));
    await expect(guardedFetch(everywhere)(origin)).rejects.toThrow(RangeError);
    await closed(sockets[0]);
  });

  test('that is compressed all the same is not unpacked', async () => {
    const packed = gzipSync(Buffer.alloc(MIB));
    const { origin } = await serve((_, response) =>
      response.writeHead(500, { 'content-encoding': 'gzip' }).end(packed),
    );
    const response = await guardedFetch(everywhere)(origin);
    expect(response.status).toBe(500);
    expect((await response.arrayBuffer()).byteLength).toBe(packed.byteLength);
  });

  test('of 200 MB is never held: it waits for its reader, and ends when it is cancelled', async () => {
    let poured = 0;
    const chunk = Buffer.alloc(64 * 1_024, 'x');
    const { origin, sockets } = await serve((_, response) => {
      const more = () => {
        while (poured < 200 * MIB && !response.destroyed) {
          poured += chunk.length;
          if (!response.write(chunk)) return;
        }
        response.end();
      };
      response.on('drain', more);
      more();
    });
    const response = await guardedFetch(everywhere)(origin);
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.byteLength).toBeGreaterThan(0);
    // As long as the system takes more for an answer that nobody reads.
    for (let before = -1; before !== poured; await new Promise((resolve) => setTimeout(resolve, 50))) before = poured;
    expect(poured).toBeLessThan(50 * MIB);
    await reader?.cancel();
    await closed(sockets[0]);
  });

  test('of 200 MB can be read to its end without being held', async () => {
    const { origin } = await serve(async (_, response) => {
      const chunk = Buffer.alloc(MIB, 'x');
      for (let sent = 0; sent < 200; sent++) if (!response.write(chunk)) await once(response, 'drain');
      response.end();
    });
    const before = process.memoryUsage().rss;
    let bytes = 0;
    let most = 0;
    for await (const piece of (await guardedFetch(everywhere)(origin)).body ?? []) {
      bytes += piece.byteLength;
      most = Math.max(most, process.memoryUsage.rss() - before);
    }
    expect(bytes).toBe(200 * MIB);
    expect(most).toBeLessThan(150 * MIB);
  });

  test('that is here already and is cancelled leaves its connection for the next', async () => {
    const { origin, sockets } = await serve((_, response) => response.end('{"ok":true}'));
    const fetch = guardedFetch(everywhere);
    for (let sent = 0; sent < 3; sent++) {
      await (await fetch(origin)).body?.cancel();
      await new Promise(setImmediate);
    }
    expect(sockets).toHaveLength(1);
  });

  test('that breaks off rejects for its reader', async () => {
    const { origin } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('beginning', () => response.destroy());
    });
    const response = await guardedFetch(everywhere)(origin);
    await expect(response.text()).rejects.toThrow();
  });
});

describe('a server that would speak something else than HTTP', () => {
  const switching = () =>
    serve((_, response) =>
      response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    );

  test('gives no answer, and is hung up on', async () => {
    const { origin, sockets } = await switching();
    await expect(guardedFetch(everywhere)(origin)).rejects.toThrow(`${origin} gave no answer.`);
    await closed(sockets[0]);
  });

  test('is asked anew by the next request', async () => {
    const { origin, sockets } = await switching();
    const fetch = guardedFetch(everywhere);
    for (let asked = 0; asked < 2; asked++) await expect(fetch(origin)).rejects.toThrow('gave no answer');
    expect(sockets).toHaveLength(2);
  });
});

describe('a signal ends', () => {
  test('a request that nobody answers', async () => {
    const controller = new AbortController();
    const reason = new Error('attempt deadline');
    const { origin, sockets } = await serve(() => controller.abort(reason));
    await expect(guardedFetch(everywhere)(origin, { signal: controller.signal })).rejects.toBe(reason);
    await closed(sockets[0]);
  });

  test('an answer that does not end', async () => {
    const controller = new AbortController();
    const { origin, sockets } = await serve((_, response) => void response.write('beginning'));
    const response = await guardedFetch(everywhere)(origin, { signal: controller.signal });
    const read = response.text();
    controller.abort();
    await expect(read).rejects.toThrow();
    await closed(sockets[0]);
  });
});

test('a certificate is asked for by the name and has to be trusted', async () => {
  const names: string[] = [];
  const { port } = await listening(
    createSecureServer({
      ...selfSigned,
      SNICallback(name, done) {
        names.push(name);
        done(null, createSecureContext(selfSigned));
      },
    }),
  );
  const fetch = guardedFetch({ ...everywhere, lookup: async () => [{ address: '127.0.0.1', family: 4 }] });
  await expect(fetch(`https://hooks.example:${port}/`, { headers: { host: 'other.example' } })).rejects.toMatchObject({
    code: expect.stringMatching(/SELF_SIGNED|CERT/),
  });
  expect(names).toEqual(['hooks.example']);
  for (const headers of [{}, { host: 'other.example' }]) {
    await expect(fetch(`https://127.0.0.1:${port}/`, { headers })).rejects.toMatchObject({
      code: expect.stringMatching(/SELF_SIGNED|CERT/),
    });
  }
  expect(names).toEqual(['hooks.example']);
});
