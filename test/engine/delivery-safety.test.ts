/**
 * What a delivery never does: loop, starve another channel, send what was taken back, or lose what follows from its end.
 */
import { describe, expect, test } from 'vitest';
import { memoryStorage, type News, type Notifier, notifyError } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { type Fault, failing, faulty } from './faults.ts';
import {
  config,
  contact,
  deliveries,
  MINUTE,
  opened,
  policy,
  SECOND,
  T0,
  trigger,
  types,
  withoutUnhandled,
  world,
} from './world.ts';

const by = 'ana';
const UNREADABLE = 'the notifier failed with something that cannot be read';
const refuse = () => {
  throw notifyError('no such number', { permanent: true });
};

/** An object of which nothing can be read. */
const hostile = () => {
  const no = () => {
    throw new Error('hands off');
  };
  return new Proxy({}, { get: no, has: no, getPrototypeOf: no, getOwnPropertyDescriptor: no });
};

/** A world whose storage has a fault, over the memory that it fails to reach. */
function broken(methods: Parameters<typeof faulty>[1], fault: Fault, more: Parameters<typeof world>[0] = {}) {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  return world({ ...more, clock, storage: faulty(storage, methods, fault) });
}

describe('an error that cannot be read is a failed attempt, and no more', () => {
  const speechless = Object.assign(Object.create(null), { permanent: true });
  const mute = {
    toString() {
      throw new Error('no');
    },
  };
  const numbered = Object.assign(new Error(), { message: 7 });
  const bare = Object.assign(new Error('bare'), { name: 'TocsinError', code: 'NOTIFY_FAILED', details: undefined });
  test.each([
    ['without a prototype', () => speechless, { state: 'dead', error: UNREADABLE }],
    ['whose toString throws', () => mute, { state: 'pending', error: UNREADABLE }],
    ['that throws whatever is asked of it', hostile, { state: 'pending', error: UNREADABLE }],
    ['whose message is no text', () => numbered, { state: 'pending', error: '7' }],
    ['that looks like ours and has no details', () => bare, { state: 'pending', error: 'bare' }],
  ])('one %s', async (_, make, expected) => {
    await withoutUnhandled(async () => {
      const { tocsin, log } = world({
        notifiers: [{ name: 'sms', send: (): Promise<void> => Promise.reject(make()) }],
      });
      const id = await opened(tocsin);
      await tocsin.tick();
      const [sms] = (await tocsin.deliveries.list({ incidentId: id })).filter((one) => one.contact === 'sms');
      expect(sms).toMatchObject({ attempts: 1, ...expected });
      expect(log).not.toContain('error: Due work failed; it is tried again when its lease ends.');
    });
  });

  test('an answer that cannot be read was sent nevertheless', async () => {
    const answer = {
      get externalId(): string {
        throw new Error('no');
      },
    };
    const { tocsin } = world({ notifiers: [{ name: 'sms', send: async () => answer }] });
    const id = await opened(tocsin);
    await tocsin.tick();
    expect((await deliveries(tocsin, id))[0]).toBe('ana sms sent');
  });
});

describe('a channel that hangs', () => {
  const flood = config({
    users: [
      { id: 'ana', contacts: [contact('voice', 'ana')] },
      { id: 'ben', contacts: [contact('sms', 'ben')] },
      { id: 'boss', contacts: [contact('sms', 'boss')] },
    ],
    escalationPolicies: [policy(), policy({ id: 'ben', steps: [{ targets: [{ user: 'ben' }] }] })],
    services: [
      { id: 'checkout', escalationPolicy: 'default' },
      { id: 'search', escalationPolicy: 'ben' },
    ],
  });

  /** A voice that hangs, with what it is doing. */
  function hanging() {
    const arrive: (() => void)[] = [];
    const send = () => new Promise<void>((resolve) => void arrive.push(resolve));
    return { notifier: { name: 'voice', send } satisfies Notifier, arrive };
  }

  test('holds up no other one: of a hundred deliveries it has 64 on their way, and the SMS goes out', async () => {
    const voice = hanging();
    const { tocsin, clock, sms } = world({ config: flood, notifiers: [voice.notifier] });
    for (let n = 0; n < 100; n++) await tocsin.ingest(trigger(`d${n}`));
    for (let n = 0; n < 40; n++) await tocsin.ingest(trigger(`s${n}`, { service: 'search' }));
    await tocsin.start();
    await clock.advance(0);
    expect(voice.arrive).toHaveLength(64);
    expect(sms.sent).toHaveLength(40);
    voice.arrive[0]?.();
    await clock.advance(5);
    expect(voice.arrive).toHaveLength(65);
    const stopping = tocsin.stop();
    await clock.advance(10 * SECOND);
    await stopping;
  });

  test('holds up no other one within a tick either', async () => {
    const voice = hanging();
    const { tocsin, clock, sms } = world({ config: flood, notifiers: [voice.notifier] });
    for (let n = 0; n < 70; n++) await tocsin.ingest(trigger(`d${n}`));
    await tocsin.ingest(trigger('s', { service: 'search' }));
    const ticking = tocsin.tick();
    await clock.advance(0);
    expect(sms.sent).toHaveLength(1);
    expect(voice.arrive).toHaveLength(64);
    for (const arrive of voice.arrive) arrive();
    await clock.advance(0);
    for (const arrive of voice.arrive) arrive();
    await ticking;
    expect(voice.arrive).toHaveLength(70);
  });

  test('keeps the process alive until its attempt is over', async () => {
    const clock = virtualClock({ start: T0 });
    const asked: unknown[] = [];
    const noting: typeof clock = {
      ...clock,
      wait: (ms, fn, options) => {
        asked.push([ms, options?.keepAlive ?? true]);
        return clock.wait(ms, fn, options);
      },
    };
    const voice = hanging();
    const { tocsin } = world({ clock: noting, config: flood, notifiers: [voice.notifier] });
    await opened(tocsin);
    const ticking = tocsin.tick();
    await clock.advance(0);
    expect(asked).toEqual([[10 * SECOND, true]]);
    voice.arrive[0]?.();
    await ticking;
    expect(clock.nextWait()).toBeUndefined();
  });
});

describe('a delivery that somebody took back before it went out', () => {
  test('is not sent, although it was handed out', async () => {
    const w = broken(['load'], async (proceed, _, [query]) => {
      const loaded = await proceed();
      const { incidents = [] } = query as { incidents?: readonly string[] };
      const [id] = incidents;
      if (isArmed && id !== undefined) {
        isArmed = false;
        await w.tocsin.incidents.acknowledge(id, { by });
      }
      return loaded;
    });
    let isArmed = false;
    const id = await opened(w.tocsin);
    isArmed = true;
    await w.tocsin.tick();
    expect(isArmed).toBe(false);
    expect(w.sms.attempts).toEqual([]);
    expect(await deliveries(w.tocsin, id)).toEqual(['ana sms withdrawn', 'ana voice withdrawn']);
    await w.pass(5 * MINUTE);
    expect(w.news()).toEqual([]);
  });

  test('nor is one whose lease ended while it was prepared: the other holder sends it', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const claim = { tenants: ['default'], limit: 10, leaseMs: 15_000 };
    let isLate = false;
    const late = faulty(storage, ['load'], async (proceed) => {
      const loaded = await proceed();
      if (isLate) {
        isLate = false;
        await clock.advance(15 * SECOND);
        expect((await storage.claimDeliveries(claim)).deliveries).toHaveLength(1);
      }
      return loaded;
    });
    const { tocsin, sms } = world({ clock, storage: late });
    const id = await opened(tocsin);
    isLate = true;
    await tocsin.tick();
    expect(sms.attempts).toEqual([]);
    expect((await storage.listDeliveries('default', { incidentId: id }))[0]).toMatchObject({
      state: 'leased',
      attempts: 2,
    });
  });
});

describe('what follows from a delivery that ends dead outlives a storage that fails meanwhile', () => {
  const onlyBen = config({
    escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ben' }] }, { targets: [{ user: 'ana' }] }] })],
  });

  test.each([
    ['hasten', failing(1), 0],
    ['settleDelivery', failing(2), 1],
  ] as const)('when %s fails, all of it is done again when the lease ends', async (method, fault, toldBefore) => {
    const dead: string[] = [];
    const w = broken([method], fault, { onDeadLetter: ({ id }) => void dead.push(id) });
    const id = await opened(w.tocsin);
    w.sms.failWith(refuse);
    await w.tocsin.tick();
    // The host is told before the end is stored: twice at worst, never not at all.
    expect(dead).toHaveLength(toldBefore);
    await w.clock.advance(15 * SECOND);
    await w.tocsin.tick();
    expect(dead).toHaveLength(toldBefore + 1);
    expect([...new Set(dead)]).toEqual([`${id}:2:0`]);
    expect((await deliveries(w.tocsin, id)).toSorted()).toEqual(['ana sms dead', 'ana voice sent']);
  });

  test('when the page that failed cannot be recorded, the row is not settled, and the next step is asked then', async () => {
    let isDown = false;
    const w = broken(
      ['commit'],
      async (proceed) => {
        if (isDown) throw new Error('down');
        return proceed();
      },
      { config: onlyBen },
    );
    const id = await opened(w.tocsin);
    w.sms.failWith((message) => (message.to.user === 'ben' ? refuse() : undefined));
    isDown = true;
    await w.tocsin.tick();
    expect(await deliveries(w.tocsin, id)).toEqual(['ben sms leased']);
    expect(await types(w.tocsin, id)).not.toContain('page.failed');
    isDown = false;
    await w.clock.advance(15 * SECOND);
    await w.tocsin.tick();
    expect(await deliveries(w.tocsin, id)).toEqual(['ben sms dead', 'ana sms sent', 'ana voice pending']);
    expect((await types(w.tocsin, id)).filter((type) => type === 'page.failed')).toHaveLength(1);
  });

  test('when the storage fails once the row is settled, the step was asked before', async () => {
    let isDown = false;
    const told: string[] = [];
    const w = broken(
      ['listDeliveries', 'settleDelivery'],
      async (proceed, method) => {
        if (isDown && method === 'listDeliveries') throw new Error('down');
        const answer = await proceed();
        if (method === 'settleDelivery') isDown = true;
        return answer;
      },
      { config: onlyBen, onDeadLetter: ({ id }) => void told.push(id) },
    );
    const id = await opened(w.tocsin);
    w.sms.failWith((message) => (message.to.user === 'ben' ? refuse() : undefined));
    await w.tocsin.tick();
    isDown = false;
    expect(told).toEqual([`${id}:2:0`]);
    expect((await types(w.tocsin, id)).filter((type) => type === 'page.failed')).toHaveLength(1);
    await w.clock.advance(MINUTE);
    await w.tocsin.tick();
    expect(w.sms.sent.map(({ message }) => message.to.user)).toEqual(['ana']);
  });

  test('a defect in recording it sends the message once, and is told of', async () => {
    const failed: string[] = [];
    const w = broken(
      ['load'],
      async (proceed, _, [query]) => {
        const loaded = (await proceed()) as object;
        // Half an answer: reading it is a defect, not an outage.
        const { documents = [] } = query as { documents?: readonly { collection: string }[] };
        const isAboutPages = documents.some(({ collection }) => collection === 'failed-pages');
        return isAboutPages ? { ...loaded, documents: Object.assign([], { filter: () => null }) } : loaded;
      },
      { config: onlyBen },
    );
    w.tocsin.on('error', ({ doing }) => failed.push(doing));
    const id = await opened(w.tocsin);
    w.sms.failWith(refuse);
    await w.tocsin.tick();
    await w.clock.advance(15 * SECOND);
    await w.tocsin.tick();
    expect(await deliveries(w.tocsin, id)).toEqual(['ben sms dead']);
    expect(w.sms.attempts).toHaveLength(1);
    expect(w.log).toContain('error: A page that failed could not be recorded.');
    expect(failed).toEqual([`delivering ${id}:2:0`]);
  });
});

describe('the news of a delivery that went out', () => {
  const told = async (w: ReturnType<typeof world>) => {
    const news: News['delivery.sent'][] = [];
    w.tocsin.on('delivery.sent', (one) => news.push(one));
    await w.clock.advance(SECOND);
    await w.tocsin.tick();
    return news.map(({ delivery: { state, sentAt, externalId } }) => ({ state, sentAt, externalId }));
  };

  test('says when, and what the channel calls it', async () => {
    const w = world();
    await opened(w.tocsin);
    expect(await told(w)).toEqual([{ state: 'sent', sentAt: new Date(T0 + SECOND), externalId: 'sms-1' }]);
  });
});
