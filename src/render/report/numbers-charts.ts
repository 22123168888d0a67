/**
 * A report as Vega-Lite specifications: charts as data, for dashboards and notebooks.
 *
 * Pure, and the same for the same report. A specification holds its data and fetches nothing.
 */
import type { NumbersReport } from '../../model/measurement.ts';
import { checkTimeZone } from '../moment.ts';
import type { NamedUser } from '../roster.ts';
import { namesOf } from './facts.ts';
import { load, offenders, severities } from './vega/compared.ts';
import { durationsByWeek, incidentsByWeek } from './vega/over-time.ts';
import type { VegaLiteSpec } from './vega/spec.ts';
import { survival } from './vega/survival.ts';

/** The charts of a report, in the order in which they are shown. */
export const NUMBERS_CHARTS = [
  'incidentsByWeek',
  'durationsByWeek',
  'survival',
  'severities',
  'load',
  'offenders',
] as const;

/** A chart of a report. */
export type NumbersChart = (typeof NUMBERS_CHARTS)[number];

/**
 * The charts of a report as Vega-Lite 6 specifications: plain JSON with the data in it and a description for people who do not
 * see them. `users` may be those of the configuration: people are shown by their names.
 *
 * @throws TocsinError INPUT_INVALID when the time zone of the report is not known.
 * @example
 * ```ts
 * import { numbersCharts } from 'tocsin/render';
 * import { sampleNumbers } from 'tocsin/testing';
 * numbersCharts(sampleNumbers()).severities.data.values; // => [{ severity: 'SEV2', incidents: 3 }]
 * ```
 */
export function numbersCharts(
  report: NumbersReport,
  options: { readonly users?: readonly NamedUser[] | undefined } = {},
): { readonly [C in NumbersChart]: VegaLiteSpec } {
  checkTimeZone(report.timeZone);
  return {
    incidentsByWeek: incidentsByWeek(report),
    durationsByWeek: durationsByWeek(report),
    survival: survival(report),
    severities: severities(report),
    load: load(report, namesOf(options.users)),
    offenders: offenders(report),
  };
}
