/**
 * Incidents as CSV: one row for each, with every number, its state, and the two entries that it came from.
 *
 * A row needs nothing of the others, so that any number of them can be written while they are read. It names no person.
 */
import {
  type IncidentNumbers,
  MEASUREMENT_NAMES,
  type Measurement,
  type MeasurementName,
} from '../../model/measurement.ts';
import { type CsvValue, csvLine, isoOf } from './csv-line.ts';

type Column = readonly [name: string, cellOf: (incident: IncidentNumbers) => CsvValue];

const COLUMNS: readonly Column[] = [
  ['id', ({ id }) => id],
  ['title', ({ title }) => title],
  ['service', ({ service }) => service],
  ['severity', ({ severity }) => severity],
  ['kind', ({ kind }) => kind],
  ['visibility', ({ visibility }) => visibility],
  ['outcome', ({ outcome }) => outcome],
  ['opened_at', ({ openedAt }) => isoOf(openedAt)],
  ['ended_at', ({ endedAt }) => isoOf(endedAt)],
  ...MEASUREMENT_NAMES.flatMap(columnsOf),
  ['offender', ({ offender }) => offender],
  ['alerts', ({ alerts }) => alerts],
  ['pages', ({ pages }) => pages],
  ['escalations', ({ escalations }) => escalations],
  ['reopenings', ({ reopenings }) => reopenings],
  ['auto_resolved', ({ isAutoResolved }) => isAutoResolved],
  ['people', ({ kind, people }) => (kind === 'backfilled' ? undefined : people.length)],
  ['engaged_ms', engagedMsOf],
];

/**
 * Incidents as an RFC 4180 document in UTF-8 with a header. Instants are ISO 8601 in UTC, durations whole ms.
 *
 * Of each measurement there are five columns: `resolve_status` ('recorded', 'pending', 'notApplicable', 'invalid'),
 * `resolve_ms` (empty unless recorded), `resolve_why` (empty when recorded), and `resolve_from_seq` and `resolve_to_seq`, the
 * numbers of the entries of the timeline. What an incident asked of people (`people`, `engaged_ms`) is empty when it was written
 * down later. Every text is quoted, and none is a formula to a spreadsheet. For more rows than should be held in memory write
 * {@link incidentsCsvHeader} and then {@link incidentsCsvRow} of each.
 *
 * @example
 * ```ts
 * import { incidentsCsv } from 'tocsin/render';
 * incidentsCsv([]).startsWith('"id","title","service","severity","kind"'); // => true
 * ```
 */
export function incidentsCsv(incidents: Iterable<IncidentNumbers>): string {
  return [incidentsCsvHeader(), ...Array.from(incidents, incidentsCsvRow)].join('');
}

/** The first line of {@link incidentsCsv}, with its end. */
export function incidentsCsvHeader(): string {
  return csvLine(COLUMNS.map(([name]) => name));
}

/** The line of one incident, with its end. */
export function incidentsCsvRow(incident: IncidentNumbers): string {
  return csvLine(COLUMNS.map(([, cellOf]) => cellOf(incident)));
}

/** Of what was written down later nobody knows what it asked of people: that it was nothing would be a guess. */
function engagedMsOf({ kind, people }: IncidentNumbers): number | undefined {
  return kind === 'backfilled' ? undefined : people.reduce((sum, { engagedMs }) => sum + engagedMs, 0);
}

function columnsOf(name: MeasurementName): readonly Column[] {
  const column = (what: string, cellOf: (measurement: Measurement) => CsvValue): Column => [
    `${name}_${what}`,
    ({ measurements }) => cellOf(measurements[name]),
  ];
  return [
    column('status', ({ status }) => status),
    column('ms', (measurement) => (measurement.status === 'recorded' ? measurement.ms : undefined)),
    column('why', (measurement) => (measurement.status === 'recorded' ? undefined : measurement.why)),
    column('from_seq', ({ from }) => from?.seq),
    column('to_seq', (measurement) => ('to' in measurement ? measurement.to.seq : undefined)),
  ];
}
