/**
 * What is stuck, locked or broken holds up nobody else, and nothing is doubled without need.
 */
import { describe, expect, test } from 'vitest';
import { createTocsin, localRunner, memoryStorage, type Notifier, type Runner, type Storage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { failing, faulty, losingAnswers } from './faults.ts';
import {
  config,
  MINUTE,
  opened,
  recordingLogger,
  refusal,
  SECOND,
  stands,
  T0,
  trigger,
  withoutUnhandled,
  world,
} from './world.ts';

const by = 'ana';

/** A storage whose commits of one incident hang, as behind a lock that a host keeps. */
function locking(storage: Storage) {
  let locked: string | undefined;
  const held: (() => void)[] = [];
  const commit: Storage['commit'] = async (changes) => {
    const isHeld = changes.some(({ incidents }) => incidents.some(({ id }) => id === locked));
    if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
    return storage.commit(changes);
  };
  return {
    storage: { ...storage, commit },
    lock(id: string) {
      locked = id;
    },
    unlock() {
      locked = undefined;
      for (const go of held.splice(0)) go();
    },
  };
}

test('a timer that waits for a lock holds up no delivery longer than a moment', async () => {
  const clock = virtualClock({ start: T0 });
  const { storage, lock, unlock } = locking(memoryStorage({ clock }));
  const w = world({ clock, storage });
  await w.tocsin.start();
  const stuck = await opened(w.tocsin);
  await clock.advance(5 * MINUTE - 1);
  w.news();
  lock(stuck);
  await clock.advance(1);
  const other = await opened(w.tocsin, trigger('other'));
  await clock.advance(300);
  expect(w.sms.sent.filter(({ message }) => message.incidentId === other)).toHaveLength(1);
  unlock();
  await clock.advance(SECOND);
  expect(
    w.sms.sent.filter(({ message }) => message.incidentId === stuck).map(({ message }) => message.to.user),
  ).toEqual(['ana', 'ben']);
  await w.tocsin.stop();
});

test('a due row that nobody hands out, because it is locked, is not asked for without end', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  let looks = 0;
  const locked: Storage = {
    ...storage,
    claimDeliveries: async () => {
      looks += 1;
      return { now: clock.now(), deliveries: [] };
    },
  };
  const w = world({ clock, storage: locked });
  await w.tocsin.start();
  await opened(w.tocsin);
  await clock.advance(10 * SECOND);
  expect(looks).toBeGreaterThan(20);
  expect(looks).toBeLessThan(120);
  await w.tocsin.stop();
});

test('what falls due while it is looked for is taken up at once', async () => {
  const clock = virtualClock({ start: T0 });
  const storageClock = { at: T0, now: () => storageClock.at };
  const storage = memoryStorage({ clock: storageClock });
  const quick: Storage = {
    ...storage,
    nextDue: async (tenants) => {
      // The step falls due between the round and this question.
      if (storageClock.at === T0 + 5 * MINUTE - 1) storageClock.at += 1;
      return storage.nextDue(tenants);
    },
  };
  const w = world({ clock, storage: quick });
  await w.tocsin.start();
  await opened(w.tocsin);
  await clock.advance(0);
  storageClock.at = T0 + 5 * MINUTE - 1;
  w.news();
  await opened(w.tocsin, trigger('wakes the runner'));
  await clock.advance(1);
  expect(w.sms.sent.map(({ message }) => message.to.user)).toContain('ben');
  await w.tocsin.stop();
});

test('one tenant’s channel that hangs takes no place of another tenant', async () => {
  const clock = virtualClock({ start: T0 });
  const sent: string[] = [];
  const sms: Notifier = {
    name: 'sms',
    send: async (message) => {
      if (message.tenant === 'default') return new Promise<void>(() => {});
      sent.push(message.title);
    },
  };
  const { tocsin } = world({ clock, notifiers: [sms] });
  const other = tocsin.forTenant('other', { config: config() });
  await tocsin.start();
  await tocsin.ingest(Array.from({ length: 60 }, (_, n) => trigger(`key ${n}`)));
  await clock.advance(SECOND);
  await other.ingest(trigger('urgent'));
  await clock.advance(SECOND);
  expect(sent).toEqual(['Problem urgent']);
  const stopping = tocsin.stop();
  await clock.advance(30 * SECOND);
  await stopping;
});

describe('a storage that fails for a moment', () => {
  test.each([
    ['settleDelivery', failing(1)],
    ['settleDelivery', losingAnswers(1)],
    ['extendDelivery', failing(1)],
    ['load', failing(1)],
  ] as const)('in %s doubles no message and delays none', async (method, fault) => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const healthy = world({ clock, storage });
    await opened(healthy.tocsin);
    const sick = world({ clock, storage: faulty(storage, [method], fault) });
    await sick.tocsin.tick();
    await clock.advance(15 * SECOND);
    await sick.tocsin.tick();
    expect(sick.news()).toEqual(['+0 ana sms step']);
  });
});

test('one event that can never be taken in loses none of the others of its call', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const w = world({ clock, storage });
  const id = await opened(w.tocsin, trigger('bad'));
  const newer: Storage = {
    ...storage,
    load: async (query) => {
      const loaded = await storage.load(query);
      const rows = loaded.incidents.map((row) =>
        row.id === id ? { ...row, snapshot: { ...(row.snapshot as object), machineVersion: 9 } } : row,
      );
      return { ...loaded, incidents: rows };
    },
  };
  const { tocsin } = world({ clock, storage: newer });
  const results = await tocsin.ingest([trigger('a'), trigger('bad'), trigger('b')]);
  expect(results.map(({ outcome }) => outcome)).toEqual(['opened', 'rejected', 'opened']);
});

test('within a host’s transaction nothing goes on after the call has failed', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  let isFailing = false;
  let commits = 0;
  const sick: Storage = {
    ...storage,
    withClient: (client) => {
      const session = storage.withClient(client);
      return {
        ...session,
        commit: async (changes) => {
          commits += 1;
          const mine = commits;
          for (let turn = 0; turn < mine; turn++) await new Promise((resolve) => setImmediate(resolve));
          if (isFailing && mine === 2) throw new Error('connection reset');
          return session.commit(changes);
        },
      };
    },
  };
  const w = world({ clock, storage: sick });
  isFailing = true;
  const client = storage.begin();
  const events = Array.from({ length: 200 }, (_, n) => trigger(`key ${n}`));
  await refusal(() => w.tocsin.inTransaction(client).ingest(events), 'STORAGE_UNAVAILABLE');
  const before = commits;
  client.rollback();
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(commits).toBe(before);
  expect((await w.tocsin.incidents.list()).items).toEqual([]);
});

test('a start that fails may be tried again, and only then it runs', async () => {
  const clock = virtualClock({ start: T0 });
  const inner = localRunner({ clock });
  let starts = 0;
  const runner: Runner = {
    ...inner,
    async start(work) {
      starts += 1;
      if (starts === 1) throw new Error('no database yet');
      return inner.start(work);
    },
  };
  const w = world({ clock, runner });
  await expect(w.tocsin.start()).rejects.toThrow('no database yet');
  expect((await w.tocsin.health()).isRunning).toBe(false);
  await opened(w.tocsin);
  await w.tocsin.start();
  await clock.advance(0);
  expect(starts).toBe(2);
  expect(w.news()).toEqual(['+0 ana sms step']);
  await w.tocsin.stop();
});

test('a dead letter that is answered while it is put back is not sent after all', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const healthy = world({ clock, storage });
  let id = '';
  const racing = faulty(storage, ['revive'], async (proceed) => {
    await healthy.tocsin.incidents.acknowledge(id, { by });
    return proceed();
  });
  const w = world({ clock, storage: racing });
  id = await opened(w.tocsin);
  w.sms.failWith(() => {
    throw Object.assign(new Error('no such number'), { permanent: true });
  });
  await w.tocsin.tick();
  w.sms.failWith(undefined);
  w.news();
  const [letter] = await w.tocsin.deadLetters.list();
  await refusal(() => w.tocsin.deadLetters.retry(letter?.id ?? ''), 'INVALID_TRANSITION');
  await w.pass(MINUTE);
  expect(w.news()).toEqual([]);
  expect(await stands(w.tocsin, id)).toBe('triage / acknowledged');
});

test('a logger that throws changes nothing', async () => {
  const loud = () => {
    throw new Error('disk full');
  };
  await withoutUnhandled(async () => {
    const clock = virtualClock({ start: T0 });
    const storage = faulty(memoryStorage({ clock }), ['commit'], losingAnswers(1));
    const w = world({ clock, storage, logger: { debug: loud, info: loud, warn: loud, error: loud } });
    const id = await opened(w.tocsin);
    expect(await stands(w.tocsin, id)).toBe('triage / escalating');
  });
});

test('an unreadable delivery ends at once, loudly, and the next contact is used', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const blind: Storage = {
    ...storage,
    claimDeliveries: async (query) => {
      const claimed = await storage.claimDeliveries(query);
      const deliveries = claimed.deliveries.map((one) =>
        one.delivery.contact === 'sms'
          ? { ...one, delivery: { ...one.delivery, address: '', isUnreadable: true as const } }
          : one,
      );
      return { ...claimed, deliveries };
    },
  };
  const dead: string[] = [];
  const tocsin = createTocsin({
    config: config(),
    clock,
    storage: blind,
    notifiers: [world().sms, world().voice],
    logger: recordingLogger().logger,
    onDeadLetter: ({ error }) => void dead.push(String(error)),
  });
  const [result] = await tocsin.ingest(trigger());
  await tocsin.tick();
  expect(dead).toEqual(['What is stored of this delivery cannot be read.']);
  const rows = await tocsin.deliveries.list({ incidentId: result?.incidentId ?? '' });
  expect(rows.map(({ contact, state }) => `${contact} ${state}`)).toEqual(['sms dead', 'voice sent']);
});
