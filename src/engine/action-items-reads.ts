/**
 * Action items as hosts read them: one, a list, all of an incident.
 *
 * Where it is said who reads (`as`), those of private incidents that they have no part in are as if they were not there. Whose
 * they are, and who added them, always sees them.
 */
import type * as z from 'zod';
import { isVisibleTo } from '../core/lifecycle/involved.ts';
import { isOverdue } from '../core/review/action-item.ts';
import type { ActionItem, StoredActionItem } from '../model/action-item.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import {
  ACTION_ITEMS,
  actionItemIn,
  actionItemKey,
  actionItemsOfPrefix,
  actionItemView,
  type KnownActionItem,
  readActionItem,
} from './action-items-document.ts';
import { ACTION_ITEM_INPUTS } from './action-items-input.ts';
import type { Engine } from './engine.ts';
import { checkShape } from './input.ts';
import type { ReadOptions } from './read-options.ts';
import { reaching } from './transact.ts';

/** How many documents are read at once. */
const TOGETHER = 500;
const USUAL = 100;

/** One action item, or `undefined`. */
export async function getActionItem(
  engine: Engine,
  tenant: string,
  id: string,
  options: ReadOptions = {},
): Promise<ActionItem | undefined> {
  refuseUnknownOptions('get an action item', options, ['as']);
  await engine.ready();
  const { documents, now } = await reaching(() => engine.load({ tenant, documents: [actionItemKey(id)] }));
  const { item, version } = actionItemIn(documents, id);
  if (item === undefined) return undefined;
  const known = [{ item, version }];
  const shown = options.as === undefined ? known : await seenBy(engine, tenant, { known, as: options.as });
  return shown.map((one) => actionItemView(one, now))[0];
}

/** Pages through the storage until there are enough that the asker may see; a cursor names only what they saw. */
export async function listActionItems(
  engine: Engine,
  tenant: string,
  given: unknown,
): Promise<{ readonly items: readonly ActionItem[]; readonly next?: string }> {
  const { as, limit = USUAL, cursor, ...filter } = checkShape('list action items', ACTION_ITEM_INPUTS.list, given);
  await engine.ready();
  const { now } = await reaching(() => engine.load({ tenant }));
  const shown: KnownActionItem[] = [];
  for await (const some of pages(engine, tenant, { incident: filter.incident, after: cursor })) {
    const wanted = some.filter(({ item }) => isWanted(item, filter, now));
    shown.push(...(as === undefined ? wanted : await seenBy(engine, tenant, { known: wanted, as })));
    if (shown.length > limit) break;
  }
  const items = shown.slice(0, limit).map((one) => actionItemView(one, now));
  const next = items.at(-1)?.id;
  return { items, ...(shown.length > limit && next !== undefined && { next }) };
}

/** Every action item of an incident as of now, the oldest first. */
export async function actionItemsOf(engine: Engine, tenant: string, incident: string): Promise<readonly ActionItem[]> {
  const { now } = await reaching(() => engine.load({ tenant }));
  const found: ActionItem[] = [];
  for await (const some of pages(engine, tenant, { incident, after: undefined }))
    found.push(...some.map((one) => actionItemView(one, now)));
  return found;
}

/** Every action item that `as` may see, some at a time; without one, all. */
export async function* everyActionItem(
  engine: Engine,
  tenant: string,
  as: string | undefined,
): AsyncGenerator<readonly StoredActionItem[]> {
  for await (const known of pages(engine, tenant, { incident: undefined, after: undefined })) {
    const shown = as === undefined ? known : await seenBy(engine, tenant, { known, as });
    yield shown.map(({ item }) => item);
  }
}

type Range = { readonly incident: string | undefined; readonly after: string | undefined };

/** The documents of a range, some at a time. One that cannot be read is left out, and said so. */
async function* pages(engine: Engine, tenant: string, { incident, after: from }: Range) {
  const prefix = incident === undefined ? '' : actionItemsOfPrefix(incident);
  let after = from ?? (prefix === '' ? undefined : prefix);
  for (;;) {
    const filter = { collection: ACTION_ITEMS, limit: TOGETHER, ...(after !== undefined && { after }) };
    const documents = await reaching(() => engine.storage.listDocuments(tenant, filter));
    const within = documents.filter(({ id }) => id.startsWith(prefix));
    const known = within.flatMap((document) => {
      const found = readActionItem(document);
      if (found === undefined)
        engine.logger.warn({ tenant, actionItem: document.id }, 'An action item cannot be read, and is in no list.');
      return found ?? [];
    });
    // The id of an incident may itself begin like that of another one.
    yield incident === undefined ? known : known.filter(({ item }) => item.incidentId === incident);
    if (documents.length < TOGETHER || within.length < documents.length) return;
    after = documents.at(-1)?.id;
  }
}

type Wanted = Omit<z.output<typeof ACTION_ITEM_INPUTS.list>, 'as' | 'limit' | 'cursor'>;

function isWanted(item: StoredActionItem, { owner, status, isOverdue: late, service }: Wanted, now: number): boolean {
  if (owner !== undefined && (item.owner ?? null) !== owner) return false;
  if (status !== undefined && ![status].flat().includes(item.status)) return false;
  if (service !== undefined && item.service !== service) return false;
  return late === undefined || isOverdue(item, now) === late;
}

type Seeing = { readonly known: readonly KnownActionItem[]; readonly as: string };

/** Those that `as` may see. What an incident that was pruned was, its action items remember. */
async function seenBy(engine: Engine, tenant: string, { known, as }: Seeing): Promise<readonly KnownActionItem[]> {
  const ids = [...new Set(known.filter(({ item }) => !isTheirs(item, as)).map(({ item }) => item.incidentId))];
  const shown = new Map<string, boolean>();
  for (let from = 0; from < ids.length; from += USUAL) {
    const some = ids.slice(from, from + USUAL);
    const { incidents } = await reaching(() => engine.storage.load({ tenant, incidents: some }));
    for (const row of incidents) {
      const incident = await engine.reads.incident(row);
      // One that cannot be read is kept from them.
      shown.set(row.id, incident !== undefined && isVisibleTo(incident.snapshot.context, as));
    }
  }
  return known.filter(({ item }) => isTheirs(item, as) || (shown.get(item.incidentId) ?? item.visibility === 'public'));
}

function isTheirs({ owner, createdBy }: StoredActionItem, user: string): boolean {
  return owner === user || (createdBy.kind === 'user' && createdBy.id === user);
}
