/**
 * Linting of conditions: those that can never hold, or not any more.
 *
 * Gates are looked at in lint-gates.ts, because more is known of an incident than of an event.
 */
import type { Condition } from '../../model/condition.ts';
import type { Config } from '../../model/config.ts';
import type { Finding } from './finding.ts';
import { neverHolds } from './never.ts';
import { conditionPlaces, partsOf } from './places.ts';
import { hasTimes, join, mapTimes, type Plain, plain } from './plain-condition.ts';
import { isOver } from './window-times.ts';

/** Conditions of `config`, and alternatives within them, that hold for nothing from `at` on. */
export function lintConditions(config: Config, at: number): readonly Finding[] {
  return conditionPlaces(config).flatMap(({ path, when }) => deadParts(when, path, at));
}

/** What can never hold: the whole, or else the alternatives within it that cannot. */
export function deadParts(when: Condition, path: string, at: number): readonly Finding[] {
  const condition = plain(when);
  if (neverHolds(condition))
    return [
      {
        code: 'CONDITION_NEVER_HOLDS',
        path,
        message: `${isEmpty(when) ? 'an empty list of alternatives holds for nothing' : 'its parts contradict each other'}: this condition can never hold`,
        hint: 'Correct it, or take it out: `all` wants every part at once, `any` wants one.',
      },
    ];
  if (hasTimes(condition) && neverHolds(fromNowOn(condition, at)))
    return [
      {
        code: 'WINDOW_OVER',
        path,
        message: 'the last window that it waits for has ended: this condition never holds again',
        hint: 'Let the rule of the window go on, or take the condition out.',
      },
    ];
  return deadAlternatives(when, path, at);
}

/** Windows that are over are closed for good. */
function fromNowOn(condition: Plain, at: number): Plain {
  return mapTimes(condition, (time) => (isOver(time.window, at) ? join(time.isOutside ? 'all' : 'any', []) : time));
}

/** Of what must all hold nothing is dead by itself, or the whole would be. */
function deadAlternatives(when: Condition, path: string, at: number): readonly Finding[] {
  if (typeof when === 'string' || 'not' in when) return [];
  const look = 'any' in when ? deadParts : deadAlternatives;
  return partsOf(when).flatMap((part) => look(part.when, `${path}${part.key}`, at));
}

function isEmpty(when: Condition): boolean {
  if (typeof when === 'string') return false;
  if ('any' in when) return when.any.length === 0;
  return 'op' in when && when.op === 'in';
}
