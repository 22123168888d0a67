/**
 * The roles and tasks regions: when somebody is missing or late, and when that is over.
 */
import { advance, incidentView, replay } from 'tocsin/lifecycle';
import { describe, expect, test } from 'vitest';
import { SYSTEM } from '../../../src/model/identity.ts';
import { type EventDraft, timelineEventSchema } from '../../../src/model/timeline.ts';
import { ana, ben, DAY, HOUR, ladder, MINUTE, opened, rung, story, T0 } from './support.ts';

const planned = (more: Partial<Extract<EventDraft, { type: 'response.planned' }>> = {}): EventDraft => ({
  type: 'response.planned',
  roles: [
    { role: 'commander', remindMs: 10 * MINUTE },
    { role: 'scribe', remindMs: 25 * MINUTE, fillBy: 'firstAcknowledger' },
  ],
  filled: [],
  tasks: [],
  ...more,
});
const role = (name: string, user: string | null): EventDraft => ({ type: 'role.assigned', role: name, user });
const task = (id: string, dueMs?: number): EventDraft => ({
  type: 'task.added',
  task: { id, title: id, status: 'open', ...(dueMs !== undefined && { dueAt: T0 + dueMs }) },
});
const reminded = (s: ReturnType<typeof story>) =>
  s.timeline().flatMap((event) => {
    if (event.type === 'role.vacant') return [[(event.at - T0) / MINUTE, ...event.roles]];
    return event.type === 'task.due' ? [[(event.at - T0) / MINUTE, ...event.tasks]] : [];
  });

describe('roles', () => {
  test('each is said to be vacant in its own time, and only for as long as it is', () => {
    const s = story().does(SYSTEM, planned());
    s.passes(30 * MINUTE)
      .does(ana, role('commander', 'ana'))
      .passes(30 * MINUTE);
    expect(reminded(s)).toEqual([
      [10, 'commander'],
      [20, 'commander'],
      [25, 'scribe'],
      [30, 'commander'],
      [50, 'scribe'],
    ]);
  });

  test('one that stays vacant is said so every time at first, and once a day in the end', () => {
    const s = story().does(SYSTEM, planned()).does(ana, role('scribe', 'ana'));
    const minutes = (days: number) => {
      for (let day = 0; day < days; day++) s.passes(24 * HOUR);
      return reminded(s).map(([minute]) => minute);
    };
    const often = Array.from({ length: 24 }, (_, index) => 10 * (index + 1));
    expect(minutes(3)).toEqual([...often, 240 + 1_440, 240 + 2_880]);
  });

  test('a process that was down says it once, and goes on from then', () => {
    const s = story().does(SYSTEM, planned());
    const { snapshot } = advance(s.snapshot(), {
      type: 'timer.fired',
      kind: 'roleVacant',
      seq: s.snapshot().seq + 1,
      at: T0 + 3 * HOUR,
      by: SYSTEM,
    });
    const late = advance(snapshot, {
      type: 'role.vacant',
      roles: ['commander', 'scribe'],
      seq: snapshot.seq + 1,
      at: T0 + 3 * HOUR,
      by: SYSTEM,
    });
    expect(late.snapshot.timers.roleVacant?.dueAt).toBe(T0 + 3 * HOUR + 10 * MINUTE);
  });

  test('whoever acknowledges first gets those that wait for that, and keeps them', () => {
    const s = story().does(SYSTEM, planned()).does(ben, { type: 'incident.acknowledged' });
    expect(s.snapshot().context.roles).toEqual({ scribe: 'ben' });
    expect(s.does(ana, { type: 'incident.acknowledged' }).snapshot().context.roles).toEqual({ scribe: 'ben' });
    expect(incidentView(s.snapshot(), { tenant: 't', version: 1 }).vacantRoles).toEqual(['commander']);
  });

  test('where each has to answer, the first of them gets them', () => {
    const each = rung({ schedule: 'primary' }, { acknowledge: 'each' });
    const s = story(opened({ ladder: ladder({ rungs: [each] }) })).does(SYSTEM, planned());
    s.does(ben, { type: 'page.acknowledged' });
    expect([s.snapshot().context.roles, s.stands()]).toEqual([{ scribe: 'ben' }, 'triage / escalating']);
  });

  test('a source that acknowledges gets none', () => {
    const s = story().does(SYSTEM, planned()).does({ kind: 'source', id: 'x' }, { type: 'incident.acknowledged' });
    expect(s.snapshot().context.roles).toEqual({});
  });

  test('nothing of it is live once the incident has ended, and all of it again when it is reopened', () => {
    for (const type of ['incident.resolved', 'incident.dismissed'] as const) {
      const s = story().does(SYSTEM, planned(), task('t1', HOUR)).does(ana, { type });
      expect(Object.keys(s.timers()).filter((kind) => kind !== 'close')).toEqual([]);
      s.passes(30 * MINUTE).does(ana, { type: 'incident.reopened' });
      expect(s.timers()).toMatchObject({ roleVacant: 10 * MINUTE, taskDue: 30 * MINUTE });
    }
    const merged = story().does(SYSTEM, planned(), task('t1', HOUR)).does(ana, { type: 'incident.merged', into: 'i2' });
    expect(merged.timers()).toEqual({});
  });

  test('what is required is not forgotten when the severity falls', () => {
    const s = story().does(SYSTEM, planned(), planned({ roles: [] }));
    expect(s.snapshot().value.roles).toBe('vacant');
  });
});

describe('tasks', () => {
  test('the earliest comes first, each again after a day, and none that is done', () => {
    const s = story().does(
      ana,
      { type: 'incident.acknowledged' },
      task('late', 2 * HOUR),
      task('soon', HOUR),
      task('ever'),
    );
    s.passes(3 * HOUR)
      .does(ana, { type: 'task.completed', task: 'soon' })
      .passes(DAY);
    expect(reminded(s)).toEqual([
      [60, 'soon'],
      [120, 'late'],
      [120 + 1_440, 'late'],
    ]);
    expect(s.snapshot().context.tasks.find(({ id }) => id === 'soon')).toMatchObject({
      completedAt: T0 + 3 * HOUR,
      completedBy: ana,
      createdBy: ana,
    });
  });

  test('those that are due at one moment are one reminder', () => {
    const s = story().does(ana, task('one', HOUR), task('two', HOUR)).passes(HOUR);
    expect(reminded(s)).toEqual([[60, 'one', 'two']]);
  });

  test('one that was late when it came is reminded of at once, and not again and again', () => {
    const s = story().does(ana, task('old', -HOUR)).passes(HOUR);
    expect(reminded(s)).toEqual([[0, 'old']]);
  });
});

test('a sub-status is gone with its phase, also when an alert leads to another one', () => {
  const s = story().does(ana, { type: 'incident.mitigated' }, { type: 'subStatus.set', subStatus: 'watching' });
  expect(s.snapshot().context.subStatus).toBe('watching');
  s.does({ kind: 'source', id: 'x' }, { type: 'alert.joined', alert: { id: 'a2', severity: 'SEV2', title: 'A' } });
  expect([s.snapshot().value.phase, s.snapshot().context.subStatus]).toEqual(['investigating', null]);
});

test('a backfilled incident is quiet for life', () => {
  const s = story(opened({ kind: 'backfilled', alerts: [] }), { by: ana });
  s.does(ana, task('t1', HOUR), planned(), { type: 'responder.requested', user: 'zoe' });
  s.does(ana, { type: 'incident.resolved' }, { type: 'incident.reopened' }).passes(2 * DAY);
  expect(s.stands()).toBe('triage / quiet');
  expect(s.timers()).toEqual({});
  expect(s.asked()).toEqual([]);
});

test('a timeline of an earlier version, without what is written now, reads as it did', () => {
  const before = [
    { type: 'role.assigned', role: 'commander', user: 'ana' },
    { type: 'role.assigned', role: 'commander', user: null },
    { type: 'task.added', task: { id: 't1', title: 'Roll back', assignee: 'ben', status: 'open' } },
    { type: 'task.completed', task: 't1' },
    { type: 'responder.declined', user: 'zoe' },
  ];
  const by = ana;
  const { ladder, settings, kind: _, ...first } = opened();
  const timeline = [{ ...first, ladder, settings }, ...before].map((draft, index) =>
    timelineEventSchema.parse({ ...draft, seq: index + 1, at: T0 + index, by }),
  );
  const { context, value } = replay(timeline);
  expect([context.roles, context.tasks[0]?.status, value.roles, value.tasks]).toEqual([{}, 'done', 'settled', 'idle']);
});

test('every event that a response leaves is one that a stored timeline can hold', () => {
  const s = story().does(SYSTEM, planned(), task('t1', HOUR));
  s.passes(30 * MINUTE)
    .does(ben, { type: 'incident.acknowledged' })
    .passes(DAY)
    .does(ana, { type: 'responder.declined', user: 'ben' });
  for (const event of s.timeline()) expect(timelineEventSchema.parse(event)).toEqual(event);
  expect(replay(JSON.parse(JSON.stringify(s.timeline())))).toEqual(s.snapshot());
});
