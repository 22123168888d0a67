/**
 * Zones: from wall time to instant and back, by our own table of a zone's offset changes.
 *
 * The table is read from Intl once per zone and year and kept. Nothing here depends on the zone, the locale
 * or the clock of the process.
 */
import { IANAZone } from 'luxon';
import { overlaps, type Span } from './span.ts';
import { ascending, DAY_MS, type Wall, WEEK_MS } from './wall-clock.ts';

/** An IANA time zone that can be asked. */
export type Zone = {
  readonly timeZone: string;
  /** What to add to UTC to get the local time at `at`, in ms. */
  offsetAt(at: number): number;
  /** The stretch around `at` throughout which the offset is what it is then, as far as it is known. */
  steadyAt(at: number): Steady;
  /** The local time at `at`. */
  toWall(at: number): Wall;
  /**
   * The instant of a local time: of an ambiguous one the first; one that does not exist moves forward by the gap.
   *
   * @see RFC 5545 3.3.5
   */
  toInstant(wall: Wall): number;
  /** Every instant at which clocks show `wall`, ascending: none in a gap, two in a repeated hour. */
  instantsOf(wall: Wall): readonly number[];
};

/** A stretch of time in which clocks are not changed. */
export type Steady = Span & { readonly offsetMs: number };

/** Whether `timeZone` names an IANA zone known to this runtime; bare offsets such as `+02:00` are none. */
export function isTimeZone(timeZone: string): boolean {
  return zones.has(timeZone) || (!/^[+-]/.test(timeZone) && IANAZone.isValidZone(timeZone));
}

/** The zone of that name, which must be valid. */
export function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const zone = buildZone(timeZone);
  zones.set(timeZone, zone);
  return zone;
}

/** A clock that is always `offsetMs` ahead of UTC; `timeZone` is the zone that it was taken from. */
export function fixedClock(timeZone: string, offsetMs: number): Zone {
  return {
    timeZone,
    offsetAt: () => offsetMs,
    steadyAt: () => ({ startAt: Number.NEGATIVE_INFINITY, endAt: Number.POSITIVE_INFINITY, offsetMs }),
    toWall: (at) => at + offsetMs,
    toInstant: (wall) => wall - offsetMs,
    instantsOf: (wall) => [wall - offsetMs],
  };
}

// A table of facts that never change, not state: two processes that asked different things still agree.
const zones = new Map<string, Zone>();

// 52 weeks rather than a year: pages are then of one length and start on a whole week.
const PAGE_MS = 52 * WEEK_MS;
const MAX_INSTANT = 8_640_000_000_000_000;

type Period = { readonly startAt: number; readonly offsetMs: number };

function buildZone(timeZone: string): Zone {
  const read = offsetReader(timeZone);
  const pages = new Map<number, readonly Period[]>();
  const steady = new Map<number, readonly Steady[]>();

  function offsetAt(at: number): number {
    const number = Math.floor(at / PAGE_MS);
    const page = pages.get(number) ?? readInto(number);
    // A page has one period, and one more for each change of the clocks: three as a rule.
    for (let last = page.length - 1; last > 0; last -= 1) {
      const period = page[last];
      if (period !== undefined && period.startAt <= at) return period.offsetMs;
    }
    return page[0]?.offsetMs ?? 0;
  }

  function steadyAt(at: number): Steady {
    const number = Math.floor(at / PAGE_MS);
    const stretches = steady.get(number) ?? stretchesOf(number);
    let last = stretches.length - 1;
    while (last > 0 && (stretches[last]?.startAt ?? 0) > at) last -= 1;
    return stretches[last] ?? { startAt: at, endAt: at, offsetMs: offsetAt(at) };
  }

  /** The stretches of a page, those at its edges as long as the pages beside it tell. */
  function stretchesOf(number: number): readonly Steady[] {
    const near = [number - 1, number, number + 1].flatMap((one) => pages.get(one) ?? readInto(one));
    const changes = near.filter((period, index) => period.offsetMs !== near[index - 1]?.offsetMs);
    const stretches = changes.map(({ startAt, offsetMs }, index) => ({
      startAt,
      endAt: changes[index + 1]?.startAt ?? (number + 2) * PAGE_MS,
      offsetMs,
    }));
    const page: Span = { startAt: number * PAGE_MS, endAt: (number + 1) * PAGE_MS };
    const own = stretches.filter((stretch) => overlaps(stretch, page));
    steady.set(number, own);
    return own;
  }

  function readInto(number: number): readonly Period[] {
    const page = readPage(number * PAGE_MS, read);
    pages.set(number, page);
    return page;
  }

  function toInstant(wall: Wall): number {
    // No zone changes twice within two days, and no offset exceeds 15 hours: these are the offsets on both sides.
    const before = offsetAt(wall - DAY_MS);
    const after = offsetAt(wall + DAY_MS);
    if (before === after) return wall - before;
    const isAfter = offsetAt(wall - before) !== before && offsetAt(wall - after) === after;
    return isAfter ? wall - after : wall - before;
  }

  function instantsOf(wall: Wall): readonly number[] {
    const offsets = [offsetAt(wall - DAY_MS), offsetAt(wall + DAY_MS)];
    return ascending(offsets.map((offset) => wall - offset)).filter((at) => at + offsetAt(at) === wall);
  }

  return { timeZone, offsetAt, steadyAt, toWall: (at) => at + offsetAt(at), toInstant, instantsOf };
}

function readPage(pageStartAt: number, read: (at: number) => number): readonly Period[] {
  const page: Period[] = [{ startAt: pageStartAt, offsetMs: read(pageStartAt) }];
  let offsetMs = read(pageStartAt);
  for (let weekAt = pageStartAt; weekAt < pageStartAt + PAGE_MS; weekAt += WEEK_MS) {
    const weekEndAt = weekAt + WEEK_MS;
    let searchFrom = weekAt;
    while (read(weekEndAt) !== offsetMs) {
      searchFrom = firstChange({ startAt: searchFrom, endAt: weekEndAt }, offsetMs, read);
      offsetMs = read(searchFrom);
      page.push({ startAt: searchFrom, offsetMs });
    }
  }
  return page;
}

/** The first second in the span at which the offset is no longer `offsetMs`. */
function firstChange(
  { startAt, endAt }: { readonly startAt: number; readonly endAt: number },
  offsetMs: number,
  read: (at: number) => number,
): number {
  let same = startAt / 1_000;
  let changed = endAt / 1_000;
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (read(middle * 1_000) === offsetMs) same = middle;
    else changed = middle;
  }
  return changed * 1_000;
}

const OFFSET = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/;

function offsetReader(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (at) => {
    const text = format.format(Math.max(-MAX_INSTANT, Math.min(MAX_INSTANT, at)));
    const [, sign, hours, minutes, seconds] = OFFSET.exec(text) ?? [];
    const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0);
    return (sign === '-' ? -size : size) * 1_000;
  };
}
