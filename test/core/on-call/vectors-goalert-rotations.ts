/**
 * GoAlert's rotations, and its reading of the wall clock.
 *
 * A rotation is asked as a layer whose five participants take turns, so that no two neighbouring shifts are one
 * person's.
 */
import type { Schedule } from '../../../src/core/on-call/index.ts';
import { parseWall } from '../../../src/core/on-call/wall-clock.ts';
import { zoneOf } from '../../../src/core/on-call/zone.ts';
import { layer, schedule } from './build.ts';
import { readVectors, type VectorCase, vectorCase } from './vectors-case.ts';

/** A rotation as GoAlert writes it. */
export type GoAlertRotation = { readonly type: string; readonly shiftLength: number };

type RotationVector = GoAlertRotation & { readonly id: string; readonly rotationStart: string; readonly tz: string };
type ShiftVector = RotationVector & {
  readonly at: string;
  readonly expectedStart?: string;
  readonly expectedEnd?: string;
};
type SequenceVector = RotationVector & {
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly expectedHandoffs: readonly string[];
};
type ClockVector = { readonly id: string; readonly tz: string; readonly expected: string } & (
  | { readonly kind: 'resolve_wall_clock'; readonly date: string; readonly clock: string; readonly occurrence: string }
  | {
      readonly kind: 'add_wall_clock';
      readonly from_: string;
      readonly addClockHours: number;
      readonly addClockMinutes: number;
    }
);

const { rotationVectors, handoffSequences, wallClockVectors } = readVectors<{
  readonly rotationVectors: readonly ShiftVector[];
  readonly handoffSequences: readonly SequenceVector[];
  readonly wallClockVectors: readonly ClockVector[];
}>('goalert');

/** The rule of a rotation: `hourly` times 12 is every twelve hours. */
export function ruleOf({ type, shiftLength }: GoAlertRotation): string {
  return `FREQ=${type.toUpperCase()};INTERVAL=${shiftLength}`;
}

export const goalertRotationCases: readonly VectorCase[] = [
  ...rotationVectors.map(shiftCase),
  ...handoffSequences.map(sequenceCase),
  ...wallClockVectors.map(clockCase),
];

function shiftCase(vector: ShiftVector): VectorCase {
  const { id, at, expectedStart, expectedEnd } = vector;
  return vectorCase(
    { id, title: `the shift at ${at} of ${wordsFor(vector)}`, suite: 'GoAlert rotations' },
    {
      listed: { start: expectedStart, end: expectedEnd },
      answer() {
        const asked = scheduleOf(vector);
        const shift = asked.onCallAt(at)[0]?.shift;
        if (shift === undefined) return { nobodyUntil: asked.nextHandoff(at) };
        return {
          start: expectedStart === undefined ? undefined : shift.start,
          end: expectedEnd === undefined ? undefined : shift.end,
        };
      },
    },
  );
}

function sequenceCase(vector: SequenceVector): VectorCase {
  const { id, windowStart, windowEnd, expectedHandoffs } = vector;
  return vectorCase(
    { id, title: `from ${windowStart} to ${windowEnd}, ${wordsFor(vector)}`, suite: 'GoAlert handoffs' },
    {
      listed: expectedHandoffs,
      answer() {
        const asked = scheduleOf(vector);
        const first = asked.onCallAt(windowStart)[0]?.shift.start ?? windowStart;
        const last = asked.onCallAt(windowEnd)[0]?.shift.end ?? windowEnd;
        return asked.handoffs('rotation', { from: first, until: new Date(last).getTime() + 1 });
      },
    },
  );
}

function clockCase(vector: ClockVector): VectorCase {
  const { id, tz } = vector;
  const zone = zoneOf(tz);
  if (vector.kind === 'resolve_wall_clock') {
    const { date, clock, occurrence, expected } = vector;
    const title = `the ${occurrence} ${date} ${clock} in ${tz}`;
    const answer = () => new Date(zone.toInstant(parseWall(`${date}T${clock}:00`) ?? Number.NaN));
    return vectorCase({ id, title, suite: 'GoAlert wall clocks' }, { listed: expected, answer });
  }
  const { from_, addClockHours, addClockMinutes, expected } = vector;
  const title = `${addClockHours} h ${addClockMinutes} min on the clock after ${from_} in ${tz}`;
  const answer = () =>
    new Date(zone.toInstant(zone.toWall(Date.parse(from_)) + (addClockHours * 60 + addClockMinutes) * 60_000));
  return vectorCase({ id, title, suite: 'GoAlert wall clocks' }, { listed: expected, answer });
}

function scheduleOf({ type, shiftLength, rotationStart, tz }: RotationVector): Schedule {
  const rotation = { start: rotationStart.slice(0, 19), rrule: ruleOf({ type, shiftLength }) };
  return schedule([layer('rotation', ['ana', 'ben', 'chi', 'dov', 'eva'], { rotation })], { timeZone: tz });
}

function wordsFor({ type, shiftLength, rotationStart, tz }: RotationVector): string {
  return `${type} times ${shiftLength} from ${rotationStart} in ${tz}`;
}
