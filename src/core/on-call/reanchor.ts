/**
 * Re-anchoring: other participants from the next turn on, with the past and the running turn as they were.
 *
 * A rotation is a function of its whole list, so that a list that is merely edited moves every turn there ever was. Here
 * the old list is kept for the time in which it held.
 */
import { TocsinError } from '../../errors.ts';
import { type InstantInput, toEpochMs } from '../../model/instant.ts';
import type {
  LayerDefinition,
  Participant,
  RosterDefinition,
  ScheduleDefinition,
  ScheduleInput,
} from '../../model/schedule.ts';
import { readParticipants, readSchedule } from './check.ts';
import { following, type Handoff, indexOfLastUpTo } from './handoffs.ts';
import { compileLayer } from './layer.ts';
import { placeOf, type Rotation } from './rotation.ts';
import { modulo } from './wall-clock.ts';
import { toMoment } from './window.ts';

/** Who is to take turns, in which layer, and after which moment. */
export type Reanchoring = {
  /** Now, as a rule: the turn that runs then is still the old one. */
  readonly at: InstantInput;
  readonly participants: ScheduleInput['layers'][number]['rotation']['participants'];
  /** Needed when the schedule has several layers. */
  readonly layer?: string;
};

/**
 * The schedule with other participants in one layer, from the end of the turn that runs at `at`.
 *
 * Nobody's running shift changes, nor anything before it. After whoever serves then comes the one who follows them in the
 * new list; when they are not in it, whoever would have come next and still is, or else the first.
 *
 * @throws TocsinError SCHEDULE_INVALID when the schedule or the participants cannot be used, or the rotation has no further
 * handoff: its last turn goes on for ever.
 * @throws TocsinError REFERENCE_UNKNOWN when there is no such layer, or none is named and there are several.
 * @throws TocsinError INSTANT_INVALID when `at` is no moment of the years 1 to 9999.
 * @example
 * ```ts
 * import { createSchedule, reanchor, weeklySchedule } from 'tocsin/on-call';
 * const before = weeklySchedule('primary', { timeZone: 'UTC', start: '2026-01-05T09:00:00', participants: ['ana', 'ben'] });
 * const after = reanchor(before, { at: '2026-01-14T00:00:00Z', participants: ['ana', 'ben', 'chi'] });
 * const shifts = createSchedule(after).shifts({ from: '2026-01-05T09:00:00Z', until: '2026-02-02T09:00:00Z' });
 * shifts.map(({ user }) => user); // => ['ana', 'ben', 'chi', 'ana']
 * ```
 */
export function reanchor(schedule: ScheduleInput, { at, participants: given, layer }: Reanchoring): ScheduleDefinition {
  const definition = readSchedule(schedule);
  const participants = readParticipants(given);
  const position = positionOf(definition, layer);
  const layers = definition.layers.map((one, index) =>
    index === position ? reanchored(one, index, definition.timeZone, toMoment(at, 'at'), participants) : one,
  );
  return readSchedule({ ...definition, layers });
}

function positionOf({ id, layers }: ScheduleDefinition, layer: string | undefined): number {
  const known = layers.map((one) => one.id);
  const position = layer === undefined && known.length === 1 ? 0 : known.indexOf(layer ?? '');
  if (position >= 0) return position;
  const asked = layer === undefined ? ' without a layer: it has several' : `: it has no layer ${JSON.stringify(layer)}`;
  throw new TocsinError(
    'REFERENCE_UNKNOWN',
    `Cannot re-anchor schedule ${id}${asked}. Its layers: ${known.join(', ')}.`,
    {
      details: { layer, known },
    },
  );
}

function reanchored(
  layer: LayerDefinition,
  position: number,
  timeZone: string,
  at: number,
  participants: Participant[],
): LayerDefinition {
  const { rotation } = compileLayer(layer, { position, timeZone });
  const { earlier = [], startIndex, participants: old, ...rest } = layer.rotation;
  const next = nextTurn(at, rotation);
  if (next === undefined) throw noMoreTurns(layer, at);
  // Before its first handoff a rotation has no past to keep.
  if (next.handoff.index === 0) return { ...layer, rotation: { ...rest, startIndex: 0, participants } };
  const until = new Date(next.handoff.at).toISOString();
  const isPast = (roster: RosterDefinition) => toEpochMs(roster.until) < next.handoff.at;
  // A change that was to come into force then, or later, is replaced by this one.
  const serving = earlier.find((roster) => !isPast(roster)) ?? { participants: old, startIndex };
  const first = successorOf(next, serving, participants);
  return {
    ...layer,
    rotation: {
      ...rest,
      participants,
      startIndex: modulo(first - next.turn, Math.max(1, participants.length)),
      earlier: [...earlier.filter(isPast), { ...serving, until }],
    },
  };
}

function noMoreTurns({ id }: LayerDefinition, at: number): TocsinError {
  const message = `layer ${id} hands over no more after ${new Date(at).toISOString()}, so that its last turn goes on`;
  return new TocsinError(
    'SCHEDULE_INVALID',
    `Cannot re-anchor: ${message}. Give its rotation an \`until\` and lay another layer beside it.`,
    { details: { problems: [{ path: `layers.${id}.rotation.rrule`, message }] } },
  );
}

type NextTurn = { readonly handoff: Handoff; readonly turn: number };

// A turn of a thousand handoffs, of which a few are overtaken or do not count.
const MOST_HANDOFFS = 20_000;

/** The turn after the one that runs at `at`, and the handoff that begins it. */
function nextTurn(at: number, rotation: Rotation): NextTurn | undefined {
  const { timetable } = rotation;
  const index = indexOfLastUpTo(at, timetable);
  const wall = timetable.recurrence.at(index);
  const now = wall === undefined ? undefined : placeOf({ index, wall, at: timetable.zone.toInstant(wall) }, rotation);
  let handoff = following(index, timetable);
  // Outside the restrictions no turn runs when the one before is complete: the next handoff may already be the new list's.
  const counted = rotation.turnsBefore(index + 1);
  const isBetween =
    now !== undefined && counted === rotation.turnsBefore(index) && counted % rotation.handoffsPerTurn === 0;
  if (isBetween && handoff !== undefined) return { handoff, turn: placeOf(handoff, rotation).turn };
  for (let looked = 0; handoff !== undefined && looked < MOST_HANDOFFS; looked += 1) {
    const { turn } = placeOf(handoff, rotation);
    if (turn !== now?.turn) return { handoff, turn };
    handoff = following(handoff.index, timetable);
  }
  return undefined;
}

/** The place in the new list of whoever has the next turn, after those who serve by the old one. */
function successorOf(
  { turn }: NextTurn,
  { participants: old, startIndex }: Omit<RosterDefinition, 'until'>,
  participants: readonly Participant[],
): number {
  const place = modulo(turn + startIndex, Math.max(1, old.length));
  const coming = [...old.slice(place), ...old.slice(0, place)];
  const serving = coming.at(-1);
  // Whoever stands in the list more than once goes on where most of what follows is as before.
  const followers = (at: number) => {
    const differs = coming.findIndex((one, step) => !isSame(one, participants[(at + 1 + step) % participants.length]));
    return differs < 0 ? coming.length : differs;
  };
  const own = placesOf(serving, participants);
  const best = own.toSorted((a, b) => followers(b) - followers(a) || a - b)[0];
  if (best !== undefined) return (best + 1) % participants.length;
  return coming.flatMap((one) => placesOf(one, participants))[0] ?? 0;
}

function placesOf(participant: Participant | undefined, participants: readonly Participant[]): readonly number[] {
  if (participant === undefined) return [];
  return participants.flatMap((one, place) => (isSame(one, participant) ? [place] : []));
}

/** A group is the same in whichever order it is written. */
function isSame(one: Participant | undefined, other: Participant | undefined): boolean {
  const named = (participant: Participant | undefined) => JSON.stringify([participant ?? []].flat().toSorted());
  return named(one) === named(other);
}
