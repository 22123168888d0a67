/**
 * Stages: changes as lists of rows, so that one statement writes each list.
 *
 * Within a stage a row is touched once, and the commit function has a fixed order of statements; what must come after
 * something else stands in a later stage. Nearly always there is one. It decides nothing about conflicts.
 */
import type { Row } from './cells.ts';

/** The rows of each list of a stage. */
export type Stage = Readonly<Record<string, readonly Row[]>>;

/** What has to be written in order: things of one key go by rank within a stage, or else into a later one. */
export type Order = {
  readonly key: string;
  readonly rank: number;
  /** Whether others of the same rank may stand beside it. */
  readonly isShared?: boolean;
};

type Placed = { readonly by: string; readonly row: Row };
type Standing = { readonly stage: number; readonly rank: number };

/** Collects rows into as few stages as their order allows. */
export type Stages = {
  /** Adds a row; `by` is its place among those of its list, the same in every process, so that locks are taken in one order. */
  add(list: string, row: Row, by: string, orders: readonly Order[]): void;
  result(): readonly Stage[];
};

/** No rows yet. */
export function createStages(): Stages {
  const stages: Map<string, Placed[]>[] = [];
  const standings = new Map<string, Standing>();

  function stageFor(orders: readonly Order[]): number {
    let stage = 0;
    for (const { key, rank, isShared } of orders) {
      const last = standings.get(key);
      if (last === undefined) continue;
      const fits = last.rank < rank || (isShared === true && last.rank === rank);
      stage = Math.max(stage, fits ? last.stage : last.stage + 1);
    }
    for (const { key, rank } of orders) standings.set(key, { stage, rank });
    return stage;
  }

  return {
    add(list, row, by, orders) {
      const index = stageFor(orders);
      while (stages.length <= index) stages.push(new Map());
      const stage = stages[index];
      const rows = stage?.get(list);
      if (rows === undefined) stage?.set(list, [{ by, row }]);
      else rows.push({ by, row });
    },
    result: () =>
      stages.map((stage) => Object.fromEntries([...stage].map(([list, rows]) => [list, inOrder(rows)] as const))),
  };
}

function inOrder(rows: readonly Placed[]): readonly Row[] {
  const sorted = rows.length === 1 ? rows : rows.toSorted((a, b) => (a.by < b.by ? -1 : Number(a.by > b.by)));
  return sorted.map(({ row }) => row);
}
