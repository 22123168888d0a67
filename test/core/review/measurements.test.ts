import { expect, test } from 'vitest';
import { measurementsOf } from '../../../src/core/review/measurements.ts';
import { milestonesOf } from '../../../src/core/review/milestones.ts';
import type { Measurement, MeasurementName } from '../../../src/model/measurement.ts';
import { MINUTE } from '../lifecycle/support.ts';
import { at, fires, type Line, page, told } from './stories.ts';

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
