/**
 * Options of notifiers over HTTP: what is taken, and what is refused without being repeated.
 */
import { describe, expect, test } from 'vitest';
import { malformedOption, readBaseUrl } from '../../../src/notifiers/http/checked-options.ts';
import { namedKey, readNamedKeys } from '../../../src/notifiers/http/named-keys.ts';
import { caught } from '../../core/on-call/caught.ts';

test('the refusal of an option names it twice: for people and for programs', () => {
  const message = 'The `vapid/subject` must be a mailto or an https address.';
  expect(malformedOption('vapid/subject', 'a mailto or an https address')).toMatchObject({
    code: 'INPUT_INVALID',
    message,
    details: { problems: [{ path: '/vapid/subject', message }] },
  });
});

describe('the address of an API', () => {
  test.each([
    ['https://a.example', 'https://a.example'],
    ['https://a.example:8443/v1//', 'https://a.example:8443/v1'],
    ['http://localhost:81/', 'http://localhost:81'],
    // Otherwise the path would become part of the query or the fragment.
    ['https://a.example/?', 'https://a.example'],
    ['https://a.example/v1#', 'https://a.example/v1'],
  ])('%s is put before a path as %s', (given, address) => {
    expect(readBaseUrl(given)).toBe(address);
  });

  test.each([
    7,
    undefined,
    '',
    'a.example',
    'ftp://a.example',
    'https://u:s3cret@a',
    'https://a/?s3cret',
    'https://a/#x',
  ])('%j is refused under the name of its option, and not repeated', (given) => {
    const error = caught(() => readBaseUrl(given, 'restUrl'));
    expect(error).toMatchObject({ code: 'INPUT_INVALID', details: { problems: [{ path: '/restUrl' }] } });
    expect(JSON.stringify(error)).not.toContain('s3cret');
  });
});

describe('keys by name', () => {
  const shape = { pattern: /^[a-z]{4}$/, needed: 'four letters' };

  test('an address chooses one', () => {
    const keys = readNamedKeys('keys', { default: 'abcd', other: 'efgh' }, shape);
    expect(namedKey('X', keys, 'other')).toBe('efgh');
  });

  test.each(['', 'abcd', 'constructor', '__proto__'])('an address that names none is permanent: %j', (address) => {
    const error = caught(() => namedKey('X', readNamedKeys('keys', { default: 'abcd' }, shape), address));
    expect(error).toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: true } });
    expect(error.message).toContain('Known: default.');
  });

  test.each([
    [undefined, '/keys'],
    [{}, '/keys'],
    [{ default: 'abc' }, '/keys/default'],
    [{ default: 7 }, '/keys/default'],
    [{ default: 'abcd', '': 'abcd' }, '/keys/'],
    ['abcd', '/keys/0'],
  ])('%j is refused at %s', (given, path) => {
    expect(caught(() => readNamedKeys('keys', given, shape))).toMatchObject({
      code: 'INPUT_INVALID',
      details: { problems: [{ path }] },
    });
  });
});
