/**
 * Notices: who is told, by which contact, and who is not.
 */
import { describe, expect, test } from 'vitest';
import type { IncidentContext } from '../../../src/core/lifecycle/context.ts';
import { planNotice } from '../../../src/core/paging/plan-notice.ts';
import type { NoticeTopic } from '../../../src/model/timeline.ts';
import { type User, userSchema } from '../../../src/model/user.ts';
import { incident, T0 } from './world.ts';

const contacts = [
  { notifier: 'mail', address: 'a@b' },
  { notifier: 'sms', address: '+1' },
];
const person = (id: string, more: object = {}): User => userSchema.parse({ id, contacts, ...more });
const EVERYTHING = { status: ['acknowledged', 'monitoring', 'resolved', 'dismissed', 'reopened', 'severity'] };
const told = (topic: NoticeTopic, context: Partial<IncidentContext>, people: readonly User[]) => {
  const draft = planNotice({ topic }, incident(context), { users: new Map(people.map((user) => [user.id, user])) });
  return draft?.type === 'notice.requested' ? draft.recipients.map(({ user }) => user) : [];
};
const PAGED = { paged: { ana: T0, ben: T0, chi: T0 }, at: T0, asked: ['ana', 'ben'] };

describe('that somebody has acknowledged', () => {
  const people = [person('ana'), person('ben'), person('chi')];

  test('is told to whoever is asked at this step, but not to those who have', () => {
    expect(told('acknowledged', { ...PAGED, acknowledgedBy: ['ana'], byUser: 'ana' }, people)).toEqual(['ben']);
    expect(told('acknowledged', { ...PAGED, acknowledgedBy: ['zoe'], byUser: 'zoe' }, people)).toEqual(['ana', 'ben']);
    expect(told('acknowledged', { ...PAGED, byUser: null }, people)).toEqual(['ana', 'ben']);
  });

  test('is told to those of earlier steps only if they asked for it', () => {
    const more = [person('ana'), person('ben'), person('chi', { notices: { status: ['acknowledged'] } })];
    expect(told('acknowledged', { ...PAGED, byUser: 'zoe' }, more)).toEqual(['chi', 'ana', 'ben'].sort());
  });

  test('is no news to somebody whose first contact was not due yet', () => {
    expect(told('acknowledged', { ...PAGED, paged: { ana: T0, ben: T0 + 1 }, byUser: 'zoe' }, people)).toEqual(['ana']);
  });
});

describe('what becomes of it', () => {
  test.each(['resolved', 'dismissed', 'reopened', 'severity'] as const)(
    '%s is told to those who asked for it',
    (topic) => {
      const people = [person('ana'), person('ben', { notices: EVERYTHING }), person('eve', { notices: EVERYTHING })];
      expect(told(topic, { ...PAGED, roles: { scribe: 'eve' }, byUser: 'zoe' }, people)).toEqual(['ben', 'eve']);
      expect(told(topic, { ...PAGED, byUser: 'ben' }, people)).toEqual([]);
    },
  );

  test('of monitoring only those hear who respond, by all their contacts for what can wait', () => {
    const people = [
      person('ana', { rules: { low: [{ contact: 'mail' }, { after: '5m', contact: 'sms' }] } }),
      person('ben'),
    ];
    const context = incident({ ...PAGED, responders: { ana: 'accepted', ben: 'requested' }, byUser: 'zoe' });
    const draft = planNotice({ topic: 'monitoring' }, context, {
      users: new Map(people.map((user) => [user.id, user])),
    });
    expect(draft).toMatchObject({ recipients: [{ user: 'ana', contacts: [{ contact: 'mail' }, { contact: 'sms' }] }] });
    expect(
      told('monitoring', { ...PAGED, roles: { scribe: 'ben' } }, [person('ben', { notices: { status: [] } })]),
    ).toEqual([]);
  });

  test('nobody hears of a private incident who does not respond to it', () => {
    const people = [person('ana', { notices: EVERYTHING }), person('ben', { notices: EVERYTHING })];
    const hidden = { ...PAGED, visibility: 'private', responders: { ben: 'accepted' } } as const;
    expect(told('resolved', hidden, people)).toEqual(['ben']);
  });

  test('somebody without a contact, or who is gone, is left out', () => {
    const people = [person('ana', { contacts: [], notices: EVERYTHING })];
    expect(told('resolved', PAGED, people)).toEqual([]);
  });

  test('a topic that nobody knows is in no timeline', () => {
    expect(told('resolved', PAGED, [])).toEqual([]);
  });
});

describe('that a review is late', () => {
  const people = ['ana', 'ben', 'chi', 'eve', 'zoe'].map((id) => person(id, { notices: { response: false } }));
  const over = { ...PAGED, paged: { chi: T0 }, asked: [], outcome: 'closed', openedBy: 'zoe' } as const;

  test('is told to whoever led it: the commander, else who acknowledged, else who joined, else who opened it', () => {
    const led = {
      ...over,
      roles: { commander: 'ana' },
      acknowledgedBy: ['ben'],
      responders: { eve: 'accepted' },
    } as const;
    expect(told('reviewDue', led, people)).toEqual(['ana']);
    expect(told('reviewDue', { ...led, roles: { scribe: 'ana' } }, people)).toEqual(['ben']);
    expect(told('reviewDue', { ...led, roles: {}, acknowledgedBy: ['gone'] }, people)).toEqual(['eve']);
    expect(told('reviewDue', over, people)).toEqual(['zoe']);
  });

  test('is told to those who heard of it when nobody did anything, unless it is private', () => {
    expect(told('reviewDue', { ...over, openedBy: null }, people)).toEqual(['chi']);
    expect(told('reviewDue', { ...over, openedBy: null, visibility: 'private' }, people)).toEqual([]);
  });

  test('is told once to whoever still waits to hear of it', () => {
    const waits = (until: number) => ({ ...over, reviewNotice: { seq: 3, until, users: ['zoe'] } });
    expect(told('reviewDue', waits(T0 + 1), people)).toEqual([]);
    expect(told('reviewDue', waits(T0), people)).toEqual(['zoe']);
  });

  test.each(['open', 'dismissed', 'merged'] as const)('is told to nobody of an incident that is %s', (outcome) => {
    expect(told('reviewDue', { ...over, outcome }, people)).toEqual([]);
  });

  test('is told to nobody of a test, or of what was written down later', () => {
    expect(told('reviewDue', { ...over, kind: 'test' }, people)).toEqual([]);
    expect(told('reviewDue', { ...over, kind: 'backfilled' }, people)).toEqual([]);
    expect(told('reviewDue', { ...over, kind: 'drill' }, people)).toEqual(['zoe']);
  });
});
