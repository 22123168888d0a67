/**
 * Action items: what may be decided of them, who sees them, and that they outlive their incident.
 */
import { describe, expect, test } from 'vitest';
import type { ActionItem, ConfigInput, Directory, NewActionItem } from '../../src/index.ts';
import { config, contact, DAY, HOUR, MINUTE, opened, refusal, T0, trigger, type World, world } from './world.ts';

const by = 'ana';
const items = (w: World) => w.tocsin.reviews.actionItems;
const add = (w: World, incident: string, more: Partial<NewActionItem> = {}) =>
  items(w).add(incident, { by, title: 'Alert before the pool is empty', ...more });
const titles = async (w: World, filter = {}) => (await items(w).list(filter)).items.map(({ title }) => title);
const reviews = (actionItems: NonNullable<NonNullable<ConfigInput['reviews']>['actionItems']>) =>
  config({ reviews: { actionItems } });

const NOTHING = {
  tenant: 'default',
  incidents: [],
  alerts: [],
  timers: [],
  withdrawals: [],
  deliveries: [],
  documents: [],
  slots: [],
  counters: [],
};

async function given(more: Parameters<typeof world>[0] = {}) {
  const w = world(more);
  const incident = await opened(w.tocsin);
  return { w, incident };
}

describe('an action item', () => {
  test('is added to an incident, with a due date that follows from its priority', async () => {
    const { w, incident } = await given();
    const item = await add(w, incident, { owner: 'ben', priority: 'high', body: 'Two days before.' });
    expect(item).toEqual({
      id: expect.stringMatching(new RegExp(`^${incident}:`)),
      incidentId: incident,
      service: 'checkout',
      visibility: 'public',
      title: 'Alert before the pool is empty',
      body: 'Two days before.',
      owner: 'ben',
      priority: 'high',
      dueAt: new Date(T0 + 30 * DAY),
      status: 'open',
      createdAt: new Date(T0),
      createdBy: { kind: 'user', id: 'ana' },
      version: 1,
      isOverdue: false,
    });
    expect(await items(w).get(item.id)).toEqual(item);
  });

  test.each<[string, Partial<NewActionItem>, Date | undefined]>([
    ['a moment of its own', { priority: 'high', dueAt: '2026-02-01T12:00:00+01:00' }, new Date('2026-02-01T11:00:00Z')],
    ['so long from now', { dueAt: '14d' }, new Date(T0 + 14 * DAY)],
    ['whenever, by its priority', { priority: 'low' }, undefined],
    ['whenever', {}, undefined],
  ])('is due at %s', async (_, more, dueAt) => {
    const { w, incident } = await given();
    expect((await add(w, incident, more)).dueAt).toEqual(dueAt);
  });

  test('has the priorities of the configuration, if there are any', async () => {
    const { w, incident } = await given({ config: reviews({ priorities: [{ id: 'now', dueWithin: '1d' }] }) });
    expect((await add(w, incident, { priority: 'now' })).dueAt).toEqual(new Date(T0 + DAY));
    const error = await refusal(() => add(w, incident, { priority: 'high' }), 'REFERENCE_UNKNOWN');
    expect(error.message).toBe('Cannot use priority high: there is none of that name. Known: now.');
  });

  test('may belong to somebody whom only the directory knows', async () => {
    const directory: Directory = {
      user: async (id) => (id === 'zoe' ? { id, contacts: [contact('sms', id)] } : undefined),
      users: async (ids) => ids.filter((id) => id === 'zoe').map((id) => ({ id, contacts: [contact('sms', id)] })),
    };
    const { w, incident } = await given({ directory });
    expect((await add(w, incident, { owner: 'zoe' })).owner).toBe('zoe');
    await refusal(() => add(w, incident, { owner: 'yan' }), 'REFERENCE_UNKNOWN');
  });

  test('is refused with what nobody could do', async () => {
    const { w, incident } = await given();
    await refusal(() => add(w, incident, { owner: 'nobody' }), 'REFERENCE_UNKNOWN');
    await refusal(() => add(w, 'none'), 'INCIDENT_NOT_FOUND');
    await refusal(() => add(w, incident, { title: ' ' }), 'INPUT_INVALID');
    await refusal(() => add(w, incident, { dueAt: 'soon' }), 'INPUT_INVALID');
    await refusal(() => add(w, incident, { dueAt: '2026-02-01T12:00:00' }), 'INPUT_INVALID');
    await refusal(() => add(w, incident, { due: T0 } as never), 'INPUT_INVALID');
    await refusal(() => items(w).add(w.tocsin.incidents.get(incident) as never, { by, title: 'x' }), 'INPUT_INVALID');
    await refusal(() => items(w).update('none', { by }), 'ACTION_ITEM_NOT_FOUND');
    await refusal(() => items(w).complete(1 as never, { by }), 'ACTION_ITEM_NOT_FOUND');
    await refusal(() => items(w).drop('none', { by } as never), 'INPUT_INVALID');
    expect(await items(w).get('none')).toBeUndefined();
    expect(await titles(w)).toEqual([]);
  });

  test('belongs to no incident that was merged away, and to one that is over all the same', async () => {
    const { w, incident } = await given();
    const into = await opened(w.tocsin, trigger('other'));
    await w.tocsin.incidents.merge(incident, { into, by });
    const error = await refusal(() => add(w, incident), 'INVALID_TRANSITION');
    expect(error.message).toContain(`it was merged into ${into}`);
    await w.tocsin.incidents.resolve(into, { by });
    await w.tocsin.incidents.close(into, { by });
    expect((await add(w, into)).incidentId).toBe(into);
  });

  test('is one of a thousand of its incident at most', async () => {
    const { w, incident } = await given();
    const counters = [{ collection: 'actionItems', id: incident, add: 999 }];
    await w.storage.commit([{ ...NOTHING, commitId: 'many', counters }]);
    expect((await add(w, incident)).version).toBe(1);
    const error = await refusal(() => add(w, incident), 'INPUT_INVALID');
    expect(error.message).toContain('the most that there may be');
  });
});

describe('a change', () => {
  test('says what is new, and what is taken away', async () => {
    const { w, incident } = await given();
    const { id } = await add(w, incident, { owner: 'ben', priority: 'high', body: 'x' });
    const changed = await items(w).update(id, {
      by,
      title: 'Alert sooner',
      body: null,
      owner: null,
      priority: null,
      dueAt: null,
      status: 'inProgress',
    });
    expect(changed).toMatchObject({ title: 'Alert sooner', status: 'inProgress', version: 2 });
    for (const gone of ['body', 'owner', 'priority', 'dueAt']) expect(changed).not.toHaveProperty(gone);
    expect(await items(w).get(id)).toEqual(changed);
  });

  test('that changes nothing is none, and done twice is done once', async () => {
    const { w, incident } = await given();
    const told: ActionItem[] = [];
    w.tocsin.on('actionItem.changed', ({ item }) => told.push(item));
    const { id } = await add(w, incident);
    expect((await items(w).update(id, { by, title: 'Alert before the pool is empty', status: 'open' })).version).toBe(
      1,
    );
    const done = await items(w).complete(id, { by: 'ben' });
    expect(done).toMatchObject({ status: 'done', closedAt: new Date(T0), closedBy: { kind: 'user', id: 'ben' } });
    await w.sleep(HOUR);
    expect(await items(w).complete(id, { by })).toEqual(done);
    expect(told.map(({ status, version }) => `${status} ${version}`)).toEqual(['open 1', 'done 2']);
  });

  test('drops it for a reason, and opens it again', async () => {
    const { w, incident } = await given();
    const { id } = await add(w, incident);
    const dropped = await items(w).drop(id, { by, reason: 'The pool is gone.' });
    expect(dropped).toMatchObject({ status: 'dropped', reason: 'The pool is gone.' });
    expect(await items(w).drop(id, { by, reason: 'The pool is gone.' })).toEqual(dropped);
    const again = await items(w).update(id, { by, status: 'open' });
    expect(again.status).toBe('open');
    for (const gone of ['reason', 'closedAt', 'closedBy']) expect(again).not.toHaveProperty(gone);
    await items(w).complete(id, { by });
    await refusal(() => items(w).drop(id, { by, reason: 'No.' }), 'INVALID_TRANSITION');
  });

  test('of five people at once loses none of the five', async () => {
    const { w, incident } = await given();
    const { id } = await add(w, incident);
    const wishes = [{ title: 'New' }, { body: 'New' }, { owner: 'ben' }, { priority: 'low' }, { dueAt: '1d' }];
    await Promise.all(wishes.map((wish) => items(w).update(id, { by, ...wish })));
    expect(await items(w).get(id)).toMatchObject({
      version: 6,
      title: 'New',
      body: 'New',
      owner: 'ben',
      priority: 'low',
      dueAt: new Date(T0 + DAY),
    });
  });

  test('is asked of the host', async () => {
    const asked: string[] = [];
    const { w, incident } = await given({
      authorize: (_, action, { incidentId }) => {
        asked.push(`${action} ${incidentId}`);
        return action !== 'actionItems.drop';
      },
    });
    const { id } = await add(w, incident);
    await items(w).update(id, { by, owner: 'ben' });
    await refusal(() => items(w).drop(id, { by, reason: 'x' }), 'NOT_AUTHORIZED');
    await items(w).complete(id, { by });
    const actions = ['add', 'update', 'drop', 'complete'];
    expect(asked).toEqual(actions.map((action) => `actionItems.${action} ${incident}`));
    expect((await items(w).get(id))?.status).toBe('done');
  });
});

describe('a list', () => {
  async function listed() {
    const { w, incident } = await given();
    const other = await opened(w.tocsin, trigger('search', { service: 'search' }));
    await add(w, incident, { title: 'one', owner: 'ana', dueAt: '1h' });
    await add(w, incident, { title: 'two', dueAt: '3h' });
    const { id } = await add(w, other, { title: 'three', owner: 'ben', dueAt: '1h' });
    await items(w).complete(id, { by });
    await w.sleep(2 * HOUR);
    return { w, incident, other };
  }

  test('is asked for by incident, owner, status, service, or whether it is overdue', async () => {
    const { w, incident, other } = await listed();
    expect(await titles(w)).toEqual(['one', 'two', 'three']);
    expect(await titles(w, { incident })).toEqual(['one', 'two']);
    expect(await titles(w, { incident: other })).toEqual(['three']);
    expect(await titles(w, { owner: 'ben' })).toEqual(['three']);
    expect(await titles(w, { owner: null })).toEqual(['two']);
    expect(await titles(w, { status: ['open', 'inProgress'] })).toEqual(['one', 'two']);
    expect(await titles(w, { status: 'done' })).toEqual(['three']);
    expect(await titles(w, { isOverdue: true })).toEqual(['one']);
    expect(await titles(w, { isOverdue: false })).toEqual(['two', 'three']);
    expect(await titles(w, { service: 'search' })).toEqual(['three']);
    await refusal(() => items(w).list({ user: 'ana' } as never), 'INPUT_INVALID');
  });

  test('comes in pages, each action item once', async () => {
    const { w } = await listed();
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: Awaited<ReturnType<typeof list>> = await list(cursor);
      seen.push(...page.items.map(({ title }) => title));
      cursor = page.next;
    }
    expect(seen).toEqual(['one', 'two', 'three']);
    function list(cursor: string) {
      return items(w).list({ limit: 1, ...(cursor !== '' && { cursor }) });
    }
  });

  test('does not hold those of another tenant, or of an incident whose id begins alike', async () => {
    const { w, incident } = await given();
    await add(w, incident);
    const other = w.tocsin.forTenant('other', { config: config() });
    expect((await other.reviews.actionItems.list()).items).toEqual([]);
    expect(await titles(w, { incident: incident.slice(0, -1) })).toEqual([]);
  });
});

describe('an action item of a private incident', () => {
  test('is seen by whoever has a part in the incident, whose it is, and who added it', async () => {
    const w = world();
    const { id: incident } = await w.tocsin.incidents.open({
      by: 'boss',
      title: 'Somebody was in',
      service: 'checkout',
      visibility: 'private',
    });
    const { id, visibility } = await add(w, incident, { by: 'mute', title: 'Change the locks' });
    expect(visibility).toBe('private');
    const seers = async () => {
      const found: string[] = [];
      for (const as of ['ana', 'ben', 'boss', 'mute']) {
        const isListed = (await items(w).list({ as })).items.length === 1;
        expect((await items(w).get(id, { as })) !== undefined).toBe(isListed);
        if (isListed) found.push(as);
      }
      return found.join(' ');
    };
    expect(await seers()).toBe('boss mute');
    await items(w).update(id, { by: 'boss', owner: 'ben' });
    expect(await seers()).toBe('ben boss mute');
    expect(await titles(w)).toEqual(['Change the locks']);
  });

  test('stays hidden once its incident was pruned, also when that became private later', async () => {
    const { w, incident } = await given();
    const { id } = await add(w, incident);
    const { resolve, close, update } = w.tocsin.incidents;
    await update(incident, { by, visibility: 'private' });
    expect(await items(w).get(id, { as: 'ben' })).toBeUndefined();
    await resolve(incident, { by });
    await close(incident, { by });
    await w.pass(2 * MINUTE);
    expect(await w.tocsin.prune({ endedBefore: w.clock.now() + 1 })).toEqual({ incidents: 1 });
    expect(await w.tocsin.incidents.get(incident)).toBeUndefined();
    expect(await items(w).get(id, { as: 'ben' })).toBeUndefined();
    expect(await items(w).get(id, { as: 'ana' })).toMatchObject({ visibility: 'private', status: 'open' });
    expect((await items(w).complete(id, { by: 'ana' })).status).toBe('done');
  });

  test('is shown again with its incident', async () => {
    const { w, incident } = await given();
    const { id } = await add(w, incident);
    await w.tocsin.incidents.update(incident, { by, visibility: 'private' });
    await w.pass(MINUTE);
    await w.tocsin.incidents.update(incident, { by, visibility: 'public' });
    await w.pass(MINUTE);
    expect(await items(w).get(id, { as: 'ben' })).toMatchObject({ visibility: 'public' });
  });
});

test('what cannot be read hurts no other action item, and is not passed over in silence', async () => {
  const { w, incident } = await given();
  const { id } = await add(w, incident, { title: 'damaged', dueAt: '1h', owner: 'ana' });
  await add(w, incident, { title: 'sound' });
  const documents = [{ collection: 'actionItems', id, expectedVersion: 1, data: { format: 2 } }];
  await w.storage.commit([{ ...NOTHING, commitId: 'damage', documents }]);
  expect(await titles(w)).toEqual(['sound']);
  expect(w.log).toContain('warn: An action item cannot be read, and is in no list.');
  await w.pass(2 * HOUR, HOUR);
  await refusal(() => items(w).complete(id, { by }), 'ACTION_ITEM_NOT_FOUND');
});
