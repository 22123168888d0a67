import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { isTocsinError } from '../../src/errors.ts';
import { deadManBeat } from '../../src/notifiers/dead-man.ts';

const answering = (status: number, asked: unknown[] = []) =>
  (async (url: unknown, init: { readonly method?: string }) => {
    asked.push([String(url), init.method]);
    return new Response('no', { status });
  }) as unknown as typeof globalThis.fetch;

describe('a beat to an external service', () => {
  test('is one POST', async () => {
    const asked: unknown[] = [];
    await deadManBeat('https://watch.example/ping/secret', { fetch: answering(200, asked) })();
    expect(asked).toEqual([['https://watch.example/ping/secret', 'POST']]);
  });

  test.each([404, 500, 429])('that is answered %d rejects, and repeats no secret', async (status) => {
    const error: unknown = await deadManBeat('https://watch.example/ping/secret', { fetch: answering(status) })().catch(
      (reason: unknown) => reason,
    );
    expect(isTocsinError(error, 'NOTIFY_FAILED')).toBe(true);
    expect(String(error)).not.toContain('secret');
  });

  test('that cannot be told rejects, and repeats neither the address nor a header', async () => {
    const fetch = async () => {
      throw new Error('no way to https://watch.example/ping/secret with Bearer b3arer-value');
    };
    const beat = deadManBeat('https://watch.example/ping/secret', {
      headers: { Authorization: 'Bearer b3arer-value' },
      fetch,
    });
    const error: unknown = await beat().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ cause: { message: 'no way to [hidden] with [hidden]' } });
    expect(inspect(error)).not.toMatch(/ping\/secret|b3arer/);
  });

  test('that is not answered gives up after its deadline', async () => {
    const server = createServer(() => {});
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const beat = deadManBeat(`http://127.0.0.1:${port}/`, { deadlineMs: 50 });
    await expect(beat()).rejects.toThrow('there was no answer in time');
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  test('with an option that is not known is refused', () => {
    expect(() => deadManBeat('https://watch.example', { timeout: 1 } as never)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});
