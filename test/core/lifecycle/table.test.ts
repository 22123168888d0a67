/**
 * Every state meets every event: it goes where the table says, or the event is refused by name.
 */
import { advance, allowed, COMMAND_EVENTS, canAccept, incidentMachine, type StateValue } from 'tocsin/lifecycle';
import { describe, expect, test } from 'vitest';
import { TIMER_KINDS } from '../../../src/core/lifecycle/snapshot.ts';
import { isTocsinError } from '../../../src/errors.ts';
import { type TimelineEvent, timelineEventSchema } from '../../../src/model/timeline.ts';
import { examples, STATES } from './states.ts';
import { ana, flat, type Story } from './support.ts';
import { TABLE } from './table.ts';

type Region = keyof StateValue;
type Node = typeof incidentMachine.root;

const REGIONS = Object.keys(STATES) as Region[];

function following(at: Story, name: string): TimelineEvent {
  const { seq, context } = at.snapshot();
  return { ...examples(at)[name]!, seq: seq + 1, at: context.at, by: ana } as TimelineEvent;
}

function outcome(at: Story, region: Region, name: string): string {
  try {
    return flat(advance(at.snapshot(), following(at, name)).snapshot.value[region]);
  } catch (error) {
    if (isTocsinError(error, 'INVALID_TRANSITION')) return 'refused';
    throw error;
  }
}

describe.each(REGIONS)('the %s region', (region) => {
  test('has a row in the table for each of its states that lasts', () => {
    expect(Object.keys(TABLE[region])).toEqual(lasting(incidentMachine.root.states[region] as Node));
  });

  test.each(Object.keys(STATES[region]))('in %s meets every event as the table says', (state) => {
    const at = STATES[region][state]!();
    expect(flat(at.snapshot().value[region])).toBe(state);
    const { moves, stays } = TABLE[region][state]!;
    const names = Object.keys(examples(at));
    const expected = names.map((name) => [name, moves[name] ?? (stays.includes(name) ? state : 'refused')]);
    expect(names.map((name) => [name, outcome(at, region, name)])).toEqual(expected);
    expect([...Object.keys(moves), ...stays].filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each(Object.keys(STATES[region]))('in %s names what is allowed when it refuses', (state) => {
    const at = STATES[region][state]!();
    const snapshot = at.snapshot();
    const row = TABLE[region][state]!;
    expect(allowed(snapshot)).toEqual(row.allowed);
    const list = row.allowed.join(', ') || 'nothing';
    for (const name of Object.keys(examples(at)).filter((name) => outcome(at, region, name) === 'refused')) {
      const event = following(at, name);
      expect(canAccept(snapshot, event)).toBe(false);
      expect(() => advance(snapshot, event)).toThrow(
        expect.objectContaining({
          code: 'INVALID_TRANSITION',
          message: `Cannot apply ${event.type} to incident i1: it is ${snapshot.value.phase}. Allowed now: ${list}.`,
          details: { incident: 'i1', event: event.type, state: snapshot.value, allowed: row.allowed },
        }),
      );
    }
  });
});

test('the table knows every event of a timeline and every kind of timer', () => {
  const types = timelineEventSchema.options.map((option) => option.shape.type.value);
  const known = [...types.filter((type) => type !== 'timer.fired'), ...TIMER_KINDS.map((kind) => `timer ${kind}`)];
  expect(Object.keys(examples(STATES.phase.triage!()))).toEqual(expect.arrayContaining(known));
  expect(Object.keys(examples(STATES.phase.triage!()))).toHaveLength(known.length);
});

test('no event has handlers in two regions, and none at the root; only signals are heard by several', () => {
  const { root } = incidentMachine;
  const owners = new Map<string, Set<string>>();
  for (const node of nodes(root)) {
    for (const event of node.ownEvents) owners.set(event, (owners.get(event) ?? new Set()).add(node.path[0] ?? 'root'));
  }
  const facts = [...owners].filter(([event]) => !event.startsWith('~'));
  expect(facts.filter(([, regions]) => regions.size > 1 || regions.has('root'))).toEqual([]);
  expect(root.ownEvents).toEqual([]);
  expect(root.after).toEqual([]);
});

test('every event of a timeline but the first and the timers is handled by some region', () => {
  const handled = new Set(nodes(incidentMachine.root).flatMap((node) => node.ownEvents as readonly string[]));
  const types = timelineEventSchema.options.map((option) => option.shape.type.value);
  expect(types.filter((type) => !handled.has(type))).toEqual(['incident.opened', 'timer.fired']);
});

test('every kind of timer belongs to exactly one state', () => {
  const kinds = nodes(incidentMachine.root).flatMap((node) => [
    ...new Set(node.after.map(({ delay }) => String(delay))),
  ]);
  expect([...kinds].sort()).toEqual([...TIMER_KINDS].sort());
});

test('every guard, action and delay is a name, so that the statechart can be read as data', () => {
  const inline = nodes(incidentMachine.root).flatMap((node) =>
    [...(node.always ?? []), ...[...node.transitions.values()].flat()]
      .flatMap(({ guard, actions }) => [...(guard === undefined ? [] : [guard]), ...actions])
      .concat(node.entry, node.exit)
      .filter((name) => !isNamed(name)),
  );
  expect(inline).toEqual([]);
  expect(
    nodes(incidentMachine.root).flatMap((node) => node.after.filter(({ delay }) => typeof delay !== 'string')),
  ).toEqual([]);
  expect(nodes(incidentMachine.root).flatMap((node) => node.invoke)).toEqual([]);
});

test('the bare type of a command is enough to ask whether it is allowed, in every state', () => {
  const differing = REGIONS.flatMap((region) =>
    Object.entries(STATES[region]).flatMap(([state, reach]) => {
      const at = reach();
      const { value, context } = at.snapshot();
      const restored = incidentMachine.resolveState({ value, context });
      return Object.values(COMMAND_EVENTS)
        .filter((type) => {
          const bare = { type } as Parameters<typeof restored.can>[0];
          return restored.can(bare) !== canAccept(at.snapshot(), following(at, type));
        })
        .map((type) => `${region}.${state}: ${type}`);
    }),
  );
  expect(differing).toEqual([]);
});

function nodes(node: Node): Node[] {
  return [node, ...Object.values(node.states).flatMap((child) => nodes(child as Node))];
}

/** The states without inner states that are not left at once, named within their region. */
function lasting(region: Node): string[] {
  return nodes(region)
    .filter((node) => Object.keys(node.states).length === 0 && (node.always ?? []).length === 0)
    .map((node) => node.path.slice(1).join('.'));
}

/** XState adds its own actions to arm and cancel the timers of `after`; those carry the name of their delay. */
function isNamed(name: unknown): boolean {
  if (typeof name === 'string') return true;
  if (typeof name === 'function')
    return ['xstate.raise', 'xstate.cancel'].includes((name as { type?: string }).type ?? '');
  return typeof (name as { type?: unknown } | null)?.type === 'string';
}
