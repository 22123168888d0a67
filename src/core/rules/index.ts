/**
 * The entry point `tocsin/rules`: the condition language and its JSON Schema, ordered rules, severity. Re-exports only.
 */
export type { Condition, DuringCondition, FieldCondition, Operator } from '../../model/condition.ts';
export { conditionJsonSchema } from '../../model/condition.ts';
export type { SeverityConfig, SeverityLevel } from '../../model/severity.ts';
export { type CompiledCondition, type ConditionTrace, compileCondition } from './condition.ts';
export type { Fact } from './field.ts';
export type { Scalar } from './operators.ts';
export {
  type CompiledRules,
  compileRules,
  type Rule,
  type RuleEvaluation,
  type RuleMatch,
  type RuleOptions,
  type RuleTrace,
} from './rule-set.ts';
export { type CompiledSeverity, compileSeverity, type SeverityDecider, type SeverityDecision } from './severity.ts';
