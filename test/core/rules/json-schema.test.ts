import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { conditionJsonSchema } from '../../../src/core/rules/index.ts';
import { conditionSchema } from '../../../src/model/condition.ts';

const schema = conditionJsonSchema();
// What is published is read back and asked, as an editor would.
const published = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)));
const accepts = (condition: unknown) => [published, conditionSchema].map((each) => each.safeParse(condition).success);
const window = { timeZone: 'Europe/Berlin' };
const rule = { ...window, start: '2026-01-05T22:00:00', rrule: 'FREQ=DAILY', duration: '8h' };

test('it is a JSON Schema of draft 2020-12 that is plain data', () => {
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
});

describe('conditions that are accepted', () => {
  test.each([
    ['env="prod"'],
    [{ field: 'labels.env', op: 'equals', value: 'prod' }],
    [{ field: 'a', op: 'in', value: ['a', 1, null, true] }],
    [{ field: 'a', op: 'exists' }],
    [{ all: [] }],
    [{ any: ['a=b', { not: { all: [{ field: 'a', op: 'missing' }] } }] }],
    [{ op: 'during', value: window }],
    [{ field: 'at', op: 'during', value: { ...window, weekdays: ['MO'], from: '09:00', until: '24:00' } }],
    [{ op: 'during', value: rule }],
  ])('%j', (condition) => {
    expect(accepts(condition)).toEqual([true, true]);
  });
});

describe('conditions that are refused', () => {
  test.each([
    [null],
    [5],
    [''],
    [{}],
    [[]],
    [{ field: 'a', op: 'like', value: 1 }],
    [{ field: 'a', op: 'equals', value: {} }],
    [{ field: '', op: 'exists' }],
    [{ field: 'a', op: 'exists', and: 1 }],
    [{ all: 'a=b' }],
    [{ all: [], any: [] }],
    [{ any: ['a=b', { not: 5 }] }],
    [{ op: 'during', value: {} }],
    [{ op: 'during', value: { ...window, weekdays: ['MON'] } }],
    [{ op: 'during', value: { ...window, from: '9:00' } }],
    [{ op: 'during', value: { ...window, rrule: 'FREQ=DAILY' } }],
    [{ op: 'during', value: { ...rule, weekdays: ['MO'] } }],
    [{ op: 'during', value: { ...rule, from: '09:00' } }],
    [{ field: 'labels.env', op: 'during', value: window }],
  ])('%j', (condition) => {
    expect(accepts(condition)).toEqual([false, false]);
  });
});
