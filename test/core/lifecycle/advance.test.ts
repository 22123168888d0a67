/**
 * One event, one step; a timeline read back; a command carried to its end.
 */
import {
  advance,
  allowed,
  canAccept,
  type IncidentSnapshot,
  incidentView,
  type Plan,
  pagingState,
  replay,
  settle,
} from 'tocsin/lifecycle';
import { describe, expect, test } from 'vitest';
import { MACHINE_VERSION } from '../../../src/core/lifecycle/machine.ts';
import { SYSTEM } from '../../../src/model/identity.ts';
import type { EventDraft, TimelineEvent } from '../../../src/model/timeline.ts';
import { ana, ladder, MINUTE, opened, planOf, rung, settings, source, story, T0 } from './support.ts';

const at = (seq: number, draft: EventDraft, ms = T0): TimelineEvent =>
  ({ ...draft, seq, at: ms, by: ana }) as TimelineEvent;
const first = () => advance(undefined, at(1, opened())).snapshot;
const code = (name: string, details?: object, message?: string) =>
  expect.objectContaining({ code: name, ...(details && { details }), ...(message && { message }) });

describe('advance', () => {
  test('begins with incident.opened and asks for the first page', () => {
    const { snapshot, effects } = advance(undefined, at(1, opened()));
    expect(snapshot).toMatchObject({
      machine: 'incident',
      machineVersion: MACHINE_VERSION,
      seq: 1,
      timers: { step: { armedSeq: 1, dueAt: T0 + 5 * MINUTE } },
    });
    expect(snapshot.value).toEqual({
      phase: 'triage',
      alerts: 'firing',
      paging: 'escalating',
      urgency: 'settled',
      roles: 'settled',
      tasks: 'idle',
      updates: 'notRequired',
      review: 'notNeeded',
    });
    expect(effects).toEqual([
      { type: 'requestPage', purpose: 'step' },
      { type: 'requestResponse' },
      { type: 'armTimer', kind: 'step', armedSeq: 1, dueAt: T0 + 5 * MINUTE },
    ]);
  });

  test('refuses another beginning', () => {
    expect(() => advance(undefined, at(1, { type: 'note.added', text: 'x' }))).toThrow(
      code(
        'TIMELINE_INVALID',
        { expected: 1, found: 1 },
        'Cannot begin an incident with event 1 (note.added): the first event is number 1, incident.opened.',
      ),
    );
    expect(() => advance(undefined, at(2, opened()))).toThrow(code('TIMELINE_INVALID', { expected: 1, found: 2 }));
  });

  test('refuses a number that does not follow', () => {
    expect(() => advance(first(), at(3, { type: 'incident.acknowledged' }))).toThrow(
      code(
        'TIMELINE_INVALID',
        { expected: 2, found: 3 },
        'Cannot apply event 3 (incident.acknowledged) to incident i1: expected number 2.',
      ),
    );
  });

  test('refuses to open twice', () => {
    expect(() => advance(first(), at(2, opened()))).toThrow(code('INVALID_TRANSITION'));
  });

  test('refuses a snapshot of another version before it reads anything in it', () => {
    const other = {
      ...first(),
      machineVersion: MACHINE_VERSION + 1,
      value: { phase: 'unheard-of' },
    } as unknown as IncidentSnapshot;
    expect(() => advance(other, at(2, { type: 'incident.acknowledged' }))).toThrow(
      code(
        'SNAPSHOT_UNREADABLE',
        { expected: MACHINE_VERSION, found: MACHINE_VERSION + 1 },
        `Cannot read a snapshot of incident version ${MACHINE_VERSION + 1}: this is version ${MACHINE_VERSION}. Replay the timeline instead.`,
      ),
    );
    const another = { ...first(), machine: 'silence' } as unknown as IncidentSnapshot;
    expect(() => advance(another, at(2, { type: 'incident.acknowledged' }))).toThrow(code('SNAPSHOT_UNREADABLE'));
  });

  test('changes nothing in what it was given', () => {
    const before = first();
    const copy = structuredClone(before);
    advance(before, at(2, { type: 'incident.acknowledged' }));
    expect(before).toStrictEqual(copy);
  });

  test('a fired timer is gone, unless its state is entered again', () => {
    const exhausting = advance(
      advance(first(), at(2, { type: 'incident.escalated', step: 2 })).snapshot,
      at(3, { type: 'timer.fired', kind: 'step' }),
    );
    expect(exhausting.snapshot.timers).toEqual({});
    expect(exhausting.effects).toEqual([
      { type: 'record', draft: { type: 'escalation.exhausted', policyId: 'default' } },
    ]);
  });

  test('a timer of no known kind is refused, even when a snapshot claims it', () => {
    const claimed = { ...first(), timers: { mystery: { armedSeq: 1, dueAt: T0 } } } as unknown as IncidentSnapshot;
    expect(canAccept(claimed, { type: 'timer.fired', kind: 'mystery' })).toBe(false);
    expect(canAccept(first(), { type: 'timer.fired', kind: 'toString' })).toBe(false);
    expect(canAccept(first(), { type: 'timer.fired', kind: 'step' })).toBe(true);
  });

  test('says which effects an event has, in their order', () => {
    const s = story().does(ana, { type: 'incident.acknowledged' });
    const next = (draft: EventDraft) => advance(s.snapshot(), at(s.snapshot().seq + 1, draft)).effects;
    expect(next({ type: 'incident.mitigated' })).toEqual([
      { type: 'requestNotice', topic: 'monitoring' },
      { type: 'armTimer', kind: 'acknowledgeTimeout', armedSeq: 4, dueAt: T0 + 30 * MINUTE },
    ]);
    const joining = next({ type: 'responder.requested', user: 'zoe' });
    expect(joining.find(({ type }) => type === 'requestPage')).toEqual({
      type: 'requestPage',
      purpose: 'responder',
      responder: 'zoe',
    });
    const escalating = first();
    expect(advance(escalating, at(2, { type: 'schedule.handedOff', schedule: 'primary' })).effects).toEqual([
      { type: 'requestPage', purpose: 'handoff', schedule: 'primary' },
    ]);
    expect(next({ type: 'incident.resolved' })).toEqual([
      { type: 'withdraw' },
      { type: 'requestNotice', topic: 'resolved' },
      { type: 'armTimer', kind: 'close', armedSeq: 4, dueAt: T0 + 604_800_000 },
      { type: 'cancelTimer', kind: 'acknowledgeTimeout' },
    ]);
    expect(next({ type: 'note.added', text: 'Looking' }).filter(({ type }) => type !== 'armTimer')).toEqual([]);
  });
});

describe('replay', () => {
  const timeline = () =>
    story()
      .passes(5 * MINUTE)
      .does(ana, { type: 'incident.acknowledged' })
      .timeline();

  test('stops after the moment or the number that was asked for', () => {
    expect(replay(timeline()).seq).toBe(5);
    expect(replay(timeline(), { untilSeq: 2 })).toMatchObject({ seq: 2, value: { paging: 'escalating' } });
    expect(replay(timeline(), { until: T0 + 5 * MINUTE - 1 }).seq).toBe(2);
    expect(replay(timeline(), { until: T0 + 5 * MINUTE }).seq).toBe(5);
    expect(replay(timeline(), { until: T0 + 5 * MINUTE, untilSeq: 4 }).timers).toEqual({
      step: { armedSeq: 3, dueAt: T0 + 15 * MINUTE },
    });
  });

  test('refuses an empty timeline, a moment before it, and a gap', () => {
    const nothing = (events: number) =>
      code('TIMELINE_INVALID', { events }, 'Cannot replay: there is no event at or before the moment asked for.');
    expect(() => replay([])).toThrow(nothing(0));
    expect(() => replay(timeline(), { until: T0 - 1 })).toThrow(nothing(5));
    const [opening, , third] = timeline();
    expect(() => replay([opening!, third!])).toThrow(code('TIMELINE_INVALID', { expected: 2, found: 3 }));
    expect(() => replay(timeline().slice(1))).toThrow(code('TIMELINE_INVALID', { expected: 1, found: 2 }));
  });
});

describe('settle', () => {
  const plan = planOf({ primary: ['ana'], secondary: ['ben'] });
  const input = { at: T0, by: ana, plan };

  test('numbers the events, keeps their actor, and lets Tocsin record what follows', () => {
    const { snapshot, events, withdrawals } = settle({
      ...input,
      snapshot: undefined,
      drafts: [opened(), { type: 'note.added', text: 'x' }],
    });
    expect(events.map(({ seq, type, at, by }) => [seq, type, at, by])).toEqual([
      [1, 'incident.opened', T0, ana],
      [2, 'page.requested', T0, SYSTEM],
      [3, 'note.added', T0, ana],
    ]);
    expect(snapshot.seq).toBe(3);
    expect(withdrawals).toEqual([]);
  });

  test('gives what follows from the first draft before the second', () => {
    const nobody = planOf({});
    const { events } = settle({
      ...input,
      plan: nobody,
      snapshot: undefined,
      drafts: [opened(), { type: 'incident.acknowledged' }],
    });
    expect(events.map(({ type }) => type)).toEqual([
      'incident.opened',
      'page.nobody',
      'page.nobody',
      'escalation.exhausted',
      'page.requested',
      'incident.acknowledged',
    ]);
  });

  test('a plan that has nothing to record ends there', () => {
    const silent: Plan = () => undefined;
    expect(settle({ ...input, plan: silent, snapshot: undefined, drafts: [opened()] }).events).toHaveLength(1);
  });

  test('a plan is asked with the incident as it stands after the event', () => {
    const seen: unknown[] = [];
    const watching: Plan = (effect, snapshot) => {
      seen.push([effect, snapshot.seq, snapshot.context.position]);
      return undefined;
    };
    settle({ ...input, plan: watching, snapshot: undefined, drafts: [opened(), { type: 'incident.mitigated' }] });
    expect(seen).toEqual([
      [{ type: 'requestPage', purpose: 'step' }, 1, { cycle: 1, loop: 1, step: 1 }],
      [{ type: 'requestResponse' }, 1, { cycle: 1, loop: 1, step: 1 }],
      [{ type: 'requestNotice', topic: 'monitoring' }, 2, { cycle: 1, loop: 1, step: 1 }],
    ]);
  });

  test('refuses the whole when one draft is refused', () => {
    const snapshot = first();
    expect(() =>
      settle({ ...input, snapshot, drafts: [{ type: 'incident.acknowledged' }, { type: 'incident.closed' }] }),
    ).toThrow(code('INVALID_TRANSITION'));
    expect(snapshot).toStrictEqual(first());
  });

  test('without an incident and without an event there is nothing to begin', () => {
    expect(() => settle({ ...input, snapshot: undefined, drafts: [] })).toThrow(
      code('TIMELINE_INVALID', {}, 'Cannot begin an incident without an event.'),
    );
    const snapshot = first();
    expect(settle({ ...input, snapshot, drafts: [] })).toEqual({ snapshot, events: [], withdrawals: [] });
  });

  test('ends when a plan never comes to an end', () => {
    const endless: Plan = (effect, { context }) =>
      effect.type === 'requestNotice'
        ? undefined
        : { type: 'page.nobody', purpose: 'step', position: context.position, reason: 'nobody' };
    const drafts = Array.from(
      { length: 1_700 },
      () => ({ type: 'incident.unacknowledged', reason: 'manual' }) as const,
    ).flatMap((draft) => [{ type: 'incident.acknowledged' } as const, draft]);
    expect(() => settle({ ...input, plan: endless, snapshot: first(), drafts })).toThrow(
      expect.objectContaining({
        code: 'UNBOUNDED',
        message: 'Cannot settle incident i1: one event led to more than 5000.',
        details: { last: expect.arrayContaining(['incident.acknowledged', 'incident.unacknowledged', 'page.nobody']) },
      }),
    );
  });

  test('the largest ladder that configuration allows, empty, settles', () => {
    const rungs = Array.from({ length: 50 }, () => rung({ schedule: 'empty' }));
    const { events } = settle({
      ...input,
      snapshot: undefined,
      drafts: [opened({ ladder: ladder({ rungs, loops: 21 }) })],
    });
    expect(events).toHaveLength(1 + 50 + 1 + 1);
  });
});

describe('the view', () => {
  const identity = { tenant: 'acme', version: 7 };

  test('shows an incident as hosts see it', () => {
    const s = story(opened({ body: 'No orders', impact: 'high', timePressure: 'low' })).does(ana, {
      type: 'incident.acknowledged',
    });
    expect(incidentView(s.snapshot(), identity)).toStrictEqual({
      id: 'i1',
      tenant: 'acme',
      version: 7,
      title: 'Checkout fails',
      body: 'No orders',
      service: 'checkout',
      severity: 'SEV2',
      urgency: 'high',
      visibility: 'public',
      kind: 'real',
      impact: 'high',
      timePressure: 'low',
      phase: 'triage',
      paging: 'acknowledged',
      alertsState: 'firing',
      updates: 'notRequired',
      review: 'notNeeded',
      times: { openedAt: new Date(T0), firstPagedAt: new Date(T0), acknowledgedAt: new Date(T0) },
      position: { cycle: 1, loop: 1, step: 1 },
      policy: 'default',
      acknowledgedBy: ['ana'],
      originalTimes: {},
      roles: {},
      vacantRoles: [],
      responders: { ana: 'accepted' },
      fields: {},
      missingFields: [],
      pinned: [],
      tasks: [],
      drafts: [],
      links: [],
      externalRefs: [],
      alerts: { a1: 'firing' },
      absorbed: [],
      timers: { acknowledgeTimeout: new Date(T0 + 30 * MINUTE) },
    });
  });

  test('leaves out what there is not, and names where a merged incident went', () => {
    const bare = incidentView(story().snapshot(), identity);
    expect(['body', 'impact', 'timePressure', 'mergedInto'].filter((key) => key in bare)).toEqual([]);
    const merged = story().does(ana, { type: 'incident.merged', into: 'i2' }).snapshot();
    expect(incidentView(merged, identity)).toMatchObject({
      mergedInto: 'i2',
      phase: 'merged',
      paging: 'quiet',
      timers: {},
    });
  });

  test('names the paging state without its inner states', () => {
    expect(pagingState(story().snapshot())).toBe('escalating');
    expect(pagingState(story(opened({ settings: settings({ holdMs: 1 }) })).snapshot())).toBe('holding');
  });
});

test('the allowed commands come in the order in which they are listed', () => {
  expect(allowed(story().does(source, { type: 'incident.resolved' }).snapshot())).toEqual([
    'update',
    'setSeverity',
    'assignRole',
    'addTask',
    'updateTask',
    'completeTask',
    'reopenTask',
    'addNote',
    'pin',
    'unpin',
    'link',
    'setFields',
    'setSubStatus',
    'correctTimes',
    'postUpdate',
    'draftUpdate',
    'reopen',
    'close',
  ]);
});
