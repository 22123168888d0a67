/**
 * Groups: changes that land together or not at all, as the commit function takes them.
 *
 * It puts rows in order and adds up counts; it never looks at what a row means.
 */
import type { Row } from './cells.ts';
import type { PreparedChange } from './rows-of-changes.ts';
import { createStages, type Stage } from './stages.ts';

/** Changes that land together. */
export type Group = {
  readonly commits: readonly Row[];
  readonly stages: readonly Stage[];
  readonly wakes?: readonly Row[];
};

/** These changes, applied one after the other. */
export function groupOf(changes: readonly PreparedChange[]): Group {
  const stages = createStages();
  for (const { rows } of changes) for (const { list, row, by, orders } of rows) stages.add(list, row, by, orders);
  for (const [by, row] of sums(changes)) stages.add('counters', row, by, []);
  const wakes = new Map(changes.flatMap((change) => change.wakes));
  return {
    commits: changes.map(({ commit }) => commit).toSorted((a, b) => (a.tenant + a.id < b.tenant + b.id ? -1 : 1)),
    stages: stages.result(),
    ...(wakes.size > 0 && { wakes: [...wakes].map(([key, due]) => ({ key, due: wholeMoment(due) })) }),
  };
}

/** What has to be locked first when several groups go together, in one order for everybody. */
export function locksOf(groups: readonly Group[]): Readonly<Record<'incidents' | 'alerts', readonly Row[]>> {
  const names = (lists: readonly string[]): readonly Row[] => {
    const rows = groups.flatMap(({ stages }) => stages.flatMap((stage) => lists.flatMap((list) => stage[list] ?? [])));
    const keys = rows.map(({ tenant, id }) => JSON.stringify({ tenant, id }));
    return [...new Set(keys)].sort().map((key) => JSON.parse(key));
  };
  return { incidents: names(['changed']), alerts: names(['alertSets', 'alertReturns', 'alertRepeats']) };
}

/** Counting knows no order: each counter is added to once. */
function sums(changes: readonly PreparedChange[]): ReadonlyMap<string, Row> {
  const found = new Map<string, Row & { readonly value: number }>();
  for (const count of changes.flatMap(({ counts }) => counts)) {
    const by = JSON.stringify([count.tenant, count.collection, count.id_hash]);
    found.set(by, { ...count, value: (found.get(by)?.value ?? 0) + count.value });
  }
  return found;
}

/** A moment as a bigint can hold it. */
function wholeMoment(at: number): number {
  return Math.ceil(Math.min(Math.max(at, 0), Number.MAX_SAFE_INTEGER));
}
