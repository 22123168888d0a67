import { describe, expect, test } from 'vitest';
import { recipientOf, resolveTargets, unreachedUser } from '../../../src/core/paging/resolve-targets.ts';
import type { RecipientReason } from '../../../src/model/page.ts';
import { DAY, HOUR, names, T0, world } from './world.ts';

const people = world();
const resolve = (targets: readonly RecipientReason['target'][], at = T0, urgency: 'high' | 'low' = 'high') =>
  resolveTargets(targets, people, { at, urgency });
const SMS = { contact: 'sms', notifier: 'sms' };

describe('who is asked', () => {
  test('a user, with the contacts that their own rules choose', () => {
    expect(resolve([{ user: 'ana' }])).toEqual({
      recipients: [
        {
          user: 'ana',
          name: 'Ana',
          reason: { target: { user: 'ana' } },
          contacts: [
            { ...SMS, address: '+1', afterMs: 0 },
            { contact: 'voice', notifier: 'voice', address: '+1', afterMs: 120_000 },
          ],
        },
      ],
      unreached: [],
    });
  });

  test('a user without a name, through the first contact when it can wait', () => {
    expect(resolve([{ user: 'ben' }], T0, 'low').recipients).toStrictEqual([
      { user: 'ben', reason: { target: { user: 'ben' } }, contacts: [{ ...SMS, address: '+2', afterMs: 0 }] },
    ]);
    expect(resolve([{ user: 'ana' }], T0, 'low').recipients[0]?.contacts).toHaveLength(1);
  });

  test('whoever is on call at that moment, with the shift as the reason', () => {
    const target = { schedule: 'primary' };
    const [duty] = people.schedules.get('primary')!.onCallAt(T0);
    expect(resolve([target]).recipients[0]).toMatchObject({ user: 'ana' });
    expect(resolve([target]).recipients[0]?.reason).toEqual({
      target,
      schedule: 'primary',
      source: 'rotation',
      sourceId: duty?.id,
      layer: 'weekly',
      handoff: duty?.handoff,
    });
    expect(names(resolve([target], T0 + 7 * DAY - 1).recipients)).toEqual(['ana']);
    expect(names(resolve([target], T0 + 7 * DAY).recipients)).toEqual(['ben']);
  });

  test('an override among them, which has no handoff', () => {
    const target = { schedule: 'primary' };
    const { recipients } = resolve([target], T0 + DAY);
    expect(names(recipients)).toEqual(['ana', 'chi']);
    expect(recipients[1]?.reason).toStrictEqual({ target, schedule: 'primary', source: 'override', sourceId: 'o1' });
  });

  test('a team means its schedule', () => {
    const target = { team: 'shop' };
    const { recipients, unreached } = resolve([target]);
    expect(names(recipients)).toEqual(['ana']);
    expect(recipients[0]?.reason).toMatchObject({ target, schedule: 'primary', source: 'rotation', layer: 'weekly' });
    expect(unreached).toEqual([]);
  });

  test('everyone of a team when that is written, without a shift as the reason', () => {
    const target = { team: 'shop', everyone: true } as const;
    const { recipients, unreached } = resolve([target]);
    expect(names(recipients)).toEqual(['chi', 'ana']);
    expect(recipients.map(({ reason }) => reason)).toEqual([{ target }, { target }]);
    expect(unreached).toEqual([{ target, user: 'mute', why: 'no contact' }]);
  });

  test('a channel, which mirrors the page at once', () => {
    expect(resolve([{ channel: 'room' }])).toEqual({
      recipients: [
        {
          channel: 'room',
          reason: { target: { channel: 'room' } },
          contacts: [{ contact: 'room', notifier: 'chat', address: '#room', afterMs: 0 }],
        },
      ],
      unreached: [],
    });
  });

  test('several channels', () => {
    const rooms = world({
      channels: [
        { id: 'room', notifier: 'chat', address: '#room' },
        { id: 'hall', notifier: 'chat', address: '#hall' },
      ],
    });
    const { recipients } = resolveTargets([{ channel: 'hall' }, { channel: 'room' }], rooms, {
      at: T0,
      urgency: 'high',
    });
    expect(names(recipients)).toEqual(['#hall', '#room']);
  });

  test('each person and each channel once, in the order named, for the first reason', () => {
    const { recipients } = resolve([
      { channel: 'room' },
      { schedule: 'primary' },
      { user: 'ben' },
      { user: 'ana' },
      { channel: 'room' },
      { user: 'ben' },
    ]);
    expect(names(recipients)).toEqual(['#room', 'ana', 'ben']);
    expect(recipients[1]?.reason.target).toEqual({ schedule: 'primary' });
  });

  test('a user and a channel of the same id are two', () => {
    const same = world({ channels: [{ id: 'ana', notifier: 'chat', address: '#ana' }] });
    const { recipients } = resolveTargets([{ user: 'ana' }, { channel: 'ana' }], same, { at: T0, urgency: 'high' });
    expect(names(recipients)).toEqual(['ana', '#ana']);
  });

  test('nobody when nobody is named', () => {
    expect(resolve([])).toEqual({ recipients: [], unreached: [] });
  });
});

describe('who is not asked, and why', () => {
  test.each([
    [{ user: 'mute' }, { user: 'mute', why: 'no contact' }],
    [{ user: 'zoe' }, { user: 'zoe', why: 'no such user' }],
    [{ schedule: 'gone' }, { why: 'there is no schedule gone' }],
    [{ channel: 'gone' }, { why: 'there is no channel gone' }],
    [{ team: 'gone' }, { why: 'there is no team gone' }],
    [{ team: 'gone', everyone: true as const }, { why: 'there is no team gone' }],
    [{ team: 'crowd' }, { why: 'nobody is on call' }],
    [{ team: 'empty', everyone: true as const }, { why: 'the team has no members' }],
    [{ responder: true as const }, { why: 'nobody is on call' }],
  ])('%j', (target, reason) => {
    expect(resolve([target])).toEqual({ recipients: [], unreached: [{ target, ...reason }] });
  });

  test('a schedule outside its hours', () => {
    const target = { schedule: 'office' };
    expect(names(resolve([target], T0 + 8 * HOUR - 1).recipients)).toEqual(['chi']);
    expect(resolve([target], T0 + 8 * HOUR)).toEqual({
      recipients: [],
      unreached: [{ target, why: 'nobody is on call' }],
    });
  });

  test('does not keep the others from being asked', () => {
    const { recipients, unreached } = resolve([{ user: 'mute' }, { channel: 'gone' }, { user: 'ben' }]);
    expect(names(recipients)).toEqual(['ben']);
    expect(unreached.map(({ why }) => why)).toEqual(['no contact', 'there is no channel gone']);
  });
});

describe('a person by themselves', () => {
  const reason = { target: { repage: true } } as const;

  test('is asked for the reason given', () => {
    expect(recipientOf('ben', reason, people, { urgency: 'high', at: T0 })).toEqual({
      user: 'ben',
      reason,
      contacts: [{ ...SMS, address: '+2', afterMs: 0 }],
    });
    expect(recipientOf('ana', reason, people, { urgency: 'low', at: T0 })?.name).toBe('Ana');
  });

  test('cannot be asked without a contact, or when unknown', () => {
    expect(recipientOf('mute', reason, people, { urgency: 'high', at: T0 })).toBeUndefined();
    expect(recipientOf('zoe', reason, people, { urgency: 'high', at: T0 })).toBeUndefined();
    expect(unreachedUser('mute', reason.target, people)).toEqual({ ...reason, user: 'mute', why: 'no contact' });
    expect(unreachedUser('zoe', reason.target, people)).toEqual({ ...reason, user: 'zoe', why: 'no such user' });
  });
});

describe('a schedule that cannot be worked out', () => {
  const broken = {
    ...people,
    schedules: new Map([
      ...people.schedules,
      [
        'primary',
        {
          ...people.schedules.get('primary')!,
          onCallAt: () => {
            throw new Error('too old');
          },
        },
      ],
    ]),
  };

  test('keeps nobody else from being asked, and says why', () => {
    const target = { schedule: 'primary' };
    const { recipients, unreached } = resolveTargets([target, { user: 'ben' }], broken, { at: T0, urgency: 'high' });
    expect(recipients.map(({ user }) => user)).toEqual(['ben']);
    expect(unreached).toEqual([{ target, why: 'it cannot be worked out: too old' }]);
  });
});
