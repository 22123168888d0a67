/**
 * Round-robin: one person of a step at a time, and whose turn it is next.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plan } from '../../../src/core/paging/plan-page.ts';
import { dealTurn } from '../../../src/core/paging/round-robin.ts';
import type { ConfigInput } from '../../../src/model/config.ts';
import type { Target } from '../../../src/model/escalation.ts';
import type { Turn } from '../../../src/model/page.ts';
import { incident, ladder, names, rung, T0, world } from './world.ts';

const OF = '["default",1]';
const people = world();
const deal = (targets: readonly Target[], last?: Turn, shop = people, passOver?: (user: string) => boolean) =>
  dealTurn(targets, shop, {
    of: OF,
    last,
    at: T0,
    urgency: 'high',
    passOver: ({ user }) => (passOver?.(user) ? 'gated' : undefined),
  });
const users = (...ids: readonly string[]): readonly Target[] => ids.map((user) => ({ user }));
const turn = (place: number, user: string): Turn => ({ of: OF, place, user });

describe('of those whom a step names one is asked', () => {
  const three = users('ana', 'ben', 'chi');

  test('the first one, when nobody was asked before', () => {
    const { recipients, turn: next, unreached } = deal(three);
    expect(names(recipients)).toEqual(['ana']);
    expect(next).toEqual(turn(0, 'ana'));
    expect(unreached).toEqual([]);
  });

  test('the one after the last, and after the last of all the first', () => {
    expect(names(deal(three, turn(0, 'ana')).recipients)).toEqual(['ben']);
    expect(names(deal(three, turn(2, 'chi')).recipients)).toEqual(['ana']);
  });

  test('whoever stands in the place of the last one now, when that one is gone', () => {
    expect(names(deal(users('ana', 'chi'), turn(1, 'ben')).recipients)).toEqual(['chi']);
    expect(names(deal(users('ana'), turn(7, 'ben')).recipients)).toEqual(['ana']);
  });

  test('the next who can be reached; whoever cannot is passed over and told of', () => {
    const { recipients, unreached } = deal(users('ana', 'mute', 'nobody', 'chi'), turn(0, 'ana'));
    expect(names(recipients)).toEqual(['chi']);
    expect(unreached).toEqual([
      { target: { user: 'mute' }, user: 'mute', why: 'no contact' },
      { target: { user: 'nobody' }, user: 'nobody', why: 'no such user' },
    ]);
  });

  test("nobody when none of them can be reached, and then it is nobody's turn", () => {
    expect(deal(users('mute'), turn(0, 'ana'))).toEqual({
      recipients: [],
      unreached: [{ target: { user: 'mute' }, user: 'mute', why: 'no contact' }],
    });
    expect(deal([{ schedule: 'gone' }])).toEqual({
      recipients: [],
      unreached: [{ target: { schedule: 'gone' }, why: 'there is no schedule gone' }],
    });
  });

  test('beside whoever is asked every channel mirrors the page', () => {
    expect(names(deal([{ channel: 'room' }, ...three, { channel: 'room' }]).recipients)).toEqual(['ana', '#room']);
  });

  test('somebody who is named twice has one turn', () => {
    const shop: readonly Target[] = [{ team: 'crowd', everyone: true }, { user: 'ben' }, { user: 'ana' }];
    expect([deal(shop), deal(shop, turn(0, 'ben')), deal(shop, turn(1, 'chi'))].map(({ turn: next }) => next)).toEqual([
      turn(0, 'ben'),
      turn(1, 'chi'),
      turn(2, 'ana'),
    ]);
  });
});

describe('a page of a round-robin', () => {
  const shared = incident({ ladder: ladder(rung(users('ana', 'ben'), { strategy: 'round-robin', turns: OF })) });

  test('says whose turn it was', () => {
    expect(
      plan({ type: 'requestPage', purpose: 'step' }, shared, { ...people, lastTurn: () => turn(0, 'ana') }),
    ).toMatchObject({
      type: 'page.requested',
      recipients: [{ user: 'ben' }],
      turn: turn(1, 'ben'),
    });
  });

  test('asks for the turns of its own step, and begins with the first person when none is known', () => {
    const asked: string[] = [];
    const lastTurn = (of: string) => void asked.push(of) as undefined;
    expect(plan({ type: 'requestPage', purpose: 'step' }, shared, { ...people, lastTurn })).toMatchObject({
      turn: turn(0, 'ana'),
    });
    expect(asked).toEqual([OF]);
    expect(plan({ type: 'requestPage', purpose: 'step' }, shared, people)).toMatchObject({ turn: turn(0, 'ana') });
  });

  test('that reaches nobody says so, and takes no turn', () => {
    const empty = incident({ ladder: ladder(rung(users('mute'), { strategy: 'round-robin' })) });
    expect(plan({ type: 'requestPage', purpose: 'step' }, empty, people)).toMatchObject({
      type: 'page.nobody',
      reason: 'nobody',
    });
    expect(plan({ type: 'requestPage', purpose: 'step' }, empty, people)).not.toHaveProperty('turn');
  });

  test('asks whoever had acknowledged as well', () => {
    const again = { ...shared, repage: ['chi'] };
    expect(plan({ type: 'requestPage', purpose: 'step' }, again, people)).toMatchObject({
      recipients: [{ user: 'ana' }, { user: 'chi', reason: { target: { repage: true } } }],
    });
  });
});

test('in any number of turns nobody is asked more than once more than anybody else who can be reached', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom('ana', 'ben', 'chi', 'mute', 'gone'), { minLength: 1 }),
      fc.integer({ min: 1, max: 30 }),
      (ids, count) => {
        let last: Turn | undefined;
        const asked = new Map<string, number>(
          ids.filter((id) => id !== 'mute' && id !== 'gone').map((id) => [id, 0] as const),
        );
        for (let n = 0; n < count; n += 1) {
          const dealt = deal(users(...ids), last);
          expect(dealt.turn === undefined).toBe(asked.size === 0);
          last = dealt.turn ?? last;
          if (dealt.turn !== undefined) asked.set(dealt.turn.user, (asked.get(dealt.turn.user) ?? 0) + 1);
        }
        const counts = [...asked.values()];
        if (counts.length > 0) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      },
    ),
    { seed: 20_260_105 },
  );
});

test('whoever is passed over once has no lasting disadvantage: everybody else goes on in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('ana', 'ben', 'chi', ''), { minLength: 1, maxLength: 20 }), (closed) => {
      const order = ['ana', 'ben', 'chi'];
      let last: Turn | undefined;
      for (const shut of closed) {
        const dealt = deal(users(...order), last, people, (user) => user === shut);
        const from = last === undefined ? 0 : order.indexOf(last.user) + 1;
        const expected = [0, 1, 2].map((n) => order[(from + n) % 3]).find((user) => user !== shut);
        expect(dealt.turn?.user).toBe(expected);
        last = dealt.turn;
      }
    }),
    { seed: 20_260_105 },
  );
});

describe('ten thousand people in one step', () => {
  const many = Array.from({ length: 10_000 }, (_, n) => `u${n}`);
  const crowd = (contacts: readonly { notifier: string; address: string }[]): Partial<ConfigInput> => ({
    users: [
      { id: 'ben', contacts: [{ notifier: 'sms', address: '+2' }] },
      ...many.map((id) => ({ id, contacts: [...contacts] })),
    ],
    teams: Array.from({ length: 10 }, (_, n) => ({ id: `t${n}`, members: many.slice(n * 1_000, (n + 1) * 1_000) })),
    channels: [],
    schedules: [],
    escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ben' }] }], fallback: [{ user: 'ben' }] }],
  });
  const all: readonly Target[] = Array.from({ length: 10 }, (_, n) => ({ team: `t${n}`, everyone: true }));
  const step = (shop: ReturnType<typeof world>, strategy: 'all' | 'round-robin') =>
    plan({ type: 'requestPage', purpose: 'step' }, incident({ ladder: ladder(rung(all, { strategy })) }), shop);

  test('are asked one after the other, or all at once', () => {
    const shop = world(crowd([{ notifier: 'sms', address: '+1' }]));
    expect(step(shop, 'round-robin')).toMatchObject({ recipients: [{ user: 'u0' }] });
    expect(step(shop, 'all')).toMatchObject({ type: 'page.requested', recipients: { length: 10_000 } });
  });

  test('of whom none can be reached leave a short trace', () => {
    const shop = world(crowd([]));
    for (const strategy of ['all', 'round-robin'] as const)
      expect(step(shop, strategy)).toMatchObject({
        type: 'page.nobody',
        trace: { unreached: { length: 200 }, unreachedCount: 10_000 },
      });
  });
});
