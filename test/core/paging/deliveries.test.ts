import { describe, expect, test } from 'vitest';
import { deliveriesOf } from '../../../src/core/paging/deliveries.ts';
import { SYSTEM } from '../../../src/model/identity.ts';
import type { Recipient } from '../../../src/model/page.ts';
import type { EventDraft, TimelineEvent } from '../../../src/model/timeline.ts';
import { incident, MINUTE, T0 } from './world.ts';

const POSITION = { cycle: 1, loop: 2, step: 3 };
const ana: Recipient = {
  user: 'ana',
  name: 'Ana',
  reason: { target: { user: 'ana' } },
  contacts: [
    { contact: 'sms', notifier: 'sms', address: '+1', afterMs: 0 },
    { contact: 'voice', notifier: 'phone', address: '+1', afterMs: 2 * MINUTE },
  ],
};
const room: Recipient = {
  channel: 'room',
  reason: { target: { channel: 'room' } },
  contacts: [{ contact: 'room', notifier: 'chat', address: '#room', afterMs: 0 }],
};
const event = (draft: EventDraft): TimelineEvent => ({ ...draft, seq: 7, at: T0, by: SYSTEM }) as TimelineEvent;
const deliveries = (draft: EventDraft, more: Parameters<typeof incident>[0] = {}) =>
  deliveriesOf(event(draft), incident(more), 'acme');
const requested = (purpose: 'step' | 'fallback' | 'reminder' | 'responder' | 'handoff', recipients = [ana]) =>
  ({ type: 'page.requested', purpose, position: POSITION, recipients, configVersion: 'c1' }) as const;

describe('a page', () => {
  test('is one delivery for each contact of each recipient, numbered in order', () => {
    const common = {
      tenant: 'acme',
      incidentId: 'i1',
      page: 7,
      purpose: 'step',
      position: POSITION,
      urgency: 'high',
      state: 'pending',
      requestedAt: T0,
      attempts: 0,
    };
    expect(deliveries(requested('step', [ana, room]))).toEqual([
      { ...common, id: 'i1:7:0', user: 'ana', contact: 'sms', notifier: 'sms', address: '+1', dueAt: T0 },
      {
        ...common,
        id: 'i1:7:1',
        user: 'ana',
        contact: 'voice',
        notifier: 'phone',
        address: '+1',
        dueAt: T0 + 2 * MINUTE,
      },
      { ...common, id: 'i1:7:2', channel: 'room', contact: 'room', notifier: 'chat', address: '#room', dueAt: T0 },
    ]);
  });

  test('has no field for what is not there', () => {
    const [toAna, , toRoom] = deliveries(requested('step', [ana, room]));
    expect(toAna).not.toHaveProperty('channel');
    expect(toRoom).not.toHaveProperty('user');
  });

  test.each(['step', 'fallback', 'reminder', 'handoff'] as const)(
    'of purpose %s is as urgent as the incident',
    (purpose) => {
      const urgencies = (['high', 'low'] as const).map(
        (urgency) => deliveries(requested(purpose), { urgency })[0]?.urgency,
      );
      expect(urgencies).toEqual(['high', 'low']);
      expect(deliveries(requested(purpose))[0]?.purpose).toBe(purpose);
    },
  );

  test('to a responder is always urgent', () => {
    expect(deliveries(requested('responder'), { urgency: 'low' })[0]).toMatchObject({
      purpose: 'responder',
      urgency: 'high',
    });
  });
});

describe('a page that could ask nobody', () => {
  const nobody = { type: 'page.nobody', purpose: 'fallback', position: POSITION, reason: 'nobody' } as const;

  test('is mirrored in its channels', () => {
    expect(deliveries({ ...nobody, recipients: [room] })).toMatchObject([
      { id: 'i1:7:0', purpose: 'fallback', position: POSITION, channel: 'room', contact: 'room' },
    ]);
  });

  test('without channels delivers nothing', () => {
    expect(deliveries(nobody)).toEqual([]);
  });
});

test('a notice is delivered where the incident stands, as urgently as the incident', () => {
  const notice: EventDraft = { type: 'notice.requested', topic: 'monitoring', recipients: [ana] };
  expect(deliveries(notice, { position: POSITION, urgency: 'low' })).toMatchObject([
    { id: 'i1:7:0', page: 7, purpose: 'notice', position: POSITION, urgency: 'low', user: 'ana', contact: 'sms' },
    { id: 'i1:7:1', purpose: 'notice', contact: 'voice' },
  ]);
});

test('nothing else is delivered', () => {
  expect(deliveries({ type: 'note.added', text: 'Looking' })).toEqual([]);
  expect(deliveries({ type: 'incident.acknowledged' })).toEqual([]);
});
