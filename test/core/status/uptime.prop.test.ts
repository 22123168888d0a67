/** Uptime against a count of every single minute, in zones that change their clocks. */
import fc from 'fast-check';
import type { StatusRecord } from 'tocsin/status';
import { expect, test } from 'vitest';
import type { PublicMaintenance, StatusOverride } from '../../../src/core/status/announced.ts';
import { IMPACTS, type Impact } from '../../../src/model/status.ts';
import { compiled, DAY, ended, MINUTE, override, record, shown, works } from './build.ts';

const DAYS = 4;
const WEIGHTS = { degraded_performance: 0.1, partial_outage: 0.3, major_outage: 1 };
/** A zone, and noon of a day in the two days after its clocks were changed. */
const PLACES = [
  ['Europe/Berlin', Date.UTC(2026, 2, 30, 10)],
  ['Europe/Berlin', Date.UTC(2026, 9, 26, 11)],
  ['America/New_York', Date.UTC(2026, 10, 2, 17)],
  ['Australia/Lord_Howe', Date.UTC(2026, 3, 6, 2)],
  ['America/Sao_Paulo', Date.UTC(2018, 10, 5, 14)],
  ['Africa/Cairo', Date.UTC(2026, 3, 25, 10)],
  ['Asia/Kathmandu', Date.UTC(2026, 5, 1, 7)],
  ['Pacific/Apia', Date.UTC(2011, 11, 31, 22)],
] as const;

type Sources = {
  readonly records: readonly StatusRecord[];
  readonly overrides: readonly StatusOverride[];
  readonly maintenance: readonly PublicMaintenance[];
};

/** Minutes before the moment, back to before the first day. */
const ago = fc.integer({ min: -300, max: (DAYS + 1) * 24 * 60 });
const span = fc.tuple(ago, ago).map(([one, other]) => [Math.max(one, other), Math.min(one, other)] as const);
const broken = fc.constantFrom<Impact>('degraded_performance', 'partial_outage', 'major_outage');

const histories = (at: number) => {
  const before = (minutes: number) => at - minutes * MINUTE;
  const records = fc
    .record({
      moments: fc.uniqueArray(ago, { minLength: 2, maxLength: 4 }),
      impacts: fc.array(broken, { minLength: 3, maxLength: 3 }),
      isOpen: fc.boolean(),
      began: fc.option(ago, { nil: undefined, freq: 4 }),
      more: fc.constantFrom<Partial<StatusRecord>>(
        {},
        {},
        {},
        { visibility: 'private' },
        { kind: 'backfilled' },
        { kind: 'drill' },
      ),
      outcome: fc.constantFrom<StatusRecord['outcome']>('resolved', 'closed', 'merged', 'dismissed'),
      component: fc.constantFrom('checkout', 'search', 'gone'),
    })
    .map(({ moments, impacts, isOpen, began, more, outcome, component }) => {
      const ats = moments.toSorted((a, b) => b - a).map(before);
      const spans = ats
        .slice(0, -1)
        .map((moment, n) => ({ at: moment, impacts: { [component]: impacts[n] ?? 'major_outage' } }));
      const one = record({
        openedAt: ats[0]!,
        spans,
        ...more,
        ...(began !== undefined && { impactStartedAt: before(began) }),
      });
      return isOpen ? one : ended(one, ats.at(-1)!, outcome);
    });
  return fc.record({
    records: fc.array(records, { maxLength: 5 }),
    overrides: fc.array(
      fc
        .tuple(span, fc.constantFrom(...IMPACTS), fc.boolean())
        .map(([[from, until], impact, isEndless]) =>
          override({ from: before(from), impact, ...(!isEndless && { until: before(until) }) }),
        ),
      { maxLength: 3 },
    ),
    maintenance: fc.array(
      fc.tuple(span, fc.option(ago, { nil: undefined })).map(([[from, until], cancelled]) =>
        works({
          from: before(from),
          until: before(until),
          createdAt: 0,
          ...(cancelled !== undefined && { cancelledAt: before(cancelled) }),
        }),
      ),
      { maxLength: 2 },
    ),
  });
};

/** What the component counted as throughout the minute that begins at `at`, told by looking at everything. */
function naive({ records, overrides, maintenance }: Sources, at: number, now: number): number {
  for (const { from, until, cancelledAt } of maintenance)
    if (from <= at && at < until && !(cancelledAt !== undefined && cancelledAt <= now && cancelledAt <= at)) return 1;
  let hand: StatusOverride | undefined;
  for (const one of overrides)
    if (one.from <= at && (one.until === undefined || at < one.until) && (hand === undefined || one.from >= hand.from))
      hand = one;
  if (hand !== undefined) return IMPACTS.indexOf(hand.impact);
  let worst = 0;
  for (const one of records) {
    if (one.visibility === 'private' || one.kind === 'drill') continue;
    // Of an end that is still to come nothing is known yet.
    const isOver = one.outcome !== 'open' && one.endedAt !== undefined && one.endedAt <= now;
    if (isOver && (one.outcome === 'dismissed' || at >= one.endedAt!)) continue;
    if (one.impactStartedAt !== undefined && at < one.impactStartedAt) continue;
    const known = one.spans.filter((each) => each.at <= now);
    const inForce =
      known.findLast((each) => each.at <= at) ?? (one.impactStartedAt === undefined ? undefined : known[0]);
    worst = Math.max(worst, IMPACTS.indexOf(inForce?.impacts.checkout ?? 'operational'));
  }
  return worst;
}

/** The days of a zone, each with its minutes by impact. */
function counted(sources: Sources, timeZone: string, now: number): ReadonlyMap<string, number[]> {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const today = Date.parse(format.format(now));
  const dates = Array.from({ length: DAYS }, (_, n) =>
    new Date(today - (DAYS - 1 - n) * DAY).toISOString().slice(0, 10),
  );
  const days = new Map(dates.map((date) => [date, [0, 0, 0, 0, 0]]));
  for (let at = now - (DAYS + 2) * DAY; at < now; at += MINUTE) {
    const quarter = 15 * MINUTE;
    if (at === now - (DAYS + 2) * DAY || at % quarter === 0) date = format.format(at);
    const counts = days.get(date);
    if (counts !== undefined) counts[naive(sources, at, now)]! += 1;
  }
  return days;
}
let date = '';

test('the minutes and the ratio are those that counting every minute gives', () => {
  const status = (timeZone: string) =>
    compiled({ pages: [{ id: 'public', name: 'P', timeZone, uptime: { days: DAYS, weights: WEIGHTS } }] });
  const worlds = fc
    .constantFrom(...PLACES)
    .chain(([zone, at]) => fc.tuple(fc.constant(zone), fc.constant(at), histories(at)));
  fc.assert(
    fc.property(worlds, ([zone, at, sources]) => {
      const { uptime } = shown({ ...sources, at, status: status(zone) }).components[0]!;
      const days = counted(sources, zone, at);
      expect(uptime?.days.map((day) => [day.date, day.minutes])).toEqual(
        [...days].map(([day, counts]) => [
          day,
          Object.fromEntries(
            IMPACTS.map((impact, rank) => [impact, counts[rank]!] as const).filter(
              ([impact, n]) => impact !== 'operational' && n > 0,
            ),
          ),
        ]),
      );
      const total = [0, 1, 2, 3, 4].map((rank) => [...days.values()].reduce((sum, counts) => sum + counts[rank]!, 0));
      const up = total[0]! + total[2]! + total[3]! + total[4]!;
      const down = total[2]! * 0.1 + total[3]! * 0.3 + total[4]!;
      if (up === 0) expect(uptime?.ratio).toBeUndefined();
      else expect(Math.abs(uptime!.ratio! - (1 - down / up))).toBeLessThan(1e-9);
    }),
    { numRuns: 120 },
  );
});
