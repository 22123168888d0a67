/**
 * Settling: what a promise of an adapter comes to, for the kits that try it.
 *
 * It waits for a bounded time; one that never settles is a failure and never a hang.
 */
import { ok } from 'node:assert/strict';
import { isTocsinError } from '../errors.ts';

/** How `what` is waited for, for `patienceMs` each time. */
export function waitingFor(what: string, patienceMs: number) {
  /** What `working` comes to; a failure when it comes to nothing. */
  async function settled<T>(working: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what} has not settled`)), patienceMs);
    });
    try {
      return await Promise.race([working, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What `working` rejects with; a failure when it resolves. */
  async function rejection(working: Promise<unknown>): Promise<unknown> {
    const never = Symbol('settled');
    const outcome = await settled(
      working.then(
        () => never,
        (error: unknown) => error,
      ),
    );
    ok(outcome !== never, `${what} resolved, and should have rejected`);
    return outcome;
  }

  return { settled, rejection };
}

/** Runs one test of a kit on a fresh fixture, which is closed whatever becomes of it. */
export async function onFixture<F extends { close(): void | Promise<void> }>(
  open: () => Promise<F>,
  run: (fixture: F) => Promise<void>,
): Promise<void> {
  const fixture = await open();
  try {
    await run(fixture);
  } finally {
    await fixture.close();
  }
}

/** The details of an error of ours; nothing of any other. */
export function details(error: unknown): Readonly<Record<string, unknown>> {
  return isTocsinError(error) ? error.details : {};
}
