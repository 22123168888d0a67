/**
 * Samples for the rules: rule sets as alerting teams write them, and facts of which most meet one of the later rules, or none.
 *
 * Written once in neutral words, so that every engine is given the same. Nothing here measures.
 */
import { generate, type Pick } from './rule-titles.ts';

/** One test of a field; `matches` looks anywhere in a text. */
export type FieldTest =
  | { readonly field: FieldName; readonly op: 'equals' | 'startsWith' | 'matches'; readonly value: string }
  | { readonly field: FieldName; readonly op: 'in'; readonly value: readonly string[] }
  | { readonly field: FieldName; readonly op: 'gte'; readonly value: number };
export type FieldName = 'labels.service' | 'labels.env' | 'labels.severity' | 'labels.team' | 'title' | 'load';

/** All tests must hold. */
export type SampleRule = { readonly id: string; readonly tests: readonly FieldTest[] };
export type SampleFact = {
  readonly labels: { readonly service: string; readonly env: string; readonly severity: string; readonly team: string };
  readonly title: string;
  readonly load: number;
};

/** What the rules with a regular expression are: every fifth, by itself or beside a test for the service. */
export type RegexKind = 'none' | 'literal' | 'literal-free';
export type SetAsked = { readonly rules: number; readonly regexes: RegexKind; readonly beside: 'alone' | 'service' };

const FACTS = 12_000;
const ENVS = ['prod', 'staging', 'dev', 'test'];
const SEVERITIES = ['critical', 'page', 'error', 'warning', 'info'];

/**
 * The rules and the facts of one set; the same numbers always give the same.
 *
 * Of five rules one asks for service and environment, one for service and one of two severities, one for service and a load,
 * one for team, environment and how the title starts, and one for a regular expression in the title (without any, for a service
 * alone). There is a service for two rules and a team for ten. Of a hundred facts sixty are made to meet a rule of the last
 * third, ten any rule, thirty are of services and teams that no rule names; a regular expression of another kind may
 * still be met. Every title is another one.
 */
export function samplesOf(asked: SetAsked): {
  readonly rules: readonly SampleRule[];
  readonly facts: readonly SampleFact[];
} {
  const pick = pickerOf(asked.rules);
  const rules = Array.from({ length: asked.rules }, (_, place) => ruleOf(place, asked, pick));
  const facts = Array.from({ length: FACTS }, (_, number) => {
    const [from, share] = [Math.floor((rules.length * 2) / 3), pick(100)];
    const meant =
      share < 60 ? rules[from + pick(rules.length - from)] : share < 70 ? rules[pick(rules.length)] : undefined;
    return factOf(meant, number, asked, pick);
  });
  return { rules, facts };
}

function ruleOf(place: number, asked: SetAsked, pick: Pick): SampleRule {
  const service: FieldTest = { field: 'labels.service', op: 'equals', value: serviceOf(pick(asked.rules / 2)) };
  const env: FieldTest = { field: 'labels.env', op: 'equals', value: ENVS[pick(2)] ?? '' };
  const id = `rule-${place}`;
  switch (place % 5) {
    case 0:
      return { id, tests: [service, env] };
    case 1: {
      const from = pick(SEVERITIES.length - 1);
      return { id, tests: [service, { field: 'labels.severity', op: 'in', value: SEVERITIES.slice(from, from + 2) }] };
    }
    case 2:
      return { id, tests: [service, { field: 'load', op: 'gte', value: 50 + pick(50) }] };
    case 3: {
      const team: FieldTest = { field: 'labels.team', op: 'equals', value: teamOf(pick(asked.rules / 10)) };
      return { id, tests: [team, env, { field: 'title', op: 'startsWith', value: `[${teamOf(pick(9))}]` }] };
    }
    default: {
      if (asked.regexes === 'none') return { id, tests: [service] };
      const { pattern } = generate(asked.regexes, Math.floor(place / 5));
      const regex: FieldTest = { field: 'title', op: 'matches', value: pattern };
      return { id, tests: asked.beside === 'service' ? [service, regex] : [regex] };
    }
  }
}

function factOf(meant: SampleRule | undefined, number: number, asked: SetAsked, pick: Pick): SampleFact {
  const labels = {
    service: `other-${pick(5_000)}`,
    env: ENVS[pick(ENVS.length)] ?? '',
    severity: SEVERITIES[pick(SEVERITIES.length)] ?? '',
    team: `others-${pick(500)}`,
  };
  let title = `Error budget of the month is burning fast, seen ${number} times since Monday`;
  let load = pick(100);
  for (const { field, op, value } of meant?.tests ?? []) {
    if (op === 'gte') load = value;
    else if (op === 'startsWith') title = `${value} ${title}`;
    else if (op === 'matches')
      title = generate(asked.regexes === 'literal' ? 'literal' : 'literal-free', placeOf(meant)).title(number);
    else if (field === 'labels.service') labels.service = String(value);
    else if (field === 'labels.env') labels.env = String(value);
    else if (field === 'labels.team') labels.team = String(value);
    else if (op === 'in') labels.severity = value[pick(value.length)] ?? '';
  }
  return { labels, title, load };
}

function placeOf(rule: SampleRule | undefined): number {
  return Math.floor(Number(rule?.id.slice('rule-'.length)) / 5);
}

function serviceOf(number: number): string {
  return `${['checkout', 'cart', 'search', 'billing', 'identity'][number % 5]}-${number}`;
}

function teamOf(number: number): string {
  return `${['payments', 'platform', 'growth', 'data'][number % 4]}-${number}`;
}

/** Numbers below a bound, the same ones for the same seed. */
function pickerOf(seed: number): Pick {
  let state = seed + 12_345;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % Math.floor(below);
  };
}
