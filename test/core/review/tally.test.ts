import { expect, test } from 'vitest';
import { createTally } from '../../../src/core/review/tally.ts';
import type { Measurement } from '../../../src/model/measurement.ts';
import { DAY, MINUTE } from '../lifecycle/support.ts';
import { numbers, OPTIONS, reportOn } from './report.ts';
import { at } from './stories.ts';

const dismissed: Measurement = { status: 'notApplicable', why: 'dismissed', observedMs: 3 * MINUTE };
const merged: Measurement = { status: 'notApplicable', why: 'merged', observedMs: 4 * MINUTE };
const ended: Measurement = { status: 'notApplicable', why: 'endedBefore', observedMs: 9 * MINUTE };
const point = { seq: 1, at: 0, isCorrected: true };
const invalid: Measurement = { status: 'invalid', why: 'endsBeforeItBegins', from: point, to: { ...point, at: -1 } };

test('an empty report has counts of zero and no durations', () => {
  const report = reportOn([]);
  const nothing = {
    recorded: 0,
    pending: 0,
    notApplicable: 0,
    invalid: 0,
    survival: { events: 0, censored: 0, curve: [] },
  };
  expect(report).toEqual({
    tenant: 'default',
    fromAt: OPTIONS.fromAt,
    untilAt: OPTIONS.untilAt,
    at: OPTIONS.at,
    timeZone: 'UTC',
    counts: { incidents: 0, open: 0, resolved: 0, dismissed: 0, merged: 0, reopened: 0, leftOut: 0 },
    durations: {
      detect: nothing,
      acknowledge: nothing,
      engage: nothing,
      mitigate: nothing,
      resolve: nothing,
      close: nothing,
    },
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
  });
});

test('incidents are counted by how they ended; tests, drills and what was written down later are left out', () => {
  const { counts } = reportOn([
    { outcome: 'open' },
    { outcome: 'resolved', reopenings: 2 },
    { outcome: 'closed' },
    { outcome: 'dismissed' },
    { outcome: 'merged' },
    { kind: 'test' },
    { kind: 'drill' },
    { kind: 'backfilled' },
  ]);
  expect(counts).toEqual({ incidents: 5, open: 1, resolved: 2, dismissed: 1, merged: 1, reopened: 1, leftOut: 3 });
  expect(reportOn([{ kind: 'drill' }, {}], { kinds: ['drill'] }).counts).toMatchObject({ incidents: 1, leftOut: 1 });
});

test('what is left out is in no other number', () => {
  const person = { user: 'ana', pagedAt: [at('10:00:00')], acknowledgements: 1, engagedMs: MINUTE };
  expect(reportOn([{ kind: 'test', took: { resolve: 5 }, offender: 'X', people: [person] }])).toEqual({
    ...reportOn([]),
    counts: { ...reportOn([]).counts, leftOut: 1 },
  });
});

test('what is recorded has a median, and what is not yet counts for as long as it was watched', () => {
  const { acknowledge } = reportOn([
    { took: { acknowledge: 4 } },
    { took: { acknowledge: '3+' } },
    { took: { acknowledge: 1 } },
    { took: { acknowledge: ended } },
    { took: { acknowledge: 2 } },
    { took: { acknowledge: invalid } },
  ]).durations;
  expect(acknowledge).toMatchObject({
    recorded: 3,
    pending: 1,
    notApplicable: 1,
    invalid: 1,
    medianMs: 2 * MINUTE,
    p90Ms: 3.6 * MINUTE,
    meanMs: (7 / 3) * MINUTE,
    survival: { events: 3, censored: 2, medianMs: 4 * MINUTE },
  });
  // Of five: one at 1, one at 2, one watched until 3, and of the two that are left one at 4.
  expect(acknowledge.survival.curve).toMatchObject([
    { ms: MINUTE, atRisk: 5, events: 1, survival: 0.8 },
    { ms: 2 * MINUTE, atRisk: 4, events: 1, survival: expect.closeTo(0.6, 9) },
    { ms: 4 * MINUTE, atRisk: 2, events: 1, survival: expect.closeTo(0.3, 9) },
  ]);
});

test('a false alarm or a duplicate was never to be mitigated, resolved or closed; it might have been acknowledged', () => {
  const took = { acknowledge: dismissed, mitigate: dismissed, resolve: merged, close: merged };
  const { durations } = reportOn([{ took }, { took: { ...took, resolve: 5 } }]);
  expect(durations.acknowledge).toMatchObject({ notApplicable: 2, survival: { censored: 2 } });
  expect(durations.mitigate).toMatchObject({ notApplicable: 2, survival: { censored: 0 } });
  expect(durations.resolve).toMatchObject({ recorded: 1, notApplicable: 1, survival: { events: 1, censored: 0 } });
  expect(durations.close).toMatchObject({ notApplicable: 2, survival: { censored: 0 } });
});

test('without a beginning there is nothing that was watched', () => {
  expect(reportOn([{}]).durations.detect).toMatchObject({ pending: 1, survival: { censored: 0 } });
});

test('incidents are told apart by service, team, severity and week, in the order of their names', () => {
  const { groups } = reportOn(
    [
      { service: 'search', severity: 'SEV1', took: { resolve: 10 }, alerts: 3, pages: 2 },
      { service: 'checkout', severity: 'SEV2', took: { resolve: 20 }, openedAt: at('10:00:00') - DAY },
      { service: 'search', severity: 'SEV2', took: { resolve: '7+' } },
      { service: 'mail', severity: 'SEV2' },
    ],
    { teamOf: (service) => ({ search: 'finders', mail: '' })[service] },
  );
  const keys = (name: keyof typeof groups) => groups[name].map(({ key, incidents }) => `${key} ${incidents}`);
  expect(keys('service')).toEqual(['checkout 1', 'mail 1', 'search 2']);
  expect(keys('team')).toEqual(['finders 2']);
  expect(keys('severity')).toEqual(['SEV1 1', 'SEV2 3']);
  expect(keys('week')).toEqual(['2025-12-29 1', '2026-01-05 3']);
  expect(groups.service[2]).toMatchObject({ alerts: 4, pages: 3 });
  expect(groups.service[2]?.durations.resolve).toEqual({
    recorded: 1,
    pending: 1,
    notApplicable: 0,
    invalid: 0,
    medianMs: 10 * MINUTE,
    p90Ms: 10 * MINUTE,
    meanMs: 10 * MINUTE,
    survival: { events: 1, censored: 1, medianMs: 10 * MINUTE, p90Ms: 10 * MINUTE, curve: [] },
  });
});

test('severities are in the order of the configuration, with those that it does not know at the end', () => {
  const levels = ['critical', 'high', 'low'];
  const placeOf = (key: string) => (levels.includes(key) ? levels.indexOf(key) : levels.length);
  const { groups } = reportOn(
    ['P9', 'low', 'critical', 'P1', 'high', 'low'].map((severity) => ({ severity })),
    { compareSeverity: (a, b) => placeOf(a) - placeOf(b) },
  );
  expect(groups.severity.map(({ key, incidents }) => `${key} ${incidents}`)).toEqual([
    'critical 1',
    'high 1',
    'low 2',
    'P1 1',
    'P9 1',
  ]);
});

test('a week begins on Monday where the report is read', () => {
  const sunday = Date.parse('2026-01-04T23:30:00Z');
  const week = (timeZone: string) => reportOn([{ openedAt: sunday }], { timeZone }).groups.week[0]?.key;
  expect(week('UTC')).toBe('2025-12-29');
  expect(week('Europe/Berlin')).toBe('2026-01-05');
});

test('a report can be asked for again, and goes on to grow', () => {
  const tally = createTally(OPTIONS);
  tally.add(numbers({ took: { resolve: 10 } }));
  const first = tally.report();
  expect(tally.report()).toEqual(first);
  tally.add(numbers({ took: { resolve: 20 } }));
  expect(tally.report().durations.resolve).toMatchObject({ recorded: 2, medianMs: 15 * MINUTE });
  expect(first.counts.incidents).toBe(1);
});

test('what stands beside the incidents is in the report', () => {
  const actionItems = { ...reportOn([]).actionItems, created: 3 };
  const report = createTally(OPTIONS).report({ actionItems, onCallHours: new Map([['ana', 12]]) });
  expect(report.actionItems.created).toBe(3);
  expect(report.people).toMatchObject([{ user: 'ana', onCallHours: 12, pages: 0, nights: 0 }]);
});

test.each(['7 pm', '25:00', ''])('%s is no time at which people go to sleep', (from) => {
  expect(() => createTally({ ...OPTIONS, sleep: { from, until: '08:00' } })).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID' }),
  );
});

test('what made most incidents comes first, and alerts that needed nobody are counted', () => {
  const { noise } = reportOn([
    { offender: 'Disk', alerts: 1, isAutoResolved: true },
    { offender: 'Disk', alerts: 1, isAutoResolved: true },
    { offender: 'Latency', alerts: 9 },
    { offender: 'Disk', service: 'mail', alerts: 2, outcome: 'open' },
    { alerts: 0, outcome: 'dismissed' },
  ]);
  expect(noise).toEqual({
    alerts: 13,
    alertsPerIncident: 2.6,
    autoResolved: 2,
    autoResolvedShare: 0.5,
    dismissed: 1,
    offenders: [
      { service: 'checkout', name: 'Disk', incidents: 2, alerts: 2, autoResolved: 2 },
      { service: 'checkout', name: 'Latency', incidents: 1, alerts: 9, autoResolved: 0 },
      { service: 'mail', name: 'Disk', incidents: 1, alerts: 2, autoResolved: 0 },
    ],
  });
});

test('ten offenders are named, of the same weight in the order of their names', () => {
  const names = Array.from({ length: 12 }, (_, index) => `Alert ${String.fromCharCode(76 - index)}`);
  const { offenders } = reportOn(names.map((offender) => ({ offender }))).noise;
  expect(offenders.map(({ name }) => name)).toEqual(names.toSorted().slice(0, 10));
});
