/**
 * A report as CSV: a table of durations, and one of what being on call asked of people.
 *
 * Two tables, since one with two kinds of rows is none. A duration that nobody knows is an empty cell.
 */
import {
  type Distribution,
  MEASUREMENT_NAMES,
  NUMBERS_GROUPINGS,
  type NumbersGroup,
  type NumbersReport,
} from '../../model/measurement.ts';
import { csvLine } from './csv-line.ts';
import { pagesOf } from './facts.ts';

const GROUP_COLUMNS = ['grouping', 'key', 'incidents', 'alerts', 'pages', 'measurement'];
const DURATION_COLUMNS = [
  'recorded',
  'pending',
  'not_applicable',
  'invalid',
  'median_ms',
  'p90_ms',
  'mean_ms',
  'survival_events',
  'survival_censored',
  'survival_median_ms',
  'survival_p90_ms',
];
const PEOPLE_COLUMNS = [
  'user',
  'pages',
  'interruptions',
  'during_business',
  'during_evenings',
  'during_weekends',
  'during_sleep',
  'nights',
  'acknowledgements',
  'engaged_ms',
  'on_call_hours',
];

/**
 * The durations of a report as an RFC 4180 document: one row for each group and measurement, durations in ms. The first
 * rows, of the grouping `all`, are those of all incidents together.
 *
 * @example
 * ```ts
 * import { numbersCsv } from 'tocsin/render';
 * import { sampleNumbers } from 'tocsin/testing';
 * numbersCsv(sampleNumbers()).split('\r\n')[2]; // => '"all","",3,7,4,"acknowledge",3,0,0,0,360000,540000,380000,3,0,360000,'
 * ```
 */
export function numbersCsv(report: NumbersReport): string {
  const { counts, noise, durations, groups } = report;
  const all: NumbersGroup = {
    key: '',
    incidents: counts.incidents,
    alerts: noise.alerts,
    pages: pagesOf(report),
    durations,
  };
  return [
    csvLine([...GROUP_COLUMNS, ...DURATION_COLUMNS]),
    ...linesOf('all', all),
    ...NUMBERS_GROUPINGS.flatMap((grouping) => groups[grouping].flatMap((group) => linesOf(grouping, group))),
  ].join('');
}

/** What being on call asked of each person, as an RFC 4180 document; durations in ms. */
export function peopleCsv({ people }: Pick<NumbersReport, 'people'>): string {
  return [
    csvLine(PEOPLE_COLUMNS),
    ...people.map((person) =>
      csvLine([
        person.user,
        person.pages,
        person.interruptions,
        person.duringBusiness,
        person.duringEvenings,
        person.duringWeekends,
        person.duringSleep,
        person.nights,
        person.acknowledgements,
        person.engagedMs,
        person.onCallHours,
      ]),
    ),
  ].join('');
}

function linesOf(grouping: string, { key, incidents, alerts, pages, durations }: NumbersGroup): readonly string[] {
  return MEASUREMENT_NAMES.map((name) =>
    csvLine([grouping, key, incidents, alerts, pages, name, ...durationCells(durations[name])]),
  );
}

function durationCells(distribution: Distribution): readonly (number | undefined)[] {
  const { recorded, pending, notApplicable, invalid, medianMs, p90Ms, meanMs, survival } = distribution;
  return [
    recorded,
    pending,
    notApplicable,
    invalid,
    medianMs,
    p90Ms,
    meanMs,
    survival.events,
    survival.censored,
    survival.medianMs,
    survival.p90Ms,
  ];
}
