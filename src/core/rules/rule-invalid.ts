/**
 * The one refusal of this folder: RULE_INVALID with the JSON path of what is wrong.
 *
 * Never thrown while a fact is judged: whatever can be wrong with a rule is found when it is compiled.
 */
import { TocsinError } from '../../errors.ts';
import { cut } from '../text/cut.ts';

/** A refusal that says where (`path`), what is wrong (`problem`) and what to do (`advice`). */
export function ruleInvalid(path: string, problem: string, advice: string, cause?: unknown): TocsinError {
  const where = path === '' ? 'the condition' : path;
  return new TocsinError('RULE_INVALID', `Cannot read ${where}: ${problem}. ${advice}`, { details: { path }, cause });
}

/** The JSON path of `key` below `path`. */
export function below(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** A value for people, in at most 80 characters. */
export function quote(value: unknown): string {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') return `a ${typeof value}`;
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(typeof value === 'string' ? cut(value, 80) : value);
}
