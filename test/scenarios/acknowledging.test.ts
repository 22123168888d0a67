/**
 * Answers in the night: by a reply, by the wrong phone, and by somebody who joins.
 */
import { expect, test } from 'vitest';
import { type ConfigInput, isTocsinError } from '../../src/index.ts';
import { scenario } from '../../src/testing/index.ts';

const config: ConfigInput = {
  users: [
    { id: 'ana', contacts: [{ notifier: 'sms', address: '+15550100' }] },
    { id: 'ben', contacts: [{ notifier: 'sms', address: '+15550101' }] },
  ],
  escalationPolicies: [
    { id: 'default', steps: [{ targets: [{ user: 'ana' }], escalateAfter: '5m' }], fallback: [{ user: 'ben' }] },
  ],
  services: [{ id: 'checkout', escalationPolicy: 'default' }],
};
const trigger = (title: string) => ({ action: 'trigger', title, dedupKey: title, severity: 'critical' }) as const;
const from = (address: string) => ({ notifier: 'sms', address });
const at3 = () => scenario({ start: '2026-01-06T03:00:00Z', config });

test('a reply at three in the morning lets everybody else sleep', async () => {
  const given = at3();
  const id = await given.ingest(trigger('Disk full'));
  expect(given.sent()).toEqual(['0s ana sms step']);
  await given.pass('4m');
  await given.tocsin.actions.answer({ action: 'acknowledge', from: from('+15550100') });
  await given.pass('20m');
  expect(given.sent()).toEqual([]);
  expect(await given.state(id ?? '')).toBe('triage / acknowledged');
});

test('a reply from a phone that nobody has stops nothing: the page climbs', async () => {
  const given = at3();
  await given.ingest(trigger('Disk full'));
  const wrong = await given.tocsin.actions
    .answer({ action: 'acknowledge', from: from('+15550999') })
    .catch((error) => error);
  expect(isTocsinError(wrong, 'ACTION_REFUSED') && wrong.details.why).toBe('unknown-person');
  await given.pass('5m');
  expect(given.sent()).toEqual(['0s ana sms step', '5m ben sms fallback']);
});

test('two incidents at once: a bare reply stops neither, and each code stops its own', async () => {
  const given = at3();
  await given.ingest(trigger('Disk full'));
  await given.ingest(trigger('Mail is late'));
  const codes = given.notifiers.get('sms')?.sent.map(({ message }) => message.replyCode) ?? [];
  const bare = await given.tocsin.actions
    .answer({ action: 'acknowledge', from: from('+15550100') })
    .catch((error) => error);
  expect(isTocsinError(bare, 'ACTION_REFUSED') && bare.details.why).toBe('ambiguous');
  await given.tocsin.actions.answer({ action: 'acknowledge', from: from('+15550100'), about: codes[1] });
  given.sent();
  await given.pass('5m');
  expect(given.sent()).toEqual(['5m ben sms fallback']);
  expect(given.notifiers.get('sms')?.sent.at(-1)?.message.title).toBe('Disk full');
});

test('who is asked to join answers by a reply as well', async () => {
  const given = at3();
  const id = (await given.ingest(trigger('Disk full'))) ?? '';
  await given.tocsin.incidents.addResponder(id, { by: 'ana', user: 'ben' });
  await given.pass('1m');
  await given.tocsin.actions.answer({ action: 'accept', from: from('+15550101') });
  expect((await given.tocsin.incidents.get(id))?.responders).toEqual({ ben: 'accepted' });
});
