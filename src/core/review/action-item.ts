/**
 * Action items: how one changes, whose business it is, and when somebody is reminded of it.
 *
 * Pure. It never knows whether whoever it names is still there.
 */
import type { StoredActionItem } from '../../model/action-item.ts';
import type { Actor } from '../../model/identity.ts';

/** What is to be changed of an action item; `null` takes something away. Instants are epoch ms. */
export type ActionItemWishes = {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly owner?: string | null | undefined;
  readonly priority?: string | null | undefined;
  readonly dueAt?: number | null | undefined;
  readonly status?: 'open' | 'inProgress' | undefined;
};

/** How an action item ended. */
export type Closing = {
  readonly status: 'done' | 'dropped';
  /** Why it was dropped. */
  readonly reason?: string;
  readonly by: Actor;
  /** Epoch ms. */
  readonly at: number;
};

/** Whether something is still to be done. */
export function isToDo({ status }: Pick<StoredActionItem, 'status'>): boolean {
  return status === 'open' || status === 'inProgress';
}

/** Whether it should have been done before `now` (epoch ms). */
export function isOverdue(item: Pick<StoredActionItem, 'status' | 'dueAt'>, now: number): boolean {
  return isToDo(item) && item.dueAt !== undefined && item.dueAt <= now;
}

/** Who hears that it is overdue: its owner; of one that nobody has, the person who added it. */
export function remindedOf({ owner, createdBy }: Pick<StoredActionItem, 'owner' | 'createdBy'>): string | undefined {
  if (owner !== undefined) return owner;
  return createdBy.kind === 'user' ? createdBy.id : undefined;
}

/** `item` with the reminder that its due date asks for, as one of which nobody was reminded yet. */
export function withReminder({ remindAt: _, ...item }: StoredActionItem, now: number): StoredActionItem {
  const { dueAt } = item;
  const remindAt = isToDo(item) && dueAt !== undefined ? Math.max(dueAt, now) : undefined;
  return { ...item, reminded: 0, ...(remindAt !== undefined && { remindAt }) };
}

/** `item` as it is wished at `now` (epoch ms); the very same when that changes nothing. */
export function changedItem(item: StoredActionItem, wishes: ActionItemWishes, now: number): StoredActionItem {
  const { status = item.status, ...fields } = wishes;
  // Opened again, it is as if it had never ended.
  const { closedAt: _, closedBy: _by, reason: _why, ...going } = item;
  const wasClosed = wishes.status !== undefined && !isToDo(item);
  const after = filled({ ...(wasClosed ? going : item), ...filledOrNull(fields), status });
  if (FIELDS.every((field) => after[field] === item[field])) return item;
  const asksAnew = wasClosed || after.owner !== item.owner || after.dueAt !== item.dueAt;
  return asksAnew ? withReminder(after, now) : after;
}

/** `item` after it ended; the very same when it had ended so already. */
export function closedItem(item: StoredActionItem, { status, reason, by, at }: Closing): StoredActionItem {
  if (item.status === status && item.reason === reason) return item;
  const { remindAt: _, reason: _why, ...rest } = item;
  return { ...rest, status, closedAt: at, closedBy: by, ...(reason !== undefined && { reason }) };
}

const FIELDS = ['title', 'body', 'owner', 'priority', 'dueAt', 'status'] as const;

type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

/** Without what is not said. */
function filledOrNull<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** Without what was taken away. */
function filled(item: Nullable<StoredActionItem>): StoredActionItem {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null)) as StoredActionItem;
}
