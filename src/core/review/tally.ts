/**
 * The tally: a report over many incidents, one after the other, without keeping any of them.
 *
 * Fast and small: an incident becomes a row of numbers. Which incidents belong into the window is for the caller to say; it never
 * reads a clock, and what it has counted it does not forget.
 */
import { TocsinError } from '../../errors.ts';
import {
  type ActionItemNumbers,
  type IncidentNumbers,
  NUMBERS_GROUPINGS,
  type NumbersGroup,
  type NumbersGrouping,
  type NumbersReport,
} from '../../model/measurement.ts';
import type { IncidentKind } from '../../model/timeline.ts';
import { DAY_MS, dayOf, parseWall, weekdayOf } from '../on-call/wall-clock.ts';
import { zoneOf } from '../on-call/zone.ts';
import { actionItemNumbers } from './action-item-numbers.ts';
import { noiseTally } from './noise.ts';
import { personLoads } from './person-load.ts';
import { type TallyGroups, tallyGroups } from './tally-groups.ts';
import { tallyRows } from './tally-rows.ts';

/** What a tally counts, and how. Instants are epoch ms; `timeZone` must be valid. */
export type TallyOptions = {
  readonly tenant: string;
  readonly fromAt: number;
  readonly untilAt: number;
  /** When the numbers are taken. */
  readonly at: number;
  /** In which weeks begin, and days and nights of people who have no zone of their own. */
  readonly timeZone: string;
  /** Which incidents are counted; the others are left out. */
  readonly kinds: readonly IncidentKind[];
  readonly teamOf: (service: string) => string | undefined;
  /** Negative when severity `a` comes before `b`. Default: they are in the order of their names. */
  readonly compareSeverity?: (a: string, b: string) => number;
  /** The zone of a person; one that is not known is taken as none. */
  readonly zoneOf: (user: string) => string | undefined;
  /** Local times of day, such as '22:00', between which people sleep. */
  readonly sleep: { readonly from: string; readonly until: string };
  /** How long after a page the next one is the same interruption. */
  readonly gapMs: number;
};

/** What stands beside the incidents in a report; without action items their numbers are those of none. */
export type BesideIncidents = {
  readonly actionItems?: ActionItemNumbers;
  /** Hours on call, by user. */
  readonly onCallHours?: ReadonlyMap<string, number>;
};

/** A report in the making. */
export type Tally = {
  add(numbers: IncidentNumbers): void;
  /** The report on everything that was added so far. */
  report(beside?: BesideIncidents): NumbersReport;
};

/**
 * An empty tally.
 *
 * @throws TocsinError INPUT_INVALID when `sleep` is no time of day.
 */
export function createTally(options: TallyOptions): Tally {
  const { tenant, fromAt, untilAt, at, timeZone, kinds, teamOf, gapMs } = options;
  const sleep = { fromMs: timeOfDay(options.sleep.from), untilMs: timeOfDay(options.sleep.until) };
  const rows = tallyRows();
  const people = personLoads({ timeZone, zoneOf: options.zoneOf, sleep, gapMs });
  const noise = noiseTally();
  const weekOf = weeksIn(timeZone);
  const groupings: Readonly<Record<NumbersGrouping, TallyGroups>> = {
    service: tallyGroups(),
    team: tallyGroups(),
    severity: tallyGroups(),
    week: tallyGroups(),
  };
  const counts = { incidents: 0, open: 0, resolved: 0, dismissed: 0, merged: 0, reopened: 0, leftOut: 0 };

  const groupsOf = (grouping: NumbersGrouping): readonly NumbersGroup[] => {
    const numbers = rows.groups(groupings[grouping].partition());
    const compare = grouping === 'severity' ? options.compareSeverity : undefined;
    return groupings[grouping].keys(compare).flatMap(({ key, group }) => {
      const own = numbers[group];
      return own === undefined ? [] : [{ key, ...own }];
    });
  };

  return {
    add(numbers) {
      if (!kinds.includes(numbers.kind)) {
        counts.leftOut += 1;
        return;
      }
      const { service, severity, outcome, openedAt, reopenings } = numbers;
      counts.incidents += 1;
      counts[outcome === 'closed' ? 'resolved' : outcome] += 1;
      counts.reopened += reopenings > 0 ? 1 : 0;
      rows.add(numbers);
      const keys = { service, team: teamOf(service), severity, week: weekOf(openedAt) };
      for (const grouping of NUMBERS_GROUPINGS) groupings[grouping].add(keys[grouping]);
      people.add(numbers.people);
      noise.add(numbers);
    },
    report({ actionItems, onCallHours } = {}) {
      return {
        tenant,
        fromAt,
        untilAt,
        at,
        timeZone,
        counts: { ...counts },
        durations: rows.all({ points: MOST_POINTS }),
        groups: {
          service: groupsOf('service'),
          team: groupsOf('team'),
          severity: groupsOf('severity'),
          week: groupsOf('week'),
        },
        people: people.loads(onCallHours),
        noise: noise.noise(),
        actionItems: actionItems ?? actionItemNumbers([], { now: at }),
      };
    },
  };
}

/** The most points of a survival curve. */
const MOST_POINTS = 200;

/** Names the week of a moment by its Monday, as a local date. */
function weeksIn(timeZone: string): (at: number) => string {
  const zone = zoneOf(timeZone);
  const names = new Map<number, string>();
  return (at) => {
    const wall = zone.toWall(at);
    const monday = dayOf(wall) - weekdayOf(wall) * DAY_MS;
    const name = names.get(monday) ?? new Date(monday).toISOString().slice(0, 10);
    names.set(monday, name);
    return name;
  };
}

/** In ms since midnight; the end of a day is the beginning of the next one. */
function timeOfDay(text: string): number {
  const found = text === '24:00' ? 0 : parseWall(`1970-01-01T${text}`);
  if (found !== undefined) return found;
  throw new TocsinError('INPUT_INVALID', `Cannot count nights by '${text}': expected a time of day such as '22:00'.`, {
    details: { problems: [{ path: 'sleep', message: "expected a time of day such as '22:00'" }] },
  });
}
