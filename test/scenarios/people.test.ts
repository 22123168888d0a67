/**
 * What happens when it is about people: their hours, their contacts, where they come from and what they may see, by number.
 *
 * A whole Tocsin over memory, with a clock that a test moves.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, type Directory, memoryStorage } from '../../src/index.ts';
import { localRunner } from '../../src/runners/local.ts';
import { virtualClock } from '../../src/testing/index.ts';
import {
  config,
  contact,
  events,
  HOUR,
  MINUTE,
  opened,
  policy,
  refusal,
  T0,
  trigger,
  type World,
  withoutUnhandled,
  world,
} from '../engine/world.ts';

const by = 'ana';

describe('2. Low urgency', () => {
  const quiet = { timeZone: 'UTC', quietHours: [{ from: '09:00', until: '13:00' }] };
  const [ana, ...others] = config().users ?? [];
  const sleeping = () => world({ config: config({ users: [{ id: 'ana', ...ana, ...quiet }, ...others] }) });

  test('given quiet hours, when something of low urgency comes, then it waits for their end, and the timeline says so', async () => {
    const w = sleeping();
    const id = await opened(w.tocsin, trigger('disk', { severity: 'info' }));
    await w.pass(3 * HOUR);
    expect(w.news()).toEqual(['+3h ana sms step']);
    const page = (await events(w.tocsin, id)).find(({ type }) => type === 'page.requested');
    expect(page).toMatchObject({ recipients: [{ contacts: [{ heldBy: 'quietHours' }] }] });
  });

  test('given that it becomes high urgency, when that is known, then the first step is asked and quiet hours hold nothing back', async () => {
    const w = sleeping();
    const id = await opened(w.tocsin, trigger('disk', { severity: 'info' }));
    await w.pass(HOUR);
    await w.tocsin.incidents.setSeverity(id, { by: 'boss', severity: 'SEV1' });
    await w.pass(5 * MINUTE);
    expect(w.news()).toEqual(['+1h ana sms step', '+1h2m ana voice step', '+1h5m ben sms step']);
  });
});

describe('22. Contacts that people add themselves', () => {
  const add = (w: World) =>
    w.tocsin.contacts.add({ user: 'ana', by, id: 'mine', notifier: 'sms', address: '+15550199' });
  const codeOf = (w: World) => /\d{6}/.exec(w.sms.sent.at(-1)?.message.title ?? '')?.[0] ?? '';
  const paged = (w: World) =>
    [...w.sms.sent, ...w.voice.sent].flatMap(({ message }) => (message.purpose === 'step' ? [message.to.address] : []));

  test('given one, when its code was not entered, then it never pages anybody', async () => {
    const w = world();
    await add(w);
    await opened(w.tocsin);
    await w.pass(4 * MINUTE);
    expect(paged(w)).not.toContain('+15550199');
  });

  test('given its code, when its owner enters it, then the next page uses it after those of the configuration', async () => {
    const w = world();
    await add(w);
    await w.pass(0);
    await w.tocsin.contacts.verify({ user: 'ana', contact: 'mine', code: codeOf(w), by });
    await opened(w.tocsin);
    await w.pass(4 * MINUTE);
    expect(paged(w).slice(0, 2)).toEqual(['ana@sms', '+15550199']);
  });

  test('given a guess, when it is wrong, then it is refused and nothing is verified', async () => {
    const w = world();
    await add(w);
    await w.pass(0);
    const wrong = codeOf(w) === '000000' ? '000001' : '000000';
    await refusal(() => w.tocsin.contacts.verify({ user: 'ana', contact: 'mine', code: wrong, by }), 'CODE_REFUSED');
    expect((await w.tocsin.contacts.list('ana')).find(({ id }) => id === 'mine')?.isVerified).toBe(false);
  });
});

describe('24. People from a directory', () => {
  const dia = { id: 'dia', contacts: [contact('sms', 'dia')] };
  const elsewhere: ConfigInput = config({
    users: [{ id: 'boss', contacts: [contact('sms', 'boss')] }],
    schedules: [],
    escalationPolicies: [policy({ steps: [{ targets: [{ user: 'dia' }], escalateAfter: '5m' }] })],
  });
  const directory = (answer: () => Promise<boolean>): Directory => ({
    user: async (id) => ((await answer()) && id === 'dia' ? dia : undefined),
    users: async (ids) => ((await answer()) && ids.includes('dia') ? [dia] : []),
  });

  test('given somebody whom only the directory knows, when they are named, then they are paged', async () => {
    const w = world({ config: elsewhere, directory: directory(async () => true) });
    await opened(w.tocsin);
    await w.pass(0);
    expect(w.news()).toEqual(['+0 dia sms step']);
  });

  test('given that it answered once, when it fails and the process starts again, then its last good answer counts', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    await world({ clock, storage, config: elsewhere, directory: directory(async () => true) }).pass(0);
    const failing = directory(() => Promise.reject(new Error('no connection')));
    await withoutUnhandled(async () => {
      const w = world({ clock, storage, config: elsewhere, directory: failing });
      await opened(w.tocsin);
      await w.pass(0);
      expect(w.news()).toEqual(['+0 dia sms step']);
    });
  });

  test('given that it never answers, when an alert comes, then the page goes on without it to whoever is known', async () => {
    const w = world({ config: elsewhere, directory: directory(() => new Promise<never>(() => {})) });
    const opening = opened(w.tocsin);
    await w.clock.advance(3_000);
    await opening;
    const tick = w.tocsin.tick();
    await w.clock.advance(3_000);
    await tick;
    expect(w.sms.sent.map(({ message }) => message.to.user)).toEqual(['boss']);
  });
});

describe('27. Private incidents', () => {
  const leak = { title: 'Leak', service: 'checkout', visibility: 'private' as const, by: 'boss' };
  const listed = async ({ tocsin }: World, as: string) =>
    (await tocsin.incidents.list({ as })).items.map(({ title }) => title);

  test('given one, when somebody who does not respond to it lists incidents, then it is not among them', async () => {
    const w = world();
    const { id } = await w.tocsin.incidents.open(leak);
    await w.tocsin.incidents.acknowledge(id, { by });
    expect(await listed(w, 'ana')).toEqual(['Leak']);
    expect(await listed(w, 'ben')).toEqual([]);
  });

  test('given people who were paged for one, when it is resolved, then only its responders hear of it', async () => {
    const notices = { status: ['resolved' as const] };
    const users = ['ana', 'ben', 'boss'].map((id) => ({ id, notices, contacts: [contact('sms', id)] }));
    const w = world({ config: config({ users }) });
    const { id } = await w.tocsin.incidents.open(leak);
    await w.pass(6 * MINUTE);
    await w.tocsin.incidents.acknowledge(id, { by: 'ben' });
    w.news();
    await w.tocsin.incidents.resolve(id, { by: 'boss' });
    await w.pass(MINUTE);
    expect(w.news()).toEqual(['+6m ben sms notice']);
  });

  test('given a host that lets nobody in, when a stranger acknowledges, then it is refused and the page goes on', async () => {
    const w = world({ authorize: (actor) => actor.kind !== 'user' || actor.id === 'boss' });
    const { id } = await w.tocsin.incidents.open(leak);
    await refusal(() => w.tocsin.incidents.acknowledge(id, { by: 'ben' }), 'NOT_AUTHORIZED');
    await w.pass(5 * MINUTE);
    expect(w.sms.sent.map(({ message }) => message.to.user)).toEqual(['ana', 'ben']);
  });
});

test.each([
  [{}, true],
  [{ keepAlive: false }, false],
])('29. Timers: given the option %j, then whether waiting keeps the process alive is %s', (options, expected) => {
  const asked: unknown[] = [];
  const clock = {
    now: () => T0,
    wait(_ms: number, _fn: () => void, given?: { readonly keepAlive?: boolean }) {
      asked.push(given?.keepAlive);
      return () => {};
    },
  };
  localRunner({ clock, ...options }).start({ run: async () => undefined, failed() {} });
  expect(asked).toEqual([expected]);
});
