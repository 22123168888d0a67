/**
 * Contacts that people add themselves: nobody is paged by one before its owner has confirmed it, and the code is nowhere.
 */
import { describe, expect, test } from 'vitest';
import { type Logger, memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { config, contact, HOUR, MINUTE, opened, refusal, T0, type World, world } from './world.ts';

const by = 'ana';
const NEW = { user: 'ana', by, notifier: 'voice', address: '+49170' };

/** The code of the last message, as its reader sees it. */
const codeOf = ({ sms, voice }: World, at = -1): string => {
  const sent = [...sms.sent, ...voice.sent].filter(({ message }) => message.purpose === 'verification');
  return /\d{6}/.exec(sent.at(at)?.message.title ?? '')?.[0] ?? 'none';
};

async function added(w: World, more: object = {}): Promise<string> {
  const { id } = await w.tocsin.contacts.add({ ...NEW, ...more });
  await w.pass(0);
  return id;
}

async function verified(w: World, more: object = {}): Promise<string> {
  const id = await added(w, more);
  await w.tocsin.contacts.verify({ user: 'ana', contact: id, code: codeOf(w), by });
  return id;
}

const paged = async (w: World) => {
  await opened(w.tocsin);
  await w.pass(4 * MINUTE);
  return [...w.sms.sent, ...w.voice.sent]
    .filter(({ message }) => message.purpose === 'step')
    .map(({ message }) => message.to.address);
};

describe('a contact that was added', () => {
  test('gets a code, and pages nobody before it is verified', async () => {
    const w = world();
    const contacts = await w.tocsin.contacts.add(NEW);
    expect(contacts).toEqual({
      id: 'voice-2',
      user: 'ana',
      notifier: 'voice',
      address: '+49170',
      origin: 'added',
      isVerified: false,
      addedAt: new Date(T0),
      addedBy: { kind: 'user', id: 'ana' },
    });
    await w.pass(0);
    const [message] = w.voice.sent.map((sent) => sent.message);
    expect(message).toMatchObject({ purpose: 'verification', actions: [], to: { user: 'ana', address: '+49170' } });
    expect(message?.title).toMatch(/^Your code is \d{6}$/);
    expect(await paged(w)).toEqual(['ana@sms', 'ana@voice']);
  });

  test('pages its owner after those of the configuration once it is verified', async () => {
    const w = world();
    const id = await verified(w);
    expect((await w.tocsin.contacts.list('ana')).map((one) => [one.id, one.origin, one.isVerified])).toEqual([
      ['sms', 'configuration', true],
      ['voice', 'configuration', true],
      [id, 'added', true],
    ]);
    expect(await paged(w)).toEqual(['ana@sms', 'ana@voice', '+49170']);
  });

  test('may be named by a rule, which is passed over for as long as it is not verified', async () => {
    const users = (config().users ?? []).map((user) =>
      user.id === 'ana'
        ? {
            ...user,
            rules: {
              high: [
                { contact: 'mine', added: true as const },
                { after: '1m', contact: 'sms' },
              ],
            },
          }
        : user,
    );
    const w = world({ config: config({ users }) });
    await added(w, { id: 'mine' });
    expect(await paged(w)).toEqual(['ana@sms']);
    await w.tocsin.contacts.verify({ user: 'ana', contact: 'mine', code: codeOf(w), by });
    w.news();
    await opened(w.tocsin, { action: 'trigger', dedupKey: 'net', title: 'Net', severity: 'critical' });
    await w.pass(MINUTE);
    expect(w.news()).toEqual(['+4m ana mine step', '+5m ana sms step', '+5m ben sms step']);
  });

  test('makes nobody unreachable whose rules name nothing else', async () => {
    const users = (config().users ?? []).map((user) =>
      user.id === 'ana' ? { ...user, rules: { high: [{ contact: 'mine', added: true as const }] } } : user,
    );
    expect(await paged(world({ config: config({ users }) }))).toEqual(['ana@sms', 'ana@voice']);
  });

  test('is gone when it is removed', async () => {
    const w = world();
    const id = await verified(w);
    await w.tocsin.contacts.remove({ user: 'ana', contact: id, by });
    expect(await w.tocsin.contacts.list('ana')).toHaveLength(2);
    expect(await paged(w)).toEqual(['ana@sms', 'ana@voice']);
    await refusal(() => w.tocsin.contacts.remove({ user: 'ana', contact: id, by }), 'CONTACT_NOT_FOUND');
    await refusal(() => w.tocsin.contacts.remove({ user: 'ana', contact: 'sms', by }), 'CONTACT_NOT_FOUND');
  });

  test('counts in every process at once', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const [one, other] = [world({ clock, storage }), world({ clock, storage })];
    await other.tocsin.contacts.list('ana');
    await verified(one);
    await opened(other.tocsin);
    const planned = await other.tocsin.deliveries.list();
    expect(planned.filter(({ purpose }) => purpose === 'step').map(({ address }) => address)).toContain('+49170');
  });
});

describe('a code', () => {
  test('is refused when it is wrong, and after five wrong ones even when it is right', async () => {
    const w = world();
    const id = await added(w);
    const right = codeOf(w);
    const wrong = right === '000000' ? '000001' : '000000';
    const verify = (code: string) =>
      refusal(() => w.tocsin.contacts.verify({ user: 'ana', contact: id, code, by }), 'CODE_REFUSED');
    const why = [];
    for (let attempt = 0; attempt < 5; attempt += 1) why.push((await verify(wrong)).details.why);
    expect(why).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'attempts']);
    expect((await verify(right)).details.why).toBe('attempts');
    expect((await w.tocsin.contacts.list('ana')).at(-1)?.isVerified).toBe(false);
    await w.tocsin.contacts.resend({ user: 'ana', contact: id, by });
    await w.pass(0);
    const { isVerified } = await w.tocsin.contacts.verify({ user: 'ana', contact: id, code: codeOf(w), by });
    expect(isVerified).toBe(true);
  });

  test('counts wrong ones that come at the same time', async () => {
    const w = world();
    const id = await added(w);
    const wrong = codeOf(w) === '000000' ? '000001' : '000000';
    await Promise.all(
      Array.from({ length: 8 }, () =>
        refusal(() => w.tocsin.contacts.verify({ user: 'ana', contact: id, code: wrong, by }), 'CODE_REFUSED'),
      ),
    );
    const error = await refusal(() => w.tocsin.contacts.verify({ user: 'ana', contact: id, code: codeOf(w), by }));
    expect(error.details.why).toBe('attempts');
  });

  test('expires after fifteen minutes', async () => {
    const w = world();
    const id = await added(w);
    await w.sleep(15 * MINUTE);
    const verify = () => w.tocsin.contacts.verify({ user: 'ana', contact: id, code: codeOf(w), by });
    expect((await refusal(verify, 'CODE_REFUSED')).details.why).toBe('expired');
  });

  test('does not count any more when another one was sent, which is done three times in an hour', async () => {
    const w = world();
    const id = await added(w);
    const resend = () => w.tocsin.contacts.resend({ user: 'ana', contact: id, by });
    for (let again = 0; again < 3; again += 1) {
      await resend();
      await w.pass(MINUTE);
    }
    const first = codeOf(w, 0);
    if (first !== codeOf(w))
      await refusal(() => w.tocsin.contacts.verify({ user: 'ana', contact: id, code: first, by }), 'CODE_REFUSED');
    const error = await refusal(resend, 'TOO_MANY_CODES');
    expect(error.retryable).toBe(true);
    expect(error.details.retryAt).toEqual(new Date(T0 + HOUR));
    await w.sleep(HOUR);
    await resend();
    await w.pass(0);
    await w.tocsin.contacts.verify({ user: 'ana', contact: id, code: codeOf(w), by });
    await refusal(resend, 'INVALID_TRANSITION');
  });

  test('cannot be had without end by adding contacts anew', async () => {
    const w = world();
    for (let time = 0; time < 10; time += 1) {
      const { id } = await w.tocsin.contacts.add(NEW);
      await w.tocsin.contacts.remove({ user: 'ana', contact: id, by });
    }
    await refusal(() => w.tocsin.contacts.add(NEW), 'TOO_MANY_CODES');
  });

  test('is in no list, no event, no log, no error, and not in what is stored of the contact', async () => {
    const seen: unknown[] = [];
    const log = (facts: unknown, message: string) => void seen.push(facts, message);
    const logger: Logger = { debug: log, info: log, warn: log, error: log };
    const w = world({ logger, onDeadLetter: (delivery) => void seen.push(delivery) });
    w.tocsin.on('delivery.sent', (news) => seen.push(news));
    w.tocsin.on('delivery.dead', (news) => seen.push(news));
    w.tocsin.on('delivery.retried', (news) => seen.push(news));
    const id = await added(w);
    const code = codeOf(w);
    seen.push(await w.tocsin.deliveries.list(), await w.tocsin.contacts.list('ana'));
    const wrong = code === '000000' ? '000001' : '000000';
    seen.push(await refusal(() => w.tocsin.contacts.verify({ user: 'ana', contact: id, code: wrong, by })));
    w.voice.failWith((message) => {
      throw new Error(`cannot say "${message.title}"`);
    });
    await w.tocsin.contacts.resend({ user: 'ana', contact: id, by });
    await w.pass(HOUR, MINUTE);
    const codes = [...w.voice.attempts].map(({ message }) => /\d{6}/.exec(message.title)?.[0] ?? 'none');
    expect(codes.length).toBeGreaterThan(2);
    seen.push(await w.tocsin.deliveries.list(), await w.tocsin.deadLetters.list());
    const { documents } = await w.storage.load({
      tenant: 'default',
      documents: [
        { collection: 'contacts', id: 'added' },
        { collection: 'contact-codes', id: 'ana' },
      ],
    });
    expect(documents).toHaveLength(2);
    const all = JSON.stringify([seen, documents], (_, value: unknown) =>
      value instanceof Error ? [value.message, { ...value }] : value,
    );
    for (const secret of [code, ...codes]) expect(all).not.toContain(secret);
  });
});

describe('what cannot be added', () => {
  test.each([
    ['an unknown user', { user: 'zoe' }, 'REFERENCE_UNKNOWN', 'user'],
    ['an unknown notifier', { notifier: 'pigeon' }, 'REFERENCE_UNKNOWN', 'notifier'],
    ['an id that is taken', { id: 'sms' }, 'INPUT_INVALID', 'id'],
    ['an empty address', { address: '' }, 'INPUT_INVALID', 'address'],
    ['an unknown field', { adress: 'x' }, 'INPUT_INVALID', 'adress'],
  ] as const)('%s is refused and sends nothing', async (_, more, code, path) => {
    const w = world();
    const error = await refusal(() => w.tocsin.contacts.add({ ...NEW, ...more }), code);
    expect(error.details.problems).toMatchObject([{ path }]);
    await w.pass(0);
    expect(w.voice.sent).toEqual([]);
  });

  test('is asked about by the host', async () => {
    const asked: unknown[] = [];
    const w = world({
      authorize: (actor, action, resource) => {
        asked.push([actor, action, resource]);
        return false;
      },
    });
    await refusal(() => w.tocsin.contacts.add(NEW), 'NOT_AUTHORIZED');
    expect(asked).toEqual([[{ kind: 'user', id: 'ana' }, 'contacts.add', { tenant: 'default', user: 'ana' }]]);
  });

  test('has a bound for one person', async () => {
    const w = world();
    for (let count = 0; count < 10; count += 1) {
      await added(w, { id: `c${count}` });
      await w.sleep(10 * MINUTE);
    }
    await w.sleep(HOUR);
    await refusal(() => w.tocsin.contacts.add({ ...NEW, id: 'more' }), 'INPUT_INVALID');
  });
});

test('what is stored and cannot be read pages nobody and is not overwritten', async () => {
  const w = world();
  await w.storage.commit([
    {
      commitId: 'broken',
      tenant: 'default',
      incidents: [],
      alerts: [],
      timers: [],
      withdrawals: [],
      deliveries: [],
      documents: [
        { collection: 'contacts', id: 'added', expectedVersion: 0, data: { rows: 'none' } },
        { collection: 'on-call-latest', id: 'latest', expectedVersion: 0, data: { latest: 'x' } },
      ],
      slots: [],
      counters: [],
    },
  ]);
  await refusal(() => w.tocsin.contacts.add(NEW), 'SNAPSHOT_UNREADABLE');
  expect(await paged(w)).toEqual(['ana@sms', 'ana@voice']);
  expect(w.log.join()).toContain('The contacts that people have added cannot be read');
  expect(contact('sms', 'ana').address).toBe('ana@sms');
});
