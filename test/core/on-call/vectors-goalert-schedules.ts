/**
 * GoAlert's schedules, timelines and temporary schedules.
 *
 * Each rule of a schedule is a layer, and all layers have the same priority. What GoAlert plans for named people and
 * times is asked as overrides that add them to a layer of nobody.
 */
import { occurrences, type Schedule, type ScheduleInput } from '../../../src/core/on-call/index.ts';
import { zoneOf } from '../../../src/core/on-call/zone.ts';
import { layer, schedule, users } from './build.ts';
import { readVectors, type VectorCase, vectorCase } from './vectors-case.ts';
import { type GoAlertRotation, ruleOf } from './vectors-goalert-rotations.ts';
import { ENDLESS_TURN, type GoAlertRule, restrictionOf } from './vectors-goalert-rules.ts';

type Span = { readonly user: string; readonly start: string; readonly end: string };
type Rotation = GoAlertRotation & {
  readonly id: string;
  readonly start: string;
  readonly participants: string[];
  /** Whose turn it was from a certain handoff on. */
  readonly checkpoint?: { readonly index: number; readonly shiftStart: string };
};
type Override = {
  readonly add: string | null;
  readonly remove: string | null;
  readonly start: string;
  readonly end: string;
};
type Query = { readonly queryStart: string; readonly queryEnd: string; readonly expectedShifts: readonly Span[] };
type Checks = { readonly pointChecks: readonly { readonly at: string; readonly expectedUsers: readonly string[] }[] };
type Scenario = {
  readonly id: string;
  readonly name: string;
  readonly tz: string;
  readonly rules: readonly (GoAlertRule & { readonly target: string })[];
  readonly rotations: readonly Rotation[];
  readonly overrides: readonly Override[];
} & (Query | Checks);
type Timeline = {
  readonly id: string;
  readonly name: string;
  readonly spans: readonly Span[];
  readonly expectedStateAt: readonly (readonly [at: string, users: readonly string[]])[];
};
type Temporary = { readonly start: string; readonly end: string; readonly shifts: readonly Span[] };
type Trim = {
  readonly id: string;
  readonly at: string;
  readonly input: readonly Temporary[];
  readonly expected: readonly Temporary[];
};
type OverrideInput = NonNullable<ScheduleInput['overrides']>[number];

const suite = 'GoAlert schedules';
const { scheduleScenarios, timelineVectors, temporaryScheduleVectors } = readVectors<{
  readonly scheduleScenarios: readonly Scenario[];
  readonly timelineVectors: readonly Timeline[];
  readonly temporaryScheduleVectors: readonly Trim[];
}>('goalert');

export const goalertScheduleCases: readonly VectorCase[] = [
  ...scheduleScenarios.map(scenarioCase),
  ...timelineVectors.map(timelineCase),
  ...temporaryScheduleVectors.map(trimCase),
];

function scenarioCase(scenario: Scenario): VectorCase {
  const { id, name } = scenario;
  if ('pointChecks' in scenario) {
    const { pointChecks } = scenario;
    const expected = pointChecks.map(({ expectedUsers }) => expectedUsers);
    const answer = () => pointChecks.map(({ at }) => users(scheduleOf(scenario), at));
    return vectorCase({ id, title: name, suite }, { listed: expected, answer });
  }
  const { queryStart, queryEnd, expectedShifts } = scenario;
  const answer = () => {
    const asked = scheduleOf(scenario);
    return asked.shifts({ from: queryStart, until: queryEnd }).map(({ user, start, end, truncatedEnd }) => ({
      user,
      // GoAlert shows a shift from its beginning, also from before the window.
      start: asked.onCallAt(start).find((duty) => duty.user === user)?.shift.start,
      end,
      truncated: truncatedEnd,
    }));
  };
  return vectorCase({ id, title: name, suite }, { listed: expectedShifts, answer });
}

function timelineCase({ id, name, spans, expectedStateAt }: Timeline): VectorCase {
  const answer = () => expectedStateAt.map(([at]) => [at, users(planOf(spans), at)]);
  return vectorCase({ id, title: name, suite }, { listed: expectedStateAt, answer });
}

function trimCase({ id, at, input, expected }: Trim): VectorCase {
  const answer = () => {
    const asked = planOf(input.flatMap(({ shifts }) => shifts));
    return input.map(({ end }) => ({
      start: at,
      end,
      shifts: asked.shifts({ from: at, until: end }).map((shift) => ({
        user: shift.user,
        start: shift.start,
        end: shift.end,
      })),
    }));
  };
  return vectorCase({ id, title: `what is left after ${at}`, suite }, { listed: expected, answer });
}

function scheduleOf({ tz, rules, rotations, overrides }: Scenario): Schedule {
  const layers = rules.map((rule, index) => {
    const [kind, name = ''] = rule.target.split(':');
    const rotation = kind === 'user' ? undefined : rotations.find(({ id }) => id === name);
    const rest = { priority: 0, restrictions: [restrictionOf(rule)] };
    if (rotation === undefined) return layer(`rule-${index}`, [name], { ...rest, rotation: ENDLESS_TURN });
    return layer(`rule-${index}`, rotation.participants, { ...rest, rotation: turnsOf(rotation, tz) });
  });
  return schedule(layers, { timeZone: tz, overrides: overrides.map(overrideOf) });
}

/** When a rotation hands off, in the zone of the schedule (a layer has one zone), and whose turn comes first. */
function turnsOf(rotation: Rotation, timeZone: string) {
  const { start, participants, checkpoint } = rotation;
  const handoffs = {
    start: new Date(zoneOf(timeZone).toWall(Date.parse(start))).toISOString().slice(0, 19),
    rrule: ruleOf(rotation),
  };
  if (checkpoint === undefined) return handoffs;
  const { index, shiftStart } = checkpoint;
  const turns = occurrences({ ...handoffs, timeZone }, { from: start, until: shiftStart }).length - 1;
  const ahead = (index - turns) % participants.length;
  return { ...handoffs, startIndex: (ahead + participants.length) % participants.length };
}

function overrideOf({ add, remove, start, end }: Override, index: number): OverrideInput {
  const during = { id: `override-${index}`, from: start, until: end };
  if (add === null) return { ...during, kind: 'remove', user: remove ?? '' };
  return remove === null
    ? { ...during, kind: 'add', user: add }
    : { ...during, kind: 'replace', user: add, replaces: remove };
}

function planOf(spans: readonly Span[]): Schedule {
  const overrides = spans.map(({ user, start, end }, index) =>
    overrideOf({ add: user, remove: null, start, end }, index),
  );
  return schedule([layer('nobody', [])], { overrides });
}
