/**
 * Round-robin: a position that outlives the process, is shared by all incidents of a policy, and moves with the page only.
 */
import { describe, expect, test } from 'vitest';
import { createRoundRobin } from '../../src/engine/round-robin.ts';
import type { AlertEvent, ConfigInput } from '../../src/index.ts';
import { memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { config, contact, events, MINUTE, opened, policy, T0, trigger, type World, world } from './world.ts';

const TURNS = { kind: 'round-robin', key: '["default",1]' };
const person = (id: string, more: object = {}) => ({ id, contacts: [contact('sms', id)], ...more });
const shared = (more: Partial<ConfigInput> = {}): ConfigInput =>
  config({
    users: [...['ana', 'ben', 'chi', 'boss'].map((id) => person(id)), { id: 'mute', contacts: [] }],
    schedules: [],
    escalationPolicies: [
      policy({ steps: [{ targets: ['ana', 'ben', 'chi'].map((user) => ({ user })), strategy: 'round-robin' }] }),
    ],
    ...more,
  });

/** Who was asked first for each incident, in the order of the incidents. */
async function firstAsked({ tocsin }: World, ids: readonly string[]): Promise<readonly string[]> {
  const timelines = await Promise.all(ids.map((id) => events(tocsin, id)));
  return timelines.map((timeline) => {
    const page = timeline.find(({ type }) => type === 'page.requested');
    return page?.type === 'page.requested' ? (page.recipients[0]?.user ?? '') : '';
  });
}

async function slotOf({ storage }: World) {
  const { slots } = await storage.load({ tenant: 'default', slots: [TURNS] });
  return slots[0];
}

describe('each incident is the turn of the next person', () => {
  test('one after the other', async () => {
    const shop = world({ config: shared() });
    const ids: string[] = [];
    for (const key of ['a', 'b', 'c', 'd']) ids.push(await opened(shop.tocsin, trigger(key)));
    expect(await firstAsked(shop, ids)).toEqual(['ana', 'ben', 'chi', 'ana']);
    expect(await slotOf(shop)).toMatchObject({ ...TURNS, owner: '[0,"ana"]', version: 4 });
  });

  test('whoever opens it: people, alerts of one call, alerts of many calls', async () => {
    const shop = world({ config: shared() });
    const { tocsin } = shop;
    const first = await tocsin.incidents.open({ by: 'boss', title: 'Down', service: 'checkout' });
    const together = await tocsin.ingest([trigger('a'), trigger('b')]);
    const ids = [first.id, ...together.map(({ incidentId = '' }) => incidentId)];
    expect(await firstAsked(shop, ids)).toEqual(['ana', 'ben', 'chi']);
  });

  test('hundreds that come at once are dealt evenly, and none is refused', async () => {
    const shop = world({ config: shared() });
    const ids = await Promise.all(Array.from({ length: 150 }, (_, n) => opened(shop.tocsin, trigger(`k${n}`))));
    const asked = await firstAsked(shop, ids);
    for (const user of ['ana', 'ben', 'chi']) expect(asked.filter((one) => one === user)).toHaveLength(50);
  });

  test('several processes on one storage share the turns', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const nodes = [world({ config: shared(), clock, storage }), world({ config: shared(), clock, storage })];
    const ids = await Promise.all(Array.from({ length: 30 }, (_, n) => opened(nodes[n % 2]!.tocsin, trigger(`k${n}`))));
    const asked = await firstAsked(nodes[0]!, ids);
    for (const user of ['ana', 'ben', 'chi']) expect(asked.filter((one) => one === user)).toHaveLength(10);
  });

  test('a restart changes nothing', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const before = world({ config: shared(), clock, storage });
    await opened(before.tocsin, trigger('a'));
    await before.tocsin.stop();
    const after = world({ config: shared(), clock, storage });
    expect(await firstAsked(after, [await opened(after.tocsin, trigger('b'))])).toEqual(['ben']);
  });
});

describe('the turn moves with the page', () => {
  test('also when a timer asks, a person sends it up, or a page fails', async () => {
    const shop = world({
      config: shared({
        escalationPolicies: [
          policy({
            steps: [
              { targets: [{ user: 'boss' }] },
              { targets: ['ana', 'ben', 'chi'].map((user) => ({ user })), strategy: 'round-robin' },
            ],
          }),
        ],
      }),
    });
    const { tocsin, pass } = shop;
    const asked = async (id: string) =>
      (await events(tocsin, id)).flatMap((event) =>
        event.type === 'page.requested' && event.turn ? [event.turn.user] : [],
      );
    const byTimer = await opened(tocsin, trigger('a'));
    await pass(5 * MINUTE);
    const byHand = await opened(tocsin, trigger('b'));
    await tocsin.incidents.escalate(byHand, { by: 'ana' });
    expect([await asked(byTimer), await asked(byHand)]).toEqual([['ana'], ['ben']]);
  });

  test('within a round that comes again, and never twice for one page', async () => {
    const steps = [{ targets: ['ana', 'ben', 'chi'].map((user) => ({ user })), strategy: 'round-robin' as const }];
    const shop = world({ config: shared({ escalationPolicies: [policy({ steps, repeat: 2 })] }) });
    await opened(shop.tocsin, trigger('a'));
    await shop.pass(10 * MINUTE);
    expect(shop.news().map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(['+0 ana', '+5m ben', '+10m chi']);
    expect(await slotOf(shop)).toMatchObject({ owner: '[2,"chi"]', version: 3 });
  });

  test('merging asks on from where it is', async () => {
    const shop = world({ config: shared() });
    const { tocsin } = shop;
    const [a, b] = [await opened(tocsin, trigger('a')), await opened(tocsin, trigger('b'))];
    await tocsin.incidents.merge(b, { into: a, by: 'boss' });
    expect(await firstAsked(shop, [await opened(tocsin, trigger('c'))])).toEqual(['chi']);
  });

  test('not when the commit fails: then nobody was asked', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    let isDown = true;
    const failing = {
      ...storage,
      commit: (changes: Parameters<typeof storage.commit>[0]) => {
        if (isDown && changes.some(({ slots }) => slots.length > 0)) return Promise.reject(new Error('disk full'));
        return storage.commit(changes);
      },
    };
    const shop = world({ config: shared(), clock, storage: failing });
    await expect(opened(shop.tocsin, trigger('a'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    isDown = false;
    expect(await firstAsked(shop, [await opened(shop.tocsin, trigger('b'))])).toEqual(['ana']);
  });

  test('not for an incident that was reassigned to people by name', async () => {
    const shop = world({ config: shared() });
    const id = await opened(shop.tocsin, trigger('a'));
    await shop.tocsin.incidents.reassign(id, { by: 'boss', users: ['boss'] });
    expect(await slotOf(shop)).toMatchObject({ owner: '[0,"ana"]' });
    await shop.pass(5 * MINUTE);
    expect(await slotOf(shop)).toMatchObject({ owner: '[1,"ben"]' });
  });
});

describe('an explanation', () => {
  const ladderOf = async ({ tocsin }: World, event: AlertEvent) => (await tocsin.explain(event)).ladder;

  test('shows whose turn it would be, and takes no turn', async () => {
    const shop = world({ config: shared() });
    await opened(shop.tocsin, trigger('a'));
    for (let times = 0; times < 2; times += 1)
      expect((await ladderOf(shop, trigger('b')))[0]?.people.map(({ user }) => user)).toEqual(['ben']);
    expect(await slotOf(shop)).toMatchObject({ owner: '[0,"ana"]', version: 1 });
    expect(await firstAsked(shop, [await opened(shop.tocsin, trigger('b'))])).toEqual(['ben']);
  });

  test('of a raise shows whose turn it would be after that', async () => {
    const shop = world({ config: shared() });
    await opened(shop.tocsin, trigger('a', { severity: 'SEV3' }));
    const [first] = await ladderOf(shop, trigger('a', { severity: 'SEV1' }));
    expect(first?.people.map(({ user }) => user)).toEqual(['ben']);
  });
});

test('a position that cannot be read is as none: somebody is asked all the same', () => {
  for (const owner of ['', 'ana', '{}', '["x",1]', '[-1,"ana"]', '[0,"__proto__"]']) {
    const turns = createRoundRobin([{ ...TURNS, owner, version: 3 }], [TURNS]);
    expect(turns.last(TURNS.key)).toBeUndefined();
    expect(turns.missing()).toBeUndefined();
    turns.take({ of: TURNS.key, place: 0, user: 'ana' });
    expect(turns.changes()).toEqual([{ ...TURNS, expectedVersion: 3, owner: '[0,"ana"]' }]);
  }
});
