/**
 * Runners that break one promise each, and keep the others as well as they can.
 *
 * Each is the local runner with something between it and whoever uses it.
 */
import type { Runner, RunnerWork } from '../../src/ports/runner.ts';
import { localRunner } from '../../src/runners/local.ts';
import type { VirtualClock } from '../../src/testing/virtual-clock.ts';

export type RunnerSaboteur = {
  readonly promise: string;
  readonly does: string;
  readonly make: (clock: VirtualClock) => Runner;
};

/** A runner whose work comes through `between`. */
const withWork = (clock: VirtualClock, between: (work: RunnerWork, runner: Runner) => Partial<RunnerWork>): Runner => {
  const inner = localRunner({ clock });
  const disguised = new Map<RunnerWork, RunnerWork>();
  return {
    ...inner,
    start(work) {
      const other = disguised.get(work) ?? { ...work, ...between(work, inner) };
      disguised.set(work, other);
      return inner.start(other);
    },
  };
};

const never = () => new Promise<undefined>(() => {});
const isOdd = (ms: number | undefined) => ms !== undefined && !(ms < 2 ** 31);

export const RUNNER_SABOTEURS: readonly RunnerSaboteur[] = [
  {
    promise: 'R1',
    does: 'does not listen to what the work says',
    make: (clock) => withWork(clock, (work) => ({ run: () => work.run().then(() => undefined) })),
  },
  {
    promise: 'R1',
    does: 'sleeps before it looks for the first time',
    make(clock) {
      const inner = localRunner({ clock });
      return { ...inner, start: (work) => void clock.wait(4_000, () => inner.start(work)) };
    },
  },
  { promise: 'R2', does: 'cannot be woken', make: (clock) => ({ ...localRunner({ clock }), wake() {} }) },
  {
    promise: 'R2',
    does: 'obeys the latest wake instead of the first',
    make(clock) {
      const inner = localRunner({ clock });
      let cancel = () => {};
      return {
        ...inner,
        wake(inMs) {
          cancel();
          cancel = clock.wait(Math.min(Math.max(inMs, 0) || 0, 5_000), () => inner.wake(0));
        },
      };
    },
  },
  {
    promise: 'R2',
    does: 'forgets a wake that comes while it is at work',
    make(clock) {
      let isAtWork = false;
      const inner = withWork(clock, (work) => ({
        async run() {
          isAtWork = true;
          try {
            return await work.run();
          } finally {
            isAtWork = false;
          }
        },
      }));
      return { ...inner, wake: (inMs) => void (isAtWork || inner.wake(inMs)) };
    },
  },
  {
    promise: 'R3',
    does: 'runs at once whenever it is woken',
    make(clock) {
      let run = async () => {};
      const inner = withWork(clock, (work) => {
        run = async () => void (await work.run());
        return {};
      });
      return { ...inner, wake: () => void run().catch(() => {}) };
    },
  },
  {
    promise: 'R4',
    does: 'ends with the first failure',
    make: (clock) =>
      withWork(clock, (work) => ({
        async run() {
          try {
            return await work.run();
          } catch (error) {
            work.failed(error);
            return never();
          }
        },
      })),
  },
  {
    promise: 'R4',
    does: 'tells nobody of a failure',
    make: (clock) => withWork(clock, () => ({ failed() {} })),
  },
  {
    promise: 'R4',
    does: 'tries again without a pause',
    make: (clock) =>
      withWork(clock, (work, runner) => ({
        async run() {
          try {
            return await work.run();
          } catch (error) {
            runner.wake(0);
            throw error;
          }
        },
      })),
  },
  {
    promise: 'R4',
    does: 'ends when nobody can be told',
    make: (clock) =>
      withWork(clock, (work) => {
        let isBroken = false;
        return {
          run: () => (isBroken ? never() : work.run()),
          failed(error) {
            try {
              work.failed(error);
            } catch {
              isBroken = true;
            }
          },
        };
      }),
  },
  {
    promise: 'R5',
    does: 'does not wait for the work under way',
    make(clock) {
      const inner = localRunner({ clock });
      return { ...inner, stop: async () => void inner.stop() };
    },
  },
  {
    promise: 'R5',
    does: 'goes on after it was stopped',
    make(clock) {
      let isAtWork = Promise.resolve();
      const inner = withWork(clock, (work) => ({
        run() {
          const run = work.run();
          isAtWork = run.then(
            () => {},
            () => {},
          );
          return run;
        },
      }));
      return { ...inner, stop: () => isAtWork };
    },
  },
  {
    promise: 'R5',
    does: 'cannot be stopped before it is started',
    make(clock) {
      const inner = localRunner({ clock });
      let isStarted = false;
      return {
        ...inner,
        start(work) {
          isStarted = true;
          return inner.start(work);
        },
        stop: () => (isStarted ? inner.stop() : Promise.reject(new Error('It is not started.'))),
      };
    },
  },
  {
    promise: 'R6',
    does: 'takes a wait that no timer can keep for none, as setTimeout does',
    make: (clock) => withWork(clock, (work) => ({ run: () => work.run().then((inMs) => (isOdd(inMs) ? 1 : inMs)) })),
  },
  {
    promise: 'R6',
    does: 'waits for ever when it is told to',
    make: (clock) =>
      withWork(clock, (work) => ({ run: () => work.run().then((inMs) => (isOdd(inMs) ? never() : inMs)) })),
  },
  {
    promise: 'R6',
    does: 'refuses an odd wake',
    make(clock) {
      const inner = localRunner({ clock });
      return {
        ...inner,
        wake(inMs) {
          if (!Number.isFinite(inMs)) throw new RangeError('This is no time.');
          inner.wake(inMs);
        },
      };
    },
  },
  {
    promise: 'R7',
    does: 'looks only when it knows of something',
    make: (clock) => localRunner({ clock, pollIntervalMs: 2 ** 31 - 1 }),
  },
  {
    promise: 'R7',
    does: 'begins its sleep anew with every wake',
    make(clock) {
      let cancel = () => {};
      const inner = localRunner({ clock, pollIntervalMs: 2 ** 31 - 1 });
      const sleep = () => {
        cancel();
        cancel = clock.wait(5_000, () => {
          inner.wake(0);
          sleep();
        });
      };
      return {
        start(work) {
          inner.start(work);
          sleep();
        },
        wake(inMs) {
          sleep();
          inner.wake(inMs);
        },
        stop() {
          cancel();
          return inner.stop();
        },
      };
    },
  },
  {
    promise: 'R8',
    does: 'lets the second engine take the place of the first',
    make(clock) {
      const inner = localRunner({ clock });
      let current: RunnerWork | undefined;
      const through: RunnerWork = {
        run: () => current?.run() ?? Promise.resolve(undefined),
        failed: (error) => current?.failed(error),
      };
      return {
        ...inner,
        start(work) {
          current = work;
          return inner.start(through);
        },
      };
    },
  },
];
