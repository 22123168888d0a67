/**
 * What can be answered to a message: a token and a link for each action, good for one delivery, and none that does harm.
 */
import { describe, expect, test } from 'vitest';
import { type Message, memoryStorage } from '../../src/index.ts';
import { readActionToken } from '../../src/interactions/action-token.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { answering, BASE_URL, paged, SECRET, tokenOf } from './action-worlds.ts';
import { config, DAY, MINUTE, opened, refusal, SECOND, T0, trigger, type World, world } from './world.ts';

function claimsOf(token: string | undefined) {
  const outcome = readActionToken(token, [SECRET], T0);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.claims;
}
const idsOf = ({ actions }: Pick<Message, 'actions'>) => actions.map(({ token }) => claimsOf(token).id);

describe('a page', () => {
  test('carries a token and a link for each of its actions, for whoever it goes to', async () => {
    const w = answering();
    const { id, message } = await paged(w);
    expect(message.actions.map((one) => one.id)).toEqual(['acknowledge', 'escalate', 'snooze']);
    for (const action of message.actions) {
      expect(action.url).toBe(`${BASE_URL}/answer/${action.token}`);
      expect(claimsOf(action.token)).toMatchObject({
        tenant: 'default',
        incident: id,
        action: action.id,
        user: 'ana',
        expiresAt: T0 + DAY,
      });
    }
  });

  test('has tokens that differ by action and by delivery', async () => {
    const w = answering();
    await paged(w, 'a');
    await paged(w, 'b');
    await w.pass(7 * MINUTE);
    const all = [...w.sms.sent, ...w.voice.sent].flatMap(({ message }) =>
      idsOf(message).map((id) => JSON.stringify([message.incidentId, id])),
    );
    expect(all.length).toBeGreaterThanOrEqual(18);
    expect(new Set(all).size).toBe(all.length);
  });

  test('that is tried again carries the same single use, however it goes', async () => {
    const w = answering();
    w.sms.failWith((_, attempt) => {
      if (attempt < 4) throw new Error('503');
    });
    await opened(w.tocsin);
    await w.pass(30 * SECOND, SECOND);
    const ids = w.sms.attempts.map(({ message }) => idsOf(message));
    expect(ids.length).toBe(4);
    expect(new Set(ids.map((one) => JSON.stringify(one))).size).toBe(1);
    const tokens = w.sms.attempts.map(({ message }) => tokenOf(message));
    // A copy that arrived before counts as the same.
    await w.tocsin.actions.redeem(tokens[0]!);
    expect((await refusal(() => w.tocsin.actions.redeem(tokens.at(-1)!), 'ACTION_REFUSED')).details.why).toBe('used');
  });

  test('has tokens without links where there is no place for them', async () => {
    const w = answering({ baseUrl: undefined } as object);
    const { message } = await paged(w);
    expect(message.actions.map(({ url, token }) => [url, typeof token])).toEqual(Array(3).fill([undefined, 'string']));
  });

  test('has neither without secrets', async () => {
    const w = world();
    const { message } = await paged(w);
    expect(message.actions.flatMap((one) => Object.keys(one))).not.toEqual(expect.arrayContaining(['token']));
    expect(message.actions.flatMap((one) => Object.keys(one))).not.toEqual(expect.arrayContaining(['url']));
    expect(message.actions).toHaveLength(3);
  });

  test.each([
    ['too long together', '界'.repeat(190), '界'.repeat(200)],
    ['too long by themselves', 'i'.repeat(400), 'ana'],
  ])('goes out without its buttons when its ids are %s for a token', async (_, id, user) => {
    let next = 0;
    const w = answering({
      ids: () => `${id}${next++}`,
      tenant: user,
      config: config({
        users: [{ id: user, contacts: [{ notifier: 'sms', address: 'x' }] }],
        schedules: [],
        escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user }] }], fallback: [{ user }] }],
      }),
    });
    await opened(w.tocsin);
    await w.tocsin.tick();
    expect(w.sms.sent).toHaveLength(1);
    const [action] = w.sms.sent[0]!.message.actions;
    expect([action?.id, action?.token, action?.url]).toEqual(['acknowledge', undefined, undefined]);
    expect(w.log).toContain('error: A message goes out without an answer to press.');
  });

  test('of an incident that cannot be read carries what does no harm', async () => {
    const w = answering();
    const id = await opened(w.tocsin);
    spoil(w, id);
    await w.tocsin.tick();
    const { message } = w.sms.sent[0]!;
    expect(message.title).toBe(`Incident ${id}`);
    for (const action of message.actions) {
      expect((await refusal(() => w.tocsin.actions.redeem(action.token ?? ''))).code).toBe('SNAPSHOT_UNREADABLE');
      expect((await refusal(() => w.tocsin.actions.peek(action.token ?? ''))).code).toBe('SNAPSHOT_UNREADABLE');
    }
  });
});

describe('a message that asks for nothing', () => {
  test('carries no token: a notice', async () => {
    const w = answering();
    const { id } = await paged(w);
    await w.tocsin.incidents.acknowledge(id, { by: 'boss' });
    await w.tocsin.tick();
    const notice = w.sms.sent.at(-1)!.message;
    expect([notice.purpose, notice.actions]).toEqual(['notice', []]);
  });

  test('carries no token: a code', async () => {
    const w = answering();
    await w.tocsin.contacts.add({ user: 'ana', by: 'ana', notifier: 'sms', address: 'second' });
    await w.tocsin.tick();
    expect(w.sms.sent[0]!.message).toMatchObject({ purpose: 'verification', actions: [] });
  });

  test('carries no token: a page while the storage is down', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const w = answering({ clock, storage, emergency: { notifier: 'sms', users: ['ana'] } });
    await storage.migrate();
    await w.tocsin.tick();
    const gone = () => Promise.reject(new Error('gone'));
    Object.assign(storage, { load: gone, commit: gone });
    for (let n = 0; n < 20; n++) {
      await w.tocsin.ingest(trigger()).catch(() => {});
      await clock.advance(SECOND);
    }
    expect(w.sms.sent[0]!.message).toMatchObject({ purpose: 'emergency', actions: [] });
  });
});

test('of several pages in one message each has tokens of its own', async () => {
  const w = answering({
    config: config({
      severity: { levels: [{ id: 'SEV1' }, { id: 'SEV2', urgency: 'low' }] },
      limits: [{ notifier: 'sms', perContact: [{ messages: 1, within: '1m' }] }],
    }),
  });
  for (const key of ['a', 'b', 'c']) await opened(w.tocsin, trigger(key, { severity: 'SEV2' }));
  await w.pass(90 * SECOND, SECOND);
  const { message } = w.sms.sent[1]!;
  const [item] = message.bundle ?? [];
  expect(item?.actions?.length).toBeGreaterThan(0);
  for (const action of item?.actions ?? [])
    expect([claimsOf(action.token).incident, action.url]).toEqual([
      item?.incidentId,
      `${BASE_URL}/answer/${action.token}`,
    ]);
  const done = await w.tocsin.actions.redeem(tokenOf({ actions: item?.actions ?? [] }));
  expect(done.incident.id).toBe(item?.incidentId);
  expect((await w.tocsin.actions.redeem(tokenOf(message))).incident.id).toBe(message.incidentId);
});

/** What is stored of the incident can be read neither from its snapshot nor from its timeline. */
function spoil({ storage }: World, id: string): void {
  const { load, timeline } = storage;
  Object.assign(storage, {
    load: async (query: Parameters<typeof load>[0]) => {
      const loaded = await load.call(storage, query);
      return {
        ...loaded,
        incidents: loaded.incidents.map((row) => (row.id === id ? { ...row, snapshot: { broken: true } } : row)),
      };
    },
    timeline: async (tenant: string, incidentId: string) =>
      incidentId === id ? [{ type: 'nonsense' }] : timeline.call(storage, tenant, incidentId),
  });
}
