/**
 * The watch: looks regularly whether due work is done, says loudly when it is not, and tells somebody outside that all is
 * well.
 *
 * A dead process tells nobody anything; so the telling is of what is well, and it is its absence that alarms. It waits for
 * nobody: whoever is told may hang or fail.
 */
import type { Engine } from './engine.ts';
import { healthOf, isFailing, LATE_MS } from './health.ts';

/** Whom to tell that due work is done. */
export type DeadMan = {
  /** Called while all is well; what it does must raise an alarm elsewhere when it is no longer called. */
  readonly beat: () => void | Promise<void>;
  /** How often, in ms. */
  readonly everyMs: number;
  /** From when on something due counts as late, in ms. */
  readonly lateMs: number;
};

/** How often to look when nobody outside is told, in ms. */
const EVERY_MS = 30_000;
const LONGEST_LOOK_MS = 60_000;
/** The longest wait that a timer of Node.js keeps. */
const LONGEST_MS = 2 ** 31 - 1;

/** Watches over `engine`; answers how to begin and how to end. `tidy` is called at each look. */
export function createWatch(
  engine: Engine,
  deadMan: DeadMan | undefined,
  tidy: () => Promise<void>,
): { readonly begin: () => void; readonly end: () => void } {
  const { everyMs, lateMs } = deadMan ?? { everyMs: EVERY_MS, lateMs: LATE_MS };
  let cancel: (() => void) | undefined;
  let wasLate = false;
  let missed = 0;

  function sleep(): void {
    const again = () => {
      if (cancel !== undefined) sleep();
    };
    cancel = engine.clock.wait(Math.min(everyMs, LONGEST_MS), () => void withinReason(look()).finally(again), {
      keepAlive: false,
    });
  }

  /** A storage that never answers one question may answer the next one: a look that hangs is not the last one. */
  function withinReason(looking: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const forget = engine.clock.wait(LONGEST_LOOK_MS, resolve, { keepAlive: false });
      void looking.finally(() => {
        forget();
        resolve();
      });
    });
  }

  async function look(): Promise<void> {
    try {
      const health = await healthOf(engine, [...engine.tenants.keys()], lateMs);
      const isLate =
        health.storage === 'unreachable' ||
        health.latenessMs > lateMs ||
        health.notifiers.some((notifier) => isFailing(engine, notifier, lateMs));
      if (isLate && !wasLate) {
        engine.logger.error({ health }, 'Due work is late: somebody may be waiting for a page.');
        engine.bus.tell('work.late', { type: 'work.late', health });
      }
      wasLate = isLate;
      if (health.missedWakeUps > missed)
        engine.logger.warn(
          { missed: health.missedWakeUps },
          'The job queue drops wake-ups: pages are found by looking.',
        );
      missed = health.missedWakeUps;
      if (!isLate && cancel !== undefined) void beat();
      if (health.storage === 'reachable') await tidy();
    } catch (error) {
      engine.logger.error({ error }, 'The watch over due work failed.');
    }
  }

  async function beat(): Promise<void> {
    try {
      await deadMan?.beat();
    } catch (error) {
      engine.logger.error({ error }, 'deadMan.beat failed.');
    }
  }

  return {
    begin: sleep,
    end() {
      cancel?.();
      cancel = undefined;
    },
  };
}
