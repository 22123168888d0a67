/**
 * The quiet ways to lose a page, or to wake somebody for nothing.
 */

import { describe, expect, test } from 'vitest';
import { notifyError, type Tocsin } from '../../src/index.ts';
import {
  config,
  contact,
  DAY,
  HOUR,
  incident,
  MINUTE,
  opened,
  policy,
  resolve,
  stands,
  T0,
  trigger,
  world,
} from './world.ts';

const by = 'ana';

describe('many at once', () => {
  test('a hundred commands on one incident are all done, and the acknowledgement among them', async () => {
    const { tocsin } = world();
    const id = await opened(tocsin);
    const notes = Array.from({ length: 100 }, (_, n) => tocsin.incidents.addNote(id, { by, text: `note ${n}` }));
    const [taken] = await Promise.all([tocsin.incidents.acknowledge(id, { by }), ...notes]);
    expect(taken.paging).toBe('acknowledged');
    const texts = (await tocsin.incidents.timeline(id)).flatMap((entry) =>
      entry.kind === 'event' && entry.event.type === 'note.added' ? [entry.event.text] : [],
    );
    expect(texts).toEqual(Array.from({ length: 100 }, (_, n) => `note ${n}`));
  });

  test('a command that is refused holds up nobody behind it', async () => {
    const { tocsin } = world();
    const id = await opened(tocsin);
    const results = await Promise.allSettled([
      tocsin.incidents.close(id, { by }),
      tocsin.incidents.addNote(id, { by, text: 'after it' }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});

describe('delivery ids', () => {
  test('of two sources that number alike lose no alert', async () => {
    const { tocsin } = world();
    const [first] = await tocsin.ingest(trigger('disk', { routeKey: 'a' }), { deliveryId: '1' });
    const [second] = await tocsin.ingest(trigger('disk', { routeKey: 'b' }), { deliveryId: '1' });
    expect(second?.outcome).toBe('opened');
    expect(second?.incidentId).not.toBe(first?.incidentId);
    const [again] = await tocsin.ingest(trigger('disk', { routeKey: 'b' }), { deliveryId: '1' });
    expect(again).toEqual(second);
  });
});

describe('what a person decided', () => {
  test('a lowered severity stays lowered while the alert says what it has always said', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.pass(0);
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.tocsin.incidents.setSeverity(id, { by, severity: 'SEV3' });
    w.news();
    await w.tocsin.ingest(trigger());
    await w.pass(MINUTE);
    expect([w.news(), (await incident(w.tocsin, id)).severity]).toEqual([[], 'SEV3']);
  });

  test('an alert that flaps gains an acknowledgement no time', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.pass(0);
    await w.tocsin.incidents.acknowledge(id, { by });
    w.news();
    for (let minutes = 0; minutes < 30; minutes += 3) {
      await w.tocsin.ingest(resolve());
      await w.pass(MINUTE);
      await w.tocsin.ingest(trigger());
      await w.pass(2 * MINUTE);
    }
    expect(await stands(w.tocsin, id)).toBe('triage / escalating');
    expect(w.news()[0]).toBe('+30m ana sms step');
  });

  test('a dismissed incident is not reopened a year later: a linked one is opened', async () => {
    const { tocsin, clock } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.dismiss(id, { by });
    await clock.advance(6 * DAY);
    expect((await tocsin.incidents.reopen(id, { by })).id).toBe(id);
    await tocsin.incidents.dismiss(id, { by });
    await clock.advance(365 * DAY);
    const follower = await tocsin.incidents.reopen(id, { by });
    expect(follower.id).not.toBe(id);
    expect(follower.links).toEqual([{ incident: id, relation: 'follows' }]);
  });
});

describe('merge', () => {
  test('keeps who joined, asks anew whom it had asked, and forgets who declined', async () => {
    const w = world();
    const into = await opened(w.tocsin, trigger('one'));
    const from = await opened(w.tocsin, trigger('two'));
    await w.tocsin.incidents.acknowledge(from, { by });
    await w.tocsin.incidents.addResponder(from, { by, user: 'ben' });
    await w.tocsin.incidents.addResponder(from, { by, user: 'boss' });
    await w.tocsin.incidents.decline(from, { by: 'boss' });
    const merged = await w.tocsin.incidents.merge(from, { by, into });
    expect(merged.responders).toEqual({ ana: 'accepted', ben: 'requested' });
    await w.pass(0);
    expect(w.news()).toContain('+0 ben sms responder');
  });
});

describe('the fallback', () => {
  test('has one live delivery for each contact, however long the channel is down', async () => {
    const w = world({ config: config({ escalationPolicies: [policy({ fallbackEvery: '1m' })] }) });
    w.sms.failWith(() => {
      throw notifyError('The gateway is down.', { retryAfterMs: HOUR });
    });
    const id = await opened(w.tocsin);
    await w.pass(30 * MINUTE);
    const live = (await w.tocsin.deliveries.list({ incidentId: id, state: 'pending' })).filter(
      ({ user, purpose }) => user === 'boss' && purpose === 'fallback',
    );
    expect(live).toHaveLength(1);
  });

  test('that a new configuration no longer knows is replaced by that of the service', async () => {
    const before = world();
    const id = await opened(before.tocsin);
    const people = [
      { id: 'ben', contacts: [contact('sms', 'ben')] },
      { id: 'zoe', contacts: [contact('sms', 'zoe')] },
    ];
    const after = world({
      clock: before.clock,
      storage: before.storage,
      config: config({
        users: people,
        schedules: [],
        escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ben' }] }], fallback: [{ user: 'zoe' }] }],
      }),
    });
    await after.pass(15 * MINUTE);
    expect(await stands(after.tocsin, id)).toBe('triage / exhausted');
    expect(after.news()).toContain('+15m zoe sms fallback');
  });
});

describe('tenants', () => {
  test('disposing of the face of one leaves the others at work', async () => {
    const w = world();
    {
      await using face = w.tocsin.forTenant('b', { config: config() });
      await face.ingest(trigger());
    }
    await opened(w.tocsin);
    await w.pass(0);
    expect(w.news()).toContain('+0 ana sms step');
  });
});

describe('a key that depends on the time', () => {
  test('is read and decided by the same route, though the clocks differ', async () => {
    const routes = [
      {
        when: { op: 'during' as const, value: { timeZone: 'UTC', from: '10:00', until: '11:00' } },
        service: 'checkout',
        dedupFields: ['labels.host'],
      },
      { service: 'checkout', dedupFields: ['labels.disk'] },
    ];
    const here = world({ config: config({ routes }) });
    const event = { action: 'trigger' as const, title: 'x', severity: 'critical', labels: { host: 'h', disk: 'd' } };
    const behind = world({
      config: config({ routes }),
      storage: { ...here.storage, load: async (query) => ({ ...(await here.storage.load(query)), now: T0 - 1_000 }) },
    });
    const outcomes = [await behind.tocsin.ingest(event), await behind.tocsin.ingest(event)].flat();
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['opened', 'deduplicated']);
  });
});

describe('lists', () => {
  const open = (tocsin: Tocsin, title: string, who: string, visibility: 'public' | 'private') =>
    tocsin.incidents.open({ by: who, title, service: 'checkout', visibility });

  test('of one who may not see everything are whole pages, and name nothing that is hidden', async () => {
    const { tocsin, clock } = world();
    for (const [title, visibility] of [
      ['old', 'public'],
      ['secret', 'private'],
      ['new', 'public'],
    ] as const) {
      await open(tocsin, title, 'chi', visibility);
      await clock.advance(MINUTE);
    }
    const first = await tocsin.incidents.list({ as: 'zed', limit: 1 });
    expect(first.items.map(({ title }) => title)).toEqual(['new']);
    const second = await tocsin.incidents.list({ as: 'zed', limit: 1, cursor: first.next! });
    expect(second.items.map(({ title }) => title)).toEqual(['old']);
    expect(second.next).toBeUndefined();
    expect((await tocsin.incidents.list({ as: 'chi' })).items).toHaveLength(3);
  });

  test.each([
    ['incidents', { status: 'resolved' }, 'status'],
    ['incidents', { phase: 'open' }, 'phase'],
    ['incidents', { limit: -1 }, 'limit'],
    ['incidents', { cursor: 'garbage' }, 'cursor'],
    ['deliveries', { incident: 'i1' }, 'incident'],
    ['alerts', { limit: 'x' }, 'limit'],
  ] as const)('of %s refuse %j', async (list, filter, path) => {
    const { tocsin } = world();
    await expect(tocsin[list].list(filter as never)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      details: { problems: [{ path }] },
    });
  });
});

describe('dead letters', () => {
  const dead = async () => {
    const w = world();
    w.sms.failWith(() => {
      throw notifyError('No such number.', { permanent: true });
    });
    const id = await opened(w.tocsin);
    await w.pass(0);
    w.sms.failWith(undefined);
    const [letter] = await w.tocsin.deadLetters.list();
    return { ...w, id, letter: letter!.id };
  };

  test.each([
    ['acknowledged', (tocsin: Tocsin, id: string) => tocsin.incidents.acknowledge(id, { by })],
    ['snoozed', (tocsin: Tocsin, id: string) => tocsin.incidents.snooze(id, { by, for: '1h' })],
    ['resolved', (tocsin: Tocsin, id: string) => tocsin.incidents.resolve(id, { by })],
  ] as const)('of an incident that is %s are not sent after all', async (_, answer) => {
    const w = await dead();
    await answer(w.tocsin, w.id);
    w.news();
    await expect(w.tocsin.deadLetters.retry(w.letter)).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
    await w.pass(0);
    expect(w.news()).toEqual([]);
  });

  test('of an incident that still asks are sent', async () => {
    const w = await dead();
    w.news();
    await w.tocsin.deadLetters.retry(w.letter);
    await w.pass(0);
    expect(w.news()).toContain('+0 ana sms step');
  });
});

describe('options that nobody knows', () => {
  test.each([
    ['ingest', { deliveryID: '1' }],
    ['explain', { when: T0 }],
  ] as const)('of %s are refused', async (name, options) => {
    const { tocsin } = world();
    await expect(tocsin[name](trigger(), options as never)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect((await tocsin.incidents.list()).items).toEqual([]);
  });
});

test('a timeline leaves out none of its deliveries, however many', async () => {
  const { tocsin, storage, pass } = world({
    config: config({ escalationPolicies: [policy({ fallbackEvery: '1m' })] }),
  });
  const id = await opened(tocsin);
  await pass(20 * MINUTE);
  const stored = (await storage.listDeliveries('default', { incidentId: id })).find(({ state }) => state === 'sent')!;
  const many = Array.from({ length: 1_200 }, (_, n) => ({ ...stored, id: `${id}:99:${n}`, page: 99 }));
  await storage.commit([
    {
      commitId: 'many',
      tenant: 'default',
      incidents: [],
      alerts: [],
      timers: [],
      deliveries: many,
      withdrawals: [],
      documents: [],
      slots: [],
      counters: [],
    },
  ]);
  const told = (await tocsin.incidents.timeline(id)).filter(({ kind }) => kind === 'delivery');
  expect(told.length).toBeGreaterThan(1_200);
});
