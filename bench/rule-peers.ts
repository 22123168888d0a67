/**
 * Peers of the rules: other ways to the first rule that holds, as whoever uses them would write it.
 *
 * Each compiles its rules once and is then only asked; what shape of a fact suits it best is made before. Nothing here measures.
 */

import { LogicEngine } from 'json-logic-engine';
import { Engine, type RuleProperties } from 'json-rules-engine';
import { compileRules } from '../src/core/rules/index.ts';
import type { Condition } from '../src/model/condition.ts';
import type { FieldName, FieldTest, SampleFact, SampleRule } from './rule-samples.ts';

/** The place of the first rule that holds for the fact of that number; -1 when none does. */
export type Ask = (fact: number) => number | Promise<number>;
/** A way to ask. */
export type Peer = {
  readonly name: string;
  readonly askerOf: (rules: readonly SampleRule[], facts: readonly SampleFact[]) => Ask;
};

export const OURS: Peer = {
  name: 'ours',
  askerOf: (rules, facts) => {
    const compiled = compileRules(
      rules.map(({ id, tests }, place) => ({ id, when: conditionOf(tests), outcome: place })),
    );
    return (number) => {
      const fact = facts[number];
      return (fact && compiled.decide(fact, 0)?.outcome) ?? -1;
    };
  },
};

/** All rules are tried together, without priorities: with one for each it would be slower by far. */
export const JSON_RULES_ENGINE: Peer = {
  name: 'json-rules-engine',
  askerOf: (rules, facts) => {
    const engine = new Engine([], { allowUndefinedFacts: true });
    engine.addOperator('startsWith', (text: string, start: string) => text.startsWith(start));
    engine.addOperator('matches', (text: string, pattern: RegExp) => pattern.test(text));
    for (const [place, { tests }] of rules.entries()) engine.addRule(ruleOf(tests, place));
    const flat = facts.map(({ labels, title, load }) => ({ ...prefixed(labels), title, load }));
    return async (number) => {
      const { events } = await engine.run(flat[number]);
      return firstPlace(events.map(({ params }) => Number(params?.place)));
    };
  },
};

/** Each rule is compiled by itself and tried in turn: a single `if` of them all is slower. */
export const JSON_LOGIC_ENGINE: Peer = {
  name: 'json-logic-engine, compiled',
  askerOf: (rules, facts) => {
    const engine = new LogicEngine();
    const patterns = new Map<string, RegExp>();
    engine.addMethod('startsWith', ([text, start]: readonly [string, string]) => text.startsWith(start));
    engine.addMethod(
      'matches',
      ([text, pattern]: readonly [string, string]) => patterns.get(pattern)?.test(text) === true,
    );
    for (const { tests } of rules)
      for (const { op, value } of tests) if (op === 'matches') patterns.set(value, new RegExp(value));
    const built = rules.map(({ tests }) => engine.build({ and: tests.map(logicOf) }));
    return (number) => {
      const fact = facts[number];
      for (let place = 0; place < built.length; place += 1) if (built[place]?.(fact)) return place;
      return -1;
    };
  },
};

export const CLOSURES: Peer = {
  name: 'a loop over closures',
  askerOf: (rules, facts) => {
    const closures = rules.map(({ tests }) => closureOf(tests));
    return (number) => {
      const fact = facts[number];
      return fact === undefined ? -1 : closures.findIndex((holds) => holds(fact));
    };
  },
};

function conditionOf(tests: readonly FieldTest[]): Condition {
  const all = tests.map(({ field, op, value }) => ({
    field,
    op,
    value: typeof value === 'object' ? [...value] : value,
  }));
  const [only] = all;
  return only !== undefined && all.length === 1 ? only : { all };
}

function ruleOf(tests: readonly FieldTest[], place: number): RuleProperties {
  const operators = {
    equals: 'equal',
    in: 'in',
    gte: 'greaterThanInclusive',
    startsWith: 'startsWith',
    matches: 'matches',
  };
  return {
    conditions: {
      all: tests.map(({ field, op, value }) => ({
        fact: field,
        operator: operators[op],
        value: op === 'matches' ? new RegExp(value) : value,
      })),
    },
    event: { type: 'holds', params: { place } },
  };
}

function prefixed(labels: SampleFact['labels']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).map(([name, label]) => [`labels.${name}`, label]));
}

function firstPlace(places: readonly number[]): number {
  return places.length === 0 ? -1 : places.reduce((first, place) => Math.min(first, place));
}

function logicOf({ field, op, value }: FieldTest): unknown {
  const operators = { equals: '===', in: 'in', gte: '>=', startsWith: 'startsWith', matches: 'matches' };
  return { [operators[op]]: [{ var: field }, value] };
}

function closureOf(tests: readonly FieldTest[]): (fact: SampleFact) => boolean {
  const [first, second, third] = tests.map(testOf);
  if (first && second && third) return (fact) => first(fact) && second(fact) && third(fact);
  if (first && second) return (fact) => first(fact) && second(fact);
  return first ?? (() => true);
}

/** As one would write each by hand: `(fact) => fact.labels.service === 'checkout'`. */
function testOf({ field, op, value }: FieldTest): (fact: SampleFact) => boolean {
  if (op === 'gte') return (fact) => fact.load >= value;
  if (op === 'in') return (fact) => value.includes(textOf(field, fact));
  if (op === 'startsWith') return (fact) => fact.title.startsWith(value);
  if (op === 'matches') {
    const pattern = new RegExp(value);
    return (fact) => pattern.test(fact.title);
  }
  if (field === 'labels.service') return (fact) => fact.labels.service === value;
  if (field === 'labels.env') return (fact) => fact.labels.env === value;
  if (field === 'labels.team') return (fact) => fact.labels.team === value;
  return (fact) => fact.labels.severity === value;
}

function textOf(field: FieldName, { labels }: SampleFact): string {
  return field === 'labels.severity' ? labels.severity : labels.service;
}
