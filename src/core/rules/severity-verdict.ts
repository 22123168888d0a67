/**
 * Verdicts: a level, what decided it, and why.
 *
 * The shape only; the ways to come to one live beside it (rules, matrix, event, default).
 */
import type { SeverityLevel } from '../../model/severity.ts';

/**
 * What decided the severity; `rule` is the id of the rule, or its place such as `severity.rules[3]`. An event's word may have been
 * read by a `table`: the name of a built-in one, or its place such as `severity.tables[0]`.
 */
export type SeverityDecider = {
  readonly kind: 'rule' | 'matrix' | 'event' | 'default';
  readonly rule?: string;
  readonly table?: string;
};

/** A level, what decided it, and why. */
export type Verdict = {
  readonly level: SeverityLevel;
  readonly decidedBy: SeverityDecider;
  /** One sentence for people. */
  readonly reason: string;
};
