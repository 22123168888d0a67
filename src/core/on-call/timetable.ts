/**
 * Timetables from text: a start, a rule and dates, as they are written, made ready to be asked.
 *
 * The text must have been checked; see check.ts. Nothing here computes an occurrence.
 */
import type { Timetable } from './handoffs.ts';
import { compileRecurrence } from './recurrence.ts';
import { parseRule } from './rrule.ts';
import { NEVER, parseWall } from './wall-clock.ts';
import type { Zone } from './zone.ts';

/** A recurrence as it is written, with its zone beside it. */
export type RecurrenceText = {
  readonly start: string;
  readonly rrule: string;
  readonly rdates?: readonly string[] | undefined;
  readonly exdates?: readonly string[] | undefined;
};

/** Compiles a recurrence whose text was checked; what cannot be read never occurs. */
export function timetableOf(text: RecurrenceText, zone: Zone): Timetable {
  const known = compiled.get(text);
  if (known?.zone === zone) return known.timetable;
  const timetable = compile(text, zone);
  compiled.set(text, { zone, timetable });
  return timetable;
}

// What is checked is compiled for it, and not once more.
const compiled = new WeakMap<RecurrenceText, { readonly zone: Zone; readonly timetable: Timetable }>();

function compile({ start, rrule, rdates, exdates }: RecurrenceText, zone: Zone): Timetable {
  const parsed = parseRule(rrule);
  const startWall = parseWall(start);
  if ('problem' in parsed || startWall === undefined) return { recurrence: NEVER, zone };
  return compileRecurrence({
    start: startWall,
    rule: parsed.rule,
    rdates: walls(rdates),
    exdates: walls(exdates),
    zone,
  });
}

function walls(texts: readonly string[] | undefined): readonly number[] {
  return (texts ?? []).map(parseWall).filter((wall) => wall !== undefined);
}
