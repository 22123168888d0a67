/**
 * What a page looks like on a terminal.
 */
import { expect, test, vi } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { consoleNotifier } from '../../src/notifiers/console.ts';
import { aborted, messageWith, patient } from './message.ts';

async function printed(changes: Partial<Message>): Promise<string> {
  const blocks: string[] = [];
  const notifier = consoleNotifier({ write: (block) => blocks.push(block) });
  await notifier.send(messageWith(changes), { idempotencyKey: 'k', signal: patient });
  expect(blocks).toHaveLength(1);
  return blocks[0]!;
}

test('a fresh page says how bad, what, where, and for whom', async () => {
  expect(await printed({})).toBe('[SEV1] Checkout: Database is down\n  Page for Ana at stdout');
});

test('a full page says everything there is to say', async () => {
  const since = Date.UTC(2026, 0, 5, 9, 0, 0);
  const block = await printed({
    purpose: 'fallback',
    body: 'No replies since 09:00.\nReplica is up.',
    since,
    requestedAt: since + 600_000,
    sentAt: since + 3_900_000,
    alertCount: 3,
    people: { asked: ['ana', 'ben'], acknowledgedBy: ['chi'] },
    links: [{ href: 'https://runbooks.example/db', text: 'Runbook' }, { href: 'https://graphs.example/db' }],
    actions: [
      { id: 'acknowledge', label: 'Acknowledge', url: 'https://tocsin.example/a/1' },
      { id: 'escalate', label: 'Escalate' },
    ],
  });
  expect(block.split('\n')).toEqual([
    '[SEV1] Checkout: Database is down',
    '  Fallback page for Ana at stdout',
    '  Open for 1h 5m, Late by 55m, 3 alerts',
    '  No replies since 09:00.',
    '  Replica is up.',
    '  Asked: ana, ben',
    '  Acknowledged by: chi',
    '  Runbook: https://runbooks.example/db',
    '  Link: https://graphs.example/db',
    '  Acknowledge: https://tocsin.example/a/1',
    '  Can: Escalate',
  ]);
});

test('ages are said only beyond one minute', async () => {
  const { since } = messageWith();
  expect(await printed({ requestedAt: since, sentAt: since + 60_000 })).not.toMatch(/Open|Late/);
  expect(await printed({ requestedAt: since + 1, sentAt: since + 60_001 })).toContain('\n  Open for 1m\n'.trimEnd());
  expect(await printed({ requestedAt: since + 1, sentAt: since + 60_001 })).not.toContain('Late');
  expect(await printed({ requestedAt: since, sentAt: since + 61_000 })).toContain('\n  Open for 1m 1s, Late by 1m 1s');
});

test.each([
  ['step', 'Page for'],
  ['fallback', 'Fallback page for'],
  ['reminder', 'Reminder for'],
  ['responder', 'Request to respond for'],
  ['handoff', 'Handoff for'],
  ['notice', 'Notice for'],
] as const)('a message of purpose %s begins "%s"', async (purpose, words) => {
  expect(await printed({ purpose })).toContain(`\n  ${words} Ana`);
});

test('who is asked falls back from the name to the user to the contact', async () => {
  const to = { contact: 'room', address: '#ops' };
  expect(await printed({ to: { ...to, user: 'ana' } })).toContain('for ana at #ops');
  expect(await printed({ to })).toContain('for room at #ops');
});

test("a stranger's text can neither steer the terminal nor pass for another message", async () => {
  const block = await printed({
    title: 'up\u001b[2J\n[SEV5] Checkout: all is well',
    body: 'first\r\n[SEV5] Checkout: all is well\u001b]0;x\u0007',
    links: [{ href: 'https://a.example/\u001b[31m', text: 'a\nb' }],
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what this test is about
  expect(block).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(block.split('\n').filter((line) => line.startsWith('['))).toEqual([
    '[SEV1] Checkout: up[2J [SEV5] Checkout: all is well',
  ]);
  expect(block).toContain('\n  [SEV5] Checkout: all is well]0;x\n  a b: https://a.example/[31m');
});

test('a long text is cut', async () => {
  const lines = (await printed({ body: 'x'.repeat(5_000) })).split('\n');
  expect(lines[2]).toBe(`  ${'x'.repeat(1_999)}…`);
});

test('an attempt that was given up prints nothing and can be made again', async () => {
  const write = vi.fn();
  const attempt = consoleNotifier({ write }).send(messageWith(), { idempotencyKey: 'k', signal: aborted });
  await expect(attempt).rejects.toMatchObject({
    code: 'NOTIFY_FAILED',
    retryable: true,
    details: { permanent: false },
  });
  expect(write).not.toHaveBeenCalled();
});

test('it is called console unless named otherwise', () => {
  expect([consoleNotifier().name, consoleNotifier({ name: 'terminal' }).name]).toEqual(['console', 'terminal']);
});

test('by default it prints to standard output, one line break after each block', async () => {
  const spy = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await consoleNotifier().send(messageWith(), { idempotencyKey: 'k', signal: patient });
    expect(spy.mock.calls).toEqual([['[SEV1] Checkout: Database is down\n  Page for Ana at stdout\n']]);
  } finally {
    spy.mockRestore();
  }
});
