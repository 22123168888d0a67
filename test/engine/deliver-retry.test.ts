/**
 * A delivery that fails: tried again, hastened to the next contact, or ended, loudly, as a dead letter.
 */
import { describe, expect, test } from 'vitest';
import { type Delivery, notifyError } from '../../src/index.ts';
import {
  config,
  deliveries,
  events,
  incident,
  MINUTE,
  opened,
  policy,
  refusal,
  SECOND,
  stands,
  types,
  withoutUnhandled,
  world,
} from './world.ts';

const permanent = () => {
  throw notifyError('no such number', { permanent: true });
};
const twoPeople = { steps: [{ targets: [{ user: 'ben' }, { user: 'boss' }] }, { targets: [{ user: 'ana' }] }] };

describe('an attempt that fails', () => {
  test('is made again, the longest wait doubling from one second, under the same idempotency key', async () => {
    const { tocsin, sms, clock } = world();
    const id = await opened(tocsin);
    sms.failWith(() => Promise.reject(new Error('busy')));
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 6; attempt++) {
      const at = clock.now();
      while (sms.attempts.length < attempt) {
        await tocsin.tick();
        if (sms.attempts.length < attempt) await clock.advance(10);
      }
      waits.push(clock.now() - at);
    }
    const ceilings = [0, 1_000, 2_000, 4_000, 8_000, 16_000];
    for (const [attempt, wait] of waits.entries()) {
      expect(wait).toBeLessThanOrEqual(ceilings[attempt]! + 10);
    }
    expect(new Set(sms.attempts.map(({ idempotencyKey }) => idempotencyKey))).toEqual(new Set([`${id}:2:0`]));
    const both = await tocsin.deliveries.list({ incidentId: id });
    expect(both.find(({ contact }) => contact === 'sms')).toMatchObject({
      state: 'pending',
      attempts: 6,
      error: 'busy',
    });
    expect(both).toHaveLength(2);
  });

  test('is made again by a running instance at its moment, not when it next looks around', async () => {
    const { tocsin, sms, clock } = world();
    sms.failWith((_, attempt) => (attempt === 1 ? Promise.reject(new Error('busy')) : undefined));
    await opened(tocsin);
    await tocsin.start();
    await clock.advance(SECOND);
    expect(sms.sent).toHaveLength(1);
    await tocsin.stop();
  });

  test('and succeeds later is sent once, and keeps what the channel answered', async () => {
    const { tocsin, sms, pass } = world();
    const id = await opened(tocsin);
    sms.failWith((_, attempt) => (attempt < 3 ? Promise.reject(new Error('busy')) : undefined));
    await pass(5 * SECOND, SECOND);
    expect(sms.sent).toHaveLength(1);
    const [delivery] = await tocsin.deliveries.list({ incidentId: id });
    expect(delivery).toMatchObject({ state: 'sent', attempts: 3, externalId: 'sms-1' });
    expect(delivery!.error).toBeUndefined();
  });

  test.each([
    ['honoured', 90 * SECOND, 90 * SECOND],
    ['clamped to a second', 1, SECOND],
    ['clamped to fifteen minutes', 24 * 60 * MINUTE, 15 * MINUTE],
  ])('that says how long to wait: the wait is %s', async (_, retryAfterMs, expected) => {
    const { tocsin, sms, clock } = world();
    const id = await opened(tocsin);
    sms.failWith(() => {
      throw notifyError('slow down', { retryAfterMs });
    });
    await tocsin.tick();
    const [delivery] = (await tocsin.deliveries.list({ incidentId: id })).filter((one) => one.contact === 'sms');
    expect(delivery).toMatchObject({ state: 'pending', dueAt: new Date(clock.now() + expected) });
  });

  test('is told of to listeners, as is the one that went out', async () => {
    const { tocsin, sms, pass } = world();
    const news: string[] = [];
    for (const type of ['delivery.sent', 'delivery.retried', 'delivery.dead'] as const) {
      tocsin.on(type, ({ delivery }) => news.push(`${type} ${delivery.contact} ${delivery.state} ${delivery.error}`));
    }
    await opened(tocsin);
    sms.failWith((_, attempt) => {
      if (attempt === 1) throw new Error('busy');
      if (attempt === 2) permanent();
    });
    await pass(3 * SECOND, SECOND);
    expect(news).toEqual([
      'delivery.retried sms pending busy',
      'delivery.dead sms dead no such number',
      'delivery.sent voice sent undefined',
    ]);
  });
});

describe('a permanent failure', () => {
  test('hastens the next contact of the same person at once', async () => {
    const { tocsin, sms, pass, news } = world();
    const id = await opened(tocsin);
    sms.failWith(permanent);
    await pass(0);
    expect(news()).toEqual(['+0 ana voice step']);
    expect(await deliveries(tocsin, id)).toEqual(['ana sms dead', 'ana voice sent']);
    expect(await stands(tocsin, id)).toBe('triage / escalating');
  });

  test('is a dead letter, which is told of and can be tried again', async () => {
    const dead: Delivery[] = [];
    const { tocsin, sms, pass, news, log } = world({ onDeadLetter: (delivery) => void dead.push(delivery) });
    const id = await opened(tocsin);
    sms.failWith(permanent);
    await pass(0);
    expect(dead).toMatchObject([{ id: `${id}:2:0`, state: 'dead', error: 'no such number', contact: 'sms' }]);
    expect(await tocsin.deadLetters.list()).toMatchObject([{ id: `${id}:2:0`, error: 'no such number' }]);
    expect(log).toContain('error: A delivery ended as a dead letter.');
    const told = (await tocsin.incidents.timeline(id)).flatMap((entry) =>
      entry.kind === 'delivery' ? [entry.delivery.state] : [],
    );
    expect(told.toSorted()).toEqual(['dead', 'sent']);

    sms.failWith(undefined);
    news();
    await tocsin.deadLetters.retry(`${id}:2:0`);
    await pass(0);
    expect(news()).toEqual(['+0 ana sms step']);
    expect(sms.sent[0]?.idempotencyKey).toBe(`${id}:2:0`);
    expect(await tocsin.deadLetters.list()).toEqual([]);
  });

  test('only a dead letter can be tried again', async () => {
    const { tocsin, pass } = world();
    const id = await opened(tocsin);
    await pass(0);
    for (const wrong of [`${id}:2:0`, `${id}:2:1`, 'nowhere']) {
      const error = await refusal(() => tocsin.deadLetters.retry(wrong), 'DELIVERY_NOT_FOUND');
      expect(error.message).toBe(`Cannot retry delivery ${wrong}: this tenant has no dead letter of that id.`);
      expect(error.details).toEqual({ delivery: wrong });
    }
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('host');
      },
    ],
    ['rejects', () => Promise.reject(new Error('host'))],
    ['never answers', () => new Promise<void>(() => {})],
  ])('counts although onDeadLetter %s: the next contact is used, and the page climbs', async (_, onDeadLetter) => {
    await withoutUnhandled(async () => {
      const { tocsin, sms, news, clock, log } = world({ onDeadLetter });
      const id = await opened(tocsin);
      sms.failWith(permanent);
      await tocsin.start();
      await clock.advance(0);
      expect(news()).toEqual(['+0 ana voice step']);
      // A hook that hangs is given up like a notifier that hangs.
      await clock.advance(10 * SECOND);
      expect(await deliveries(tocsin, id)).toEqual(['ana sms dead', 'ana voice sent']);
      await tocsin.stop();
      expect(log).toContain('error: onDeadLetter failed.');
    });
  });
});

describe('when every contact of a page has failed', () => {
  test('the page has failed, and the next step is asked at once', async () => {
    const { tocsin, sms, voice, pass, news } = world();
    const id = await opened(tocsin);
    sms.failWith((message) => (message.to.user === 'ana' ? permanent() : undefined));
    voice.failWith(() => {
      throw notifyError('line is dead', { permanent: true });
    });
    await pass(0);
    expect(news()).toEqual(['+0 ben sms step']);
    expect((await events(tocsin, id)).filter(({ type }) => type === 'page.failed')).toMatchObject([
      { page: 2, purpose: 'step', errors: ['no such number', 'line is dead'], by: { kind: 'system' } },
    ]);
    expect((await incident(tocsin, id)).position.step).toBe(2);
  });

  test('everybody of the step has to be unreachable before it climbs', async () => {
    const { tocsin, sms, pass, news } = world({ config: config({ escalationPolicies: [policy(twoPeople)] }) });
    const id = await opened(tocsin);
    sms.failWith((message) => (message.to.user === 'ben' ? permanent() : undefined));
    await pass(0);
    expect(news()).toEqual(['+0 boss sms step']);
    expect(await types(tocsin, id)).not.toContain('page.failed');
  });

  test('it is said once, also when the last two contacts fail at the same moment', async () => {
    const { tocsin, sms, pass, log } = world({ config: config({ escalationPolicies: [policy(twoPeople)] }) });
    const id = await opened(tocsin);
    sms.failWith((message) => (message.to.user === 'ana' ? undefined : permanent()));
    await pass(0);
    expect(new Set(log)).toEqual(new Set(['error: A delivery ended as a dead letter.']));
    expect((await types(tocsin, id)).filter((type) => type === 'page.failed')).toHaveLength(1);
    expect((await incident(tocsin, id)).position).toMatchObject({ cycle: 1, loop: 1, step: 2 });
  });

  test('nobody is forgotten: the fallback is asked, and asked again every fifteen minutes', async () => {
    const { tocsin, sms, voice, pass } = world();
    const id = await opened(tocsin);
    sms.failWith(permanent);
    voice.failWith(permanent);
    await pass(0);
    expect(await stands(tocsin, id)).toBe('triage / exhausted');
    expect(sms.attempts.at(-1)?.message.to.user).toBe('boss');
    const before = sms.attempts.length;
    await pass(15 * MINUTE);
    expect(sms.attempts.length).toBe(before + 1);
  });

  test('a failed request to join moves nothing', async () => {
    const { tocsin, sms, pass } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    await tocsin.incidents.addResponder(id, { by: 'ana', user: 'ben' });
    sms.failWith(permanent);
    await pass(0);
    expect(await stands(tocsin, id)).toBe('triage / acknowledged');
    expect((await events(tocsin, id)).at(-1)).toMatchObject({ type: 'page.failed', purpose: 'responder' });
  });

  test('a channel that fails says nothing about the people', async () => {
    const { tocsin, sms, voice, pass } = world({
      config: config({
        channels: [{ id: 'room', notifier: 'voice', address: '#ops' }],
        escalationPolicies: [policy({ steps: [{ targets: [{ channel: 'room' }, { user: 'ben' }] }] })],
      }),
    });
    const id = await opened(tocsin);
    voice.failWith(permanent);
    await pass(0);
    expect(sms.sent.map(({ message }) => message.to.user)).toEqual(['ben']);
    expect(await types(tocsin, id)).toEqual(['incident.opened', 'page.requested']);
    expect(await tocsin.deadLetters.list()).toMatchObject([{ channel: 'room' }]);
  });

  test('a room that mirrored a page without people is no failed page', async () => {
    const { tocsin, voice, pass } = world({
      config: config({
        channels: [{ id: 'room', notifier: 'voice', address: '#ops' }],
        escalationPolicies: [policy({ steps: [{ targets: [{ channel: 'room' }] }, { targets: [{ user: 'ben' }] }] })],
      }),
    });
    const id = await opened(tocsin);
    voice.failWith(permanent);
    await pass(0);
    expect(await tocsin.deadLetters.list()).toMatchObject([{ channel: 'room' }]);
    expect(await types(tocsin, id)).toEqual(['incident.opened', 'page.nobody', 'page.requested']);
  });

  test('a notice that fails is a dead letter and nothing more', async () => {
    const { tocsin, sms, pass } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    sms.failWith(permanent);
    await tocsin.incidents.mitigate(id, { by: 'ben' });
    await pass(0);
    expect(await tocsin.deadLetters.list()).toMatchObject([{ purpose: 'notice', user: 'ana' }]);
    expect((await types(tocsin, id)).at(-1)).toBe('notice.requested');
  });
});
