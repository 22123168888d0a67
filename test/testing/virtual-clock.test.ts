/**
 * The virtual clock: time passes only when a test says so.
 */
import { describe, expect, test } from 'vitest';
import { type VirtualClock, virtualClock } from '../../src/testing/index.ts';

const T0 = Date.UTC(2026, 0, 6, 10);

/** Waits for each of these, and says at which moment each was called. */
function waiting(clock: VirtualClock, ...delays: readonly number[]): string[] {
  const called: string[] = [];
  for (const ms of delays) clock.wait(ms, () => called.push(`${ms} at ${clock.now() - T0}`));
  return called;
}

test.each([[T0], [new Date(T0)], ['2026-01-06T10:00:00Z'], ['2026-01-06T11:00:00+01:00']])(
  'stands at %s',
  async (start) => {
    const clock = virtualClock({ start });
    expect(clock.now()).toBe(T0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).toBe(T0);
  },
);

test('a start that is no moment is refused', () => {
  expect(() => virtualClock({ start: 'yesterday' })).toThrow(expect.objectContaining({ code: 'INSTANT_INVALID' }));
});

describe('advance', () => {
  test('moves on by exactly that much', async () => {
    const clock = virtualClock({ start: T0 });
    await clock.advance(1_234);
    await clock.advance(0);
    expect(clock.now()).toBe(T0 + 1_234);
  });

  test('calls what ends meanwhile, in order, each at its own moment', async () => {
    const clock = virtualClock({ start: T0 });
    const called = waiting(clock, 30, 10, 20, 31);
    await clock.advance(30);
    expect(called).toEqual(['10 at 10', '20 at 20', '30 at 30']);
    await clock.advance(1);
    expect(called).toHaveLength(4);
  });

  test('calls those of the same moment in the order in which they began to wait', async () => {
    const clock = virtualClock({ start: T0 });
    const called: string[] = [];
    for (const name of ['a', 'b', 'c']) clock.wait(10, () => called.push(name));
    await clock.advance(10);
    expect(called).toEqual(['a', 'b', 'c']);
  });

  test('calls also what began to wait meanwhile', async () => {
    const clock = virtualClock({ start: T0 });
    const called: number[] = [];
    const again = () => {
      called.push(clock.now() - T0);
      clock.wait(10, again);
    };
    clock.wait(10, again);
    await clock.advance(35);
    expect(called).toEqual([10, 20, 30]);
    expect(clock.nextWait()).toBe(T0 + 40);
  });

  test('lets the promises that a call started run to their end before time goes on', async () => {
    const clock = virtualClock({ start: T0 });
    const seen: number[] = [];
    clock.wait(10, async () => {
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
      seen.push(clock.now() - T0);
    });
    await clock.advance(1_000);
    expect(seen).toEqual([10]);
  });

  test('lets what was started before run first', async () => {
    const clock = virtualClock({ start: T0 });
    const called: number[] = [];
    void Promise.resolve().then(() => clock.wait(5, () => called.push(clock.now() - T0)));
    await clock.advance(5);
    expect(called).toEqual([5]);
  });
});

test('a wait that was cancelled is not called, and each is called once', async () => {
  const clock = virtualClock({ start: T0 });
  const called: string[] = [];
  const cancel = clock.wait(10, () => called.push('cancelled'));
  clock.wait(10, () => called.push('once'));
  cancel();
  cancel();
  await clock.advance(100);
  expect(called).toEqual(['once']);
  expect(clock.nextWait()).toBeUndefined();
});

test('a wait of less than nothing is a wait of nothing', async () => {
  const clock = virtualClock({ start: T0 });
  clock.wait(-5, () => {});
  expect(clock.nextWait()).toBe(T0);
  await clock.advance(0);
  expect(clock.nextWait()).toBeUndefined();
});

test('says when the next wait ends', () => {
  const clock = virtualClock({ start: T0 });
  expect(clock.nextWait()).toBeUndefined();
  clock.wait(20, () => {});
  const cancel = clock.wait(10, () => {});
  expect(clock.nextWait()).toBe(T0 + 10);
  cancel();
  expect(clock.nextWait()).toBe(T0 + 20);
});
