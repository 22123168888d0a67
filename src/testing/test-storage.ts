/**
 * testStorage: the conformance kit of the storage port. Passing it is the definition of "supported".
 *
 * It registers tests with whatever runner it is handed and never skips one silently.
 */
import { ATOMIC } from './storage/atomic.ts';
import { type Bench, createBench, type StorageTest } from './storage/bench.ts';
import { CARRIED } from './storage/carried.ts';
import { COMMIT_IDS } from './storage/commit-ids.ts';
import { CONFLICTS } from './storage/conflicts.ts';
import { COPIES } from './storage/copies.ts';
import { COUNTS } from './storage/counts.ts';
import { DUE } from './storage/due.ts';
import type { RegisterTest, StorageFixture, StorageHook } from './storage/fixture.ts';
import { HELD_BACK } from './storage/held.ts';
import { LEASES } from './storage/leases.ts';
import { LISTS } from './storage/lists.ts';
import { MIGRATIONS } from './storage/migrations.ts';
import { OF_NONE } from './storage/of-none.ts';
import { OPEN_ALERTS } from './storage/open-alerts.ts';
import { PRUNING } from './storage/pruning.ts';
import { RECEIPTS } from './storage/receipts.ts';
import { T0 } from './storage/rows.ts';
import { TENANTS } from './storage/tenants.ts';
import { TOKENS } from './storage/tokens.ts';
import { TRANSACTIONS } from './storage/transactions.ts';
import { UNREADABLE } from './storage/unreadable.ts';
import { VERSIONS } from './storage/versions.ts';
import { WITHDRAWALS } from './storage/withdrawals.ts';

const TESTS: readonly StorageTest[] = [
  ...ATOMIC,
  ...CONFLICTS,
  ...OPEN_ALERTS,
  ...VERSIONS,
  ...COMMIT_IDS,
  ...DUE,
  ...LEASES,
  ...TOKENS,
  ...WITHDRAWALS,
  ...COUNTS,
  ...TENANTS,
  ...COPIES,
  ...LISTS,
  ...TRANSACTIONS,
  ...PRUNING,
  ...UNREADABLE,
  ...MIGRATIONS,
  ...CARRIED,
  ...OF_NONE,
  ...RECEIPTS,
  ...HELD_BACK,
];

/** What is known of a fixture before it is opened. */
export type StorageTestOptions = {
  /** Hooks that the fixture lacks; the tests that need them are not registered. A hook that is merely missing fails them. */
  readonly lacks?: readonly StorageHook[];
};

/**
 * Registers a test for each promise S1 to S18 of the storage port; `open` answers a fresh, empty storage for each.
 *
 * Each title begins with the number of its promise. Answers the titles of the tests that the fixture's missing hooks
 * leave out, so that whoever claims support can say what was not tried.
 *
 * @example
 * ```ts
 * import { memoryStorage } from 'tocsin/storage/memory';
 * import { testStorage } from 'tocsin/testing';
 * const tests = new Map<string, () => Promise<void>>();
 * const open = async () => {
 *   const clock = { at: 0, now: () => clock.at };
 *   const storage = memoryStorage({ clock });
 *   return { storage, setNow: (ms: number) => void (clock.at = ms), close: () => storage.close() };
 * };
 * const untried = testStorage((name, run) => tests.set(name, run), open, { lacks: ['another', 'begin', 'corrupt', 'newer'] });
 * untried.some((title) => title.startsWith('S15 ')); // => true
 * for (const run of tests.values()) await run();
 * ```
 */
export function testStorage(
  test: RegisterTest,
  open: () => Promise<StorageFixture>,
  options: StorageTestOptions = {},
): readonly string[] {
  const { lacks = [] } = options;
  const untried: string[] = [];
  for (const { promise, says, needs, run } of TESTS) {
    const title = `${promise} ${says}`;
    if (needs !== undefined && lacks.includes(needs)) untried.push(title);
    else test(title, () => onBench(open, needs, run));
  }
  return untried;
}

async function onBench(
  open: () => Promise<StorageFixture>,
  needs: StorageHook | undefined,
  run: (bench: Bench) => Promise<void>,
): Promise<void> {
  const fixture = await open();
  try {
    if (needs !== undefined && fixture[needs] === undefined) {
      throw new Error(`The fixture has no \`${needs}\`: give it one, or name it in \`lacks\`.`);
    }
    await fixture.storage.migrate();
    await fixture.setNow(T0);
    await run(createBench(fixture));
  } finally {
    await fixture.close();
  }
}
