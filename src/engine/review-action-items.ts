/**
 * The action items of one incident, as its review shows them: the oldest first.
 *
 * It only reads; one that this version cannot read is left out.
 */
import { type StoredActionItem, storedActionItemSchema } from '../model/action-item.ts';
import type { Engine } from './engine.ts';
import { reaching } from './transact.ts';

const PORTION = 200;

/** Every action item of the incident. */
export async function reviewActionItems(
  engine: Engine,
  { tenant, id }: { readonly tenant: string; readonly id: string },
): Promise<readonly StoredActionItem[]> {
  await engine.ready();
  const prefix = `${id}:`;
  const found: StoredActionItem[] = [];
  for (let after = prefix; ; ) {
    const rows = await reaching(() =>
      engine.storage.listDocuments(tenant, { collection: 'actionItems', after, limit: PORTION }),
    );
    const own = rows.filter((row) => row.id.startsWith(prefix));
    found.push(...own.flatMap(({ data }) => storedActionItemSchema.safeParse(data).data ?? []));
    const last = own.at(-1);
    if (last === undefined || own.length < PORTION) break;
    after = last.id;
  }
  return found.filter(({ incidentId }) => incidentId === id).sort((a, b) => a.createdAt - b.createdAt);
}
