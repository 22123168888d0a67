/**
 * Shifts, summaries, added contacts, the directory and action items over real databases: two nodes, one storage each, over the same
 * data.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { type Directory, defineIssueTracker, type Storage } from '../../src/index.ts';
import type { StorageFixture } from '../../src/testing/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import { openSqlite } from '../storage/open-sqlite.ts';
import { postgresForTests } from '../support/postgres.ts';
import { postgresFixtures } from '../support/postgres-fixture.ts';
import { config, contact, HOUR, MINUTE, opened, policy, T0, world } from './world.ts';

const server = await postgresForTests({ fsync: false });
const database = await server.freshDatabase();
const postgres = await postgresFixtures(database.url);

afterAll(async () => {
  await postgres.close();
  await database.drop();
  await server.stop();
});

const own = config({
  users: [
    { id: 'ana', contacts: [contact('sms', 'ana')], notices: { shifts: ['end'] } },
    { id: 'boss', contacts: [contact('sms', 'boss')] },
  ],
  escalationPolicies: [
    policy({ acknowledgeTimeout: 'off', steps: [{ targets: [{ schedule: 'primary' }], escalateAfter: '4h' }] }),
  ],
});
let isDown = false;
const directory: Directory = {
  user: async (id) => (await directory.users([id], { tenant: '', signal: new AbortController().signal }))[0],
  users: async (ids) => {
    if (isDown) throw new Error('the tables are locked');
    return ids
      .filter((id) => id === 'ben')
      .map((id) => ({ id, contacts: [contact('sms', id)], notices: { shifts: ['30m'] } }));
  },
};

describe.each<[string, () => StorageFixture | Promise<StorageFixture>]>([
  ['SQLite', openSqlite],
  ['Postgres', postgres.open],
])('%s', (_, open) => {
  test('each is told once, by both together, also by one that never met the directory', async () => {
    const fixture = await open();
    isDown = false;
    try {
      await fixture.storage.migrate();
      const clock = virtualClock({ start: T0 });
      await fixture.setNow(T0);
      const second = (await fixture.another?.()) as Storage;
      const sms = recordingNotifier('sms');
      const shared = { clock, config: own, directory, notifiers: [sms] };
      const a = world({ ...shared, storage: fixture.storage });
      const b = world({ ...shared, storage: second });
      const tick = () => Promise.all([a.tocsin.tick(), b.tocsin.tick()]);
      const pass = async (ms: number, times = 1) => {
        for (let time = 0; time < times; time += 1) {
          await clock.advance(ms);
          await fixture.setNow(clock.now());
          await tick();
        }
      };
      await tick();
      await pass(6 * MINUTE);

      const id = await opened(a.tocsin);
      await b.tocsin.incidents.acknowledge(id, { by: 'boss' });
      await b.tocsin.onCall.override({
        schedule: 'primary',
        kind: 'replace',
        user: 'ben',
        from: T0 + HOUR,
        until: T0 + 2 * HOUR,
        by: 'boss',
      });
      await pass(10 * MINUTE, 12);
      const said = sms.sent.map(({ message }) => `${message.to.user} ${message.purpose} ${message.title}`);
      expect(said.toSorted()).toEqual([
        'ana notice Acknowledged: Problem disk',
        'ana notice You are no longer on call: primary',
        'ana summary 1 incident is open',
        'ben notice On call in 30 min: primary',
        'ben summary 1 incident is open',
      ]);
      const listed = await b.tocsin.deliveries.list();
      expect(listed.filter(({ incidentId }) => incidentId === undefined)).toHaveLength(4);

      const added = await a.tocsin.contacts.add({ user: 'ana', by: 'ana', notifier: 'sms', address: '+1' });
      await tick();
      const code = sms.sent.at(-1)?.message.title.replace(/\D/g, '') ?? '';
      await b.tocsin.contacts.verify({ user: 'ana', contact: added.id, code, by: 'ana' });
      isDown = true;
      const c = world({ ...shared, storage: second });
      await c.tocsin.onCall.override({
        schedule: 'primary',
        kind: 'add',
        user: 'ben',
        from: clock.now(),
        until: clock.now() + HOUR,
        by: 'boss',
      });
      const before = sms.sent.length;
      await opened(c.tocsin, { action: 'trigger', dedupKey: 'net', title: 'Net', severity: 'critical' });
      await pass(2 * MINUTE);
      const asked = sms.sent.slice(before).filter(({ message }) => message.purpose === 'step');
      expect(asked.map(({ message }) => message.to.address).sort()).toEqual(['+1', 'ana@sms', 'ben@sms']);
    } finally {
      await fixture.close();
    }
  });

  test('an action item is overdue once and has one issue, whichever node sees to it', async () => {
    const fixture = await open();
    try {
      await fixture.storage.migrate();
      const clock = virtualClock({ start: T0 });
      await fixture.setNow(T0);
      const sms = recordingNotifier('sms');
      const made = new Map<string, string>();
      const board = defineIssueTracker({
        name: 'board',
        async create({ title }, { idempotencyKey }) {
          made.set(idempotencyKey, made.get(idempotencyKey) ?? title);
          return { id: idempotencyKey, url: 'https://board.example/1' };
        },
        async update(id, { title, status }) {
          made.set(id, `${title} ${status}`);
          return {};
        },
      });
      const tracked = config({ reviews: { actionItems: { tracker: 'board', remindEvery: '1d' } } });
      const shared = { clock, config: tracked, notifiers: [sms], issueTrackers: [board] };
      const a = world({ ...shared, storage: fixture.storage });
      const b = world({ ...shared, storage: (await fixture.another?.()) as Storage });
      const at = async (ms: number) => {
        await clock.advance(T0 + ms - clock.now());
        await fixture.setNow(clock.now());
        await Promise.all([a.tocsin.tick(), b.tocsin.tick()]);
      };
      const incident = await opened(a.tocsin);
      await a.tocsin.incidents.resolve(incident, { by: 'ana' });
      const items = { a: a.tocsin.reviews.actionItems, b: b.tocsin.reviews.actionItems };
      const { id } = await items.a.add(incident, { by: 'ana', title: 'Größer', owner: 'ben', dueAt: '1h' });
      await items.b.add(incident, { by: 'ana', title: 'Kleiner' });
      await at(MINUTE);
      await Promise.all([
        items.a.update(id, { by: 'ana', priority: 'high' }),
        items.b.update(id, { by: 'ana', title: 'Viel größer' }),
      ]);
      await at(HOUR + MINUTE);
      await at(2 * HOUR);
      const told = () => sms.sent.map(({ message }) => message).filter(({ topic }) => topic === 'overdue');
      expect(told().map(({ title, links }) => [title, links[0]?.href])).toEqual([
        ['Overdue: Viel größer', 'https://board.example/1'],
      ]);
      await items.b.complete(id, { by: 'ben' });
      await at(50 * HOUR);
      expect(told()).toHaveLength(1);
      expect([...made.values()].toSorted()).toEqual(['Kleiner', 'Viel größer done']);
      const { items: listed } = await items.a.list({ incident, as: 'mute' });
      expect(listed.map(({ status, priority }) => `${status} ${priority}`)).toEqual(['done high', 'open undefined']);
    } finally {
      await fixture.close();
    }
  });
});
