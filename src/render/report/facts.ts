/**
 * What every form of a report says alike: what things are called, and the rows that tables and charts are drawn from.
 *
 * Weeks in which nothing happened count as zero incidents, and have no durations; weeks that are to come are not there.
 */
import { oneLine } from '../../core/text/clean.ts';
import { cut } from '../../core/text/cut.ts';
import type {
  MeasurementName,
  NumbersGroup,
  NumbersReport,
  PersonLoad,
  SurvivalPoint,
} from '../../model/measurement.ts';
import { clockOf, WEEK_MS } from '../local-clock.ts';
import { weekStartOf } from '../picture/weeks.ts';
import type { NamedUser } from '../roster.ts';

/** What is measured, for people. */
export const MEASUREMENT_TITLES: { readonly [N in MeasurementName]: string } = {
  detect: 'Time to detect',
  acknowledge: 'Time to acknowledge',
  engage: 'Time to engage',
  mitigate: 'Time to mitigate',
  resolve: 'Time to resolve',
  close: 'Time to close',
};

/** When somebody was interrupted: the mildest first. */
export const LOAD_TIMES = [
  { key: 'duringBusiness', title: 'business hours' },
  { key: 'duringEvenings', title: 'evenings' },
  { key: 'duringWeekends', title: 'weekends' },
  { key: 'duringSleep', title: 'sleep' },
] as const satisfies readonly { readonly key: keyof PersonLoad; readonly title: string }[];

const MOST_WEEKS = 540;
const LONGEST_NAME = 200;
// HTML forbids them, also within a picture.
const NO_CHARACTERS = /\p{Noncharacter_Code_Point}/gu;

/** A week of the window; `group` is absent when nothing happened in it. */
export type WeekRow = { readonly week: string; readonly incidents: number; readonly group?: NumbersGroup };

/** Until when a report can know anything (epoch ms): its period may go on after the moment at which it was taken. */
export function knownUntil({ fromAt, untilAt, at }: Pick<NumbersReport, 'fromAt' | 'untilAt' | 'at'>): number {
  return Math.max(fromAt, Math.min(untilAt, at));
}

/**
 * Every week that the window touches and that has begun, in order; of more than ten years the last ones. Of a week that is to
 * come nobody knows how many incidents it has: it is no week of zero.
 */
export function weekRows(report: NumbersReport): readonly WeekRow[] {
  const { fromAt, timeZone, groups, at } = report;
  if (at < fromAt) return [];
  const clock = clockOf(timeZone);
  const byWeek = new Map(groups.week.map((group) => [group.key, group]));
  const last = weekStartOf(clock.wallAt(Math.max(fromAt, knownUntil(report) - 1)), 1);
  const first = Math.max(weekStartOf(clock.wallAt(fromAt), 1), last - MOST_WEEKS * WEEK_MS);
  return Array.from({ length: 1 + Math.round((last - first) / WEEK_MS) }, (_, place) => {
    const week = new Date(first + place * WEEK_MS).toISOString().slice(0, 10);
    const group = byWeek.get(week);
    return { week, incidents: group?.incidents ?? 0, ...(group === undefined ? {} : { group }) };
  });
}

/** How many pages were requested: every incident has one severity. */
export function pagesOf({ groups }: Pick<NumbersReport, 'groups'>): number {
  return groups.severity.reduce((sum, { pages }) => sum + pages, 0);
}

/** How often people were interrupted, and how often in their sleep. */
export function interruptionsOf(people: readonly PersonLoad[]): { readonly all: number; readonly sleep: number } {
  return {
    all: people.reduce((sum, { interruptions }) => sum + interruptions, 0),
    sleep: people.reduce((sum, { duringSleep }) => sum + duringSleep, 0),
  };
}

/** The most interrupted first; in sleep counts before all else. */
export function heaviestFirst(people: readonly PersonLoad[]): readonly PersonLoad[] {
  return people.toSorted(
    (a, b) => b.interruptions - a.interruptions || b.duringSleep - a.duringSleep || (a.user < b.user ? -1 : 1),
  );
}

/** The largest groups first. */
export function largestFirst(groups: readonly NumbersGroup[]): readonly NumbersGroup[] {
  return groups.toSorted((a, b) => b.incidents - a.incidents || (a.key < b.key ? -1 : 1));
}

/** A curve from its beginning on, where nothing has happened yet. Moments are at least a second, so that a logarithm can show them. */
export function curveRows(curve: readonly SurvivalPoint[]): readonly SurvivalPoint[] {
  const [first] = curve;
  if (first === undefined) return [];
  const points = curve.map((point) => ({ ...point, ms: Math.max(1_000, point.ms) }));
  if (first.survival === 1) return points;
  const ms = Math.max(1_000, first.ms / 2);
  return [{ ms, survival: 1, lower: 1, upper: 1, atRisk: first.atRisk, events: 0 }, ...points];
}

/** What ids are called: the given name on one line, or the id. */
export function namesOf(named: readonly NamedUser[] = []): (id: string) => string {
  const names = new Map(named.map(({ id, name }) => [id, shown(name ?? '')]));
  return (id) => names.get(id) || shown(id) || '–';
}

/** Labels of which no two are the same: a chart would add up what belongs to different ones. */
export function distinct(labels: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const before = seen.get(label) ?? 0;
    seen.set(label, before + 1);
    return before === 0 ? label : `${label} (${before + 1})`;
  });
}

/** A name of a stranger on one line that is no longer than names are. */
export function shown(text: string): string {
  return oneLine(cut(text, LONGEST_NAME)).replace(NO_CHARACTERS, '\ufffd');
}

/** `1 incident`, `2 incidents`, `1,204 incidents` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** `1,204` */
export function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `38%` */
export function percent(share: number): string {
  const hundredths = Math.round(share * 100);
  // A share that is neither none nor all never looks as if it were.
  if (hundredths === 0 && share > 0) return '< 1%';
  return hundredths === 100 && share < 1 ? '> 99%' : `${hundredths}%`;
}
