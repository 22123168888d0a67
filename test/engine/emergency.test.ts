/**
 * The storage is down: what cannot wait is paged from memory, and told to the storage when that is back.
 */
import { describe, expect, test } from 'vitest';
import { memoryStorage, type Storage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { EVERY_METHOD, faulty } from './faults.ts';
import { config, events, MINUTE, refusal, resolve, SECOND, T0, trigger, withoutUnhandled, world } from './world.ts';

type Down = 'no' | 'refuses' | 'hangs';

function fragile(more: Parameters<typeof world>[0] = {}, { methods = EVERY_METHOD, start = T0 } = {}) {
  const clock = virtualClock({ start });
  const real = memoryStorage({ clock });
  let down: Down = 'no';
  const storage: Storage = faulty(real, methods, async (proceed) => {
    if (down === 'hangs') return new Promise(() => {});
    if (down === 'refuses') throw new Error('connection refused');
    return proceed();
  });
  const w = world({
    clock,
    storage,
    emergency: { users: ['boss', 'ben'], notifier: 'voice' },
    config: withVoices(),
    ...more,
  });
  const fall = (how: Down) => {
    down = how;
  };
  return { ...w, real, down: fall };
}

function withVoices(more: Parameters<typeof config>[0] = {}) {
  const users = ['ana', 'ben', 'boss'].map((id) => ({
    id,
    contacts: [
      { notifier: 'sms', address: `${id}@sms` },
      { notifier: 'voice', address: `${id}@voice` },
    ],
  }));
  return config({ users, ...more });
}

const called = ({ voice }: ReturnType<typeof fragile>) =>
  voice.sent.map(({ message }) => `${message.to.user} ${message.title}`);
const lost = (w: ReturnType<typeof fragile>, event = trigger()) =>
  refusal(() => w.tocsin.ingest(event), 'STORAGE_UNAVAILABLE');

describe('while the storage is down', () => {
  test('for longer than ten seconds, what cannot wait is paged from memory, and the caller is told that it was not taken', async () => {
    const w = fragile();
    await w.tocsin.tick();
    w.down('refuses');
    await lost(w);
    await w.clock.advance(9 * SECOND);
    expect(called(w)).toEqual([]);
    await w.clock.advance(2 * SECOND);
    expect(called(w)).toEqual(['boss Problem disk', 'ben Problem disk']);
    expect(w.voice.sent[0]?.message).toMatchObject({ purpose: 'emergency', urgency: 'high' });
  });

  test('for a moment only, nobody is paged without it', async () => {
    const w = fragile();
    await w.tocsin.tick();
    w.down('refuses');
    await lost(w);
    await w.clock.advance(8 * SECOND);
    w.down('no');
    await w.clock.advance(30 * SECOND);
    expect(called(w)).toEqual([]);
  });

  test('a key is paged once in five minutes, whatever its source repeats', async () => {
    const w = fragile();
    await w.tocsin.tick();
    w.down('refuses');
    for (let n = 0; n < 24; n++) {
      await lost(w);
      await w.clock.advance(10 * SECOND);
    }
    const boss = () => called(w).filter((text) => text.startsWith('boss'));
    expect(boss()).toEqual(['boss Problem disk']);
    await lost(w, trigger('other'));
    await w.clock.advance(6 * SECOND);
    expect(boss()).toEqual(['boss Problem disk', 'boss Problem other']);
    await w.clock.advance(2 * MINUTE);
    expect(boss().slice(2)).toEqual(['boss Problem disk']);
    await w.clock.advance(3 * MINUTE);
    expect(boss().slice(3)).toEqual(['boss Problem other']);
    expect(new Set(w.voice.sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(w.voice.sent.length);
  });

  test('what can wait, is silenced, or was resolved meanwhile pages nobody', async () => {
    const w = fragile({
      config: withVoices({
        severity: { levels: [{ id: 'SEV1' }, { id: 'SEV2', urgency: 'low' }] },
        suppression: {
          silences: [
            {
              id: 's',
              when: 'env="dev"',
              from: new Date(T0).toISOString(),
              until: new Date(T0 + 60 * MINUTE).toISOString(),
              author: 'ana',
              comment: 'c',
            },
          ],
        },
      }),
    });
    await w.tocsin.tick();
    w.down('refuses');
    await lost(w, trigger('low', { severity: 'SEV2' }));
    await lost(w, trigger('dev', { labels: { env: 'dev' } }));
    await lost(w, trigger('over'));
    await lost(w, resolve('over'));
    await lost(w, { action: 'change', title: 'deployed' });
    await w.clock.advance(MINUTE);
    expect(called(w)).toEqual([]);
  });

  test('and hangs instead of refusing, it is down as well', async () => {
    const w = fragile();
    await w.tocsin.tick();
    w.down('hangs');
    void w.tocsin.ingest(trigger());
    await w.clock.advance(20 * SECOND);
    expect(called(w)).toEqual(['boss Problem disk', 'ben Problem disk']);
  });

  test('a notifier that fails is tried again, and nothing reaches the host as an unhandled rejection', async () => {
    await withoutUnhandled(async () => {
      const w = fragile();
      await w.tocsin.tick();
      w.voice.failWith((_, attempt) => (attempt <= 2 ? Promise.reject(new Error('busy')) : undefined));
      w.down('refuses');
      await lost(w);
      await w.clock.advance(30 * SECOND);
      expect(called(w).toSorted()).toEqual(['ben Problem disk', 'boss Problem disk']);
    });
  });

  test('one that can still be read and takes nothing is down as well', async () => {
    const w = fragile({}, { methods: ['commit'] });
    await w.tocsin.tick();
    w.down('refuses');
    await lost(w);
    await w.clock.advance(20 * SECOND);
    expect(called(w)).toEqual(['boss Problem disk', 'ben Problem disk']);
  });

  test('a key is paged once in five minutes, whenever these begin', async () => {
    const w = fragile({}, { start: T0 + 4 * MINUTE + 45 * SECOND });
    await w.tocsin.tick();
    w.down('refuses');
    await lost(w);
    await w.clock.advance(2 * MINUTE);
    expect(called(w)).toEqual(['boss Problem disk', 'ben Problem disk']);
  });

  test('what its route waits for is not paged before that', async () => {
    const w = fragile({ config: withVoices({ routes: [{ service: 'checkout', holdFor: '3m' }] }) });
    await w.tocsin.tick();
    w.down('refuses');
    await lost(w);
    await lost(w, trigger('over'));
    await w.clock.advance(MINUTE);
    await lost(w, resolve('over'));
    await w.clock.advance(110 * SECOND);
    expect(called(w)).toEqual([]);
    await w.clock.advance(20 * SECOND);
    expect(called(w)).toEqual(['boss Problem disk', 'ben Problem disk']);
  });

  test('when everything breaks at once, a person gets one message that lists it, and each incident is told of it', async () => {
    const w = fragile();
    await w.tocsin.tick();
    w.down('refuses');
    await refusal(() => w.tocsin.ingest(Array.from({ length: 30 }, (_, n) => trigger(`k${n}`))));
    await w.clock.advance(11 * SECOND);
    expect(w.voice.sent.map(({ message }) => message.bundle?.length)).toEqual([29, 29]);
    w.down('no');
    await w.clock.advance(10 * SECOND);
    const { items } = await w.tocsin.incidents.list();
    expect(items).toHaveLength(30);
    for (const { id } of items)
      expect((await events(w.tocsin, id)).filter(({ type }) => type === 'emergency.paged')).toHaveLength(2);
  });

  test('a storm of many tenants is not sent all at once', async () => {
    const w = fragile();
    const tenants = Array.from({ length: 100 }, (_, n) => w.tocsin.forTenant(`t${n}`, { config: withVoices() }));
    await w.tocsin.tick();
    let now = 0;
    let most = 0;
    w.voice.failWith(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise<void>((done) => void w.clock.wait(SECOND, done));
      now -= 1;
    });
    w.down('refuses');
    for (const tenant of tenants) await refusal(() => tenant.ingest(trigger()));
    await w.clock.advance(30 * SECOND);
    expect(most).toBe(64);
    expect(w.voice.sent).toHaveLength(200);
  });

  test('an instance that stops tries nothing more', async () => {
    const w = fragile();
    await w.tocsin.tick();
    w.voice.failWith(() => Promise.reject(new Error('busy')));
    w.down('refuses');
    await lost(w);
    await w.clock.advance(11 * SECOND);
    const stopping = w.tocsin.stop();
    await w.clock.advance(2 * MINUTE);
    await stopping;
    const tried = w.voice.attempts.length;
    await w.clock.advance(10 * MINUTE);
    expect(w.voice.attempts).toHaveLength(tried);
    expect(w.log).toContain('error: Pages without the storage were never told to it: this process ends.');
  });
});

describe('when the storage is back', () => {
  test('a page that is still tried then is told to it as well', async () => {
    const w = fragile();
    await w.tocsin.tick();
    w.voice.failWith((_, attempt) => (attempt <= 4 ? Promise.reject(new Error('busy')) : undefined));
    w.down('refuses');
    await lost(w);
    await w.clock.advance(11 * SECOND);
    w.down('no');
    await w.clock.advance(2 * MINUTE);
    const { items } = await w.tocsin.incidents.list();
    expect(items).toHaveLength(1);
    expect((await events(w.tocsin, items[0]!.id)).filter(({ type }) => type === 'emergency.paged')).toHaveLength(2);
  });

  test('an instance that stops tells it before that', async () => {
    const w = fragile();
    await w.tocsin.tick();
    w.down('refuses');
    await lost(w);
    await w.clock.advance(11 * SECOND);
    w.down('no');
    await w.tocsin.stop();
    expect((await w.real.listIncidents('default', {})).items).toHaveLength(1);
  });

  test('the incident exists, its timeline says who was paged, and the delivery keeps the key that it was sent with', async () => {
    const w = fragile();
    await w.tocsin.tick();
    w.down('refuses');
    await lost(w);
    await w.clock.advance(12 * SECOND);
    w.down('no');
    await w.clock.advance(10 * SECOND);
    const [incident] = (await w.tocsin.incidents.list()).items;
    expect(incident).toMatchObject({ title: 'Problem disk', phase: 'triage', paging: 'escalating' });
    const told = (await events(w.tocsin, incident!.id)).filter(({ type }) => type === 'emergency.paged');
    expect(told).toMatchObject([{ users: ['boss'] }, { users: ['ben'] }]);
    const stored = (await w.tocsin.deliveries.list({ incidentId: incident!.id })).filter(
      ({ purpose }) => purpose === 'emergency',
    );
    expect(stored.map(({ id, state }) => `${id} ${state}`)).toEqual(
      w.voice.sent.slice(0, 2).map(({ idempotencyKey }) => `${idempotencyKey} sent`),
    );
    await w.pass(0);
    expect(w.sms.sent.map(({ message }) => message.to.user)).toEqual(['ana']);
  });

  test('an event that its source has sent again opens one incident, not two', async () => {
    const w = fragile();
    await w.tocsin.tick();
    w.down('refuses');
    await lost(w);
    await w.clock.advance(12 * SECOND);
    w.down('no');
    await w.tocsin.ingest(trigger());
    await w.clock.advance(30 * SECOND);
    const { items } = await w.tocsin.incidents.list();
    expect(items).toHaveLength(1);
    expect((await events(w.tocsin, items[0]!.id)).map(({ type }) => type)).toContain('emergency.paged');
  });

  test('an event that is over by then opens nothing', async () => {
    const w = fragile();
    await w.tocsin.ingest(trigger());
    w.down('refuses');
    await lost(w);
    await w.clock.advance(12 * SECOND);
    w.down('no');
    await w.tocsin.ingest(resolve());
    await w.clock.advance(30 * SECOND);
    const { items } = await w.tocsin.incidents.list();
    expect(items).toHaveLength(1);
    expect(w.sms.sent).toEqual([]);
  });

  test('and fails again while it is told, it is told once more', async () => {
    const w = fragile();
    await w.tocsin.tick();
    w.down('refuses');
    await lost(w);
    await w.clock.advance(12 * SECOND);
    for (let n = 0; n < 6; n++) {
      w.down(n % 2 === 0 ? 'no' : 'refuses');
      await w.clock.advance(2 * SECOND);
    }
    w.down('no');
    await w.clock.advance(30 * SECOND);
    const [incident] = (await w.tocsin.incidents.list()).items;
    expect((await events(w.tocsin, incident!.id)).filter(({ type }) => type === 'emergency.paged')).toHaveLength(2);
  });
});

test('whoever is to be paged in an emergency has to exist', async () => {
  for (const emergency of [
    { users: [], notifier: 'voice' },
    { users: ['nobody'], notifier: 'voice' },
    { users: ['boss'], notifier: 'pigeon' },
    7,
  ]) {
    expect(await refusal(() => fragile({ emergency: emergency as never }))).toMatchObject({ code: 'INPUT_INVALID' });
  }
  expect(await refusal(() => fragile({ emergency: { users: ['mute'], notifier: 'voice' } }))).toMatchObject({
    code: 'INPUT_INVALID',
  });
});
