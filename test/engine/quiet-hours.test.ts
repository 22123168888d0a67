/**
 * Quiet hours: what can wait waits for the morning, and what cannot wakes people all the same.
 */
import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../src/index.ts';
import { config, contact, DAY, deliveries, events, HOUR, MINUTE, opened, trigger, type World, world } from './world.ts';

/** It is 10:00 in UTC; ana has quiet hours from 09:00 to 13:00, and ben none. */
const people: ConfigInput['users'] = [
  {
    id: 'ana',
    timeZone: 'UTC',
    quietHours: [{ from: '09:00', until: '13:00' }],
    contacts: [contact('sms', 'ana'), contact('voice', 'ana')],
  },
  { id: 'ben', contacts: [contact('sms', 'ben')] },
  { id: 'boss', contacts: [contact('sms', 'boss')] },
];
const severity: ConfigInput['severity'] = {
  levels: [
    { id: 'SEV1', urgency: 'high' },
    { id: 'SEV3', urgency: 'low' },
  ],
};
const quiet = (users: ConfigInput['users'] = people) => world({ config: config({ users, severity }) });
const low = (w: World, key = 'disk') => opened(w.tocsin, trigger(key, { severity: 'SEV3' }));

describe('quiet hours', () => {
  test('hold low urgency until they end, and the timeline says why', async () => {
    const w = quiet();
    const id = await low(w);
    await w.pass(2 * HOUR, 30 * MINUTE);
    expect(w.news()).toEqual([]);
    await w.pass(2 * HOUR, 30 * MINUTE);
    expect(w.news()).toEqual(['+3h ana sms step']);
    const page = (await events(w.tocsin, id)).find(({ type }) => type === 'page.requested');
    expect(page).toMatchObject({
      recipients: [{ user: 'ana', contacts: [{ afterMs: 3 * HOUR, heldBy: 'quietHours' }] }],
    });
  });

  test('hold no high urgency', async () => {
    const w = quiet();
    await opened(w.tocsin, trigger('disk', { severity: 'SEV1' }));
    await w.pass(2 * MINUTE);
    expect(w.news()).toEqual(['+0 ana sms step', '+2m ana voice step']);
  });

  test('hold nothing back of what becomes urgent: the first step is asked at once, and nothing comes twice', async () => {
    const w = quiet();
    const id = await low(w);
    await w.pass(HOUR, 30 * MINUTE);
    await w.tocsin.incidents.setSeverity(id, { by: 'boss', severity: 'SEV1' });
    await w.pass(4 * MINUTE);
    expect(w.news()).toEqual(['+1h ana sms step', '+1h2m ana voice step']);
    expect(await deliveries(w.tocsin, id)).toEqual(['ana sms withdrawn', 'ana sms sent', 'ana voice sent']);
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    await w.pass(4 * HOUR, 30 * MINUTE);
    expect(w.news().filter((line) => line.startsWith('+3h ana'))).toEqual([]);
  });

  test('leave alone what an urgent request still has to send', async () => {
    const w = quiet();
    const id = await low(w);
    await w.tocsin.incidents.addResponder(id, { by: 'boss', user: 'ana' });
    await w.pass(MINUTE);
    await w.tocsin.incidents.setSeverity(id, { by: 'boss', severity: 'SEV1' });
    await w.pass(2 * MINUTE);
    expect(w.news()).toEqual([
      '+0 ana sms responder',
      '+1m ana sms step',
      '+2m ana voice responder',
      '+3m ana voice step',
    ]);
  });

  test('are kept by reminders as well, and whoever slept through several is told once', async () => {
    const long = people.map((user) =>
      user.id === 'ana'
        ? {
            ...user,
            quietHours: [{ from: '00:00', until: '24:00', weekdays: ['TU' as const, 'WE' as const, 'TH' as const] }],
          }
        : user,
    );
    const w = quiet(long);
    const id = await low(w);
    await w.pass(4 * DAY, HOUR);
    expect(w.news()).toEqual(['+62h ana sms reminder', '+72h ana sms reminder', '+96h ana sms reminder']);
    expect(await deliveries(w.tocsin, id)).toEqual([
      'ana sms withdrawn',
      'ana sms withdrawn',
      'ana sms sent',
      'ana sms sent',
      'ana sms sent',
    ]);
  });

  test('hold the other contacts back as well when the first one fails', async () => {
    const w = quiet(
      people.map((user) =>
        user.id === 'ana'
          ? {
              ...user,
              quietHours: [{ from: '10:01', until: '13:00' }],
              rules: { low: [{ contact: 'sms' }, { after: '30m', contact: 'voice' }] },
            }
          : user,
      ),
    );
    w.sms.failWith(() => {
      throw new Error('no network');
    });
    await low(w);
    await w.pass(2 * HOUR, MINUTE);
    expect(w.news()).toEqual([]);
    await w.pass(HOUR, MINUTE);
    expect(w.news()).toEqual(['+3h ana voice step']);
  });

  test('hold nothing back when support hours begin', async () => {
    const w = world({
      config: config({
        users: people,
        severity: {
          levels: [{ id: 'SEV1' }, { id: 'SEV3', urgency: 'supportHours' }],
          supportHours: [{ timeZone: 'UTC', from: '11:00', until: '18:00' }],
        },
      }),
    });
    const id = await low(w);
    await w.pass(HOUR + 2 * MINUTE, MINUTE);
    expect(w.news()).toEqual(['+1h ana sms step', '+1h2m ana voice step']);
    expect((await deliveries(w.tocsin, id))[0]).toBe('ana sms withdrawn');
  });
});
