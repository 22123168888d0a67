/**
 * Action items as they are stored: one document each, and the timer row of its reminder, always written together.
 *
 * Pure. The id begins with that of the incident, so that those of one incident stand beside each other. They belong to no
 * incident row: they survive its end and its pruning.
 */
import { isOverdue } from '../core/review/action-item.ts';
import { type ActionItem, type StoredActionItem, storedActionItemSchema } from '../model/action-item.ts';
import { dated } from '../model/dated.ts';
import type { DocumentKey, StoredDocument } from '../ports/storage.ts';
import { type ChangeParts, NO_CHANGE } from './change.ts';

/** The owner of the timer of an action item, and its kind. */
export const ACTION_ITEM = 'actionItem';
export const DUE = 'due';

/** Names the collection, and the counters of how many an incident has. */
export const ACTION_ITEMS = 'actionItems';

/** Names the document of an action item. */
export const actionItemKey = (id: string): DocumentKey => ({ collection: ACTION_ITEMS, id });

/** What the id of every action item of an incident begins with. */
export const actionItemsOfPrefix = (incidentId: string): string => `${incidentId}:`;

/** An action item as it was read, and the version of its document. */
export type KnownActionItem = { readonly item: StoredActionItem; readonly version: number };

/** The action item of a document; `undefined` when this version cannot read it. */
export function readActionItem({ data, version }: StoredDocument): KnownActionItem | undefined {
  const item = storedActionItemSchema.safeParse(data).data;
  return item === undefined ? undefined : { item, version };
}

/** The document of action item `id` among those that were loaded, and what it says if it can be read. */
export function actionItemIn(documents: readonly StoredDocument[], id: string) {
  const document = documents.find((one) => one.collection === ACTION_ITEMS && one.id === id);
  const known = document === undefined ? undefined : readActionItem(document);
  return { version: document?.version ?? 0, item: known?.item };
}

/** Stores `item` in the place of the version `expectedVersion`, with its timer row. */
export function actionItemChange(item: StoredActionItem, expectedVersion: number): ChangeParts {
  const { id, remindAt: dueAt } = item;
  const owner = { ownerKind: ACTION_ITEM, ownerId: id, kind: DUE } as const;
  return {
    ...NO_CHANGE,
    documents: [{ ...actionItemKey(id), expectedVersion, data: item }],
    timers: [
      dueAt === undefined
        ? { type: 'cancel', ...owner }
        : { type: 'arm', ...owner, armedSeq: expectedVersion + 1, dueAt },
    ],
  };
}

/** An action item as hosts see it at `now` (epoch ms). */
export function actionItemView({ item, version }: KnownActionItem, now: number): ActionItem {
  const { format: _, reminded: _r, remindAt: _a, exports: _e, ...rest } = item;
  return { ...dated(rest, ['dueAt', 'createdAt', 'closedAt']), version, isOverdue: isOverdue(item, now) };
}
