/**
 * What the on-call calculator is asked, and about what: moments, one schedule of three layers, and ten thousand others.
 *
 * The same in every run and every process; nothing here asks anything.
 */
import type { ScheduleInput } from '../src/core/on-call/index.ts';

export const YEAR = { from: '2035-01-01T05:00:00Z', until: '2036-01-01T05:00:00Z' };
const FROM_AT = Date.parse(YEAR.from);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = Date.parse(YEAR.until) - FROM_AT;
const OFFICE_DAYS = 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR';

const ZONES = [
  ...['America/New_York', 'America/Los_Angeles', 'America/Chicago', 'America/Toronto', 'America/Mexico_City'],
  ...['America/Sao_Paulo', 'America/Santiago', 'Europe/London', 'Europe/Dublin', 'Europe/Berlin', 'Europe/Warsaw'],
  ...['Africa/Cairo', 'Africa/Nairobi', 'Asia/Jerusalem', 'Asia/Kolkata', 'Asia/Singapore', 'Asia/Tokyo'],
  ...['Australia/Sydney', 'Australia/Lord_Howe', 'Pacific/Auckland'],
];

/** So many moments of 2035, at random. */
export function momentsOf2035(count: number): readonly Date[] {
  const random = randomFrom(2_035);
  return Array.from({ length: count }, () => new Date(FROM_AT + Math.floor(random() * YEAR_MS)));
}

/** Weekly; above it daily in office hours; above that every other week at night; and fifty overrides in 2035. */
export const THREE_LAYERS: ScheduleInput = {
  id: 'primary',
  timeZone: 'America/New_York',
  layers: [
    {
      id: 'weekly',
      rotation: { start: '2015-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: people('weekly', 5) },
    },
    {
      id: 'office',
      rotation: { start: '2015-01-05T09:00:00', rrule: 'FREQ=DAILY', participants: people('office', 4) },
      restrictions: [{ start: '2015-01-05T09:00:00', duration: '8h', rrule: OFFICE_DAYS }],
    },
    {
      id: 'nights',
      rotation: { start: '2015-01-05T09:00:00', rrule: 'FREQ=WEEKLY;INTERVAL=2', participants: people('night', 3) },
      restrictions: [{ start: '2015-01-05T22:00:00', duration: '8h', rrule: 'FREQ=DAILY' }],
    },
  ],
  overrides: Array.from({ length: 50 }, (_, index) => overrideOf(index)),
};

/** One a week, for four hours to a day and a half: instead of everybody, instead of somebody, as well, and without. */
function overrideOf(index: number): NonNullable<ScheduleInput['overrides']>[number] {
  const fromAt = FROM_AT + (index * 7.2 + 0.4) * DAY_MS;
  const untilAt = fromAt + (4 + ((index * 5) % 32)) * HOUR_MS;
  const [from, until] = [new Date(fromAt).toISOString(), new Date(untilAt).toISOString()];
  const whole = { id: `override-${index}`, from, until, user: `guest-${index % 7}` };
  if (index % 5 === 1) return { ...whole, kind: 'replace', replaces: `office-${index % 4}`, layer: 'office' };
  if (index % 5 === 2) return { ...whole, kind: 'add' };
  if (index % 5 === 3) return { ...whole, kind: 'remove', user: `night-${index % 3}` };
  return { ...whole, kind: 'replace' };
}

/** So many schedules, no two alike: weekly, daily, monthly and restricted ones in turn, in twenty zones. */
export function differentSchedules(count: number): readonly ScheduleInput[] {
  const random = randomFrom(10_000);
  return Array.from({ length: count }, (_, index) => scheduleOf(index, random));
}

function scheduleOf(index: number, random: () => number): ScheduleInput {
  const below = (end: number) => Math.floor(random() * end);
  const start = new Date(Date.UTC(2015, 0, 1) + below(7_000 * 24) * HOUR_MS).toISOString().slice(0, 19);
  const participants = people(`s${index}`, 2 + below(7));
  const rrule = ruleOf(index, below);
  const office = { start, duration: `${6 + below(6)}h`, rrule: OFFICE_DAYS };
  const isRestricted = index % 4 === 3;
  const main = { id: 'main', rotation: { start, rrule, participants } };
  const layers = isRestricted
    ? [main, { id: 'office', rotation: { start, rrule: 'FREQ=DAILY', participants }, restrictions: [office] }]
    : [main];
  return { id: `schedule-${index}`, timeZone: ZONES[below(ZONES.length)] ?? 'UTC', layers };
}

function ruleOf(index: number, below: (end: number) => number): string {
  if (index % 4 === 1) return `FREQ=DAILY;INTERVAL=${1 + below(6)}`;
  if (index % 4 === 2) return `FREQ=MONTHLY;INTERVAL=${1 + below(3)};BYDAY=1MO`;
  return `FREQ=WEEKLY;INTERVAL=${1 + below(4)}`;
}

function people(team: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${team}-${index}`);
}

/** Numbers from 0 to 1 that look random: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
