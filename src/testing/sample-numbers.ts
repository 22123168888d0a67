/**
 * Sample numbers: a report to render before there are incidents of one's own.
 *
 * It is made up and always the same; it never asks a storage or the clock.
 */
import type { Distribution, Distributions, NumbersReport } from '../model/measurement.ts';

const MINUTE_MS = 60_000;

/**
 * The numbers of three incidents in November 2026, with `changes`.
 *
 * @example
 * ```ts
 * import { sampleNumbers } from 'tocsin/testing';
 * sampleNumbers().counts.incidents; // => 3
 * ```
 */
export function sampleNumbers(changes: Partial<NumbersReport> = {}): NumbersReport {
  const group = (key: string) => ({ key, incidents: 3, alerts: 7, pages: 4, durations: DURATIONS });
  return {
    tenant: 'default',
    fromAt: Date.UTC(2026, 10, 1),
    untilAt: Date.UTC(2026, 11, 1),
    at: Date.UTC(2026, 11, 1, 8),
    timeZone: 'UTC',
    counts: { incidents: 3, open: 1, resolved: 2, dismissed: 0, merged: 0, reopened: 0, leftOut: 1 },
    durations: DURATIONS,
    groups: {
      service: [group('checkout')],
      team: [group('shop')],
      severity: [group('SEV2')],
      week: [group('2026-11-09')],
    },
    people: [
      {
        user: 'ana',
        pages: 4,
        interruptions: 3,
        duringBusiness: 1,
        duringEvenings: 1,
        duringWeekends: 0,
        duringSleep: 1,
        nights: 1,
        acknowledgements: 3,
        engagedMs: 95 * MINUTE_MS,
        onCallHours: 168,
      },
    ],
    noise: {
      alerts: 7,
      alertsPerIncident: 7 / 3,
      autoResolved: 1,
      autoResolvedShare: 0.5,
      dismissed: 0,
      offenders: [{ service: 'checkout', name: 'PaymentLatency', incidents: 2, alerts: 6, autoResolved: 1 }],
    },
    actionItems: {
      created: 2,
      closedInTime: 1,
      closedLate: 0,
      closedWithoutDue: 0,
      dropped: 0,
      open: 1,
      overdue: 0,
      ownedByNobody: 0,
      inTimeShare: 1,
    },
    ...changes,
  };
}

const NONE: Distribution = {
  recorded: 0,
  pending: 3,
  notApplicable: 0,
  invalid: 0,
  survival: { events: 0, censored: 3, curve: [] },
};

const DURATIONS: Distributions = {
  detect: NONE,
  acknowledge: happened(3, 4 * MINUTE_MS),
  engage: happened(3, 6 * MINUTE_MS),
  mitigate: NONE,
  resolve: happened(2, 80 * MINUTE_MS),
  close: NONE,
};

/** Of three incidents it has happened in the first `events`, each half as late again as the one before. */
function happened(events: number, firstMs: number): Distribution {
  const curve = Array.from({ length: events }, (_, place) => ({
    ms: firstMs * 1.5 ** place,
    survival: 1 - (place + 1) / 3,
    lower: Math.max(0, 0.5 - place / 3),
    upper: Math.min(1, 0.95 - place / 9),
    atRisk: 3 - place,
    events: 1,
  }));
  const all = curve.map(({ ms }) => ms);
  const medianMs = events === 3 ? firstMs * 1.5 : firstMs * 1.25;
  return {
    recorded: events,
    pending: 3 - events,
    notApplicable: 0,
    invalid: 0,
    medianMs,
    p90Ms: Math.max(...all),
    meanMs: all.reduce((sum, ms) => sum + ms, 0) / events,
    survival: { events, censored: 3 - events, medianMs: firstMs * 1.5, curve },
  };
}
