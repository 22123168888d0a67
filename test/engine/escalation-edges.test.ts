/**
 * Edges of escalation and of people: what would page somebody wrongly, twice, or not at all.
 */
import { describe, expect, test } from 'vitest';
import type { ConfigInput, Directory } from '../../src/index.ts';
import { memoryStorage, weeklySchedule } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { config, contact, HOUR, MINUTE, opened, policy, stands, T0, trigger, world } from './world.ts';

type Steps = ConfigInput['escalationPolicies'][number]['steps'];
const person = (id: string, more: object = {}) => ({
  id,
  contacts: [contact('sms', id), contact('voice', id)],
  ...more,
});
const people = ['ana', 'ben', 'chi', 'boss'].map((id) => person(id));

describe('chains', () => {
  test('a chain of policies is bounded, and all of it gated still opens its incident', {
    timeout: 60_000,
  }, async () => {
    const when = 'labels.env="never"';
    const steps: Steps = Array.from({ length: 50 }, () => ({ targets: [{ user: 'ana' }], when }));
    const chain = Array.from({ length: 120 }, (_, n) =>
      policy({ id: n === 0 ? 'default' : `p${n}`, steps, ...(n < 119 && { onExhausted: { policy: `p${n + 1}` } }) }),
    );
    expect(() => world({ config: config({ users: people, escalationPolicies: chain }) })).toThrow('20 policies');
    const last = chain.slice(0, 20).map((one, n) => (n < 19 ? one : policy({ id: one.id, steps })));
    const { tocsin, pass, news } = world({ config: config({ users: people, escalationPolicies: last }) });
    const id = await opened(tocsin);
    await pass(0);
    expect(await stands(tocsin, id)).toBe('triage / exhausted');
    expect(news()).toEqual(['+0 boss sms fallback']);
  });
});

describe('handoffs', () => {
  test('a step that names all members of a team does not ask who comes on call for it', async () => {
    const { tocsin, pass, news } = world({
      config: config({
        users: people,
        teams: [{ id: 'team', members: ['ana', 'chi'], schedule: 'primary' }],
        schedules: [
          weeklySchedule('primary', { timeZone: 'UTC', start: '2026-01-05T10:30:00', participants: ['ana', 'ben'] }),
        ],
        escalationPolicies: [policy({ steps: [{ targets: [{ team: 'team', everyone: true }], escalateAfter: '2d' }] })],
      }),
    });
    // One hour before the next handoff, on the Monday after.
    await pass(5 * 24 * HOUR + 23 * HOUR + 30 * MINUTE, HOUR);
    await opened(tocsin);
    await pass(10 * MINUTE);
    news();
    await pass(HOUR);
    expect(news().filter((line) => line.includes('ben'))).toEqual([]);
  });

  test('does not ask somebody for whom the gate of the step is closed', async () => {
    const { tocsin, pass, news } = world({
      config: config({
        users: [person('ana', { timeZone: 'UTC' }), person('ben', { timeZone: 'Asia/Tokyo' }), person('boss')],
        schedules: [
          weeklySchedule('primary', { timeZone: 'UTC', start: '2026-01-05T11:00:00', participants: ['ana', 'ben'] }),
        ],
        escalationPolicies: [
          policy({
            steps: [
              {
                targets: [{ schedule: 'primary' }],
                escalateAfter: '2d',
                when: { op: 'during', value: { timeZone: 'responder', from: '08:00', until: '18:00' } },
              },
            ],
          }),
        ],
      }),
    });
    await pass(5 * 24 * HOUR + 23 * HOUR + 30 * MINUTE, HOUR);
    await opened(tocsin);
    await pass(10 * MINUTE);
    news();
    await pass(2 * HOUR);
    expect(news().filter((line) => line.includes('ben'))).toEqual([]);
  });
});

describe('each', () => {
  const pair: Steps[number] = { targets: [{ user: 'ana' }, { user: 'ben' }], escalateAfter: '1d', acknowledge: 'each' };
  test('a dead letter of somebody who has answered is not sent after all', async () => {
    let isDown = true;
    const sent: string[] = [];
    const voice = {
      name: 'voice',
      async send({ to }: { to: { user?: string | undefined } }) {
        if (isDown) throw Object.assign(new Error('gone'), { permanent: true });
        sent.push(to.user ?? '');
      },
    };
    const { tocsin, pass } = world({
      notifiers: [voice],
      config: config({ users: people, escalationPolicies: [policy({ steps: [pair] })] }),
    });
    const id = await opened(tocsin);
    await pass(3 * MINUTE);
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    isDown = false;
    const dead = (await tocsin.deadLetters.list()).find(({ user }) => user === 'ana');
    expect(dead).toBeDefined();
    await tocsin.deadLetters.retry(dead!.id).catch(() => {});
    await pass(MINUTE);
    expect(sent.filter((user) => user === 'ana')).toEqual([]);
  });

  test('a raise tells whoever had answered the lesser one', async () => {
    const { tocsin, pass, news } = world({
      config: config({ users: people, escalationPolicies: [policy({ steps: [pair] })] }),
    });
    const id = await opened(tocsin, trigger('disk', { severity: 'SEV2' }));
    await pass(3 * MINUTE);
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    news();
    await tocsin.incidents.setSeverity(id, { severity: 'SEV1', by: 'chi' });
    await pass(0);
    expect(news().filter((line) => line.includes('ana sms'))).toEqual(['+3m ana sms step']);
  });

  test('a reminder of what can wait asks only whoever has not answered', async () => {
    const { tocsin, pass, news } = world({
      config: config({ users: people, escalationPolicies: [policy({ steps: [pair] })] }),
    });
    const id = await opened(tocsin, trigger('disk', { severity: 'SEV3' }));
    await pass(3 * MINUTE);
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    news();
    await pass(25 * HOUR, HOUR);
    expect(news().filter((line) => line.includes('ana'))).toEqual([]);
  });
});

describe('notices', () => {
  const quiet = { timeZone: 'UTC', quietHours: [{ from: '09:00', until: '12:00' }] };
  const status = ['resolved'] as const;
  test('what became private is not told to whoever does not respond, be it planned or not', async () => {
    const users = [person('ana'), person('ben', { ...quiet, notices: { status: [...status] } }), person('boss')];
    const { tocsin, pass, sms } = world({
      config: config({
        users,
        escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }, { user: 'ben' }] }] })],
      }),
    });
    const id = await opened(tocsin);
    await pass(MINUTE);
    await tocsin.incidents.resolve(id, { by: 'ana' });
    await pass(MINUTE);
    await tocsin.incidents.update(id, { visibility: 'private', title: 'Secret breach', by: 'ana' });
    const before = sms.sent.length;
    await pass(3 * HOUR, 10 * MINUTE);
    expect(sms.sent.slice(before).map(({ message }) => `${message.to.user} ${message.title}`)).toEqual([]);
  });

  test('nobody is told that something is resolved after it was opened again', async () => {
    const users = [person('ana'), person('ben', { ...quiet, notices: { status: [...status] } }), person('boss')];
    const { tocsin, pass, sms } = world({
      config: config({
        users,
        escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '1d' }] })],
      }),
    });
    const id = await opened(tocsin);
    await tocsin.incidents.assignRole(id, { role: 'commander', user: 'ben', by: 'ana' });
    await tocsin.incidents.resolve(id, { by: 'ana' });
    await pass(MINUTE);
    await tocsin.incidents.reopen(id, { by: 'ana' });
    const before = sms.sent.length;
    await pass(3 * HOUR, 10 * MINUTE);
    const told = sms.sent.slice(before).map(({ message }) => `${message.to.user} ${message.title}`);
    expect(told.filter((line) => line.includes('Resolved'))).toEqual([]);
  });
});

describe('directory', () => {
  test('people who do not exist are not asked about for ever', async () => {
    const asked: string[][] = [];
    const directory: Directory = {
      async user(id) {
        asked.push([id]);
        return undefined;
      },
      async users(ids) {
        asked.push([...ids]);
        return [];
      },
    };
    const { tocsin, pass } = world({ directory });
    const id = await opened(tocsin);
    for (let n = 0; n < 300; n += 1)
      await tocsin.incidents.addResponder(id, { user: `nobody-${n}`, by: 'ana' }).catch(() => {});
    await pass(10 * MINUTE);
    asked.length = 0;
    await pass(10 * MINUTE);
    expect(new Set(asked.flat()).size).toBeLessThan(50);
  });
});

describe('contacts', () => {
  test('a contact that was removed gets no page any more', async () => {
    let code = '';
    const mail: string[] = [];
    const email = {
      name: 'email',
      async send({ title, purpose }: { title: string; purpose: string }) {
        if (purpose === 'verification') code = title.replace(/\D/g, '');
        else mail.push(purpose);
      },
    };
    const { tocsin, pass } = world({ notifiers: [email] });
    const { id: via } = await tocsin.contacts.add({ user: 'ana', by: 'ana', notifier: 'email', address: 'a@x' });
    await pass(0);
    await tocsin.contacts.verify({ user: 'ana', contact: via, code, by: 'ana' });
    await opened(tocsin);
    await pass(MINUTE);
    await tocsin.contacts.remove({ user: 'ana', contact: via, by: 'ana' });
    await pass(4 * MINUTE);
    expect(mail).toEqual([]);
  });

  test('codes cannot be guessed by adding and removing', async () => {
    const { tocsin, pass } = world();
    let guesses = 0;
    for (let round = 0; round < 30; round += 1) {
      try {
        await tocsin.contacts.add({ user: 'ana', by: 'ana', id: 'x', notifier: 'sms', address: 'victim' });
      } catch {
        break;
      }
      await pass(0);
      for (;;) {
        try {
          await tocsin.contacts.verify({ user: 'ana', contact: 'x', code: 'nope', by: 'ana' });
        } catch (error) {
          guesses += 1;
          if ((error as { details: { why: string } }).details.why === 'attempts') break;
        }
      }
      await tocsin.contacts.remove({ user: 'ana', contact: 'x', by: 'ana' });
    }
    expect(guesses).toBeLessThanOrEqual(50);
  });
});

describe('double and lost pages', () => {
  test('somebody who was asked to join by mistake is still asked as whoever is on call', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.addResponder(id, { user: 'ana', by: 'boss' });
    await tocsin.incidents.removeResponder(id, { user: 'ana', by: 'boss' });
    await pass(4 * MINUTE);
    expect(news().filter((line) => line.includes('ana'))).not.toEqual([]);
  });

  test('somebody who is asked at a step and as a responder is called once', async () => {
    const { tocsin, pass, news } = world();
    const id = await opened(tocsin);
    await pass(MINUTE);
    await tocsin.incidents.addResponder(id, { user: 'ana', by: 'boss' });
    await pass(3 * MINUTE);
    expect(news().filter((line) => line.includes('ana voice'))).toHaveLength(1);
  });

  test('the slow contact of the fallback is used in the end', async () => {
    const users = [
      person('ana'),
      person('ben'),
      person('boss', {
        rules: {
          high: [
            { after: '0s', contact: 'sms' },
            { after: '20m', contact: 'voice' },
          ],
        },
      }),
    ];
    const { tocsin, pass, news } = world({ config: config({ users }) });
    await opened(tocsin);
    await pass(3 * HOUR);
    expect(news().filter((line) => line.includes('boss voice')).length).toBeGreaterThan(0);
  });

  test('the last step and the fallback do not both call the same person', async () => {
    const users = [
      person('ana'),
      person('ben'),
      person('boss', {
        rules: {
          high: [
            { after: '0s', contact: 'sms' },
            { after: '8m', contact: 'voice' },
          ],
        },
      }),
    ];
    const { tocsin, pass, news } = world({
      config: config({
        users,
        escalationPolicies: [policy({ steps: [{ targets: [{ user: 'boss' }], escalateAfter: '5m' }] })],
      }),
    });
    await opened(tocsin);
    await pass(14 * MINUTE);
    expect(news().filter((line) => line.includes('boss voice'))).toHaveLength(1);
  });
});

describe('privacy', () => {
  test('a private incident is not mirrored to a channel', async () => {
    const { tocsin, pass, sms } = world({
      config: config({
        users: people,
        channels: [{ id: 'room', notifier: 'sms', address: '#all' }],
        escalationPolicies: [policy({ steps: [{ targets: [{ channel: 'room' }, { user: 'ana' }] }] })],
      }),
    });
    await tocsin.incidents.open({ title: 'Secret breach', service: 'checkout', visibility: 'private', by: 'ana' });
    await pass(0);
    expect(sms.sent.map(({ message }) => `${message.to.user} ${message.to.contact}`)).toEqual(['ana sms']);
  });
});

describe('the directory of two processes', () => {
  test('what one could not store because the other was faster is stored in the end', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const answer = (id: string) => ({ id, contacts: [contact('sms', id)] });
    let isDown = false;
    const directory: Directory = {
      async user(id) {
        if (isDown) throw new Error('down');
        return answer(id);
      },
      async users(ids) {
        if (isDown) throw new Error('down');
        return ids.map(answer);
      },
    };
    // The first commit of people meets a faster one.
    let faults = 1;
    const flaky = {
      ...storage,
      async commit(changes: Parameters<typeof storage.commit>[0]) {
        const isPeople = changes.some(({ documents }) =>
          documents.some(({ collection }) => collection === 'directory'),
        );
        if (isPeople && faults-- > 0) return changes.map(() => 'conflict' as const);
        return storage.commit(changes);
      },
    };
    const given = config({
      users: [person('boss')],
      schedules: [],
      escalationPolicies: [policy({ steps: [{ targets: [{ user: 'dora' }] }], fallback: [{ user: 'boss' }] })],
    });
    const one = world({ clock, directory, storage: flaky as never, config: given });
    await opened(one.tocsin);
    await one.pass(5 * MINUTE);
    await one.tocsin.stop();
    isDown = true;
    const two = world({ directory, storage, config: given, clock });
    await opened(two.tocsin, trigger('two'));
    await two.pass(0);
    expect(two.news().some((line) => line.includes('dora'))).toBe(true);
  });
});

test('a directory that was away for a moment does not silence an incident for a quarter of an hour', async () => {
  let isDown = true;
  const answer = (id: string) => ({ id, contacts: [contact('sms', id)] });
  const directory: Directory = {
    async user(id) {
      if (isDown) throw new Error('down');
      return answer(id);
    },
    async users(ids) {
      if (isDown) throw new Error('down');
      return ids.map(answer);
    },
  };
  const { tocsin, pass, news } = world({
    directory,
    config: config({
      users: [],
      schedules: [],
      escalationPolicies: [policy({ steps: [{ targets: [{ user: 'dora' }] }], fallback: [{ user: 'emil' }] })],
    }),
  });
  await opened(tocsin);
  isDown = false;
  await pass(5 * MINUTE, 10_000);
  expect(news()).not.toEqual([]);
});
