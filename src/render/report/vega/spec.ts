/**
 * What every specification of a chart begins with.
 *
 * Names of strangers are values of data, and never a field, an expression or an address.
 *
 * @see https://vega.github.io/vega-lite/docs/spec.html
 */

/** A Vega-Lite specification with its data in it: plain JSON. */
export type VegaLiteSpec = {
  readonly $schema: string;
  /** For people who do not see it. */
  readonly description: string;
  readonly title: { readonly text: string; readonly subtitle: readonly string[]; readonly [key: string]: unknown };
  readonly data: { readonly values: readonly Readonly<Record<string, string | number | null>>[] };
  readonly [key: string]: unknown;
};

/** What is said above a chart, and what it is drawn from. */
export type ChartHead = {
  readonly title: string;
  readonly subtitle: readonly string[];
  readonly values: VegaLiteSpec['data']['values'];
};

/** The version of Vega-Lite that the specifications are written for. */
export const VEGA_LITE_SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Colours that people with any kind of colour vision can tell apart; from light to dark they are also told apart in grey. */
export const COLOURS = {
  mild: '#f6cf7d',
  blue: '#5b9bd9',
  green: '#1f8a70',
  purple: '#4b2a85',
  orange: '#b8500c',
} as const;

/** A time axis with these weeks on it, each at its Monday, in whichever zone it is looked at. */
export function weekAxis(weeks: readonly string[]): Readonly<Record<string, unknown>> {
  // Dates without a time are in UTC. @see ECMA-262, Date Time String Format
  const values = weeks.map((week) => Date.parse(week));
  return {
    field: 'week',
    type: 'temporal',
    scale: { type: 'utc', nice: false },
    axis: { title: 'week beginning', format: '%-d %b', values, labelOverlap: true, grid: false },
  };
}

/** An axis of whole numbers from zero, which is there also when there is nothing on it. */
export function countAxis(field: string, counts: readonly number[]): Readonly<Record<string, unknown>> {
  const scale = { domain: [0, Math.max(1, ...counts)], nice: true };
  return { field, type: 'quantitative', scale, axis: { title: field, tickMinStep: 1 } };
}

/** A specification: `head`, and how it is drawn. */
export function specOf(head: ChartHead, drawing: Readonly<Record<string, unknown>>): VegaLiteSpec {
  const { title, subtitle, values } = head;
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: [title, ...subtitle].join('. '),
    title: { text: title, subtitle, anchor: 'start', subtitlePadding: 4 },
    data: { values },
    config: { axis: { labelLimit: 220 }, legend: { labelLimit: 300 }, view: { stroke: null } },
    ...drawing,
  };
}
