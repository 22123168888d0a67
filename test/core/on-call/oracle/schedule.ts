/**
 * The oracle's schedule: who is on call at every minute of a stretch, worked out minute by minute.
 *
 * Written from docs/on-call.md and DESIGN 6. Handoffs and windows come from the oracle's own recurrences; it shares nothing
 * with the sweep, the layers or the turns of src/core/on-call. All times of a schedule must be whole minutes.
 */
import { durationMs } from '../../../../src/model/duration.ts';
import type { LayerDefinition, RotationDefinition, ScheduleDefinition } from '../../../../src/model/schedule.ts';
import { type Clock, clockOf, DAY, MINUTE } from './clock.ts';
import { type LayerMinute, onCallOf, type Person } from './duty.ts';
import { lastUpTo, type Walked, walk } from './recurrence.ts';

/** A stretch in epoch ms, of whole minutes. */
export type Minutes = { readonly from: number; readonly until: number };

/** What a layer has at each minute, and when in the stretch it hands off while it serves. */
export type WalkedLayer = {
  readonly id: string;
  readonly priority: number;
  readonly people: readonly (readonly Person[] | undefined)[];
  readonly handoffs: readonly number[];
};

/** Who is on call at every minute, as sorted texts, and what every layer has. */
export function walkSchedule({ layers, overrides, swaps, timeZone }: ScheduleDefinition, minutes: Minutes) {
  const clock = clockOf(timeZone);
  const walked = layers.map((layer, position) => walkLayer(layer, position, timeZone, minutes));
  const spans = <T extends { readonly from: string; readonly until: string }>(items: readonly T[]) =>
    items.map((item) => ({ item, from: momentOf(item.from, clock), until: momentOf(item.until, clock) }));
  const [allOverrides, allSwaps] = [spans(overrides), spans(swaps)];
  const who = walked[0]?.people.map((_, minute) => {
    const at = minutes.from + minute * MINUTE;
    const now = walked.map(({ id, priority, people }): LayerMinute => ({ id, priority, people: people[minute] }));
    const holding = <T>(items: readonly { readonly item: T; readonly from: number; readonly until: number }[]) =>
      items.filter(({ from, until }) => from <= at && at < until).map(({ item }) => item);
    return onCallOf(now, holding(allSwaps), holding(allOverrides));
  });
  return { who: who ?? [], layers: walked };
}

/** A text with an offset, or a local time. */
function momentOf(text: string, clock: Clock): number {
  return /Z$|[+-]\d\d:\d\d$/.test(text) ? Date.parse(text) : clock.toInstant(Date.parse(`${text}Z`));
}

function walkLayer(layer: LayerDefinition, position: number, scheduleZone: string, minutes: Minutes): WalkedLayer {
  const timeZone = layer.timeZone ?? scheduleZone;
  const clock = clockOf(timeZone);
  const horizon = clock.toLocal(minutes.until) + 40 * DAY;
  const { rotation, restrictions, id } = layer;
  const handoffs = walk({ ...rotation, timeZone }, horizon);
  const windows = restrictions.map((restriction) => ({
    openings: walk({ ...restriction, timeZone }, horizon),
    lengthMs: durationMs(restriction.duration),
  }));
  const size = Math.round((minutes.until - minutes.from) / MINUTE);
  const inForce = new Array<number>(size).fill(-1);
  const isOpen = new Array<boolean>(size).fill(restrictions.length === 0);
  const paint = (startAt: number, endAt: number, set: (minute: number) => void) => {
    const first = Math.max(0, Math.ceil((startAt - minutes.from) / MINUTE));
    for (let minute = first; minute < size && minutes.from + minute * MINUTE < endAt; minute += 1) set(minute);
  };

  // The one in force is the one with the highest number whose instant has come.
  const begun = lastUpTo(minutes.from, handoffs);
  inForce.fill(begun);
  for (const [index, at] of handoffs.instants.entries()) {
    if (index > begun && at < minutes.until) paint(at, minutes.until, (minute) => (inForce[minute] = index));
  }
  for (const { openings, lengthMs } of windows) {
    for (const [index, at] of openings.instants.entries())
      paint(at, endOf(index, lengthMs, openings), (minute) => (isOpen[minute] = true));
  }

  const from = rotation.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(rotation.from);
  const until = rotation.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(rotation.until);
  const counted = countedBefore(layer, handoffs, windows);
  const lengthMs = rotation.shiftDuration === undefined ? Number.POSITIVE_INFINITY : durationMs(rotation.shiftDuration);
  const people = inForce.map((index, minute): readonly Person[] | undefined => {
    const at = minutes.from + minute * MINUTE;
    if (index < 0 || !isOpen[minute] || at < from || at >= until) return undefined;
    if (at >= endOf(index, lengthMs, handoffs)) return undefined;
    const participant = participantOf(rotation, handoffs.instants[index] ?? 0, counted[index] ?? 0);
    if (participant === undefined) return undefined;
    return [participant ?? []]
      .flat()
      .map((user) => ({ user, layer: id, why: `${user} rotation ${id} ${id} ${index}` }));
  });
  const before = lastUpTo(minutes.from - 1, handoffs);
  const handedOff = inForce.flatMap((index, minute) => {
    const at = minutes.from + minute * MINUTE;
    const isHandoff = index !== (inForce[minute - 1] ?? before) && at >= from && at < until;
    return isHandoff ? [at] : [];
  });
  return { id, priority: layer.priority ?? position, people, handoffs: handedOff };
}

/**
 * What begins with an occurrence ends when the clock shows its end; what a gap swallows whole lasts as long as it says, and
 * so does what is counted in hours that pass.
 */
function endOf(index: number, lengthMs: number, { clock, instants, locals, isPassing }: Walked): number {
  const startAt = instants[index] ?? 0;
  if (lengthMs === Number.POSITIVE_INFINITY || isPassing) return startAt + lengthMs;
  const endAt = clock.toInstant((locals[index] ?? 0) + lengthMs);
  return endAt > startAt ? endAt : startAt + lengthMs;
}

function participantOf(rotation: RotationDefinition, handoffAt: number, counted: number) {
  const turn = Math.floor(counted / rotation.handoffsPerTurn);
  const roster = (rotation.earlier ?? []).find(({ until }) => handoffAt < Date.parse(until)) ?? rotation;
  return roster.participants[(turn + roster.startIndex) % Math.max(1, roster.participants.length)];
}

/** How many handoffs counted before each. */
function countedBefore(
  { rotation, restrictions }: LayerDefinition,
  { locals }: Walked,
  windows: readonly { readonly openings: Walked; readonly lengthMs: number }[],
): readonly number[] {
  if (rotation.advance === 'every-handoff' || restrictions.length === 0) return locals.map((_, index) => index);
  const lengthMs = rotation.shiftDuration === undefined ? Number.POSITIVE_INFINITY : durationMs(rotation.shiftDuration);
  // Every minute of local time: is a window open in it?
  const first = locals[0] ?? 0;
  const size = Math.ceil(((locals.at(-1) ?? 0) - first) / MINUTE) + 1;
  const open = new Uint8Array(size);
  for (const { openings, lengthMs: length } of windows) {
    for (const local of openings.locals)
      open.fill(
        1,
        Math.min(size, Math.max(0, (local - first) / MINUTE)),
        Math.max(0, (local + length - first) / MINUTE),
      );
  }
  let counted = 0;
  return locals.map((local, index) => {
    const before = counted;
    const end = Math.min(locals[index + 1] ?? Number.POSITIVE_INFINITY, local + lengthMs);
    const shift = open.subarray(
      (local - first) / MINUTE,
      end === Number.POSITIVE_INFINITY ? size : (end - first) / MINUTE,
    );
    if (shift.includes(1)) counted += 1;
    return before;
  });
}
