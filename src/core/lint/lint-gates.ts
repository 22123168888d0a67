/**
 * Linting of gates: steps of a ladder that are passed over for every incident, at every moment of the time ahead.
 *
 * Of an incident more is known than of an event: its severity is a level, its service one of those that are configured.
 */
import type { Config } from '../../model/config.ts';
import { compileCondition } from '../rules/condition.ts';
import { fieldAtom } from './atom.ts';
import type { Finding } from './finding.ts';
import { type Ahead, LOOK_AHEAD_DAYS } from './look-ahead.ts';
import { neverHolds } from './never.ts';
import { gatePlaces } from './places.ts';
import { conjuncts, isAlways, join, mapTimes, type Plain, plain, type Time } from './plain-condition.ts';
import { changesOf } from './window-times.ts';

/** Of so many different gates the times are looked at. */
const MOST_TIMED = 500;
/** So many moments of one gate are looked at; of one with more nothing is said. */
const MOST_MOMENTS = 20_000;

/** Gates of `config` that do not open, for whatever incident, within the time ahead. */
export function lintGates(config: Config, { startAt, endAt }: Ahead): readonly Finding[] {
  const domain = domainOf(config);
  const known = new Map<string, Finding['message'] | undefined>();
  let timed = 0;
  const problemOf = (gate: Plain): string | undefined => {
    if (neverHolds(join('all', [...domain, ...conjuncts(gate)])))
      return 'no incident can satisfy this gate: the step is always passed over';
    if (timesIn(gate).length === 0 || ++timed > MOST_TIMED || mayOpen(gate, { startAt, endAt })) return undefined;
    return `this gate does not open within ${LOOK_AHEAD_DAYS} days: until then the step is always passed over`;
  };
  return gatePlaces(config).flatMap(({ path, when }): Finding[] => {
    const gate = plain(when);
    if (!known.has(gate.key)) known.set(gate.key, problemOf(gate));
    const message = known.get(gate.key);
    return message === undefined
      ? []
      : [{ code: 'GATE_NEVER_OPENS', path, message, hint: 'Correct the gate, or take the step out.' }];
  });
}

/** What holds for every incident. */
function domainOf({ severity, services }: Config): readonly Plain[] {
  const among = (field: string, value: string[]) => fieldAtom({ field, op: 'in', value });
  return [
    among('urgency', ['high', 'low']),
    among('visibility', ['public', 'private']),
    among(
      'severity',
      severity.levels.map(({ id }) => id),
    ),
    among(
      'service',
      services.map(({ id }) => id),
    ),
    fieldAtom({ field: 'alertCount', op: 'gte', value: 0 }),
  ];
}

/** Whether there is a moment at which its windows leave it open, if all else is as it wants it. */
function mayOpen(gate: Plain, span: Ahead): boolean {
  const times = timesIn(gate);
  const moments = new Set<number>();
  for (const { window } of times) {
    const changes = changesOf(window, span);
    if (changes === undefined || moments.size + changes.length > MOST_MOMENTS) return true;
    for (const at of changes) if (at >= span.startAt && at < span.endAt) moments.add(at);
  }
  const tests = new Map(times.map((time) => [time.key, testOf(time)]));
  for (const at of moments) {
    const then = mapTimes(gate, (time) => join(tests.get(time.key)?.(at) === false ? 'any' : 'all', []));
    if (isAlways(then) || !neverHolds(then)) return true;
  }
  return false;
}

function testOf({ window, isOutside }: Time): (at: number) => boolean {
  const { test } = compileCondition({ op: 'during', value: window });
  return (at) => test({}, at) !== isOutside;
}

function timesIn(condition: Plain): readonly Time[] {
  if (condition.kind === 'time') return [condition];
  return condition.kind === 'atom' ? [] : condition.parts.flatMap(timesIn);
}
