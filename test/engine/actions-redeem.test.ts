/**
 * Signed links and buttons: what each does, once, and everything that is refused.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RefusedNews } from '../../src/engine/bus.ts';
import { memoryStorage } from '../../src/index.ts';
import { mintActionToken, readActionToken } from '../../src/interactions/action-token.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { sqliteAt, temporaryPath } from '../storage/open-sqlite.ts';
import { answering, BASE_URL, minted, paged, SECRET, tokenOf, whyOf } from './action-worlds.ts';
import {
  config,
  contact,
  DAY,
  events,
  HOUR,
  incident,
  MINUTE,
  refusal,
  stands,
  T0,
  types,
  type World,
  world,
} from './world.ts';

const acknowledgements = async (w: World, id: string) =>
  (await types(w.tocsin, id)).filter((type) => type === 'incident.acknowledged').length;

describe('what a token says', () => {
  test('acknowledge: it is theirs to whom the message was sent, and nobody else is paged', async () => {
    const w = answering();
    const { id, message } = await paged(w);
    const done = await w.tocsin.actions.redeem(tokenOf(message));
    expect(done).toMatchObject({ action: 'acknowledge', user: 'ana', incident: { id, acknowledgedBy: ['ana'] } });
    expect((await events(w.tocsin, id)).at(-1)).toMatchObject({
      type: 'incident.acknowledged',
      by: { kind: 'user', id: 'ana' },
    });
    w.news();
    await w.pass(20 * MINUTE);
    expect(w.news()).toEqual([]);
  });

  test('escalate: the next step is asked at once', async () => {
    const w = answering();
    const { message } = await paged(w);
    w.news();
    await w.tocsin.actions.redeem(tokenOf(message, 'escalate'));
    await w.tocsin.tick();
    expect(w.news()).toEqual(['+0 ben sms step']);
  });

  test('snooze: nobody is asked for an hour', async () => {
    const w = answering();
    const { id, message } = await paged(w);
    w.news();
    await w.tocsin.actions.redeem(tokenOf(message, 'snooze'));
    expect(await stands(w.tocsin, id)).toBe('triage / snoozed');
    await w.pass(HOUR - 1, 10 * MINUTE);
    expect(w.news()).toEqual([]);
    await w.pass(1);
    expect(w.news()).toEqual(['+1h ana sms step']);
  });

  test.each(['accept', 'decline'] as const)('%s: whoever was asked to join has answered', async (action) => {
    const w = answering();
    const { id } = await paged(w);
    await w.tocsin.incidents.addResponder(id, { by: 'ana', user: 'ben' });
    await w.tocsin.tick();
    const { message } = w.sms.sent.at(-1)!;
    expect([message.purpose, message.actions.map((one) => one.id)]).toEqual(['responder', ['accept', 'decline']]);
    await w.tocsin.actions.redeem(tokenOf(message, action));
    expect((await incident(w.tocsin, id)).responders.ben).toBe(`${action}${action === 'accept' ? 'ed' : 'd'}`);
  });

  test('resolve and unacknowledge, which no message offers, do what the commands do', async () => {
    const w = answering();
    const { id } = await paged(w);
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    await w.tocsin.actions.redeem(minted(id, 'unacknowledge'));
    expect(await incident(w.tocsin, id)).toMatchObject({ acknowledgedBy: [], paging: 'escalating' });
    await w.tocsin.actions.redeem(minted(id, 'resolve'));
    expect(await stands(w.tocsin, id)).toBe('resolved / quiet');
  });
});

describe('a token', () => {
  test('counts for a day from its message, and not at the end of it', async () => {
    const w = answering();
    const [first, second] = [await paged(w, 'a'), await paged(w, 'b')];
    await w.sleep(DAY - 1);
    await w.tocsin.actions.redeem(tokenOf(first.message));
    await w.sleep(1);
    expect(await whyOf(() => w.tocsin.actions.redeem(tokenOf(second.message)))).toBe('expired');
    expect(await whyOf(() => w.tocsin.actions.peek(tokenOf(second.message)))).toBe('expired');
  });

  test('counts by the clock of the storage, whatever the process believes', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const w = answering({ clock, storage });
    const behind = answering({ clock: virtualClock({ start: T0 - 10 * DAY }), storage });
    const { message } = await paged(w);
    await w.sleep(DAY);
    expect(await whyOf(() => behind.tocsin.actions.redeem(tokenOf(message)))).toBe('expired');
  });

  test('that was changed anywhere does not count', async () => {
    const w = answering();
    const { id, message } = await paged(w);
    const token = tokenOf(message);
    for (let at = 0; at < token.length; at++) {
      const bit = 1 << (at % 7);
      const changed = token.slice(0, at) + String.fromCharCode(token.charCodeAt(at) ^ bit) + token.slice(at + 1);
      expect(['forged', 'malformed']).toContain(await whyOf(() => w.tocsin.actions.redeem(changed)));
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.string({ maxLength: 3 }), fc.nat(3), async (at, put, gone) => {
        const changed = token.slice(0, at) + put + token.slice(at + gone);
        fc.pre(changed !== token);
        expect(['forged', 'malformed']).toContain(await whyOf(() => w.tocsin.actions.redeem(changed)));
      }),
    );
    expect(await acknowledgements(w, id)).toBe(0);
    await w.tocsin.actions.redeem(token);
  });

  test.each([undefined, null, 5, {}, '', 'x'.repeat(5_000), ['t1.a.b']])('that is %j is none', async (token) => {
    const w = answering();
    expect(await whyOf(() => w.tocsin.actions.redeem(token as string))).toBe('malformed');
    expect(await whyOf(() => w.tocsin.actions.peek(token as string))).toBe('malformed');
  });

  test('counts once, and the second time says so', async () => {
    const w = answering();
    const { id, message } = await paged(w);
    await w.tocsin.actions.redeem(tokenOf(message));
    expect(await whyOf(() => w.tocsin.actions.redeem(tokenOf(message)))).toBe('used');
    expect(await acknowledgements(w, id)).toBe(1);
  });

  test('that was used does not come back when what it did is taken back', async () => {
    const w = answering();
    const { id, message } = await paged(w);
    await w.tocsin.actions.redeem(tokenOf(message));
    await w.tocsin.incidents.unacknowledge(id, { by: 'ana' });
    expect(await whyOf(() => w.tocsin.actions.redeem(tokenOf(message)))).toBe('used');
    expect(await stands(w.tocsin, id)).toBe('triage / escalating');
  });

  test('of another delivery of the same page counts for itself, and adds nothing', async () => {
    const w = answering();
    const { id, message } = await paged(w);
    await w.pass(2 * MINUTE);
    const call = w.voice.sent[0]!.message;
    await w.tocsin.actions.redeem(tokenOf(message));
    await w.tocsin.actions.redeem(tokenOf(call));
    expect(await acknowledgements(w, id)).toBe(1);
    expect(await whyOf(() => w.tocsin.actions.redeem(tokenOf(call)))).toBe('used');
  });

  test('of another tenant is refused, and nothing of it is told', async () => {
    const w = answering();
    const { message } = await paged(w);
    const other = w.tocsin.forTenant('other', { config: config() });
    const error = await refusal(() => other.actions.redeem(tokenOf(message)), 'ACTION_REFUSED');
    expect(error.details).toEqual({ why: 'foreign', tenant: 'other' });
    expect(await whyOf(() => other.actions.peek(tokenOf(message)))).toBe('foreign');
    await w.tocsin.actions.redeem(tokenOf(message));
  });

  test('of another incident than is expected is refused and stays good', async () => {
    const w = answering();
    const { id, message } = await paged(w);
    expect(await whyOf(() => w.tocsin.actions.redeem(tokenOf(message), { incident: 'another' }))).toBe('foreign');
    await w.tocsin.actions.redeem(tokenOf(message), { incident: id });
  });

  test.each(['resolved', 'closed', 'dismissed', 'merged'] as const)(
    'of an incident that is %s does nothing, says so, and is not used up',
    async (end) => {
      const w = answering();
      const { id, message } = await paged(w);
      const { id: target } = await paged(w, 'target');
      const { incidents } = w.tocsin;
      if (end === 'merged') await incidents.merge(id, { into: target, by: 'ana' });
      else if (end === 'dismissed') await incidents.dismiss(id, { by: 'ana' });
      else await incidents.resolve(id, { by: 'ana' });
      if (end === 'closed') await incidents.close(id, { by: 'ana' });
      for (let again = 0; again < 2; again++) {
        const error = await refusal(() => w.tocsin.actions.redeem(tokenOf(message)), 'INVALID_TRANSITION');
        expect(error.details).toMatchObject({ incident: id, state: { phase: end } });
      }
      expect(await w.tocsin.actions.peek(tokenOf(message))).toMatchObject({ isOpen: false, incident: { phase: end } });
      if (end !== 'resolved') return;
      await incidents.reopen(id, { by: 'ana' });
      await w.tocsin.actions.redeem(tokenOf(message));
      expect((await incident(w.tocsin, id)).acknowledgedBy).toEqual(['ana']);
    },
  );

  test('of an incident that was never there names it as missing', async () => {
    const w = answering();
    expect((await refusal(() => w.tocsin.actions.redeem(minted('gone', 'acknowledge')))).code).toBe(
      'INCIDENT_NOT_FOUND',
    );
    expect(await whyOf(() => w.tocsin.actions.peek(minted('gone', 'acknowledge')))).toBe('expired');
  });
});

describe('secrets', () => {
  const later = (storage: World['storage'], clock: World['clock'], secrets: readonly string[]) =>
    answering({ storage, clock, secrets });

  test('that are replaced count for as long as they are listed', async () => {
    const w = answering();
    const [a, b] = [await paged(w, 'a'), await paged(w, 'b')];
    const fresh = 'only this test knows the second secret';
    await later(w.storage, w.clock, [fresh, SECRET]).tocsin.actions.redeem(tokenOf(a.message));
    expect(await whyOf(() => later(w.storage, w.clock, [fresh]).tocsin.actions.redeem(tokenOf(b.message)))).toBe(
      'forged',
    );
  });

  test('the first of them signs', async () => {
    const fresh = 'only this test knows the second secret';
    const w = answering({ secrets: [fresh, SECRET] });
    const { message } = await paged(w);
    expect([fresh, SECRET].map((secret) => readActionToken(tokenOf(message), [secret], T0).ok)).toEqual([true, false]);
  });

  test('without them a token is no use, and says what is missing', async () => {
    const w = answering();
    const { message } = await paged(w);
    const bare = world({ storage: w.storage, clock: w.clock });
    for (const work of [
      () => bare.tocsin.actions.redeem(tokenOf(message)),
      () => bare.tocsin.actions.peek(tokenOf(message)),
    ]) {
      const error = await refusal(work, 'INPUT_INVALID');
      expect(error.details.problems).toMatchObject([{ path: 'secrets' }]);
    }
  });
});

describe('to look', () => {
  test('changes nothing, however often', async () => {
    const w = answering();
    const { id, message } = await paged(w);
    const before = [await incident(w.tocsin, id), await events(w.tocsin, id)];
    const commit = w.storage.commit.bind(w.storage);
    let commits = 0;
    Object.assign(w.storage, {
      commit: (changes: Parameters<typeof commit>[0]) => {
        commits += 1;
        return commit(changes);
      },
    });
    for (let look = 0; look < 50; look++)
      expect(await w.tocsin.actions.peek(tokenOf(message))).toMatchObject({
        action: 'acknowledge',
        user: 'ana',
        isOpen: true,
        incident: { id },
      });
    expect([await incident(w.tocsin, id), await events(w.tocsin, id), commits]).toEqual([...before, 0]);
    await w.tocsin.actions.redeem(tokenOf(message));
    expect(commits).toBe(1);
    expect(await w.tocsin.actions.peek(tokenOf(message))).toMatchObject({ isOpen: false });
  });

  test('is answered in the language of whoever was asked, in the words of the host', async () => {
    const users = config().users!.map((user) => ({ ...user, locale: 'de-AT' }));
    const w = answering({ config: config({ users }), texts: { de: { acknowledge: 'Quittieren' } } });
    const { message } = await paged(w);
    expect(await w.tocsin.actions.peek(tokenOf(message))).toMatchObject({ locale: 'de', label: 'Quittieren' });
  });
});

describe('who presses', () => {
  test('is whoever the host names, or whoever has the address', async () => {
    const w = answering();
    const [a, b] = [await paged(w, 'a'), await paged(w, 'b')];
    expect((await w.tocsin.actions.redeem(tokenOf(a.message), { by: 'boss' })).user).toBe('boss');
    const from = { notifier: 'sms', address: 'ben@sms' };
    expect((await w.tocsin.actions.redeem(tokenOf(b.message), { from })).user).toBe('ben');
    const said = (await events(w.tocsin, b.id)).find(({ type }) => type === 'incident.acknowledged');
    expect(said?.by).toEqual({ kind: 'user', id: 'ben' });
  });

  test('on a button in a channel is told from the channel; of a stranger nothing is taken', async () => {
    const w = answering();
    const { id } = await paged(w);
    const button = minted(id, 'acknowledge', {});
    const by = (address: string) => () => w.tocsin.actions.redeem(button, { from: { notifier: 'sms', address } });
    expect(await whyOf(() => w.tocsin.actions.redeem(button))).toBe('unknown-person');
    expect(await whyOf(by('stranger@sms'))).toBe('unknown-person');
    expect(await by('ben@sms')()).toMatchObject({ user: 'ben' });
  });

  test.each([
    [{ who: 'ana' }, 'who'],
    [{ from: null }, 'from'],
    [{ from: { notifier: 'sms' } }, 'from.address'],
    [{ by: '' }, 'by'],
    [{ by: 5 }, 'by'],
    [null, ''],
  ])('given as %j is refused before anything is done', async (options, path) => {
    const w = answering();
    const { id, message } = await paged(w);
    const error = await refusal(() => w.tocsin.actions.redeem(tokenOf(message), options as object), 'INPUT_INVALID');
    expect(error.details.problems).toMatchObject([{ path }]);
    expect(await acknowledgements(w, id)).toBe(0);
  });

  test('has to be allowed to, and a token that is refused so is not used up', async () => {
    const asked: unknown[] = [];
    let isAllowed = false;
    const w = answering({
      authorize: (by, action, resource) => {
        asked.push([by, action, resource]);
        return isAllowed;
      },
    });
    const { id, message } = await paged(w);
    await refusal(() => w.tocsin.actions.redeem(tokenOf(message)), 'NOT_AUTHORIZED');
    expect(asked).toEqual([[{ kind: 'user', id: 'ana' }, 'acknowledge', { tenant: 'default', incidentId: id }]]);
    isAllowed = true;
    await w.tocsin.actions.redeem(tokenOf(message));
  });
});

describe('at the same moment', () => {
  async function race(worlds: readonly World[], first: World) {
    const { id, message } = await paged(first);
    const token = tokenOf(message);
    const presses = Array.from({ length: 8 }, (_, at) => worlds[at % worlds.length]!.tocsin.actions.redeem(token));
    const ends = await Promise.allSettled(presses);
    const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.details.why] : []));
    expect(lost).toEqual(Array(7).fill('used'));
    expect(await acknowledgements(first, id)).toBe(1);
  }

  test('two processes take one token: exactly one press counts, with one event', async () => {
    const one = answering();
    await race([one, answering({ storage: one.storage, clock: one.clock })], one);
  });

  test('so they do on one SQLite file', async () => {
    const path = temporaryPath();
    const now = Date.now();
    const clock = virtualClock({ start: now });
    const one = answering({ storage: sqliteAt(path), clock });
    await race([one, answering({ storage: sqliteAt(path), clock })], one);
  });

  test('a press that met a conflict is decided anew, and takes the token once', async () => {
    const w = answering();
    const { id, message } = await paged(w);
    const commit = w.storage.commit.bind(w.storage);
    let conflicts = 3;
    Object.assign(w.storage, {
      async commit(changes: Parameters<typeof commit>[0]) {
        if (conflicts-- <= 0) return commit(changes);
        // Somebody else is faster with something else.
        return changes.map(() => 'conflict' as const);
      },
    });
    await w.tocsin.actions.redeem(tokenOf(message));
    expect(await whyOf(() => w.tocsin.actions.redeem(tokenOf(message)))).toBe('used');
    expect(await acknowledgements(w, id)).toBe(1);
  });

  test('a press whose commit failed is not used up', async () => {
    const w = answering();
    const { message } = await paged(w);
    const commit = w.storage.commit.bind(w.storage);
    Object.assign(w.storage, { commit: () => Promise.reject(new Error('gone away')) });
    await refusal(() => w.tocsin.actions.redeem(tokenOf(message)), 'STORAGE_UNAVAILABLE');
    Object.assign(w.storage, { commit });
    await w.tocsin.actions.redeem(tokenOf(message));
  });
});

describe('a refusal', () => {
  test('is told to listeners and logged, without the token', async () => {
    const logged: string[] = [];
    const say = (facts: object, message: string) => void logged.push(JSON.stringify([facts, message]));
    const w = answering({ logger: { debug: say, info: say, warn: say, error: say } });
    const heard: RefusedNews[] = [];
    w.tocsin.on('action.refused', (news) => heard.push(news));
    const { id, message } = await paged(w);
    const token = tokenOf(message);
    await w.tocsin.actions.redeem(token);
    await whyOf(() => w.tocsin.actions.redeem(token));
    await whyOf(() => w.tocsin.actions.redeem(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`));
    await whyOf(() => w.tocsin.actions.peek('t1.nonsense'));
    expect(heard).toEqual([
      { type: 'action.refused', why: 'used', tenant: 'default', action: 'acknowledge', incidentId: id, user: 'ana' },
      { type: 'action.refused', why: 'forged', tenant: 'default' },
      { type: 'action.refused', why: 'malformed', tenant: 'default' },
    ]);
    expect(logged.filter((line) => line.includes('An answer was refused.'))).toHaveLength(3);
    for (const text of [...logged, JSON.stringify(heard)]) expect(text).not.toContain(token.slice(0, 20));
  });
});

describe('a host', () => {
  test.each([
    [[], 'secrets'],
    [['hunter2'], 'secrets/0'],
    [[SECRET, 'x'.repeat(23)], 'secrets/1'],
    [Array(11).fill(SECRET), 'secrets'],
    [SECRET, 'secrets'],
    [[SECRET, 5], 'secrets/1'],
  ])('that gives %j as secrets is told which one is wrong, and none is repeated', async (secrets, place) => {
    const error = await refusal(() => world({ secrets: secrets as string[] }), 'INPUT_INVALID');
    expect(error.details.problems).toMatchObject([{ path: `/${place}` }]);
    const said = `${error.message} ${JSON.stringify(error.details)} ${error.stack}`;
    for (const secret of [SECRET, 'hunter2', 'x'.repeat(23)]) expect(said).not.toContain(secret);
  });

  test.each([
    'http://ops.example.com',
    'ftp://ops.example.com',
    'javascript:alert(1)',
    'ops.example.com',
    'https://user:password@ops.example.com',
    'https://ops.example.com/?a=1',
    'https://ops.example.com/#a',
    '',
    5,
    null,
  ])('that serves its pages at %j is refused', async (baseUrl) => {
    const error = await refusal(() => world({ secrets: [SECRET], baseUrl: baseUrl as string }), 'INPUT_INVALID');
    expect(error.details.problems).toMatchObject([{ path: 'baseUrl' }]);
    expect(error.message).not.toContain('password');
  });

  test('needs secrets for its links', async () => {
    const error = await refusal(() => world({ baseUrl: BASE_URL }), 'INPUT_INVALID');
    expect(error.message).toContain('secrets');
  });

  test('may try things out on its own machine', async () => {
    const w = answering({ baseUrl: 'http://localhost:8080/' });
    const { message } = await paged(w);
    expect(message.actions[0]?.url).toBe(`http://localhost:8080/answer/${tokenOf(message)}`);
  });

  test('may sign tokens of its own with the same secrets', async () => {
    const w = answering();
    const { id } = await paged(w);
    const claims = {
      id: 'mine',
      tenant: 'default',
      incident: id,
      action: 'resolve',
      user: 'boss',
      expiresAt: T0 + 1,
    } as const;
    expect(await w.tocsin.actions.redeem(mintActionToken(claims, [SECRET]))).toMatchObject({ user: 'boss' });
  });
});

test('whoever was removed from the configuration answers nothing more, whatever they were sent', async () => {
  const w = answering();
  const { message } = await paged(w);
  const users = ['ben', 'boss'].map((id) => ({ id, contacts: [contact('sms', id)] }));
  const given = config({
    users,
    schedules: [],
    escalationPolicies: [{ ...config().escalationPolicies[0]!, steps: [{ targets: [{ user: 'ben' }] }] }],
  });
  const now = answering({
    storage: w.storage,
    clock: w.clock,
    config: given,
  });
  const refused = await refusal(() => now.tocsin.actions.redeem(tokenOf(message)), 'ACTION_REFUSED');
  expect(refused.details.why).toBe('unknown-person');
});
