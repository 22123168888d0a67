/**
 * Conditions: compiles the one condition language into a test, and into an explanation of the same answer.
 *
 * Pure. Whatever is wrong with a condition is found here, once; judging a fact never throws.
 */
import { type Condition, operatorSchema } from '../../model/condition.ts';
import { cut } from '../text/cut.ts';
import { compileDuring } from './during.ts';
import { compileField, compileLabel, type Fact, type FieldReader } from './field.ts';
import { parseMatchers } from './matcher.ts';
import type { Matcher } from './matcher-text.ts';
import { compileOperator, isScalar, type Scalar } from './operators.ts';
import { compilePattern } from './pattern.ts';
import { below, quote, ruleInvalid } from './rule-invalid.ts';
import { testOfAll, type Want, type Ways, waysOf, waysOfAll, waysOfAny } from './want.ts';

/** Why a condition holds or does not: plain data, bounded in size by the condition. */
export type ConditionTrace = {
  readonly result: boolean;
  /** The JSON path of the condition; empty for the whole. */
  readonly path: string;
  /** What was asked, for people: `labels.env equals "prod"`. */
  readonly asked: string;
  /** What the fact held, cut to 200 characters; absent when the field is missing, and for combinators. */
  readonly found?: Scalar;
  /** How many characters of the text a pattern looked at, from its start; absent when it looked at all of them. */
  readonly lookedAt?: number;
  /** The traces of the parts of a combinator, all of them. */
  readonly parts?: readonly ConditionTrace[];
};

/** A condition that can be asked. */
export type CompiledCondition = {
  /** Whether the condition holds for `fact` at epoch ms `at`. */
  readonly test: (fact: Fact, at: number) => boolean;
  /** The same answer with its reasons. */
  readonly explain: (fact: Fact, at: number) => ConditionTrace;
};

/** A compiled condition that knows by what it can be looked up. */
export type AnchoredCondition = CompiledCondition & { readonly ways: Ways };

type Scope = { readonly path: string; readonly depth: number; readonly budget: { left: number } };

const MAX_DEPTH = 32;
const MAX_PARTS = 10_000;
const FOUND_LENGTH = 200;
const COMBINATORS = ['all', 'any', 'not'] as const;
// What a source says about itself stands in fields of the event; hosts write matchers for it as if it were a label.
const EVENT_FIELDS = new Set(['severity', 'source', 'service']);
const NO_WAYS: Ways = [];

/**
 * Compiles a condition; `path` is where it stands in the configuration, for error messages.
 *
 * A fact is a plain object. `{ all: [] }` holds, `{ any: [] }` does not. How fields are found is told at `compileField`, what operators
 * mean at `compileOperator`. A text is a list of Alertmanager matchers, all of which must hold: a name means the label of that name, or,
 * for `severity`, `source` and `service` when there is no such label, the field of the event; a missing label equals the empty
 * text; `=~` and `!~` want the whole value to match (the operator `matches` looks anywhere in it).
 *
 * @throws TocsinError RULE_INVALID when the condition is malformed, names `__proto__`, `constructor` or `prototype`, is nested more than
 * 32 deep, has more than 10,000 parts, or has a pattern that RE2 refuses; `details.path` says where.
 * @example
 * ```ts
 * import { compileCondition } from 'tocsin/rules';
 * const urgent = compileCondition({ all: ['severity=~"critical|page"', { field: 'labels.env', op: 'notEquals', value: 'dev' }] });
 * urgent.test({ severity: 'page', labels: { env: 'prod' } }, 0); // => true
 * urgent.explain({ severity: 'page', labels: { env: 'dev' } }, 0).parts?.[1]?.found; // => 'dev'
 * ```
 */
export function compileCondition(condition: Condition, path = ''): CompiledCondition {
  return compileAnchored(condition, path);
}

/** {@link compileCondition}, with the ways by which a rule set looks a rule up. */
export function compileAnchored(condition: unknown, path: string): AnchoredCondition {
  return compile(condition, { path, depth: 0, budget: { left: MAX_PARTS } });
}

function compile(condition: unknown, scope: Scope): AnchoredCondition {
  const { path, depth, budget } = scope;
  if (depth > MAX_DEPTH) throw ruleInvalid(path, `it is nested more than ${MAX_DEPTH} deep`, 'Flatten it.');
  budget.left -= 1;
  if (budget.left < 0) throw tooLarge(path);
  if (typeof condition === 'string') return compileMatchers(condition, path);
  const parts = readParts(condition, path);
  const combinator = COMBINATORS.find((name) => Object.hasOwn(parts, name));
  if (combinator !== undefined) refuseOthers(parts, [combinator], path);
  if (combinator === 'not') return negate(compile(parts.not, inside(scope, 'not')), path);
  if (combinator !== undefined) return compileList(combinator, parts[combinator], scope);
  refuseOthers(parts, ['field', 'op', 'value'], path);
  return parts.op === 'during' ? compileTime(parts, path) : compileFieldTest(parts, path);
}

function readParts(condition: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof condition === 'object' && condition !== null && !Array.isArray(condition)) return { ...condition };
  throw ruleInvalid(
    path,
    `found ${quote(condition)}`,
    'Write { field, op, value }, { all }, { any }, { not } or a matcher text.',
  );
}

function refuseOthers(parts: Readonly<Record<string, unknown>>, known: readonly string[], path: string): void {
  const other = Object.keys(parts).find((key) => !known.includes(key));
  if (other === undefined) return;
  throw ruleInvalid(
    path,
    `${quote(other)} does not belong beside ${known.join(', ')}`,
    'Leave it out, or nest it in { all: [...] }.',
  );
}

function inside(scope: Scope, key: string): Scope {
  return { ...scope, path: below(scope.path, key), depth: scope.depth + 1 };
}

function compileList(kind: 'all' | 'any', list: unknown, scope: Scope): AnchoredCondition {
  const listScope = inside(scope, kind);
  if (!Array.isArray(list)) throw ruleInvalid(listScope.path, `found ${quote(list)}`, 'Give a list of conditions.');
  if (list.length > scope.budget.left) throw tooLarge(listScope.path);
  const parts = Array.from(list, (part: unknown, place) =>
    compile(part, { ...listScope, path: below(listScope.path, place) }),
  );
  return combine(kind, parts, scope.path);
}

function tooLarge(path: string): Error {
  return ruleInvalid(path, `the condition has more than ${MAX_PARTS} parts`, 'Split the rule.');
}

function combine(kind: 'all' | 'any', parts: readonly AnchoredCondition[], path: string): AnchoredCondition {
  const isAll = kind === 'all';
  return {
    ways: isAll ? waysOfAll(parts) : waysOfAny(parts.map((part) => part.ways)),
    test: isAll ? testOfAll(parts.map((part) => part.test)) : (fact, at) => parts.some((part) => part.test(fact, at)),
    explain: (fact, at) => {
      const traces = parts.map((part) => part.explain(fact, at));
      const result = isAll ? traces.every((trace) => trace.result) : traces.some((trace) => trace.result);
      return { result, path, asked: `${kind} of ${parts.length}`, parts: traces };
    },
  };
}

function negate(part: AnchoredCondition, path: string): AnchoredCondition {
  return {
    ways: NO_WAYS,
    test: (fact, at) => !part.test(fact, at),
    explain: (fact, at) => {
      const trace = part.explain(fact, at);
      return { result: !trace.result, path, asked: 'not', parts: [trace] };
    },
  };
}

function compileTime(parts: Readonly<Record<string, unknown>>, path: string): AnchoredCondition {
  if (parts.field !== undefined && parts.field !== 'at') {
    throw ruleInvalid(
      below(path, 'field'),
      `'during' looks at the time, not at ${quote(parts.field)}`,
      "Leave it out or write 'at'.",
    );
  }
  const { holds, localTime } = compileDuring(parts.value, below(path, 'value'));
  return {
    ways: NO_WAYS,
    test: (_, at) => holds(at),
    explain: (_, at) => ({ result: holds(at), path, asked: 'at during the window', found: localTime(at) }),
  };
}

function compileFieldTest(parts: Readonly<Record<string, unknown>>, path: string): AnchoredCondition {
  const { field, value } = parts;
  const read = compileField(field, below(path, 'field'));
  const op = operatorSchema.safeParse(parts.op).data;
  if (op === undefined) {
    const advice = `Use one of ${operatorSchema.options.join(', ')}, during.`;
    throw ruleInvalid(below(path, 'op'), `${quote(parts.op)} is no operator`, advice);
  }
  const { test, wants, reach } = compileOperator(op, value, below(path, 'value'));
  return {
    ways: waysOf(`field ${field}`, read, wants),
    test: (fact) => test(read(fact)),
    explain: (fact) => {
      const found = read(fact);
      const asked = value === undefined ? `${field} ${op}` : `${field} ${op} ${shown(value)}`;
      return { result: test(found), path, asked, ...foundOf(found, reach) };
    },
  };
}

function compileMatchers(text: string, path: string): AnchoredCondition {
  const parts = parseMatchers(text, path).map((matcher) => compileMatcher(matcher, path));
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : combine('all', parts, path);
}

function compileMatcher({ name, op, value }: Matcher, path: string): AnchoredCondition {
  const readLabel = compileLabel(name);
  const read = EVENT_FIELDS.has(name) ? labelOrField(readLabel, compileField(name, path)) : readLabel;
  const { test, wants, reach } = compileMatcherTest(op, value, path);
  const readText = (fact: Fact): string => {
    const label = read(fact);
    return typeof label === 'string' ? label : '';
  };
  return {
    ways: waysOf(`label ${name}`, readText, wants),
    test: (fact) => test(readText(fact)),
    explain: (fact) => {
      const label = read(fact);
      const found = typeof label === 'string' ? label : undefined;
      return { result: test(found ?? ''), path, asked: `${name}${op}${shown(value)}`, ...foundOf(found, reach) };
    },
  };
}

function labelOrField(readLabel: FieldReader, readField: FieldReader): FieldReader {
  return (fact) => readLabel(fact) ?? readField(fact);
}

type MatcherTest = {
  readonly test: (label: string) => boolean;
  readonly wants: readonly Want[];
  readonly reach?: number;
};

function compileMatcherTest(op: Matcher['op'], value: string, path: string): MatcherTest {
  if (op === '=')
    return { test: (label) => label === value, wants: [{ kind: 'value', values: [value], isEnough: true }] };
  if (op === '!=') return { test: (label) => label !== value, wants: [] };
  const { test, wants, reach } = compilePattern(value, 'whole', path);
  return op === '=~' ? { test, wants, reach } : { test: (label) => !test(label), wants: [], reach };
}

function foundOf(found: unknown, reach = Number.POSITIVE_INFINITY): Pick<ConditionTrace, 'found' | 'lookedAt'> {
  if (found === undefined) return {};
  if (typeof found !== 'string') return { found: isScalar(found) ? found : quote(found) };
  const text = { found: cut(found, FOUND_LENGTH) };
  return found.length > reach ? { ...text, lookedAt: reach } : text;
}

function shown(value: unknown): string {
  return Array.isArray(value) ? `[${cut(value.map(quote).join(', '), FOUND_LENGTH)}]` : quote(value);
}
