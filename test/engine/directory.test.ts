/**
 * People from the host's own tables: asked before a decision, kept afterwards, and never in the way of a page.
 */
import { describe, expect, test } from 'vitest';
import { type Directory, type DirectoryUser, memoryStorage, weeklySchedule } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import {
  config,
  contact,
  events,
  HOUR,
  incident,
  MINUTE,
  opened,
  policy,
  refusal,
  SECOND,
  T0,
  trigger,
  type World,
  type WorldOptions,
  world,
} from './world.ts';

const person = (id: string, more: Partial<DirectoryUser> = {}): DirectoryUser => ({
  id,
  name: id.toUpperCase(),
  contacts: [contact('sms', id)],
  ...more,
});

/** A directory that can be told what to answer, and remembers what it was asked. */
function tables(people: readonly unknown[]) {
  const asked: string[] = [];
  let answer: (ids: readonly string[]) => Promise<readonly unknown[]> = async (ids) =>
    people.filter((one) => ids.includes((one as DirectoryUser).id));
  const directory = {
    user: async (id: string) => {
      asked.push(id);
      return (await answer([id]))[0] as DirectoryUser | undefined;
    },
    users: async (ids: readonly string[]) => {
      asked.push(ids.join());
      return (await answer(ids)) as readonly DirectoryUser[];
    },
  } satisfies Directory;
  return {
    directory,
    asked,
    answers(given: typeof answer) {
      answer = given;
    },
  };
}
const hang = () => new Promise<never>(() => {});
const fail = async (): Promise<never> => {
  throw new Error('no connection to the people');
};

/** dia and eli are on call in turn; only the directory knows them. */
const elsewhere = () =>
  config({
    users: [{ id: 'boss', contacts: [contact('sms', 'boss')] }],
    schedules: [
      weeklySchedule('primary', { timeZone: 'UTC', start: '2026-01-05T09:00:00', participants: ['dia', 'eli'] }),
    ],
    escalationPolicies: [policy({ steps: [{ targets: [{ schedule: 'primary' }], escalateAfter: '5m' }] })],
  });
const told = (w: World) =>
  w.sms.sent.map(({ message }) => `${message.to.user} ${message.to.name ?? '-'} ${message.purpose}`);

function using(directory: Directory, more: Pick<WorldOptions, 'clock' | 'storage'> = {}) {
  return world({ config: elsewhere(), directory, ...more });
}

describe('somebody whom only the directory knows', () => {
  test('may be named, and is paged by their own contacts', async () => {
    const { directory, asked } = tables([person('dia'), person('eli')]);
    const w = using(directory);
    await opened(w.tocsin);
    await w.pass(0);
    expect(told(w)).toEqual(['dia DIA step']);
    expect(asked[0]).toBe('dia');
  });

  test('may not be named without a directory', async () => {
    const error = await refusal(() => world({ config: elsewhere() }), 'CONFIG_INVALID');
    expect((error.details.problems as { path: string }[]).map(({ path }) => path)).toContain(
      'schedules[0].layers[0].rotation.participants[0]',
    );
  });

  test('is asked about in one go with the others, before anybody waits for it', async () => {
    const { directory, asked } = tables([person('dia'), person('eli')]);
    const w = using(directory);
    await w.pass(0);
    expect(asked).toEqual(['dia,eli']);
    await opened(w.tocsin);
    await w.pass(0);
    expect(told(w)).toEqual(['dia DIA step']);
    expect(asked).toEqual(['dia,eli']);
  });

  test('may be asked to join, take a role and an override; nobody knows a stranger', async () => {
    const { directory } = tables([person('dia'), person('fay')]);
    const w = using(directory);
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.addResponder(id, { by: 'boss', user: 'fay' });
    await w.tocsin.onCall.override({
      schedule: 'primary',
      kind: 'replace',
      user: 'fay',
      from: T0,
      until: T0 + HOUR,
      by: 'boss',
    });
    expect((await w.tocsin.onCall.at('primary')).map(({ user }) => user)).toEqual(['fay']);
    await refusal(() => w.tocsin.incidents.addResponder(id, { by: 'boss', user: 'zoe' }), 'REFERENCE_UNKNOWN');
  });

  test('is not preferred to somebody of the configuration', async () => {
    const { directory } = tables([person('dia'), person('boss', { contacts: [contact('voice', 'other')] })]);
    const w = using(directory);
    await opened(w.tocsin);
    await w.pass(5 * MINUTE);
    expect(w.news()).toEqual(['+0 dia sms step', '+5m boss sms fallback']);
  });

  test('who has gone is not paged any more, and the climb goes on', async () => {
    const { directory, answers } = tables([person('dia')]);
    const w = using(directory);
    await opened(w.tocsin);
    answers(async () => [person('eli')]);
    await w.pass(2 * MINUTE);
    const id = await opened(w.tocsin, trigger('net'));
    expect((await incident(w.tocsin, id)).paging).toBe('exhausted');
    expect(w.log.join()).toContain('The directory does not know somebody any more');
  });

  test('adds contacts of their own as well', async () => {
    const { directory } = tables([person('dia')]);
    const w = using(directory);
    await w.tocsin.contacts.add({ user: 'dia', by: 'dia', notifier: 'voice', address: '+1' });
    await w.pass(0);
    const code = w.voice.sent.at(-1)?.message.title.replace(/\D/g, '') ?? '';
    await w.tocsin.contacts.verify({ user: 'dia', contact: 'voice', code, by: 'dia' });
    await opened(w.tocsin);
    await w.pass(2 * MINUTE);
    expect(w.news().filter((line) => line.endsWith('step'))).toEqual(['+0 dia sms step', '+2m dia voice step']);
  });
});

describe('a directory that fails', () => {
  test.each([
    ['rejects', fail],
    [
      'throws at once',
      () => {
        throw new Error('at once');
      },
    ],
    ['answers no list', async () => 'people' as unknown as readonly unknown[]],
    ['answers that nobody is there', async () => []],
  ])('and %s stops no page: the last good answer counts', async (_, answer) => {
    const people = tables([person('dia')]);
    const w = using(people.directory);
    await opened(w.tocsin);
    people.answers(answer);
    await w.pass(10 * MINUTE);
    w.news();
    await opened(w.tocsin, trigger('net'));
    await w.pass(0);
    expect(w.news()).toEqual(['+10m dia sms step']);
  });

  test('before anything is known makes nobody wait twice: the ladder goes on without', async () => {
    const people = tables([]);
    people.answers(fail);
    const w = using(people.directory);
    const id = await opened(w.tocsin);
    await w.pass(0);
    expect((await incident(w.tocsin, id)).paging).toBe('exhausted');
    expect(told(w)).toEqual(['boss - fallback']);
    const before = people.asked.length;
    await opened(w.tocsin, trigger('net'));
    expect(people.asked.length).toBe(before);
    people.answers(async () => [person('dia')]);
    await w.pass(2 * MINUTE);
    await opened(w.tocsin, trigger('cpu'));
    await w.pass(0);
    expect(told(w).at(-1)).toBe('dia DIA step');
  });

  test('that hangs delays a page by two seconds, once', async () => {
    const people = tables([]);
    people.answers(hang);
    const w = using(people.directory);
    const opening = opened(w.tocsin);
    await w.clock.advance(2 * SECOND - 1);
    expect(w.sms.sent).toEqual([]);
    await w.clock.advance(1);
    await opening;
    await w.tocsin.tick();
    expect(told(w)).toEqual(['boss - fallback']);
    await opened(w.tocsin, trigger('net'));
  });

  test('never holds up a page for somebody who is known', async () => {
    const people = tables([person('dia')]);
    const w = using(people.directory);
    await opened(w.tocsin);
    people.answers(hang);
    await w.pass(10 * MINUTE);
    w.news();
    await opened(w.tocsin, trigger('net'));
    await w.pass(0);
    expect(w.news()).toEqual(['+10m dia sms step']);
  });

  test('is survived by the next process: the last good answer was stored', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const people = tables([person('dia')]);
    const before = using(people.directory, { clock, storage });
    await opened(before.tocsin);
    await before.pass(0);
    await before.tocsin.stop();
    people.answers(fail);
    const after = using(people.directory, { clock, storage });
    await opened(after.tocsin, trigger('net'));
    await after.pass(0);
    expect(told(after)).toContain('dia DIA step');
  });

  test('is told of, once a minute', async () => {
    const people = tables([]);
    people.answers(fail);
    const w = using(people.directory);
    const errors: unknown[] = [];
    w.tocsin.on('error', ({ doing }) => errors.push(doing));
    await opened(w.tocsin);
    await w.pass(30 * SECOND, 10 * SECOND);
    expect(errors).toEqual(['asking the directory']);
  });
});

describe('what is no user', () => {
  test('is no reason for the next process to forget somebody', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const people = tables([person('dia')]);
    const before = using(people.directory, { clock, storage });
    await opened(before.tocsin);
    await before.pass(0);
    await before.tocsin.stop();
    people.answers(async () => [{ id: 'dia', contacts: 7 }]);
    const after = using(people.directory, { clock, storage });
    await opened(after.tocsin, trigger('net'));
    await after.pass(0);
    expect(told(after)).toContain('dia DIA step');
  });

  test('is refused and logged, and what was known of them counts', async () => {
    const people = tables([person('dia')]);
    const w = using(people.directory);
    await opened(w.tocsin);
    people.answers(async () => [{ id: 'dia', contacts: 'none' }, 'somebody', null]);
    await w.pass(10 * MINUTE);
    w.news();
    await opened(w.tocsin, trigger('net'));
    await w.pass(0);
    expect(w.news()).toEqual(['+10m dia sms step']);
    expect(w.log.join()).toContain('The directory answered what is no user');
  });

  test('is an answer about somebody else as well', async () => {
    const people = tables([person('dia')]);
    const alone = weeklySchedule('primary', { timeZone: 'UTC', start: '2026-01-05T09:00:00', participants: ['dia'] });
    const w = world({ config: { ...elsewhere(), schedules: [alone] }, directory: people.directory });
    await opened(w.tocsin);
    people.answers(async () => [person('zoe')]);
    await w.pass(10 * MINUTE);
    w.news();
    await opened(w.tocsin, trigger('net'));
    await w.pass(0);
    expect(w.news()).toEqual(['+10m dia sms step']);
    expect(w.log.join()).toContain('The directory answered what is no user');
  });

  test('does not spoil the others, nor a person who was not asked for', async () => {
    const people = tables([]);
    people.answers(async () => [
      { id: 'eli' },
      person('dia'),
      person('boss', { contacts: [] }),
      { id: 'eli', rules: 7 },
    ]);
    const w = using(people.directory);
    await w.pass(0);
    await opened(w.tocsin);
    await w.pass(5 * MINUTE);
    expect(w.news()).toEqual(['+0 dia sms step', '+5m boss sms fallback']);
  });

  test('a time zone that nobody knows is left out, and the person is paged', async () => {
    const people = tables([person('dia', { timeZone: 'Mars/Base', quietHours: [{ from: '00:00', until: '23:00' }] })]);
    const w = using(people.directory);
    await opened(w.tocsin);
    await w.pass(0);
    expect(told(w)).toEqual(['dia DIA step']);
  });
});

test('a handoff asks somebody of whom nothing was known yet', async () => {
  const people = tables([person('dia'), person('fay')]);
  const w = using(people.directory);
  const id = await opened(w.tocsin);
  await w.pass(0);
  await w.tocsin.onCall.override({
    schedule: 'primary',
    kind: 'replace',
    user: 'fay',
    from: T0 + MINUTE,
    until: T0 + HOUR,
    by: 'boss',
  });
  w.news();
  await w.pass(2 * MINUTE);
  expect(w.news()).toEqual(['+1m fay sms handoff']);
  expect((await events(w.tocsin, id)).map(({ type }) => type)).toContain('schedule.handedOff');
});

test('notices of shifts reach people of the directory', async () => {
  const people = tables([
    person('dia', { notices: { shifts: ['end'] } }),
    person('eli', { notices: { shifts: ['1h'] } }),
  ]);
  const w = using(people.directory);
  await w.pass(0);
  await w.sleep(6 * 24 * HOUR - 2 * HOUR);
  await w.pass(0);
  await w.pass(2 * HOUR, 10 * MINUTE);
  expect(w.sms.sent.map(({ message }) => `${message.to.user}: ${message.title}`)).toEqual([
    'eli: On call in 1 h: primary',
    'dia: You are no longer on call: primary',
  ]);
});

test('a directory is an object with two functions', async () => {
  const error = await refusal(() => world({ directory: { user: 1 } as unknown as Directory }), 'INPUT_INVALID');
  expect(error.details.problems).toMatchObject([{ path: 'directory' }]);
});

test('each tenant has its own people', async () => {
  const asked: string[] = [];
  const directory: Directory = {
    user: async (id, { tenant }) => {
      asked.push(`${tenant} ${id}`);
      return person(id, { contacts: [contact('sms', `${tenant}-${id}`)] });
    },
    users: async (ids, { tenant }) => ids.map((id) => person(id, { contacts: [contact('sms', `${tenant}-${id}`)] })),
  };
  const w = using(directory);
  const acme = w.tocsin.forTenant('acme', { config: elsewhere() });
  await opened(w.tocsin);
  await opened(acme);
  await w.pass(0);
  expect(w.sms.sent.map(({ message }) => message.to.address).sort()).toEqual(['acme-dia@sms', 'default-dia@sms']);
  expect(asked.slice(0, 2)).toEqual(['default dia', 'acme dia']);
});

test('somebody of the directory is paged from within the host’s own transaction', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const w = using(tables([person('dia')]).directory, { clock, storage });
  await w.tocsin.incidents.list();
  const client = storage.begin();
  const session = w.tocsin.inTransaction(client);
  await session.incidents.open({ title: 'Own', service: 'checkout', by: 'boss' });
  client.commit();
  session.committed();
  await w.pass(0);
  expect(told(w)).toEqual(['dia DIA step']);
});
