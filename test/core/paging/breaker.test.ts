import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  answered,
  type Breaker,
  breakerState,
  CLOSED,
  failed as failedAt,
  tried as triedAt,
  waitMs as waitMsAt,
} from '../../../src/core/paging/breaker.ts';

/** Everything at one address. */
const failed = (breaker: Breaker, now: number, pauseMs?: number) => failedAt(breaker, { address: '+1', now, pauseMs });
const tried = (breaker: Breaker, now: number) => triedAt(breaker, now, '+1');
const waitMs = (breaker: Breaker, now: number) => waitMsAt(breaker, now, '+1');

const failing = (times: number, at = 0): Breaker =>
  Array.from({ length: times }).reduce<Breaker>((breaker) => failed(breaker, at), CLOSED);

describe('a provider', () => {
  test('that fails four times in a row is asked all the same', () => {
    expect(breakerState(failing(4), 0)).toBe('closed');
    expect(waitMs(failing(4), 0)).toBe(0);
  });

  test('that fails five times in a row is left alone for five seconds, then asked once', () => {
    const breaker = failing(5);
    expect([0, 4_999].map((at) => breakerState(breaker, at))).toEqual(['open', 'open']);
    expect(waitMs(breaker, 1_000)).toBe(4_000);
    expect([breakerState(breaker, 5_000), waitMs(breaker, 5_000)]).toEqual(['halfOpen', 0]);
    expect(waitMs(tried(breaker, 5_000), 5_000)).toBe(1_000);
  });

  test('that fails when it is asked again is left alone twice as long, up to a minute', () => {
    let breaker = failing(5);
    const pauses: number[] = [];
    for (let n = 0; n < 7; n++) {
      const at = breaker.openUntil;
      breaker = failed(tried(breaker, at), at);
      pauses.push(breaker.openUntil - at);
    }
    expect(pauses).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000]);
  });

  test('that is left alone is asked once for an address at which nothing has failed, and not for it again when that fails too', () => {
    const breaker = failing(5);
    expect([waitMsAt(breaker, 1_000, '+1'), waitMsAt(breaker, 1_000, '+2')]).toEqual([4_000, 0]);
    expect(triedAt(breaker, 1_000, '+2')).toBe(breaker);
    const both = failedAt(breaker, { address: '+2', now: 1_000 });
    expect([waitMsAt(both, 1_000, '+2'), waitMsAt(both, 1_000, '+3')]).toEqual([4_000, 0]);
    expect(answered(both, 1_000)).toEqual(CLOSED);
  });

  test('that fails at a thousand addresses is left alone for all of them', () => {
    const all = Array.from({ length: 1_000 }, (_, n) => `+${n}`);
    const breaker = all.reduce((known, address) => failedAt(known, { address, now: 0 }), CLOSED);
    expect(waitMsAt(breaker, 0, 'new')).toBeGreaterThan(0);
  });

  test('that asks to wait is asked by nobody before that, for no address', () => {
    expect(waitMsAt(failed(CLOSED, 0, 30_000), 1_000, '+2')).toBe(29_000);
  });

  test('that answers is well, whatever was before', () => {
    expect(breakerState(answered(failing(7), 0), 0)).toBe('closed');
    expect(answered(failing(7), 0)).toEqual(CLOSED);
  });

  test('that has asked to wait is not asked before that, though it answers what was under way', () => {
    const breaker = answered(failed(CLOSED, 1_000, 30_000), 2_000);
    expect([waitMs(breaker, 2_000), waitMs(breaker, 31_000)]).toEqual([29_000, 0]);
    expect(answered(breaker, 31_000)).toEqual(CLOSED);
  });

  test('is asked once to find out, and not left alone for an hour, when the clock goes back by an hour', () => {
    const breaker = failed(failing(5, 3_600_000), 3_600_000, 60_000);
    expect([breakerState(breaker, 3_600_001), breakerState(breaker, 1_000)]).toEqual(['open', 'halfOpen']);
    expect([waitMs(breaker, 1_000), waitMs(tried(breaker, 1_000), 1_000)]).toEqual([0, 1_000]);
    expect(waitMs(failed(tried(breaker, 1_000), 1_000), 1_000)).toBeLessThanOrEqual(60_000);
  });

  test('that asks to wait is not asked before that, and is not counted as failing more than once', () => {
    const breaker = failed(CLOSED, 1_000, 30_000);
    expect(waitMs(breaker, 1_000)).toBe(30_000);
    expect(breaker.pauses).toBe(0);
    expect(waitMs(failed(breaker, 2_000, 5_000), 2_000)).toBe(29_000);
  });

  test('what was under way when it was left alone makes it no longer', () => {
    const breaker = failing(5);
    expect(failed(breaker, 100).openUntil).toBe(breaker.openUntil);
  });

  test('is never left alone for longer than a minute, unless it asks, and never without end', () => {
    const step = fc.record({
      at: fc.integer({ min: 1, max: 100_000 }),
      what: fc.constantFrom('fails', 'answers', 'tries', 'asks' as const),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let [breaker, now, asked] = [CLOSED, 0, 0];
        for (const { at, what } of steps) {
          now += at;
          if (what === 'tries') breaker = tried(breaker, now);
          else if (what === 'answers') breaker = answered(breaker, now);
          else if (what === 'fails') breaker = failed(breaker, now);
          else {
            breaker = failed(breaker, now, 900_000);
            asked = now + 900_000;
          }
          const wait = waitMs(breaker, now);
          expect(wait).toBeGreaterThanOrEqual(Math.max(0, asked - now));
          expect(wait).toBeLessThanOrEqual(Math.max(60_000, asked - now));
          expect(waitMs({ ...breaker, isProbing: false }, Math.max(now, breaker.openUntil))).toBe(0);
        }
      }),
    );
  });
});
