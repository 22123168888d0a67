import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_ATTEMPTS, retryDelay } from '../../../src/core/paging/retry.ts';

const failed = (attempts: number, more: Partial<Parameters<typeof retryDelay>[0]> = {}) =>
  retryDelay({ id: 'i1:2:0', attempts, permanent: false, ...more });

describe('a failed delivery is tried again', () => {
  test('within ceilings that double from one second to five minutes', () => {
    const ceilings = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300, 300, 300, 300, 300, 300, 300];
    for (const [index, seconds] of ceilings.entries()) {
      for (const id of ['i1:2:0', 'i1:2:1', 'i2:7:0', '']) {
        const wait = failed(index + 1, { id }) ?? Number.NaN;
        expect(wait).toBeGreaterThanOrEqual(100);
        expect(wait).toBeLessThanOrEqual(seconds * 1_000);
      }
    }
  });

  test('for about a day, with an hour between two attempts at most, when it is patient', () => {
    const waits: number[] = [];
    for (let next = 1; ; next += 1) {
      const wait = failed(next, { isPatient: true });
      if (wait === undefined) break;
      waits.push(wait);
    }
    const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(18);
    expect(hours).toBeLessThan(36);
    expect(Math.max(...waits)).toBeGreaterThan(1_800_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(3_600_000);
    expect(failed(1, { isPatient: true, permanent: true })).toBeUndefined();
  });

  test('after exactly these waits, on every machine', () => {
    expect(Array.from({ length: 12 }, (_, n) => failed(n + 1))).toMatchInlineSnapshot(`
      [
        433,
        1172,
        824,
        100,
        14145,
        1636,
        59310,
        64808,
        248927,
        43426,
        76554,
        269867,
      ]
    `);
    expect(failed(1, { id: 'Zoë🙂' })).toMatchInlineSnapshot(`144`);
    expect(failed(1, { id: '' })).toMatchInlineSnapshot(`682`);
  });

  test('at other moments than its neighbours, spread over the whole wait', () => {
    const waits = Array.from({ length: 1_000 }, (_, n) => failed(12, { id: `i${n}:2:0` }) ?? Number.NaN);
    expect(new Set(waits).size).toBeGreaterThan(900);
    expect(Math.min(...waits)).toBeLessThan(3_000);
    expect(Math.max(...waits)).toBeGreaterThan(297_000);
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    expect(mean).toBeGreaterThan(142_000);
    expect(mean).toBeLessThan(158_000);
  });
});

describe('a channel that says how long to wait', () => {
  test.each([
    [0, 1_000],
    [-5, 1_000],
    [999, 1_000],
    [1_000, 1_000],
    [1_001, 1_001],
    [30_000.4, 30_000],
    [30_000.5, 30_001],
    [900_000, 900_000],
    [900_001, 900_000],
    [86_400_000, 900_000],
  ])('%d ms is honoured as %d ms', (retryAfterMs, wait) => {
    expect(failed(1, { retryAfterMs })).toBe(wait);
    expect(failed(19, { retryAfterMs })).toBe(wait);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined])('%d is not taken at its word', (retryAfterMs) => {
    expect(failed(3, { retryAfterMs })).toBe(failed(3));
  });
});

describe('a delivery is given up', () => {
  test('when no attempt can succeed, whatever the channel asks for', () => {
    expect(failed(1, { permanent: true })).toBeUndefined();
    expect(failed(1, { permanent: true, retryAfterMs: 5_000 })).toBeUndefined();
  });

  test('after twenty attempts, about half an hour', () => {
    expect(MOST_ATTEMPTS).toBe(20);
    expect(failed(19)).toBeDefined();
    expect(failed(20)).toBeUndefined();
    expect(failed(21)).toBeUndefined();
    expect(failed(20, { retryAfterMs: 5_000 })).toBeUndefined();
    const whole = Array.from({ length: 19 }, (_, n) => failed(n + 1) ?? Number.NaN).reduce((a, b) => a + b, 0);
    expect(whole).toBeGreaterThan(1_200_000);
    expect(whole).toBeLessThan(2_700_000);
  });
});

test('the same attempt always waits as long', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 19 }), (id, attempts) => {
      const wait = failed(attempts, { id }) ?? Number.NaN;
      expect(failed(attempts, { id })).toBe(wait);
      const ceiling = Math.min(300_000, 1_000 * 2 ** (attempts - 1));
      expect(wait).toBeGreaterThanOrEqual(100);
      expect(wait).toBeLessThanOrEqual(ceiling);
    }),
  );
});
