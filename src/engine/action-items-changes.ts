/**
 * Changes of action items: added, changed, done and dropped.
 *
 * The item, its reminder and what its issue tracker has to hear are one commit; nobody is told before it. A change that
 * changes nothing writes nothing.
 */
import { changedItem, closedItem, withReminder } from '../core/review/action-item.ts';
import { TocsinError } from '../errors.ts';
import type { ActionItem, StoredActionItem } from '../model/action-item.ts';
import type { Actor } from '../model/identity.ts';
import {
  ACTION_ITEMS,
  actionItemChange,
  actionItemIn,
  actionItemKey,
  actionItemsOfPrefix,
  actionItemView,
} from './action-items-document.ts';
import { ACTION_ITEM_INPUTS, dueWithinMs, noActionItem, refuseUnknown } from './action-items-input.ts';
import { authorize } from './authorize.ts';
import { joinChanges, NO_CHANGE } from './change.ts';
import { defined, invalid } from './command-checks.ts';
import type { Decidable } from './current-config.ts';
import { dueMoment } from './due-moment.ts';
import type { Engine } from './engine.ts';
import { actorOf, checkId, checkShape } from './input.ts';
import { exported } from './issue-rows.ts';
import { stored } from './stored-incident.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** More than anybody would go through; what is decided without end is a defect of whoever decides. */
const MOST_OF_INCIDENT = 1_000;

/** Adds one to an incident, be it open, ended or in review. */
export async function addActionItem(
  engine: Engine,
  tenant: string,
  incidentId: string,
  input: unknown,
): Promise<ActionItem> {
  const doing = 'add an action item to';
  checkId(incidentId, doing);
  const { by, dueAt: due, ...given } = checkShape('add an action item', ACTION_ITEM_INPUTS.add, input);
  const createdBy = actorOf(by);
  await authorize(engine, createdBy, 'actionItems.add', { tenant, incidentId });
  const id = `${actionItemsOfPrefix(incidentId)}${engine.ids()}`;
  const count = { collection: ACTION_ITEMS, id: incidentId };
  const query = { tenant, incidents: [incidentId], counters: [count] };
  return transact(engine, query, (loaded): Decided<ActionItem> => {
    const { now, config } = loaded;
    const { context } = stored(loaded, incidentId, doing).snapshot;
    refuseMerged(incidentId, context);
    refuseMore(loaded, incidentId);
    refuseUnknown(given, config);
    const withinMs = dueWithinMs(given.priority, config);
    const dueAt =
      due === undefined
        ? withinMs && now + withinMs
        : dueMoment(due, { command: 'add an action item', path: 'dueAt', now });
    const made: StoredActionItem = {
      format: 1,
      id,
      incidentId,
      service: context.service,
      visibility: context.visibility,
      status: 'open',
      createdAt: now,
      createdBy,
      reminded: 0,
      title: given.title,
      ...defined({ body: given.body, owner: given.owner, priority: given.priority, dueAt }),
    };
    const written = writing(engine, { tenant, loaded, version: 0, after: withReminder(made, now) });
    return { ...written, change: { ...written.change, counters: [{ ...count, add: 1 }] } };
  });
}

/** Changes one, or opens it again. */
export function updateActionItem(engine: Engine, tenant: string, id: string, input: unknown): Promise<ActionItem> {
  const command = 'update an action item';
  const { by, dueAt: due, ...given } = checkShape(command, ACTION_ITEM_INPUTS.update, input);
  return change(engine, tenant, { id, doing: 'update', by: actorOf(by) }, (item, { config, now }) => {
    refuseUnknown(given, config);
    const dueAt = due === undefined || due === null ? due : dueMoment(due, { command, path: 'dueAt', now });
    return changedItem(item, { ...given, dueAt }, now);
  });
}

/** One was done. */
export function completeActionItem(engine: Engine, tenant: string, id: string, input: unknown): Promise<ActionItem> {
  const by = actorOf(checkShape('complete an action item', ACTION_ITEM_INPUTS.complete, input).by);
  return change(engine, tenant, { id, doing: 'complete', by }, (item, { now }) =>
    closedItem(item, { status: 'done', by, at: now }),
  );
}

/** One will not be done. */
export function dropActionItem(engine: Engine, tenant: string, id: string, input: unknown): Promise<ActionItem> {
  const { reason, ...given } = checkShape('drop an action item', ACTION_ITEM_INPUTS.drop, input);
  const by = actorOf(given.by);
  return change(engine, tenant, { id, doing: 'drop', by }, (item, { now }) => {
    if (item.status === 'done') throw alreadyDone(id);
    return closedItem(item, { status: 'dropped', reason, by, at: now });
  });
}

/** Looks anew at who may see the action items of an incident, which may have become private, or public again. */
export async function refreshVisibility(engine: Engine, tenant: string, id: string): Promise<void> {
  await changeStored(engine, tenant, { id, doing: 'look at' }, (item) => item);
}

type Changing = { readonly id: string; readonly doing: 'update' | 'complete' | 'drop'; readonly by: Actor };
type Make = (item: StoredActionItem, loaded: Decidable) => StoredActionItem;

async function change(engine: Engine, tenant: string, { id, doing, by }: Changing, make: Make): Promise<ActionItem> {
  if (typeof id !== 'string') throw noActionItem(doing, id);
  await engine.ready();
  const { documents } = await reaching(() => engine.load({ tenant, documents: [actionItemKey(id)] }));
  const { item } = actionItemIn(documents, id);
  if (item === undefined) throw noActionItem(doing, id);
  await authorize(engine, by, `actionItems.${doing}`, { tenant, incidentId: item.incidentId });
  return changeStored(engine, tenant, { id, doing }, make);
}

function changeStored(
  engine: Engine,
  tenant: string,
  { id, doing }: { readonly id: string; readonly doing: string },
  make: Make,
): Promise<ActionItem> {
  const query = { tenant, documents: [actionItemKey(id)] };
  return transact<ActionItem>(
    engine,
    query,
    (loaded, asked) => {
      const { item, version } = actionItemIn(loaded.documents, id);
      if (item === undefined) throw noActionItem(doing, id);
      const { incidentId } = item;
      // Asked for so, one that cannot be read, or that was pruned, keeps nobody from changing what came of it.
      if (asked.incidents?.includes(incidentId) !== true) return { more: { incidents: [incidentId] } };
      const incident = loaded.incidents.find((one) => one.id === incidentId);
      const visibility = incident?.snapshot.context.visibility ?? item.visibility;
      const made = make(item, loaded);
      if (made === item && visibility === item.visibility)
        return { answer: () => actionItemView({ item, version }, loaded.now) };
      return writing(engine, { tenant, loaded, version, after: { ...made, visibility } });
    },
    [`${ACTION_ITEMS}:${id}`],
  );
}

type Writing = {
  readonly tenant: string;
  readonly loaded: Decidable;
  /** Of the document as it is. */
  readonly version: number;
  readonly after: StoredActionItem;
};

/** Stores an action item with what follows from that, and tells of it then. */
function writing(engine: Engine, { tenant, loaded, version, after }: Writing) {
  const { now, config } = loaded;
  const { item, deliveries } = exported(after, { tenant, version: version + 1, config: config.config, now });
  return {
    change: joinChanges(actionItemChange(item, version), { ...NO_CHANGE, deliveries }),
    answer: () => {
      const view = actionItemView({ item, version: version + 1 }, now);
      engine.bus.tell('actionItem.changed', { type: 'actionItem.changed', tenant, item: view });
      return view;
    },
  };
}

function refuseMerged(
  incident: string,
  { outcome, mergedInto }: Decidable['incidents'][number]['snapshot']['context'],
) {
  if (outcome !== 'merged') return;
  throw new TocsinError(
    'INVALID_TRANSITION',
    `Cannot add an action item to incident ${incident}: it was merged into ${mergedInto}. Add it to that one.`,
    { details: { incident, mergedInto } },
  );
}

function refuseMore({ counters }: Decidable, incident: string): void {
  const count = counters.find(({ collection, id }) => collection === ACTION_ITEMS && id === incident)?.value ?? 0;
  if (count < MOST_OF_INCIDENT) return;
  throw invalid(
    'add an action item',
    'incident',
    `incident ${incident} has ${count} of them, the most that there may be`,
  );
}

function alreadyDone(id: string): TocsinError {
  return new TocsinError(
    'INVALID_TRANSITION',
    `Cannot drop action item ${id}: it was done. Open it again with \`update\` and \`status: 'open'\` first.`,
    { details: { actionItem: id, status: 'done' } },
  );
}
