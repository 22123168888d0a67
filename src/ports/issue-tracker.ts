/**
 * Issue trackers: what we need from a tracker that gets the action items of incidents, and nothing more.
 *
 * To support a tracker, give `defineIssueTracker` a name, a `create` and an `update`, and run `testIssueTracker` from
 * 'tocsin/testing' against it. Failures are those of notifiers: see {@link NotifyError}. These promises are what it has to keep:
 *
 *  T1. `create` and `update` settle: they resolve when the tracker did it, and reject otherwise.
 *  T2. They stop early and reject when `signal` aborts; what they do afterwards changes nothing.
 *  T3. `create` under the same `idempotencyKey` answers the same issue, also when the answer to the first was lost. Issues of
 *      different keys are different issues, also when they are to have the same title.
 *  T4. `update` brings an issue to what the action item says now. The same update twice leaves what one leaves.
 *  T5. `update` of an issue that the tracker does not have any more answers `isGone`, and makes none.
 *  T6. A failure that no later attempt can mend rejects with a `NotifyError` whose `permanent` is true.
 *  T7. When the tracker says how long to wait, the rejection carries `retryAfterMs`.
 *  T8. Passwords and tokens stand in no error.
 *  T9. Text is never interpreted as markup of the tracker, and is cut where the tracker has a limit.
 */
import { TocsinError } from '../errors.ts';
import type { ActionItemStatus } from '../model/action-item.ts';
import type { SendOptions } from './notifier.ts';

/** An action item, as a tracker is told of it. Instants are epoch ms. */
export type TrackedItem = {
  readonly tenant: string;
  /** Of the action item. */
  readonly id: string;
  readonly incidentId: string;
  readonly title: string;
  readonly text?: string | undefined;
  readonly status: ActionItemStatus;
  /** Why it was dropped. */
  readonly reason?: string | undefined;
  readonly priority?: string | undefined;
  readonly owner?: { readonly id: string; readonly name?: string | undefined } | undefined;
  readonly dueAt?: number | undefined;
  readonly createdAt: number;
  readonly service: { readonly id: string; readonly name: string };
  /** Where people look at its incident, when the host has said where its pages are. */
  readonly link?: string | undefined;
};

/** What a tracker calls an issue for ever, and where a person can look at it. */
export type TrackedIssue = { readonly id: string; readonly url?: string | undefined };

/** What accompanies one attempt. */
export type IssueOptions = SendOptions & {
  /** Epoch ms of this attempt. */
  readonly sentAt: number;
  /** Whether an earlier attempt under the same key may have arrived. */
  readonly isRepeated?: boolean | undefined;
};

/** What an update has to tell, if anything. */
export type IssueAnswer = {
  /** Somebody has deleted the issue: it is left in peace. */
  readonly isGone?: boolean | undefined;
  /** Where a person can look at it now. */
  readonly url?: string | undefined;
};

/** A tracker that can have an issue for each action item. */
export type IssueTracker = {
  /** The name that the configuration refers to; what an issue is called is kept with the action item under it. */
  readonly name: string;
  /** How long one attempt may take, in ms, above 0; 10 s at most, which is the default. */
  readonly deadlineMs?: number;
  create(item: TrackedItem, options: IssueOptions): Promise<TrackedIssue>;
  update(id: string, item: TrackedItem, options: IssueOptions): Promise<IssueAnswer>;
};

/** What an issue tracker can do. */
export const ISSUE_STEPS = ['create', 'update'] as const satisfies readonly (keyof IssueTracker)[];

/**
 * Names the type of an issue tracker for the editor, and refuses one without a name, a `create` or an `update`.
 *
 * @throws TocsinError INPUT_INVALID when the name is empty or one of both is no function.
 * @example
 * ```ts
 * import { defineIssueTracker } from 'tocsin';
 * const titles = new Map<string, string>();
 * const board = defineIssueTracker({
 *   name: 'board',
 *   async create(item, { idempotencyKey }) {
 *     titles.set(idempotencyKey, item.title);
 *     return { id: idempotencyKey };
 *   },
 *   async update(id, item) {
 *     if (!titles.has(id)) return { isGone: true };
 *     titles.set(id, item.title);
 *     return {};
 *   },
 * });
 * board.name; // => 'board'
 * ```
 */
export function defineIssueTracker(tracker: IssueTracker): IssueTracker {
  const hasName = typeof tracker.name === 'string' && tracker.name !== '';
  if (hasName && ISSUE_STEPS.every((step) => typeof tracker[step] === 'function')) return tracker;
  throw new TocsinError(
    'INPUT_INVALID',
    `An issue tracker needs a non-empty \`name\` and the functions ${ISSUE_STEPS.join(', ')}.`,
  );
}
