/**
 * A report as pictures: each of its charts as an SVG document.
 *
 * Pure: no script, no font and nothing else is fetched, and no text of a stranger is markup.
 */
import { TocsinError } from '../../errors.ts';
import type { MeasurementName, NumbersReport } from '../../model/measurement.ts';
import { checkTimeZone } from '../moment.ts';
import type { NamedUser } from '../roster.ts';
import { load, offenders, severities } from './chart/compared.ts';
import { type Chart, drawChart } from './chart/frame.ts';
import { durationsByWeek, incidentsByWeek } from './chart/over-time.ts';
import { survival } from './chart/survival.ts';
import { namesOf } from './facts.ts';
import type { NumbersChart } from './numbers-charts.ts';

/** How {@link numbersSvg} draws. */
export type NumbersSvgOptions = {
  /** In pixels, from 280 to 1600. Default: 360, which can be read on a telephone and beside another one on a page. */
  readonly width?: number;
  /** What `durationsByWeek` shows. Default: 'resolve'. */
  readonly measurement?: MeasurementName;
  /** People with names to be shown instead of their ids, such as the `users` of the configuration. */
  readonly users?: readonly NamedUser[] | undefined;
};

const DEFAULT_WIDTH = 360;
const [LEAST_WIDTH, MOST_WIDTH] = [280, 1_600];

/**
 * One chart of a report as an SVG document: light or dark as whoever looks at it, with everything in words as well
 * (`<title>`, `<desc>`). The same report gives the same bytes.
 *
 * @throws TocsinError INPUT_INVALID when the width is out of bounds, or the time zone of the report is not known.
 * @example
 * ```ts
 * import { numbersSvg } from 'tocsin/render';
 * import { sampleNumbers } from 'tocsin/testing';
 * numbersSvg(sampleNumbers(), 'severities').includes('>SEV2: 3.</desc>'); // => true
 * ```
 */
export function numbersSvg(report: NumbersReport, chart: NumbersChart, options: NumbersSvgOptions = {}): string {
  const { width = DEFAULT_WIDTH } = options;
  if (!(width >= LEAST_WIDTH && width <= MOST_WIDTH)) {
    const message = `expected a number from ${LEAST_WIDTH} to ${MOST_WIDTH}`;
    throw new TocsinError('INPUT_INVALID', `Cannot draw a chart: width: ${message}.`, {
      details: { problems: [{ path: 'width', message }] },
    });
  }
  checkTimeZone(report.timeZone);
  return drawChart(chartOf(report, chart, options), { width, isInline: false });
}

/** The same chart for a page that brings its style sheet and its ground. */
export function inlineChart(report: NumbersReport, chart: NumbersChart, options: NumbersSvgOptions): string {
  return drawChart(chartOf(report, chart, options), { width: DEFAULT_WIDTH, isInline: true });
}

function chartOf(
  report: NumbersReport,
  chart: NumbersChart,
  { measurement = 'resolve', users }: NumbersSvgOptions,
): Chart {
  switch (chart) {
    case 'incidentsByWeek':
      return incidentsByWeek(report);
    case 'durationsByWeek':
      return durationsByWeek(report, measurement);
    case 'survival':
      return survival(report);
    case 'severities':
      return severities(report);
    case 'load':
      return load(report, namesOf(users));
    case 'offenders':
      return offenders(report);
  }
}
