/**
 * Charts over time: how many incidents each week had, and how long they took.
 *
 * A week without incidents is a bar of zero, and a break in the lines: it never took no time.
 */
import type { MeasurementName, NumbersReport } from '../../../model/measurement.ts';
import { WEEK_MS } from '../../local-clock.ts';
import { counted, MEASUREMENT_TITLES, weekRows } from '../facts.ts';
import { periodOf } from '../period.ts';
import { COLOURS, countAxis, specOf, type VegaLiteSpec, weekAxis } from './spec.ts';

const SHOWN: readonly MeasurementName[] = ['acknowledge', 'resolve'];
const STATISTICS = [
  { statistic: 'median', of: 'medianMs' },
  { statistic: '90th percentile', of: 'p90Ms' },
] as const;

/** How many incidents were opened in each week. */
export function incidentsByWeek(report: NumbersReport): VegaLiteSpec {
  const values = weekRows(report).map(({ week, incidents }) => ({ week, until: mondayAfter(week), incidents }));
  const subtitle = [`${counted(report.counts.incidents, 'incident')}, ${periodOf(report).days}`];
  return specOf(
    { title: 'Incidents by week', subtitle, values },
    {
      width: 640,
      height: 260,
      mark: { type: 'bar', color: COLOURS.blue, x2Offset: -1 },
      encoding: {
        x: weekAxis(values.map(({ week }) => week)),
        x2: { field: 'until' },
        y: countAxis(
          'incidents',
          values.map(({ incidents }) => incidents),
        ),
        y2: { datum: 0 },
      },
    },
  );
}

/** The median and the 90th percentile of each week: until acknowledged, and until resolved. */
export function durationsByWeek(report: NumbersReport): VegaLiteSpec {
  const rows = weekRows(report);
  const recorded = SHOWN.filter((name) => report.durations[name].medianMs !== undefined);
  const values = recorded.flatMap((name) =>
    STATISTICS.flatMap(({ statistic, of }) =>
      rows.map(({ week, group }) => {
        const ms = group?.durations[name][of];
        return {
          week,
          measurement: MEASUREMENT_TITLES[name],
          statistic,
          minutes: ms === undefined ? null : ms / 60_000,
        };
      }),
    ),
  );
  const domain = STATISTICS.map(({ statistic }) => statistic);
  const statistic = {
    field: 'statistic',
    type: 'nominal',
    sort: null,
    legend: { title: null, orient: 'top' },
  };
  const weeks = rows.map(({ week }) => week);
  const x = weekAxis(weeks);
  // Also when nothing was recorded, and there is nothing to find it from.
  const scale = { type: 'utc', domain: [weeks.at(0), weeks.at(-1)].map((week = '1970-01-05') => Date.parse(week)) };
  const subtitle = [`Median and 90th percentile of what was recorded, ${periodOf(report).days}`];
  return specOf(
    { title: 'How long it took, by week', subtitle, values },
    {
      facet: {
        row: { field: 'measurement', type: 'nominal', sort: null, header: { title: null, labelOrient: 'top' } },
      },
      spec: {
        width: 640,
        height: 180,
        mark: { type: 'line', point: true },
        encoding: {
          x: { ...x, scale },
          y: { field: 'minutes', type: 'quantitative', axis: { title: 'minutes' }, scale: { zero: true } },
          color: { ...statistic, scale: { domain, range: [COLOURS.blue, COLOURS.orange] } },
          strokeDash: {
            ...statistic,
            scale: {
              domain,
              range: [
                [1, 0],
                [5, 3],
              ],
            },
          },
        },
      },
      resolve: { scale: { y: 'independent' } },
    },
  );
}

function mondayAfter(week: string): string {
  return new Date(Date.parse(week) + WEEK_MS).toISOString().slice(0, 10);
}
