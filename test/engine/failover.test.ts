/**
 * Notifiers that stand for one another, and those that are left alone because they keep failing.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, notifyError } from '../../src/index.ts';
import { recordingNotifier } from '../../src/testing/index.ts';
import {
  config,
  contact,
  counter,
  deliveries,
  MINUTE,
  opened,
  refusal,
  SECOND,
  T0,
  trigger,
  types,
  world,
} from './world.ts';

const busy = () => Promise.reject(new Error('503'));
const refuse = () => {
  throw notifyError('no such number', { permanent: true });
};
const people = (notifier: string): ConfigInput['users'] =>
  ['ana', 'ben', 'boss'].map((id) => ({ id, contacts: [contact(notifier, id)] }));

function withFailover(more: Parameters<typeof world>[0] = {}) {
  const twilio = recordingNotifier('twilio');
  const vonage = recordingNotifier('vonage');
  const w = world({
    notifiers: [twilio, vonage],
    config: config({ users: people('text'), failover: { text: ['twilio', 'vonage'] } }),
    ...more,
  });
  return { ...w, twilio, vonage };
}

describe('notifiers that stand for one another', () => {
  test('are asked in their order: the first carries what it takes', async () => {
    const { tocsin, twilio, vonage } = withFailover();
    const id = await opened(tocsin);
    await tocsin.tick();
    expect([twilio.sent.length, vonage.sent.length]).toEqual([1, 0]);
    expect(await tocsin.deliveries.list({ incidentId: id })).toMatchObject([
      { notifier: 'text', via: 'twilio', state: 'sent', externalId: 'twilio-1', attempts: 1 },
    ]);
  });

  test.each([
    ['fails for now', busy],
    ['refuses for good', refuse],
    ['throws at once', () => JSON.parse('{')],
  ])('when the first one %s the next one carries it in the same attempt, under the same key', async (_, fail) => {
    const { tocsin, twilio, vonage } = withFailover();
    twilio.failWith(fail);
    const id = await opened(tocsin);
    await tocsin.tick();
    expect(vonage.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`${id}:2:0`]);
    expect(twilio.attempts.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`${id}:2:0`]);
    expect(await tocsin.deliveries.list({ incidentId: id })).toMatchObject([
      { via: 'vonage', state: 'sent', attempts: 1 },
    ]);
  });

  test('end as a dead letter only when every one of them refuses for good', async () => {
    const w = withFailover();
    const { twilio, vonage } = w;
    twilio.failWith(refuse);
    vonage.failWith(busy);
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    expect(await deliveries(w.tocsin, id)).toEqual(['ana text pending']);
    vonage.failWith(refuse);
    await w.pass(MINUTE, SECOND);
    expect(await deliveries(w.tocsin, id)).toContain('ana text dead');
    expect((await w.tocsin.deadLetters.list())[0]).toMatchObject({ error: 'no such number no such number' });
  });

  test('are not given up because one refuses for good while another one is left alone', async () => {
    const w = withFailover();
    w.twilio.failWith(refuse);
    w.vonage.failWith(() => Promise.reject(notifyError('busy', { retryAfterMs: 30_000 })));
    await opened(w.tocsin, trigger('first'));
    await w.tocsin.tick();
    w.vonage.failWith(undefined);
    // Nobody asks the second one for half a minute.
    const id = await opened(w.tocsin, trigger('second'));
    await w.tocsin.tick();
    expect(await deliveries(w.tocsin, id)).toEqual(['ana text pending']);
    await w.pass(3 * MINUTE, SECOND);
    expect(await deliveries(w.tocsin, id)).toEqual(['ana text sent']);
    expect(await w.tocsin.deadLetters.list()).toEqual([]);
  });

  test('one that hangs is left after its deadline', async () => {
    const w = withFailover();
    w.twilio.failWith(() => new Promise(() => {}));
    const id = await opened(w.tocsin);
    const working = w.tocsin.tick();
    await w.clock.advance(10 * SECOND);
    await working;
    expect(w.vonage.sent).toHaveLength(1);
    expect(await deliveries(w.tocsin, id)).toEqual(['ana text sent']);
  });

  test('one of their own deadline is left after that', async () => {
    const hanging = { ...recordingNotifier('twilio'), deadlineMs: 2_000, send: () => new Promise<void>(() => {}) };
    const vonage = recordingNotifier('vonage');
    const w = withFailover({ notifiers: [hanging, vonage] });
    await opened(w.tocsin);
    const working = w.tocsin.tick();
    await w.clock.advance(2 * SECOND);
    await working;
    expect(vonage.sent).toHaveLength(1);
  });

  test('one that keeps failing is not asked first any more, until it is well again', async () => {
    const w = withFailover();
    w.twilio.failWith(busy);
    for (let n = 0; n < 8; n++) {
      await opened(w.tocsin, trigger(`k${n}`));
      await w.tocsin.tick();
    }
    expect([w.twilio.attempts.length, w.vonage.sent.length]).toEqual([5, 8]);
    w.twilio.failWith(undefined);
    await w.clock.advance(6 * SECOND);
    await opened(w.tocsin, trigger('later'));
    await w.tocsin.tick();
    expect(w.twilio.sent).toHaveLength(1);
  });

  test.each([
    [{ failover: { text: ['twilio', 'nobody'] } }, 'failover.text[1]'],
    [{ failover: { text: ['twilio', 'twilio'] } }, 'failover.text[1]'],
    [{ failover: { text: ['other'], other: ['twilio'] } }, 'failover.text[0]'],
    [{ limits: [{ notifier: 'sms' }, { notifier: 'sms' }] }, 'limits[1].id'],
    [{ limits: [{ notifier: 'sms', perContact: [{ messages: 1, within: '0s' }] }] }, 'limits[0].perContact[0].within'],
    [{ limits: [{ notifier: 'nobody' }] }, 'limits[0].notifier'],
    [{ canaries: [{ id: 'c', notifier: 'nobody', address: 'x' }] }, 'canaries[0].notifier'],
    [{ canaries: [{ id: 'c', notifier: 'sms', address: 'x', every: '1s' }] }, 'canaries[0].every'],
    [{ canaries: [{ id: 'c', notifier: 'sms', address: 'x', within: '10m' }] }, 'canaries[0].within'],
  ] as const)('a configuration of them that cannot be obeyed is refused: %j', async (more, path) => {
    const error = await refusal(
      () => withFailover({ config: config(more as unknown as Partial<ConfigInput>) }),
      'CONFIG_INVALID',
    );
    expect(error.details.problems).toMatchObject([{ path }]);
  });
});

describe('a notifier that keeps failing', () => {
  test('is left alone for a while, asked once to find out, and longer left alone when that fails', async () => {
    const w = world();
    w.sms.failWith(busy);
    for (let n = 0; n < 20; n++) await opened(w.tocsin, trigger(`k${n}`));
    await w.tocsin.tick();
    // All are on their way before the first one has failed.
    expect(w.sms.attempts).toHaveLength(20);
    expect((await w.tocsin.health()).notifiers).toContainEqual(
      expect.objectContaining({ name: 'sms', breaker: 'open' }),
    );
    await w.clock.advance(4 * SECOND);
    await w.tocsin.tick();
    expect(w.sms.attempts).toHaveLength(20);
    await w.clock.advance(2 * SECOND);
    await w.tocsin.tick();
    expect(w.sms.attempts).toHaveLength(21);
    await w.clock.advance(8 * SECOND);
    await w.tocsin.tick();
    expect(w.sms.attempts).toHaveLength(21);
  });

  test('holds back nobody for whom another one can be used: their next contact is used at once', async () => {
    const w = world();
    w.sms.failWith(busy);
    for (let n = 0; n < 5; n++) await opened(w.tocsin, trigger(`k${n}`));
    await w.tocsin.tick();
    const id = await opened(w.tocsin, trigger('late'));
    await w.tocsin.tick();
    expect((await deliveries(w.tocsin, id)).toSorted()).toEqual(['ana sms pending', 'ana voice sent']);
  });

  test('and is well again gets everything that has waited', async () => {
    const w = world({ config: config({ users: people('sms') }) });
    w.sms.failWith(busy);
    const ids = [];
    for (let n = 0; n < 50; n++) ids.push(await opened(w.tocsin, trigger(`k${n}`)));
    await w.pass(30 * SECOND, SECOND);
    w.sms.failWith(undefined);
    await w.pass(2 * MINUTE, SECOND);
    const keys = new Set(w.sms.sent.map(({ idempotencyKey }) => idempotencyKey));
    expect(ids.filter((id) => !keys.has(`${id}:2:0`))).toEqual([]);
  });

  test('for good ends loudly: nothing waits for it without end', async () => {
    const dead: string[] = [];
    const w = world({
      config: config({ users: people('sms') }),
      onDeadLetter: ({ id }) => void dead.push(id),
    });
    w.sms.failWith(busy);
    const ids: string[] = [];
    for (let n = 0; n < 20; n++) ids.push(await opened(w.tocsin, trigger(`k${n}`)));
    await w.pass(3 * 60 * MINUTE, 10 * SECOND);
    expect(ids.filter((id) => !dead.includes(`${id}:2:0`))).toEqual([]);
    expect(await types(w.tocsin, ids[0]!)).toContain('page.failed');
  });

  test('asks to wait: then it is not asked before that, for nobody', async () => {
    const w = world({ config: config({ users: people('sms') }) });
    w.sms.failWith(() => {
      throw notifyError('429', { retryAfterMs: 60_000 });
    });
    await opened(w.tocsin, trigger('a'));
    await w.tocsin.tick();
    w.sms.failWith(undefined);
    await opened(w.tocsin, trigger('b'));
    await w.pass(59 * SECOND, SECOND);
    expect(w.sms.attempts).toHaveLength(1);
    await w.pass(5 * SECOND, SECOND);
    expect(w.sms.sent).toHaveLength(2);
  });

  test('behind one address says nothing of other addresses, when it tells them apart', async () => {
    const hooks = { ...recordingNotifier('hooks'), provider: (address: string) => new URL(address).origin };
    const sent: string[] = [];
    const send = async (message: { readonly to: { readonly address: string } }) => {
      if (message.to.address.startsWith('https://dead.example')) throw new Error('503');
      sent.push(message.to.address);
      return {};
    };
    const at = (host: string) => [{ notifier: 'hooks', address: `https://${host}.example/x` }];
    const users = [
      { id: 'ana', contacts: at('dead') },
      { id: 'ben', contacts: at('well') },
      { id: 'boss', contacts: at('well') },
    ];
    const policies = [
      { id: 'default', steps: [{ targets: [{ user: 'ana' }, { user: 'ben' }] }], fallback: [{ user: 'boss' }] },
    ];
    const w = world({
      notifiers: [{ ...hooks, send }],
      config: config({ users, escalationPolicies: policies }),
    });
    for (let n = 0; n < 10; n++) {
      await opened(w.tocsin, trigger(`k${n}`));
      await w.tocsin.tick();
    }
    expect(sent).toHaveLength(10);
    expect(w.clock.now()).toBe(T0);
  });

  test('has no more messages on their way than it allows', async () => {
    let flying = 0;
    let most = 0;
    const send = async () => {
      flying += 1;
      most = Math.max(most, flying);
      await new Promise((done) => setImmediate(done));
      flying -= 1;
    };
    const w = world({
      notifiers: [{ name: 'sms', concurrency: 3, send }],
      config: config({ users: people('sms') }),
    });
    const ids = [];
    for (let n = 0; n < 20; n++) ids.push(await opened(w.tocsin, trigger(`k${n}`)));
    await w.pass(5 * SECOND, 100);
    expect(most).toBe(3);
    for (const id of ids) expect(await deliveries(w.tocsin, id)).toContain('ana sms sent');
  });
});

describe('people whose handsets are off', () => {
  test('keep nobody else from being paged in time, however many they are', async () => {
    for (let run = 0; run < 10; run++) {
      const off = Array.from({ length: 4 }, (_, n) => `off${n}`);
      const w = world({
        ids: counter(`r${run}`),
        config: config({
          users: [...off, 'ben', 'boss'].map((id) => ({ id, contacts: [contact('sms', id)] })),
          escalationPolicies: [
            {
              id: 'default',
              steps: [
                { targets: off.map((user) => ({ user })), escalateAfter: '5m' },
                { targets: [{ user: 'ben' }], escalateAfter: '2h' },
              ],
              fallback: [{ user: 'boss' }],
            },
          ],
          schedules: [],
        }),
      });
      w.sms.failWith(({ to }) => (to.user === 'ben' ? undefined : Promise.reject(new Error('handset busy'))));
      await opened(w.tocsin);
      await w.pass(6 * MINUTE, 5 * SECOND);
      expect(w.sms.sent.map(({ message }) => `${message.to.user} ${message.sentAt - T0}`)).toEqual([
        `ben ${5 * MINUTE}`,
      ]);
    }
  });
});
