/**
 * Charts over time: bars of incidents, and lines of how long they took, week by week.
 *
 * A week without incidents has a bar of zero and no point on a line: the line breaks, since it never took no time.
 */
import { formatDuration } from '../../../model/duration.ts';
import type { MeasurementName, NumbersReport } from '../../../model/measurement.ts';
import { element, round } from '../../picture/xml.ts';
import { counted, MEASUREMENT_TITLES, weekRows } from '../facts.ts';
import { periodOf, shortDate } from '../period.ts';
import { type Chart, drawBelow, drawLevels, drawNothing, label, labelWidth, listed, type Plot } from './frame.ts';
import { type ChartPaint, charted } from './paints.ts';
import { countTicks, durationTicks, weekLabels } from './ticks.ts';

const HEIGHT = 150;
const BELOW = 26;
const NOT_BEGUN = 'The period has not begun yet.';
const LINES = [
  { of: 'medianMs', text: 'median', paint: 'blue', dashes: undefined, isRound: true },
  { of: 'p90Ms', text: '90th percentile', paint: 'orange', dashes: '5 3', isRound: false },
] as const;

/** How many incidents were opened in each week. */
export function incidentsByWeek(report: NumbersReport): Chart {
  const rows = weekRows(report);
  const ticks = countTicks(Math.max(0, ...rows.map(({ incidents }) => incidents)));
  const top = ticks.at(-1) ?? 1;
  const days = periodOf(report).days;
  return {
    title: 'Incidents by week',
    subtitle: `${counted(report.counts.incidents, 'incident')}, ${days}`,
    description:
      rows.length === 0
        ? NOT_BEGUN
        : `Incidents opened in the week of ${listed(rows.map(({ week, incidents }) => `${shortDate(week)}: ${incidents}`))}.`,
    left: leftOf(ticks.map(String)),
    height: HEIGHT,
    below: BELOW,
    draw: (plot) => {
      if (rows.length === 0) return drawNothing(plot, NOT_BEGUN);
      const step = (plot.right - plot.left) / rows.length;
      const yOf = levelOf(plot, top);
      const air = Math.min(8, step * 0.2);
      return [
        ...drawLevels(
          plot,
          ticks.map((tick) => ({ y: yOf(tick), text: String(tick) })),
        ),
        ...rows.flatMap(({ incidents }, place) => {
          if (incidents === 0) return [];
          const x = plot.left + place * step + air / 2;
          const width = step - air;
          const box = { x, y: yOf(incidents), width, height: plot.bottom - yOf(incidents), rx: Math.min(2, width / 4) };
          const bar = element('rect', { ...box, ...charted({ fill: 'blue' }) });
          const text = String(incidents);
          if (labelWidth(text) > width) return [bar];
          return [bar, label(text, { x: x + width / 2, y: box.y - 4 }, { paint: 'ink', anchor: 'middle' })];
        }),
        ...drawBelow(
          plot,
          placedWeeks(
            rows.map(({ week }) => week),
            (place) => plot.left + (place + 0.5) * step,
          ),
        ),
      ];
    },
  };
}

/** How long one thing took, week by week. */
export function durationsByWeek(report: NumbersReport, name: MeasurementName): Chart {
  const rows = weekRows(report);
  const lines = LINES.map((line) => ({ ...line, values: rows.map(({ group }) => group?.durations[name][line.of]) }));
  const all = lines.flatMap(({ values }) => values.filter((ms) => ms !== undefined));
  const ticks = durationTicks(Math.max(1, ...all));
  const title = `${MEASUREMENT_TITLES[name]}, by week`;
  const told = rows.flatMap(({ week, group }) => {
    const { medianMs, p90Ms } = group?.durations[name] ?? {};
    if (medianMs === undefined || p90Ms === undefined) return [];
    return [`${shortDate(week)}: ${formatDuration(medianMs)} and ${formatDuration(p90Ms)}`];
  });
  return {
    title,
    subtitle: 'Of what was recorded; the line breaks where nothing was',
    description:
      told.length === 0
        ? `${title}: nothing was recorded.`
        : `Median and 90th percentile in the week of ${listed(told)}.`,
    legend: lines.map((line) => ({
      text: line.text,
      sample: (x, y) => strokeOf(`M${x} ${y}h18`, line) + markOf(x + 9, y, line),
    })),
    left: leftOf(ticks.map(formatTick)),
    height: HEIGHT,
    below: BELOW,
    draw: (plot) => {
      if (all.length === 0) return drawNothing(plot, 'Nothing was recorded in this period.');
      const step = (plot.right - plot.left) / rows.length;
      const xOf = (place: number) => plot.left + (place + 0.5) * step;
      const yOf = levelOf(plot, ticks.at(-1) ?? 1);
      return [
        ...drawLevels(
          plot,
          ticks.map((tick) => ({ y: yOf(tick), text: formatTick(tick) })),
        ),
        ...lines.flatMap((line) => {
          const points = line.values.map((ms, place) => (ms === undefined ? undefined : { x: xOf(place), y: yOf(ms) }));
          return [
            strokeOf(brokenPath(points), line),
            ...points.flatMap((point) => (point === undefined ? [] : [markOf(point.x, point.y, line)])),
          ];
        }),
        ...drawBelow(
          plot,
          placedWeeks(
            rows.map(({ week }) => week),
            xOf,
          ),
        ),
      ];
    },
  };
}

type Line = { readonly paint: ChartPaint; readonly dashes: string | undefined; readonly isRound: boolean };

function strokeOf(d: string, { paint, dashes }: Line): string {
  return element('path', { d, 'stroke-width': 2, 'stroke-dasharray': dashes, ...charted({ edge: paint }) });
}

function markOf(x: number, y: number, { paint, isRound }: Line): string {
  if (isRound) return element('circle', { cx: x, cy: y, r: 2.6, ...charted({ fill: paint }) });
  return element('rect', { x: x - 2.4, y: y - 2.4, width: 4.8, height: 4.8, ...charted({ fill: paint }) });
}

/** A line through the points, broken where there is none. */
function brokenPath(points: readonly ({ readonly x: number; readonly y: number } | undefined)[]): string {
  let before: unknown;
  return points
    .map((point) => {
      const command = before === undefined ? 'M' : 'L';
      before = point;
      return point === undefined ? '' : `${command}${round(point.x)} ${round(point.y)}`;
    })
    .join('');
}

function placedWeeks(weeks: readonly string[], xOf: (place: number) => number) {
  return weekLabels(weeks).map((text, place) => ({ text, x: xOf(place) }));
}

/** Where a value lies on an axis from zero to `top`. */
export function levelOf(plot: Plot, top: number): (value: number) => number {
  return (value) => plot.bottom - (value / top) * (plot.bottom - plot.top);
}

/** Room for labels to the left of a plot. */
export function leftOf(texts: readonly string[]): number {
  return 8 + Math.max(...texts.map(labelWidth));
}

function formatTick(ms: number): string {
  return ms === 0 ? '0' : formatDuration(ms);
}
