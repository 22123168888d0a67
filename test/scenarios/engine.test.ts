/**
 * What happens when: the promises that a host can see at the engine, each by its number.
 *
 * A whole Tocsin over memory, with a clock that a test moves.
 */
import { describe, expect, test } from 'vitest';
import { createTocsin } from '../../src/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import {
  acknowledge,
  config,
  DAY,
  events,
  HOUR,
  incident,
  ingested,
  MINUTE,
  opened,
  policy,
  recordingLogger,
  refusal,
  resolve,
  stands,
  T0,
  trigger,
  types,
  withoutUnhandled,
  world,
} from '../engine/world.ts';

const by = 'ana';

describe('1. Reached means a person', () => {
  const room = { channels: [{ id: 'room', notifier: 'voice', address: '#ops' }] };

  test('given a step that names only a room, when it fires, then the room is told and the next step is asked at once', async () => {
    const steps = [{ targets: [{ channel: 'room' }] }, { targets: [{ user: 'ben' }] }];
    const w = world({ config: config({ ...room, escalationPolicies: [policy({ steps })] }) });
    const id = await opened(w.tocsin);
    await w.pass(0);
    expect(w.news()).toEqual(['+0 ben sms step', '+0 channel room step']);
    expect((await events(w.tocsin, id))[1]).toMatchObject({ type: 'page.nobody', reason: 'nobody' });
  });

  test('given a fallback without a person who has a contact, when it is configured, then it is refused', async () => {
    const unreachable = config({ escalationPolicies: [policy({ fallback: [{ user: 'mute' }] })] });
    const error = await refusal(() => world({ config: unreachable }), 'CONFIG_INVALID');
    expect(error.details.problems).toMatchObject([{ path: 'escalationPolicies[0].fallback' }]);
  });

  test('given a team as a target, when it is paged, then its schedule is asked and not all its members', async () => {
    const teams = [{ id: 'team', members: ['ana', 'ben', 'boss'], schedule: 'primary' }];
    const steps = (target: object) => [policy({ steps: [{ targets: [{ team: 'team', ...target }] }] })];
    const scheduled = world({ config: config({ teams, escalationPolicies: steps({}) }) });
    await opened(scheduled.tocsin);
    await scheduled.pass(0);
    expect(scheduled.news()).toEqual(['+0 ana sms step']);
    const everyone = world({ config: config({ teams, escalationPolicies: steps({ everyone: true }) }) });
    await opened(everyone.tocsin);
    await everyone.pass(0);
    expect(everyone.news()).toEqual(['+0 ana sms step', '+0 ben sms step', '+0 boss sms step']);
  });
});

test('4. The end of the ladder: given that nobody answers, then it is exhausted, and the fallback is paged every 15 min until somebody acknowledges', async () => {
  const w = world();
  const exhausted: string[] = [];
  w.tocsin.on('escalation.exhausted', ({ event }) => exhausted.push(event.policyId));
  const id = await opened(w.tocsin);
  await w.pass(14 * MINUTE);
  w.news();
  await w.pass(91 * MINUTE);
  expect(w.news()).toEqual([15, 30, 45, 60, 75, 90, 105].map((minutes) => `${at(minutes)} boss sms fallback`));
  expect(exhausted).toEqual(['default']);
  await w.tocsin.incidents.acknowledge(id, { by: 'boss' });
  await w.pass(29 * MINUTE);
  expect(w.news()).toEqual([`${at(105)} ben sms notice`]);
});

describe('5. Earlier steps stay in play', () => {
  test('given that step 2 was taken, then the contact rules of the people of step 1 continue', async () => {
    const steps = [{ targets: [{ user: 'ana' }], escalateAfter: '1m' }, { targets: [{ user: 'ben' }] }];
    const w = world({ config: config({ escalationPolicies: [policy({ steps })] }) });
    await opened(w.tocsin);
    await w.pass(2 * MINUTE);
    expect(w.news()).toEqual(['+0 ana sms step', '+1m ben sms step', '+2m ana voice step']);
  });

  test.each([
    ['acknowledge', (w: World, id: string) => w.tocsin.incidents.acknowledge(id, { by })],
    ['snooze', (w: World, id: string) => w.tocsin.incidents.snooze(id, { by, for: '1h' })],
    ['reassign', (w: World, id: string) => w.tocsin.incidents.reassign(id, { by, users: ['boss'] })],
    ['resolve', (w: World, id: string) => w.tocsin.incidents.resolve(id, { by })],
    ['dismiss', (w: World, id: string) => w.tocsin.incidents.dismiss(id, { by })],
    [
      'merge',
      async (w: World, id: string) =>
        w.tocsin.incidents.merge(id, { by, into: await opened(w.tocsin, trigger('other', { severity: 'info' })) }),
    ],
  ])('given pending deliveries, when somebody does %s, then its commit cancels all of them', async (_, end) => {
    const w = world();
    const id = await opened(w.tocsin);
    const before = (await w.tocsin.deliveries.list({ incidentId: id })).map((delivery) => delivery.id);
    await end(w, id);
    const after = await w.tocsin.deliveries.list({ incidentId: id });
    for (const gone of before) expect(after.find((delivery) => delivery.id === gone)?.state).toBe('withdrawn');
  });
});

describe('6. Handoff in the middle', () => {
  const rotation = { start: '2026-01-05T10:01:00', rrule: 'FREQ=DAILY', participants: ['ana', 'ben'] };
  const schedules = [{ id: 'primary', timeZone: 'UTC', layers: [{ id: 'days', rotation }] }];
  const steps = [{ targets: [{ schedule: 'primary' }], escalateAfter: '5m' }];
  const handingOff = async () => {
    const w = world({ config: config({ schedules, escalationPolicies: [policy({ steps, repeat: 1 })] }) });
    return { ...w, id: await opened(w.tocsin) };
  };

  test('given a page before the handoff, then its later delivery still goes out, and the incoming person is paged as well', async () => {
    const w = await handingOff();
    await w.pass(5 * MINUTE);
    expect(w.news()).toEqual(['+0 ana sms step', '+1m ben sms handoff', '+2m ana voice step', '+5m ben sms step']);
  });

  test('given an incident that was acknowledged before the handoff, then it stays with whoever acknowledged', async () => {
    const w = await handingOff();
    await w.pass(0);
    await w.tocsin.incidents.acknowledge(w.id, { by: 'ana' });
    w.news();
    await w.pass(5 * MINUTE);
    expect(w.news()).toEqual(['+1m ben sms summary']);
    expect((await incident(w.tocsin, w.id)).acknowledgedBy).toEqual(['ana']);
  });

  test('given an override that begins now, then whoever it puts on call is paged at once, and nobody twice', async () => {
    const w = await handingOff();
    await w.pass(0);
    w.news();
    const by = 'ana';
    const stretch = { schedule: 'primary', from: T0, until: T0 + HOUR, by };
    const { id } = await w.tocsin.onCall.override({ ...stretch, kind: 'replace', user: 'boss' });
    await w.pass(0);
    await w.tocsin.onCall.cancelOverride(id, { by });
    await w.pass(30_000);
    expect(w.news()).toEqual(['+0 boss sms handoff']);
  });
});

test('7. Acknowledge timeout: given half an hour without a word, then the first step is asked anew, plus whoever acknowledged, and loops start again', async () => {
  const w = world();
  const id = await opened(w.tocsin);
  await w.pass(6 * MINUTE);
  await w.tocsin.incidents.acknowledge(id, { by: 'boss' });
  w.news();
  await w.pass(20 * MINUTE);
  await w.tocsin.incidents.addNote(id, { by: 'boss', text: 'still looking' });
  await w.pass(30 * MINUTE);
  expect(w.news()).toEqual(['+6m ben sms notice', '+56m ana sms step', '+56m boss sms step']);
  expect((await incident(w.tocsin, id)).position).toEqual({ cycle: 2, loop: 1, step: 1 });
});

describe('8. Snooze', () => {
  test('given a snooze, when it ends, then the first step is resolved anew, and the snoozer is paged only if on call then', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.snooze(id, { by: 'ben', for: '24h' });
    await w.pass(DAY, HOUR);
    expect(w.news()).toEqual(['+24h ana sms step']);
  });

  test('given more than 24 hours, then it is refused', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await refusal(() => w.tocsin.incidents.snooze(id, { by, for: '1d1ms' }), 'INPUT_INVALID');
  });

  const snoozed = async () => {
    const w = world();
    const id = await opened(w.tocsin, trigger('disk', { severity: 'error' }));
    await w.tocsin.incidents.snooze(id, { by, for: '1h' });
    await w.pass(0);
    w.news();
    return { ...w, id };
  };

  test('given a raised severity meanwhile, then it ends early', async () => {
    const w = await snoozed();
    await w.tocsin.ingest(trigger('disk', { severity: 'critical' }));
    await w.pass(0);
    expect(w.news()).toEqual(['+0 ana sms step']);
  });

  test('given a new alert meanwhile, then it ends early', async () => {
    const w = await snoozed();
    const second = await opened(w.tocsin, trigger('second', { severity: 'error' }));
    await w.tocsin.incidents.merge(second, { by, into: w.id });
    await w.pass(0);
    expect(w.news()).toEqual(['+0 ana sms step']);
    expect(await stands(w.tocsin, w.id)).toBe('triage / escalating');
  });

  test('given an alert that only flaps meanwhile, then it goes on', async () => {
    const w = await snoozed();
    await w.tocsin.ingest(resolve('disk'));
    await w.tocsin.ingest(trigger('disk', { severity: 'error' }));
    await w.pass(MINUTE);
    expect(w.news()).toEqual([]);
    expect(await stands(w.tocsin, w.id)).toBe('triage / snoozed');
  });
});

describe('9. Duplicates', () => {
  test('given an open key, when it repeats, then nobody is paged; worse raises and re-pages, milder never lowers', async () => {
    const w = world();
    const id = await opened(w.tocsin, trigger('disk', { severity: 'error' }));
    await w.pass(0);
    await w.tocsin.incidents.acknowledge(id, { by });
    w.news();
    await w.tocsin.ingest(trigger('disk', { severity: 'error' }));
    await w.tocsin.ingest(trigger('disk', { severity: 'info' }));
    await w.pass(MINUTE);
    expect(w.news()).toEqual([]);
    expect((await incident(w.tocsin, id)).severity).toBe('SEV2');
    await w.tocsin.ingest(trigger('disk', { severity: 'critical' }));
    await w.pass(0);
    expect(w.news()).toEqual(['+1m ana sms step']);
  });

  test('given two open alerts, when a source acknowledges one, then the incident waits for the other', async () => {
    const { tocsin } = world();
    const id = await opened(tocsin, trigger('one'));
    await tocsin.incidents.merge(await opened(tocsin, trigger('two')), { by, into: id });
    await tocsin.ingest(acknowledge('one'));
    expect(await stands(tocsin, id)).toBe('triage / escalating');
    await tocsin.ingest(acknowledge('two'));
    expect(await stands(tocsin, id)).toBe('triage / acknowledged');
  });
});

describe('10. A new alert joins', () => {
  /** Two alerts in one incident, of which the second had cleared for good; it fires again as `severity`. */
  const joining = async (before: (w: World, id: string) => Promise<unknown>, severity = 'error') => {
    const w = world();
    const id = await opened(w.tocsin, trigger('one', { severity: 'error' }));
    await w.tocsin.incidents.merge(await opened(w.tocsin, trigger('two', { severity: 'error' })), { by, into: id });
    await w.tocsin.ingest(resolve('two'));
    await w.pass(0);
    await before(w, id);
    await w.pass(0);
    w.news();
    const result = await ingested(w.tocsin, trigger('two', { severity }));
    await w.pass(0);
    return { ...w, id, result, paged: w.news() };
  };

  test('given an escalation, then it changes nothing but the count', async () => {
    const { tocsin, id, result, paged } = await joining(async () => {});
    expect([result.outcome, result.incidentId, paged]).toEqual(['joined', id, []]);
    expect(Object.values((await incident(tocsin, id)).alerts)).toEqual(['firing', 'firing']);
    expect((await tocsin.alerts.get(result.alertId!))?.count).toBe(2);
  });

  test('given an acknowledgement, then it is noted, and pages again only if more severe', async () => {
    const take = (w: World, id: string) => w.tocsin.incidents.acknowledge(id, { by });
    expect((await joining(take)).paged).toEqual([]);
    expect((await joining(take, 'critical')).paged).toEqual(['+0 ana sms step']);
  });

  test('given monitoring, then it regresses to investigating and pages', async () => {
    const { tocsin, id, paged } = await joining(async (w, one) => {
      await w.tocsin.incidents.acknowledge(one, { by });
      await w.tocsin.incidents.mitigate(one, { by });
    });
    expect(paged).toEqual(['+0 ana sms step']);
    expect(await stands(tocsin, id)).toBe('investigating / escalating');
  });

  test('given a resolved incident, then it is never joined: a new one is opened', async () => {
    const { id, result } = await joining((w, one) => w.tocsin.incidents.resolve(one, { by }));
    expect(result.outcome).toBe('opened');
    expect(result.incidentId).not.toBe(id);
  });
});

describe('13. Alerts all clear', () => {
  test('given that no human acted, then it resolves after the alerts stayed clear for 5 min', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.ingest(resolve());
    await w.pass(5 * MINUTE - 1, 5 * MINUTE);
    expect((await incident(w.tocsin, id)).phase).toBe('triage');
    await w.pass(1);
    expect(await stands(w.tocsin, id)).toBe('resolved / quiet');
  });

  test('given that somebody acted, then it moves to monitoring and tells the responders', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.tocsin.ingest(resolve());
    await w.pass(5 * MINUTE);
    expect((await incident(w.tocsin, id)).phase).toBe('monitoring');
    expect(w.news()).toEqual(['+5m ana sms notice']);
  });
});

describe('16. Reopen', () => {
  test('given the window of 7 days, then it keeps the history and pages the first step', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.resolve(id, { by });
    await w.pass(7 * DAY - 1, DAY);
    expect((await w.tocsin.incidents.reopen(id, { by })).id).toBe(id);
    await w.pass(0);
    expect(w.sms.sent.map(({ message }) => message.to.user)).toEqual(['ben']);
    expect((await types(w.tocsin, id)).slice(-2)).toEqual(['incident.reopened', 'page.requested']);
  });

  test('given that it has passed, then a linked new incident is opened', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.resolve(id, { by });
    await w.pass(7 * DAY, DAY);
    expect((await incident(w.tocsin, id)).phase).toBe('closed');
    const next = await w.tocsin.incidents.reopen(id, { by });
    expect(next.id).not.toBe(id);
    expect(next.links).toEqual([{ incident: id, relation: 'follows' }]);
  });
});

test.each(['resolve', 'dismiss'] as const)(
  '17. Resolve and dismiss: given an escalation, when somebody does %s, then everything that pages stops',
  async (end) => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.pass(6 * MINUTE);
    w.news();
    const { timers } = await w.tocsin.incidents[end](id, { by });
    expect(Object.keys(timers).filter((kind) => kind !== 'close' && !kind.startsWith('review'))).toEqual([]);
    await w.pass(DAY, HOUR);
    expect(w.news()).toEqual([]);
  },
);

test('20. An override beats swaps, a swap beats rotations, and among overrides the later created wins', async () => {
  const { tocsin } = world();
  const stretch = { schedule: 'primary', from: T0, until: T0 + HOUR, by };
  const onCall = async () => (await tocsin.onCall.at('primary')).map(({ user, source }) => `${user} by ${source}`);
  expect(await onCall()).toEqual(['ana by rotation']);
  await tocsin.onCall.override({ ...stretch, kind: 'replace', user: 'ben' });
  await tocsin.onCall.swap({ ...stretch, give: 'ana', take: 'boss' });
  expect(await onCall()).toEqual(['ben by override']);
  await tocsin.onCall.override({ ...stretch, kind: 'replace', user: 'ana' });
  expect(await onCall()).toEqual(['ana by override']);
});

test('21. Who was asked is recorded: with the schedule, the layer and the handoff, and the version of the configuration', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  expect((await events(tocsin, id))[1]).toMatchObject({
    type: 'page.requested',
    configVersion: tocsin.config.current().version,
    recipients: [
      {
        user: 'ana',
        name: 'Ana',
        reason: {
          target: { schedule: 'primary' },
          schedule: 'primary',
          layer: 'weekly',
          source: 'rotation',
          handoff: 0,
        },
        contacts: [
          { contact: 'sms', notifier: 'sms', address: 'ana@sms', afterMs: 0 },
          { contact: 'voice', notifier: 'voice', address: 'ana@voice', afterMs: 2 * MINUTE },
        ],
      },
    ],
  });
});

test('22. Contacts written in configuration count as verified: given one, when its owner is paged, then it is used', async () => {
  const w = world();
  await opened(w.tocsin);
  await w.pass(0);
  expect(w.sms.sent.map(({ message }) => message.to.address)).toEqual(['ana@sms']);
});

describe('26. Process was down for an hour', () => {
  test('then no step is skipped, nothing bursts, and each step gets its window from the moment it really fired', async () => {
    const w = world();
    await opened(w.tocsin);
    await w.sleep(HOUR);
    await w.pass(26 * MINUTE);
    expect(w.news()).toEqual([
      '+1h ana sms step',
      '+1h ana voice step',
      '+1h ben sms step',
      '+1h10m boss sms fallback',
      '+1h25m boss sms fallback',
    ]);
  });

  test('then acknowledged incidents send nothing, and messages say how old they are', async () => {
    const w = world();
    const taken = await opened(w.tocsin, trigger('taken'));
    await opened(w.tocsin, trigger('waiting'));
    await w.tocsin.incidents.acknowledge(taken, { by });
    await w.sleep(20 * MINUTE);
    await w.pass(0);
    expect(new Set(w.sms.sent.map(({ message }) => message.title))).toEqual(new Set(['Problem waiting']));
    expect(w.sms.sent[0]?.message).toMatchObject({ since: T0, requestedAt: T0, sentAt: T0 + 20 * MINUTE });
  });
});

test('28. Listeners: given one that throws and one that rejects, then they are logged and never reach the host', async () => {
  await withoutUnhandled(async () => {
    const w = world();
    w.tocsin.on('incident.opened', () => {
      throw new Error('listener');
    });
    w.tocsin.on('incident.opened', () => Promise.reject(new Error('listener')));
    expect(await w.tocsin.ingest(trigger())).toMatchObject([{ outcome: 'opened' }]);
    await w.pass(0);
    expect(w.log).toEqual(Array(2).fill('error: A listener of incident.opened failed.'));
  });
});

test('29. Memory storage: given that no storage was named, then it says once that it forgets', async () => {
  const { logger, lines } = recordingLogger();
  const notifiers = [recordingNotifier('sms'), recordingNotifier('voice')];
  const tocsin = createTocsin({ config: config(), clock: virtualClock({ start: T0 }), notifiers, logger });
  await tocsin.ingest(trigger());
  await tocsin.tick();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^warn: .*forgotten when this process ends/);
});

type World = ReturnType<typeof world>;

const at = (minutes: number) => (minutes < 60 ? `+${minutes}m` : `+1h${minutes === 60 ? '' : `${minutes - 60}m`}`);
