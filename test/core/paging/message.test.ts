import { describe, expect, test } from 'vitest';
import type { IncidentContext } from '../../../src/core/lifecycle/context.ts';
import { messageOf } from '../../../src/core/paging/message.ts';
import type { MessageNames } from '../../../src/core/paging/message-facts.ts';
import { replyCode } from '../../../src/core/paging/reply-code.ts';
import type { StoredDelivery } from '../../../src/model/delivery.ts';
import type { BundleItem, MessagePurpose } from '../../../src/model/message.ts';
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
) => messageOf({ ...delivery, ...more }, incident(context), { sentAt: T0 + MINUTE, names });

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
      locale: 'en',
      to: { user: 'ana', name: 'Ana', contact: 'sms', address: '+1' },
      title: 'Checkout fails',
      body: 'Error rate 12%',
      lines: [
        'SEV2 · Checkout',
        'Open for 1 h 1 min',
        'Step 3, round 2',
        '2 alerts',
        'Also asked: ben',
        'Acknowledged by ben',
      ],
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
        { id: 'acknowledge', label: 'Acknowledge', key: '1' },
        { id: 'escalate', label: 'Escalate', key: '3' },
        { id: 'snooze', label: 'Snooze', key: '4' },
      ],
      moreText: 'and {n} more',
      replyCode: replyCode('i1:7:0'),
    });
    expect(replyCode('i1:7:0')).toMatch(/^[1-9]\d{3}$/);
  });

  test('has no field for what is not there; a service without a name goes by its id', () => {
    const { user: _, ...toChannel } = delivery;
    const mirrored = messageOf(toChannel, incident(), { sentAt: T0 });
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
    ['summary', 'Checkout fails', []],
    ['verification', 'Checkout fails', []],
    ['canary', 'Checkout fails', []],
    ['emergency', 'Checkout fails', []],
  ])('%s', (purpose, title, actions) => {
    const sent = message({}, {}, { purpose });
    expect(sent.purpose).toBe(purpose);
    expect(sent.title).toBe(title);
    expect(sent.topic).toBe(purpose === 'notice' ? 'monitoring' : undefined);
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
    expect(sent.service?.name).toBe(`${CLEAN} now`);
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
    expect(sent.service?.name).toBe(line);
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

describe('a message that is about no incident', () => {
  const { incidentId: _, ...alone } = delivery;
  const content = {
    topic: 'shift',
    title: 'You are on call:\n primary',
    body: 'Until Monday\u0000',
    links: [{ href: 'https://a.b/c', text: 'Schedule' }, { href: 'javascript:alert(1)' }],
  };
  const said = messageOf({ ...alone, purpose: 'notice', urgency: 'low', content }, undefined, {
    sentAt: T0 + HOUR + 3 * MINUTE,
  });

  test('says what it says by itself, cleaned, and how late it is', () => {
    expect(said).toStrictEqual({
      tenant: 'acme',
      deliveryId: 'i1:7:0',
      purpose: 'notice',
      topic: 'shift',
      locale: 'en',
      to: { user: 'ana', contact: 'sms', address: '+1' },
      title: 'You are on call: primary',
      body: 'Until Monday',
      lines: ['From 1 h 3 min ago'],
      urgency: 'low',
      requestedAt: T0,
      sentAt: T0 + HOUR + 3 * MINUTE,
      alertCount: 0,
      people: { asked: [], acknowledgedBy: [] },
      links: [{ href: 'https://a.b/c', text: 'Schedule' }],
      actions: [],
      moreText: 'and {n} more',
    });
  });

  test('stands beside the facts of an incident when there is one', () => {
    const about = messageOf({ ...delivery, purpose: 'summary', content: { title: 'Ana has it' } }, incident(), {
      sentAt: T0,
    });
    expect(about).toMatchObject({
      title: 'Ana has it',
      incidentId: 'i1',
      severity: 'SEV2',
      service: { id: 'checkout', name: 'checkout' },
      lines: ['SEV2 · checkout', 'Open for 1 h'],
      actions: [],
    });
    expect(about).not.toHaveProperty('body');
    expect(about).not.toHaveProperty('step');
  });

  test('of what has become of an incident is said in the words of its reader', () => {
    const news = { ...delivery, purpose: 'notice' as const, content: { topic: 'resolved', title: 'Resolved' } };
    expect(messageOf(news, incident({ outcome: 'resolved' }), { sentAt: T0, locale: 'de' })).toMatchObject({
      topic: 'resolved',
      title: 'Behoben: Checkout fails',
    });
  });

  test('that was held back while it was overtaken says how the incident stands now', () => {
    const news = (topic: string) => ({ ...delivery, purpose: 'notice' as const, content: { topic, title: topic } });
    const about = (topic: string, outcome: 'open' | 'resolved' | 'closed' | 'dismissed') =>
      messageOf(news(topic), incident({ outcome }), { sentAt: T0 }).title;
    expect(about('resolved', 'open')).toBe('Reopened: Checkout fails');
    expect(about('dismissed', 'open')).toBe('Reopened: Checkout fails');
    expect(about('reopened', 'closed')).toBe('Resolved: Checkout fails');
    expect(about('reopened', 'dismissed')).toBe('Dismissed: Checkout fails');
    expect(about('severity', 'resolved')).toBe(about('severity', 'open'));
  });

  test('of a reaction, which nobody should get, asks for nothing', () => {
    expect(message({}, {}, { purpose: 'reaction' })).toMatchObject({ purpose: 'notice', actions: [] });
  });
});

describe('an incident that cannot be read', () => {
  test('is named by its id and can be answered', () => {
    const blind = messageOf(delivery, undefined, { sentAt: T0, locale: 'de' });
    expect(blind).toMatchObject({ title: 'Vorfall i1', locale: 'de', urgency: 'high', lines: [], links: [] });
    expect(blind.body).toMatch(/lässt sich nicht lesen/);
    expect(blind.actions.map(({ id }) => id)).toEqual(['acknowledge', 'escalate', 'snooze']);
    for (const field of ['severity', 'service', 'since', 'step', 'loop']) expect(blind).not.toHaveProperty(field);
  });

  test('without even an id is named by its delivery', () => {
    const { incidentId: _, ...alone } = delivery;
    expect(messageOf(alone, undefined, { sentAt: T0 }).title).toBe('Incident i1:7:0');
  });
});

describe('a message that carries others', () => {
  const item = (n: number, urgency: 'high' | 'low') => ({
    deliveryId: `d${n}`,
    incidentId: `i${n}`,
    title: `Problem ${n}\n`,
    severity: 'SEV3',
    urgency,
    service: { id: 's', name: 'Shop' },
    since: T0 - HOUR,
  });
  const carrying = (bundle: readonly BundleItem[], more: Partial<StoredDelivery> = {}) =>
    messageOf({ ...delivery, ...more }, incident(), { sentAt: T0, bundle });

  test('lists them, high urgency first, each with its facts and answers', () => {
    const { bundle = [], lines, title } = carrying([item(1, 'low'), item(2, 'high'), item(3, 'low')]);
    expect(title).toBe('Checkout fails');
    expect(lines.at(-1)).toBe('3 more below');
    expect(bundle.map(({ deliveryId }) => deliveryId)).toEqual(['d2', 'd1', 'd3']);
    expect(bundle[0]).toStrictEqual({
      deliveryId: 'd2',
      purpose: 'step',
      incidentId: 'i2',
      title: 'Problem 2',
      severity: 'SEV3',
      urgency: 'high',
      service: { id: 's', name: 'Shop' },
      since: T0 - HOUR,
      line: 'SEV3 · Shop, Open for 1 h',
      actions: [
        { id: 'acknowledge', label: 'Acknowledge', key: '1' },
        { id: 'escalate', label: 'Escalate', key: '3' },
        { id: 'snooze', label: 'Snooze', key: '4' },
      ],
    });
  });

  test('offers what each was sent for, and nothing without an incident', () => {
    const { bundle = [] } = carrying([
      { ...item(1, 'high'), purpose: 'notice' },
      { deliveryId: 'd2', title: 'Shift', urgency: 'low' },
    ]);
    expect(bundle.map(({ actions }) => actions)).toEqual([[], []]);
    expect(bundle[1]).toStrictEqual({ deliveryId: 'd2', purpose: 'step', title: 'Shift', urgency: 'low', actions: [] });
  });

  test('lists those of its own content too, and carries no list without any', () => {
    const content = { title: '2 incidents are open', items: [item(1, 'high'), item(2, 'low')] };
    const summary = messageOf({ ...delivery, purpose: 'summary', content }, undefined, { sentAt: T0 });
    expect(summary.bundle?.map(({ deliveryId }) => deliveryId)).toEqual(['d1', 'd2']);
    expect(summary.lines).toEqual([]);
    expect(carrying([])).not.toHaveProperty('bundle');
  });

  test('says how many are too many', () => {
    const { bundle, lines } = carrying(Array.from({ length: 205 }, (_, n) => item(n, 'low')));
    expect(bundle).toHaveLength(200);
    expect(lines.slice(-2)).toEqual(['205 more below', 'and 5 more']);
  });
});

describe('names and languages', () => {
  test('people go by their names where they have one', () => {
    const names: MessageNames = { person: (id) => ({ ben: 'Ben\n B.' })[id] };
    const { lines, people } = message({ asked: ['ana', 'ben', 'chi'] }, names);
    expect(lines).toContain('Also asked: Ben B., chi');
    expect(people.asked).toEqual(['ana', 'ben', 'chi']);
  });

  test('a reader gets their own language, and the words of the host', () => {
    const german = messageOf(delivery, incident({ alerts: { a: 'firing', b: 'firing' } }), {
      sentAt: T0 + 2 * MINUTE,
      locale: 'de-AT',
      texts: { de: { snooze: 'Aufschieben' } },
    });
    expect(german.locale).toBe('de');
    expect(german.lines).toEqual([
      'SEV2 · checkout',
      'Seit 1 Std. 2 Min. offen',
      'Angefragt vor 2 Min.',
      'Stufe 3, Runde 2',
      '2 Alarme',
    ]);
    expect(german.actions.map(({ label }) => label)).toEqual(['Übernehmen', 'Eskalieren', 'Aufschieben']);
  });
});
