/**
 * Secrets: whatever is done and refused, none of them, and no token, is ever said, kept or answered.
 */
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { slackNotifier } from '../../src/notifiers/slack.ts';
import { telegramNotifier } from '../../src/notifiers/telegram.ts';
import { webhookNotifier } from '../../src/notifiers/webhook.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { sqliteAt, temporaryPath } from '../storage/open-sqlite.ts';
import { answering, minted, paged, tokenOf } from './action-worlds.ts';
import { config, contact, DAY, MINUTE, opened, policy, trigger } from './world.ts';

const FIRST = 'CANARY-first-0123456789-abcdefghij';
const SECOND = 'CANARY-second-0123456789-abcdefghij';
const SLACK = 'xoxb-CANARY-slack-0123456789';
const TELEGRAM = '123456789:CANARY_telegram_0123456789_abcdefghijkl';
const HOOK = `whsec_${Buffer.from('CANARY-hook-0123456789-abcdefghij').toString('base64')}`;
const HEADER = 'Bearer CANARY-header-0123456789';

test('no secret and no token is in an error, a log, a timeline, a list, the health, news, or a stored row', async () => {
  const said: unknown[] = [];
  const say = (facts: object, message: string) => void said.push(['log', facts, message]);
  const path = temporaryPath();
  const failing: typeof globalThis.fetch = async () => {
    throw new Error('connection refused');
  };
  const channels = ['slack', 'telegram', 'webhook'];
  const addresses: Record<string, string> = {
    slack: 'C012345',
    telegram: '4711',
    webhook: 'https://hooks.example.com/x',
  };
  const users = ['ana', 'ben', 'boss'].map((id) => ({
    id,
    contacts: [contact('sms', id), ...channels.map((notifier) => ({ notifier, address: addresses[notifier]! }))],
  }));
  const w = answering({
    clock: virtualClock({ start: Date.now() }),
    storage: sqliteAt(path),
    secrets: [FIRST, SECOND],
    notifiers: [
      slackNotifier({ token: SLACK, fetch: failing }),
      telegramNotifier({ token: TELEGRAM, fetch: failing }),
      webhookNotifier({ secret: HOOK, headers: { authorization: HEADER }, fetch: failing }),
    ],
    config: config({
      users,
      escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '5m' }] })],
    }),
    logger: { debug: say, info: say, warn: say, error: say },
    onDeadLetter: (delivery) => void said.push(['dead', delivery]),
    authorize: (by, action, resource) => {
      said.push(['asked', by, action, resource]);
      return by.kind !== 'user' || by.id !== 'mute';
    },
    reactions: { 'incident.acknowledged': () => {} },
  });
  const { tocsin } = w;
  for (const type of [
    'action.refused',
    'incident.acknowledged',
    'delivery.sent',
    'delivery.retried',
    'delivery.dead',
    'error',
  ] as const)
    tocsin.on(type, (news) => said.push([type, news]));
  const attempt = (work: () => Promise<unknown>) =>
    work().then(
      (answer) => said.push(['answer', answer]),
      (error: unknown) => said.push(['error', error, inspect(error, { depth: 9, showHidden: true })]),
    );

  const a = await paged(w, 'a');
  const b = await paged(w, 'b');
  const [token, other] = [tokenOf(a.message), tokenOf(b.message)];
  const from = { notifier: 'sms', address: 'ana@sms' };
  const foreign = tocsin.forTenant('other', { config: config({ users }) });
  await attempt(() => tocsin.actions.peek(token));
  await attempt(() => tocsin.actions.answer({ action: 'acknowledge', from }));
  await attempt(() => tocsin.actions.redeem(token));
  await attempt(() => tocsin.actions.redeem(token));
  await attempt(() => tocsin.actions.redeem(`${token}x`));
  await attempt(() => tocsin.actions.redeem(token.replace('t1.', 't2.')));
  await attempt(() => tocsin.actions.redeem(token, { incident: b.id }));
  await attempt(() => tocsin.actions.redeem(token, { by: '' }));
  await attempt(() => foreign.actions.redeem(other));
  await attempt(() => tocsin.actions.redeem(other, { by: 'mute' }));
  await attempt(() => tocsin.actions.redeem(other, { from: { notifier: 'sms', address: 'stranger' } }));
  await attempt(() => tocsin.actions.redeem(minted('gone', 'acknowledge')));
  await attempt(() => tocsin.actions.answer({ action: 'acknowledge', from, answerId: 'SM1' }));
  await attempt(() => tocsin.actions.answer({ action: 'acknowledge', from, answerId: 'SM1' }));
  await attempt(() => tocsin.actions.answer({ action: 'resolve', from, externalId: 'sms-1' }));
  await attempt(() => tocsin.actions.redeem(tokenOf(a.message, 'escalate')));
  await opened(tocsin, trigger('c'));
  await w.pass(40 * MINUTE);
  await w.sleep(DAY);
  await attempt(() => tocsin.actions.redeem(other));
  await attempt(() => tocsin.actions.peek(other));
  const commit = w.storage.commit.bind(w.storage);
  Object.assign(w.storage, { commit: () => Promise.reject(new Error('disk full')) });
  await attempt(() => tocsin.actions.answer({ action: 'resolve', from, about: a.id }));
  Object.assign(w.storage, { commit });
  await attempt(() => tocsin.health());
  await attempt(async () => (await tocsin.incidents.list()).items);
  await attempt(() => tocsin.deliveries.list({ limit: 500 }));
  await attempt(() => tocsin.deadLetters.list());
  await attempt(() => tocsin.alerts.list());
  for (const { id } of (await tocsin.incidents.list()).items) await attempt(() => tocsin.incidents.timeline(id));
  await tocsin.stop();
  await w.storage.close();

  const kinds = new Set(said.map((one) => (one as readonly unknown[])[0]));
  expect([...kinds]).toEqual(
    expect.arrayContaining(['log', 'asked', 'answer', 'error', 'action.refused', 'incident.acknowledged']),
  );
  const stored = readFileSync(path).toString('latin1');
  // The file is what holds the rows, or this would prove nothing.
  expect(stored).toContain('Problem a');
  expect(stored).toContain('ana@sms');
  const everything = `${inspect(said, { depth: 20, maxStringLength: null, maxArrayLength: null, showHidden: true })} ${JSON.stringify(said)} ${stored}`;
  for (const secret of [
    'CANARY',
    FIRST,
    SECOND,
    HOOK.slice(6),
    token,
    other,
    token.split('.')[2]!,
    other.split('.')[2]!,
  ])
    expect(everything.includes(secret), secret).toBe(false);
});
