/**
 * Edges of reaching people: where two good rules could page somebody twice, late, or about something they never heard of.
 */
import { expect, test } from 'vitest';
import { recordingNotifier } from '../../src/testing/index.ts';
import { config, contact, counter, MINUTE, opened, policy, SECOND, T0, trigger, world } from './world.ts';

test('whoever can be reached does not wait for those whose phones fail at the same provider', async () => {
  const late: number[] = [];
  for (let run = 0; run < 10; run++) {
    const sms = recordingNotifier('sms');
    sms.failWith(({ to }) => (to.user === 'ben' ? undefined : Promise.reject(new Error('handset busy'))));
    const users = ['ana', 'chi', 'ben', 'boss'].map((id) => ({ id, contacts: [contact('sms', id)] }));
    const steps = [
      { targets: [{ user: 'ana' }, { user: 'chi' }], escalateAfter: '5m' },
      { targets: [{ user: 'ben' }], escalateAfter: '2h' },
    ];
    const shop = config({ users, schedules: [], escalationPolicies: [policy({ steps })] });
    const w = world({ config: shop, notifiers: [sms], ids: counter(`r${run}`) });
    await opened(w.tocsin);
    await w.pass(40 * MINUTE, 5 * SECOND);
    late.push((sms.sent[0]?.message.sentAt ?? Number.NaN) - T0 - 5 * MINUTE);
  }
  expect(Math.max(...late)).toBeLessThanOrEqual(30 * SECOND);
});

test('two messages of one page that fall due together are no two first pages', async () => {
  const sms = { ...recordingNotifier('sms'), kind: 'sms' as const };
  const rules = { high: [{ contact: 'sms' }, { after: '1m', contact: 'sms' }] };
  const users = [{ id: 'ana', contacts: [contact('sms', 'ana')], rules }, ...(config().users ?? []).slice(1)];
  const w = world({ config: config({ users }), notifiers: [sms] });
  await opened(w.tocsin);
  await w.sleep(3 * MINUTE);
  await w.pass(30 * SECOND, SECOND);
  expect(sms.sent.map(({ message }) => message.to.user)).toEqual(['ana']);
});

test('a fallback that is asked every millisecond is refused', () => {
  expect(() => world({ config: config({ escalationPolicies: [policy({ fallbackEvery: '1ms' })] }) })).toThrow();
});

test('the first time that somebody hears of it is no reminder', async () => {
  const when = { op: 'during' as const, value: { timeZone: 'UTC', from: '12:00', until: '13:00' } };
  const w = world({
    config: config({ escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ben' }], when }] })] }),
  });
  await opened(w.tocsin, trigger('disk', { severity: 'info' }));
  await w.pass(121 * MINUTE);
  expect(w.news()).toEqual(['+2h ben sms step']);
});

test('a title that a person writes is stored as clean as that of an alert', async () => {
  const w = world();
  const { title } = await w.tocsin.incidents.open({
    by: 'ana',
    service: 'checkout',
    title: 'Disk\r\nBcc: x\u202e\u0000',
  });
  expect(title).toBe('Disk Bcc: x');
});

test('whoever is being asked and is asked to join gets one page', async () => {
  const w = world();
  const id = await opened(w.tocsin);
  await w.pass(0);
  await w.tocsin.incidents.addResponder(id, { by: 'boss', user: 'ana' });
  await w.pass(4 * MINUTE);
});
