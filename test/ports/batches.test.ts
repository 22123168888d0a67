/**
 * Batches: company is never waited for, and never hurts.
 */
import { expect, test } from 'vitest';
import { type BatchOptions, createBatches } from '../../src/ports/batches.ts';

type Call = { readonly items: readonly string[]; readonly finish: () => void; readonly fail: (error: Error) => void };

/** A batcher whose calls end when the test says so. */
function bench(more: Partial<BatchOptions<string, string>> = {}) {
  const calls: Call[] = [];
  const failures: (readonly string[])[] = [];
  const ask = createBatches<string, string>({
    run: (items) =>
      new Promise((resolve, reject) =>
        calls.push({ items, finish: () => resolve(items.map((item) => `${item}!`)), fail: reject }),
      ),
    most: 3,
    atOnce: 1,
    isRepeated: false,
    failed: (_, items) => failures.push(items),
    ...more,
  });
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { ask, calls, failures, turn, asked: () => calls.map(({ items }) => items.join('')) };
}

test('what is asked for side by side goes in one call, and each gets its own answer', async () => {
  const { ask, calls, turn, asked } = bench();
  const answers = Promise.all([ask('a'), ask('b'), ask('c')]);
  await turn();
  expect(asked()).toEqual(['abc']);
  calls[0]?.finish();
  expect(await answers).toEqual(['a!', 'b!', 'c!']);
});

test('what comes while a call is under way goes together with the next, no more than a call may hold', async () => {
  const { ask, calls, turn, asked } = bench();
  void ask('a');
  await turn();
  for (const item of 'bcdef') void ask(item);
  await turn();
  expect(asked()).toEqual(['a']);
  calls[0]?.finish();
  await turn();
  expect(asked()).toEqual(['a', 'bcd']);
  calls[1]?.finish();
  await turn();
  expect(asked()).toEqual(['a', 'bcd', 'ef']);
});

test('a call that hangs does not hold up the others', async () => {
  const { ask, calls, turn, asked } = bench({ atOnce: 2 });
  void ask('a');
  await turn();
  const answer = ask('b');
  await turn();
  expect(asked()).toEqual(['a', 'b']);
  calls[1]?.finish();
  expect(await answer).toBe('b!');
});

test('when a call of several fails, each is tried alone, and only the bad one fails', async () => {
  const { ask, calls, failures, turn, asked } = bench();
  const answers = Promise.allSettled([ask('a'), ask('b')]);
  await turn();
  calls[0]?.fail(new Error('one of us is bad'));
  await turn();
  expect(asked()).toEqual(['ab', 'a', 'b']);
  expect(failures).toEqual([['a', 'b']]);
  calls[1]?.finish();
  calls[2]?.fail(new Error('it is me'));
  expect(await answers).toMatchObject([
    { status: 'fulfilled', value: 'a!' },
    { status: 'rejected', reason: { message: 'it is me' } },
  ]);
});

test('one that was alone is tried again only where that is wanted', async () => {
  const once = bench();
  const refused = once.ask('a');
  await once.turn();
  once.calls[0]?.fail(new Error('no'));
  await expect(refused).rejects.toThrow('no');
  expect(once.asked()).toEqual(['a']);

  const twice = bench({ isRepeated: true });
  const answer = twice.ask('a');
  await twice.turn();
  twice.calls[0]?.fail(new Error('answer lost'));
  await twice.turn();
  twice.calls[1]?.finish();
  expect(await answer).toBe('a!');
});

test('a run that throws at once is a failure like any other', async () => {
  const ask = createBatches<string, string>({
    run: () => {
      throw new Error('at once');
    },
    most: 3,
    atOnce: 1,
    isRepeated: false,
    failed: () => {},
  });
  await expect(ask('a')).rejects.toThrow('at once');
  await expect(ask('b')).rejects.toThrow('at once');
});
