/**
 * Binding: a condition with other windows of time in it.
 *
 * Pure. It changes nothing but the windows, and never judges or checks one.
 */
import type { Condition, During } from '../../model/condition.ts';
import { below } from './rule-invalid.ts';

/** The windows of a condition, each with its path. */
export function windowsOf(
  condition: Condition,
  path = '',
): readonly { readonly path: string; readonly window: During }[] {
  if (typeof condition === 'string') return [];
  if ('not' in condition) return windowsOf(condition.not, below(path, 'not'));
  if ('all' in condition) return windowsOfList(condition.all, below(path, 'all'));
  if ('any' in condition) return windowsOfList(condition.any, below(path, 'any'));
  return condition.op === 'during' ? [{ path: below(path, 'value'), window: condition.value }] : [];
}

/** The condition with what `bind` makes of each of its windows. */
export function bindWindows(condition: Condition, bind: (window: During) => During): Condition {
  if (typeof condition === 'string') return condition;
  if ('not' in condition) return { ...condition, not: bindWindows(condition.not, bind) };
  if ('all' in condition) return { ...condition, all: condition.all.map((part) => bindWindows(part, bind)) };
  if ('any' in condition) return { ...condition, any: condition.any.map((part) => bindWindows(part, bind)) };
  return condition.op === 'during' ? { ...condition, value: bind(condition.value) } : condition;
}

function windowsOfList(list: readonly Condition[], path: string): ReturnType<typeof windowsOf> {
  return list.flatMap((part, place) => windowsOf(part, below(path, place)));
}
