/**
 * What was sent follows the incident: messages are brought up to date, other platforms are kept in step, and what is done
 * there is done here.
 */
import { describe, expect, test } from 'vitest';
import { type AlertEvent, memoryStorage, notifyError } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { board } from './board.ts';
import {
  config,
  deliveries,
  events,
  incident,
  MINUTE,
  opened,
  policy,
  resolve,
  SECOND,
  stands,
  T0,
  trigger,
  types,
  world,
} from './world.ts';

const by = 'ana';

/** ana is asked in a chat whose messages can be changed. */
function chatWorld() {
  const chat = board('chat');
  const users = [
    { id: 'ana', contacts: [{ notifier: 'chat', address: 'D1' }] },
    { id: 'ben', contacts: [{ notifier: 'sms', address: 'ben' }] },
    { id: 'boss', contacts: [{ notifier: 'sms', address: 'boss' }] },
    { id: 'mute', contacts: [] },
  ];
  return { chat, ...world({ config: config({ users }), notifiers: [chat] }) };
}

/** Every incident is to be seen on a platform as well. */
function mirrorWorld(more: Record<string, unknown> = {}, options: Parameters<typeof world>[0] = {}) {
  const platform = board('platform', 'elsewhere');
  const mirrors = [{ id: 'm1', notifier: 'platform', address: 'default', ...more }];
  return { platform, ...world({ ...options, config: config({ ...options.config, mirrors }), notifiers: [platform] }) };
}

const elsewhere = (id: string, change: string, more: Partial<AlertEvent> = {}): AlertEvent => ({
  action: 'change',
  title: 'Told elsewhere',
  external: { platform: 'elsewhere', ids: [`X-${id}`], change: change as never },
  ...more,
});

describe('a message that was sent', () => {
  test('says who has answered, and then that it is over, without anything to press', async () => {
    const { chat, tocsin, pass } = chatWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    expect([...chat.shown.values()]).toEqual(['triggered: Problem disk']);
    await tocsin.incidents.acknowledge(id, { by });
    await tocsin.tick();
    expect([...chat.shown.values()]).toEqual(['acknowledged: Acknowledged: Problem disk']);
    expect(chat.messages.at(-1)).toMatchObject({ purpose: 'update', actions: [], people: { acknowledgedBy: ['ana'] } });
    await tocsin.incidents.resolve(id, { by });
    await pass(MINUTE);
    expect([...chat.shown.values()]).toEqual(['resolved: Resolved: Problem disk']);
    expect(chat.calls).toEqual(['send step triggered', 'update acknowledged acknowledged', 'update resolved resolved']);
  });

  test('asks again when the acknowledgement is taken back', async () => {
    const { chat, tocsin, pass } = chatWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    await tocsin.incidents.acknowledge(id, { by });
    await tocsin.tick();
    await tocsin.incidents.unacknowledge(id, { by });
    await pass(5 * SECOND, SECOND);
    expect([...chat.shown.values()]).toEqual(['triggered: Problem disk', 'triggered: Problem disk']);
    const update = chat.messages.find(({ purpose, status }) => purpose === 'update' && status === 'triggered');
    expect(update?.actions.map(({ id: action }) => action)).toEqual(['acknowledge', 'escalate', 'snooze']);
  });

  test('of several changes at once shows the last', async () => {
    const { chat, tocsin, pass } = chatWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    await tocsin.incidents.acknowledge(id, { by });
    await tocsin.incidents.setSeverity(id, { by, severity: 'SEV3' });
    await tocsin.incidents.resolve(id, { by });
    await pass(5 * SECOND, SECOND);
    expect(chat.calls).toEqual(['send step triggered', 'update resolved resolved']);
  });

  test('that is on its way while somebody answers is brought up to date once it is there', async () => {
    const w = chatWorld();
    let answering: Promise<unknown> | undefined;
    const id = await opened(w.tocsin);
    w.chat.before = () => {
      answering ??= w.tocsin.incidents.acknowledge(id, { by });
      return answering;
    };
    await w.pass(10 * SECOND, SECOND);
    expect([...w.chat.shown.values()]).toEqual(['acknowledged: Acknowledged: Problem disk']);
  });

  test('that cannot be changed any more is nobody’s dead letter', async () => {
    const dead: string[] = [];
    const { chat, tocsin, log } = chatWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    chat.before = () => {
      throw notifyError('It is too old.', { permanent: true });
    };
    await tocsin.incidents.acknowledge(id, { by });
    await tocsin.tick();
    expect(await deliveries(tocsin, id)).toContain('ana chat dead');
    expect(await tocsin.deadLetters.list()).toEqual([]);
    expect(dead).toEqual([]);
    expect(log).toContain('warn: A message could not be brought up to date.');
    expect(await stands(tocsin, id)).toBe('triage / acknowledged');
  });

  test('is left alone by a notifier that cannot change it', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.tocsin.tick();
    expect((await w.tocsin.deliveries.list({})).map(({ purpose }) => purpose)).not.toContain('follow');
  });
});

describe('a mirror', () => {
  test('of what is written down afterwards there is none: the platform would page people for it', async () => {
    const { platform, tocsin, pass } = mirrorWorld();
    await tocsin.incidents.open({ by, title: 'Last week', service: 'checkout', kind: 'backfilled' });
    await pass(MINUTE, SECOND);
    expect(platform.calls).toEqual([]);
  });

  test('is made when somebody is asked, follows the incident, and ends with it', async () => {
    const { platform, tocsin, pass } = mirrorWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    expect(await incident(tocsin, id)).toMatchObject({
      externalRefs: [
        { platform: 'elsewhere', id: `X-${id}`, mirror: 'm1', url: `https://platform.example.com/X-${id}` },
      ],
    });
    await tocsin.incidents.acknowledge(id, { by });
    await tocsin.tick();
    await tocsin.incidents.addNote(id, { by, text: 'It is the disk' });
    await tocsin.tick();
    await tocsin.incidents.setSeverity(id, { by, severity: 'SEV3' });
    await tocsin.tick();
    await tocsin.incidents.unacknowledge(id, { by });
    await tocsin.tick();
    await tocsin.incidents.resolve(id, { by });
    await pass(MINUTE);
    expect(platform.calls).toEqual([
      'send opened triggered',
      'update acknowledged acknowledged',
      'update note acknowledged',
      'update severity acknowledged',
      'update unacknowledged triggered',
      'update resolved resolved',
    ]);
    expect(platform.messages[2]).toMatchObject({ purpose: 'mirror', topic: 'note', body: 'It is the disk' });
    expect([...platform.shown.values()]).toEqual(['resolved: Problem disk']);
  });

  test('never counts as reaching anybody, and no answer takes it back', async () => {
    const w = mirrorWorld();
    w.platform.before = () => {
      throw notifyError('The platform is away.');
    };
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.tocsin.tick();
    expect(w.platform.calls).toEqual([]);
    w.platform.before = undefined;
    await w.pass(10 * MINUTE);
    expect(w.platform.calls).toEqual(['send acknowledged acknowledged']);
    expect([...w.platform.shown.values()]).toEqual(['acknowledged: Problem disk']);
  });

  test('is not made of what is over before anybody was asked, nor of what is held back', async () => {
    const w = mirrorWorld({}, { config: { routes: [{ id: 'all', service: 'checkout', holdFor: '5m' }] } as never });
    const id = await opened(w.tocsin);
    await w.pass(2 * MINUTE);
    expect(await stands(w.tocsin, id)).toBe('triage / holding');
    await w.tocsin.incidents.resolve(id, { by });
    await w.pass(2 * MINUTE);
    expect(w.platform.calls).toEqual([]);
  });

  test('is made once the hold has ended', async () => {
    const w = mirrorWorld({}, { config: { routes: [{ id: 'all', service: 'checkout', holdFor: '5m' }] } as never });
    await opened(w.tocsin);
    await w.pass(6 * MINUTE);
    expect(w.platform.calls).toEqual(['send opened triggered']);
  });

  test('is made of incidents like these only', async () => {
    const w = mirrorWorld({ when: 'service="search"' });
    await opened(w.tocsin);
    await w.tocsin.incidents.open({ title: 'Search is slow', service: 'search', by });
    await w.tocsin.tick();
    expect([...w.platform.shown.values()]).toEqual(['triggered: Search is slow']);
  });

  test('is not made of a private incident unless it is said so', async () => {
    const secret = { title: 'Leaked key', service: 'checkout', by, visibility: 'private' } as const;
    const closed = mirrorWorld();
    await closed.tocsin.incidents.open(secret);
    await closed.tocsin.tick();
    expect(closed.platform.calls).toEqual([]);
    const let_in = mirrorWorld({ private: true });
    await let_in.tocsin.incidents.open(secret);
    await let_in.tocsin.tick();
    expect(let_in.platform.calls).toEqual(['send opened triggered']);
  });

  test('that fails for good is a dead letter which can be put back after everything is over', async () => {
    const w = mirrorWorld();
    w.platform.before = () => {
      throw notifyError('The key is wrong.', { permanent: true });
    };
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    const [dead] = await w.tocsin.deadLetters.list();
    expect(dead).toMatchObject({ purpose: 'mirror', notifier: 'platform', incidentId: id });
    await w.tocsin.incidents.acknowledge(id, { by });
    w.platform.before = undefined;
    await w.tocsin.tick();
    expect(w.platform.calls).toEqual(['send acknowledged acknowledged']);
    await w.tocsin.deadLetters.retry(dead?.id ?? '');
    await w.tocsin.tick();
    expect(w.platform.calls.at(-1)).toBe('update opened acknowledged');
  });

  test('that was made without its answer being kept is found again by what it is called', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    let failures = 1;
    const flaky = {
      ...storage,
      async commit(changes: Parameters<typeof storage.commit>[0]) {
        const isLink = changes.some(({ incidents }) =>
          incidents.some((each) => each.events.some(({ type }) => type === 'link.added')),
        );
        if (isLink && failures-- > 0) throw new Error('connection reset');
        return storage.commit(changes);
      },
    };
    const w = mirrorWorld({}, { clock, storage: flaky });
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.tocsin.tick();
    expect([...w.platform.shown.keys()]).toEqual([`X-${id}`]);
    expect((await incident(w.tocsin, id)).externalRefs).toHaveLength(1);
  });

  test('of two processes is written by one', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const platform = board('platform', 'elsewhere');
    const mirrors = [{ id: 'm1', notifier: 'platform', address: 'default' }];
    const [a, b] = [0, 1].map(() => world({ clock, storage, config: config({ mirrors }), notifiers: [platform] }));
    const id = await opened(a?.tocsin as never);
    await Promise.all([a?.tocsin.tick(), b?.tocsin.tick()]);
    await a?.tocsin.incidents.acknowledge(id, { by });
    await Promise.all([a?.tocsin.tick(), b?.tocsin.tick()]);
    expect(platform.calls).toEqual(['send opened triggered', 'update acknowledged acknowledged']);
  });

  test('is named in the configuration by a notifier that exists', () => {
    const mirrors = [{ id: 'm1', notifier: 'nowhere', address: 'x' }];
    expect(() => world({ config: config({ mirrors }) })).toThrow('mirrors[0].notifier');
  });

  test('of one id twice is refused', () => {
    const mirrors = [1, 2].map(() => ({ id: 'm1', notifier: 'sms', address: 'x' }));
    expect(() => world({ config: config({ mirrors }) })).toThrow('mirrors');
  });
});

describe('what is done elsewhere', () => {
  test('is done here: acknowledged, asked about again, resolved, reopened', async () => {
    const { tocsin, clock, platform } = mirrorWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    const seen: string[] = [];
    for (const change of ['acknowledged', 'unacknowledged', 'resolved', 'reopened']) {
      await clock.advance(MINUTE);
      const [result] = await tocsin.ingest(elsewhere(id, change));
      await tocsin.tick();
      seen.push(`${change}: ${result?.outcome}, ${await stands(tocsin, id)}`);
    }
    expect(seen).toEqual([
      'acknowledged: acknowledged, triage / acknowledged',
      'unacknowledged: reopened, triage / escalating',
      'resolved: resolved, resolved / quiet',
      'reopened: reopened, triage / escalating',
    ]);
    expect([...platform.shown.values()]).toEqual(['triggered: Problem disk']);
    expect((await events(tocsin, id)).find(({ type }) => type === 'incident.acknowledged')?.by).toEqual({
      kind: 'source',
      id: 'elsewhere',
    });
  });

  test('is theirs by name when the source knows who they are', async () => {
    const { tocsin } = mirrorWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    const external = { platform: 'elsewhere', ids: [`X-${id}`], change: 'acknowledged', by: 'ben' } as const;
    await tocsin.ingest({ action: 'acknowledge', external });
    expect((await incident(tocsin, id)).acknowledgedBy).toEqual(['ben']);
  });

  test('and tells nothing new changes nothing, however often it is told', async () => {
    const { tocsin, platform } = mirrorWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    await tocsin.incidents.acknowledge(id, { by });
    await tocsin.tick();
    const before = [await types(tocsin, id), platform.calls.length];
    for (const change of ['acknowledged', 'acknowledged', 'opened', 'other'])
      expect((await tocsin.ingest(elsewhere(id, change)))[0]?.outcome).toMatch(/deduplicated|dropped/);
    await tocsin.tick();
    expect([await types(tocsin, id), platform.calls.length]).toEqual(before);
  });

  test('before the incident moved on is too late', async () => {
    const { tocsin, clock } = mirrorWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    await clock.advance(MINUTE);
    const occurredAt = clock.now();
    await tocsin.incidents.acknowledge(id, { by });
    await clock.advance(MINUTE);
    await tocsin.incidents.unacknowledge(id, { by });
    const [result] = await tocsin.ingest(elsewhere(id, 'acknowledged', { occurredAt }));
    expect(result).toMatchObject({ outcome: 'dropped', incidentId: id });
    expect(await stands(tocsin, id)).toBe('triage / escalating');
  });

  test('is known by its key before it is known what it is called there', async () => {
    const { tocsin } = mirrorWorld();
    const id = await opened(tocsin);
    const external = { platform: 'elsewhere', ids: ['Q1', `tocsin:default:${id}`], change: 'acknowledged' } as const;
    expect((await tocsin.ingest({ action: 'acknowledge', external }))[0]?.outcome).toBe('acknowledged');
  });

  test.each([
    ['of a platform that is not mirrored to', 'nowhere', 'tocsin:default:'],
    ['of another tenant', 'elsewhere', 'tocsin:other:'],
  ])('%s never reaches an incident of ours by its key', async (_, platform, start) => {
    const { tocsin } = mirrorWorld();
    const id = await opened(tocsin);
    const external = { platform, ids: [`${start}${id}`], change: 'acknowledged' } as const;
    const [result] = await tocsin.ingest({ action: 'acknowledge', dedupKey: 'theirs', external });
    expect(result?.outcome).toBe('dropped');
    expect(await stands(tocsin, id)).toBe('triage / escalating');
  });

  test('of what a source knows to be our own hand tells how it is called there', async () => {
    const w = mirrorWorld();
    const { send, update } = w.platform;
    Object.assign(w.platform, {
      send: async (...given: Parameters<typeof send>) => ({
        ...(await send(...given)),
        externalId: `tocsin:default:${given[0].incidentId}`,
      }),
      update: async (_: string, ...rest: [never, never]) => {
        await update?.(`X-${w.platform.messages[0]?.incidentId}`, ...rest);
      },
    });
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    const told = (ids: readonly string[], change: 'other' | 'opened', key: string): AlertEvent => ({
      action: change === 'opened' ? 'trigger' : 'change',
      dedupKey: key,
      title: 'Problem disk',
      external: { platform: 'elsewhere', ids, change },
    });
    // Whatever has the same title is not therefore ours: it is opened, and pages.
    expect(await w.tocsin.ingest(told(['Q9'], 'opened', 'Q9'))).toMatchObject([{ outcome: 'opened' }]);
    // Nor is what bears a key of somebody else, even of our own hand.
    expect(await w.tocsin.ingest(told(['Q8', 'datadog-4711'], 'other', 'Q8'))).not.toMatchObject([{ incidentId: id }]);
    expect(await w.tocsin.ingest(told(['Q1'], 'other', 'Q1'))).toMatchObject([{ outcome: 'dropped', incidentId: id }]);
    const external = { platform: 'elsewhere', ids: ['Q1'], change: 'acknowledged' as const };
    await w.clock.advance(MINUTE);
    expect(await w.tocsin.ingest({ action: 'acknowledge', external })).toMatchObject([
      { outcome: 'acknowledged', incidentId: id },
    ]);
    expect((await incident(w.tocsin, id)).externalRefs).toMatchObject([{ id: 'Q1' }]);
  });

  test('is asked for once more when the platform has no name for it yet', async () => {
    const w = mirrorWorld();
    const { send, update } = w.platform;
    Object.assign(w.platform, {
      send: async (...given: Parameters<typeof send>) => ({
        ...(await send(...given)),
        externalId: `tocsin:default:${given[0].incidentId}`,
      }),
      update: async (_: string, message: never, given: never) => {
        await update?.(`X-${w.platform.messages[0]?.incidentId}`, message, given);
        return { externalId: 'Q1', url: 'https://elsewhere.example.com/Q1' };
      },
    });
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    expect((await incident(w.tocsin, id)).externalRefs).toMatchObject([{ id: `tocsin:default:${id}` }]);
    await w.pass(MINUTE, 5 * SECOND);
    expect((await incident(w.tocsin, id)).externalRefs).toMatchObject([{ id: 'Q1' }]);
    expect(w.platform.calls).toEqual(['send opened triggered', 'update changed triggered']);
  });

  test('with a storage that is away fails the call, which is then sent again', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    let isAway = false;
    const away: typeof storage = {
      ...storage,
      load: async (query) => {
        if (isAway) throw new Error('connection refused');
        return storage.load(query);
      },
    };
    const w = mirrorWorld({}, { clock, storage: away });
    const id = await opened(w.tocsin);
    isAway = true;
    await expect(w.tocsin.ingest(elsewhere(id, 'acknowledged'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  test('about nothing of ours is an alert like any other', async () => {
    const { tocsin } = mirrorWorld();
    const external = { platform: 'elsewhere', ids: ['Q7'], change: 'opened' as const };
    const [result] = await tocsin.ingest(trigger('theirs', { external }));
    expect(result?.outcome).toBe('opened');
    expect((await tocsin.ingest(resolve('theirs')))[0]?.outcome).toBe('resolved');
  });

  test('with names that are none is refused', async () => {
    const { tocsin } = mirrorWorld();
    const external = { platform: 'elsewhere', ids: [], change: 'opened' } as never;
    expect((await tocsin.ingest(trigger('theirs', { external })))[0]?.outcome).toBe('rejected');
  });

  test('comes from a channel of a policy as well', async () => {
    const platform = board('platform', 'elsewhere');
    const w = world({
      config: config({
        channels: [{ id: 'pd', notifier: 'platform', address: 'default' }],
        escalationPolicies: [policy({ steps: [{ targets: [{ schedule: 'primary' }, { channel: 'pd' }] }] })],
      }),
      notifiers: [platform],
    });
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    expect((await w.tocsin.ingest(elsewhere(id, 'acknowledged')))[0]?.outcome).toBe('acknowledged');
    await w.tocsin.tick();
    expect([...platform.shown.values()]).toEqual(['acknowledged: Acknowledged: Problem disk']);
  });
});
