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

test('a fresh page says what, how bad, where, and for whom', async () => {
  expect(await printed({})).toBe('Database is down\n  Page for Ana at stdout\n  SEV1 · Checkout');
});

test('a full page says everything there is to say', async () => {
  const block = await printed({
    purpose: 'fallback',
    body: 'No replies since 09:00.\nReplica is up.',
    lines: ['SEV1 · Checkout', 'Open for 1 h 5 min', 'Also asked: Ben'],
    links: [{ href: 'https://runbooks.example/db', text: 'Runbook' }, { href: 'https://graphs.example/db' }],
    bundle: [{ deliveryId: 'd2', title: 'Queue is full', urgency: 'high', line: 'SEV2 · Shop' }],
    actions: [
      { id: 'acknowledge', label: 'Acknowledge', url: 'https://tocsin.example/a/1' },
      { id: 'escalate', label: 'Escalate' },
      { id: 'snooze', label: 'Snooze\n' },
    ],
  });
  expect(block.split('\n')).toEqual([
    'Database is down',
    '  Fallback page for Ana at stdout',
    '  SEV1 · Checkout',
    '  Open for 1 h 5 min',
    '  Also asked: Ben',
    '  No replies since 09:00.',
    '  Replica is up.',
    '  - Queue is full (SEV2 · Shop)',
    '  Runbook: https://runbooks.example/db',
    '  https://graphs.example/db',
    '  Acknowledge: https://tocsin.example/a/1',
    '  Can: Escalate, Snooze',
  ]);
});

test('a message about no incident has nothing to say of one', async () => {
  const {
    incidentId: _,
    severity: __,
    service: ___,
    since: ____,
    ...alone
  } = messageWith({ lines: [], purpose: 'canary' });
  const blocks: string[] = [];
  await consoleNotifier({ write: (block) => blocks.push(block) }).send(alone, { idempotencyKey: 'k', signal: patient });
  expect(blocks).toEqual(['Database is down\n  Canary for Ana at stdout']);
});

test.each([
  ['step', 'Page for'],
  ['fallback', 'Fallback page for'],
  ['reminder', 'Reminder for'],
  ['responder', 'Request to respond for'],
  ['handoff', 'Handoff for'],
  ['notice', 'Notice for'],
  ['summary', 'Summary for'],
  ['verification', 'Verification for'],
  ['canary', 'Canary for'],
  ['emergency', 'Emergency page for'],
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
  expect(block.split('\n').filter((line) => !line.startsWith('  '))).toEqual(['up[2J [SEV5] Checkout: all is well']);
  expect(block).toContain('\n  first\n  [SEV5] Checkout: all is well]0;x\n');
});

test('a long text is cut', async () => {
  const block = await printed({ body: 'x'.repeat(50_000) });
  expect(block.length).toBeLessThan(8_300);
  expect(block.endsWith('x…')).toBe(true);
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
    expect(spy.mock.calls).toEqual([['Database is down\n  Page for Ana at stdout\n  SEV1 · Checkout\n']]);
  } finally {
    spy.mockRestore();
  }
});
