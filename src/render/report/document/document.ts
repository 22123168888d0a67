/**
 * The document of a report: what it says, before it has a format.
 *
 * Every text in it is plain: whoever draws it as HTML or Markdown escapes all of it. A duration that nobody knows is a dash.
 */
import { formatDuration } from '../../../model/duration.ts';
import type { MeasurementName, NumbersReport } from '../../../model/measurement.ts';
import type { NamedUser } from '../../roster.ts';
import type { NumbersChart } from '../numbers-charts.ts';

/** How a report is written. */
export type ReportTextOptions = {
  /** An earlier report to compare with, such as that of the month before. */
  readonly previous?: NumbersReport;
  /** Default: 'Incidents in November 2026', or with the first and the last day. */
  readonly title?: string;
  /** People with names to be shown instead of their ids, such as the `users` of the configuration. */
  readonly users?: readonly NamedUser[] | undefined;
  /** Services with names, such as those of the configuration. */
  readonly services?: readonly NamedUser[] | undefined;
  /** Teams with names, such as those of the configuration. */
  readonly teams?: readonly NamedUser[] | undefined;
};

/** A whole report. */
export type ReportDocument = {
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly ReportPart[];
};

/** A part of a report with its heading. */
export type ReportPart = { readonly id: string; readonly title: string; readonly blocks: readonly Block[] };

/** Something in a part. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'figures'; readonly figures: readonly Figure[] }
  | { readonly kind: 'charts'; readonly charts: readonly ChartPlace[] }
  | { readonly kind: 'table'; readonly table: Table };

/** One number with its name, and how it has changed. */
export type Figure = { readonly name: string; readonly value: string; readonly change?: Change };

/** How a number has changed, in words. */
export type Change = { readonly direction: 'up' | 'down' | 'same'; readonly text: string };

/** A chart where the format has pictures. */
export type ChartPlace = { readonly chart: NumbersChart; readonly measurement?: MeasurementName };

/** A table. The first cell of a row names it; the others are numbers, unless the column {@link hasWords}. */
export type Table = {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What must be known to read it. */
  readonly note?: string;
};

const WORDS: ReadonlySet<string | undefined> = new Set(['Service']);

/** Whether a column other than the first has words in it. */
export function hasWords(column: string | undefined): boolean {
  return WORDS.has(column);
}

/** What is written where there is no number. */
export const NO_NUMBER = '–';

/** A duration in words; a dash when there is none. */
export function durationText(ms: number | undefined): string {
  return ms === undefined ? NO_NUMBER : formatDuration(ms);
}
