/**
 * Linting: what is allowed in a schedule and is yet likely a mistake.
 *
 * A finding never makes a schedule unusable; what does is refused when it is made (check.ts).
 */
import { durationMs } from '../../model/duration.ts';
import type { LayerDefinition, Override, ScheduleInput, Swap } from '../../model/schedule.ts';
import { readSchedule } from './check.ts';
import { readMoment } from './local-moment.ts';
import { openSpans } from './restrictions.ts';
import { complement, overlaps, type Span } from './span.ts';
import { timetableOf } from './timetable.ts';
import { DAY_MS } from './wall-clock.ts';
import { type Zone, zoneOf } from './zone.ts';

/** What was found, where, why it matters and what to do. */
export type ScheduleFinding = {
  readonly code:
    | 'OVERRIDES_CONFLICT'
    | 'RESTRICTION_ALWAYS_OPEN'
    | 'ROTATION_EMPTY'
    | 'SHIFT_CUT'
    | 'SWAP_IDLE'
    | 'SWAPS_CONFLICT';
  /** Such as `layers[0].rotation.participants`. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
};

/**
 * What is likely a mistake in a schedule.
 *
 * @throws TocsinError SCHEDULE_INVALID when the schedule cannot be used at all.
 * @example
 * ```ts
 * import { lintSchedule, weeklySchedule } from 'tocsin/on-call';
 * const empty = weeklySchedule('primary', { timeZone: 'UTC', start: '2026-01-05T09:00:00', participants: [] });
 * lintSchedule(empty).map(({ code, path }) => `${code} at ${path}`); // => ['ROTATION_EMPTY at layers[0].rotation.participants']
 * ```
 */
export function lintSchedule(schedule: ScheduleInput): ScheduleFinding[] {
  const { timeZone, layers, overrides, swaps } = readSchedule(schedule);
  const zone = zoneOf(timeZone);
  return [
    ...layers.flatMap((layer, index) => layerFindings(layer, zoneOf(layer.timeZone ?? timeZone), `layers[${index}]`)),
    ...conflicts(overrides, zone),
    ...swapConflicts(swaps, zone),
    ...swaps.flatMap(({ give, take }, index): ScheduleFinding[] =>
      give === take
        ? [
            {
              code: 'SWAP_IDLE',
              path: `swaps[${index}].take`,
              message: `${take} does their own shifts: the swap changes nothing`,
              hint: 'Name somebody else, or leave the swap out.',
            },
          ]
        : [],
    ),
  ];
}

function layerFindings(layer: LayerDefinition, zone: Zone, at: string): ScheduleFinding[] {
  const { rotation, restrictions } = layer;
  const findings: ScheduleFinding[] = [];
  if (rotation.participants.length === 0)
    findings.push({
      code: 'ROTATION_EMPTY',
      path: `${at}.rotation.participants`,
      message: `layer ${layer.id} has no participants: it is a gap for ever, and hides nothing`,
      hint: 'Name somebody, or write null for a turn that is deliberately nobody’s.',
    });
  const { recurrence } = timetableOf(rotation, zone);
  const [first, second] = [recurrence.at(0), recurrence.at(1)];
  if (rotation.shiftDuration !== undefined && first !== undefined && second !== undefined) {
    if (durationMs(rotation.shiftDuration) > second - first)
      findings.push({
        code: 'SHIFT_CUT',
        path: `${at}.rotation.shiftDuration`,
        message: `a shift of ${rotation.shiftDuration} is longer than the time until the next handoff, which ends it`,
        hint: 'Leave shiftDuration out: a shift lasts until the next handoff by itself.',
      });
  }
  for (const [index, restriction] of restrictions.entries()) {
    const timetable = timetableOf(restriction, zone);
    const opensAt = timetable.zone.toInstant(timetable.recurrence.at(0) ?? 0);
    const span: Span = { startAt: opensAt, endAt: opensAt + 400 * DAY_MS };
    const compiled = { timetable, durationMs: durationMs(restriction.duration) };
    if (timetable.recurrence.at(1) !== undefined && complement(openSpans([compiled], span), span).length === 0)
      findings.push({
        code: 'RESTRICTION_ALWAYS_OPEN',
        path: `${at}.restrictions[${index}].duration`,
        message: `${restriction.duration} is at least as long as ${restriction.rrule} takes to come again: it restricts nothing`,
        hint: 'Shorten the duration, or leave the restriction out.',
      });
  }
  return findings;
}

/** Two overrides that both say who replaces the same people at the same time. */
function conflicts(overrides: readonly Override[], zone: Zone): ScheduleFinding[] {
  const spans = overrides.map((override, index) => ({ override, index, ...spanOf(override, zone) }));
  const ascending = spans.toSorted((a, b) => a.startAt - b.startAt);
  /** For each override that wins, those that it contradicts. */
  const losers = new Map<number, string[]>();
  let open: typeof ascending = [];
  for (const span of ascending) {
    open = open.filter(({ endAt }) => endAt > span.startAt);
    for (const other of open) {
      if (!overlaps(span, other) || !contradict(span.override, other.override)) continue;
      const [earlier, later] = span.index < other.index ? [span, other] : [other, span];
      losers.set(later.index, [...(losers.get(later.index) ?? []).slice(-2), earlier.override.id]);
    }
    open.push(span);
  }
  return [...losers].map(([index, ids]) => ({
    code: 'OVERRIDES_CONFLICT',
    path: `overrides[${index}]`,
    message: `override ${overrides[index]?.id} contradicts override ${ids.join(', ')} where both hold; the later one in the list wins`,
    hint: 'Cancel the one that is not meant, or make them follow each other.',
  }));
}

/** Two swaps at the same time that give the same person away, or give each other's shifts back. */
function swapConflicts(swaps: readonly Swap[], zone: Zone): ScheduleFinding[] {
  const spans = swaps.map((swap, index) => ({ swap, index, ...spanOf(swap, zone) }));
  return spans.flatMap((later, index): ScheduleFinding[] => {
    const earlier = spans
      .slice(Math.max(0, index - MOST_COMPARED), index)
      .find(
        (one) =>
          overlaps(one, later) &&
          (one.swap.layer === undefined || later.swap.layer === undefined || one.swap.layer === later.swap.layer) &&
          (one.swap.give === later.swap.give ||
            (one.swap.give === later.swap.take && one.swap.take === later.swap.give)),
      );
    if (earlier === undefined) return [];
    return [
      {
        code: 'SWAPS_CONFLICT',
        path: `swaps[${index}]`,
        message: `swap ${later.swap.id} meets swap ${earlier.swap.id} at the same time: swaps apply one after the other, so that one undoes the other or does nothing`,
        hint: 'To exchange two shifts, give each swap the time of the one shift that it gives away.',
      },
    ];
  });
}

// Enough for what people make at the same time, and bounded.
const MOST_COMPARED = 200;

function contradict(one: Override, other: Override): boolean {
  if (one.layer !== undefined && other.layer !== undefined && one.layer !== other.layer) return false;
  const kinds = [one.kind, other.kind];
  if (one.user === other.user) return kinds.includes('remove') && kinds.some((kind) => kind !== 'remove');
  const isReplaced = (a: Override, b: Override) =>
    a.replaces === undefined || b.replaces === undefined || a.replaces === b.replaces;
  return kinds.every((kind) => kind === 'replace') && isReplaced(one, other);
}

function spanOf({ from, until }: Pick<Override, 'from' | 'until'>, zone: Zone): Span {
  const [begins, ends] = [readMoment(from, zone), readMoment(until, zone)];
  return { startAt: 'at' in begins ? begins.at : 0, endAt: 'at' in ends ? ends.at : 0 };
}
