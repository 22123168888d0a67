/**
 * The pages behind links of subscribers: opening one changes nothing, pressing does, and a mail program needs no page.
 */
import { describe, expect, test } from 'vitest';
import { TocsinError } from '../../src/index.ts';
import {
  readSubscriptionRequest,
  type SubscriptionRequest,
  subscriptionDonePage,
  subscriptionQuestionPage,
  subscriptionRefusedPage,
} from '../../src/interactions/subscription.ts';
import { mintSubscriptionToken, readSubscriptionToken } from '../../src/interactions/subscription-token.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const url = 'https://ops.example/x/subscription/s1.a.b?utm=1';
const read = (request: SubscriptionRequest) => readSubscriptionRequest({ url, ...request });
const code = (request: SubscriptionRequest) => {
  const asked = read(request);
  return asked.ok ? asked.kind : asked.code;
};

describe('a request', () => {
  test('to look shows, in the language of the browser', () => {
    const headers = { 'accept-language': 'de-AT,de;q=0.8' };
    expect(read({ method: 'GET', headers })).toEqual({ ok: true, kind: 'show', token: 's1.a.b', locale: 'de-AT' });
    expect(code({ method: 'HEAD' })).toBe('show');
  });

  test('of a mail program unsubscribes, as either kind of form', () => {
    expect(code({ method: 'POST', headers: form, body: 'List-Unsubscribe=One-Click' })).toBe('oneClick');
    const part = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    expect(code({ method: 'POST', headers, body: part })).toBe('oneClick');
    expect(code({ method: 'POST', headers, body: part.replace('One-Click', 'No') })).toBe('unconfirmed');
  });

  test.each<[string, SubscriptionRequest, string]>([
    ['of another address', { url: '/answer/t1.a.b', method: 'GET' }, 'not-found'],
    ['without a token', { url: '/subscription/', method: 'GET' }, 'not-found'],
    ['by another method', { method: 'DELETE' }, 'wrong-method'],
    ['that posts nothing', { method: 'POST', headers: form, body: '' }, 'unconfirmed'],
    ['of another type', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }, 'wrong-type'],
    ['that is too large', { method: 'POST', headers: form, body: 'x'.repeat(5_000) }, 'too-large'],
    ['that says it twice', { method: 'POST', headers: form, body: 'confirm=yes&confirm=yes' }, 'duplicate'],
  ])('%s is refused', (_, request, expected) => {
    expect(code(request)).toBe(expected);
    expect(subscriptionRefusedPage(read(request)).status).toBeGreaterThanOrEqual(400);
  });
});

describe('a page', () => {
  test('shows what is done and to which address, escaped, without script and without being kept', () => {
    const { status, headers, body } = subscriptionQuestionPage({
      action: 'confirm',
      address: '<b>@x',
      components: ['<i>Shop'],
      already: false,
      locale: 'de',
    });
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(body).toContain('&lt;b&gt;@x');
    expect(body).toContain('&lt;i&gt;Shop');
    expect(body).not.toMatch(/<script|<b>|<i>/);
    expect(body).toContain('lang="de"');
    expect(body).toContain('name="confirm" value="yes"');
  });

  test('has no button when there is nothing left to do', () => {
    expect(subscriptionQuestionPage({ action: 'unsubscribe', already: true }).body).not.toContain('<form');
    expect(subscriptionDonePage({ action: 'confirm', already: false }).body).toContain('You will hear of updates.');
  });

  test.each<[unknown, number]>([
    [new TocsinError('ACTION_REFUSED', 'x', { details: { why: 'forged' } }), 403],
    [new TocsinError('ACTION_REFUSED', 'x', { details: { why: 'foreign' } }), 404],
    [new TocsinError('ACTION_REFUSED', 'x', { details: { why: 'constructor' } }), 500],
    [new TocsinError('STORAGE_UNAVAILABLE', 'x'), 503],
    [new Error('secret inside'), 500],
    [undefined, 500],
  ])('says why nothing was done, and repeats nothing of the error: %s', (problem, status) => {
    const page = subscriptionRefusedPage(problem, { locale: 'fr' });
    expect(page.status).toBe(status);
    expect(page.body).not.toContain('secret inside');
  });
});

describe('a token', () => {
  const secrets = ['a secret that only this test knows', 'an older secret that still counts'];
  const claims = { action: 'confirm', tenant: 't', subscriber: 's', nonce: 'n', expiresAt: 1_000 } as const;

  test('says what was signed, with any of the secrets, until its moment', () => {
    const token = mintSubscriptionToken(claims, secrets.slice(1));
    expect(readSubscriptionToken(token, secrets, 999)).toEqual({ ok: true, claims });
    expect(readSubscriptionToken(token, secrets, 1_000)).toMatchObject({ ok: false, code: 'expired' });
    expect(readSubscriptionToken(token, secrets.slice(0, 1), 0)).toMatchObject({ ok: false, code: 'forged' });
    const lasting = mintSubscriptionToken({ action: 'unsubscribe', tenant: 't', subscriber: 's' }, secrets);
    expect(readSubscriptionToken(lasting, secrets, Number.MAX_SAFE_INTEGER).ok).toBe(true);
  });

  test.each([undefined, null, 7, '', 's1.a', 's1.!.x', 'x'.repeat(9_999)])('is nothing else: %s', (token) => {
    expect(readSubscriptionToken(token, secrets, 0)).toMatchObject({ ok: false, code: 'malformed' });
  });

  test('is never made of what could not be read', () => {
    expect(() => mintSubscriptionToken({ ...claims, subscriber: ' ' }, secrets)).toThrow('claim');
    expect(() => mintSubscriptionToken(claims, ['short'])).toThrow('24');
  });
});
