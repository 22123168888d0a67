/**
 * Noise: what came in and needed nobody, and what most of it came from.
 */
import type { NumbersReport } from '../../../model/measurement.ts';
import { counted, grouped, percent, shown } from '../facts.ts';
import { type Block, NO_NUMBER } from './document.ts';

const MOST = 50;

/** What was noise, in words, as a chart and as a table. */
export function noise({ noise: found, counts }: NumbersReport, serviceName: (id: string) => string): readonly Block[] {
  const { offenders, alerts, alertsPerIncident, autoResolved, autoResolvedShare, dismissed } = found;
  const perIncident = alertsPerIncident === undefined ? '' : `, ${ratioText(alertsPerIncident)} for each incident`;
  const share = autoResolvedShare === undefined ? '' : ` (${percent(autoResolvedShare)} of those that have ended)`;
  const text = `There ${alerts === 1 ? 'was' : 'were'} ${counted(alerts, 'alert')} in ${counted(counts.incidents, 'incident')}${perIncident}. ${counted(autoResolved, 'incident')} ended before anybody did anything${share}, ${grouped(dismissed)} ${dismissed === 1 ? 'was a false alarm' : 'were false alarms'}.`;
  if (offenders.length === 0) return [{ kind: 'text', text }];
  const rows = offenders
    .slice(0, MOST)
    .map(({ service, name, incidents, alerts: own, autoResolved: alone }) => [
      shown(name) || NO_NUMBER,
      serviceName(service),
      ...[incidents, own, alone].map(grouped),
    ]);
  const columns = ['Alert', 'Service', 'Incidents', 'Alerts', 'Ended by themselves'];
  return [
    { kind: 'text', text },
    { kind: 'charts', charts: [{ chart: 'offenders' }] },
    { kind: 'table', table: { caption: 'What fires most', columns, rows } },
  ];
}

/** One alert in fifty incidents is not none of them. */
function ratioText(ratio: number): string {
  return ratio > 0 && ratio < 0.05 ? 'fewer than 0.1' : ratio.toFixed(1);
}
