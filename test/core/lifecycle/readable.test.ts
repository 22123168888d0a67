import { expect, test } from 'vitest';
import { EMPTY_CONTEXT } from '../../../src/core/lifecycle/context.ts';
import { MACHINE_VERSION } from '../../../src/core/lifecycle/machine.ts';
import { readSnapshot } from '../../../src/core/lifecycle/readable.ts';

const whole = {
  machine: 'incident',
  machineVersion: MACHINE_VERSION,
  seq: 3,
  value: { phase: 'triage' },
  context: { id: 'i1' },
  timers: {},
};

test('a snapshot of this version is read as it is', () => {
  const snapshot = { ...whole, context: { ...EMPTY_CONTEXT, id: 'i1' } };
  expect(readSnapshot('i1', snapshot)).toEqual({ kind: 'current', snapshot });
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a list', [whole]],
  ['a text', 'incident'],
  ['another machine', { ...whole, machine: 'door' }],
  ['no version', { ...whole, machineVersion: '3' }],
  ['an older version', { ...whole, machineVersion: MACHINE_VERSION - 1 }],
  ['no number of events', { ...whole, seq: 1.5 }],
  ['no states', { ...whole, value: null }],
  ['no context', { ...whole, context: [] }],
  ['no timers', { ...whole, timers: undefined }],
  ['the context of another incident', { ...whole, context: { id: 'i2' } }],
])('%s has to be made anew from the timeline', (_, stored) => {
  expect(readSnapshot('i1', stored)).toMatchObject({ kind: 'replay', because: expect.any(String) });
});

test('a newer version is left to newer code', () => {
  expect(readSnapshot('i1', { ...whole, machineVersion: MACHINE_VERSION + 1, anything: true })).toEqual({
    kind: 'newer',
    because: `it was made by version ${MACHINE_VERSION + 1}, and this is version ${MACHINE_VERSION}`,
  });
});
