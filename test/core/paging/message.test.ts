import { describe, expect, test } from 'vitest';
import type { IncidentContext } from '../../../src/core/lifecycle/context.ts';
import { type MessageNames, messageOf } from '../../../src/core/paging/message.ts';
import type { StoredDelivery } from '../../../src/model/delivery.ts';
import type { MessagePurpose } from '../../../src/model/message.ts';
import { HOUR, incident, MINUTE, T0 } from './world.ts';

const delivery: StoredDelivery = {
  id: 'i1:7:0',
  tenant: 'acme',
  incidentId: 'i1',
  page: 7,
  purpose: 'step',
  position: { cycle: 1, loop: 2, step: 3 },
  user: 'ana',
  contact: 'sms',
  notifier: 'sms',
  address: '+1',
  urgency: 'high',
  state: 'leased',
  requestedAt: T0,
  dueAt: T0,
  attempts: 1,
};
const message = (
  context: Partial<IncidentContext> = {},
  names: MessageNames = {},
  more: Partial<StoredDelivery> = {},
) => messageOf({ ...delivery, ...more }, incident(context), names, T0 + MINUTE);

describe('a message', () => {
  test('says what is broken, since when, who was asked, and what can be answered', () => {
    expect(
      message(
        {
          body: 'Error rate 12%',
          alerts: { a1: 'firing', a2: 'cleared' },
          asked: ['ana', 'ben'],
          acknowledgedBy: ['ben'],
          links: [{ href: 'https://example.com/run', text: 'Runbook' }, { href: 'https://example.com/d' }],
        },
        { service: 'Checkout', user: 'Ana' },
      ),
    ).toEqual({
      tenant: 'acme',
      incidentId: 'i1',
      deliveryId: 'i1:7:0',
      purpose: 'step',
      to: { user: 'ana', name: 'Ana', contact: 'sms', address: '+1' },
      title: 'Checkout fails',
      body: 'Error rate 12%',
      severity: 'SEV2',
      urgency: 'high',
      service: { id: 'checkout', name: 'Checkout' },
      since: T0 - HOUR,
      requestedAt: T0,
      sentAt: T0 + MINUTE,
      step: 3,
      loop: 2,
      alertCount: 2,
      people: { asked: ['ana', 'ben'], acknowledgedBy: ['ben'] },
      links: [{ href: 'https://example.com/run', text: 'Runbook' }, { href: 'https://example.com/d' }],
      actions: [
        { id: 'acknowledge', label: 'Acknowledge' },
        { id: 'escalate', label: 'Escalate' },
        { id: 'snooze', label: 'Snooze' },
      ],
    });
  });

  test('has no field for what is not there; a service without a name goes by its id', () => {
    const { user: _, ...toChannel } = delivery;
    const mirrored = messageOf(toChannel, incident(), {}, T0);
    expect(mirrored.to).toStrictEqual({ contact: 'sms', address: '+1' });
    expect(mirrored).not.toHaveProperty('body');
    expect(mirrored.service).toEqual({ id: 'checkout', name: 'checkout' });
    expect(mirrored.links).toEqual([]);
  });

  test('leaves out links to other incidents, which are no addresses', () => {
    const links = [{ incident: 'i0', relation: 'follows' as const }, { href: 'https://example.com' }];
    expect(message({ links }).links).toEqual([{ href: 'https://example.com' }]);
  });

  test('speaks of the incident as it is now', () => {
    expect(message({ severity: 'SEV1', urgency: 'low', title: 'Worse' })).toMatchObject({
      severity: 'SEV1',
      urgency: 'low',
      title: 'Worse',
    });
  });
});

describe('what a purpose asks for', () => {
  const JOIN = ['accept:Join', 'decline:Decline'];
  const ANSWER = ['acknowledge:Acknowledge', 'escalate:Escalate', 'snooze:Snooze'];

  test.each<[MessagePurpose, string, readonly string[]]>([
    ['step', 'Checkout fails', ANSWER],
    ['fallback', 'Checkout fails', ANSWER],
    ['reminder', 'Still open: Checkout fails', ANSWER],
    ['handoff', 'Checkout fails', ANSWER],
    ['responder', 'Checkout fails', JOIN],
    ['notice', 'Monitoring: Checkout fails', []],
  ])('%s', (purpose, title, actions) => {
    const sent = message({}, {}, { purpose });
    expect(sent.purpose).toBe(purpose);
    expect(sent.title).toBe(title);
    expect(sent.actions.map(({ id, label }) => `${id}:${label}`)).toEqual(actions);
  });
});

describe('every text of a stranger', () => {
  const NASTY = 'disk\u0000 \u202efull\ud800';
  const CLEAN = 'disk full\ufffd';

  test('is cleaned', () => {
    const sent = message(
      {
        title: `${NASTY}\n now`,
        body: `${NASTY}\n now`,
        links: [{ href: 'https://a.b/\u202ex', text: `${NASTY}\n now` }],
      },
      { service: `${NASTY}\n now`, user: `${NASTY}\n now` },
    );
    expect(sent.title).toBe(`${CLEAN} now`);
    expect(sent.body).toBe(`${CLEAN}\n now`);
    expect(sent.service.name).toBe(`${CLEAN} now`);
    expect(sent.to.name).toBe(`${CLEAN} now`);
    expect(sent.links).toEqual([{ href: 'https://a.b/x', text: `${CLEAN} now` }]);
  });

  test('is bounded', () => {
    const long = 'x'.repeat(5_000);
    const sent = message(
      { title: long, body: long, links: [{ href: 'https://a.b', text: long }] },
      { service: long, user: long },
    );
    const line = `${'x'.repeat(255)}…`;
    expect(sent.title).toBe(line);
    expect(sent.body).toBe(`${'x'.repeat(4_095)}…`);
    expect(sent.service.name).toBe(line);
    expect(sent.to.name).toBe(line);
    expect(sent.links[0]?.text).toBe(line);
  });

  test('that just fits is kept whole', () => {
    const sent = message({ title: 'x'.repeat(256), body: 'x'.repeat(4_096) });
    expect(sent.title).toBe('x'.repeat(256));
    expect(sent.body).toBe('x'.repeat(4_096));
  });

  test('is cut before the purpose is written in front of it', () => {
    expect(message({ title: 'x'.repeat(300) }, {}, { purpose: 'reminder' }).title).toBe(
      `Still open: ${'x'.repeat(255)}…`,
    );
  });
});

describe('a request to join', () => {
  const asked = { body: 'No space left', requests: { ana: 'Please look at the database' } };

  test('begins with what the person is asked for', () => {
    const { body } = message(asked, {}, { purpose: 'responder', user: 'ana' });
    expect(body).toBe('Please look at the database\n\nNo space left');
    expect(message({ ...asked, body: null }, {}, { purpose: 'responder', user: 'ana' }).body).toBe(
      'Please look at the database',
    );
  });

  test('says it to nobody else, and in no other message', () => {
    expect(message(asked, {}, { purpose: 'responder', user: 'ben' }).body).toBe('No space left');
    expect(message(asked, {}, { purpose: 'step', user: 'ana' }).body).toBe('No space left');
  });
});
