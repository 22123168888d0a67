/**
 * Field values: what a field takes, and what it refuses.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkedField, type FieldInput } from '../../../src/core/response/field-value.ts';
import { fieldTypeSchema, type IncidentField } from '../../../src/model/response.ts';

const field = (type: IncidentField['type']): IncidentField => ({ id: 'f', type, options: ['a', 'b'], requiredFor: [] });
const isUser = (id: string) => id === 'ana';
const checked = (type: IncidentField['type'], given: FieldInput) => checkedField(field(type), given, isUser);

test.each([
  ['text', 'x\u0007y', 'xy'],
  ['number', 0, 0],
  ['boolean', false, false],
  ['date', '2026-01-06T10:00:00Z', Date.UTC(2026, 0, 6, 10)],
  ['date', new Date(5), 5],
  ['date', 5, 5],
  ['user', 'ana', 'ana'],
  ['select', 'a', 'a'],
  ['multiSelect', ['b', 'a', 'b'], ['b', 'a']],
  ['multiSelect', [], []],
  ['url', 'https://example.com/x', 'https://example.com/x'],
] as const)('%s takes %j', (type, given, value) => {
  expect(checked(type, given as FieldInput)).toEqual({ value });
});

test.each([
  ['text', 7],
  ['text', 'x'.repeat(16_385)],
  ['number', Number.NaN],
  ['number', '7'],
  ['boolean', 0],
  ['date', 'noon'],
  ['date', new Date(Number.NaN)],
  ['date', true],
  ['date', ['2026-01-06T10:00:00Z']],
  ['user', 'ben'],
  ['user', 7],
  ['select', 'c'],
  ['select', ['a']],
  ['multiSelect', 'a'],
  ['multiSelect', ['a', 'c']],
  ['url', 'javascript:alert(1)'],
  ['url', 'example'],
] as const)('%s refuses %j', (type, given) => {
  expect(checked(type, given as FieldInput)).toEqual({ problem: expect.stringMatching(/^must be /) });
});

test('whatever is given, it is taken or refused, and nothing else happens', () => {
  const given = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.date(), fc.array(fc.string()));
  fc.assert(
    fc.property(fc.constantFrom(...fieldTypeSchema.options), given, (type, value) => {
      expect(Object.keys(checked(type, value))).toHaveLength(1);
    }),
    { numRuns: 500, seed: 7 },
  );
});
