/**
 * Rule sets: an ordered list of conditions, each with an outcome, of which the first that holds decides.
 *
 * Pure. The index only spares trying what cannot hold; the answer is always that of trying the list from its top.
 */
import type { Condition } from '../../model/condition.ts';
import { indexAnchors } from './anchor-index.ts';
import { type ConditionTrace, compileAnchored } from './condition.ts';
import type { Fact } from './field.ts';
import { below } from './rule-invalid.ts';

/** A rule: without a condition it always holds. */
export type Rule<T> = { readonly id?: string | undefined; readonly when?: Condition | undefined; readonly outcome: T };

/** A rule that holds. */
export type RuleMatch<T> = {
  /** The rule's id, or its place such as `rules[3]`. */
  readonly rule: string;
  /** Its place in the list, from 0. */
  readonly index: number;
  readonly outcome: T;
};

/** Why one rule holds or does not. */
export type RuleTrace = {
  readonly rule: string;
  readonly index: number;
  readonly result: boolean;
  /** Absent when the rule has no condition. */
  readonly condition?: ConditionTrace;
};

/** The answer of a rule set with its reasons. */
export type RuleEvaluation<T> = {
  /** The id (or place) of the rule that decided; `undefined`, like `index` and `outcome`, when none holds. */
  readonly matched: string | undefined;
  readonly index: number | undefined;
  readonly outcome: T | undefined;
  /** Every rule up to the one that decided, in the order of the list; worked out when it is first read. */
  readonly trace: readonly RuleTrace[];
};

/** How rules are compiled. */
export type RuleOptions = {
  /** `first`: the first rule that holds decides. The only strategy of a rule set; severity has another. */
  readonly strategy?: 'first';
  /** Where the list stands in the configuration, for error messages and for rules without an id. Default: `rules`. */
  readonly path?: string;
};

/** Rules that can be asked. */
export type CompiledRules<T> = {
  /** The first rule that holds, with the reasons for it and against the earlier ones. */
  readonly evaluate: (fact: Fact, at: number) => RuleEvaluation<T>;
  /** The first rule that holds, or `undefined`. */
  readonly decide: (fact: Fact, at: number) => RuleMatch<T> | undefined;
  /** As `evaluate`, but the trace has every rule of the list, also those after the one that decided. */
  readonly explain: (fact: Fact, at: number) => RuleEvaluation<T>;
  /** Every rule that holds, in the order of the list. */
  readonly matches: (fact: Fact, at: number) => readonly RuleMatch<T>[];
  /** Why each rule holds or does not, the decision aside. */
  readonly trace: (fact: Fact, at: number) => readonly RuleTrace[];
};

/**
 * Compiles an ordered list of rules, of which only those are tried that can hold: a thousand cost a few microseconds.
 *
 * A rule is looked up by what it must find in a field: a value (`equals`, `in`, `label="value"`, `label=~"a|b"`), how a text starts
 * (`startsWith`, `^disk`), a text in it (`contains`, `endsWith`, `\d+ replicas`), or a pattern, together with the other patterns of that field. In
 * `all` one such part is enough, in `any` each needs one. Rules with nothing of the kind (`not`, `exists`, numbers, `during`) are always
 * tried. Whatever is looked up, the answer is that of trying the list from its top.
 *
 * @throws TocsinError RULE_INVALID when a condition is malformed; `details.path` says where.
 * @example
 * ```ts
 * import { compileRules } from 'tocsin/rules';
 * const rules = compileRules([
 *   { id: 'payments', when: 'team="payments"', outcome: 'SEV1' },
 *   { id: 'rest', outcome: 'SEV3' },
 * ]);
 * rules.decide({ labels: { team: 'payments' } }, 0)?.outcome; // => 'SEV1'
 * rules.evaluate({ labels: {} }, 0).trace[0]?.result; // => false
 * ```
 */
export function compileRules<T>(rules: readonly Rule<T>[], options: RuleOptions = {}): CompiledRules<T> {
  const listPath = options.path ?? 'rules';
  const compiled = rules.map(({ id, when, outcome }, index) => {
    const path = below(listPath, index);
    const condition = when === undefined ? undefined : compileAnchored(when, below(path, 'when'));
    return { condition, match: { rule: id ?? path, index, outcome } };
  });
  const conditions = compiled.map(({ condition }) => condition);
  const { candidates, first } = indexAnchors(conditions);

  function matches(fact: Fact, at: number): readonly RuleMatch<T>[] {
    const found: RuleMatch<T>[] = [];
    for (const place of candidates(fact)) {
      const rule = compiled[place];
      if (rule && (rule.condition === undefined || rule.condition.test(fact, at))) found.push(rule.match);
    }
    return found;
  }

  function trace(fact: Fact, at: number, count = compiled.length): readonly RuleTrace[] {
    return compiled.slice(0, count).map(({ condition, match: { rule, index } }) => {
      if (condition === undefined) return { rule, index, result: true };
      const reasons = condition.explain(fact, at);
      return { rule, index, result: reasons.result, condition: reasons };
    });
  }

  const decide = (fact: Fact, at: number) => compiled[first(fact, at)]?.match;

  function evaluation(match: RuleMatch<T> | undefined, traced: () => readonly RuleTrace[]): RuleEvaluation<T> {
    let known: readonly RuleTrace[] | undefined;
    return {
      matched: match?.rule,
      index: match?.index,
      outcome: match?.outcome,
      get trace() {
        known ??= traced();
        return known;
      },
    };
  }

  return {
    decide,
    matches,
    trace: (fact, at) => trace(fact, at),
    explain: (fact, at) => evaluation(decide(fact, at), () => trace(fact, at)),
    evaluate: (fact, at) => {
      const match = decide(fact, at);
      return evaluation(match, () => trace(fact, at, match && match.index + 1));
    },
  };
}

/** The first of `items`, or `undefined`. */
export function firstOf<T>(items: Iterable<T>): T | undefined {
  for (const item of items) return item;
  return undefined;
}
