/**
 * What the guarded fetch refuses before anything is sent; whatever it would send goes to a resolver that finds nothing.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guardedFetch, type ResolvedAddress } from '../../../src/notifiers/http/guarded-fetch.ts';
import { postJson } from '../../../src/notifiers/http/post-json.ts';

const at = (...addresses: string[]): ResolvedAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

async function failureOf(url: string, found: readonly ResolvedAddress[] = []): Promise<unknown> {
  const fetch = guardedFetch({ lookup: async () => found });
  return await fetch(url).then(
    (response) => response.status,
    (error: unknown) => error,
  );
}

const REFUSED = { code: 'NOTIFY_FAILED', details: { permanent: true } };

describe('a host that is an address of its own is refused in every spelling', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.0.0.1./',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0x7F000001/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://0/',
    'http://①②⑦.0.0.1/',
    'http://127。0。0。1/',
    'http://%31%32%37.0.0.1/',
    'http://user:password@10.0.0.1/',
    'http://8.8.8.8@10.0.0.1/',
    'http://10.0.0.1\\@8.8.8.8/',
    'https://169.254.169.254/latest/meta-data',
    'http://[::]/',
    'http://[::1]:8080/',
    'http://[::ffff:10.0.0.1]/',
    'http://[::ffff:a00:1]/',
    'http://[64:ff9b::10.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://100.64.0.1/',
    'http://0.0.0.0/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
  ])('%s', async (url) => {
    expect(await failureOf(url)).toMatchObject(REFUSED);
  });

  test('whatever the spelling that a URL takes', async () => {
    const inside = fc.oneof(
      ...(
        [
          [0x7f000000, 24],
          [0x0a000000, 24],
          [0xac100000, 20],
          [0xc0a80000, 16],
          [0xa9fe0000, 16],
          [0x64400000, 22],
        ] as const
      ).map(([first, bits]) => fc.nat({ max: 2 ** bits - 1 }).map((offset) => first + offset)),
    );
    const part = (value: number) =>
      fc.constantFrom(String(value), `0x${value.toString(16)}`, `0X${value.toString(16)}`, `0${value.toString(8)}`);
    const spelt = inside.chain((value) => {
      const bytes = [24, 16, 8, 0].map((shift) => (value >>> shift) & 255) as [number, number, number, number];
      const [a, b] = bytes;
      const splits = [[value], [a, value & 0xffffff], [a, b, value & 0xffff], bytes];
      return fc
        .constantFrom(...splits)
        .chain((split) => fc.tuple(...split.map(part)).map((parts) => parts.join('.')))
        .chain((host) =>
          fc.constantFrom(host, `${host}.`, `[::ffff:${bytes.join('.')}]`, `[64:ff9b::${bytes.join('.')}]`),
        );
    });
    await fc.assert(
      fc.asyncProperty(spelt, fc.constantFrom('http', 'https'), async (host, scheme) => {
        expect(await failureOf(`${scheme}://${host}/`)).toMatchObject(REFUSED);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a name is refused for what it resolves to', () => {
  test.each([
    ['to this machine', at('127.0.0.1')],
    ['to a private network', at('10.1.2.3')],
    ['to a public address and a private one', at('8.8.8.8', '192.168.0.1')],
    ['to a private address and a public one', at('fd00::1', '2606:4700::1111')],
    ['to a mapped address', at('::ffff:169.254.169.254')],
    ['to an address of a link', at('fe80::1%lo')],
    ['to what is no address', at('internal')],
  ])('%s', async (_, found) => {
    expect(await failureOf('http://inside.example/x', found)).toMatchObject(REFUSED);
    expect(await failureOf('https://inside.example/x', found)).toMatchObject(REFUSED);
  });

  test('and the system is asked about it by default', async () => {
    for (const host of ['localhost', 'LOCALHOST']) {
      const error = await guardedFetch()(`http://${host}:1/`).catch((reason: unknown) => reason);
      expect(error).toMatchObject(REFUSED);
    }
  });

  test('that is not told', async () => {
    const error = await failureOf('https://inside.example:8443/T0KEN?key=s3cret', at('10.1.2.3'));
    expect((error as Error).message).toBe(
      'Cannot deliver to https://inside.example:8443: it leads to a private address. Give the contact a public address; the options of the notifier say how to reach others.',
    );
  });
});

describe('through the poster', () => {
  const post = (
    address: string,
    lookup: () => Promise<readonly ResolvedAddress[]>,
    signal = new AbortController().signal,
  ) =>
    postJson({ address, body: '{}', headers: {}, nowMs: 0, signal, fetch: guardedFetch({ lookup }) }).catch(
      (error: unknown) => error,
    );

  test('a refusal stays what it is', async () => {
    expect(await post('http://inside.example/x', async () => at('10.0.0.1'))).toMatchObject(REFUSED);
    expect(await post('http://0x7f.1/x', async () => [])).toMatchObject(REFUSED);
  });

  test('a name that does not resolve is tried again', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    for (const lookup of [() => Promise.reject(unknown), async () => []])
      expect(await post('https://nowhere.example/', lookup)).toMatchObject({
        message: 'Cannot deliver to https://nowhere.example: the request failed. This is tried again.',
        details: { permanent: false },
      });
  });

  test('an attempt that is given up while a name resolves ends at once', async () => {
    const controller = new AbortController();
    const attempt = post(
      'http://slow.example/',
      () => {
        queueMicrotask(() => controller.abort(new Error('attempt deadline')));
        return new Promise(() => {});
      },
      controller.signal,
    );
    expect(await attempt).toMatchObject({ details: { permanent: false }, cause: { message: 'attempt deadline' } });
  });
});

test('a signal that has aborted asks nobody', async () => {
  let asked = 0;
  const lookup = async () => {
    asked += 1;
    return at('8.8.8.8');
  };
  const reason = new Error('over');
  const attempt = guardedFetch({ lookup })('http://hooks.example/', { signal: AbortSignal.abort(reason) });
  await expect(attempt).rejects.toBe(reason);
  expect(asked).toBe(0);
});

test('what it does not do is refused', async () => {
  const fetch = guardedFetch();
  await expect(fetch(new Request('http://8.8.8.8/'))).rejects.toThrow('Invalid URL');
  await expect(fetch('http://8.8.8.8/', { method: 'POST', body: new Blob(['x']) })).rejects.toThrow(
    'text and bytes only',
  );
  await expect(fetch('ftp://8.8.8.8/')).rejects.toThrow();
});
