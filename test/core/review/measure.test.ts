import { expect, test } from 'vitest';
import { measure } from '../../../src/core/review/measure.ts';
import { MINUTE } from '../lifecycle/support.ts';
import { at, fires, told } from './stories.ts';

const entries = told(
  ['10:00:00', 'alertmanager', fires()],
  ['10:05:00', 'ana', { type: 'note.added', text: 'Looking' }],
).map((event) => ({ kind: 'event' as const, event }));

test('a timeline with its deliveries is measured by its events', () => {
  const { measurements } = measure([...entries, { kind: 'delivery' as const }], { now: at('10:30:00') });
  expect(measurements.engage).toMatchObject({ status: 'recorded', ms: 5 * MINUTE });
  expect(measurements.acknowledge).toMatchObject({ status: 'pending', elapsedMs: 30 * MINUTE });
});

test('without a moment the numbers are those of the last event', () => {
  expect(measure(entries).measurements.acknowledge).toMatchObject({ status: 'pending', elapsedMs: 5 * MINUTE });
});

test.each([
  { what: 'an empty timeline', given: [] },
  { what: 'a part of a timeline', given: entries.slice(1) },
])('$what cannot be measured, and says so', ({ given }) => {
  expect(() => measure(given)).toThrow(
    expect.objectContaining({ code: 'TIMELINE_INVALID', message: expect.stringContaining('incident.opened') }),
  );
});
