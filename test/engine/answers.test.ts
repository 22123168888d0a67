/**
 * After an answer: acknowledgements that run out, snoozes that end, alerts that clear, handoffs, and a process that was away.
 */
import { describe, expect, test } from 'vitest';
import {
  config,
  events,
  HOUR,
  incident,
  MINUTE,
  opened,
  policy,
  resolve,
  stands,
  trigger,
  types,
  world,
} from './world.ts';

const by = 'ana';

describe('all clear', () => {
  test('what nobody touched resolves after it stayed clear for five minutes', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await pass(MINUTE);
    await tocsin.ingest(resolve());
    await pass(5 * MINUTE);
    expect(await stands(tocsin, id)).toBe('resolved / quiet');
    expect((await events(tocsin, id)).at(-1)).toMatchObject({ type: 'incident.resolved', by: { kind: 'system' } });
    news();
    await pass(HOUR);
    expect(news()).toEqual([]);
  });

  test('flapping within the five minutes neither resolves nor pages again', async () => {
    const { tocsin, pass, news } = world({ config: config({ users: people() }) });
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by: { kind: 'source', id: 'monitor' } });
    for (let flap = 0; flap < 3; flap++) {
      await tocsin.ingest(resolve());
      await pass(4 * MINUTE);
      await tocsin.ingest(trigger());
      await pass(MINUTE);
    }
    expect(news()).toEqual(['+0 ana sms notice']);
    expect((await incident(tocsin, id)).phase).toBe('triage');
  });

  test('what somebody acted on moves to monitoring, and the responders are told', async () => {
    const { tocsin, pass, news, sms } = world();
    const id = await opened(tocsin);
    await pass(0);
    await tocsin.incidents.acknowledge(id, { by });
    await tocsin.ingest(resolve());
    await pass(5 * MINUTE);
    expect(await stands(tocsin, id)).toBe('monitoring / acknowledged');
    expect(news()).toEqual(['+0 ana sms step', '+5m ana sms notice']);
    expect(sms.sent.at(-1)?.message).toMatchObject({ title: 'Monitoring: Problem disk', actions: [] });
  });

  test('an alert that joins while monitoring regresses to investigating and pages', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by });
    await tocsin.incidents.mitigate(id, { by });
    await tocsin.ingest(resolve());
    await pass(0);
    expect(await tocsin.ingest(trigger())).toMatchObject([{ outcome: 'joined', incidentId: id }]);
    await pass(0);
    expect(await stands(tocsin, id)).toBe('investigating / escalating');
    expect(news()).toEqual(['+0 ana sms step']);
  });
});

describe('acknowledge timeout', () => {
  test('after thirty minutes without a word the first step is asked anew, and whoever acknowledged', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by: 'boss' });
    await pass(30 * MINUTE - 1);
    expect(news()).toEqual(['+0 ana sms notice']);
    await pass(1);
    expect(news()).toEqual(['+30m ana sms step', '+30m boss sms step']);
    expect(await incident(tocsin, id)).toMatchObject({ paging: 'escalating', acknowledgedBy: [] });
    expect((await types(tocsin, id)).slice(-3)).toEqual(['timer.fired', 'incident.unacknowledged', 'page.requested']);
  });

  test.each([
    ['a note', (w: World, id: string) => w.tocsin.incidents.addNote(id, { by, text: 'on it' })],
    ['an update', (w: World, id: string) => w.tocsin.incidents.postUpdate(id, { by, text: 'soon' })],
    ['a role', (w: World, id: string) => w.tocsin.incidents.assignRole(id, { by, role: 'scribe', user: by })],
    ['a task', (w: World, id: string) => w.tocsin.incidents.addTask(id, { by, title: 'x' })],
    ['a phase', (w: World, id: string) => w.tocsin.incidents.identify(id, { by })],
  ])('%s of a responder restarts the clock', async (_, act) => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.pass(29 * MINUTE);
    await act(w, id);
    await w.pass(29 * MINUTE);
    expect(w.news()).toEqual([]);
    await w.pass(MINUTE);
    expect(w.news()).toEqual(['+59m ana sms step']);
  });

  test('what a source says does not restart the clock', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by });
    await pass(20 * MINUTE);
    await tocsin.incidents.addNote(id, { by: { kind: 'source', id: 'ci' }, text: 'deploy' });
    await pass(10 * MINUTE);
    expect(news()).toEqual(['+30m ana sms step']);
  });

  test('can be turned off', async () => {
    const { tocsin, pass, news } = world({
      config: config({ escalationPolicies: [policy({ acknowledgeTimeout: 'off' })] }),
    });
    await tocsin.incidents.acknowledge(await opened(tocsin), { by });
    await pass(5 * HOUR, 10 * MINUTE);
    expect(news()).toEqual([]);
  });
});

describe('snooze', () => {
  test('at its end the first step is resolved anew; the snoozer is paged only if on call then', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.snooze(id, { by: 'boss', for: '1h' });
    await pass(HOUR - 1, 10 * MINUTE);
    expect(news()).toEqual([]);
    await pass(1);
    expect(news()).toEqual(['+1h ana sms step']);
    expect((await incident(tocsin, id)).paging).toBe('escalating');
  });

  test('a raised severity ends it early', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin, trigger('disk', { severity: 'error' }));
    await tocsin.incidents.snooze(id, { by, for: '1h' });
    await tocsin.ingest(trigger('disk', { severity: 'critical' }));
    await pass(0);
    expect(news()).toEqual(['+0 ana sms step']);
  });
});

describe('handoff', () => {
  test('who is on call is asked when a step fires, not when the incident opened', async () => {
    const w = world({
      config: config({
        escalationPolicies: [
          policy({
            steps: [{ targets: [{ user: 'boss' }], escalateAfter: '5m' }, { targets: [{ schedule: 'primary' }] }],
          }),
        ],
        schedules: [daily()],
      }),
    });
    await w.sleep(4 * HOUR - 3 * MINUTE);
    await opened(w.tocsin);
    await w.pass(5 * MINUTE);
    // At 13:57 it was ana; the handoff is at 14:00, and the step at 14:02.
    expect(w.news()).toEqual(['+3h57m boss sms step', '+4h2m ben sms step']);
  });

  test('a delivery that is due after the handoff still goes to whoever was asked, beside whoever has come on call', async () => {
    const w = world({ config: config({ schedules: [daily()] }) });
    await w.sleep(4 * HOUR - MINUTE);
    await opened(w.tocsin);
    await w.pass(2 * MINUTE);
    expect(w.news()).toEqual(['+3h59m ana sms step', '+4h ben sms handoff', '+4h1m ana voice step']);
  });
});

describe('a process that was down for an hour', () => {
  test('does what is due, skips no step, and bursts nothing: each step gets its window from when it really fired', async () => {
    const { tocsin, pass, sleep, news } = world();
    const id = await opened(tocsin);
    await pass(0);
    expect(news()).toEqual(['+0 ana sms step']);
    await sleep(HOUR);
    await pass(0);
    expect(news()).toEqual(['+1h ana voice step', '+1h ben sms step']);
    await pass(9 * MINUTE);
    expect(news()).toEqual([]);
    await pass(MINUTE);
    expect(news()).toEqual(['+1h10m boss sms fallback']);
    await pass(15 * MINUTE);
    expect(news()).toEqual(['+1h25m boss sms fallback']);
    expect((await incident(tocsin, id)).position).toMatchObject({ loop: 1, step: 2 });
  });

  test('sends nothing for an incident that was acknowledged meanwhile by another process', async () => {
    const { tocsin, sleep, pass, news } = world();
    const id = await opened(tocsin);
    await sleep(HOUR);
    await tocsin.incidents.acknowledge(id, { by });
    await pass(0);
    expect(news()).toEqual([]);
  });

  test('says how old its messages are', async () => {
    const { tocsin, sleep, pass, sms } = world();
    await opened(tocsin);
    await sleep(HOUR);
    await pass(0);
    const { since, requestedAt, sentAt } = sms.sent[0]!.message;
    expect([sentAt - (since ?? Number.NaN), sentAt - requestedAt]).toEqual([HOUR, HOUR]);
  });

  test('takes up many incidents in the order in which they were due', async () => {
    const { tocsin, sleep, pass, sms, clock } = world();
    for (const name of ['first', 'second', 'third']) {
      await opened(tocsin, trigger(name));
      await clock.advance(MINUTE);
    }
    await sleep(HOUR);
    await pass(0);
    const titles = sms.sent.filter(({ message }) => message.step === 1).map(({ message }) => message.title);
    expect(titles).toEqual(['Problem first', 'Problem second', 'Problem third']);
  });
});

type World = ReturnType<typeof world>;

const people = () => ['ana', 'ben', 'boss'].map((id) => ({ id, contacts: [{ notifier: 'sms', address: id }] }));

/** ana until 14:00 UTC, then ben until the next day. */
function daily() {
  const rotation = { start: '2026-01-05T14:00:00', rrule: 'FREQ=DAILY', participants: ['ana', 'ben'] };
  return { id: 'primary', timeZone: 'UTC', layers: [{ id: 'days', rotation }] };
}
