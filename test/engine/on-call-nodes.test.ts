/**
 * Who is on call, on every node: what was committed anywhere counts everywhere, at once.
 */
import { describe, expect, test } from 'vitest';
import { memoryStorage, type OnCallInput, type Storage, type Tocsin } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { type Fault, faulty, losingAnswers, slow } from './faults.ts';
import { config, events, HOUR, MINUTE, opened, policy, refusal, T0, trigger, world } from './world.ts';

const by = 'boss';
const override = (more: Partial<OnCallInput<'override'>> = {}): OnCallInput<'override'> => ({
  schedule: 'primary',
  from: T0,
  until: T0 + 2 * HOUR,
  kind: 'replace',
  user: 'ben',
  by,
  ...more,
});

/** Two nodes over one storage; of b's storage, `methods` have the fault. */
function two(methods: Parameters<typeof faulty>[1] = [], fault: Fault = (proceed) => proceed()) {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  return {
    clock,
    storage,
    a: world({ clock, storage }),
    b: world({ clock, storage: faulty(storage, methods, fault) }),
  };
}

const asked = async (tocsin: Tocsin, id: string) =>
  (await events(tocsin, id)).flatMap((event) =>
    event.type === 'page.requested' ? event.recipients.map(({ user }) => user) : [],
  );
const onCall = async (tocsin: Tocsin) => (await tocsin.onCall.at('primary')).map(({ user }) => user);

describe('an override made on one node', () => {
  test('is what the very next page of another node goes to, whatever that one knew', async () => {
    const { a, b } = two();
    expect(await asked(b.tocsin, await opened(b.tocsin, trigger('before')))).toEqual(['ana']);
    const { id } = await a.tocsin.onCall.override(override());
    expect(await asked(b.tocsin, await opened(b.tocsin, trigger('within')))).toEqual(['ben']);
    await b.tocsin.onCall.cancelOverride(id, { by });
    expect(await asked(a.tocsin, await opened(a.tocsin, trigger('after')))).toEqual(['ana']);
  });

  test('is what a step, a command of a person, an expired snooze and a failed page of another node look at', async () => {
    const steps = Array.from({ length: 3 }, () => ({ targets: [{ schedule: 'primary' }], escalateAfter: '5m' }));
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const own = config({ escalationPolicies: [policy({ steps })] });
    const [a, b] = [world({ clock, storage, config: own }), world({ clock, storage, config: own })];
    const last = async (id: string) => (await asked(b.tocsin, id)).at(-1);
    const swapTo = (user: string) => a.tocsin.onCall.override(override({ user, until: T0 + 24 * HOUR }));

    const climbing = await opened(b.tocsin, trigger('climbing'));
    await swapTo('boss');
    await clock.advance(5 * MINUTE);
    await b.tocsin.tick();
    expect(await last(climbing)).toBe('boss');

    await swapTo('ben');
    await b.tocsin.incidents.escalate(climbing, { by });
    expect(await last(climbing)).toBe('ben');

    await b.tocsin.incidents.snooze(climbing, { by, for: '1h' });
    await swapTo('boss');
    await clock.advance(HOUR);
    await b.tocsin.tick();
    expect(await last(climbing)).toBe('boss');

    b.sms.failWith(() => {
      throw Object.assign(new Error('no such number'), { permanent: true });
    });
    const failing = await opened(b.tocsin, trigger('failing'));
    await swapTo('ben');
    await b.tocsin.tick();
    expect(await asked(b.tocsin, failing)).toContain('ben');
  });

  test('is what a page within a transaction of the host looks at, also when the node never read of it', async () => {
    const { a, b, storage } = two();
    await b.tocsin.onCall.at('primary');
    await a.tocsin.onCall.override(override());
    const client = storage.begin();
    const within = b.tocsin.inTransaction(client);
    const { id } = await within.incidents.open({ by, title: 'Refund failed', service: 'checkout' });
    client.commit();
    expect(await asked(b.tocsin, id)).toEqual(['ben']);
  });

  test('that is committed while the other node decides on what it read before is seen by its next attempt', async () => {
    for (let turns = 0; turns < 8; turns++) {
      const { a, b, clock } = two(['load'], slow(1));
      const opening = opened(b.tocsin);
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      await a.tocsin.onCall.override(override());
      const id = await opening;
      await a.tocsin.tick();
      await clock.advance(MINUTE);
      await a.tocsin.tick();
      // Whoever was asked at first, ben has been asked within a minute.
      expect(await asked(a.tocsin, id)).toContain('ben');
    }
  });

  test('whose answer was lost is stored once', async () => {
    const { a, b } = two(['commit'], losingAnswers(1));
    await b.tocsin.onCall.override(override({ id: 'o' }));
    expect(await a.tocsin.onCall.overrides('primary')).toHaveLength(1);
    expect(await onCall(b.tocsin)).toEqual(['ben']);
  });

  test('whose commit failed was never made: no node believes in it', async () => {
    const { a, b } = two(['commit'], async () => {
      throw new Error('disk on fire');
    });
    await refusal(() => b.tocsin.onCall.override(override()), 'STORAGE_UNAVAILABLE');
    expect(await onCall(b.tocsin)).toEqual(['ana']);
    expect(await onCall(a.tocsin)).toEqual(['ana']);
  });

  test('is one of many: two nodes at once lose none, and give no id twice, not even on two schedules', async () => {
    const [primary] = config().schedules ?? [];
    const own = config({ schedules: [primary!, { ...primary!, id: 'secondary' }] });
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const nodes = [world({ clock, storage, config: own }), world({ clock, storage, config: own })];
    const all = Array.from({ length: 20 }, (_, n) => nodes[n % 2]!.tocsin.onCall.override(override({ id: `o${n}` })));
    await Promise.all(all);
    expect(await nodes[0]!.tocsin.onCall.overrides('primary')).toHaveLength(20);
    const same = await Promise.allSettled(
      ['primary', 'secondary'].map((schedule, n) =>
        nodes[n]!.tocsin.onCall.override(override({ id: 'same', schedule })),
      ),
    );
    expect(same.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

test('what is known is read once for each change, not for each decision', async () => {
  const { a, b } = two();
  const reads: string[] = [];
  const counting = world({
    clock: a.clock,
    storage: faulty(a.storage, ['load'], async (proceed, _, [query]) => {
      const { documents = [] } = query as { documents?: readonly { collection: string }[] };
      reads.push(documents.map(({ collection }) => collection).join('+'));
      return proceed();
    }),
  });
  await opened(counting.tocsin, trigger('one'));
  await opened(counting.tocsin, trigger('two'));
  const once = ['alert-notes+on-call-latest', 'on-call-latest+quiet+contacts+on-call', 'alert-notes+on-call-latest'];
  expect(reads).toEqual(once);
  reads.length = 0;
  await b.tocsin.onCall.override(override());
  await opened(counting.tocsin, trigger('three'));
  await opened(counting.tocsin, trigger('four'));
  expect(reads).toEqual(once);
});

test('a tenant without schedules reads no more than what people may have silenced', async () => {
  const queries: unknown[] = [];
  const clock = virtualClock({ start: T0 });
  const storage = faulty(memoryStorage({ clock }), ['load'], async (proceed, _, [query]) => {
    queries.push(
      (query as { documents?: readonly { collection: string }[] }).documents?.map(({ collection }) => collection),
    );
    return proceed();
  });
  const steps = [{ targets: [{ user: 'ana' }] }];
  const w = world({ clock, storage, config: config({ schedules: [], escalationPolicies: [policy({ steps })] }) });
  await opened(w.tocsin);
  expect(queries).toEqual([
    ['alert-notes', 'on-call-latest'],
    ['on-call-latest', 'quiet', 'contacts'],
  ]);
});

describe('tenants', () => {
  test('an override of one is none of another’s, under the same ids', async () => {
    const w = world();
    const acme = w.tocsin.forTenant('acme', { config: config() });
    await w.tocsin.onCall.override(override({ id: 'o' }));
    expect(await onCall(acme)).toEqual(['ana']);
    expect(await acme.onCall.overrides('primary')).toEqual([]);
    await refusal(() => acme.onCall.cancelOverride('o', { by }), 'OVERRIDE_NOT_FOUND');
    await acme.onCall.override(override({ id: 'o', user: 'boss' }));
    expect([await onCall(w.tocsin), await onCall(acme)]).toEqual([['ben'], ['boss']]);
  });
});

describe('a configuration that changes', () => {
  const [primary] = config().schedules ?? [];
  const odd = {
    id: 'odd',
    from: '2027-01-01T00:00:00Z',
    until: '2027-01-02T00:00:00Z',
    kind: 'add' as const,
    user: 'boss',
  };
  const changed = (w: ReturnType<typeof world>, more: Parameters<typeof config>[0]) =>
    w.tocsin.forTenant('default', { config: config(more) });

  test('keeps what is stored, on the schedule as it is now', async () => {
    const w = world();
    await w.tocsin.onCall.override(override());
    const layers = [{ ...primary!.layers[0]!, id: 'other' }];
    const tocsin = changed(w, { schedules: [{ ...primary!, layers }] });
    expect(await onCall(tocsin)).toEqual(['ben']);
  });

  test.each<[string, Partial<OnCallInput<'override'>>, Parameters<typeof config>[0], RegExp]>([
    [
      'a layer is gone',
      { layer: 'weekly' },
      { schedules: [{ ...primary!, layers: [{ ...primary!.layers[0]!, id: 'other' }] }] },
      /there is no layer "weekly"/,
    ],
    [
      'its id is now one of the configuration',
      {},
      { schedules: [{ ...primary!, overrides: [odd] }] },
      /the id "odd" is used twice/,
    ],
    ['its person is gone', { user: 'mate' }, {}, /there is no user mate/],
  ])('leaves out a change alone when %s, says so once, and pages by the rest', async (_, more, after, why) => {
    const mate = { id: 'mate', contacts: [{ notifier: 'sms', address: 'mate@sms' }] };
    const w = world({ config: config({ users: [...(config().users ?? []), mate] }) });
    const told: string[] = [];
    w.tocsin.on('error', ({ doing }) => told.push(doing));
    await w.tocsin.onCall.override(override({ id: 'even', user: 'boss' }));
    await w.tocsin.onCall.override(override({ id: 'odd', ...more }));
    const tocsin = changed(w, after);
    expect(await asked(tocsin, await opened(tocsin))).toEqual(['boss']);
    await onCall(tocsin);
    expect(await tocsin.onCall.overrides('primary')).toMatchObject([
      { id: 'even', isApplied: true },
      { id: 'odd', isApplied: false, why: expect.stringMatching(why) },
    ]);
    expect(w.log.filter((line) => line.includes('does not fit'))).toHaveLength(1);
    expect(told).toEqual(['reading schedule primary']);
    // It can be taken back, and others can be made.
    await tocsin.onCall.cancelOverride('odd', { by });
    await tocsin.onCall.override(override({ id: 'next' }));
    expect(await onCall(tocsin)).toEqual(['ben']);
  });

  test('a schedule that comes back has what was stored of it', async () => {
    const w = world();
    await w.tocsin.onCall.override(override());
    const steps = [{ targets: [{ user: 'ana' }] }];
    const without = changed(w, { schedules: [], escalationPolicies: [policy({ steps })] });
    await refusal(() => without.onCall.at('primary'), 'SCHEDULE_NOT_FOUND');
    expect(await onCall(changed(w, {}))).toEqual(['ben']);
  });
});

describe('what is stored of a schedule and cannot be read', () => {
  const damaged = async (data: unknown) => {
    const clock = virtualClock({ start: T0 });
    const storage: Storage = memoryStorage({ clock });
    const none = { incidents: [], alerts: [], timers: [], deliveries: [], withdrawals: [], slots: [], counters: [] };
    const documents = [{ collection: 'on-call', id: 'primary', expectedVersion: 0, data }];
    await storage.commit([{ ...none, commitId: 'c', tenant: 'default', documents }]);
    const w = world({ clock, storage });
    const told: string[] = [];
    w.tocsin.on('error', ({ doing }) => told.push(doing));
    return { ...w, told };
  };

  test.each([
    ['no object', 7],
    ['of another shape', { overrides: 'none' }],
    ['an override without a user', { overrides: [{ id: 'o', fromAt: T0, untilAt: T0 + 1, kind: 'add' }], swaps: [] }],
    [
      'a time that is none',
      { overrides: [], swaps: [{ id: 's', fromAt: 1e300, untilAt: 1, give: 'ana', take: 'ben' }] },
    ],
  ])('stops no page: %s', async (_, data) => {
    const w = await damaged(data);
    expect(await asked(w.tocsin, await opened(w.tocsin))).toEqual(['ana']);
    expect(await onCall(w.tocsin)).toEqual(['ana']);
    expect(w.told).toEqual(['reading schedule primary']);
    expect(w.log.filter((line) => line.startsWith('error: The overrides and swaps'))).toHaveLength(1);
  });

  test('is not written over', async () => {
    const w = await damaged({ overrides: 'none' });
    await refusal(() => w.tocsin.onCall.override(override()), 'SNAPSHOT_UNREADABLE');
    const { documents } = await w.storage.load({
      tenant: 'default',
      documents: [{ collection: 'on-call', id: 'primary' }],
    });
    expect(documents).toMatchObject([{ version: 1, data: { overrides: 'none' } }]);
  });

  test('a field that only a later version knows is kept', async () => {
    const row = {
      id: 'o',
      fromAt: T0,
      untilAt: T0 + HOUR,
      kind: 'replace',
      user: 'ben',
      createdAt: T0,
      createdBy: { kind: 'system' },
    };
    const w = await damaged({ overrides: [{ ...row, colour: 'red' }], swaps: [], later: true });
    expect(await onCall(w.tocsin)).toEqual(['ben']);
    await w.tocsin.onCall.override(override({ id: 'p', user: 'boss' }));
    const { documents } = await w.storage.load({
      tenant: 'default',
      documents: [{ collection: 'on-call', id: 'primary' }],
    });
    expect(documents).toMatchObject([{ data: { overrides: [{ id: 'o', colour: 'red' }, { id: 'p' }], later: true } }]);
  });
});
