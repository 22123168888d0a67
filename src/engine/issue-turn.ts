/**
 * The turn of an issue: one attempt at a time tells the tracker of an action item, whichever process makes it.
 *
 * Without it an attempt that hangs could bring an issue back to what it said before. Whoever dies during their turn loses it
 * after a while; only the latest row of an action item has one.
 */
import type { StoredActionItem } from '../model/action-item.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { SlotKey, StoredSlot } from '../ports/storage.ts';
import { actionItemChange, actionItemIn, actionItemKey } from './action-items-document.ts';
import { type ChangeParts, joinChanges, NO_CHANGE } from './change.ts';
import type { Engine } from './engine.ts';
import { issueRowId } from './issue-rows.ts';
import { type Decided, transact } from './transact.ts';

/** Longer than an attempt may take. */
const TURN_MS = 15_000;

/** Whether it is this row's turn, with the action item as it is now (`now` by the storage's clock), and if not, why. */
export type Turn =
  | { readonly is: 'ours'; readonly item: StoredActionItem; readonly now: number }
  | { readonly is: 'later' }
  | { readonly is: 'overtaken'; readonly by: string }
  | { readonly is: 'unreadable' };

/** What a tracker calls the issue of an action item. */
export type External = NonNullable<StoredActionItem['external']>;

const slotOf = (item: string): SlotKey => ({ kind: 'issue', key: item });

/** Takes the turn of the action item that `row` is about. */
export function takeTurn(engine: Engine, { id: row, tenant, address: id }: StoredDelivery): Promise<Turn> {
  const slot = slotOf(id);
  const query = { tenant, documents: [actionItemKey(id)], slots: [slot] };
  return transact(engine, query, (loaded): Decided<Turn> => {
    const { now } = loaded;
    const { item } = actionItemIn(loaded.documents, id);
    if (item === undefined) return { answer: () => ({ is: 'unreadable' }) };
    const latest = issueRowId(id, item.exports ?? 0);
    if (latest !== row) return { answer: () => ({ is: 'overtaken', by: latest }) };
    const taken = slotIn(loaded.slots, slot);
    const isBusy = taken !== undefined && taken.owner !== row && (taken.until ?? 0) > now;
    if (isBusy) return { answer: () => ({ is: 'later' }) };
    const slots = [{ ...slot, expectedVersion: taken?.version ?? 0, owner: row, until: now + TURN_MS }];
    return { change: { ...NO_CHANGE, slots }, answer: () => ({ is: 'ours', item, now }) };
  });
}

/** Ends the turn of `row`, and keeps what the tracker calls the issue, if it said so; answers the item that was written. */
export function endTurn(
  engine: Engine,
  { id: row, tenant, address: id }: StoredDelivery,
  external?: External,
): Promise<{ readonly item: StoredActionItem; readonly version: number; readonly now: number } | undefined> {
  const slot = slotOf(id);
  const query = { tenant, documents: [actionItemKey(id)], slots: [slot] };
  return transact(engine, query, (loaded) => {
    const { item, version } = actionItemIn(loaded.documents, id);
    const taken = slotIn(loaded.slots, slot);
    const isOurs = taken?.owner === row;
    const left: ChangeParts = {
      ...NO_CHANGE,
      slots: isOurs ? [{ ...slot, expectedVersion: taken.version, owner: undefined }] : [],
    };
    if (item === undefined || external === undefined || isKept(item, external))
      return { change: isOurs ? left : undefined, answer: () => undefined };
    const after = { ...item, external };
    const change = joinChanges(actionItemChange(after, version), left);
    return { change, answer: () => ({ item: after, version: version + 1, now: loaded.now }) };
  });
}

function isKept({ external }: StoredActionItem, { tracker, id, url }: External): boolean {
  return external?.tracker === tracker && external.id === id && external.url === url;
}

function slotIn(slots: readonly StoredSlot[], { kind, key }: SlotKey): StoredSlot | undefined {
  return slots.find((slot) => slot.kind === kind && slot.key === key);
}
