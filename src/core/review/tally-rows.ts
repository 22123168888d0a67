/**
 * Tally rows: the measurements of many incidents in columns, and how they are distributed among any of them.
 *
 * About eighty bytes for each incident. It knows nothing of what the rows have in common: whoever asks hands over the rows.
 */
import {
  type Distribution,
  type Distributions,
  type IncidentNumbers,
  MEASUREMENT_NAMES,
  type Measurement,
  type MeasurementName,
} from '../../model/measurement.ts';
import { column, wholeColumn } from './column.ts';
import { survivalOf } from './kaplan-meier.ts';
import { quantileOf } from './quantile.ts';

/** The incidents so far, counted from 0 in the order in which they came. */
export type TallyRows = {
  add(numbers: IncidentNumbers): void;
  /** The numbers of these rows, with survival curves of at most `points` points. */
  distributions(rows: Uint32Array, options: { readonly points: number }): Distributions;
  /** How many alerts and pages these rows had. */
  sums(rows: Uint32Array): { readonly alerts: number; readonly pages: number };
};

/** No rows. */
export function tallyRows(): TallyRows {
  const durations = MEASUREMENT_NAMES.map(() => column());
  const statuses = wholeColumn();
  const alerts = wholeColumn();
  const pages = wholeColumn();
  return {
    add(numbers) {
      let packed = 0;
      MEASUREMENT_NAMES.forEach((name, index) => {
        const one = numbers.measurements[name];
        durations[index]?.push(watchedMs(name, one) ?? Number.NaN);
        packed |= STATUSES.indexOf(one.status) << (2 * index);
      });
      statuses.push(packed);
      alerts.push(numbers.alerts);
      pages.push(numbers.pages);
    },
    distributions(rows, { points }) {
      const one = (name: MeasurementName): Distribution => {
        const index = MEASUREMENT_NAMES.indexOf(name);
        const values = durations[index]?.values() ?? new Float64Array();
        return distributionOf({ rows, values, statuses: statuses.values(), shift: 2 * index, points });
      };
      return {
        detect: one('detect'),
        acknowledge: one('acknowledge'),
        engage: one('engage'),
        mitigate: one('mitigate'),
        resolve: one('resolve'),
        close: one('close'),
      };
    },
    sums: (rows) => ({ alerts: sumOf(rows, alerts.values()), pages: sumOf(rows, pages.values()) }),
  };
}

const STATUSES: readonly Measurement['status'][] = ['recorded', 'pending', 'notApplicable', 'invalid'];
/** What a false alarm or a duplicate never comes to: it is no incident that took longer. */
const NEVER_OF_NONE: readonly MeasurementName[] = ['mitigate', 'resolve', 'close'];

/** How long it took, or how long it was watched without it; `undefined` when it says nothing about either. */
function watchedMs(name: MeasurementName, one: Measurement): number | undefined {
  if (one.status === 'recorded') return one.ms;
  if (one.status === 'pending') return one.elapsedMs;
  if (one.status === 'invalid') return undefined;
  const isNone = one.why === 'dismissed' || one.why === 'merged';
  return isNone && NEVER_OF_NONE.includes(name) ? undefined : one.observedMs;
}

type Chosen = {
  readonly rows: Uint32Array;
  readonly values: Float64Array | Uint32Array;
  readonly statuses: Float64Array | Uint32Array;
  /** Where in the statuses of a row the one of this measurement stands. */
  readonly shift: number;
  readonly points: number;
};

function distributionOf({ rows, values, statuses, shift, points }: Chosen): Distribution {
  const found = new Float64Array(rows.length);
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  let recorded = 0;
  let censored = 0;
  let sum = 0;
  for (const row of rows) {
    const ms = values[row] ?? Number.NaN;
    const status = ((statuses[row] ?? 0) >>> shift) & 3;
    counts[status] = (counts[status] ?? 0) + 1;
    // What was recorded from the front, what was censored from the back: one room for both.
    if (status === 0) {
      found[recorded] = ms;
      recorded += 1;
      sum += ms;
    } else if (!Number.isNaN(ms)) {
      censored += 1;
      found[rows.length - censored] = ms;
    }
  }
  const events = found.subarray(0, recorded).sort();
  const [, pending, notApplicable, invalid] = counts;
  const medianMs = quantileOf(events, 0.5);
  const p90Ms = quantileOf(events, 0.9);
  return {
    recorded,
    pending,
    notApplicable,
    invalid,
    ...(medianMs !== undefined && { medianMs }),
    ...(p90Ms !== undefined && { p90Ms }),
    ...(recorded > 0 && { meanMs: sum / recorded }),
    survival: survivalOf({ events, censored: found.subarray(rows.length - censored).sort() }, { points }),
  };
}

function sumOf(rows: Uint32Array, values: Float64Array | Uint32Array): number {
  let sum = 0;
  for (const row of rows) sum += values[row] ?? 0;
  return sum;
}
