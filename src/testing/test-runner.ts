/**
 * testRunner: the conformance kit of the runner port. Passing it is the definition of "supported".
 *
 * It registers tests with whatever it is handed. Time passes by the fixture alone: the kit holds no clock of its own.
 */
import assert from 'node:assert/strict';
import { isTocsinError } from '../errors.ts';
import type { Runner, RunnerWork } from '../ports/runner.ts';
import type { RegisterTest } from './storage/fixture.ts';

/** One runner to be tried, not started yet. */
export type RunnerFixture = {
  readonly runner: Runner;
  /** Lets `ms` pass: on a virtual clock, or by waiting as long. */
  advance(ms: number): Promise<void>;
  /** How often it looks unasked, in ms: 2,000 or more. Default 5,000. */
  readonly pollIntervalMs?: number;
  /** Lets go of everything. The runner has been stopped, unless a test has failed. */
  close(): void | Promise<void>;
};

/** What "soon" is, and how late a runner may be where time is real. */
const SLACK_MS = 500;
const STEP_MS = 20;
const DAY_MS = 86_400_000;
/** More runs than this in a moment are a spin. */
const SPIN = 5;

/**
 * Registers a test for each promise R1 to R8 of the runner port; `open` answers a fresh runner for each.
 *
 * Each title begins with the number of its promise.
 *
 * @example
 * ```ts
 * import { localRunner } from 'tocsin/runners/local';
 * import { testRunner, virtualClock } from 'tocsin/testing';
 * const tests = new Map<string, () => Promise<void>>();
 * testRunner((name, run) => tests.set(name, run), async () => {
 *   const clock = virtualClock({ start: 0 });
 *   return { runner: localRunner({ clock }), advance: clock.advance, close() {} };
 * });
 * for (const run of tests.values()) await run();
 * [...tests.keys()][0]; // => 'R1 looks soon after it was started, and again when the work says'
 * ```
 */
export function testRunner(test: RegisterTest, open: () => RunnerFixture | Promise<RunnerFixture>): void {
  const registered = (name: string, run: (bench: Bench) => Promise<void>) => test(name, () => onBench(open, run));

  registered('R1 looks soon after it was started, and again when the work says', async (bench) => {
    await bench.begin([answers(300), answers(20)]);
    await bench.ran(1, SLACK_MS);
    await bench.ran(2, 300 + SLACK_MS);
    await bench.ran(3, 20 + SLACK_MS);
  });

  registered('R2 obeys a wake while it sleeps, and of several the first', async (bench) => {
    await bench.begin([]);
    await bench.ran(1, SLACK_MS);
    bench.runner.wake(200);
    await bench.ran(2, 200 + SLACK_MS);
    bench.runner.wake(1_800);
    bench.runner.wake(0);
    bench.runner.wake(1_900);
    await bench.ran(3, SLACK_MS);
  });

  registered('R2 is not delayed by a wake that is later than what the work said', async (bench) => {
    await bench.begin([answers(300)]);
    await bench.ran(1, SLACK_MS);
    bench.runner.wake(1_900);
    await bench.ran(2, 300 + SLACK_MS);
  });

  registered('R2 loses no wake that comes while it is at work: another run follows', async (bench) => {
    await bench.begin([hangs]);
    await bench.ran(1, SLACK_MS);
    bench.runner.wake(1_900);
    bench.runner.wake(50);
    await bench.advance(100);
    bench.finish();
    await bench.ran(2, SLACK_MS);
  });

  registered('R3 is never at work twice at a time', async (bench) => {
    await bench.begin([hangs, hangs]);
    await bench.ran(1, SLACK_MS);
    for (let n = 0; n < 5; n++) {
      bench.runner.wake(0);
      await bench.advance(100);
    }
    await bench.advance(bench.pollIntervalMs + SLACK_MS);
    assert.equal(bench.runs(), 1, 'a second run began while the first was going on');
    bench.finish();
    await bench.ran(2, SLACK_MS);
  });

  registered('R4 tells of work that fails, and tries it again after a pause', async (bench) => {
    const errors = Array.from({ length: 20 }, (_, n) => new Error(`failure ${n}`));
    await bench.begin(errors.map((error, n) => (n % 2 === 0 ? rejects(error) : throws(error))));
    await bench.ran(1, SLACK_MS);
    await bench.advance(50);
    assert.ok(bench.runs() <= SPIN, `it ran ${bench.runs()} times in a moment: it has to pause after a failure`);
    await bench.ran(2, 5_000 + SLACK_MS);
    await bench.ran(3, 5_000 + SLACK_MS);
    assert.deepEqual(bench.failures().slice(0, 2), errors.slice(0, 2));
  });

  registered('R4 survives that nobody can be told', async (bench) => {
    await bench.begin([rejects(new Error('failure'))], () => {
      throw new Error('the logger is broken too');
    });
    await bench.ran(1, SLACK_MS);
    await bench.ran(2, 5_000 + SLACK_MS);
  });

  registered('R5 waits for the work under way when it is stopped, and none follows', async (bench) => {
    await bench.begin([hangs]);
    await bench.ran(1, SLACK_MS);
    let isStopped = false;
    const stopping = bench.runner.stop().then(() => {
      isStopped = true;
    });
    bench.runner.wake(0);
    await bench.advance(SLACK_MS);
    assert.equal(isStopped, false, 'stop resolved while a run was going on');
    bench.finish();
    await stopping;
    bench.runner.wake(0);
    await bench.advance(bench.pollIntervalMs + SLACK_MS);
    assert.equal(bench.runs(), 1, 'it ran after it was stopped');
  });

  registered('R5 can be stopped before it is started, while it sleeps, and twice', async (bench) => {
    await bench.runner.stop();
    await bench.begin([answers(1_000)]);
    await bench.ran(1, SLACK_MS);
    await Promise.all([bench.runner.stop(), bench.runner.stop()]);
    await bench.runner.stop();
    await bench.advance(bench.pollIntervalMs + SLACK_MS);
    assert.equal(bench.runs(), 1, 'it ran after it was stopped');
  });

  for (const odd of [Number.POSITIVE_INFINITY, Number.NaN, 2 ** 31, 2 ** 40]) {
    registered(`R6 neither hangs nor spins when the work answers ${odd} ms`, async (bench) => {
      await bench.begin(Array.from({ length: 20 }, () => answers(odd)));
      await bench.ran(1, SLACK_MS);
      await bench.advance(50);
      assert.ok(bench.runs() <= SPIN, `it ran ${bench.runs()} times in a moment`);
      await bench.ran(2, bench.pollIntervalMs + SLACK_MS);
    });
  }

  registered('R6 takes a negative wait for one that has passed, and no wake for an error', async (bench) => {
    await bench.begin([answers(-5)]);
    await bench.ran(2, SLACK_MS);
    bench.runner.wake(-5);
    await bench.ran(3, SLACK_MS);
    for (const odd of [Number.POSITIVE_INFINITY, 2 ** 31, 2 ** 40, Number.NaN]) bench.runner.wake(odd);
    await bench.ran(4, bench.pollIntervalMs + SLACK_MS);
  });

  registered('R7 looks regularly, however far away the next row is', async (bench) => {
    await bench.begin([answers(DAY_MS), answers(undefined), answers(DAY_MS)]);
    for (const n of [1, 2, 3]) await bench.ran(n, bench.pollIntervalMs + SLACK_MS);
  });

  registered('R7 looks regularly, also while it is woken for later and later moments', async (bench) => {
    await bench.begin([]);
    await bench.ran(1, SLACK_MS);
    for (let n = 0; n < 8; n++) {
      bench.runner.wake(DAY_MS - n * bench.pollIntervalMs);
      await bench.advance(bench.pollIntervalMs / 4);
    }
    await bench.ran(2, 0);
  });

  registered('R8 wakes one engine: a second one is refused, and the first is still woken', async (bench) => {
    const work = await bench.begin([]);
    await bench.ran(1, SLACK_MS);
    let others = 0;
    const other: RunnerWork = {
      async run() {
        others += 1;
        return undefined;
      },
      failed() {},
    };
    const refused = await Promise.resolve()
      .then(() => bench.runner.start(other))
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    assert.ok(isTocsinError(refused, 'INPUT_INVALID'), 'a second work was not refused with INPUT_INVALID');
    await bench.runner.start(work);
    bench.runner.wake(0);
    await bench.ran(2, SLACK_MS);
    assert.equal(others, 0);
  });
}

type Run = (finished: Promise<void>) => Promise<number | undefined>;

const answers =
  (inMs: number | undefined): Run =>
  async () =>
    inMs;
const rejects = (error: Error): Run => {
  return async () => {
    throw error;
  };
};
const throws = (error: Error): Run => {
  return () => {
    throw error;
  };
};
const hangs: Run = (finished) => finished.then(() => undefined);

type Bench = Pick<RunnerFixture, 'runner' | 'advance'> & {
  readonly pollIntervalMs: number;
  /** Starts work that does these runs, and then answers that nothing is due. */
  begin(runs: readonly Run[], failed?: () => void): Promise<RunnerWork>;
  /** Fails unless `count` runs have begun within `ms`. */
  ran(count: number, ms: number): Promise<void>;
  runs(): number;
  failures(): readonly unknown[];
  /** Ends the runs that hang. */
  finish(): void;
};

async function onBench(
  open: () => RunnerFixture | Promise<RunnerFixture>,
  run: (bench: Bench) => Promise<void>,
): Promise<void> {
  const fixture = await open();
  const { runner, pollIntervalMs = 5_000 } = fixture;
  const advance = (ms: number) => fixture.advance(ms);
  const failures: unknown[] = [];
  let runs = 0;
  const finishes: (() => void)[] = [];
  const finish = () => {
    for (const end of finishes) end();
  };
  try {
    await run({
      runner,
      advance,
      pollIntervalMs,
      async begin(steps, failed = () => {}) {
        const work: RunnerWork = {
          run() {
            runs += 1;
            const step = steps[runs - 1] ?? answers(undefined);
            return step(new Promise((resolve) => finishes.push(resolve)));
          },
          failed(error) {
            failures.push(error);
            failed();
          },
        };
        await runner.start(work);
        return work;
      },
      async ran(count, ms) {
        for (let left = ms; runs < count && left > 0; left -= STEP_MS) await advance(Math.min(left, STEP_MS));
        assert.ok(runs >= count, `run ${count} has not begun within ${ms} ms`);
      },
      runs: () => runs,
      failures: () => failures,
      finish,
    });
  } catch (error) {
    finish();
    // A runner that broke a promise may hang here as well, and hide which one it was.
    runner.stop().catch(() => {});
    await fixture.close();
    throw error;
  }
  finish();
  await runner.stop();
  await fixture.close();
}
