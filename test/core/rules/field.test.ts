import { describe, expect, test } from 'vitest';
import { compileField, isReservedKey, ownValue } from '../../../src/core/rules/field.ts';
import { refusal } from './refusal.ts';

const fact = {
  severity: 'page',
  nothing: null,
  undef: undefined,
  labels: { env: 'prod', 'app.kubernetes.io/name': 'cart', app: { nested: 'no' }, 'a..b': 'odd' },
  details: {
    disk: { free: 3 },
    hosts: ['a', 'b'],
    'http.status': 500,
    http: { status: 200, method: 'GET' },
    deep: { 'x.y': { z: 1 } },
  },
  'service.tier': 1,
  service: 'checkout',
};

test.each([
  ['severity', 'page'],
  ['nothing', null],
  ['undef', undefined],
  ['absent', undefined],
  ['labels', fact.labels],
  ['labels.env', 'prod'],
  ['labels.app.kubernetes.io/name', 'cart'],
  ['labels.app.nested', undefined],
  ['labels.a..b', 'odd'],
  ['labels.absent', undefined],
  ['details.disk.free', 3],
  ['details.disk.free.more', undefined],
  ['details.hosts.1', 'b'],
  ['details.hosts.2', undefined],
  ['details.http.status', 500],
  ['details.http.method', 'GET'],
  ['details.deep.x.y', { z: 1 }],
  ['service', 'checkout'],
  ['service.tier', 1],
  ['service.team', undefined],
  ['severity.length', undefined],
  ['nothing.x', undefined],
  ['toString', undefined],
  ['details.hasOwnProperty', undefined],
])('%s finds %j', (field, expected) => {
  expect(compileField(field, '')(fact)).toEqual(expected);
});

test('a fact without labels has no label', () => {
  expect(compileField('labels.env', '')({})).toBeUndefined();
  expect(compileField('labels.env', '')({ labels: 'env' })).toBeUndefined();
});

describe('refused with its path', () => {
  test.each([
    ['__proto__', "names '__proto__'"],
    ['constructor', "names 'constructor'"],
    ['prototype', "names 'prototype'"],
    ['details.__proto__.x', "names '__proto__'"],
    ['labels.__proto__', "names '__proto__'"],
    ['labels.constructor.prototype', "names 'constructor'"],
    ['', 'found ""'],
    ['a..b', 'has an empty part'],
    ['.a', 'has an empty part'],
    ['labels.', 'has an empty part'],
    ['x'.repeat(257), 'Name a field in at most 256 characters'],
    [5, 'found 5'],
    [undefined, 'found nothing'],
  ])('%j', (field, problem) => {
    const { code, path, message } = refusal(() => compileField(field, 'all[1].field'));
    expect({ code, path }).toEqual({ code: 'RULE_INVALID', path: 'all[1].field' });
    expect(message).toContain(problem);
  });

  test('a field of exactly 256 characters is taken', () => {
    const name = 'x'.repeat(256);
    expect(compileField(name, '')({ [name]: 1 })).toBe(1);
  });
});

test('only three keys are reserved', () => {
  expect(['__proto__', 'constructor', 'prototype', 'toString'].map(isReservedKey)).toEqual([true, true, true, false]);
});

test('only own properties of objects are read', () => {
  expect(ownValue({ a: 1 }, 'a')).toBe(1);
  expect(ownValue({ a: 1 }, 'toString')).toBeUndefined();
  expect(ownValue('text', 'length')).toBeUndefined();
  expect(ownValue(null, 'a')).toBeUndefined();
  expect(ownValue(undefined, 'a')).toBeUndefined();
});
