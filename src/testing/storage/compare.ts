/**
 * Comparing what a storage answers with what it should: by value, as JSON has it.
 *
 * A field that is `undefined` and one that is missing are the same; nothing else is forgiven.
 */
import { deepStrictEqual, notStrictEqual, ok } from 'node:assert/strict';

/** Whether both are the same JSON. */
export function same(actual: unknown, expected: unknown, message?: string): void {
  deepStrictEqual(plain(actual), plain(expected), message);
}

/** Whether every field that is named is as expected, also within lists; lists are as long as expected. */
export function matches(actual: unknown, expected: unknown): void {
  same(named(actual, expected), expected);
}

/** What is there, or a failure that says what is not. */
export function present<T>(value: T | undefined, what: string): T {
  notStrictEqual(value, undefined, `there is no ${what}`);
  ok(value !== undefined);
  return value;
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function named(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected))
    return actual.map((item, index) => named(item, expected[index]));
  if (!isObject(actual) || !isObject(expected)) return actual;
  return Object.fromEntries(Object.keys(expected).map((key) => [key, named(actual[key], expected[key])]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
