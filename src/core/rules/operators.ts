/**
 * Operators: what it means that a field equals, contains, matches or exceeds a value.
 *
 * Pure. The coercions stated at {@link compileOperator} are all there are; nothing here ever guesses a type.
 */
import type { Operator } from '../../model/condition.ts';
import { compilePattern } from './pattern.ts';
import { quote, ruleInvalid } from './rule-invalid.ts';
import type { Want } from './want.ts';

/** A value that can be written in a condition, lists aside. */
export type Scalar = string | number | boolean | null;
/** Judges the value of a field; `undefined` means that the field is missing. */
export type ValueTest = (found: unknown) => boolean;
/** A compiled operator. */
export type OperatorTest = {
  readonly test: ValueTest;
  /** What the value must have for it to hold; each by itself. */
  readonly wants: readonly Want[];
  /** How many characters of a text it looks at, when there is a limit. */
  readonly reach?: number;
};

const MAX_VALUES = 1_000;
const LONGEST_NUMBER = 400;
const DECIMAL = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/**
 * The test of `op` against `value`.
 *
 * | operator | holds when the field |
 * |---|---|
 * | `equals`, `in` | is present and has exactly that value and type: `5` is not `'5'` |
 * | `notEquals`, `notIn` | does not: also when it is missing |
 * | `contains` | is a text with that text in it, or a list with exactly that value in it |
 * | `startsWith`, `endsWith` | is a text that starts or ends so; case matters |
 * | `matches` | is a text in which the RE2 pattern is found anywhere (write `^` and `$` to anchor it) |
 * | `exists`, `missing` | is there (`null` is there), is not there |
 * | `gt`, `gte`, `lt`, `lte` | is a number, or a text of at most 400 characters that is a decimal number such as `'99.5'` or `'1e3'`, beyond the value |
 * | `between` | is such a number within `[low, high]`, both included |
 *
 * `matches` takes time in proportion to text and pattern, and looks only so far into a text as that stays short: a pattern of usual size at
 * the first 16,384 characters, the largest ones at the first 1,024, one that stands for plain texts (`disk full`, `^(a|b)$`) at
 * all of it. Of a longer text it says what it says of that start, so a match further on is not found; the explanation of the condition then
 * tells how far it looked. Nothing that has to page should depend on more: `contains`, `startsWith` and `endsWith` look at the whole of any
 * text.
 *
 * @throws TocsinError RULE_INVALID when `value` does not fit the operator.
 */
export function compileOperator(op: Operator, value: unknown, path: string): OperatorTest {
  switch (op) {
    case 'equals':
      return isOneOf([readScalar(value, path)]);
    case 'notEquals':
      return not(isOneOf([readScalar(value, path)]));
    case 'in':
      return isOneOf(readScalars(value, path));
    case 'notIn':
      return not(isOneOf(readScalars(value, path)));
    case 'contains':
      return contains(readScalar(value, path));
    case 'startsWith':
      return onText(readText(value, path), 'start', (text, part) => text.startsWith(part));
    case 'endsWith':
      return onText(readText(value, path), 'part', (text, part) => text.endsWith(part));
    case 'matches':
      return matches(value, path);
    case 'exists':
      refuseValue(op, value, path);
      return untold((found) => found !== undefined);
    case 'missing':
      refuseValue(op, value, path);
      return untold((found) => found === undefined);
    case 'gt':
      return onNumber(readNumber(value, path), (found, limit) => found > limit);
    case 'gte':
      return onNumber(readNumber(value, path), (found, limit) => found >= limit);
    case 'lt':
      return onNumber(readNumber(value, path), (found, limit) => found < limit);
    case 'lte':
      return onNumber(readNumber(value, path), (found, limit) => found <= limit);
    case 'between':
      return between(value, path);
  }
}

/** Whether `value` can be compared as it is. */
export function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function readScalars(value: unknown, path: string): readonly Scalar[] {
  if (Array.isArray(value) && value.length <= MAX_VALUES && value.every(isScalar)) return value;
  throw ruleInvalid(
    path,
    `found ${quote(value)}`,
    `Give a list of at most ${MAX_VALUES} texts, numbers, booleans or null.`,
  );
}

function readScalar(value: unknown, path: string): Scalar {
  if (isScalar(value)) return value;
  throw ruleInvalid(path, `found ${quote(value)}`, 'Give one text, number, boolean or null.');
}

function readText(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw ruleInvalid(path, `found ${quote(value)}`, 'Give a text.');
}

function readNumber(value: unknown, path: string): number {
  const number = numberOf(value);
  if (number !== undefined) return number;
  throw ruleInvalid(path, `found ${quote(value)}`, "Give a number, or a text that is a decimal number such as '99.5'.");
}

function refuseValue(op: Operator, value: unknown, path: string): void {
  if (value === undefined || value === true) return;
  const advice = "Leave the value out; 'exists' and 'missing' are each other's opposite.";
  throw ruleInvalid(path, `'${op}' takes no value, found ${quote(value)}`, advice);
}

function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === 'string' && value.length <= LONGEST_NUMBER && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function untold(test: ValueTest): OperatorTest {
  return { test, wants: [] };
}

function isOneOf(expected: readonly Scalar[]): OperatorTest {
  const wants: readonly Want[] = [{ kind: 'value', values: [...expected], isEnough: true }];
  const [only] = expected;
  if (expected.length === 1) return { test: (found) => found === only, wants };
  const values: ReadonlySet<unknown> = new Set(expected);
  return { test: (found) => values.has(found), wants };
}

function not({ test }: OperatorTest): OperatorTest {
  return untold((found) => !test(found));
}

function contains(expected: Scalar): OperatorTest {
  const test = (found: unknown) => {
    if (typeof found === 'string') return typeof expected === 'string' && found.includes(expected);
    return Array.isArray(found) && found.includes(expected);
  };
  const isText = typeof expected === 'string' && expected !== '';
  return { test, wants: isText ? [{ kind: 'part', texts: [expected], orList: true }] : [] };
}

function matches(value: unknown, path: string): OperatorTest {
  const { test, reach, wants } = compilePattern(value, 'found', path);
  return { test: (found) => typeof found === 'string' && test(found), wants, reach };
}

function onText(part: string, kind: 'start' | 'part', test: (text: string, part: string) => boolean): OperatorTest {
  return {
    test: (found) => typeof found === 'string' && test(found, part),
    wants: part === '' ? [] : [{ kind, texts: [part] }],
  };
}

function onNumber(limit: number, test: (found: number, limit: number) => boolean): OperatorTest {
  return untold((found) => {
    const number = numberOf(found);
    return number !== undefined && test(number, limit);
  });
}

function between(value: unknown, path: string): OperatorTest {
  const limits: readonly unknown[] = Array.isArray(value) ? value : [];
  const low = numberOf(limits[0]);
  const high = numberOf(limits[1]);
  if (limits.length !== 2 || low === undefined || high === undefined || low > high) {
    throw ruleInvalid(path, `found ${quote(value)}`, 'Give two numbers, the lower one first: [80, 100].');
  }
  return onNumber(low, (found) => found >= low && found <= high);
}
