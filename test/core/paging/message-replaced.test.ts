/**
 * What a host may say instead, and what it can never break.
 */
import { describe, expect, test, vi } from 'vitest';
import { type ReplaceMessage, replacedMessage } from '../../../src/core/paging/message-replaced.ts';
import { isTocsinError } from '../../../src/errors.ts';
import type { Message } from '../../../src/model/message.ts';
import { sampleMessage } from '../../../src/testing/sample-message.ts';

const message = sampleMessage({ body: 'No space left', links: [{ href: 'https://a.b' }] });

function replaced(replace: unknown) {
  const onError = vi.fn();
  return { said: replacedMessage(message, replace as ReplaceMessage, onError), onError };
}

describe('a host', () => {
  test('says title, body, lines and links in its own words', () => {
    const { said, onError } = replaced(({ severity, title }: Message) => ({
      title: `${severity}!\n${title}`,
      body: 'Call 42\u0000',
      lines: ['one\ntwo', 'three'],
      links: [{ href: 'https://c.d/e', text: 'Run\nbook' }],
    }));
    expect(said).toEqual({
      ...message,
      title: 'SEV1! Disk full on db-1',
      body: 'Call 42',
      lines: ['one two', 'three'],
      links: [{ href: 'https://c.d/e', text: 'Run book' }],
    });
    expect(onError).not.toHaveBeenCalled();
  });

  test('leaves what it does not name, and takes a body away with an empty one', () => {
    expect(replaced(() => ({ title: 'Other' })).said).toEqual({ ...message, title: 'Other' });
    expect(replaced(() => ({ body: '' })).said).not.toHaveProperty('body');
    expect(replaced(() => ({})).said).toEqual(message);
    expect(replaced(() => undefined).said).toBe(message);
    expect(replacedMessage(message, undefined)).toBe(message);
  });

  test('cannot say more than fits', () => {
    const long = 'x'.repeat(10_000);
    const many = Array.from({ length: 50 }, () => long);
    const links = many.map((text) => ({ href: 'https://a.b', text }));
    const { said } = replaced(() => ({ title: long, body: long, lines: many, links }));
    expect([said.title.length, said.body?.length, said.lines.length, said.lines[0]?.length]).toEqual([
      256, 4_096, 20, 256,
    ]);
    expect([said.links.length, said.links[0]?.text?.length]).toEqual([20, 256]);
  });

  test('changes nothing else, whatever it answers', () => {
    const { said } = replaced(() => ({
      title: 'Other',
      tenant: 'evil',
      to: { contact: 'x', address: 'evil' },
      deliveryId: 'evil',
      incidentId: 'evil',
      actions: [],
      severity: 'none',
    }));
    expect(said).toEqual({ ...message, title: 'Other' });
  });

  test('changes nothing else, whatever it does to what it is given', () => {
    const before = structuredClone(message);
    const { said } = replaced((given: { tenant: string; to: { address: string }; actions: unknown[] }) => {
      given.tenant = 'evil';
      given.to.address = 'evil';
      given.actions.length = 0;
      return { title: 'Other' };
    });
    expect(said).toEqual({ ...before, title: 'Other' });
    expect(message).toEqual(before);
  });
});

describe('the built-in message stands, and the failure is told', () => {
  const failure = new Error('no template');
  const thrower = () => {
    throw failure;
  };

  test('when it throws', () => {
    const { said, onError } = replaced(thrower);
    expect(said).toBe(message);
    expect(onError.mock.calls).toEqual([[failure]]);
  });

  test.each<[string, unknown]>([
    ['a promise', Promise.resolve({ title: 'late' })],
    ['a text', 'Disk full'],
    ['null', null],
    ['a number', 42],
    ['an empty title', { title: ' \u0000\n ' }],
    ['a title that is no text', { title: 42 }],
    ['a body that is no text', { body: null }],
    ['lines that are no list', { lines: 'one' }],
    ['a line that is no text', { lines: ['one', 2] }],
    ['links that are no list', { links: {} }],
    ['a link that is none', { links: ['https://a.b'] }],
    ['a link of null', { links: [null] }],
    ['a link that goes nowhere', { links: [{ href: 'javascript:alert(1)' }] }],
    ['a link without an address', { links: [{ text: 'x' }] }],
    ['a link with a text that is none', { links: [{ href: 'https://a.b', text: 1 }] }],
  ])('when it answers %s', (_, answer) => {
    const { said, onError } = replaced(() => answer);
    expect(said).toBe(message);
    expect(onError).toHaveBeenCalledTimes(1);
    const [[error]] = onError.mock.calls as [[unknown]];
    expect(isTocsinError(error, 'INPUT_INVALID') && error.message).toMatch(
      /^Cannot use what the host would rather say: /,
    );
  });

  test('when what it answers cannot be read', () => {
    const trap = {
      get title() {
        return thrower();
      },
    };
    expect(replaced(() => trap).said).toBe(message);
    expect(replaced(() => new Proxy({}, { get: thrower })).onError).toHaveBeenCalledWith(failure);
  });

  test('when it answers a promise that rejects, without an unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.once('unhandledRejection', unhandled);
    expect(replaced(() => Promise.reject(failure)).said).toBe(message);
    await new Promise((resolve) => setImmediate(resolve));
    process.removeListener('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('even when nobody can be told', () => {
    expect(replacedMessage(message, thrower, thrower)).toBe(message);
    expect(replacedMessage(message, thrower)).toBe(message);
  });
});
