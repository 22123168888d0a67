/**
 * Tally rows: the measurements of many incidents in columns, and how they are distributed in groups of them.
 *
 * About eighty bytes for each incident. It knows nothing of what the rows of a group have in common. Each column is put in order
 * once for all groups, by the whole ms.
 */
import {
  type Distributions,
  type IncidentNumbers,
  MEASUREMENT_NAMES,
  type Measurement,
  type MeasurementName,
  type NumbersGroup,
} from '../../model/measurement.ts';
import { column, wholeColumn } from './column.ts';
import { distributionsOf, NOTHING, type Partition, STATUSES, sumsOf } from './distributions.ts';
import { orderOf } from './order.ts';

/** The incidents so far, counted from 0 in the order in which they came. */
export type TallyRows = {
  add(numbers: IncidentNumbers): void;
  /** The numbers of all rows together, with survival curves of at most `points` points. */
  all(options: { readonly points: number }): Distributions;
  /** The numbers of each group, without survival curves. */
  groups(partition: Partition): readonly Omit<NumbersGroup, 'key'>[];
};

/** No rows. */
export function tallyRows(): TallyRows {
  const durations = MEASUREMENT_NAMES.map(() => column());
  const statuses = wholeColumn();
  const alerts = wholeColumn();
  const pages = wholeColumn();
  let orders: readonly Uint32Array[] | undefined;

  /** Answers the numbers of a group. */
  const measured = (partition: Partition, points: number): ((group: number) => Distributions) => {
    const ordered = orders ?? durations.map((one) => orderOf(one.values()));
    orders = ordered;
    const of = (name: MeasurementName) => {
      const index = MEASUREMENT_NAMES.indexOf(name);
      const values = durations[index]?.values() ?? new Float64Array();
      const order = ordered[index] ?? new Uint32Array();
      return distributionsOf(partition, { values, order, statuses: statuses.values(), shift: BITS * index, points });
    };
    const [detect, acknowledge, engage] = [of('detect'), of('acknowledge'), of('engage')];
    const [mitigate, resolve, close] = [of('mitigate'), of('resolve'), of('close')];
    return (group) => ({
      detect: detect[group] ?? NOTHING,
      acknowledge: acknowledge[group] ?? NOTHING,
      engage: engage[group] ?? NOTHING,
      mitigate: mitigate[group] ?? NOTHING,
      resolve: resolve[group] ?? NOTHING,
      close: close[group] ?? NOTHING,
    });
  };

  return {
    add(numbers) {
      let packed = 0;
      MEASUREMENT_NAMES.forEach((name, index) => {
        const one = numbers.measurements[name];
        durations[index]?.push(watchedMs(name, one));
        packed |= STATUSES.indexOf(one.status) << (BITS * index);
      });
      statuses.push(packed);
      alerts.push(numbers.alerts);
      pages.push(numbers.pages);
      orders = undefined;
    },
    all: ({ points }) => measured({ groupOfRow: new Uint32Array(statuses.values().length), groups: 1 }, points)(0),
    groups(partition) {
      const [alertsOfRow, pagesOfRow] = [alerts.values(), pages.values()];
      const incidents = sumsOf(partition, () => 1);
      const alertSums = sumsOf(partition, (row) => alertsOfRow[row] ?? 0);
      const pageSums = sumsOf(partition, (row) => pagesOfRow[row] ?? 0);
      const durationsOf = measured(partition, 0);
      return Array.from(incidents, (count, group) => ({
        incidents: count,
        alerts: alertSums[group] ?? 0,
        pages: pageSums[group] ?? 0,
        durations: durationsOf(group),
      }));
    },
  };
}

/** How many bits of a row the status of one measurement takes. */
const BITS = 2;
/** What a false alarm or a duplicate never comes to: it is no incident that took longer. */
const NEVER_OF_NONE: readonly MeasurementName[] = ['mitigate', 'resolve', 'close'];

/** How long it took, or how long it was watched without it; NaN when it says nothing about either. */
function watchedMs(name: MeasurementName, one: Measurement): number {
  const ms = one.status === 'recorded' ? one.ms : one.status === 'invalid' ? undefined : waitedMs(name, one);
  return ms === undefined ? Number.NaN : Math.max(0, Math.round(ms));
}

function waitedMs(
  name: MeasurementName,
  one: Extract<Measurement, { status: 'pending' | 'notApplicable' }>,
): number | undefined {
  if (one.status === 'pending') return one.elapsedMs;
  const isNone = one.why === 'dismissed' || one.why === 'merged';
  return isNone && NEVER_OF_NONE.includes(name) ? undefined : one.observedMs;
}
