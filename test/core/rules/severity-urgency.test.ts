/**
 * Urgency: what follows from a level, for a service, at an hour.
 */
import { expect, test } from 'vitest';
import { compileSeverity } from '../../../src/core/rules/index.ts';
import { urgencyFields } from '../../../src/core/rules/severity-urgency.ts';
import type { During } from '../../../src/model/condition.ts';
import { severityConfigSchema } from '../../../src/model/severity.ts';

const NIGHT = Date.parse('2026-01-06T22:00:00Z');
const DAY = Date.parse('2026-01-06T12:00:00Z');
const window = (from: string): During => ({ timeZone: 'UTC', from, until: '17:00' });
const levels = [{ id: 'SEV1' }, { id: 'SEV2', urgency: 'supportHours' }, { id: 'SEV3', urgency: 'low' }];
const parse = (more: object = {}) => severityConfigSchema.parse({ levels, ...more });
const services = [{ id: 'early', supportHours: [window('06:00')] }, { id: 'other' }];

test('a level that follows support hours is high while they run, and low until they begin', () => {
  const { urgencyOf } = compileSeverity(parse({ supportHours: [window('09:00')] }), { services });
  expect(urgencyOf('SEV2', 'other', DAY)).toEqual({ urgency: 'high' });
  expect(urgencyOf('SEV2', 'other', NIGHT)).toEqual({
    urgency: 'low',
    urgencyRisesAt: Date.parse('2026-01-07T09:00:00Z'),
  });
});

test('other levels have one urgency at all times, and what is no level any more is high', () => {
  const { urgencyOf } = compileSeverity(parse({ supportHours: [window('09:00')] }));
  expect(['SEV1', 'SEV3', 'GONE'].map((id) => urgencyOf(id, undefined, NIGHT))).toEqual([
    { urgency: 'high' },
    { urgency: 'low' },
    { urgency: 'high' },
  ]);
});

test('a service with support hours of its own follows those', () => {
  const { decide } = compileSeverity(parse({ supportHours: [window('09:00')] }), { services });
  const at = (service: unknown) => decide({ severity: 'SEV2', service }, NIGHT);
  expect(at('early')).toMatchObject({ urgency: 'low', urgencyRisesAt: Date.parse('2026-01-07T06:00:00Z') });
  expect(at('gone')).toMatchObject({ urgency: 'low', urgencyRisesAt: Date.parse('2026-01-07T09:00:00Z') });
  expect(at(5)).toMatchObject({ urgency: 'low', urgencyRisesAt: Date.parse('2026-01-07T09:00:00Z') });
});

test('a service without any, where there are none for everybody, waits for nothing', () => {
  const { urgencyOf } = compileSeverity(parse(), { services });
  expect(urgencyOf('SEV2', 'early', NIGHT).urgency).toBe('low');
  expect(urgencyOf('SEV2', 'other', NIGHT)).toEqual({ urgency: 'high' });
  expect(urgencyOf('SEV2', undefined, NIGHT)).toEqual({ urgency: 'high' });
});

test('a level that follows support hours, where nobody has any, is refused', () => {
  expect(() => compileSeverity(parse(), { services: [{ id: 'other' }] })).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      details: {
        problems: [
          {
            path: 'severity.levels[1].urgency',
            message: 'there are no support hours to follow',
            hint: "Give `severity.supportHours` or `supportHours` of a service, or let the level be 'high' or 'low'.",
          },
        ],
      },
    }),
  );
});

test('when nothing decides, the least severe level that may page is meant', () => {
  const decided = (urgencies: readonly string[]) =>
    compileSeverity(
      severityConfigSchema.parse({
        levels: urgencies.map((urgency, place) => ({ id: `L${place}`, urgency })),
        supportHours: [window('09:00')],
      }),
    ).decide({}, NIGHT).severity;
  expect(decided(['high', 'supportHours', 'low'])).toBe('L0');
  expect(decided(['supportHours', 'supportHours', 'low'])).toBe('L1');
});

test('an event says how long its urgency stays low', () => {
  expect(urgencyFields({ urgency: 'low', urgencyRisesAt: 1_500 }, 1_000)).toEqual({
    urgency: 'low',
    urgencyRisesInMs: 500,
  });
  expect(urgencyFields({ urgency: 'high' }, 1_000)).toEqual({ urgency: 'high' });
});
