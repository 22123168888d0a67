/**
 * Action tokens: what they allow, until when, and everything that is refused.
 */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTocsinError } from '../../src/errors.ts';
import {
  type ActionClaims,
  mintActionToken,
  readActionToken,
  TOKEN_ACTIONS,
} from '../../src/interactions/action-token.ts';

const SECRET = 'first-secret-of-enough-bytes';
const OTHER = 'other-secret-of-enough-bytes';
const EXPIRES = 1_800_000_000_000;
const claims: ActionClaims = {
  id: 'Zk3vT9mQpL0aXw7RbY2sNg',
  tenant: 'acme',
  incident: '01980a4e-6a3c-7c1e-9f5d-2b7f3e8c1a90',
  action: 'acknowledge',
  user: 'ana',
  contact: 'ana-phone',
  delivery: '01980a4e-6a3c-7c1e-9f5d-2b7f3e8c1a91',
  expiresAt: EXPIRES,
};
const token = mintActionToken(claims, [SECRET]);
const read = (text: unknown, nowMs = EXPIRES - 1, secrets: readonly (string | Uint8Array)[] = [SECRET]) =>
  readActionToken(text, secrets, nowMs);
const codeOf = (text: unknown, nowMs?: number, secrets?: readonly (string | Uint8Array)[]) => {
  const outcome = read(text, nowMs, secrets);
  return outcome.ok ? 'ok' : outcome.code;
};
/** A token of any content, signed as ours are. */
const signed = (json: string, domain = 'tocsin:action-token:1\n', secret = SECRET) => {
  const payload = Buffer.from(json).toString('base64url');
  return `t1.${payload}.${createHmac('sha256', secret).update(`${domain}${payload}`).digest('base64url')}`;
};
const list = (changes: Record<number, unknown> = {}) => {
  const values: unknown[] = ['use-1', 'acme', 'inc-7', 'resolve', null, null, null, EXPIRES];
  return JSON.stringify(Object.assign(values, changes));
};
const refusalOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (isTocsinError(error, 'INPUT_INVALID')) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

const id = fc.stringMatching(/^[a-zA-Z0-9._:@/+-]{1,40}$/);
const anyClaims: fc.Arbitrary<ActionClaims> = fc
  .record(
    {
      id,
      tenant: id,
      incident: id,
      action: fc.constantFrom(...TOKEN_ACTIONS),
      user: id,
      contact: id,
      delivery: id,
      expiresAt: fc.integer({ min: 1, max: 8.64e15 }),
    },
    { requiredKeys: ['id', 'tenant', 'incident', 'action', 'expiresAt'] },
  )
  .filter((made) => !Object.values(made).some((value) => value === 'constructor' || value === 'prototype'));

describe('a token that was minted here', () => {
  test('says what it was minted with', () => {
    expect(read(token)).toStrictEqual({ ok: true, claims });
  });

  test('says exactly its claims, whatever they are, in characters that a URL takes as they are', () => {
    fc.assert(
      fc.property(anyClaims, (made) => {
        const minted = mintActionToken(made, [SECRET]);
        expect(minted).toMatch(/^[A-Za-z0-9._-]+$/);
        expect(read(minted, made.expiresAt - 1)).toStrictEqual({ ok: true, claims: { ...made } });
      }),
    );
  });

  test('is the same for the same claims, in whatever order they are given', () => {
    const reversed = Object.fromEntries(Object.entries(claims).reverse()) as ActionClaims;
    expect(mintActionToken(reversed, [SECRET])).toBe(token);
  });

  test('is at most 300 characters with ids of usual length', () => {
    expect(token.length).toBeLessThanOrEqual(300);
  });

  test('has the form that is documented', () => {
    expect(signed(list())).toBe(
      mintActionToken({ id: 'use-1', tenant: 'acme', incident: 'inc-7', action: 'resolve', expiresAt: EXPIRES }, [
        SECRET,
      ]),
    );
  });

  test('carries ids in any script', () => {
    const made = { ...claims, user: 'Žofie', tenant: '東京' };
    expect(read(mintActionToken(made, [SECRET]))).toStrictEqual({ ok: true, claims: made });
  });
});

describe('the moment of expiry', () => {
  test('is the first at which the token is refused', () => {
    expect([codeOf(token, EXPIRES - 1), codeOf(token, EXPIRES), codeOf(token, EXPIRES + 1)]).toEqual([
      'ok',
      'expired',
      'expired',
    ]);
  });

  test('is past when nobody knows what time it is', () => {
    expect(codeOf(token, Number.NaN)).toBe('expired');
  });

  test('is not believed of a forged token', () => {
    expect(codeOf(signed(list(), undefined, OTHER), EXPIRES + 1)).toBe('forged');
  });
});

describe('a token that was changed', () => {
  test('is refused for any one character that differs', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n%é\u0000';
    for (let at = 0; at < token.length; at += 1) {
      for (const character of alphabet) {
        if (character === token[at]) continue;
        expect(codeOf(token.slice(0, at) + character + token.slice(at + 1))).toMatch(/^(forged|malformed)$/);
      }
    }
  });

  test('is refused when its last character spells the same bytes in another way', () => {
    const mac = token.slice(token.lastIndexOf('.') + 1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twins = [...alphabet].filter(
      (last) =>
        last !== mac.at(-1) && Buffer.from(mac.slice(0, -1) + last, 'base64url').equals(Buffer.from(mac, 'base64url')),
    );
    expect(twins).toHaveLength(3);
    for (const twin of twins) expect(codeOf(token.slice(0, -1) + twin)).toBe('forged');
  });

  test('is refused when characters are added, lost or doubled', () => {
    for (const text of [`${token}=`, `${token}\n`, ` ${token}`, token.slice(1), token.slice(0, -1), token + token]) {
      expect(codeOf(text)).toMatch(/^(forged|malformed)$/);
    }
  });

  test.each([
    ['tenant', { tenant: 'globex' }],
    ['incident', { incident: 'inc-8' }],
    ['action', { action: 'resolve' }],
    ['user', { user: 'ben' }],
    ['id', { id: 'another' }],
    ['expiry', { expiresAt: EXPIRES + 1 }],
  ] as const)('is refused when the mac of one %s stands under the claims of another', (_name, change) => {
    const [, payload] = mintActionToken({ ...claims, ...change }, [SECRET]).split('.');
    const [, , mac] = token.split('.');
    expect(codeOf(`t1.${payload}.${mac}`)).toBe('forged');
  });

  test('is refused when it was signed for another purpose', () => {
    expect(codeOf(signed(list(), ''))).toBe('forged');
    expect(codeOf(signed(list(), 'tocsin:action-token:2\n'))).toBe('forged');
  });
});

describe('secrets that change', () => {
  test('the first signs and all of them verify', () => {
    const renewed = mintActionToken(claims, [OTHER, SECRET]);
    expect([codeOf(token, undefined, [OTHER, SECRET]), codeOf(renewed, undefined, [OTHER])]).toEqual(['ok', 'ok']);
    expect([codeOf(token, undefined, [OTHER]), codeOf(renewed, undefined, [SECRET])]).toEqual(['forged', 'forged']);
  });

  test('text and its bytes are the same secret', () => {
    expect(codeOf(token, undefined, [Buffer.from(SECRET)])).toBe('ok');
  });

  test.each([
    ['none', []],
    ['a short one', ['short-and-quiet']],
    ['a short one behind a good one', [SECRET, 'short-and-quiet']],
    ['one of 23 bytes', [new Uint8Array(23)]],
    ['eleven', Array.from({ length: 11 }, () => SECRET)],
    ['something else', [7 as unknown as string]],
    ['no list', SECRET as unknown as string[]],
  ])('%s is refused, and not repeated', (_name, secrets) => {
    for (const run of [() => mintActionToken(claims, secrets), () => readActionToken(token, secrets, 0)]) {
      const error = refusalOf(run);
      const said = `${error.message}${JSON.stringify(error.details)}`;
      expect(said).not.toContain('short-and-quiet');
      expect(said).not.toContain(SECRET);
    }
  });

  test('24 bytes are enough', () => {
    expect(codeOf(mintActionToken(claims, [new Uint8Array(24)]), undefined, [new Uint8Array(24)])).toBe('ok');
  });
});

describe('what is no token', () => {
  test('is answered with a code, whatever it is', () => {
    const anything = fc.oneof(
      fc.anything({ maxDepth: 1 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.uint8Array(),
    );
    fc.assert(fc.property(anything, (value) => codeOf(value) === 'malformed'));
  });

  test('is not read when it is huge', () => {
    expect(codeOf('t1.'.padEnd(20_000_000, 'a'))).toBe('malformed');
    expect(codeOf(signed(list({ 0: 'a'.repeat(1_600) })))).toBe('malformed');
  });

  test.each([
    ['a claim too few', JSON.stringify(JSON.parse(list()).slice(1))],
    ['a claim too many', list({ 8: 'more' })],
    ['an unknown action', list({ 3: 'delete' })],
    ['an action of every object', list({ 3: 'toString' })],
    ['a reserved id', list({ 2: '__proto__' })],
    ['an object for an id', list({ 4: { __proto__: null, id: 'ana' } })],
    ['an expiry that is text', list({ 7: String(EXPIRES) })],
    ['an object', '{"__proto__":{"ok":true}}'],
    ['no JSON', 'hello'],
    ['no UTF-8', '\u00ff'],
  ])('is refused although signed: %s', (_name, json) => {
    expect(codeOf(signed(json))).toBe('malformed');
  });

  test('is never repeated in the reason', () => {
    const outcome = read('t1.secretive.stuff');
    expect(JSON.stringify(outcome)).not.toContain('secretive');
  });
});

describe('claims that are not minted', () => {
  test.each([
    ['/incident', { incident: '' }],
    ['/tenant', { tenant: 'a b' }],
    ['/action', { action: 'delete' }],
    ['/expiresAt', { expiresAt: Number.NaN }],
    ['/expiresAt', { expiresAt: 1.5 }],
    ['/user', { user: '__proto__' }],
    ['', { role: 'commander' }],
  ])('a problem at %j', (path, change) => {
    const error = refusalOf(() => mintActionToken({ ...claims, ...change } as ActionClaims, [SECRET]));
    expect(error.details.problems).toContainEqual({ path, message: expect.any(String) });
    expect(error.message).not.toContain(SECRET);
  });

  test('ids that are too long together', () => {
    const long = { ...claims, tenant: '東'.repeat(200), incident: '東'.repeat(200), user: '東'.repeat(200) };
    expect(refusalOf(() => mintActionToken(long, [SECRET])).message).toMatch(/2048 characters/);
  });
});
