/**
 * The local runner: when it looks for due work, and that nothing ends it but being stopped.
 */
import { describe, expect, test } from 'vitest';
import { localRunner } from '../../src/index.ts';
import type { RunnerWork } from '../../src/ports/runner.ts';
import { virtualClock } from '../../src/testing/index.ts';

const T0 = Date.UTC(2026, 0, 6, 10);

/** Work that says when it was asked for, and answers what the test puts in. */
function recordingWork(clock: { now(): number }, answers: readonly (number | undefined | Error)[] = []) {
  const runs: number[] = [];
  const failures: unknown[] = [];
  const work: RunnerWork = {
    async run() {
      runs.push(clock.now() - T0);
      const answer = answers[runs.length - 1];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    failed: (error) => void failures.push(error),
  };
  return { work, runs, failures };
}

function start(answers: readonly (number | undefined | Error)[] = [], pollIntervalMs?: number) {
  const clock = virtualClock({ start: T0 });
  const recorded = recordingWork(clock, answers);
  const runner = localRunner({ clock, ...(pollIntervalMs !== undefined && { pollIntervalMs }) });
  runner.start(recorded.work);
  return { clock, runner, ...recorded };
}

describe('R1 looks soon, and again when the work says', () => {
  test('at once, and every five seconds when nothing is due', async () => {
    const { clock, runs } = start();
    expect(runs).toEqual([]);
    await clock.advance(0);
    expect(runs).toEqual([0]);
    await clock.advance(15_000);
    expect(runs).toEqual([0, 5_000, 10_000, 15_000]);
  });

  test('at the moment that the work names, when that is sooner', async () => {
    const { clock, runs } = start([300, 20]);
    await clock.advance(320);
    expect(runs).toEqual([0, 300, 320]);
  });

  test('no later than it polls, so that rows of other processes are found and a long wait cannot overflow', async () => {
    const { clock, runs } = start([365 * 86_400_000, 365 * 86_400_000]);
    await clock.advance(10_000);
    expect(runs).toEqual([0, 5_000, 10_000]);
  });

  test('as often as it was asked to', async () => {
    const { clock, runs } = start([], 100);
    await clock.advance(300);
    expect(runs).toEqual([0, 100, 200, 300]);
  });
});

describe('R2 can be woken', () => {
  test('for a moment that is sooner than the next look', async () => {
    const { clock, runner, runs } = start();
    await clock.advance(0);
    runner.wake(700);
    await clock.advance(700);
    expect(runs).toEqual([0, 700]);
  });

  test('a wake that is later than the next look changes nothing', async () => {
    const { clock, runner, runs } = start([300]);
    await clock.advance(0);
    runner.wake(300);
    runner.wake(4_000);
    await clock.advance(400);
    expect(runs).toEqual([0, 300]);
  });

  test('while it is at work: it looks again at that moment', async () => {
    const clock = virtualClock({ start: T0 });
    const runs: number[] = [];
    const runner = localRunner({ clock });
    runner.start({
      async run() {
        runs.push(clock.now() - T0);
        if (runs.length > 1) return undefined;
        runner.wake(900);
        runner.wake(200);
        runner.wake(400);
        return 3_000;
      },
      failed() {},
    });
    await clock.advance(200);
    expect(runs).toEqual([0, 200]);
  });

  test('a wake for a moment that has passed while it was at work is obeyed at once', async () => {
    const clock = virtualClock({ start: T0 });
    const runs: number[] = [];
    let finish = () => {};
    const runner = localRunner({ clock });
    runner.start({
      run() {
        runs.push(clock.now() - T0);
        if (runs.length > 1) return Promise.resolve(undefined);
        return new Promise((resolve) => {
          finish = () => resolve(undefined);
        });
      },
      failed() {},
    });
    await clock.advance(0);
    runner.wake(10);
    await clock.advance(50);
    finish();
    await clock.advance(0);
    expect(runs).toEqual([0, 50]);
  });

  test('before it is started, and after it was stopped, it sleeps on', async () => {
    const { clock, runner, runs } = start();
    await runner.stop();
    runner.wake(0);
    await clock.advance(60_000);
    expect(runs).toEqual([]);
    localRunner({ clock }).wake(0);
    expect(clock.nextWait()).toBeUndefined();
  });
});

test('R3 is never at work twice at a time', async () => {
  const clock = virtualClock({ start: T0 });
  let atWork = 0;
  let most = 0;
  const finish: (() => void)[] = [];
  const runner = localRunner({ clock, pollIntervalMs: 10 });
  const work: RunnerWork = {
    run: () =>
      new Promise((resolve) => {
        atWork += 1;
        most = Math.max(most, atWork);
        finish.push(() => {
          atWork -= 1;
          resolve(0);
        });
      }),
    failed() {},
  };
  runner.start(work);
  await clock.advance(0);
  runner.start(work);
  for (let round = 0; round < 5; round++) {
    await clock.advance(50);
    runner.wake(0);
    await clock.advance(50);
    finish.pop()?.();
  }
  expect(most).toBe(1);
});

describe('R4 work that fails is told of, and tried again after a second', () => {
  test('when it rejects', async () => {
    const error = new Error('storage is down');
    const { clock, runs, failures } = start([error, error, undefined]);
    await clock.advance(2_000);
    expect(runs).toEqual([0, 1_000, 2_000]);
    expect(failures).toEqual([error, error]);
  });

  test('when it throws at once, and when nobody can be told', async () => {
    const clock = virtualClock({ start: T0 });
    const runs: number[] = [];
    const runner = localRunner({ clock });
    runner.start({
      run() {
        runs.push(clock.now() - T0);
        throw new Error('at once');
      },
      failed() {
        throw new Error('the logger is broken too');
      },
    });
    await clock.advance(2_000);
    expect(runs).toEqual([0, 1_000, 2_000]);
    await runner.stop();
  });
});

describe('R5 stop', () => {
  test('waits for the work under way, and none follows', async () => {
    const clock = virtualClock({ start: T0 });
    let runs = 0;
    let finish = () => {};
    const runner = localRunner({ clock });
    runner.start({
      run() {
        runs += 1;
        return new Promise((resolve) => {
          finish = () => resolve(0);
        });
      },
      failed() {},
    });
    await clock.advance(0);
    let isStopped = false;
    const stopping = runner.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(20_000);
    expect(isStopped).toBe(false);
    finish();
    await stopping;
    expect(clock.nextWait()).toBeUndefined();
    await clock.advance(60_000);
    expect(runs).toBe(1);
  });

  test('before the first look is the end of it', async () => {
    const { clock, runner, runs } = start();
    await runner.stop();
    expect(clock.nextWait()).toBeUndefined();
    await runner.stop();
    await clock.advance(60_000);
    expect(runs).toEqual([]);
  });
});

test.each([
  [{}, true],
  [{ keepAlive: true }, true],
  [{ keepAlive: false }, false],
])('a wait keeps the process alive unless it was asked not to: %j', async (options, keepAlive) => {
  const asked: unknown[] = [];
  const clock = {
    now: () => T0,
    wait(_ms: number, _fn: () => void, given?: object) {
      asked.push(given);
      return () => {};
    },
  };
  localRunner({ clock, ...options }).start({ run: async () => undefined, failed() {} });
  expect(asked).toEqual([{ keepAlive }]);
});

test.each([
  ['keeps the process alive by default', {}, 1],
  ['lets it end when it was asked to', { keepAlive: false }, 0],
])('without a clock a wait %s, until it is stopped', async (_, options, expected) => {
  const timers = () =>
    process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout' || kind === 'Immediate').length;
  const before = timers();
  const runner = localRunner(options);
  runner.start({ run: async () => undefined, failed() {} });
  expect(timers() - before).toBe(expected);
  const stopping = runner.stop();
  expect(timers()).toBe(before);
  await stopping;
});

test('without a clock it takes the time of this process', async () => {
  const runner = localRunner({ keepAlive: false });
  await new Promise<void>((resolve) => {
    runner.start({
      async run() {
        resolve();
        return undefined;
      },
      failed() {},
    });
  });
  await runner.stop();
});
