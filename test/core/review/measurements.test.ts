import { expect, test } from 'vitest';
import { measurementsOf } from '../../../src/core/review/measurements.ts';
import { milestonesOf } from '../../../src/core/review/milestones.ts';
import type { Measurement, MeasurementName } from '../../../src/model/measurement.ts';
import { MINUTE } from '../lifecycle/support.ts';
import { at, corrected, fires, type Line, page, told } from './stories.ts';

/** The numbers at `now`, in minutes: 'recorded 5 (#1 to #3)', with a star where people corrected or wrote down the moment. */
function numbers(now: string, ...lines: readonly Line[]): Readonly<Record<MeasurementName, string>> {
  const all = measurementsOf(milestonesOf(told(...lines)), { now: at(now) });
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, inWords(one)])) as never;
}

function inWords(one: Measurement): string {
  const entry = (milestone = one.from) =>
    milestone === undefined ? '' : `#${milestone.seq}${milestone.isCorrected ? '*' : ''}`;
  if (one.status === 'recorded') return `recorded ${one.ms / MINUTE} (${entry()} to ${entry(one.to)})`;
  if (one.status === 'invalid') return `invalid ${one.why} (${entry()} to ${entry(one.to)})`;
  const ms = one.status === 'pending' ? one.elapsedMs : one.observedMs;
  return [one.status, one.why, ms === undefined ? undefined : ms / MINUTE, one.from && `(${entry()})`]
    .filter((part) => part !== undefined)
    .join(' ');
}

test('a plain incident: noticed, acknowledged, eased, resolved and closed', () => {
  expect(
    numbers(
      '12:00:00',
      ['10:00:00', 'alertmanager', fires()],
      ['10:00:00', 'tocsin', page('ana')],
      ['10:05:00', 'ana', 'incident.acknowledged'],
      ['10:10:00', 'ben', { type: 'note.added', text: 'Looking' }],
      ['10:20:00', 'ana', 'incident.mitigated'],
      ['10:30:00', 'ana', 'incident.resolved'],
      ['11:00:00', 'tocsin', 'incident.closed'],
    ),
  ).toEqual({
    detect: 'pending noImpactStart',
    acknowledge: 'recorded 5 (#1 to #3)',
    engage: 'recorded 5 (#1 to #3)',
    mitigate: 'recorded 20 (#1 to #5)',
    resolve: 'recorded 30 (#1 to #6)',
    close: 'recorded 60 (#1 to #7)',
  });
});

test('what is still going on is pending, and says for how long', () => {
  expect(numbers('10:30:00', ['10:00:00', 'alertmanager', fires()])).toEqual({
    detect: 'pending noImpactStart',
    acknowledge: 'pending notYet 30 (#1)',
    engage: 'pending notYet 30 (#1)',
    mitigate: 'pending notYet 30 (#1)',
    resolve: 'pending notYet 30 (#1)',
    close: 'pending notYet 30 (#1)',
  });
});

test('what resolved by itself was watched until then; somebody who reads it later does nothing about it', () => {
  expect(
    numbers(
      '18:00:00',
      ['10:00:00', 'alertmanager', fires()],
      ['10:12:00', 'tocsin', 'incident.resolved'],
      ['15:00:00', 'ana', { type: 'note.added', text: 'A false alarm?' }],
      ['15:00:00', 'ana', 'incident.closed'],
    ),
  ).toEqual({
    detect: 'pending noImpactStart',
    acknowledge: 'notApplicable endedBefore 12 (#1)',
    engage: 'notApplicable endedBefore 12 (#1)',
    mitigate: 'notApplicable notMitigated 12 (#1)',
    resolve: 'recorded 12 (#1 to #2)',
    close: 'recorded 300 (#1 to #4)',
  });
});

test('reopening forgets when it was mitigated, resolved and corrected, not who acknowledged it first', () => {
  const lines: readonly Line[] = [
    ['10:00:00', 'alertmanager', fires()],
    ['10:05:00', 'ana', 'incident.acknowledged'],
    ['10:20:00', 'ana', 'incident.mitigated'],
    ['10:30:00', 'ana', 'incident.resolved'],
    ['10:40:00', 'ana', corrected({ mitigatedAt: '10:15:00', resolvedAt: '10:25:00', acknowledgedAt: '10:04:00' })],
    ['11:00:00', 'alertmanager', 'incident.reopened'],
  ];
  expect(numbers('12:00:00', ...lines)).toMatchObject({
    acknowledge: 'recorded 4 (#1 to #5*)',
    engage: 'recorded 5 (#1 to #2)',
    mitigate: 'pending notYet 120 (#1)',
    resolve: 'pending notYet 120 (#1)',
  });
  expect(numbers('12:00:00', ...lines, ['11:30:00', 'ana', 'incident.resolved'])).toMatchObject({
    mitigate: 'notApplicable notMitigated 90 (#1)',
    resolve: 'recorded 90 (#1 to #7)',
    close: 'pending notYet 120 (#1)',
  });
});

test('what was never acknowledged counts anew when it is open again, and whoever reopens it does something about it', () => {
  expect(
    numbers(
      '10:50:00',
      ['10:00:00', 'alertmanager', fires()],
      ['10:10:00', 'tocsin', 'incident.resolved'],
      ['10:40:00', 'ben', 'incident.reopened'],
    ),
  ).toMatchObject({ acknowledge: 'pending notYet 50 (#1)', engage: 'recorded 40 (#1 to #3)' });
});

test('of a mitigation that happened twice the second counts, without what was said of the first', () => {
  expect(
    numbers(
      '12:00:00',
      ['10:00:00', 'alertmanager', fires()],
      ['10:20:00', 'ana', 'incident.mitigated'],
      ['10:25:00', 'ana', corrected({ mitigatedAt: '10:10:00' })],
      ['10:30:00', 'ana', 'investigation.started'],
      ['10:50:00', 'ana', 'incident.mitigated'],
    ).mitigate,
  ).toBe('recorded 50 (#1 to #5)');
});

test('an incident that was merged into another one has no more numbers of its own than it had', () => {
  expect(
    numbers(
      '12:00:00',
      ['10:00:00', 'alertmanager', fires()],
      ['10:06:00', 'ben', { type: 'incident.merged', into: 'i2' }],
    ),
  ).toEqual({
    detect: 'notApplicable merged',
    acknowledge: 'notApplicable merged 6 (#1)',
    engage: 'recorded 6 (#1 to #2)',
    mitigate: 'notApplicable merged 6 (#1)',
    resolve: 'notApplicable merged 6 (#1)',
    close: 'notApplicable merged 6 (#1)',
  });
});

test('the incident into which another one was merged counts from its own beginning', () => {
  expect(
    numbers(
      '12:00:00',
      ['10:00:00', 'alertmanager', fires()],
      [
        '10:06:00',
        'ben',
        {
          type: 'incident.absorbed',
          source: 'i2',
          alerts: [{ id: 'b1', severity: 'SEV2', title: 'b1', status: 'firing' }],
          responders: ['zoe'],
          tasks: [],
        },
      ],
      ['10:30:00', 'ben', 'incident.resolved'],
    ),
  ).toMatchObject({ engage: 'recorded 6 (#1 to #2)', resolve: 'recorded 30 (#1 to #3)' });
});

test('a false alarm was never to be resolved', () => {
  expect(
    numbers(
      '12:00:00',
      ['10:00:00', 'alertmanager', fires()],
      ['10:02:00', 'ana', 'incident.acknowledged'],
      ['10:08:00', 'ana', 'incident.dismissed'],
    ),
  ).toEqual({
    detect: 'notApplicable dismissed',
    acknowledge: 'recorded 2 (#1 to #2)',
    engage: 'recorded 2 (#1 to #2)',
    mitigate: 'notApplicable dismissed 8 (#1)',
    resolve: 'notApplicable dismissed 8 (#1)',
    close: 'notApplicable dismissed 8 (#1)',
  });
});

test('of what is written down later only that counts which people wrote', () => {
  const backfilled = fires({
    kind: 'backfilled',
    alerts: [],
    times: { impactStartedAt: at('07:00:00'), detectedAt: at('07:10:00'), resolvedAt: at('08:00:00') },
  });
  const lines: readonly Line[] = [
    ['15:00:00', 'ana', backfilled],
    ['15:00:00', 'ana', 'incident.mitigated'],
    ['15:00:00', 'ana', 'incident.resolved'],
    ['16:00:00', 'tocsin', 'incident.closed'],
  ];
  expect(numbers('18:00:00', ...lines)).toEqual({
    detect: 'recorded 10 (#1* to #1*)',
    acknowledge: 'notApplicable unknown (#1*)',
    engage: 'notApplicable unknown (#1*)',
    mitigate: 'notApplicable unknown (#1*)',
    resolve: 'recorded 50 (#1* to #1*)',
    close: 'notApplicable unknown (#1*)',
  });
  expect(numbers('18:00:00', ...lines, ['17:00:00', 'ana', corrected({ mitigatedAt: '07:40:00' })]).mitigate).toBe(
    'recorded 30 (#1* to #5*)',
  );
});

test('what is written down later without any times has no numbers', () => {
  expect(numbers('18:00:00', ['15:00:00', 'ana', fires({ kind: 'backfilled' })])).toEqual({
    detect: 'pending noImpactStart',
    acknowledge: 'notApplicable unknown',
    engage: 'notApplicable unknown',
    mitigate: 'notApplicable unknown',
    resolve: 'notApplicable unknown',
    close: 'notApplicable unknown',
  });
});

test('snoozing is no acknowledgement, but somebody did it', () => {
  expect(
    numbers(
      '11:00:00',
      ['10:00:00', 'alertmanager', fires()],
      ['10:07:00', 'ana', { type: 'incident.snoozed', forMs: 60 * MINUTE }],
    ),
  ).toMatchObject({ acknowledge: 'pending notYet 60 (#1)', engage: 'recorded 7 (#1 to #2)' });
});

test('an acknowledgement by a monitoring source counts, and engages nobody', () => {
  expect(
    numbers(
      '11:00:00',
      ['10:00:00', 'alertmanager', fires()],
      ['10:03:00', 'alertmanager', 'incident.acknowledged'],
      ['10:09:00', 'ana', 'incident.acknowledged'],
    ),
  ).toMatchObject({ acknowledge: 'recorded 3 (#1 to #2)', engage: 'recorded 9 (#1 to #3)' });
});

test('corrections count in the place of what was recorded, and are named', () => {
  expect(
    numbers(
      '12:00:00',
      ['10:00:00', 'alertmanager', fires()],
      ['10:05:00', 'ana', 'incident.acknowledged'],
      ['10:30:00', 'ana', 'incident.resolved'],
      ['11:00:00', 'ben', corrected({ impactStartedAt: '09:40:00', detectedAt: '09:55:00' })],
      ['11:10:00', 'ben', corrected({ resolvedAt: '10:25:00' })],
    ),
  ).toEqual({
    detect: 'recorded 15 (#4* to #4*)',
    acknowledge: 'recorded 10 (#4* to #2)',
    engage: 'recorded 10 (#4* to #2)',
    mitigate: 'notApplicable notMitigated 30 (#4*)',
    resolve: 'recorded 30 (#4* to #5*)',
    close: 'pending notYet 125 (#4*)',
  });
});

test('times out of order are invalid and not a number', () => {
  expect(
    numbers(
      '12:00:00',
      ['10:00:00', 'alertmanager', fires()],
      ['10:05:00', 'ana', 'incident.acknowledged'],
      ['11:00:00', 'ben', corrected({ impactStartedAt: '10:30:00', detectedAt: '10:20:00' })],
    ),
  ).toMatchObject({
    detect: 'invalid endsBeforeItBegins (#3* to #3*)',
    acknowledge: 'invalid endsBeforeItBegins (#3* to #2)',
    mitigate: 'pending notYet 100 (#3*)',
  });
});

test('what is said to have been noticed only later has not been watched yet', () => {
  expect(
    numbers(
      '11:00:00',
      ['10:00:00', 'alertmanager', fires()],
      ['10:30:00', 'ben', corrected({ detectedAt: '11:20:00' })],
    ).resolve,
  ).toBe('pending notYet (#2*)');
});

test('whoever reports an incident, and fills in its fields at once, has done nothing about it yet', () => {
  const reported: readonly Line[] = [
    ['10:00:00', 'ana', fires({ alerts: [], times: { impactStartedAt: at('09:50:00') } })],
    ['10:00:00', 'ana', { type: 'fields.set', fields: { customer: 'Acme' } }],
    ['10:00:00', 'tocsin', page('ben')],
  ];
  expect(numbers('10:10:00', ...reported)).toMatchObject({
    detect: 'recorded 10 (#1* to #1)',
    acknowledge: 'pending notYet 10 (#1)',
    engage: 'pending notYet 10 (#1)',
  });
  expect(numbers('10:10:00', ...reported, ['10:04:00', 'ana', { type: 'note.added', text: 'More' }]).engage).toBe(
    'recorded 4 (#1 to #4)',
  );
});

test('what happened at the very moment took no time', () => {
  expect(
    numbers('10:10:00', ['10:00:00', 'alertmanager', fires()], ['10:00:00', 'ana', 'incident.acknowledged'])
      .acknowledge,
  ).toBe('recorded 0 (#1 to #2)');
});

test.each(['test', 'drill'] as const)('of a %s nobody says when it began to hurt', (kind) => {
  const lines: readonly Line[] = [
    ['10:00:00', 'alertmanager', fires({ kind })],
    ['10:05:00', 'ana', 'incident.acknowledged'],
  ];
  expect(numbers('10:10:00', ...lines)).toMatchObject({
    detect: 'notApplicable unknown',
    acknowledge: 'recorded 5 (#1 to #2)',
  });
});
