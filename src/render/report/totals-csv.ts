/**
 * A report as CSV, the rest of it: how many there were of everything, and what fires most.
 *
 * A share or an average of nothing is an empty cell, and never a zero.
 */
import type { NumbersReport } from '../../model/measurement.ts';
import { type CsvValue, csvLine } from './csv-line.ts';

/**
 * How many incidents there were and what became of them, how much was noise, and whether action items are closed in time, as an
 * RFC 4180 document: one row for each figure.
 *
 * @example
 * ```ts
 * import { totalsCsv } from 'tocsin/render';
 * import { sampleNumbers } from 'tocsin/testing';
 * totalsCsv(sampleNumbers()).split('\r\n')[1]; // => '"incidents","incidents",3'
 * ```
 */
export function totalsCsv({
  counts,
  noise,
  actionItems,
}: Pick<NumbersReport, 'counts' | 'noise' | 'actionItems'>): string {
  const rows: readonly (readonly [what: string, figure: string, value: CsvValue])[] = [
    ['incidents', 'incidents', counts.incidents],
    ['incidents', 'open', counts.open],
    ['incidents', 'resolved', counts.resolved],
    ['incidents', 'dismissed', counts.dismissed],
    ['incidents', 'merged', counts.merged],
    ['incidents', 'reopened', counts.reopened],
    ['incidents', 'left_out', counts.leftOut],
    ['noise', 'alerts', noise.alerts],
    ['noise', 'alerts_per_incident', noise.alertsPerIncident],
    ['noise', 'auto_resolved', noise.autoResolved],
    ['noise', 'auto_resolved_share', noise.autoResolvedShare],
    ['action_items', 'created', actionItems.created],
    ['action_items', 'closed_in_time', actionItems.closedInTime],
    ['action_items', 'closed_late', actionItems.closedLate],
    ['action_items', 'closed_without_due', actionItems.closedWithoutDue],
    ['action_items', 'dropped', actionItems.dropped],
    ['action_items', 'open', actionItems.open],
    ['action_items', 'overdue', actionItems.overdue],
    ['action_items', 'owned_by_nobody', actionItems.ownedByNobody],
    ['action_items', 'in_time_share', actionItems.inTimeShare],
  ];
  return [csvLine(['of', 'figure', 'value']), ...rows.map(csvLine)].join('');
}

/** The alerts that opened the most incidents, as an RFC 4180 document, the most frequent first. */
export function offendersCsv({ noise }: Pick<NumbersReport, 'noise'>): string {
  return [
    csvLine(['service', 'alert', 'incidents', 'alerts', 'auto_resolved']),
    ...noise.offenders.map(({ service, name, incidents, alerts, autoResolved }) =>
      csvLine([service, name, incidents, alerts, autoResolved]),
    ),
  ].join('');
}
