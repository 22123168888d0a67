/**
 * How long it took, of all incidents: what is known beside what is not.
 */
import { type Distribution, MEASUREMENT_NAMES, type NumbersReport } from '../../../model/measurement.ts';
import { grouped, MEASUREMENT_TITLES } from '../facts.ts';
import { type Block, durationText } from './document.ts';

const COLUMNS = [
  'What',
  'Recorded',
  'To come',
  'Not applicable',
  'Invalid',
  'Median',
  '90th percentile',
  'Mean',
  'Kaplan-Meier median',
];
const EXPLAINED = [
  'Median, percentile and mean are of what was recorded.',
  'The Kaplan-Meier median is when half of the incidents had got there, with those that have not yet, or never can, counted for as long as they were watched.',
  'A dash is a number that is not known: it is never zero.',
].join(' ');

/** The table of durations and its charts. */
export function durations({ durations: byName }: NumbersReport): readonly Block[] {
  const rows = MEASUREMENT_NAMES.map((name) => [MEASUREMENT_TITLES[name], ...cellsOf(byName[name])]);
  return [
    { kind: 'table', table: { caption: 'Durations', columns: COLUMNS, rows, note: EXPLAINED } },
    {
      kind: 'charts',
      charts: [
        { chart: 'durationsByWeek', measurement: 'acknowledge' },
        { chart: 'durationsByWeek', measurement: 'mitigate' },
        { chart: 'durationsByWeek', measurement: 'resolve' },
        { chart: 'survival' },
      ],
    },
  ];
}

function cellsOf(distribution: Distribution): readonly string[] {
  const { recorded, pending, notApplicable, invalid, medianMs, p90Ms, meanMs, survival } = distribution;
  return [
    ...[recorded, pending, notApplicable, invalid].map(grouped),
    ...[medianMs, p90Ms, meanMs, survival.medianMs].map(durationText),
  ];
}
