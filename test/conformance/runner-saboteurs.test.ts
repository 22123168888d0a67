/**
 * The kit for runners bites: each saboteur is found out by a test of the very promise that it breaks.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Runner } from '../../src/ports/runner.ts';
import { localRunner } from '../../src/runners/local.ts';
import { testRunner } from '../../src/testing/test-runner.ts';
import { type VirtualClock, virtualClock } from '../../src/testing/virtual-clock.ts';
import { RUNNER_SABOTEURS } from './runner-saboteurs.ts';

/** The tests of the kit on a runner, by their titles. */
function kitOn(make: (clock: VirtualClock) => Runner): ReadonlyMap<string, () => Promise<void>> {
  const tests = new Map<string, () => Promise<void>>();
  testRunner(
    (title, run) => tests.set(title, run),
    () => {
      const clock = virtualClock({ start: '2026-01-06T10:00:00Z' });
      return { runner: make(clock), advance: clock.advance, close() {} };
    },
  );
  return tests;
}

const promised = [...readFileSync('src/ports/runner.ts', 'utf8').matchAll(/^ \* {2}(R\d+)\. /gm)].map(([, id]) => id);
const promiseOf = (title: string) => title.split(' ')[0];

test('every promise of the port has a test in the kit and a saboteur', () => {
  const titles = [...kitOn((clock) => localRunner({ clock })).keys()];
  expect(promised.length).toBeGreaterThan(0);
  expect([...new Set(titles.map(promiseOf))]).toEqual(promised);
  expect([...new Set(RUNNER_SABOTEURS.map(({ promise }) => promise))]).toEqual(promised);
});

test.each(RUNNER_SABOTEURS)('$promise bites a runner that $does', async ({ promise, make }) => {
  const tests = [...kitOn(make)].filter(([title]) => promiseOf(title) === promise);
  const outcomes = await Promise.allSettled(tests.map(([, run]) => run()));
  expect(outcomes.map(({ status }) => status)).toContain('rejected');
});
