/**
 * How many messages a person gets: what is beyond a budget goes out as one message that lists everything.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, memoryStorage } from '../../src/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import { config, contact, deliveries, HOUR, MINUTE, opened, policy, SECOND, T0, trigger, world } from './world.ts';

const by = 'ana';
/** Low urgency can wait, so that budgets can be seen at work. */
const LOW: ConfigInput['severity'] = { levels: [{ id: 'SEV1' }, { id: 'SEV2', urgency: 'low' }] };
const low = (key: string) => trigger(key, { severity: 'SEV2' });

function limited(more: Partial<ConfigInput> = {}, options: Parameters<typeof world>[0] = {}) {
  return world({
    config: config({
      severity: LOW,
      limits: [{ notifier: 'sms', perContact: [{ messages: 1, within: '1m' }] }],
      ...more,
    }),
    ...options,
  });
}

describe('beyond the budget of an address', () => {
  test('messages wait and go out as one that lists all of them, none is dropped', async () => {
    const w = limited();
    const ids: string[] = [];
    for (let n = 0; n < 6; n++) ids.push(await opened(w.tocsin, low(`k${n}`)));
    await w.pass(2 * MINUTE, SECOND);
    expect(w.sms.sent).toHaveLength(2);
    const [first, second] = w.sms.sent.map(({ message }) => message);
    const told = [first!, second!].flatMap(({ incidentId, bundle = [] }) => [
      incidentId,
      ...bundle.map((item) => item.incidentId),
    ]);
    expect(told.toSorted()).toEqual(ids.toSorted());
    for (const id of ids) expect(await deliveries(w.tocsin, id)).toEqual(['ana sms sent']);
    const [carried] = await w.tocsin.deliveries.list({ incidentId: second!.bundle![0]!.incidentId! });
    expect(carried?.bundledIn).toBe(second?.deliveryId);
  });

  test('the first page of an incident that cannot wait goes out all the same', async () => {
    const w = limited();
    const ids = [
      await opened(w.tocsin, low('low')),
      await opened(w.tocsin, trigger('a')),
      await opened(w.tocsin, trigger('b')),
    ];
    await w.tocsin.tick();
    expect(w.sms.sent.map(({ message }) => message.incidentId).toSorted()).toEqual(ids.toSorted());
  });

  test('of a page that is not the first to the person, the next contact is used at once', async () => {
    const w = limited({
      escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '30s' }], repeat: 3 })],
    });
    const id = await opened(w.tocsin, trigger('a'));
    await w.pass(31 * SECOND, SECOND);
    const again = (await w.tocsin.deliveries.list({ incidentId: id })).filter(({ position }) => position.loop === 2);
    expect(again.map(({ contact: via, state }) => `${via} ${state}`).toSorted()).toEqual(['sms pending', 'voice sent']);
  });

  test('what was answered meanwhile is not listed any more', async () => {
    const w = limited();
    await opened(w.tocsin, low('first'));
    const [a, b] = [await opened(w.tocsin, low('a')), await opened(w.tocsin, low('b'))];
    const c = await opened(w.tocsin, low('c'));
    await w.tocsin.tick();
    await w.tocsin.incidents.acknowledge(a, { by });
    await w.pass(2 * MINUTE, SECOND);
    const { message } = w.sms.sent[1]!;
    const told = [message.incidentId, ...(message.bundle ?? []).map(({ incidentId }) => incidentId)];
    expect(told.toSorted()).toEqual([b, c].toSorted());
    expect(await deliveries(w.tocsin, a)).toEqual(['ana sms withdrawn']);
  });

  test('when the message that carries others is taken back, those go out by themselves', async () => {
    const w = limited();
    await opened(w.tocsin, low('first'));
    const ids = [await opened(w.tocsin, low('a')), await opened(w.tocsin, low('b'))];
    await w.tocsin.tick();
    w.sms.failWith(() => Promise.reject(new Error('busy')));
    await w.clock.advance(61 * SECOND);
    await w.tocsin.tick();
    const leader = w.sms.attempts[1]!.message.incidentId!;
    w.sms.failWith(undefined);
    await w.tocsin.incidents.acknowledge(leader, { by });
    await w.pass(5 * MINUTE, SECOND);
    const other = ids.find((id) => id !== leader)!;
    expect(w.sms.sent.map(({ message }) => message.incidentId)).toContain(other);
    expect(await deliveries(w.tocsin, other)).toEqual(['ana sms sent']);
  });

  test('what cannot wait is listed first', async () => {
    const w = limited({
      escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ben' }], escalateAfter: '20s' }], repeat: 3 })],
    });
    await opened(w.tocsin, low('low 1'));
    const high = await opened(w.tocsin, trigger('high'));
    await w.tocsin.tick();
    await opened(w.tocsin, low('low 2'));
    await opened(w.tocsin, low('low 3'));
    await w.pass(5 * MINUTE, SECOND);
    const bundles = w.sms.sent.flatMap(({ message }) => (message.bundle === undefined ? [] : [message.bundle]));
    const urgencies = bundles.map((items) => items.map(({ urgency }) => urgency));
    expect(urgencies.length).toBeGreaterThan(0);
    for (const list of urgencies) expect(list).toEqual(list.toSorted());
    expect(bundles.flat().map(({ incidentId }) => incidentId)).toContain(high);
  });

  test('holds for all processes together', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const worlds = [1, 2, 3].map(() => limited({}, { clock, storage }));
    for (let n = 0; n < 12; n++) await opened(worlds[n % 3]!.tocsin, low(`k${n}`));
    for (let n = 0; n < 150; n++) {
      await Promise.all(worlds.map(({ tocsin }) => tocsin.tick()));
      await clock.advance(SECOND);
    }
    const sent = worlds.flatMap(({ sms }) => sms.sent).map(({ message }) => message);
    expect(sent).toHaveLength(2);
    expect(sent.flatMap(({ bundle = [] }) => bundle)).toHaveLength(10);
  });
});

describe('a notifier', () => {
  test('of a kind that people pay for or wake up from has the budgets of that kind', async () => {
    const sms = { ...recordingNotifier('sms'), kind: 'sms' as const };
    const w = world({ notifiers: [sms], config: config({ severity: LOW }) });
    for (let n = 0; n < 30; n++) await opened(w.tocsin, low(`k${n}`));
    await w.pass(HOUR, 10 * SECOND);
    expect(sms.sent).toHaveLength(2);
    expect(sms.sent.flatMap(({ message }) => message.bundle ?? [])).toHaveLength(28);
  });

  test('has a budget for all addresses together, by which messages are spread', async () => {
    const users = ['ana', 'ben', 'boss', 'd', 'e', 'f', 'g', 'h'].map((id) => ({ id, contacts: [contact('sms', id)] }));
    const targets = users.map(({ id }) => ({ user: id }));
    const w = world({
      config: config({
        users,
        severity: LOW,
        escalationPolicies: [policy({ steps: [{ targets }] })],
        limits: [{ notifier: 'sms', overall: [{ messages: 2, within: '5s' }] }],
      }),
    });
    const id = await opened(w.tocsin, low('a'));
    await w.tocsin.tick();
    expect(w.sms.sent).toHaveLength(2);
    await w.pass(30 * SECOND, SECOND);
    expect((await deliveries(w.tocsin, id)).toSorted()).toEqual(
      users.map(({ id: user }) => `${user} sms sent`).toSorted(),
    );
  });

  test('whose budget cannot be read any more sends', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const id = JSON.stringify(['sms', 'ana@sms']);
    await storage.commit([
      {
        commitId: 'junk',
        tenant: 'default',
        incidents: [],
        alerts: [],
        timers: [],
        withdrawals: [],
        deliveries: [],
        documents: [{ collection: 'budgets', id, expectedVersion: 0, data: { sent: 'junk' } }],
        slots: [],
        counters: [],
      },
    ]);
    const w = limited({}, { clock, storage });
    await opened(w.tocsin, low('a'));
    await w.tocsin.tick();
    expect(w.sms.sent).toHaveLength(1);
  });
});
