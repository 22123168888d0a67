/**
 * What each event changes in the facts of an incident.
 */
import { describe, expect, test } from 'vitest';
import { applyEvent, momentOf, openedContext } from '../../../src/core/lifecycle/apply.ts';
import { EMPTY_CONTEXT, type IncidentContext } from '../../../src/core/lifecycle/context.ts';
import { type Actor, SYSTEM } from '../../../src/model/identity.ts';
import type { EventDraft, EventOf, TimelineEvent } from '../../../src/model/timeline.ts';
import { alert, ana, DAY, ladder, MINUTE, type Opened, opened, settings, severity, source, T0 } from './support.ts';

const first = (more: Partial<Opened> = {}, by: Actor = source): IncidentContext =>
  openedContext({ ...opened(more), seq: 1, at: T0, by } as EventOf<'incident.opened'>);

/** The context after `draft`, with the moment set as `advance` does. */
function following(context: IncidentContext, draft: EventDraft, by: Actor = ana, at = T0 + MINUTE): IncidentContext {
  const event = { ...draft, seq: context.seq + 1, at, by } as TimelineEvent;
  return applyEvent({ ...context, ...momentOf(event) }, event);
}

/** Only what differs from the context before. */
function change(context: IncidentContext, draft: EventDraft, by: Actor = source): Partial<IncidentContext> {
  const next = following(context, draft, by);
  const moment = ['at', 'seq', 'byPerson', 'byUser', 'expiresAt'];
  return Object.fromEntries(
    Object.entries(next).filter(
      ([key, value]) =>
        !moment.includes(key) && JSON.stringify(value) !== JSON.stringify(context[key as keyof IncidentContext]),
    ),
  );
}

describe('the first event', () => {
  test('fills every fact of the incident', () => {
    expect(first()).toStrictEqual({
      ...EMPTY_CONTEXT,
      at: T0,
      seq: 1,
      id: 'i1',
      title: 'Checkout fails',
      service: 'checkout',
      severity: 'SEV2',
      times: { openedAt: T0 },
      ladder: ladder(),
      firstLadder: ladder(),
      settings: settings(),
      alerts: { a1: 'firing' },
    });
  });

  test('takes what a person may add to it, and knows that a person opened it', () => {
    const more = {
      body: 'No orders',
      routeKey: 'r1',
      impact: 'high',
      timePressure: 'low',
      links: [{ href: 'https://example.com' }],
    };
    expect(first({ ...more, visibility: 'private', urgency: 'low' }, ana)).toMatchObject({
      ...more,
      visibility: 'private',
      urgency: 'low',
      humanActed: true,
      byPerson: true,
      byUser: 'ana',
    });
  });

  test('the empty context is an open incident that waits for nothing', () => {
    expect(EMPTY_CONTEXT).toStrictEqual({
      at: 0,
      seq: 0,
      byPerson: false,
      byUser: null,
      id: '',
      title: '',
      body: null,
      service: '',
      routeKey: null,
      severity: '',
      urgency: 'high',
      urgencyRisesAt: null,
      severityMove: 'none',
      repageOnRaise: null,
      visibility: 'public',
      kind: 'real',
      impact: null,
      expiresAt: 0,
      openedBy: null,
      requests: {},
      isAllClear: false,
      firstLadder: EMPTY_CONTEXT.ladder,
      labels: {},
      timePressure: null,
      times: { openedAt: 0 },
      corrections: {},
      outcome: 'open',
      humanActed: false,
      ladder: {
        policyId: 'none',
        rungs: [],
        loops: 1,
        fallback: [],
        fallbackEveryMs: 0,
        acknowledgeTimeoutMs: null,
        repageOn: [],
      },
      settings: {
        holdMs: 0,
        clearForMs: 0,
        reopenWindowMs: 0,
        reminderMs: 0,
        updateEveryMs: null,
        reviewWithinMs: null,
      },
      position: { cycle: 0, loop: 0, step: 0 },
      reachedInLoop: false,
      asked: [],
      answered: [],
      isPausing: false,
      isFallbackMissed: false,
      cycleSeq: 0,
      paged: {},
      held: [],
      answerNotice: 0,
      repage: [],
      nextOpeningMs: null,
      acknowledgedBy: [],
      snoozeMs: 0,
      alerts: {},
      roles: {},
      requiredRoles: {},
      roleNews: {},
      responders: {},
      requestedBy: {},
      declines: {},
      taskReminders: {},
      fields: {},
      requiredFields: [],
      subStatus: null,
      pinned: [],
      tasks: [],
      drafts: [],
      told: { internal: false, public: false },
      updateNotice: null,
      reviewNotice: null,
      links: [],
      noteCount: 0,
      mergedInto: null,
      absorbed: [],
    });
  });
});

describe('urgency that waits for support hours', () => {
  const waiting = () => first({ urgency: 'low', urgencyRisesInMs: 5 * MINUTE });

  test('is known by the moment at which they begin', () => {
    expect(waiting()).toMatchObject({ urgency: 'low', urgencyRisesAt: T0 + 5 * MINUTE });
    expect(first({ urgency: 'low', urgencyRisesInMs: null }).urgencyRisesAt).toBeNull();
    expect(first({ urgency: 'high', urgencyRisesInMs: 5 * MINUTE }).urgencyRisesAt).toBeNull();
  });

  test('is high from then on, and the severity is what it was', () => {
    const raised = following(waiting(), severity('raised', 'low', { urgencyRisesInMs: MINUTE }));
    expect(raised).toMatchObject({ severityMove: 'raised', urgencyRisesAt: T0 + 2 * MINUTE });
    expect(change(raised, { type: 'urgency.raised' })).toEqual({
      urgency: 'high',
      urgencyRisesAt: null,
      severityMove: 'none',
    });
  });

  test('gives an acknowledgement its time from then on, and a level its own word about paging again', () => {
    expect(following(waiting(), { type: 'urgency.raised' }, source).expiresAt).toBe(T0 + 31 * MINUTE);
    const raised = following(waiting(), severity('raised', 'high', { repage: false }), source);
    expect(raised).toMatchObject({ expiresAt: T0 + 31 * MINUTE, repageOnRaise: false, urgencyRisesAt: null });
    expect(following(raised, severity('raised', 'high'), source, T0 + DAY)).toMatchObject({
      expiresAt: T0 + 31 * MINUTE,
      repageOnRaise: null,
    });
  });

  test('is asked again when the incident is reopened', () => {
    const again = (more: object, at: number) =>
      following(waiting(), { type: 'incident.reopened', ...more }, source, at);
    expect(again({}, T0 + MINUTE)).toMatchObject({ urgency: 'low', urgencyRisesAt: T0 + 5 * MINUTE });
    expect(again({}, T0 + 5 * MINUTE)).toMatchObject({ urgency: 'high', urgencyRisesAt: null });
    expect(again({ urgency: 'low', urgencyRisesInMs: MINUTE }, T0 + DAY).urgencyRisesAt).toBe(T0 + DAY + MINUTE);
    expect(again({ urgency: 'high' }, T0 + MINUTE)).toMatchObject({ urgency: 'high', urgencyRisesAt: null });
  });
});

test('the moment says when, which number, and whether a person did it', () => {
  const at = (by: Actor) => momentOf({ type: 'investigation.started', seq: 7, at: 42, by });
  expect(at(ana)).toEqual({ at: 42, seq: 7, byPerson: true, byUser: 'ana' });
  expect(at(source)).toEqual({ at: 42, seq: 7, byPerson: false, byUser: null });
  expect(at(SYSTEM)).toEqual({ at: 42, seq: 7, byPerson: false, byUser: null });
});

describe('who acted', () => {
  test('a person who does anything, or an acknowledgement by whomever, counts as somebody having acted', () => {
    expect(following(first(), { type: 'note.added', text: 'Looking' }, ana).humanActed).toBe(true);
    expect(following(first(), { type: 'note.added', text: 'Looking' }, source).humanActed).toBe(false);
    expect(following(first(), { type: 'incident.acknowledged' }, source).humanActed).toBe(true);
    const acted = following(first(), { type: 'note.added', text: 'Looking' }, ana);
    expect(following(acted, { type: 'note.added', text: 'Looking' }, source).humanActed).toBe(true);
  });
});

describe('the incident as a whole', () => {
  test('an update changes what it names and leaves the rest', () => {
    const full = { title: 'T', body: 'B', visibility: 'private', impact: 'high', timePressure: 'low' } as const;
    expect(change(first(), { type: 'incident.updated', ...full })).toEqual(full);
    expect(change(first(), { type: 'incident.updated', title: 'T' })).toEqual({ title: 'T' });
    expect(change(first(), { type: 'incident.updated' })).toEqual({});
  });

  test('each ending has its outcome, its time, and clears the alerts', () => {
    const at = T0 + MINUTE;
    const alerts = { a1: 'cleared' };
    const times = { openedAt: T0 };
    expect(change(first(), { type: 'incident.resolved' })).toEqual({
      outcome: 'resolved',
      alerts,
      times: { ...times, resolvedAt: at },
    });
    expect(change(first(), { type: 'incident.dismissed' })).toEqual({
      outcome: 'dismissed',
      alerts,
      times: { ...times, dismissedAt: at },
    });
    expect(change(first(), { type: 'incident.merged', into: 'i2' })).toEqual({
      outcome: 'merged',
      alerts,
      mergedInto: 'i2',
    });
    expect(change(first(), { type: 'incident.mitigated' })).toEqual({ times: { ...times, mitigatedAt: at } });
    expect(change(first(), { type: 'incident.closed' })).toEqual({
      outcome: 'closed',
      times: { ...times, closedAt: at },
    });
  });

  test('reopening forgets how it ended, who acknowledged and who acted, not what was done', () => {
    let context = following(first(), { type: 'incident.acknowledged' }, ana);
    context = following(context, severity('raised'), ana);
    context = following(context, { type: 'incident.mitigated' }, ana);
    context = following(context, { type: 'incident.resolved' }, ana);
    expect(
      change(
        { ...context, times: { ...context.times, dismissedAt: 1 } },
        { type: 'incident.reopened', alert: alert('a2') },
      ),
    ).toEqual({
      outcome: 'open',
      times: { openedAt: T0, acknowledgedAt: T0 + MINUTE },
      humanActed: false,
      acknowledgedBy: [],
      severityMove: 'none',
      alerts: { a1: 'cleared', a2: 'firing' },
    });
    expect(following(context, { type: 'incident.reopened' }, ana)).toMatchObject({
      humanActed: true,
      alerts: { a1: 'cleared' },
    });
  });

  test('a change of severity brings its urgency, its direction, its cadence and its review', () => {
    expect(change(first(), severity('raised', 'low', { updateEveryMs: 5, reviewWithinMs: 6 }))).toEqual({
      severity: 'SEV1',
      urgency: 'low',
      severityMove: 'raised',
      settings: settings({ updateEveryMs: 5, reviewWithinMs: 6 }),
    });
  });

  test('absorbing another incident adds what is not known yet', () => {
    const task = { id: 't1', title: 'Roll back', status: 'open' } as const;
    let context = following(first(), { type: 'task.added', task }, ana);
    context = following(context, { type: 'responder.requested', user: 'ana' }, ana);
    expect(
      change(context, {
        type: 'incident.absorbed',
        source: 'i0',
        alerts: [
          { ...alert('b1'), status: 'acknowledged' },
          { ...alert('b2'), status: 'cleared' },
        ],
        responders: ['ana', 'yan'],
        tasks: [
          { ...task, title: 'Another of that id' },
          { ...task, id: 't2' },
        ],
      }),
    ).toEqual({
      alerts: { a1: 'firing', b1: 'acknowledged', b2: 'cleared' },
      responders: { ana: 'requested', yan: 'accepted' },
      tasks: [
        { ...task, createdAt: context.at, createdBy: ana },
        { ...task, id: 't2' },
      ],
      absorbed: ['i0'],
    });
  });

  test('notes are counted, links and tasks kept, a task done when completed', () => {
    const task = (id: string) => ({ type: 'task.added', task: { id, title: id, status: 'open' } }) as const;
    const context = following(following(first(), task('t1')), task('t2'));
    expect(change(context, { type: 'task.completed', task: 't2' })).toEqual({
      tasks: [
        { id: 't1', title: 't1', status: 'open', createdAt: expect.any(Number), createdBy: expect.anything() },
        {
          id: 't2',
          title: 't2',
          status: 'done',
          createdAt: expect.any(Number),
          createdBy: expect.anything(),
          completedAt: expect.any(Number),
          completedBy: expect.anything(),
        },
      ],
    });
    expect(change(first(), { type: 'note.added', text: 'Looking' })).toEqual({ noteCount: 1 });
    const linked = following(first(), { type: 'link.added', link: { href: 'https://example.com/1' } });
    expect(change(linked, { type: 'link.added', link: { incident: 'i9', relation: 'causedBy' } })).toEqual({
      links: [{ href: 'https://example.com/1' }, { incident: 'i9', relation: 'causedBy' }],
    });
  });

  test('what only happened changes no fact', () => {
    expect(change(first(), { type: 'investigation.started' })).toEqual({});
  });

  test('an update is kept in mind by who was told', () => {
    const told = following(first(), { type: 'update.posted', text: 'Hello', audience: 'public' });
    expect(told.told).toEqual({ internal: false, public: true });
    expect(following(told, { type: 'update.posted', text: 'Hm', audience: 'internal' }).told).toEqual({
      internal: true,
      public: true,
    });
  });
});

describe('people', () => {
  test('a role is given, handed on and given up', () => {
    const given = following(first(), { type: 'role.assigned', role: 'commander', user: 'ana' });
    expect(given.roles).toEqual({ commander: 'ana' });
    const two = following(given, { type: 'role.assigned', role: 'scribe', user: 'ben' });
    expect(following(two, { type: 'role.assigned', role: 'commander', user: 'cho' }).roles).toEqual({
      commander: 'cho',
      scribe: 'ben',
    });
    expect(following(two, { type: 'role.assigned', role: 'commander', user: null }).roles).toEqual({ scribe: 'ben' });
  });

  test('a responder is requested, accepts, declines, is removed', () => {
    const asked = following(following(first(), { type: 'responder.requested', user: 'zoe' }), {
      type: 'responder.requested',
      user: 'yan',
    });
    expect(asked.responders).toEqual({ zoe: 'requested', yan: 'requested' });
    expect(following(asked, { type: 'responder.accepted', user: 'zoe' }).responders).toEqual({
      zoe: 'accepted',
      yan: 'requested',
    });
    expect(following(asked, { type: 'responder.declined', user: 'zoe' }).responders).toEqual({
      zoe: 'declined',
      yan: 'requested',
    });
    expect(following(asked, { type: 'responder.removed', user: 'zoe' }).responders).toEqual({ yan: 'requested' });
  });

  test('whoever acknowledges becomes a responder; the first acknowledgement is timed', () => {
    const once = following(first(), { type: 'incident.acknowledged' }, ana, T0 + 1);
    expect(once).toMatchObject({
      acknowledgedBy: ['ana'],
      responders: { ana: 'accepted' },
      times: { acknowledgedAt: T0 + 1 },
    });
    const twice = following(once, { type: 'incident.acknowledged' }, ana, T0 + 2);
    expect(twice).toMatchObject({ acknowledgedBy: ['ana'], times: { acknowledgedAt: T0 + 1 } });
    expect(following(twice, { type: 'incident.acknowledged' }, { kind: 'user', id: 'ben' }).acknowledgedBy).toEqual([
      'ana',
      'ben',
    ]);
    expect(following(first(), { type: 'incident.acknowledged' }, source)).toMatchObject({
      acknowledgedBy: [],
      responders: {},
    });
  });

  test('an acknowledgement that expired is remembered for the next page, one that was given back is not', () => {
    const acknowledged = following(first(), { type: 'incident.acknowledged' });
    expect(change(acknowledged, { type: 'incident.unacknowledged', reason: 'timeout' })).toEqual({
      acknowledgedBy: [],
      repage: ['ana'],
    });
    expect(change(acknowledged, { type: 'incident.unacknowledged', reason: 'manual' })).toEqual({ acknowledgedBy: [] });
    expect(change(acknowledged, { type: 'incident.snoozed', forMs: 5 })).toEqual({ acknowledgedBy: [], snoozeMs: 5 });
    const other = ladder({ policyId: 'other' });
    expect(change(acknowledged, { type: 'incident.reassigned', ladder: other })).toEqual({
      acknowledgedBy: [],
      ladder: other,
      firstLadder: other,
    });
  });
});

test('what a person was asked is kept for the message that asks them', () => {
  const request = { type: 'responder.requested', user: 'ben' } as const;
  expect(change(first(), { ...request, message: 'Please look' })).toEqual({
    responders: { ben: 'requested' },
    requests: { ben: 'Please look' },
  });
  expect(change(first(), request)).not.toHaveProperty('requests');
});

describe('alerts', () => {
  test('all are clear once each has cleared, until one fires again or the incident is reopened', () => {
    const two = following(first(), { type: 'alert.joined', alert: alert('a2') });
    const one = following(two, { type: 'alert.cleared', alert: 'a1' });
    expect(one.isAllClear).toBe(false);
    const none = following(one, { type: 'alert.cleared', alert: 'a2' });
    expect(none.isAllClear).toBe(true);
    expect(following(none, { type: 'alert.joined', alert: alert('a2') }).isAllClear).toBe(false);
    expect(following(none, { type: 'incident.reopened' }).isAllClear).toBe(false);
    const absorb = (status: 'firing' | 'cleared') =>
      following(none, {
        type: 'incident.absorbed',
        source: 'i2',
        alerts: [{ ...alert('b1'), status }],
        responders: [],
        tasks: [],
      }).isAllClear;
    expect([absorb('firing'), absorb('cleared')]).toEqual([false, true]);
  });

  test('an alert joins firing, is acknowledged, clears', () => {
    const two = following(first(), { type: 'alert.joined', alert: alert('a2') });
    expect(two.alerts).toEqual({ a1: 'firing', a2: 'firing' });
    expect(following(two, { type: 'alert.acknowledged', alert: 'a2' }).alerts).toEqual({
      a1: 'firing',
      a2: 'acknowledged',
    });
    expect(following(two, { type: 'alert.cleared', alert: 'a2' }).alerts).toEqual({ a1: 'firing', a2: 'cleared' });
  });
});

describe('pages', () => {
  const here = { cycle: 1, loop: 1, step: 1 };
  const standing: IncidentContext = { ...first(), position: here, repage: ['ben'], nextOpeningMs: 9, asked: ['ana'] };
  const page = (more: Partial<EventOf<'page.requested'>> = {}): EventDraft => ({
    type: 'page.requested',
    purpose: 'step',
    position: here,
    recipients: ['ana', 'ben', undefined].map((user) => ({
      ...(user !== undefined && { user }),
      reason: { target: { responder: true } },
      contacts: [],
    })),
    configVersion: 'c1',
    ...more,
  });

  test('a page of the present rung is remembered with whom it asked', () => {
    expect(change(standing, page())).toEqual({
      times: { openedAt: T0, firstPagedAt: T0 + MINUTE },
      reachedInLoop: true,
      nextOpeningMs: null,
      repage: [],
      asked: ['ana', 'ben'],
    });
    const paged = following(standing, page());
    expect(following(paged, page(), ana, T0 + 2 * MINUTE).times.firstPagedAt).toBe(T0 + MINUTE);
  });

  test('a page for a responder, or of a rung that was left, only stamps the time', () => {
    const times = { openedAt: T0, firstPagedAt: T0 + MINUTE };
    expect(change(standing, page({ purpose: 'responder' }))).toEqual({ times });
    expect(change(standing, page({ position: { ...here, step: 2 } }))).toEqual({ times });
  });

  test('of the rungs that could not be asked, the soonest opening counts', () => {
    const nobody = (nextOpeningMs?: number, position = here): EventDraft => ({
      type: 'page.nobody',
      purpose: 'step',
      position,
      reason: 'gated',
      ...(nextOpeningMs !== undefined && { nextOpeningMs }),
    });
    expect(change({ ...standing, nextOpeningMs: null }, nobody(7))).toEqual({ nextOpeningMs: 7 });
    expect(change(standing, nobody(7))).toEqual({ nextOpeningMs: 7 });
    expect(change(standing, nobody(11))).toEqual({});
    expect(change(standing, nobody())).toEqual({});
    expect(change(standing, nobody(7, { ...here, step: 2 }))).toEqual({});
  });
});
