/**
 * What happens when support hours begin: given-when-then, at the statechart and at the engine.
 *
 * The first half hands the statechart its events; the second is a whole Tocsin that works out the hours by itself.
 */
import { replay } from 'tocsin/lifecycle';
import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import {
  alert,
  ana,
  DAY,
  HOUR,
  ladder,
  MINUTE,
  opened,
  person,
  settings,
  severity,
  source,
  story,
} from '../core/lifecycle/support.ts';
import { config, events, incident, policy, stands, types, world } from '../engine/world.ts';

const acknowledge = { type: 'incident.acknowledged' } as const;
const NIGHT = 9 * HOUR;
const atNight = (more: Parameters<typeof opened>[0] = {}) =>
  story(opened({ urgency: 'low', urgencyRisesInMs: NIGHT, ...more }));
const page = (atMs: number, at: string, who: readonly string[], purpose = 'step') => ({ atMs, at, who, purpose });

describe('an incident of low urgency until support hours begin', () => {
  test('given that nobody took it, when they begin, then it is raised and escalation starts at the first step', () => {
    const s = atNight();
    expect(s.stands()).toBe('triage / notified');
    expect(s.timers()).toEqual({ reminder: DAY, supportHours: NIGHT });
    s.passes(NIGHT);
    expect(s.latest()).toEqual(['timer.fired', 'urgency.raised', 'page.requested']);
    expect(s.latestAsked()).toEqual([page(NIGHT, '2.1.1', ['ana'])]);
    expect(s.snapshot().context).toMatchObject({ urgency: 'high', urgencyRisesAt: null });
    expect(s.timers()).toEqual({ step: 5 * MINUTE });
    expect(s.passes(5 * MINUTE).latestAsked()).toEqual([page(NIGHT + 5 * MINUTE, '2.1.2', ['ben'])]);
  });

  test('given that somebody acknowledged, when they begin, then nobody is paged, and the acknowledgement runs out from then', () => {
    const s = atNight().passes(HOUR).does(ana, acknowledge);
    expect(s.stands()).toBe('triage / acknowledged.untimed');
    expect(s.timers()).toEqual({ supportHours: 8 * HOUR });
    s.passes(8 * HOUR);
    expect(s.latest()).toEqual(['timer.fired', 'urgency.raised']);
    expect(s.stands()).toBe('triage / acknowledged.timed');
    expect(s.timers()).toEqual({ acknowledgeTimeout: 30 * MINUTE });
    expect(s.passes(30 * MINUTE).latestAsked()).toEqual([page(NIGHT + 30 * MINUTE, '2.1.1', ['ana'])]);
  });

  test('given that the severity rose before it was acknowledged, when they begin, then that raise pages nobody again', () => {
    const s = atNight()
      .does(source, severity('raised', 'low', { urgencyRisesInMs: NIGHT }))
      .does(ana, acknowledge);
    expect(s.passes(NIGHT).latestAsked()).toEqual([]);
    expect(s.stands()).toBe('triage / acknowledged.timed');
  });

  test.each([
    ['resolved', { type: 'incident.resolved' } as const],
    ['dismissed', { type: 'incident.dismissed' } as const],
    ['merged', { type: 'incident.merged', into: 'i2' } as const],
  ])('given that it was %s, when they begin, then nothing happens', (_, end) => {
    const s = atNight().does(ana, end);
    expect(s.snapshot().value.urgency).toBe('settled');
    expect(s.timers().supportHours).toBeUndefined();
    expect(s.passes(NIGHT).latest()).toEqual([]);
  });

  test('given a snooze, when they begin, then the snooze lasts, and its end escalates', () => {
    const s = atNight()
      .passes(8 * HOUR)
      .does(ana, { type: 'incident.snoozed', forMs: 2 * HOUR });
    expect(s.passes(HOUR).latestAsked()).toEqual([]);
    expect(s.stands()).toBe('triage / snoozed');
    expect(s.passes(HOUR).latestAsked()).toEqual([page(10 * HOUR, '2.1.1', ['ana'])]);
    expect(s.stands()).toBe('triage / escalating');
  });

  test('given a hold that is longer, when they begin, then nobody is paged before it ends, and then as for high urgency', () => {
    const s = atNight({ urgencyRisesInMs: MINUTE, settings: settings({ holdMs: 2 * MINUTE }) });
    expect(s.passes(MINUTE).latest()).toEqual(['timer.fired', 'urgency.raised']);
    expect(s.stands()).toBe('triage / holding.counting');
    expect(s.passes(MINUTE).latestAsked()).toEqual([page(2 * MINUTE, '1.1.1', ['ana'])]);
    expect(s.stands()).toBe('triage / escalating');
  });

  test('given an update that is due, when they begin, then it is due no later', () => {
    const s = atNight({ urgencyRisesInMs: HOUR, settings: settings({ updateEveryMs: 2 * HOUR }) }).passes(HOUR);
    expect(s.timers()).toEqual({ step: 5 * MINUTE, updateDue: HOUR });
  });

  test('given a page that still waits, when urgency is raised by anything but the clock, then it is raised once', () => {
    const s = atNight().does(ana, severity('raised', 'high'));
    expect(s.latestAsked()).toEqual([page(0, '2.1.1', ['ana'])]);
    expect(s.timers()).toEqual({ step: 5 * MINUTE });
    expect(() => s.does(ana, { type: 'urgency.raised' })).toThrow('Cannot apply urgency.raised');
  });

  test('given a change of severity, when the new one waits as well, then it waits for its own moment', () => {
    const s = atNight()
      .passes(HOUR)
      .does(ana, severity('lowered', 'low', { urgencyRisesInMs: 2 * HOUR }));
    expect(s.timers().supportHours).toBe(2 * HOUR);
    expect(s.passes(2 * HOUR).latest()).toEqual(['timer.fired', 'urgency.raised', 'page.requested']);
  });

  test('given an incident of high urgency, when it is lowered to wait, then it stops climbing until they begin', () => {
    const s = story().does(ana, severity('lowered', 'low', { urgencyRisesInMs: NIGHT }));
    expect(s.stands()).toBe('triage / notified');
    expect(s.passes(NIGHT).latestAsked()).toEqual([page(NIGHT, '2.1.1', ['ana'])]);
  });
});

describe('an incident that is reopened', () => {
  const ended = () => atNight().does(ana, { type: 'incident.resolved' });

  test('given that they have not begun, then it waits for the same moment as before', () => {
    const s = ended().passes(HOUR).does(ana, { type: 'incident.reopened' });
    expect(s.stands()).toBe('triage / notified');
    expect(s.timers()).toEqual({ reminder: DAY, supportHours: 8 * HOUR });
  });

  test('given that they have begun since, then it is of high urgency at once and asked about once', () => {
    const s = ended().passes(NIGHT).does(ana, { type: 'incident.reopened' });
    expect(s.latestAsked()).toEqual([page(NIGHT, '2.1.1', ['ana'])]);
    expect(s.stands()).toBe('triage / escalating');
    expect(s.timers()).toEqual({ step: 5 * MINUTE });
  });

  test('given that the event says what the urgency is now, then that counts', () => {
    const s = ended().passes(DAY).does(ana, { type: 'incident.reopened', urgency: 'low', urgencyRisesInMs: HOUR });
    expect(s.stands()).toBe('triage / notified');
    expect(s.timers().supportHours).toBe(HOUR);
    const high = ended().does(ana, { type: 'incident.reopened', urgency: 'high' });
    expect(high.timers()).toEqual({ step: 5 * MINUTE });
  });

  test('given that its severity was changed while it was resolved, then what that said counts', () => {
    const s = ended()
      .does(ana, severity('lowered', 'low', { urgencyRisesInMs: 2 * HOUR }))
      .passes(HOUR);
    expect(s.timers().supportHours).toBeUndefined();
    expect(s.does(ana, { type: 'incident.reopened' }).timers().supportHours).toBe(HOUR);
  });
});

describe('a raise that says whether it pages again', () => {
  const taken = (repageOn: readonly ('severityRaised' | 'newAlert')[]) =>
    story(opened({ ladder: ladder({ repageOn: [...repageOn] }) })).does(ana, acknowledge);

  test('given a policy that pages again, when the level says no, then whoever acknowledged keeps it', () => {
    const s = taken(['severityRaised']).does(source, severity('raised', 'high', { repage: false }));
    expect(s.stands()).toBe('triage / acknowledged.timed');
    expect(s.latestAsked()).toEqual([]);
  });

  test('given a policy that does not, when the level says yes, then the first step is asked, and whoever acknowledged', () => {
    const s = taken([]);
    s.onCall.primary = ['cho'];
    s.does(source, severity('raised', 'high', { repage: true }));
    expect(s.latestAsked()).toEqual([page(0, '2.1.1', ['cho', 'ana'])]);
  });

  test('given a level that said so, when the next raise says nothing, then the policy counts again', () => {
    const s = taken([]).does(source, severity('raised', 'low', { repage: true }));
    expect(s.does(source, severity('raised', 'high')).latestAsked()).toEqual([]);
  });

  test('given low urgency that was acknowledged long ago, when it rises and asks nobody, then the acknowledgement runs out from now', () => {
    const s = story(opened({ urgency: 'low' }))
      .does(ana, acknowledge)
      .passes(DAY);
    s.does(source, severity('raised', 'high', { repage: false }));
    expect(s.latestAsked()).toEqual([]);
    expect(s.timers()).toEqual({ acknowledgeTimeout: 30 * MINUTE });
  });

  test('given a snooze, when the severity rises, then it ends whatever the level says', () => {
    const s = story().does(ana, { type: 'incident.snoozed', forMs: HOUR });
    expect(s.does(source, severity('raised', 'high', { repage: false })).stands()).toBe('triage / escalating');
  });
});

test('given a timeline without these fields, when it is read back, then it waits for nothing', () => {
  const s = story(opened({ urgency: 'low', alerts: [alert('a1')] })).does(person('cho'), severity('lowered', 'low'));
  expect(replay(s.timeline()).value.urgency).toBe('settled');
  expect(replay(s.timeline()).context).toMatchObject({ urgencyRisesAt: null, repageOnRaise: null });
});

describe('a whole Tocsin', () => {
  const severities = (more: object = {}): ConfigInput['severity'] => ({
    levels: [
      { id: 'SEV1', ...more },
      { id: 'SEV2', urgency: 'supportHours' },
      { id: 'SEV3', urgency: 'low' },
    ],
    supportHours: [{ timeZone: 'Europe/Berlin', from: '09:00', until: '17:00' }],
  });
  const night = (start: string, more: Partial<ConfigInput> = {}, level: object = {}) =>
    world({ clock: virtualClock({ start }), config: config({ severity: severities(level), ...more }) });
  const open = async (w: ReturnType<typeof night>, service = 'checkout') =>
    (await w.tocsin.incidents.open({ title: 'Slow', service, severity: 'SEV2', by: 'boss' })).id;

  test('given a night, when support hours begin, then ana is paged at the first step, and then ben', async () => {
    const w = night('2026-01-06T22:00:00Z');
    const id = await open(w);
    expect(await incident(w.tocsin, id)).toMatchObject({ urgency: 'low', paging: 'notified' });
    await w.pass(10 * HOUR - MINUTE);
    expect(w.news().map((line) => line.replace(/^\S+ /, ''))).toEqual(['ana sms step']);
    await w.pass(6 * MINUTE);
    expect((await events(w.tocsin, id)).filter(({ type }) => type === 'urgency.raised')).toMatchObject([
      { at: Date.parse('2026-01-07T08:00:00Z'), by: { kind: 'system' }, reason: 'support hours began' },
    ]);
    expect(w.news().map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'ana sms step',
      'ana voice step',
      'ben sms step',
    ]);
    expect(await incident(w.tocsin, id)).toMatchObject({ urgency: 'high', paging: 'escalating' });
  });

  test('given support hours, when an incident is opened, then it pages like any other', async () => {
    const w = night('2026-01-06T12:00:00Z');
    const id = await open(w);
    expect(await incident(w.tocsin, id)).toMatchObject({ urgency: 'high', paging: 'escalating' });
    expect((await events(w.tocsin, id))[0]).not.toHaveProperty('urgencyRisesInMs');
  });

  test('given a night, when the severity rises to a level that is always urgent, then it pages at once', async () => {
    const w = night('2026-01-06T22:00:00Z');
    const id = await open(w);
    await w.pass(MINUTE);
    w.news();
    await w.tocsin.incidents.setSeverity(id, { by: 'boss', severity: 'SEV1' });
    await w.pass(0);
    expect(w.news()).toHaveLength(1);
    expect(await stands(w.tocsin, id)).toBe('triage / escalating');
    await w.pass(11 * HOUR, HOUR);
    expect(await types(w.tocsin, id)).not.toContain('urgency.raised');
  });

  test('given a night, when the severity falls to a level that waits, then it waits for the morning', async () => {
    const w = night('2026-01-06T22:00:00Z');
    const { id } = await w.tocsin.incidents.open({ title: 'Down', service: 'checkout', severity: 'SEV1', by: 'boss' });
    const changed = await w.tocsin.incidents.setSeverity(id, { by: 'boss', severity: 'SEV2' });
    expect(changed).toMatchObject({ urgency: 'low', paging: 'notified' });
    expect(changed.timers.supportHours).toEqual(new Date('2026-01-07T08:00:00Z'));
  });

  test('given a service with support hours of its own, then those count', async () => {
    const supportHours = [{ timeZone: 'UTC', from: '06:00', until: '14:00' }];
    const services = [
      { id: 'checkout', escalationPolicy: 'default', supportHours },
      { id: 'search', escalationPolicy: 'default' },
    ];
    const w = night('2026-01-06T22:00:00Z', { services });
    const dueOf = async (service: string) => (await incident(w.tocsin, await open(w, service))).timers.supportHours;
    expect(await dueOf('checkout')).toEqual(new Date('2026-01-07T06:00:00Z'));
    expect(await dueOf('search')).toEqual(new Date('2026-01-07T08:00:00Z'));
  });

  test.each([
    ['forward', '2026-03-28T22:00:00Z', '2026-03-29T07:00:00Z'],
    ['back', '2026-10-24T22:00:00Z', '2026-10-25T08:00:00Z'],
  ])(
    'given a night in which the clocks go %s, then support hours begin at nine by the clock',
    async (_, start, begin) => {
      const w = night(start);
      const id = await open(w);
      expect((await incident(w.tocsin, id)).timers.supportHours).toEqual(new Date(begin));
      await w.pass(12 * HOUR, 15 * MINUTE);
      const raised = (await events(w.tocsin, id)).find(({ type }) => type === 'urgency.raised');
      expect(raised?.at).toBe(Date.parse(begin));
    },
  );

  test.each([
    [false, ['severityRaised'], 'triage / acknowledged'],
    [true, [], 'triage / escalating'],
    [undefined, ['severityRaised'], 'triage / escalating'],
    [undefined, [], 'triage / acknowledged'],
  ] as const)(
    'given a level with repage %s and a policy with %j, when an acknowledged incident rises to it, then it stands at %s',
    async (repage, repageOn, expected) => {
      const level = repage === undefined ? {} : { repage };
      const w = night('2026-01-06T12:00:00Z', { escalationPolicies: [policy({ repageOn: [...repageOn] })] }, level);
      const id = await open(w);
      await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
      await w.tocsin.incidents.setSeverity(id, { by: 'boss', severity: 'SEV1' });
      expect(await stands(w.tocsin, id)).toBe(expected);
    },
  );

  test('given an incident of the day, when it is reopened at night, then it waits for the morning', async () => {
    const w = night('2026-01-06T15:00:00Z');
    const id = await open(w);
    await w.tocsin.incidents.resolve(id, { by: 'ana' });
    await w.sleep(7 * HOUR);
    const reopened = await w.tocsin.incidents.reopen(id, { by: 'ana' });
    expect(reopened).toMatchObject({ urgency: 'low', paging: 'notified' });
    expect(reopened.timers.supportHours).toEqual(new Date('2026-01-07T08:00:00Z'));
  });

  test('given an incident of the night, when it is merged into one that is less severe, then that one waits as well', async () => {
    const w = night('2026-01-06T22:00:00Z');
    const id = await open(w);
    const { id: into } = await w.tocsin.incidents.open({
      title: 'Odd',
      service: 'checkout',
      severity: 'SEV3',
      by: 'boss',
    });
    const merged = await w.tocsin.incidents.merge(id, { into, by: 'boss' });
    expect(merged).toMatchObject({ id: into, severity: 'SEV2', urgency: 'low' });
    expect(merged.timers.supportHours).toEqual(new Date('2026-01-07T08:00:00Z'));
  });

  test('given a process that was down when they began, when it is up again, then the incident is raised then', async () => {
    const w = night('2026-01-06T22:00:00Z');
    const id = await open(w);
    await w.pass(0);
    w.news();
    await w.sleep(11 * HOUR);
    await w.pass(0);
    expect(w.news()).toHaveLength(1);
    expect(await incident(w.tocsin, id)).toMatchObject({ urgency: 'high', paging: 'escalating' });
  });
});
