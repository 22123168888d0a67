import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { ERRORS } from '../src/error-help.ts';
import { type ErrorCode, isTocsinError, TocsinError } from '../src/errors.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];

describe('the catalogue', () => {
  test.each(codes)('%s says what to do in sentences', (code) => {
    const { help, retryable } = ERRORS[code];
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(help).toMatch(/^[A-Z][^\n]{10,}\.$/);
    expect(typeof retryable).toBe('boolean');
  });

  test('trying again helps only when somebody else, or the clock, was the obstacle', () => {
    expect(codes.filter((code) => ERRORS[code].retryable)).toEqual([
      'TOO_MANY_CODES',
      'VERSION_CONFLICT',
      'STORAGE_UNAVAILABLE',
      'NOTIFY_FAILED',
    ]);
  });

  test('has no code that nothing throws', () => {
    const sources = globSync('src/**/*.ts').filter((file) => !file.replaceAll('\\', '/').endsWith('src/errors.ts'));
    expect(sources.length).toBeGreaterThan(50);
    // Comments may speak of a code; only code throws it.
    const code = sources
      .map((file) => readFileSync(file, 'utf8').replaceAll(/\/\*.*?\*\/|^\s*\/\/[^\n]*/gms, ''))
      .join('\n');
    expect(codes.filter((name) => !code.includes(`'${name}'`))).toEqual([]);
  });
});

describe('an error', () => {
  test.each(codes)('of code %s knows whether trying again helps', (code) => {
    const error = new TocsinError(code, 'Cannot do it.');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'TocsinError', code, message: 'Cannot do it.', details: {} });
    expect(error.retryable).toBe(ERRORS[code].retryable);
  });

  test('keeps its details and its cause', () => {
    const cause = new Error('connection refused');
    const details = { problems: [{ path: 'users[0]' }] };
    const error = new TocsinError('STORAGE_UNAVAILABLE', 'Cannot store.', { details, cause });
    expect(error.details).toBe(details);
    expect(error.cause).toBe(cause);
  });

  test('keeps a cause that is no error, even an empty one', () => {
    expect(new TocsinError('STOPPED', 'Stopped.', { cause: null }).cause).toBe(null);
    expect(new TocsinError('STOPPED', 'Stopped.', { cause: '' }).cause).toBe('');
  });

  test('without a cause has none', () => {
    expect(Object.hasOwn(new TocsinError('STOPPED', 'Stopped.'), 'cause')).toBe(false);
    expect(Object.hasOwn(new TocsinError('STOPPED', 'Stopped.', { details: {} }), 'cause')).toBe(false);
  });

  test('keeps the stack of where it was made', () => {
    function whereItHappened() {
      return new TocsinError('UNBOUNDED', 'Cannot settle.');
    }
    const { stack } = whereItHappened();
    expect(stack).toMatch(/^(TocsinError|Error): Cannot settle\.\n/);
    expect(stack).toContain('whereItHappened');
    expect(stack).toContain('errors.test.ts');
  });
});

describe('isTocsinError', () => {
  const error = new TocsinError('INCIDENT_NOT_FOUND', 'No such incident.');

  test('knows an error by its code, or by any code', () => {
    expect(isTocsinError(error)).toBe(true);
    expect(isTocsinError(error, 'INCIDENT_NOT_FOUND')).toBe(true);
    expect(isTocsinError(error, 'DELIVERY_NOT_FOUND')).toBe(false);
  });

  test('knows an error of another copy of the library', async () => {
    vi.resetModules();
    const copy = await import('../src/errors.ts');
    const stranger = new copy.TocsinError('STOPPED', 'Stopped.');
    expect(stranger).not.toBeInstanceOf(TocsinError);
    expect(isTocsinError(stranger)).toBe(true);
    expect(isTocsinError(stranger, 'STOPPED')).toBe(true);
    expect(isTocsinError(stranger, 'UNBOUNDED')).toBe(false);
  });

  test.each([
    ['another error', new Error('other')],
    ['another error with a code of ours', Object.assign(new Error('other'), { code: 'STOPPED' })],
    [
      'an error of our name with a code of ours',
      Object.assign(new Error('other'), { name: 'TocsinError', code: 'STOPPED' }),
    ],
    ['an error of our name without a code', Object.assign(new Error('other'), { name: 'TocsinError' })],
    [
      'an error of our name with a code of nobody',
      Object.assign(new Error('other'), { name: 'TocsinError', code: 'ENOENT' }),
    ],
    [
      'an error whose code every object has',
      Object.assign(new Error('other'), { name: 'TocsinError', code: 'toString' }),
    ],
    ['data that looks like one', { name: 'TocsinError', code: 'STOPPED', message: 'Stopped.' }],
    ['a text', 'TocsinError'],
    ['null', null],
    ['nothing', undefined],
  ])('is not deceived by %s', (_, value) => {
    expect(isTocsinError(value)).toBe(false);
  });
});
