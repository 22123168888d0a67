/**
 * Where what follows could be lost or misled: answers that cross what is on its way, names that were not kept, and platforms
 * that tell of things late and in the wrong order.
 */
import { describe, expect, test } from 'vitest';
import { type AlertEvent, memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { board } from './board.ts';
import { config, MINUTE, opened, policy, SECOND, stands, T0, world } from './world.ts';

const by = 'ana';
const mirrors = [{ id: 'm1', notifier: 'platform', address: 'default' }];

function mirrorWorld(options: Parameters<typeof world>[0] = {}) {
  const platform = board('platform', 'elsewhere');
  return { platform, ...world({ ...options, config: config({ mirrors, ...options.config }), notifiers: [platform] }) };
}

const elsewhere = (id: string, change: string, occurredAt: Date | number): AlertEvent => ({
  action: 'change',
  occurredAt,
  external: { platform: 'elsewhere', ids: [`X-${id}`, `tocsin:default:${id}`], change: change as never },
});

const outcome = async (w: ReturnType<typeof world>, event: AlertEvent) => (await w.tocsin.ingest(event))[0]?.outcome;

describe('a message', () => {
  test.each(['chat', 'chats'])(
    'to %s that is taken back while it goes out is brought up to date once it is out',
    async (to) => {
      const chat = board('chat');
      const gate = Promise.withResolvers<void>();
      const users = [
        { id: 'ana', contacts: [{ notifier: to, address: 'D1' }] },
        { id: 'ben', contacts: [{ notifier: 'sms', address: 'ben' }] },
        { id: 'boss', contacts: [{ notifier: 'sms', address: 'boss' }] },
        { id: 'mute', contacts: [] },
      ];
      const failover = to === 'chats' ? { chats: ['chat', 'sms'] } : {};
      const w = world({ config: config({ users, failover }), notifiers: [chat] });
      const id = await opened(w.tocsin);
      chat.before = () => gate.promise;
      const sending = w.tocsin.tick();
      await w.clock.advance(SECOND);
      await w.tocsin.incidents.acknowledge(id, { by });
      const following = w.tocsin.tick();
      await w.clock.advance(SECOND);
      gate.resolve();
      await Promise.all([sending, following]);
      await w.pass(20 * SECOND, SECOND);
      expect([...chat.shown.values()]).toEqual(['acknowledged: Acknowledged: Problem disk']);
    },
  );
});

describe('a mirror', () => {
  test('follows what is sent up again after it was acknowledged', async () => {
    const steps = [{ targets: [{ user: 'ana' }] }, { targets: [{ user: 'ben' }] }];
    const w = mirrorWorld({ config: { escalationPolicies: [policy({ steps })] } as never });
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.tocsin.tick();
    await w.tocsin.incidents.escalate(id, { by });
    await w.pass(5 * SECOND, SECOND);
    expect([...w.platform.shown.values()]).toEqual(['triggered: Problem disk']);
  });

  test('ends with an incident of which it was not kept what it is called there', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const isName = (changes: Parameters<typeof storage.commit>[0]) =>
      changes.some(({ incidents }) => incidents.some(({ events }) => events.some(({ type }) => type === 'link.added')));
    const forgetful = {
      ...storage,
      commit: async (changes: Parameters<typeof storage.commit>[0]) => {
        if (isName(changes)) throw new Error('connection reset');
        return storage.commit(changes);
      },
    };
    const platform = board('platform', 'elsewhere');
    const send = platform.send;
    // As platforms do that know what is sent again by its key.
    const known = {
      ...platform,
      send: async (message: Parameters<typeof send>[0], options: Parameters<typeof send>[1]) =>
        message.status === 'resolved' && platform.shown.has(`X-${message.incidentId}`)
          ? platform.update?.(`X-${message.incidentId}`, message, options)
          : send(message, options),
    };
    const w = world({ clock, storage: forgetful as never, config: config({ mirrors }), notifiers: [known as never] });
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.tocsin.incidents.resolve(id, { by });
    await w.pass(5 * SECOND, SECOND);
    expect([...platform.shown.values()]).toEqual(['resolved: Problem disk']);
  });

  test('does not wait for messages that are on their way', async () => {
    const chat = board('chat');
    const platform = board('platform', 'elsewhere');
    const users = [
      { id: 'ana', contacts: [{ notifier: 'chat', address: 'D1' }] },
      { id: 'boss', contacts: [{ notifier: 'sms', address: 'boss' }] },
      { id: 'ben', contacts: [] },
      { id: 'mute', contacts: [] },
    ];
    const w = world({ config: config({ users, mirrors }), notifiers: [chat, platform] });
    chat.before = () => new Promise(() => {});
    await opened(w.tocsin);
    const sending = w.tocsin.tick();
    await w.clock.advance(SECOND);
    expect([...platform.shown.values()]).toEqual(['triggered: Problem disk']);
    await w.clock.advance(30 * SECOND);
    await sending;
  });
});

describe('what is done elsewhere', () => {
  test('and told after something later is not done: nobody is kept from asking by it', async () => {
    const w = mirrorWorld();
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.clock.advance(MINUTE);
    const at = w.clock.now();
    expect(await outcome(w, elsewhere(id, 'reopened', at))).toBe('deduplicated');
    expect(await outcome(w, elsewhere(id, 'resolved', at - 10 * SECOND))).toBe('dropped');
    expect(await stands(w.tocsin, id)).toMatch(/^triage/);
  });

  test('and could not be done here hides nothing that happened before it', async () => {
    const w = mirrorWorld();
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.tocsin.incidents.resolve(id, { by });
    await w.clock.advance(MINUTE);
    const at = w.clock.now();
    expect(await outcome(w, elsewhere(id, 'acknowledged', at))).toBe('dropped');
    expect(await outcome(w, elsewhere(id, 'reopened', at - 10 * SECOND))).toBe('reopened');
  });

  test('while the incident moves on here is too late', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    let meanwhile: (() => Promise<unknown>) | undefined;
    const slow = {
      ...storage,
      async timeline(tenant: string, incident: string) {
        const events = await storage.timeline(tenant, incident);
        const work = meanwhile;
        meanwhile = undefined;
        await work?.();
        return events;
      },
    };
    const w = mirrorWorld({ clock, storage: slow as never });
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await clock.advance(MINUTE);
    const at = clock.now();
    await clock.advance(MINUTE);
    meanwhile = async () => {
      await w.tocsin.incidents.acknowledge(id, { by });
      await w.tocsin.incidents.unacknowledge(id, { by });
    };
    expect(await outcome(w, elsewhere(id, 'acknowledged', at))).toBe('dropped');
    expect(await stands(w.tocsin, id)).toBe('triage / escalating');
  });

  test('while the incident changes again and again is to be sent again, and is not dropped', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    let isBusy = false;
    const busy = {
      ...storage,
      async timeline(tenant: string, incident: string) {
        const events = await storage.timeline(tenant, incident);
        if (isBusy) await w.tocsin.incidents.addNote(incident, { by, text: 'again' });
        return events;
      },
    };
    const w = mirrorWorld({ clock, storage: busy as never });
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await clock.advance(MINUTE);
    isBusy = true;
    const told = elsewhere(id, 'acknowledged', clock.now());
    await expect(w.tocsin.ingest(told)).rejects.toMatchObject({ code: 'VERSION_CONFLICT', retryable: true });
    isBusy = false;
    expect(await outcome(w, told)).toBe('acknowledged');
  });

  test('and is not so here is taken back there: reopened where it was only acknowledged', async () => {
    const w = mirrorWorld();
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.tocsin.tick();
    const calls = w.platform.calls.length;
    await w.clock.advance(MINUTE);
    const told = elsewhere(id, 'reopened', w.clock.now());
    for (let times = 0; times < 2; times++) expect(await outcome(w, told)).toBe('deduplicated');
    await w.tocsin.tick();
    expect(w.platform.calls.slice(calls)).toEqual(['update acknowledged acknowledged']);
  });

  test('by one of several who each have to answer leaves it as it is there', async () => {
    const steps = [{ targets: [{ user: 'ana' }, { user: 'ben' }], acknowledge: 'each' }];
    const w = mirrorWorld({ config: { escalationPolicies: [policy({ steps: steps as never })] } as never });
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    const calls = w.platform.calls.length;
    await w.clock.advance(MINUTE);
    const { external, ...told } = elsewhere(id, 'acknowledged', w.clock.now());
    await w.tocsin.ingest({ ...told, external: { ...external, by } as never });
    await w.tocsin.tick();
    expect(await stands(w.tocsin, id)).toBe('triage / escalating');
    expect(w.platform.calls.slice(calls)).toEqual(['update unacknowledged triggered']);
  });
});
