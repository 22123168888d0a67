/**
 * Noise: how much of what came in needed nobody, and what most of it came from.
 *
 * Pure. It counts what fires often; whether that is worth an alert it leaves to people.
 */
import type { IncidentNumbers, Noise, Offender } from '../../model/measurement.ts';

/** The noise of many incidents. */
export type NoiseTally = {
  add(numbers: IncidentNumbers): void;
  noise(): Noise;
};

/** Nothing so far. */
export function noiseTally(): NoiseTally {
  const offenders = new Map<string, Counted>();
  const sums = { incidents: 0, ended: 0, alerts: 0, autoResolved: 0, dismissed: 0 };
  return {
    add({ service, offender, outcome, alerts, isAutoResolved }) {
      sums.incidents += 1;
      sums.ended += outcome === 'open' ? 0 : 1;
      sums.alerts += alerts;
      sums.autoResolved += isAutoResolved ? 1 : 0;
      sums.dismissed += outcome === 'dismissed' ? 1 : 0;
      if (offender === undefined) return;
      // No id of a service has a blank in it.
      const key = `${service} ${offender}`;
      const counted = offenders.get(key) ?? { service, name: offender, incidents: 0, alerts: 0, autoResolved: 0 };
      offenders.set(key, counted);
      counted.incidents += 1;
      counted.alerts += alerts;
      counted.autoResolved += isAutoResolved ? 1 : 0;
    },
    noise: () => ({
      alerts: sums.alerts,
      ...(sums.incidents > 0 && { alertsPerIncident: sums.alerts / sums.incidents }),
      autoResolved: sums.autoResolved,
      ...(sums.ended > 0 && { autoResolvedShare: sums.autoResolved / sums.ended }),
      dismissed: sums.dismissed,
      offenders: [...offenders.values()].toSorted(byFrequency).slice(0, MOST_OFFENDERS),
    }),
  };
}

type Counted = { -readonly [K in keyof Offender]: Offender[K] };

const MOST_OFFENDERS = 10;

/** What made most incidents first: each of them asked for somebody. */
function byFrequency(a: Offender, b: Offender): number {
  if (a.incidents !== b.incidents) return b.incidents - a.incidents;
  if (a.alerts !== b.alerts) return b.alerts - a.alerts;
  if (a.service !== b.service) return a.service < b.service ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}
