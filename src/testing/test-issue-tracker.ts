/**
 * testIssueTracker: the conformance kit of the issue tracker port. Passing it is the definition of "supported".
 *
 * It registers tests with whatever runner it is handed. The tracker behind the port is the fixture's; nothing here reaches a
 * network by itself or waits.
 */
import { deepStrictEqual, fail, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { inspect } from 'node:util';
import type { IssueOptions, IssueTracker, TrackedItem } from '../ports/issue-tracker.ts';
import { details, onFixture, waitingFor } from './settling.ts';
import type { RegisterTest } from './storage/fixture.ts';

/** How a tracker answers: it does it, fails for now, refuses for ever, asks to wait, never answers, or does it and never says so. */
export type TrackerAnswer = 'takes' | 'fails' | 'refuses' | 'busy' | 'hangs' | 'loses';

/** An issue as the tracker has it. */
export type ShownIssue = { readonly id: string; readonly title: string; readonly isClosed: boolean };

/** One issue tracker port to be tried, over a tracker that does as it is told and has no issue at first. */
export type IssueTrackerFixture = {
  readonly tracker: IssueTracker;
  /** Makes the tracker answer so from now on; at first it takes everything. */
  answer(how: TrackerAnswer): void;
  /** Every issue, in the order in which they were made. */
  issues(): readonly ShownIssue[];
  /** Somebody deletes the issue. */
  remove(id: string): void;
  /** How long (ms) the tracker asks to wait when it is busy. */
  readonly busyMs: number;
  /** Passwords and tokens that nobody may read in an error. */
  readonly secrets: readonly string[];
  close(): void | Promise<void>;
};

type KitTest = { readonly title: string; run(fixture: IssueTrackerFixture): Promise<void> };

/** A step that has not settled by then never will. */
const PATIENCE_MS = 2_000;
const { settled, rejection } = waitingFor('the step', PATIENCE_MS);
const FAILURES = ['fails', 'refuses', 'busy'] as const;
const AT = Date.UTC(2026, 0, 6, 10);
const ITEM: TrackedItem = {
  tenant: 'default',
  id: 'i1:a1',
  incidentId: 'i1',
  title: 'Größe of the pool',
  text: 'Twice as large.\nAt least.',
  status: 'open',
  priority: 'high',
  owner: { id: 'ana', name: 'Ana' },
  dueAt: AT + 86_400_000,
  createdAt: AT,
  service: { id: 'checkout', name: 'Checkout' },
};
const DONE: TrackedItem = { ...ITEM, title: 'Size of the pool', status: 'done' };

const TESTS: readonly KitTest[] = [
  {
    title: 'T1 each step is done when it resolves',
    async run(fixture) {
      const id = await made(fixture);
      deepStrictEqual(fixture.issues(), [{ id, title: ITEM.title, isClosed: false }]);
      await settled(fixture.tracker.update(id, DONE, options('update')));
      deepStrictEqual(fixture.issues(), [{ id, title: DONE.title, isClosed: true }]);
    },
  },
  ...FAILURES.map(
    (how): KitTest => ({
      title: `T1 each step rejects when the tracker ${how === 'busy' ? 'is busy' : how}`,
      async run(fixture) {
        for (const step of await stepsOf(fixture)) {
          fixture.answer(how);
          await rejection(step(options('again')));
        }
      },
    }),
  ),
  {
    title: 'T2 each step rejects before anything is done when its signal has aborted',
    async run(fixture) {
      const steps = await stepsOf(fixture);
      const before = fixture.issues();
      for (const step of steps) await rejection(step(options('again', AbortSignal.abort())));
      deepStrictEqual(fixture.issues(), before);
    },
  },
  {
    title: 'T2 each step stops and rejects when its signal aborts while the tracker does not answer',
    async run(fixture) {
      for (const step of await stepsOf(fixture)) {
        fixture.answer('hangs');
        const controller = new AbortController();
        const stepping = step(options('again', controller.signal));
        setImmediate(() => controller.abort());
        await rejection(stepping);
      }
    },
  },
  {
    title: 'T3 create makes one issue under one key, also when the first answer was lost',
    async run({ tracker, answer, issues }) {
      answer('loses');
      await rejection(attempt(() => tracker.create(ITEM, options('k1'))));
      answer('takes');
      const again = await settled(attempt(() => tracker.create(ITEM, repeated('k1'))));
      const once = await settled(attempt(() => tracker.create(DONE, repeated('k1'))));
      strictEqual(once.id, again.id);
      deepStrictEqual(
        issues().map(({ id }) => id),
        [again.id],
      );
    },
  },
  {
    title: 'T3 issues of two keys are two issues, also of one title',
    async run({ tracker, issues }) {
      const first = await settled(tracker.create(ITEM, options('k1')));
      const second = await settled(tracker.create({ ...ITEM, id: 'i1:a2' }, options('k2')));
      notStrictEqual(second.id, first.id);
      strictEqual(issues().length, 2);
    },
  },
  {
    title: 'T4 the latest update counts, and the same one twice leaves what one leaves',
    async run(fixture) {
      const id = await made(fixture);
      const { tracker } = fixture;
      for (const item of [DONE, ITEM]) {
        fixture.answer('loses');
        await rejection(attempt(() => tracker.update(id, item, options(item.status))));
        fixture.answer('takes');
        await settled(tracker.update(id, item, repeated(item.status)));
        deepStrictEqual(fixture.issues(), [{ id, title: item.title, isClosed: item === DONE }]);
      }
    },
  },
  {
    title: 'T5 an issue that was deleted is gone, and stays so',
    async run(fixture) {
      const id = await made(fixture);
      strictEqual((await settled(fixture.tracker.update(id, ITEM, options('there')))).isGone ?? false, false);
      fixture.remove(id);
      strictEqual((await settled(fixture.tracker.update(id, DONE, options('gone')))).isGone, true);
      deepStrictEqual(fixture.issues(), []);
    },
  },
  {
    title: 'T6 what no later attempt can mend is permanent',
    async run(fixture) {
      for (const step of await stepsOf(fixture)) {
        fixture.answer('refuses');
        strictEqual(details(await rejection(step(options('again')))).permanent, true);
      }
    },
  },
  {
    title: 'T6 what a later attempt can mend is not permanent, and later it is mended',
    async run(fixture) {
      for (const step of await stepsOf(fixture)) {
        fixture.answer('fails');
        notStrictEqual(details(await rejection(step(options('again')))).permanent, true);
        fixture.answer('takes');
        await settled(step(repeated('again')));
      }
    },
  },
  {
    title: 'T7 how long the tracker asks to wait is in the rejection',
    async run(fixture) {
      for (const step of await stepsOf(fixture)) {
        fixture.answer('busy');
        const { retryAfterMs, permanent } = details(await rejection(step(options('again'))));
        strictEqual(retryAfterMs, fixture.busyMs);
        notStrictEqual(permanent, true);
      }
    },
  },
  {
    title: 'T8 no secret can be read in what a step rejects with',
    async run(fixture) {
      ok(fixture.secrets.length > 0, 'the fixture names what must not be told');
      for (const step of await stepsOf(fixture)) {
        for (const how of FAILURES) {
          fixture.answer(how);
          const error = await rejection(step(options('again')));
          const told = `${inspect(error, { depth: 10 })} ${JSON.stringify(details(error))}`;
          deepStrictEqual(
            fixture.secrets.filter((secret) => told.includes(secret)),
            [],
            'the error tells a secret',
          );
        }
      }
    },
  },
];

/**
 * Registers tests that try the promises T1 to T8 of the issue tracker port; `open` answers a fresh tracker for each. What T9
 * means depends on the tracker: no kit can try it. Each title begins with the number of its promise.
 *
 * @example
 * ```ts
 * import { testIssueTracker } from 'tocsin/testing';
 * const titles: string[] = [];
 * testIssueTracker(
 *   (title) => titles.push(title),
 *   async () => {
 *     throw new Error('open a tracker here, and an issue tracker over it');
 *   },
 * );
 * titles[0]; // => 'T1 each step is done when it resolves'
 * ```
 */
export function testIssueTracker(test: RegisterTest, open: () => Promise<IssueTrackerFixture>): void {
  for (const { title, run } of TESTS) test(title, () => onFixture(open, run));
}

function options(idempotencyKey: string, signal = new AbortController().signal): IssueOptions {
  return { idempotencyKey, signal, sentAt: AT };
}

function repeated(idempotencyKey: string): IssueOptions {
  return { ...options(idempotencyKey), isRepeated: true };
}

/** The id of the one issue that was made. */
async function made({ tracker, issues }: IssueTrackerFixture): Promise<string> {
  const { id } = await settled(tracker.create(ITEM, options('made')));
  return issues().find((issue) => issue.id === id)?.id ?? fail('there is no issue of the id that was answered');
}

type Step = (given: IssueOptions) => Promise<unknown>;

/** Both steps, the second of an issue that is there. */
async function stepsOf(fixture: IssueTrackerFixture): Promise<readonly Step[]> {
  const id = await made(fixture);
  const { tracker } = fixture;
  return [
    (given) => attempt(() => tracker.create({ ...ITEM, id: 'i1:a2' }, given)),
    (given) => attempt(() => tracker.update(id, DONE, given)),
  ];
}

/** A step that throws at once has rejected. */
async function attempt<T>(step: () => Promise<T>): Promise<T> {
  return step();
}
