/**
 * Grouping: which alerts belong to one incident.
 *
 * Pure. It names the group of an alert and the groups it may join; which of them has an open incident is looked up by whoever
 * decides.
 */
import { durationMs } from '../../model/duration.ts';
import type { Grouping } from '../../model/intake.ts';
import { compileField, type Fact, type FieldReader } from '../rules/field.ts';
import { below } from '../rules/rule-invalid.ts';
import { compileRules, type RuleTrace } from '../rules/rule-set.ts';
import type { ServiceFacts } from './service-facts.ts';

/** The kind of the slot that says which incident a group has open. */
export const GROUP = 'group';

/** How many alerts of a group must begin within how long before anybody is paged. */
export type Threshold = { readonly alerts: number; readonly withinMs: number };

/** The group of an alert. */
export type Group = {
  /** The id of the grouping. */
  readonly grouping: string;
  /** Names the group among all of its grouping. */
  readonly key: string;
  /** The groups of the services that need this one, the nearest first. */
  readonly dependants: readonly string[];
  readonly windowMs: number;
  readonly rolling: boolean;
  readonly capMs: number;
  readonly threshold?: Threshold | undefined;
  /** Whether it is made of what a suppression has let go; then it never joins what somebody has answered. */
  readonly isEnding?: true;
};

/** The groupings of a tenant. */
export type Groups = {
  readonly of: (fact: Fact, service: string, at: number) => Group | undefined;
  readonly trace: (fact: Fact, at: number) => readonly RuleTrace[];
};

type Rule = Omit<Group, 'key' | 'dependants'> & {
  readonly by: readonly FieldReader[];
  readonly acrossServices: boolean;
  readonly joinDependants: boolean;
};

/**
 * Compiles groupings.
 *
 * @throws TocsinError RULE_INVALID when a condition or a field is malformed.
 */
export function compileGroups(groupings: readonly Grouping[], facts: ServiceFacts): Groups {
  if (groupings.length === 0) return { of: () => undefined, trace: () => [] };
  const rules = compileRules(
    groupings.map((grouping, index) => ({ id: grouping.id, when: grouping.when, outcome: ruleOf(grouping, index) })),
    { path: 'grouping' },
  );
  return {
    trace: (fact, at) => rules.evaluate(fact, at).trace,
    of: (fact, service, at) => {
      const match = rules.decide(fact, at);
      if (match === undefined) return undefined;
      const { by, acrossServices, joinDependants, ...rule } = match.outcome;
      const values = by.map((read) => read(fact));
      const keyFor = (id: string) => JSON.stringify([rule.grouping, acrossServices ? null : id, ...values]);
      const dependants = joinDependants && !acrossServices ? facts.dependantsOf(service).map(keyFor) : [];
      return { ...rule, key: keyFor(service), dependants };
    },
  };
}

function ruleOf(
  { id, by, window, rolling, cap, acrossServices, joinDependants, threshold }: Grouping,
  index: number,
): Rule {
  return {
    grouping: id,
    by: by.map((field, place) => compileField(field, below(below(below('grouping', index), 'by'), place))),
    windowMs: durationMs(window),
    rolling,
    capMs: durationMs(cap),
    acrossServices,
    joinDependants,
    threshold: threshold && { alerts: threshold.alerts, withinMs: durationMs(threshold.within) },
  };
}

/** What ended: a silence, a window, a limit or an inhibition, and which of its endings. */
export type Ended = { readonly kind: string; readonly id: string; readonly instance?: string | undefined };

/** What still fires when a suppression ends comes as one for each service, as if it were a group that begins then. */
export function endedGroup({ kind, id, instance = '' }: Ended, service: string): Group {
  return {
    grouping: `${kind} ${id}`,
    key: JSON.stringify(['ended', kind, id, instance, service]),
    dependants: [],
    windowMs: ENDED_WINDOW_MS,
    rolling: false,
    capMs: ENDED_WINDOW_MS,
    isEnding: true,
  };
}

const ENDED_WINDOW_MS = 900_000;
