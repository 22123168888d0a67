/**
 * What goes wrong at the edges of delivery: two failures at once, a receipt for many, a notifier that is no good, a row that is damaged.
 */
import { describe, expect, test } from 'vitest';
import { TocsinError } from '../../src/errors.ts';
import { type AlertEvent, memoryStorage, type Notifier, notifyError, type Storage } from '../../src/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import {
  config,
  contact,
  DAY,
  deliveries,
  HOUR,
  MINUTE,
  opened,
  policy,
  refusal,
  SECOND,
  T0,
  trigger,
  world,
} from './world.ts';

const by = 'ana';
/** Low urgency can wait, so that budgets can be seen at work. */
const severity = { levels: [{ id: 'SEV1' }, { id: 'SEV2', urgency: 'low' as const }] };
const low = (key: string): AlertEvent => trigger(key, { severity: 'SEV2' });
const budget = (within = '1m') => ({ limits: [{ notifier: 'sms', perContact: [{ messages: 1, within }] }] });

describe('two contacts of a person that fail', () => {
  test('do not call each other up without end when both providers ask to wait', async () => {
    const clock = virtualClock({ start: T0 });
    const real = memoryStorage({ clock });
    let hastened = 0;
    const storage: Storage = {
      ...real,
      async hasten(...args) {
        hastened += 1;
        if (hastened > 500) throw new Error('without end');
        return real.hasten(...args);
      },
    };
    const w = world({ clock, storage });
    for (const channel of [w.sms, w.voice])
      channel.failWith(() => Promise.reject(notifyError('busy', { retryAfterMs: MINUTE })));
    await opened(w.tocsin);
    await w.pass(3 * MINUTE, SECOND);
    expect(hastened).toBeLessThan(20);
  });

  test('keep the waits between their attempts', async () => {
    const channels = ['sms', 'voice'].map((name) => ({
      ...recordingNotifier(name),
      provider: (address: string) => address,
    }));
    for (const channel of channels) channel.failWith(() => Promise.reject(new Error('busy')));
    const escalationPolicies = [policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '2h' }] })];
    const w = world({ notifiers: channels, config: config({ escalationPolicies }) });
    const id = await opened(w.tocsin);
    await w.pass(10 * MINUTE, SECOND);
    expect((await deliveries(w.tocsin, id)).toSorted()).toEqual(['ana sms pending', 'ana voice pending']);
  });
});

describe('a message that listed others', () => {
  test('and was not delivered has delivered none of them; each can be put back to work', async () => {
    const dead: string[] = [];
    const w = world({
      onDeadLetter: ({ id }) => void dead.push(id),
      config: config({ severity, ...budget() }),
    });
    for (let n = 0; n < 4; n++) await opened(w.tocsin, low(`k${n}`));
    await w.pass(2 * MINUTE, SECOND);
    const leader = w.sms.sent[1]!.idempotencyKey;
    await w.tocsin.deliveries.reportReceipt({ deliveryId: leader, status: 'failed' });
    const letters = (await w.tocsin.deadLetters.list()).map(({ id }) => id);
    expect(letters).toHaveLength(3);
    expect(dead.toSorted()).toEqual(letters.toSorted());

    const listed = letters.filter((id) => id !== leader);
    for (const id of listed) await w.tocsin.deadLetters.retry(id);
    const before = w.sms.sent.length;
    await w.pass(3 * MINUTE, SECOND);
    const told = w.sms.sent
      .slice(before)
      .flatMap(({ idempotencyKey, message: { bundle = [] } }) => [
        idempotencyKey,
        ...bundle.map(({ deliveryId }) => deliveryId),
      ]);
    expect(told).toEqual(expect.arrayContaining(listed));
  });

  test('goes out although one of those is damaged', async () => {
    const clock = virtualClock({ start: T0 });
    const real = memoryStorage({ clock });
    let damaged: string | undefined;
    const storage: Storage = {
      ...real,
      async load(query) {
        const loaded = await real.load(query);
        const incidents = loaded.incidents.map((row) => {
          const snapshot = row.snapshot as { readonly context: object };
          return row.id === damaged
            ? { ...row, snapshot: { ...snapshot, context: { ...snapshot.context, times: undefined } } }
            : row;
        });
        return { ...loaded, incidents };
      },
    };
    const w = world({ clock, storage, config: config({ severity, ...budget() }) });
    await opened(w.tocsin, low('first'));
    const [a, b, c] = [
      await opened(w.tocsin, low('a')),
      await opened(w.tocsin, low('b')),
      await opened(w.tocsin, low('c')),
    ];
    await w.tocsin.tick();
    damaged = b;
    await w.pass(5 * MINUTE, SECOND);
    for (const id of [a, c]) expect(await deliveries(w.tocsin, id)).toEqual(['ana sms sent']);
  });
});

test('a budget of a week is kept for a week, whether anything else is sent or not', async () => {
  const w = world({ config: config({ severity, ...budget('7d') }) });
  const first = await opened(w.tocsin, low('a'));
  await w.tocsin.tick();
  await w.tocsin.incidents.acknowledge(first, { by });
  await w.pass(2 * DAY, HOUR);
  await opened(w.tocsin, low('b'));
  await w.pass(MINUTE);
  expect(w.sms.sent).toHaveLength(1);
});

test('a delivery that cannot even be attempted ends as a dead letter', async () => {
  const clock = virtualClock({ start: T0 });
  const real = memoryStorage({ clock });
  const storage: Storage = {
    ...real,
    timeline: () => Promise.reject(new TocsinError('TIMELINE_INVALID', 'The timeline cannot be read.')),
  };
  const w = world({ clock, storage, config: config({ severity }), reactions: { 'incident.opened': () => {} } });
  await w.tocsin.ingest(low('a'));
  await w.pass(3 * HOUR, 30 * SECOND);
  const letters = await w.tocsin.deadLetters.list();
  expect(letters.map(({ purpose, error }) => `${purpose}: ${error}`)).toEqual([
    'reaction: The timeline cannot be read.',
  ]);
});

test('a host that hangs on a dead letter, with a storage that is slow, has the message sent no second time', async () => {
  const clock = virtualClock({ start: T0 });
  const real = memoryStorage({ clock });
  const slowly = () => new Promise<void>((done) => void clock.wait(7 * SECOND, done));
  const storage: Storage = { ...real, hasten: (...args) => slowly().then(() => real.hasten(...args)) };
  const w = world({ clock, storage, onDeadLetter: () => new Promise<void>(() => {}) });
  w.sms.failWith(() => Promise.reject(notifyError('no such number', { permanent: true })));
  await w.tocsin.start();
  await w.tocsin.ingest(trigger());
  for (let n = 0; n < 100; n++) await clock.advance(SECOND);
  expect(w.sms.attempts.filter(({ message }) => message.to.user === 'ana')).toHaveLength(1);
});

describe('a notifier', () => {
  const unusable: readonly (readonly [string, unknown])[] = [
    ['concurrency', 0],
    ['concurrency', -1],
    ['concurrency', Number.NaN],
    ['concurrency', 1.5],
    ['deadlineMs', -5],
    ['deadlineMs', Number.NaN],
    ['kind', 'constructor'],
    ['provider', 'x'],
    ['audience', 'everybody'],
  ];
  test.each(unusable)('whose %s is %s is refused', async (name, value) => {
    const sms = { ...recordingNotifier('sms'), [name]: value } as Notifier;
    const { details } = await refusal(() => world({ notifiers: [sms] }), 'INPUT_INVALID');
    expect(details).toMatchObject({ problems: [{ path: expect.stringContaining(`].${name}`) }] });
  });

  test('that has few places has what waits for one not handed out over and over', async () => {
    const clock = virtualClock({ start: T0 });
    const real = memoryStorage({ clock });
    let claimed = 0;
    const storage: Storage = {
      ...real,
      async claimDeliveries(query) {
        const answer = await real.claimDeliveries(query);
        claimed += answer.deliveries.length;
        return answer;
      },
    };
    let sent = 0;
    const sms: Notifier = {
      name: 'sms',
      concurrency: 1,
      async send() {
        await new Promise<void>((done) => void clock.wait(SECOND, done));
        sent += 1;
      },
    };
    const users = ['ana', 'ben', 'boss'].map((id) => ({ id, contacts: [contact('sms', id)] }));
    const w = world({ clock, storage, notifiers: [sms], config: config({ users }) });
    await w.tocsin.start();
    await w.tocsin.ingest(Array.from({ length: 200 }, (_, n) => trigger(`k${n}`)));
    await clock.advance(10 * SECOND);
    expect(sent).toBeGreaterThan(7);
    expect(claimed).toBeLessThan(1_000);
  });

  test('that fails at one address is used for others meanwhile', async () => {
    const w = world();
    w.sms.failWith(({ to }) => (to.user === 'ana' ? Promise.reject(new Error('500')) : undefined));
    const id = await opened(w.tocsin);
    await w.pass(100 * SECOND, SECOND);
    await w.tocsin.incidents.addResponder(id, { by, user: 'ben' });
    await w.tocsin.tick();
    expect(w.sms.sent.map(({ message }) => message.to.user)).toEqual(['ben']);
  });

  test('that nobody waits for any more makes nothing unhealthy for ever', async () => {
    const w = world();
    w.sms.failWith(() => Promise.reject(new Error('down')));
    const id = await opened(w.tocsin);
    await w.pass(5 * MINUTE - 1, SECOND);
    expect((await w.tocsin.health()).isHealthy).toBe(false);
    await w.tocsin.incidents.resolve(id, { by });
    await w.pass(20 * MINUTE);
    expect((await w.tocsin.health()).isHealthy).toBe(true);
  });
});

test('a look at the health that hangs is not the last one', async () => {
  const clock = virtualClock({ start: T0 });
  const real = memoryStorage({ clock });
  let left = 1;
  const storage: Storage = {
    ...real,
    figures: (tenants) => (left-- > 0 ? new Promise(() => {}) : real.figures(tenants)),
  };
  let beats = 0;
  const beat = () => {
    beats += 1;
  };
  const w = world({ clock, storage, deadMan: { beat } });
  await w.tocsin.start();
  await clock.advance(10 * MINUTE);
  expect(beats).toBeGreaterThan(5);
  await w.tocsin.stop();
});

test('a third contact is used at once when the first two are put off', async () => {
  const users = [
    { id: 'ana', contacts: ['a', 'b', 'c'].map((name) => contact(name, 'ana')) },
    { id: 'boss', contacts: [contact('c', 'boss')] },
  ];
  const asking = (name: string) => ({
    name,
    async send() {
      throw notifyError('later', { retryAfterMs: 600_000 });
    },
  });
  const c = recordingNotifier('c');
  const w = world({
    notifiers: [asking('a'), asking('b'), c],
    config: config({
      users,
      schedules: [],
      escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '1h' }] })],
    }),
  });
  await opened(w.tocsin);
  await w.pass(10 * SECOND, SECOND);
  expect(c.sent.map(({ message }) => message.to.user)).toEqual(['ana']);
});
