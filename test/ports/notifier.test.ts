import { describe, expect, test } from 'vitest';
import { isTocsinError } from '../../src/errors.ts';
import { defineNotifier, type Notifier, notifyError } from '../../src/ports/notifier.ts';
import { caught } from '../core/on-call/caught.ts';

describe('notifyError', () => {
  test('is a failure that a later attempt may mend, unless it says otherwise', () => {
    const error = notifyError('The gateway answered 503.');
    expect(isTocsinError(error, 'NOTIFY_FAILED')).toBe(true);
    expect(error.message).toBe('The gateway answered 503.');
    expect(error.retryable).toBe(true);
    expect(error.details).toEqual({ permanent: false });
    expect(error.details).not.toHaveProperty('retryAfterMs');
    expect(error.cause).toBeUndefined();
  });

  test('says that no attempt can succeed, how long to wait, what was answered, and why', () => {
    const cause = new Error('429');
    const error = notifyError('Too many requests.', { permanent: true, retryAfterMs: 0, status: 429, cause });
    expect(error.details).toEqual({ permanent: true, retryAfterMs: 0, status: 429 });
    expect(error.cause).toBe(cause);
  });
});

describe('defineNotifier', () => {
  test('hands back the notifier it was given', () => {
    const notifier: Notifier = { name: 'pager', send: async () => undefined };
    expect(defineNotifier(notifier)).toBe(notifier);
  });

  const send = async (): Promise<undefined> => undefined;

  test.each<[string, unknown]>([
    ['an empty name', { name: '', send }],
    ['no name', { send }],
    ['a name that is no text', { name: 7, send }],
    ['no send', { name: 'pager' }],
    ['a send that is no function', { name: 'pager', send: 'https://example.com' }],
  ])('refuses one with %s', (_, notifier) => {
    expect(caught(() => defineNotifier(notifier as never))).toEqual({
      code: 'INPUT_INVALID',
      message: 'A notifier needs a non-empty `name` and a `send` function.',
      details: {},
    });
  });
});
