/**
 * GoAlert's rules: weekdays on which a window opens, from a time of day to another one.
 *
 * A rule is asked as the restriction of a layer that one person serves without end.
 */
import type { Schedule, ScheduleInput } from '../../../src/core/on-call/index.ts';
import { layer, schedule } from './build.ts';
import { readVectors, type VectorCase, vectorCase } from './vectors-case.ts';

/** A rule as GoAlert writes it. */
export type GoAlertRule = { readonly weekdays: readonly string[]; readonly start: string; readonly end: string };

type RuleVector = { readonly id: string; readonly tz: string; readonly rule: GoAlertRule; readonly at: string } & (
  | { readonly kind: 'rule_is_active'; readonly expectedActive: boolean }
  | { readonly kind: 'rule_start_time' | 'rule_end_time'; readonly expected: string }
);
type Restriction = NonNullable<ScheduleInput['layers'][number]['restrictions']>[number];

/** A Monday long before every vector. */
export const LONG_AGO = '2006-01-02';
/** One handoff, whose turn goes on without end. */
export const ENDLESS_TURN = { start: `${LONG_AGO}T00:00:00`, rrule: 'FREQ=DAILY;COUNT=1' };
const FORTNIGHT_MS = 14 * 86_400_000;

const { ruleVectors } = readVectors<{ readonly ruleVectors: readonly RuleVector[] }>('goalert');

export const goalertRuleCases: readonly VectorCase[] = ruleVectors.map((vector) => {
  const { id, kind, tz, rule, at } = vector;
  const title = `${kind} at ${at}: ${rule.weekdays.join(', ')} from ${rule.start} to ${rule.end}`;
  const scheduleOf = () =>
    schedule([layer('rule', ['ana'], { rotation: ENDLESS_TURN, restrictions: [restrictionOf(rule)] })], {
      timeZone: tz,
    });
  if (vector.kind === 'rule_is_active') {
    const answer = () => scheduleOf().onCallAt(at).length > 0;
    return vectorCase({ id, title, suite: 'GoAlert rules' }, { listed: vector.expectedActive, answer });
  }
  const { expected } = vector;
  const side = kind === 'rule_start_time' ? 'start' : 'end';
  const answer = () => currentOrNext(scheduleOf(), at)?.[side];
  return vectorCase({ id, title, suite: 'GoAlert rules' }, { listed: expected, answer });
});

/** The restriction that opens when a rule does; the same time twice means a whole day. */
export function restrictionOf({ weekdays, start, end }: GoAlertRule): Restriction {
  const minutes = (minuteOf(end) - minuteOf(start) + 1_440) % 1_440 || 1_440;
  return {
    start: `${LONG_AGO}T${start}:00`,
    duration: `${minutes}m`,
    rrule: `FREQ=WEEKLY;BYDAY=${weekdays.join(',')}`,
  };
}

function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

function currentOrNext(asked: Schedule, at: string): { readonly start: Date; readonly end: Date } | undefined {
  const now = asked.onCallAt(at)[0];
  if (now !== undefined) return now.shift;
  return asked.shifts({ from: at, until: Date.parse(at) + FORTNIGHT_MS })[0];
}
