/**
 * Incidents by what they have in common: week, service, team, severity.
 *
 * A list is never longer than fifty; the others are summed up and said to be so, without durations, which cannot be summed up.
 */
import type { NumbersGroup, NumbersReport } from '../../../model/measurement.ts';
import { grouped, largestFirst, shown, weekRows } from '../facts.ts';
import { shortDate } from '../period.ts';
import { type Block, durationText, NO_NUMBER, type Table } from './document.ts';

type Totals = Pick<NumbersGroup, 'incidents' | 'alerts' | 'pages'>;

const MOST = 50;
/** The weeks of a year. */
const MOST_WEEKS = 54;
const COLUMNS = [
  'Incidents',
  'Alerts',
  'Pages',
  'Median to acknowledge',
  'Median to resolve',
  '90th percentile to resolve',
  'Kaplan-Meier median to resolve',
];

/** The weeks, as a chart and a table. */
export function weeks(report: NumbersReport): readonly Block[] {
  const rows = weekRows(report);
  const early = rows.slice(0, Math.max(0, rows.length - MOST_WEEKS));
  const table: Table = {
    caption: 'By week',
    columns: ['Week of', ...COLUMNS],
    rows: [
      ...(early.length === 0
        ? []
        : [
            restRow(
              `earlier (${early.length})`,
              early.flatMap(({ group }) => group ?? []),
            ),
          ]),
      ...rows.slice(early.length).map(({ week, group }) => {
        const name = `${shortDate(week)} ${week.slice(0, 4)}`;
        return group === undefined
          ? [name, '0', '0', '0', ...COLUMNS.slice(3).map(() => NO_NUMBER)]
          : rowOf(name, group);
      }),
    ],
    note: `Weeks begin on Monday, in ${report.timeZone}; the first and the last one may be cut by the period, or by the moment of the report.${early.length === 0 ? '' : ' Earlier weeks are summed up.'}`,
  };
  return [
    { kind: 'charts', charts: [{ chart: 'incidentsByWeek' }, { chart: 'severities' }] },
    { kind: 'table', table },
  ];
}

/** Services, teams and severities, each as a table. */
export function groups(
  { groups: by }: NumbersReport,
  names: { readonly service: (id: string) => string; readonly team: (id: string) => string },
): readonly Block[] {
  const tables = [
    tableOf(largestFirst(by.service), {
      caption: 'By service',
      what: 'Service',
      plural: 'services',
      nameOf: names.service,
    }),
    tableOf(largestFirst(by.team), { caption: 'By team', what: 'Team', plural: 'teams', nameOf: names.team }),
    tableOf(by.severity, {
      caption: 'By severity',
      what: 'Severity',
      plural: 'severities',
      nameOf: (key) => shown(key) || NO_NUMBER,
    }),
  ];
  return tables.filter(({ rows }) => rows.length > 0).map((table): Block => ({ kind: 'table', table }));
}

function tableOf(
  all: readonly NumbersGroup[],
  words: {
    readonly caption: string;
    readonly what: string;
    readonly plural: string;
    readonly nameOf: (key: string) => string;
  },
): Table {
  const rest = all.slice(MOST);
  const rows = all.slice(0, MOST).map((group) => rowOf(words.nameOf(group.key), group));
  const table = { caption: words.caption, columns: [words.what, ...COLUMNS] };
  if (rest.length === 0) return { ...table, rows };
  const note = `The ${MOST} ${words.plural} with the most incidents; the others are summed up, which durations cannot be.`;
  return { ...table, rows: [...rows, restRow(`others (${rest.length})`, rest)], note };
}

function rowOf(name: string, { durations, ...totals }: NumbersGroup): readonly string[] {
  const { acknowledge, resolve } = durations;
  const times = [acknowledge.medianMs, resolve.medianMs, resolve.p90Ms, resolve.survival.medianMs];
  return [name, ...countsOf(totals), ...times.map(durationText)];
}

function restRow(name: string, rest: readonly Totals[]): readonly string[] {
  const sumOf = (key: keyof Totals) => rest.reduce((sum, group) => sum + group[key], 0);
  const totals = { incidents: sumOf('incidents'), alerts: sumOf('alerts'), pages: sumOf('pages') };
  return [name, ...countsOf(totals), ...COLUMNS.slice(3).map(() => NO_NUMBER)];
}

function countsOf({ incidents, alerts, pages }: Totals): readonly string[] {
  return [incidents, alerts, pages].map(grouped);
}
