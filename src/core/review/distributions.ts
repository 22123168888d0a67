/**
 * Distributions: one measurement of every group of rows at once.
 *
 * Pure, over rows that are in order already, so that it never sorts. What was censored counts for as long as it was watched.
 */
import type { Distribution, Measurement } from '../../model/measurement.ts';
import { survivalOf } from './kaplan-meier.ts';
import { quantileOf } from './quantile.ts';

/** The group of each row, and how many groups there are; they are counted from 0. */
export type Partition = { readonly groupOfRow: Uint32Array; readonly groups: number };

/** What a row says of a measurement, by its place in this list. */
export const STATUSES: readonly Measurement['status'][] = ['recorded', 'pending', 'notApplicable', 'invalid'];

/** Of no incident. */
export const NOTHING: Distribution = {
  recorded: 0,
  pending: 0,
  notApplicable: 0,
  invalid: 0,
  survival: { events: 0, censored: 0, curve: [] },
};

/** One measurement of many rows. */
export type MeasuredRows = {
  /** How long it took, or was watched, by row. */
  readonly values: Float64Array;
  /** The rows that have a value, ascending by it. */
  readonly order: Uint32Array;
  readonly statuses: Uint32Array;
  /** Where in the statuses of a row the one of this measurement stands. */
  readonly shift: number;
  /** The most points of a survival curve. */
  readonly points: number;
};

/** That measurement of each group. */
export function distributionsOf(partition: Partition, measured: MeasuredRows): readonly Distribution[] {
  const { statuses, shift, points } = measured;
  const statusOf = (row: number) => ((statuses[row] ?? 0) >>> shift) & 3;
  const counts = countsOf(partition, statusOf);
  return watchedByGroup(partition, measured, statusOf).map(({ events, censored }, group) => ({
    recorded: events.length,
    pending: counts[group * STATUSES.length + 1] ?? 0,
    notApplicable: counts[group * STATUSES.length + 2] ?? 0,
    invalid: counts[group * STATUSES.length + 3] ?? 0,
    ...averagesOf(events),
    survival: survivalOf({ events, censored }, { points }),
  }));
}

/** Adds up a value of the rows of each group. */
export function sumsOf({ groupOfRow, groups }: Partition, amountOf: (row: number) => number): Float64Array {
  const sums = new Float64Array(groups);
  for (let row = 0; row < groupOfRow.length; row += 1) {
    const group = groupOfRow[row] ?? 0;
    sums[group] = (sums[group] ?? 0) + amountOf(row);
  }
  return sums;
}

/** How many rows of each group have each status. */
function countsOf({ groupOfRow, groups }: Partition, statusOf: (row: number) => number): Uint32Array {
  const counts = new Uint32Array(groups * STATUSES.length);
  for (let row = 0; row < groupOfRow.length; row += 1) {
    const place = (groupOfRow[row] ?? 0) * STATUSES.length + statusOf(row);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

type Watched = { readonly events: Float64Array; readonly censored: Float64Array };

/** What each group has recorded and what it has watched, both ascending, in one room for all. */
function watchedByGroup(
  partition: Partition,
  { values, order }: MeasuredRows,
  statusOf: (row: number) => number,
): readonly Watched[] {
  const { groupOfRow } = partition;
  const sizes = sumsOf(partition, () => 1);
  const room = new Float64Array(values.length);
  // Each group has as much room as it has rows: what was recorded from the front, what was censored from the back.
  const front = beginningsOf(sizes);
  const back = front.map((begin, group) => begin + (sizes[group] ?? 0));
  for (const row of order) {
    const group = groupOfRow[row] ?? 0;
    if (statusOf(row) === 0) {
      const at = front[group] ?? 0;
      room[at] = values[row] ?? 0;
      front[group] = at + 1;
    } else {
      const at = (back[group] ?? 0) - 1;
      room[at] = values[row] ?? 0;
      back[group] = at;
    }
  }
  const begins = beginningsOf(sizes);
  return Array.from(begins, (begin, group) => ({
    events: room.subarray(begin, front[group]),
    censored: room.subarray(back[group], begin + (sizes[group] ?? 0)).reverse(),
  }));
}

function beginningsOf(sizes: Float64Array): Float64Array {
  let sum = 0;
  return sizes.map((size) => {
    sum += size;
    return sum - size;
  });
}

function averagesOf(events: Float64Array): Pick<Distribution, 'medianMs' | 'p90Ms' | 'meanMs'> {
  const medianMs = quantileOf(events, 0.5);
  const p90Ms = quantileOf(events, 0.9);
  if (medianMs === undefined || p90Ms === undefined) return {};
  let sum = 0;
  for (const ms of events) sum += ms;
  return { medianMs, p90Ms, meanMs: sum / events.length };
}
