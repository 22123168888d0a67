/**
 * Ladders: the copy of an escalation policy, and the way up it.
 */
import { describe, expect, test } from 'vitest';
import { buildLadder, firstPosition, nextPosition, rungAt, samePosition } from '../../../src/core/escalation/ladder.ts';
import { escalationPolicySchema, ladderSchema } from '../../../src/model/escalation.ts';

const policy = (id: string, more: object = {}) =>
  escalationPolicySchema.parse({
    id,
    steps: [{ targets: [{ schedule: 'primary' }] }],
    fallback: [{ user: 'boss' }],
    ...more,
  });
const known = (...policies: ReturnType<typeof policy>[]) => new Map(policies.map((one) => [one.id, one]));

describe('building', () => {
  test('a policy with nothing but its steps and its fallback gets the defaults, in milliseconds', () => {
    expect(buildLadder('default', known(policy('default')))).toStrictEqual({
      policyId: 'default',
      rungs: [{ targets: [{ schedule: 'primary' }], waitMs: 300_000, strategy: 'all' }],
      loops: 1,
      fallback: [{ user: 'boss' }],
      fallbackEveryMs: 900_000,
      acknowledgeTimeoutMs: 1_800_000,
      repageOn: ['severityRaised'],
    });
  });

  test('everything a policy says is copied', () => {
    const steps = [
      {
        targets: [{ user: 'ana' }, { channel: 'ops' }],
        escalateAfter: '90s',
        strategy: 'round-robin',
        when: 'env="prod"',
      },
      { targets: [{ team: 'checkout', everyone: true }], escalateAfter: '1h', acknowledge: 'first' },
    ];
    const written = policy('p', {
      steps,
      repeat: 2,
      repeatDelay: '20m',
      acknowledge: 'each',
      fallbackEvery: '10m',
      acknowledgeTimeout: 'off',
      repageOn: ['newAlert'],
    });
    expect(buildLadder('p', known(written))).toStrictEqual({
      policyId: 'p',
      rungs: [
        {
          targets: [{ user: 'ana' }, { channel: 'ops' }],
          waitMs: 90_000,
          strategy: 'round-robin',
          turns: '["p",1]',
          acknowledge: 'each',
          when: 'env="prod"',
        },
        { targets: [{ team: 'checkout', everyone: true }], waitMs: 3_600_000, strategy: 'all' },
      ],
      loops: 3,
      repeatDelayMs: 1_200_000,
      fallback: [{ user: 'boss' }],
      fallbackEveryMs: 600_000,
      acknowledgeTimeoutMs: null,
      repageOn: ['newAlert'],
    });
  });

  test('the end of a wait is copied with the dates of its holidays, whatever becomes of their calendar', () => {
    const escalateAt = {
      time: '09:00',
      timeZone: 'Europe/Berlin',
      weekdays: ['MO'],
      holidays: { calendar: 'berlin', are: 'excluded' },
    };
    const written = policy('p', { steps: [{ targets: [{ user: 'ana' }], escalateAt }] });
    const calendars = new Map([['berlin', ['2026-05-01']]]);
    const until = { ...escalateAt, holidays: { dates: ['2026-05-01'], are: 'excluded' } };
    expect(buildLadder('p', known(written), calendars).rungs).toStrictEqual([
      { targets: [{ user: 'ana' }], waitMs: 300_000, until, strategy: 'all' },
    ]);
    expect(buildLadder('p', known(written)).rungs[0]?.until?.holidays).toEqual({ dates: [], are: 'excluded' });
  });

  test('a ladder that was stored before there was any of that can be read, and one that has it too', () => {
    const old = buildLadder('default', known(policy('default')));
    expect(ladderSchema.parse(JSON.parse(JSON.stringify(old)))).toEqual(old);
    const escalateAt = { time: '09:00', timeZone: 'UTC', holidays: { calendar: 'c', are: 'only' } };
    const steps = [{ targets: [{ schedule: 'primary', who: 'next' }], strategy: 'round-robin', escalateAt }];
    const fresh = buildLadder('p', known(policy('p', { steps, acknowledge: 'each', repeatDelay: '5m' })));
    expect(ladderSchema.parse(JSON.parse(JSON.stringify(fresh)))).toEqual(fresh);
  });

  test('policies that follow when a ladder is exhausted are copied with it', () => {
    const all = known(
      policy('a', { onExhausted: { policy: 'b' } }),
      policy('b', { onExhausted: { policy: 'c' }, repeat: 1 }),
      policy('c'),
    );
    const ladder = buildLadder('a', all);
    expect([ladder.policyId, ladder.next?.policyId, ladder.next?.next?.policyId]).toEqual(['a', 'b', 'c']);
    expect(ladder.next?.loops).toBe(2);
    expect(ladder.next?.next).not.toHaveProperty('next');
  });

  test('a policy that does not exist is refused by name', () => {
    const refused = (policyId: string) =>
      expect.objectContaining({
        code: 'REFERENCE_UNKNOWN',
        message: `Cannot climb escalation policy ${policyId}: there is none of that id.`,
        details: { policyId },
      });
    expect(() => buildLadder('nope', new Map())).toThrow(refused('nope'));
    expect(() => buildLadder('a', known(policy('a', { onExhausted: { policy: 'gone' } })))).toThrow(refused('gone'));
  });

  test('policies that follow each other in a circle are refused, and the circle is named', () => {
    const all = known(policy('a', { onExhausted: { policy: 'b' } }), policy('b', { onExhausted: { policy: 'a' } }));
    expect(() => buildLadder('a', all)).toThrow(
      expect.objectContaining({
        code: 'REFERENCE_UNKNOWN',
        message: 'Cannot climb escalation policy a: `onExhausted` runs in a circle (a -> b -> a).',
        details: { policyId: 'a', circle: 'a -> b -> a' },
      }),
    );
    expect(() => buildLadder('s', known(policy('s', { onExhausted: { policy: 's' } })))).toThrow('(s -> s)');
  });
});

describe('climbing', () => {
  const steps = [{ targets: [{ user: 'ana' }] }, { targets: [{ user: 'ben' }] }];
  const ladder = buildLadder('p', known(policy('p', { steps, repeat: 1 })));

  test('begins at the first rung of the first round, or at the rung that was asked for', () => {
    expect(firstPosition(3)).toEqual({ cycle: 3, loop: 1, step: 1 });
    expect(firstPosition(3, 2)).toEqual({ cycle: 3, loop: 1, step: 2 });
  });

  test('goes from rung to rung and from round to round, and then ends', () => {
    const way = [];
    for (let at = nextPosition(ladder, firstPosition(5)); at !== undefined; at = nextPosition(ladder, at)) way.push(at);
    expect(way).toEqual([
      { cycle: 5, loop: 1, step: 2 },
      { cycle: 5, loop: 2, step: 1 },
      { cycle: 5, loop: 2, step: 2 },
    ]);
  });

  test('finds the rung of a position, and none beyond the ladder', () => {
    expect(rungAt(ladder, { cycle: 1, loop: 2, step: 2 })?.targets).toEqual([{ user: 'ben' }]);
    expect(rungAt(ladder, { cycle: 1, loop: 1, step: 3 })).toBeUndefined();
    expect(rungAt(ladder, { cycle: 0, loop: 0, step: 0 })).toBeUndefined();
  });

  test('two positions are the same only when cycle, round and rung agree', () => {
    const here = { cycle: 1, loop: 2, step: 3 };
    expect(samePosition(here, { ...here })).toBe(true);
    expect(samePosition(here, { ...here, cycle: 2 })).toBe(false);
    expect(samePosition(here, { ...here, loop: 1 })).toBe(false);
    expect(samePosition(here, { ...here, step: 1 })).toBe(false);
  });
});
