/**
 * The local runner keeps every promise of the port, on a virtual clock and by the time of this process.
 */
import { describe, test } from 'vitest';
import { localRunner } from '../../src/runners/local.ts';
import { testRunner } from '../../src/testing/test-runner.ts';
import { virtualClock } from '../../src/testing/virtual-clock.ts';

describe('the local runner', () => {
  testRunner(test, () => {
    const clock = virtualClock({ start: '2026-01-06T10:00:00Z' });
    return { runner: localRunner({ clock }), advance: clock.advance, close() {} };
  });
});

describe('the local runner with another rhythm', () => {
  testRunner(test, () => {
    const clock = virtualClock({ start: '2026-01-06T10:00:00Z' });
    const pollIntervalMs = 60_000;
    return { runner: localRunner({ clock, pollIntervalMs }), advance: clock.advance, pollIntervalMs, close() {} };
  });
});
