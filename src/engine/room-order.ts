/**
 * Room order: which step of a room goes before which, and which need not be taken at all.
 *
 * Pure. Lines are posted in the order of the timeline, each after the one before has gone out or ended; of several topics the
 * last is shown; a room is archived after everything that was still to be said.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { spread } from '../core/paging/retry.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { DeliveryOutcome } from '../ports/storage.ts';
import type { RoomStep } from './room-rows.ts';

/** What is said of a step that only waits. */
export const WAITS = 'Another step of the room goes before.';

/** A step, and what its turn depends on. */
export type Standing = {
  readonly delivery: StoredDelivery;
  readonly context: Pick<IncidentContext, 'outcome'>;
  /** Whether the incident has become private, and the room is not. */
  readonly isHidden: boolean;
  /** The other steps of the room, and of those that it has had before it. */
  readonly others: readonly StoredDelivery[];
  readonly now: number;
};

const AGAIN_MS = 500;
const DONE: DeliveryOutcome = { state: 'sent' };

/** What becomes of the step when nothing is to be done, or not yet; `undefined` when its turn has come. */
export function insteadOf({ others, ...standing }: Standing): DeliveryOutcome | undefined {
  const { delivery, isHidden } = standing;
  const step = stepOf(delivery);
  if (step === 'create') return instead(others.find((row) => isOf(row, 'create') && isBefore(row, delivery)));
  const same = others.filter(({ address }) => address === delivery.address);
  if (isArchived(same)) return DONE;
  if (step === 'archive') return beforeArchive({ ...standing, others: same });
  if (step === 'topic') return beforeTopic({ ...standing, others: same });
  if (isHidden) return DONE;
  if (step === 'invite') return undefined;
  return after(
    same.filter((row) => isOf(row, 'post') && isBefore(row, delivery)),
    standing,
  );
}

/** Which step of a room it is. */
export function stepOf({ content }: StoredDelivery): RoomStep {
  const steps: readonly RoomStep[] = ['create', 'invite', 'topic', 'post', 'archive'];
  return steps.find((step) => step === content?.topic) ?? 'post';
}

/** Whether these steps of a room have archived it. */
export function isArchived(steps: readonly StoredDelivery[]): boolean {
  return steps.some((row) => stepOf(row) === 'archive' && row.state === 'sent' && row.externalId !== undefined);
}

/** A step that waits for others of its room. */
export function waits(afterMs: number): DeliveryOutcome {
  return { state: 'held', afterMs, error: WAITS };
}

/** What is open again stays; a later end has a later moment. What became private waits for no moment. */
function beforeArchive(standing: Standing): DeliveryOutcome | undefined {
  const { delivery, context, isHidden, others } = standing;
  const later = others.find((row) => isOf(row, 'archive') && isBefore(delivery, row));
  if (!isHidden && context.outcome === 'open') return DONE;
  if (!isHidden && later !== undefined) return instead(later);
  return after(
    others.filter((row) => isLive(row) && stepOf(row) !== 'archive'),
    standing,
  );
}

function beforeTopic({ delivery, isHidden, others }: Standing): DeliveryOutcome | undefined {
  const topics = others.filter((row) => stepOf(row) === 'topic');
  const later = topics.find((row) => isLive(row) && isBefore(delivery, row));
  if (later !== undefined) return instead(later);
  const shown = topics.filter(({ state, bundledIn }) => state === 'sent' && bundledIn === undefined);
  const last = shown.toSorted((a, b) => seqOf(a) - seqOf(b)).at(-1);
  if (!isHidden && last !== undefined && last.content?.title === delivery.content?.title) return DONE;
  return topics.some(({ state }) => state === 'leased') ? waits(AGAIN_MS) : undefined;
}

function instead(row: StoredDelivery | undefined): DeliveryOutcome | undefined {
  return row === undefined ? undefined : { state: 'sent', bundledIn: row.id };
}

/** Waits for all of `rows`, until the first of them is tried again, and for as long as they may take one after the other. */
function after(
  rows: readonly StoredDelivery[],
  { delivery, now }: Pick<Standing, 'delivery' | 'now'>,
): DeliveryOutcome | undefined {
  if (rows.length === 0) return undefined;
  const first = Math.min(...rows.map(({ state, dueAt }) => (state === 'pending' ? dueAt - now : 0)));
  return waits(spread(delivery.id, Math.max(rows.length * AGAIN_MS, first), AGAIN_MS));
}

/** Whether it is such a step, and its end is not known yet. */
function isOf(row: StoredDelivery, step: RoomStep): boolean {
  return stepOf(row) === step && isLive(row);
}

function isLive({ state }: StoredDelivery): boolean {
  return state === 'pending' || state === 'leased';
}

function isBefore(a: StoredDelivery, b: StoredDelivery): boolean {
  return seqOf(a) < seqOf(b);
}

function seqOf({ reactsTo }: StoredDelivery): number {
  return reactsTo?.seq ?? 0;
}
