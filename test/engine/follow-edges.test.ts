/**
 * What may go wrong where messages follow an incident, platforms mirror it, and tell of it: found by attacks, and kept out.
 */
import { describe, expect, test } from 'vitest';
import { type AlertEvent, type ConfigInput, memoryStorage, notifyError } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { type Board, board } from './board.ts';
import { config, incident, MINUTE, opened, refusal, SECOND, stands, T0, trigger, types, world } from './world.ts';

const by = 'ana';

function mirrorWorld(more: Partial<ConfigInput> = {}, mirror: Record<string, unknown> = {}) {
  const platform = board('platform', 'elsewhere');
  const mirrors = [{ id: 'm1', notifier: 'platform', address: 'default', ...mirror }];
  return { platform, ...world({ config: config({ mirrors, ...more }), notifiers: [platform] }) };
}

/** ana is asked in a chat whose messages can be changed. */
function chatWorld(chat: Board = board('chat')) {
  const users = ['ana', 'ben', 'boss', 'mute'].map((id) => ({
    id,
    contacts: id === 'mute' ? [] : [{ notifier: 'chat', address: id }],
  }));
  return { chat, ...world({ config: config({ users }), notifiers: [chat] }) };
}

const said = (
  id: string,
  change: 'acknowledged' | 'opened' | 'resolved',
  more: Partial<AlertEvent> = {},
): AlertEvent => ({
  action: 'change',
  external: { platform: 'elsewhere', ids: [`X-${id}`], change },
  ...more,
});

describe('a page', () => {
  test('is not put off because a message is to be brought up to date, and the provider says to wait with that', async () => {
    const w = chatWorld();
    const first = await opened(w.tocsin, trigger('a'));
    await w.tocsin.tick();
    w.chat.before = ({ purpose }) => {
      if (purpose === 'update') throw notifyError('Too many changes.', { retryAfterMs: 600_000 });
    };
    await w.tocsin.incidents.acknowledge(first, { by });
    await w.tocsin.tick();
    await opened(w.tocsin, trigger('b'));
    await w.tocsin.tick();
    expect(w.chat.calls.filter((call) => call.startsWith('send'))).toEqual([
      'send step triggered',
      'send step triggered',
    ]);
  });

  test('finds its place beside hundreds of messages that hang while they are brought up to date', async () => {
    const w = chatWorld();
    const all = await Promise.all(Array.from({ length: 100 }, (_, n) => opened(w.tocsin, trigger(`a${n}`))));
    await w.pass(5 * SECOND, SECOND);
    w.chat.before = ({ purpose }) => (purpose === 'update' ? new Promise(() => {}) : undefined);
    for (const id of all) await w.tocsin.incidents.acknowledge(id, { by });
    void w.tocsin.tick();
    await w.clock.advance(SECOND);
    const sent = w.chat.calls.length;
    await opened(w.tocsin, trigger('late'));
    void w.tocsin.tick();
    await w.clock.advance(SECOND);
    expect(w.chat.calls.slice(sent)).toEqual(['send step triggered']);
  });
});

describe('what platforms tell', () => {
  test('before the severity was raised, and somebody is asked again, does not stop that', async () => {
    const w = mirrorWorld();
    const id = await opened(w.tocsin, trigger('disk', { severity: 'warning' }));
    await w.tocsin.tick();
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.clock.advance(10 * MINUTE);
    const occurredAt = w.clock.now();
    await w.clock.advance(10 * MINUTE);
    await w.tocsin.incidents.setSeverity(id, { by: 'ben', severity: 'SEV1' });
    expect(await stands(w.tocsin, id)).toBe('triage / escalating');
    expect(await w.tocsin.ingest(said(id, 'acknowledged', { occurredAt }))).toMatchObject([{ outcome: 'dropped' }]);
    expect(await stands(w.tocsin, id)).toBe('triage / escalating');
  });

  test('within a transaction of the host is judged as outside it', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const platform = board('platform', 'elsewhere');
    const mirrors = [{ id: 'm1', notifier: 'platform', address: 'default' }];
    const w = world({ clock, storage, config: config({ mirrors }), notifiers: [platform] });
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await clock.advance(MINUTE);
    const occurredAt = clock.now();
    await w.tocsin.incidents.acknowledge(id, { by });
    await clock.advance(MINUTE);
    await w.tocsin.incidents.unacknowledge(id, { by });
    const client = storage.begin();
    const inside = w.tocsin.inTransaction(client);
    expect(await inside.ingest(said(id, 'acknowledged', { occurredAt }))).toMatchObject([{ outcome: 'dropped' }]);
    await clock.advance(MINUTE);
    const now = clock.now();
    expect(await inside.ingest(said(id, 'acknowledged', { occurredAt: now }))).toMatchObject([
      { outcome: 'acknowledged' },
    ]);
    client.commit();
    expect(await stands(w.tocsin, id)).toBe('triage / acknowledged');
  });

  test('of somebody whom nobody knows here is told by the platform itself', async () => {
    const w = mirrorWorld();
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    const external = { platform: 'elsewhere', ids: [`X-${id}`], change: 'acknowledged' as const, by: 'nobody-here' };
    await w.tocsin.ingest({ action: 'acknowledge', external });
    expect((await incident(w.tocsin, id)).acknowledgedBy).toEqual([]);
    expect(await stands(w.tocsin, id)).toBe('triage / acknowledged');
  });

  test('twice under one delivery id is taken once, although it names no time', async () => {
    const w = mirrorWorld();
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    const event = said(id, 'acknowledged', { deliveryId: 'hook-1' });
    expect(await w.tocsin.ingest(event)).toMatchObject([{ outcome: 'acknowledged' }]);
    await w.tocsin.incidents.unacknowledge(id, { by });
    expect(await w.tocsin.ingest(event)).toMatchObject([{ outcome: 'acknowledged' }]);
    expect(await stands(w.tocsin, id)).toBe('triage / escalating');
  });

  test('of what we opened ourselves, after it has ended, opens it no second time', async () => {
    const w = mirrorWorld();
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.tocsin.incidents.resolve(id, { by });
    await w.tocsin.tick();
    const late = said(id, 'opened', { action: 'trigger', dedupKey: 'theirs', title: 'Problem disk' });
    expect(await w.tocsin.ingest(late)).toMatchObject([{ outcome: 'dropped', incidentId: id }]);
  });
});

test('what becomes of a mirror that was followed by another one changes nothing here', async () => {
  const w = mirrorWorld();
  const { send, update } = w.platform;
  let made = 1;
  Object.assign(w.platform, {
    send: async (...given: Parameters<typeof send>) => ({ ...(await send(...given)), externalId: `Q${made}` }),
    update: async (_: string, message: Parameters<typeof send>[0], options: Parameters<typeof send>[1]) => {
      if (message.topic === 'reopened') made += 1;
      await update?.(`X-${message.incidentId}`, message, options);
      return { externalId: `Q${made}` };
    },
  });
  const id = await opened(w.tocsin);
  await w.tocsin.tick();
  await w.tocsin.incidents.resolve(id, { by });
  await w.tocsin.tick();
  await w.tocsin.incidents.reopen(id, { by });
  await w.pass(5 * SECOND, SECOND);
  expect((await incident(w.tocsin, id)).externalRefs).toMatchObject([{ id: 'Q2' }]);
  const told = (name: string): AlertEvent => ({
    action: 'resolve',
    external: { platform: 'elsewhere', ids: [name, `tocsin:default:${id}`], change: 'resolved' },
  });
  expect(await w.tocsin.ingest(told('Q1'))).toMatchObject([{ outcome: 'dropped' }]);
  expect(await stands(w.tocsin, id)).toBe('triage / escalating');
  expect(await w.tocsin.ingest(told('Q2'))).toMatchObject([{ outcome: 'resolved' }]);
});

describe('an incident that became private', () => {
  test('is told of no more on a platform, but whether somebody is to be asked is', async () => {
    const w = mirrorWorld();
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.tocsin.incidents.update(id, { by, visibility: 'private', title: 'The laptop of the CEO', body: 'stolen' });
    await w.tocsin.incidents.addNote(id, { by, text: 'It was in the taxi' });
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.pass(10 * SECOND, SECOND);
    expect([...w.platform.shown.values()]).toEqual(['acknowledged: Private incident']);
    expect(JSON.stringify(w.platform.messages.slice(1))).not.toMatch(/laptop|stolen|taxi/);
  });

  test('is not made on a platform that was away until then', async () => {
    const w = mirrorWorld();
    w.platform.before = () => {
      throw notifyError('away');
    };
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.tocsin.incidents.update(id, { by, visibility: 'private', title: 'The laptop of the CEO' });
    w.platform.before = undefined;
    await w.pass(5 * MINUTE);
    expect(w.platform.calls).toEqual([]);
  });

  test('is not told of in a room where it was told of before', async () => {
    const chat = board('chat');
    const channels = [{ id: 'room', notifier: 'chat', address: 'C1' }];
    const escalationPolicies = [
      {
        ...config().escalationPolicies[0],
        id: 'default',
        steps: [{ targets: [{ user: 'ana' }, { channel: 'room' }] }],
      },
    ] as ConfigInput['escalationPolicies'];
    const w = world({ config: config({ channels, escalationPolicies }), notifiers: [chat] });
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.tocsin.incidents.update(id, { by, visibility: 'private', title: 'The laptop of the CEO' });
    await w.pass(10 * SECOND, SECOND);
    expect([...chat.shown.values()]).toEqual(['triggered: Problem disk']);
  });
});

describe('a mirror', () => {
  test('that is being made while the incident is resolved ends with it', async () => {
    const w = mirrorWorld();
    const id = await opened(w.tocsin);
    let isFirst = true;
    w.platform.before = async () => {
      if (!isFirst) return;
      isFirst = false;
      // Another process is as fast as that.
      await w.tocsin.incidents.resolve(id, { by });
    };
    await w.pass(10 * SECOND, SECOND);
    expect([...w.platform.shown.values()]).toEqual(['resolved: Problem disk']);
  });

  test('is told of the strongest news of those that one message stands for', async () => {
    const w = mirrorWorld();
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.tocsin.incidents.resolve(id, { by });
    await w.tocsin.tick();
    await w.tocsin.incidents.reopen(id, { by });
    await w.tocsin.incidents.setSeverity(id, { by, severity: 'SEV3' });
    await w.tocsin.incidents.addNote(id, { by, text: 'It is back' });
    await w.pass(10 * SECOND, SECOND);
    expect(w.platform.calls.slice(2).toSorted()).toEqual(['update note triggered', 'update reopened triggered']);
  });

  test('whose note is refused for good is brought to the present all the same', async () => {
    const w = mirrorWorld();
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    w.platform.before = ({ topic }) => {
      if (topic === 'note') throw notifyError('No notes here.', { permanent: true });
    };
    await w.tocsin.incidents.resolve(id, { by });
    await w.tocsin.incidents.addNote(id, { by, text: 'It was the disk' });
    await w.pass(10 * SECOND, SECOND);
    expect([...w.platform.shown.values()]).toEqual(['resolved: Problem disk']);
  });

  test('that was away when notes were written is made with the incident first, and then has the notes', async () => {
    const w = mirrorWorld();
    w.platform.before = () => {
      throw notifyError('away');
    };
    const id = await opened(w.tocsin, trigger('disk', { body: 'Full since noon' }));
    await w.tocsin.tick();
    await w.tocsin.incidents.addNote(id, { by, text: 'first' });
    await w.tocsin.incidents.addNote(id, { by, text: 'second' });
    await w.tocsin.tick();
    w.platform.before = undefined;
    await w.pass(5 * MINUTE, 5 * SECOND);
    expect(w.platform.calls[0]).toBe('send opened triggered');
    expect(w.platform.messages[0]?.body).toBe('Full since noon');
    expect(w.platform.messages.filter(({ topic }) => topic === 'note').map(({ body }) => body)).toEqual(
      expect.arrayContaining(['first', 'second']),
    );
    expect(w.platform.calls.filter((call) => call.startsWith('send'))).toHaveLength(1);
  });

  test('is not made on the platform that the alert came from', async () => {
    const w = mirrorWorld();
    await opened(w.tocsin, trigger('theirs', { source: 'elsewhere' }));
    await opened(w.tocsin, trigger('ours', { source: 'prometheus' }));
    await w.pass(5 * SECOND, SECOND);
    expect([...w.platform.shown.values()]).toEqual(['triggered: Problem ours']);
  });

  test('that is away makes nobody believe that pages are late', async () => {
    const beats: number[] = [];
    const platform = board('platform', 'elsewhere');
    const mirrors = [{ id: 'm1', notifier: 'platform', address: 'default' }];
    const w = world({
      config: config({ mirrors }),
      notifiers: [platform],
      deadMan: { beat: () => void beats.push(1), every: '30s' },
    });
    platform.before = () => {
      throw notifyError('away');
    };
    await w.tocsin.start();
    await opened(w.tocsin);
    await w.pass(10 * MINUTE, 10 * SECOND);
    expect(beats.length).toBeGreaterThan(15);
    expect((await w.tocsin.health()).isHealthy).toBe(true);
    await w.tocsin.stop();
  });

  test('through a notifier that mirrors nothing is refused', async () => {
    const mirrors = [{ id: 'm1', notifier: 'sms', address: '+1' }];
    const error = await refusal(() => world({ config: config({ mirrors }) }), 'CONFIG_INVALID');
    expect(error.message).toContain('mirrors[0].notifier: sms mirrors no platform');
  });

  test('through a group of notifiers is refused', async () => {
    const platform = board('platform', 'elsewhere');
    const given = config({ failover: { both: ['platform'] }, mirrors: [{ id: 'm1', notifier: 'both', address: 'x' }] });
    await refusal(() => world({ config: given, notifiers: [platform] }), 'CONFIG_INVALID');
  });
});

test('what would have brought a message up to date is counted among no dead letters', async () => {
  const w = chatWorld();
  const id = await opened(w.tocsin);
  await w.tocsin.tick();
  w.chat.before = () => {
    throw notifyError('too old', { permanent: true });
  };
  const dead: unknown[] = [];
  w.tocsin.on('delivery.dead', (news) => dead.push(news));
  await w.tocsin.incidents.resolve(id, { by });
  await w.tocsin.tick();
  expect((await w.tocsin.health()).deadLetters).toBe(0);
  expect(dead).toEqual([]);
  expect(await types(w.tocsin, id)).toContain('incident.resolved');
});
