/**
 * Escalation as it is lived through: who is asked when, until somebody answers.
 */
import { describe, expect, test } from 'vitest';
import {
  config,
  DAY,
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
const withPolicy = (more: Parameters<typeof policy>[0]) =>
  world({ config: config({ escalationPolicies: [policy(more)] }) });

describe('the climb', () => {
  test('an unanswered page wakes the next step after its window, then the fallback every 15 minutes', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await pass(46 * MINUTE);
    expect(news()).toEqual([
      '+0 ana sms step',
      '+2m ana voice step',
      '+5m ben sms step',
      '+15m boss sms fallback',
      '+30m boss sms fallback',
      '+45m boss sms fallback',
    ]);
    expect(await stands(tocsin, id)).toBe('triage / exhausted');
    expect(await types(tocsin, id)).toContain('escalation.exhausted');
  });

  test('an acknowledgement ends the fallback', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await pass(16 * MINUTE);
    await tocsin.incidents.acknowledge(id, { by: 'boss' });
    news();
    await pass(29 * MINUTE);
    expect(news()).toEqual(['+16m ben sms notice']);
  });

  test('repeat asks the steps again before the fallback', async () => {
    const { tocsin, pass, news } = withPolicy({
      steps: [{ targets: [{ user: 'ben' }], escalateAfter: '3m' }],
      repeat: 2,
    });
    await opened(tocsin);
    await pass(10 * MINUTE);
    expect(news()).toEqual(['+0 ben sms step', '+3m ben sms step', '+6m ben sms step', '+9m boss sms fallback']);
  });

  test('onExhausted climbs the next policy before the fallback of that one', async () => {
    const { tocsin, pass, news } = world({
      config: config({
        escalationPolicies: [
          policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '1m' }], onExhausted: { policy: 'second' } }),
          policy({
            id: 'second',
            steps: [{ targets: [{ user: 'ben' }], escalateAfter: '1m' }],
            fallback: [{ user: 'boss' }],
          }),
        ],
      }),
    });
    const id = await opened(tocsin);
    await pass(3 * MINUTE);
    expect(news()).toEqual(['+0 ana sms step', '+1m ben sms step', '+2m ana voice step', '+2m boss sms fallback']);
    expect((await incident(tocsin, id)).policy).toBe('second');
  });

  test('a person who escalates wakes the next step now', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await pass(MINUTE);
    await tocsin.incidents.escalate(id, { by });
    await pass(0);
    expect(news()).toEqual(['+0 ana sms step', '+1m ben sms step']);
  });

  test('the people of earlier steps stay in play: their later contacts are used too', async () => {
    const { tocsin, pass, news } = withPolicy({
      steps: [{ targets: [{ user: 'ana' }], escalateAfter: '1m' }, { targets: [{ user: 'ben' }] }],
    });
    await opened(tocsin);
    await pass(2 * MINUTE);
    expect(news()).toEqual(['+0 ana sms step', '+1m ben sms step', '+2m ana voice step']);
  });

  test('the fallback is asked when nobody is on call', async () => {
    const { tocsin, pass, news } = world({
      config: config({
        schedules: [
          {
            id: 'primary',
            timeZone: 'UTC',
            layers: [
              { id: 'l', rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: [null] } },
            ],
          },
        ],
        escalationPolicies: [policy({ steps: [{ targets: [{ schedule: 'primary' }] }] })],
      }),
    });
    const id = await opened(tocsin);
    await pass(0);
    expect(news()).toEqual(['+0 boss sms fallback']);
    expect(await events(tocsin, id)).toMatchObject([
      { type: 'incident.opened' },
      { type: 'page.nobody', reason: 'nobody', trace: { unreached: [{ target: { schedule: 'primary' } }] } },
      { type: 'escalation.exhausted' },
      { type: 'page.requested', purpose: 'fallback' },
    ]);
  });
});

describe('gates', () => {
  const gated = (open: string) => [
    { targets: [{ user: 'ana' }], when: { field: 'severity', op: 'equals' as const, value: open } },
    { targets: [{ user: 'ben' }] },
  ];

  test('a step whose gate is closed is passed over at once and recorded as gated', async () => {
    const { tocsin, pass, news } = withPolicy({ steps: gated('SEV2') });
    const id = await opened(tocsin);
    await pass(0);
    expect(news()).toEqual(['+0 ben sms step']);
    expect((await events(tocsin, id))[1]).toMatchObject({
      type: 'page.nobody',
      reason: 'gated',
      position: { step: 1 },
    });
  });

  test('a step whose gate is open is asked', async () => {
    const { tocsin, pass, news } = withPolicy({ steps: gated('SEV1') });
    await opened(tocsin);
    await pass(0);
    expect(news()).toEqual(['+0 ana sms step']);
  });

  test('a gate is asked at the moment at which the step is taken', async () => {
    const { tocsin, pass, news } = withPolicy({
      steps: [
        { targets: [{ user: 'ben' }], escalateAfter: '5m' },
        {
          targets: [{ user: 'ana' }],
          when: { op: 'during', value: { timeZone: 'UTC', from: '10:05', until: '11:00' } },
        },
      ],
    });
    await opened(tocsin);
    await pass(5 * MINUTE);
    expect(news()).toEqual(['+0 ben sms step', '+5m ana sms step']);
  });

  test('when every step of a high-urgency ladder is gated, the fallback is asked now', async () => {
    const { tocsin, pass, news } = withPolicy({ steps: [gated('SEV2')[0]!] });
    await opened(tocsin);
    await pass(0);
    expect(news()).toEqual(['+0 boss sms fallback']);
  });
});

describe('holds', () => {
  const held = () =>
    world({ config: config({ routes: [{ service: 'checkout', holdFor: '5m', resolveAfterClear: '10m' }] }) });

  test('a resolve within the hold cancels the page', async () => {
    const { tocsin, pass, news } = held();
    const id = await opened(tocsin);
    await pass(4 * MINUTE);
    await tocsin.ingest(resolve());
    await pass(HOUR);
    expect(news()).toEqual([]);
    expect((await incident(tocsin, id)).phase).toBe('resolved');
  });

  test('an alert that fires again after it cleared within the hold is held anew', async () => {
    const { tocsin, pass, news } = held();
    await opened(tocsin);
    await pass(4 * MINUTE);
    await tocsin.ingest(resolve());
    await pass(2 * MINUTE);
    await tocsin.ingest(trigger());
    await pass(5 * MINUTE);
    expect(news()).toEqual(['+11m ana sms step']);
  });

  test('a person who resolves within the hold cancels the page', async () => {
    const { tocsin, pass, news } = held();
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by });
    await pass(HOUR);
    expect(news()).toEqual([]);
  });
});

describe('low urgency', () => {
  test('is notified once, does not climb, and reminds after a day', async () => {
    const { tocsin, pass, sleep, news, sms } = world();
    const id = await opened(tocsin, trigger('disk', { severity: 'info' }));
    expect(await stands(tocsin, id)).toBe('triage / notified');
    await pass(HOUR);
    expect(news()).toEqual(['+0 ana sms step']);
    await sleep(23 * HOUR - 1);
    await pass(0);
    expect(news()).toEqual([]);
    await pass(1);
    expect(news()).toEqual(['+24h ana sms reminder']);
    expect(sms.sent.at(-1)?.message.title).toBe('Still open: Problem disk');
  });

  test('that becomes high urgency starts to climb at the first step', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin, trigger('disk', { severity: 'info' }));
    await pass(MINUTE);
    await tocsin.incidents.setSeverity(id, { by, severity: 'SEV1' });
    await pass(5 * MINUTE);
    expect(news()).toEqual(['+0 ana sms step', '+1m ana sms step', '+3m ana voice step', '+6m ben sms step']);
  });

  test('stays quiet once somebody took it', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin, trigger('disk', { severity: 'info' }));
    await tocsin.incidents.acknowledge(id, { by });
    await pass(2 * DAY, HOUR);
    expect(news()).toEqual([]);
  });
});
