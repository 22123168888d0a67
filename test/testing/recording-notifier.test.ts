/**
 * The recording notifier: sends nothing, remembers everything, and fails when told to.
 */
import { expect, test } from 'vitest';
import type { Message } from '../../src/index.ts';
import { recordingNotifier } from '../../src/testing/index.ts';

const message = { title: 'Disk full' } as Message;
const options = (idempotencyKey: string) => ({ idempotencyKey, signal: new AbortController().signal });

test('keeps what it was asked to send, with its key, and answers an id of its own', async () => {
  const sms = recordingNotifier();
  expect(sms.name).toBe('sms');
  expect(await sms.send(message, options('k1'))).toEqual({ externalId: 'sms-1' });
  expect(await sms.send(message, options('k2'))).toEqual({ externalId: 'sms-2' });
  expect(sms.sent).toEqual([
    { message, idempotencyKey: 'k1' },
    { message, idempotencyKey: 'k2' },
  ]);
  expect(sms.attempts).toEqual(sms.sent);
});

test('may be called anything', async () => {
  const voice = recordingNotifier('voice');
  expect(voice.name).toBe('voice');
  expect(await voice.send(message, options('k'))).toEqual({ externalId: 'voice-1' });
});

test('fails as it was told, at once or later, and counts the attempt', async () => {
  const sms = recordingNotifier();
  sms.failWith((failing, attempt) => {
    if (attempt === 1) throw new Error(`no: ${failing.title}`);
    if (attempt === 2) return Promise.reject('later');
    return undefined;
  });
  await expect(sms.send(message, options('k'))).rejects.toThrow('no: Disk full');
  await expect(sms.send(message, options('k'))).rejects.toBe('later');
  await sms.send(message, options('k'));
  expect([sms.attempts.length, sms.sent.length]).toEqual([3, 1]);
});

test('can be mended', async () => {
  const sms = recordingNotifier();
  sms.failWith(() => Promise.reject(new Error('no')));
  await expect(sms.send(message, options('k'))).rejects.toThrow('no');
  sms.failWith(undefined);
  await sms.send(message, options('k'));
  expect(sms.sent).toHaveLength(1);
});
