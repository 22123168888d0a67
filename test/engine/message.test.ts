/**
 * The message of a delivery: what is said, to whom, under which key.
 */
import { describe, expect, test } from 'vitest';
import { config, MINUTE, opened, policy, T0, trigger, world } from './world.ts';

const by = 'ana';

describe('the message', () => {
  test('says what is broken, how bad it is, since when, for whom, and what can be answered', async () => {
    const { tocsin, pass, sms } = world();
    const links = [{ href: 'https://example.com/graph', text: 'Graph' }];
    const id = await opened(tocsin, trigger('disk', { title: 'Disk full', body: 'db-1: 99 %', links }));
    await pass(0);
    expect(sms.sent).toEqual([
      {
        idempotencyKey: `${id}:2:0`,
        message: {
          tenant: 'default',
          incidentId: id,
          deliveryId: `${id}:2:0`,
          purpose: 'step',
          to: { user: 'ana', name: 'Ana', contact: 'sms', address: 'ana@sms' },
          title: 'Disk full',
          body: 'db-1: 99 %',
          severity: 'SEV1',
          urgency: 'high',
          service: { id: 'checkout', name: 'Checkout' },
          since: T0,
          requestedAt: T0,
          sentAt: T0,
          step: 1,
          loop: 1,
          alertCount: 1,
          locale: 'en',
          moreText: 'and {n} more',
          lines: expect.any(Array),
          people: { asked: ['ana'], acknowledgedBy: [] },
          links,
          actions: [
            { id: 'acknowledge', label: 'Acknowledge', key: '1' },
            { id: 'escalate', label: 'Escalate', key: '3' },
            { id: 'snooze', label: 'Snooze', key: '4' },
          ],
          status: 'triggered',
          replyCode: expect.stringMatching(/^[1-9]\d{3}$/),
        },
      },
    ]);
  });

  test('tells of the incident as it is when it is sent, and how old it is', async () => {
    const { tocsin, pass, voice } = world();
    const id = await opened(tocsin);
    await pass(MINUTE);
    await tocsin.incidents.update(id, { by, title: 'Everything is down' });
    await pass(MINUTE);
    expect(voice.sent[0]?.message).toMatchObject({
      title: 'Everything is down',
      since: T0,
      requestedAt: T0,
      sentAt: T0 + 2 * MINUTE,
    });
  });

  test('a room that mirrors a page is addressed as a channel', async () => {
    const { tocsin, pass, voice } = world({
      config: config({
        channels: [{ id: 'room', notifier: 'voice', address: '#ops' }],
        escalationPolicies: [policy({ steps: [{ targets: [{ channel: 'room' }, { user: 'ben' }] }] })],
      }),
    });
    await opened(tocsin);
    await pass(0);
    expect(voice.sent[0]?.message.to).toEqual({ contact: 'room', address: '#ops' });
  });

  test('people use their contacts by their own rules, at the times they chose', async () => {
    const { tocsin, pass, news } = world({
      config: config({
        users: [
          {
            id: 'ana',
            contacts: [
              { id: 'work', notifier: 'sms', address: 'w' },
              { id: 'home', notifier: 'voice', address: 'h' },
            ],
            rules: {
              high: [
                { after: '1m', contact: 'home' },
                { after: '0s', contact: 'work' },
                { after: '3m', contact: 'work' },
              ],
            },
          },
          { id: 'ben', contacts: [{ notifier: 'sms', address: 'b' }] },
          { id: 'boss', contacts: [{ notifier: 'sms', address: 'c' }] },
        ],
      }),
    });
    await opened(tocsin);
    await pass(4 * MINUTE);
    expect(news()).toEqual(['+0 ana work step', '+1m ana home step', '+3m ana work step']);
  });
});

describe('what a host says in its own words', () => {
  const speaking = (locale: string) => {
    const { users = [], ...rest } = config();
    return { ...rest, users: users.map((user) => ({ ...user, locale })) };
  };

  test('is said to each person in their language', async () => {
    const w = world({ config: speaking('de-AT') });
    await opened(w.tocsin);
    await w.tocsin.tick();
    expect(w.sms.sent[0]?.message).toMatchObject({
      locale: 'de',
      actions: [{ id: 'acknowledge', label: 'Übernehmen' }, {}, {}],
    });
  });

  test('replaces single texts of a language', async () => {
    const w = world({ config: speaking('en'), texts: { en: { acknowledge: 'On it' } } });
    await opened(w.tocsin);
    await w.tocsin.tick();
    expect(w.sms.sent[0]?.message.actions[0]).toEqual({ id: 'acknowledge', label: 'On it', key: '1' });
  });

  test('replaces the message, and never whom it goes to', async () => {
    const w = world({
      message: ({ title, service }) => ({ title: `[${service?.id}] ${title}`, to: { address: 'evil' } }) as never,
    });
    await opened(w.tocsin);
    await w.tocsin.tick();
    expect(w.sms.sent[0]?.message).toMatchObject({ title: '[checkout] Problem disk', to: { address: 'ana@sms' } });
  });

  test('that throws, is late or is nonsense keeps nobody from being paged', async () => {
    for (const message of [() => JSON.parse('{'), async () => ({ title: 'late' }), () => 7, () => ({ title: '' })]) {
      const w = world({ message: message as never });
      await opened(w.tocsin);
      await w.tocsin.tick();
      expect(w.sms.sent[0]?.message.title).toBe('Problem disk');
      expect(w.log).toContain('error: What the host would rather say cannot be used.');
    }
  });
});
