/**
 * Inhibition: which firing alerts would mute another one, and which alerts a firing one mutes.
 *
 * Pure. It says under which name the sources of a rule are remembered; whether one of them still fires is looked up by whoever
 * decides.
 */
import type { Inhibition } from '../../model/intake.ts';
import { type CompiledCondition, compileCondition } from '../rules/condition.ts';
import { compileField, type Fact, type FieldReader } from '../rules/field.ts';
import { below } from '../rules/rule-invalid.ts';
import type { Key } from './note.ts';

/** The collection in which the sources of inhibitions are remembered. */
export const INHIBITORS = 'inhibitors';

/** A rule that an alert takes part in. */
export type Part = {
  readonly rule: string;
  /** Names the document of the sources that agree with this alert in the `equal` fields. */
  readonly id: string;
  /** Whether the alert matches the other side of the rule as well. */
  readonly isBoth: boolean;
};

/** A remembered source. */
export type Inhibitor = Key & { readonly isBoth: boolean };

/** The inhibition rules of a tenant. */
export type Inhibitions = {
  /** The rules whose source this is. */
  readonly asSource: (fact: Fact, at: number) => readonly Part[];
  /** The rules whose target this is. */
  readonly asTarget: (fact: Fact, at: number) => readonly Part[];
};

type Rule = {
  readonly id: string;
  readonly source: CompiledCondition;
  readonly target: CompiledCondition;
  readonly equal: readonly FieldReader[];
  readonly missingAgrees: boolean;
};

/**
 * Compiles inhibition rules.
 *
 * @throws TocsinError RULE_INVALID when a condition or a field is malformed.
 */
export function compileInhibitions(inhibitions: readonly Inhibition[]): Inhibitions {
  const rules = inhibitions.map((inhibition, index): Rule => {
    const path = below('suppression.inhibition', index);
    return {
      id: inhibition.id,
      source: compileCondition(inhibition.source, below(path, 'source')),
      target: compileCondition(inhibition.target, below(path, 'target')),
      equal: inhibition.equal.map((field, place) => compileField(field, below(below(path, 'equal'), place))),
      missingAgrees: inhibition.missingAgrees,
    };
  });
  const parts = (fact: Fact, at: number, side: 'source' | 'target', other: 'source' | 'target') =>
    rules.flatMap((rule): Part[] => {
      if (!rule[side].test(fact, at)) return [];
      const id = documentId(rule, fact);
      return id === undefined ? [] : [{ rule: rule.id, id, isBoth: rule[other].test(fact, at) }];
    });
  return {
    asSource: (fact, at) => parts(fact, at, 'source', 'target'),
    asTarget: (fact, at) => parts(fact, at, 'target', 'source'),
  };
}

/** `undefined` when a field is missing and missing agrees with nothing. */
function documentId({ id, equal, missingAgrees }: Rule, fact: Fact): string | undefined {
  const values = equal.map((read) => read(fact));
  if (!missingAgrees && values.includes(undefined)) return undefined;
  // Missing and empty are the same to whoever asked that missing agrees.
  return JSON.stringify([id, ...values.map((value) => (missingAgrees ? (value ?? '') : value))]);
}

/** Sources beyond these are not remembered: their targets page. */
const MOST_INHIBITORS = 200;

/** The sources that a document remembers. */
export function readInhibitors(data: unknown): readonly Inhibitor[] {
  if (!Array.isArray(data)) return [];
  return data.flatMap((entry: unknown): Inhibitor[] => {
    if (!Array.isArray(entry)) return [];
    const [routeKey, dedupKey, isBoth] = entry;
    return typeof routeKey === 'string' && typeof dedupKey === 'string'
      ? [{ routeKey, dedupKey, isBoth: isBoth === true }]
      : [];
  });
}

/** What a document says with `source` among its sources; `undefined` when it is there already. */
export function withInhibitor(known: readonly Inhibitor[], source: Inhibitor): readonly unknown[] | undefined {
  const isSame = (other: Inhibitor) => other.routeKey === source.routeKey && other.dedupKey === source.dedupKey;
  if (known.some((other) => isSame(other) && other.isBoth === source.isBoth)) return undefined;
  return [...known.filter((other) => !isSame(other)), source]
    .slice(-MOST_INHIBITORS)
    .map(({ routeKey, dedupKey, isBoth }) => [routeKey, dedupKey, isBoth]);
}
