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

/**
 * Which action items are listed, in the order of their ids: those of one incident beside each other. With ids of Tocsin the oldest
 * incident comes first, and of one incident the oldest action item.
 */
export type ActionItemFilter = ReadOptions & {
  readonly incident?: string;
  /** `null`: those that nobody has. */
  readonly owner?: string | null;
  readonly status?: ActionItemStatus | readonly ActionItemStatus[];
  readonly isOverdue?: boolean;
  readonly service?: string;
  /** At most 1,000; default 100. */
  readonly limit?: number;
  /** The `next` of the page before. */
  readonly cursor?: string;
};

/** A new action item. Without a due date it gets that of its priority, if that has one. */
export type NewActionItem = {
  readonly by: string | Actor;
  readonly title: string;
  readonly body?: string;
  /** A user of the configuration or of the directory. */
  readonly owner?: string;
  /** One of `reviews.actionItems.priorities`. */
  readonly priority?: string;
  /** A moment, or a duration from now such as '14d'. */
  readonly dueAt?: InstantInput;
};

/** A change of an action item. `null` takes something away. */
export type ActionItemChange = {
  readonly by: string | Actor;
  readonly title?: string;
  readonly body?: string | null;
  readonly owner?: string | null;
  /** It leaves the due date where it is. */
  readonly priority?: string | null;
  readonly dueAt?: InstantInput | null;
  /** Either opens one again that was done or dropped. */
  readonly status?: 'open' | 'inProgress';
};

/**
 * The action items of one tenant: they outlive their incidents. Whoever has one is reminded when it is overdue; of one that
 * nobody has, whoever added it.
 */
export type ActionItemsApi = {
  /**
   * Adds one to an incident that was not merged away; there may be 1,000 of one incident.
   *
   * @throws TocsinError INCIDENT_NOT_FOUND; INVALID_TRANSITION when the incident was merged away; REFERENCE_UNKNOWN when `owner` or
   * `priority` is not known; INPUT_INVALID; NOT_AUTHORIZED.
   * @example
   * ```ts
   * import { createTocsin, defineNotifier } from 'tocsin';
   * const tocsin = createTocsin({
   *   notifiers: [defineNotifier({ name: 'sms', async send() {} })],
   *   logger: { debug() {}, info() {}, warn() {}, error() {} },
   *   config: {
   *     users: [{ id: 'ana', contacts: [{ notifier: 'sms', address: '+15550100' }] }],
   *     escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
   *     services: [{ id: 'checkout', escalationPolicy: 'default' }],
   *   },
   * });
   * const { id } = await tocsin.incidents.open({ title: 'The pool is empty', service: 'checkout', by: 'ana' });
   * const { actionItems } = tocsin.reviews;
   * await actionItems.add(id, { title: 'Double the pool', owner: 'ana', dueAt: '14d', by: 'ana' });
   * (await actionItems.list({ owner: 'ana' })).items.map(({ title, status }) => `${title}: ${status}`); // => ['Double the pool: open']
   * await tocsin.stop();
   * ```
   */
  add(incidentId: string, input: NewActionItem): Promise<ActionItem>;
  /** Changes one; a change that changes nothing is none. @throws TocsinError ACTION_ITEM_NOT_FOUND; otherwise as `add`. */
  update(id: string, input: ActionItemChange): Promise<ActionItem>;
  /** It was done. Doing so again changes nothing. @throws TocsinError ACTION_ITEM_NOT_FOUND, INPUT_INVALID, NOT_AUTHORIZED. */
  complete(id: string, input: { readonly by: string | Actor }): Promise<ActionItem>;
  /** It will not be done, and why. @throws TocsinError INVALID_TRANSITION when it was done; otherwise as `complete`. */
  drop(id: string, input: { readonly by: string | Actor; readonly reason: string }): Promise<ActionItem>;
  /** One, or `undefined`: when the tenant has none of that id, or `as` may not see it. */
  get(id: string, options?: ReadOptions): Promise<ActionItem | undefined>;
  /** `next` is the cursor of those that follow, if there are any. @throws TocsinError INPUT_INVALID. */
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
