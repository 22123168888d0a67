import { expect, test } from 'vitest';
import { compileGate, isGateOpen } from '../../../src/core/paging/gate.ts';
import { incidentFact } from '../../../src/core/paging/incident-fact.ts';
import type { Condition } from '../../../src/model/condition.ts';
import { incident, T0 } from './world.ts';

const fact = incidentFact(incident({ labels: { env: 'prod' } }));

test('a rung without a gate is always open', () => {
  expect(isGateOpen(undefined, fact, T0)).toBe(true);
});

test('a gate sees the labels of the alert that opened the incident', () => {
  expect(isGateOpen('env="prod"', fact, T0)).toBe(true);
  expect(isGateOpen('env="dev"', fact, T0)).toBe(false);
});

test('a gate looks at the moment that it is asked about', () => {
  const morning = { op: 'during', value: { timeZone: 'UTC', from: '09:00', until: '10:00' } } as const;
  expect(isGateOpen(morning, fact, T0)).toBe(true);
  expect(isGateOpen(morning, fact, T0 + 3_600_000)).toBe(false);
});

test('a gate that cannot be judged stands open: too many are better than nobody', () => {
  expect(isGateOpen('env=~"("', fact, T0)).toBe(true);
});

test.each([
  ['none', undefined, false, 0],
  ['one of labels', 'env="prod"', false, 1],
  ['one that cannot be judged', 'env=~"("', false, 1],
  ['one of a window', { op: 'during', value: { timeZone: 'UTC', from: '09:00' } }, true, 1],
  ['one of fields', { all: ['env="prod"', { not: { field: 'severity', op: 'exists' } }] }, false, 4],
  [
    'one with a window deep inside',
    { any: ['env="dev"', { not: { all: [{ op: 'during', value: { timeZone: 'UTC', until: '09:00' } }] } }] },
    true,
    5,
  ],
] as const)(
  'a gate that is %s knows whether it looks at the time, and of how much it consists',
  (_, when, isTimed, parts) => {
    expect(compileGate(when as Condition | undefined)).toMatchObject({ isTimed, parts });
  },
);
