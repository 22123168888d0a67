/**
 * Action items as hosts use them: tasks that outlive their incident.
 */
import type { ActionItem, ActionItemStatus } from '../model/action-item.ts';
import type { Actor } from '../model/identity.ts';
import type { InstantInput } from '../model/instant.ts';
import { addActionItem, completeActionItem, dropActionItem, updateActionItem } from './action-items-changes.ts';
import { getActionItem, listActionItems } from './action-items-reads.ts';
import type { Engine } from './engine.ts';
import type { ReadOptions } from './read-options.ts';

/** Which action items are listed; the oldest first. */
export type ActionItemFilter = ReadOptions & {
  readonly incident?: string;
  /** `null`: those that nobody has. */
  readonly owner?: string | null;
  readonly status?: ActionItemStatus | readonly ActionItemStatus[];
  readonly isOverdue?: boolean;
  readonly service?: string;
  readonly limit?: number;
  readonly cursor?: string;
};

/** A new action item. Without a due date it gets that of its priority, if that has one. */
export type NewActionItem = {
  readonly by: string | Actor;
  readonly title: string;
  readonly body?: string;
  readonly owner?: string;
  readonly priority?: string;
  readonly dueAt?: InstantInput;
};

/** A change of an action item. `null` takes something away. */
export type ActionItemChange = {
  readonly by: string | Actor;
  readonly title?: string;
  readonly body?: string | null;
  readonly owner?: string | null;
  readonly priority?: string | null;
  readonly dueAt?: InstantInput | null;
  /** 'open' opens one again that was done or dropped. */
  readonly status?: 'open' | 'inProgress';
};

/** The action items of one tenant. An action item may belong to nobody; then whoever added it is reminded. */
export type ActionItemsApi = {
  /**
   * @throws TocsinError INCIDENT_NOT_FOUND; REFERENCE_UNKNOWN when `owner` or `priority` is not known; INPUT_INVALID.
   */
  add(incidentId: string, input: NewActionItem): Promise<ActionItem>;
  /** @throws TocsinError ACTION_ITEM_NOT_FOUND; otherwise as `add`. */
  update(id: string, input: ActionItemChange): Promise<ActionItem>;
  /** It was done. Doing so again changes nothing. */
  complete(id: string, input: { readonly by: string | Actor }): Promise<ActionItem>;
  /** It will not be done, and why. */
  drop(id: string, input: { readonly by: string | Actor; readonly reason: string }): Promise<ActionItem>;
  get(id: string, options?: ReadOptions): Promise<ActionItem | undefined>;
  list(filter?: ActionItemFilter): Promise<{ readonly items: readonly ActionItem[]; readonly next?: string }>;
};

/** The action items of `tenant`. */
export function actionItemsApi(engine: Engine, tenant: string): ActionItemsApi {
  return {
    add: (incidentId, input) => addActionItem(engine, tenant, incidentId, input),
    update: async (id, input) => updateActionItem(engine, tenant, id, input),
    complete: async (id, input) => completeActionItem(engine, tenant, id, input),
    drop: async (id, input) => dropActionItem(engine, tenant, id, input),
    get: (id, options) => getActionItem(engine, tenant, id, options),
    list: (filter = {}) => listActionItems(engine, tenant, filter),
  };
}
