/**
 * Reports to be shown: a rich year, one month, one incident, nothing at all, and one whose names are hostile.
 *
 * Their numbers are made up by formulas, so that they are the same each time; they fit together, but nobody measured them.
 */
import type {
  Distribution,
  Distributions,
  IncidentNumbers,
  Measurement,
  MeasurementName,
  NumbersGroup,
  NumbersReport,
  PersonLoad,
  SurvivalPoint,
} from '../../../src/model/measurement.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The medians of one kind of incidents. */
const TYPICAL: Readonly<Record<MeasurementName, number>> = {
  detect: 3 * MINUTE,
  acknowledge: 4 * MINUTE,
  engage: 6 * MINUTE,
  mitigate: 38 * MINUTE,
  resolve: 74 * MINUTE,
  close: 8 * DAY,
};

/** A number of many incidents: `recorded` of them around `medianMs`. */
export function distributionOf(
  recorded: number,
  medianMs: number,
  rest: Partial<Pick<Distribution, 'pending' | 'notApplicable' | 'invalid'>> = {},
): Distribution {
  const { pending = 0, notApplicable = 0, invalid = 0 } = rest;
  const censored = pending + notApplicable;
  const total = recorded + censored;
  const medians =
    recorded === 0 ? {} : { medianMs, p90Ms: Math.round(medianMs * 6.2), meanMs: Math.round(medianMs * 2.1) };
  const steps = Math.min(200, recorded);
  const curve = Array.from({ length: steps }, (_, step): SurvivalPoint => {
    const happened = ((step + 1) / steps) * (recorded / total);
    const survival = 1 - happened;
    const spread = 1.96 * Math.sqrt((survival * happened) / total);
    return {
      ms: Math.round(medianMs * (happened / Math.max(0.004, survival)) ** 0.8),
      survival,
      lower: Math.max(0, survival - spread),
      upper: Math.min(1, survival + spread),
      atRisk: Math.max(1, Math.round(total * (1 - step / steps))),
      events: Math.round(recorded / steps),
    };
  });
  const reached = recorded / total;
  const survival = {
    events: recorded,
    censored,
    ...(reached >= 0.5 ? { medianMs: Math.round(medianMs * 1.08) } : {}),
    ...(reached >= 0.9 ? { p90Ms: Math.round(medianMs * 6.9) } : {}),
    curve,
  };
  return { recorded, pending, notApplicable, invalid, ...medians, survival };
}

/** Every number of `incidents`, slower by `factor`; some incidents are still open. */
export function durationsOf(incidents: number, factor = 1, open = 0): Distributions {
  const of = (name: MeasurementName, share: number, rest: Parameters<typeof distributionOf>[2] = {}) => {
    const ended = incidents - open;
    const recorded = Math.round(ended * share);
    return distributionOf(recorded, Math.round(TYPICAL[name] * factor), {
      pending: open,
      notApplicable: ended - recorded,
      ...rest,
    });
  };
  return {
    detect: of('detect', 0.4, {
      pending: incidents - Math.round(incidents * 0.4) - Math.min(1, Math.floor(incidents / 4)),
      notApplicable: 0,
      invalid: Math.min(1, Math.floor(incidents / 4)),
    }),
    acknowledge: of('acknowledge', 0.86),
    engage: of('engage', 0.8),
    mitigate: of('mitigate', 0.45),
    resolve: of('resolve', 0.94),
    close: of('close', 0.7),
  };
}

function groupOf(key: string, incidents: number, factor = 1, open = 0): NumbersGroup {
  return {
    key,
    incidents,
    alerts: incidents * 3 + 2,
    pages: incidents * 2,
    durations: durationsOf(incidents, factor, open),
  };
}

function personOf(user: string, pages: number, sleep: number): PersonLoad {
  const interruptions = Math.round(pages * 0.8);
  const rest = interruptions - sleep;
  const duringBusiness = Math.round(rest * 0.55);
  const duringEvenings = Math.round((rest - duringBusiness) * 0.6);
  return {
    user,
    pages,
    interruptions,
    duringBusiness,
    duringEvenings,
    duringWeekends: rest - duringBusiness - duringEvenings,
    duringSleep: sleep,
    nights: Math.ceil(sleep * 0.7),
    acknowledgements: Math.round(pages * 0.7),
    engagedMs: pages * 37 * MINUTE,
    onCallHours: 168 * Math.max(1, Math.round(pages / 12)),
  };
}

/** The Mondays of a year, as it is cut by the window from 1 December 2025 on. */
const MONDAYS = Array.from({ length: 53 }, (_, week) =>
  new Date(Date.UTC(2025, 11, 1) + week * 7 * DAY).toISOString().slice(0, 10),
);

/** Nothing at all, in November 2026. */
export const EMPTY: NumbersReport = {
  tenant: 'default',
  fromAt: Date.UTC(2026, 9, 31, 23),
  untilAt: Date.UTC(2026, 10, 30, 23),
  at: Date.UTC(2026, 11, 1, 8),
  timeZone: 'Europe/Berlin',
  counts: { incidents: 0, open: 0, resolved: 0, dismissed: 0, merged: 0, reopened: 0, leftOut: 0 },
  durations: durationsOf(0),
  groups: { service: [], team: [], severity: [], week: [] },
  people: [],
  noise: { alerts: 0, autoResolved: 0, dismissed: 0, offenders: [] },
  actionItems: {
    created: 0,
    closedInTime: 0,
    closedLate: 0,
    closedWithoutDue: 0,
    dropped: 0,
    open: 0,
    overdue: 0,
    ownedByNobody: 0,
  },
};

/** One month with 38 incidents. */
export const MONTH: NumbersReport = {
  ...EMPTY,
  counts: { incidents: 38, open: 2, resolved: 33, dismissed: 2, merged: 1, reopened: 3, leftOut: 4 },
  durations: durationsOf(38, 1, 2),
  groups: {
    service: [groupOf('checkout', 19, 0.8, 1), groupOf('search', 12, 1.2), groupOf('warehouse', 7, 1.7, 1)],
    team: [groupOf('shop', 31, 0.9, 1), groupOf('logistics', 7, 1.7, 1)],
    severity: [groupOf('SEV1', 4, 0.5), groupOf('SEV2', 13, 0.9, 1), groupOf('SEV3', 21, 1.4, 1)],
    week: [
      groupOf('2026-10-26', 1, 0.6),
      groupOf('2026-11-02', 12, 0.8),
      groupOf('2026-11-09', 7, 1.1),
      groupOf('2026-11-16', 13, 1.3),
      groupOf('2026-11-23', 5, 0.9, 2),
    ],
  },
  people: [personOf('ana', 26, 5), personOf('ben', 21, 2), personOf('chi', 14, 0), personOf('dee', 9, 4)],
  noise: {
    alerts: 131,
    alertsPerIncident: 131 / 38,
    autoResolved: 9,
    autoResolvedShare: 0.25,
    dismissed: 2,
    offenders: [
      { service: 'search', name: 'IndexLagHigh', incidents: 8, alerts: 51, autoResolved: 6 },
      { service: 'checkout', name: 'PaymentLatency', incidents: 5, alerts: 17, autoResolved: 1 },
      { service: 'checkout', name: 'QueueDepth', incidents: 3, alerts: 12, autoResolved: 2 },
      { service: 'warehouse', name: 'ScannerOffline', incidents: 2, alerts: 2, autoResolved: 0 },
    ],
  },
  actionItems: {
    created: 11,
    closedInTime: 5,
    closedLate: 1,
    closedWithoutDue: 1,
    dropped: 1,
    open: 3,
    overdue: 1,
    ownedByNobody: 1,
    inTimeShare: 5 / 7,
  },
};

/** The month before. */
export const MONTH_BEFORE: NumbersReport = {
  ...MONTH,
  fromAt: Date.UTC(2026, 8, 30, 22),
  untilAt: Date.UTC(2026, 9, 31, 23),
  at: Date.UTC(2026, 10, 1, 8),
  counts: { incidents: 47, open: 0, resolved: 43, dismissed: 4, merged: 0, reopened: 3, leftOut: 0 },
  durations: durationsOf(47, 0.9),
  people: [personOf('ana', 20, 3), personOf('ben', 25, 5), personOf('chi', 14, 1)],
  noise: { ...MONTH.noise, alerts: 131, autoResolved: 14, autoResolvedShare: 0.3 },
  actionItems: { ...MONTH.actionItems, created: 0, overdue: 0, open: 0 },
};

/** A year with some four hundred incidents, twelve people and a service that everybody knows. */
export const YEAR: NumbersReport = {
  ...MONTH,
  fromAt: Date.UTC(2025, 10, 30, 23),
  untilAt: Date.UTC(2026, 10, 30, 23),
  counts: { incidents: 412, open: 6, resolved: 371, dismissed: 27, merged: 8, reopened: 19, leftOut: 33 },
  durations: durationsOf(412, 1, 6),
  groups: {
    ...MONTH.groups,
    service: ['checkout', 'search', 'warehouse', 'identity', 'billing', 'notifications', 'reports'].map((key, place) =>
      groupOf(key, Math.round(150 / (place + 1)), 0.7 + place * 0.3, place < 3 ? 2 : 0),
    ),
    severity: [groupOf('SEV1', 31, 0.5), groupOf('SEV2', 140, 0.9, 2), groupOf('SEV3', 241, 1.4, 4)],
    // Two weeks in which nothing happened are not in it.
    week: MONDAYS.flatMap((monday, week) =>
      week === 4 || week === 31
        ? []
        : [groupOf(monday, 4 + ((week * 7) % 11) + (week > 40 ? 3 : 0), 0.7 + ((week * 5) % 9) / 9)],
    ),
  },
  people: ['ana', 'ben', 'chi', 'dee', 'eli', 'fay', 'gus', 'hal'].map((user, place) =>
    personOf(user, 160 - place * 17, 40 - place * 5),
  ),
  noise: {
    ...MONTH.noise,
    alerts: 1_644,
    alertsPerIncident: 1_644 / 412,
    autoResolved: 88,
    autoResolvedShare: 88 / 406,
    dismissed: 27,
    offenders: Array.from({ length: 14 }, (_, place) => ({
      service: place % 2 === 0 ? 'search' : 'checkout',
      name:
        ['IndexLagHigh', 'PaymentLatency', 'QueueDepth', 'ConsumerLeaseExpiredOnTheSecondaryRegion'][place % 4] +
        `${place}`,
      incidents: 44 - place * 3,
      alerts: 190 - place * 12,
      autoResolved: 20 - place,
    })),
  },
  actionItems: {
    created: 118,
    closedInTime: 74,
    closedLate: 13,
    closedWithoutDue: 6,
    dropped: 7,
    open: 18,
    overdue: 5,
    ownedByNobody: 3,
    inTimeShare: 74 / 92,
  },
};

/** One incident, which is still open: nothing has taken any time yet. */
export const ONE: NumbersReport = {
  ...EMPTY,
  counts: { ...EMPTY.counts, incidents: 1, open: 1 },
  durations: durationsOf(1, 1, 1),
  groups: {
    service: [groupOf('checkout', 1, 1, 1)],
    team: [],
    severity: [groupOf('SEV1', 1, 1, 1)],
    week: [groupOf('2026-11-23', 1, 1, 1)],
  },
  people: [personOf('ana', 1, 1)],
  noise: { ...EMPTY.noise, alerts: 1, alertsPerIncident: 1 },
};

/** Everything is called by one of `names`. */
export function hostileReport(names: readonly string[]): NumbersReport {
  const at = (place: number) => names[place % names.length]!;
  return {
    ...MONTH,
    tenant: at(0),
    groups: {
      service: names.map((key, place) => groupOf(key, 9 - (place % 9))),
      team: [groupOf(at(1), 4)],
      severity: [groupOf(at(2), 4), groupOf(at(3), 2)],
      week: MONTH.groups.week,
    },
    people: names.map((user, place) => personOf(user, 10 + place, place % 5)),
    noise: {
      ...MONTH.noise,
      offenders: names.map((name, place) => ({
        service: at(place + 1),
        name,
        incidents: 5,
        alerts: 9,
        autoResolved: 1,
      })),
    },
  };
}

/** An incident with a number of each status. */
export function incidentOf(more: Partial<IncidentNumbers> = {}): IncidentNumbers {
  const openedAt = Date.UTC(2026, 10, 3, 2, 14);
  const milestone = (seq: number, afterMs: number) => ({ seq, at: openedAt + afterMs, isCorrected: false });
  const recorded = (seq: number, ms: number): Measurement => ({
    status: 'recorded',
    ms,
    from: milestone(1, 0),
    to: milestone(seq, ms),
  });
  return {
    id: 'inc-1',
    title: 'Payments fail',
    service: 'checkout',
    severity: 'SEV1',
    kind: 'real',
    visibility: 'public',
    outcome: 'resolved',
    openedAt,
    endedAt: openedAt + HOUR,
    measurements: {
      detect: { status: 'invalid', why: 'endsBeforeItBegins', from: milestone(7, 90), to: milestone(1, 0) },
      acknowledge: recorded(4, 4 * MINUTE),
      engage: recorded(5, 6 * MINUTE),
      mitigate: { status: 'notApplicable', why: 'notMitigated', from: milestone(1, 0), observedMs: HOUR },
      resolve: recorded(9, HOUR),
      close: { status: 'pending', why: 'notYet', from: milestone(1, 0), elapsedMs: 2 * HOUR },
    },
    offender: 'PaymentLatency',
    alerts: 3,
    pages: 2,
    escalations: 1,
    reopenings: 0,
    isAutoResolved: false,
    people: [{ user: 'ana', pagedAt: [openedAt, openedAt + MINUTE], acknowledgements: 1, engagedMs: 56 * MINUTE }],
    ...more,
  };
}
