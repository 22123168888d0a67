/** Every time zone that there is, at every change of its clocks from 2000 to 2040: no hole, no overlap, no step back. */
import { IANAZone } from 'luxon';
import { expect, test } from 'vitest';
import { createSchedule, type Schedule } from '../../../src/core/on-call/index.ts';
import { type Zone, zoneOf } from '../../../src/core/on-call/zone.ts';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const [FROM, UNTIL] = [Date.UTC(2000, 0, 1), Date.UTC(2040, 0, 1)];
const PEOPLE = ['ana', 'ben', 'chi'];
const ROTATIONS = {
  daily: 'FREQ=DAILY',
  hourly: 'FREQ=HOURLY',
  'half-hourly': 'FREQ=HOURLY;BYMINUTE=0,30',
};
const NAMED = [
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'Africa/Cairo',
  'America/Santiago',
];
const ZONES = [...new Set([...Intl.supportedValuesOf('timeZone'), ...NAMED, 'UTC'])];

/** The instants at which the clocks of a zone change: where they show another time than a week before, to the minute. */
function changesOf(timeZone: string): readonly number[] {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: 'numeric', minute: 'numeric' });
  const { offset } = offsetsOf(timeZone);
  const found: number[] = [];
  let shown = clock.format(FROM);
  // In 2000 parts of Brazil changed and changed back within eight days; nobody ever did within a week.
  for (let at = FROM; at < UNTIL; at += 7 * DAY) {
    const next = clock.format(at + 7 * DAY);
    if (next === shown) continue;
    shown = next;
    let [same, changed] = [at / MINUTE, (at + 7 * DAY) / MINUTE];
    while (changed - same > 1) {
      const middle = Math.floor((same + changed) / 2);
      if (offset(middle * MINUTE) === offset(at)) same = middle;
      else changed = middle;
    }
    found.push(changed * MINUTE);
  }
  return found;
}

/** Luxon's reading of instants, in ms; it is never asked to read a local time. */
function offsetsOf(timeZone: string) {
  const zone = IANAZone.create(timeZone);
  return { offset: (at: number) => zone.offset(at) * MINUTE };
}

/** What is wrong with the offsets of a zone around a change. */
function offsetProblems(zone: Zone, change: number): readonly string[] {
  const problems: string[] = [];
  const { offset } = offsetsOf(zone.timeZone);
  for (const at of [-DAY, -HOUR, -1, 0, 1, HOUR, DAY].map((shift) => change + shift)) {
    if (zone.offsetAt(at) !== offset(at)) problems.push(`offset ${at}`);
    const back = zone.toInstant(zone.toWall(at));
    // Of a local time that comes twice, it is the first.
    const isFirst = back < at && zone.toWall(back) === zone.toWall(at);
    if (back !== at && !isFirst) problems.push(`round trip ${at}`);
  }
  return problems;
}

/** What is wrong with the handoffs and the shifts of a rotation around a change. */
function shiftProblems(schedule: Schedule, layer: string, change: number): readonly string[] {
  const window = { from: change - 26 * HOUR, until: change + 26 * HOUR };
  const shifts = schedule.layerShifts(layer, window);
  const problems: string[] = [];
  let [at, handoff] = [window.from, -1];
  for (const shift of shifts) {
    if (+shift.start !== at) problems.push(`${layer}: hole or overlap at ${at}`);
    if (+shift.end <= +shift.start) problems.push(`${layer}: shift without length at ${at}`);
    if ((shift.handoff ?? -1) <= handoff) problems.push(`${layer}: handoff ${shift.handoff} after ${handoff}`);
    [at, handoff] = [+shift.end, shift.handoff ?? -1];
  }
  if (at !== window.until) problems.push(`${layer}: ends at ${at}`);
  const starts = shifts.filter(({ truncatedStart }) => !truncatedStart).map(({ start }) => start);
  const handoffs = schedule.handoffs(layer, window);
  if (handoffs.map(Number).join() !== starts.map(Number).join()) problems.push(`${layer}: handoffs are not the starts`);
  return problems;
}

/** The clocks of a zone: equal texts are equal clocks, whatever the zones are called. */
function clocksOf(timeZone: string, changes: readonly number[]): string {
  const { offset } = offsetsOf(timeZone);
  return JSON.stringify([offset(FROM), ...changes.map((at) => [at, offset(at - 1), offset(at)])]);
}

/** Of zones with the same clocks the shifts are looked at once, and the offsets of each. */
function problemsOf(timeZone: string, known: Set<string>): readonly string[] {
  const changes = changesOf(timeZone);
  const clocks = clocksOf(timeZone, changes);
  const layers = known.has(clocks) ? [] : Object.keys(ROTATIONS);
  known.add(clocks);
  const schedule = createSchedule({
    id: 'any',
    timeZone,
    layers: Object.entries(ROTATIONS).map(([id, rrule]) => ({
      id,
      rotation: { start: '1999-11-01T00:30:00', rrule, participants: PEOPLE },
    })),
  });
  return changes.flatMap((change) => [
    ...offsetProblems(zoneOf(timeZone), change),
    ...layers.flatMap((layer) => shiftProblems(schedule, layer, change)),
  ]);
}

test('the zones with the oddest clocks are among those that are looked at, and their changes are found', () => {
  for (const zone of NAMED) expect([zone, changesOf(zone).length > 0]).toEqual([zone, true]);
  expect(changesOf('Pacific/Apia')).toContain(Date.parse('2011-12-30T10:00:00Z'));
  expect(changesOf('America/Noronha').slice(1, 3)).toEqual([
    Date.parse('2000-10-08T02:00:00Z'),
    Date.parse('2000-10-15T01:00:00Z'),
  ]);
});

test('at every change of clocks of every zone, shifts follow each other without hole, overlap or step back', () => {
  const known = new Set<string>();
  const wrong = ZONES.flatMap((zone) => problemsOf(zone, known).map((problem) => `${zone}: ${problem}`));
  expect(ZONES.length).toBeGreaterThan(400);
  expect(known.size).toBeGreaterThan(150);
  expect(wrong.slice(0, 20)).toEqual([]);
}, 120_000);
