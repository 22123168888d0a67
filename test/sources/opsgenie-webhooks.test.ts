/**
 * What a webhook of Opsgenie means, who sent it, and what is not believed.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTocsinError } from '../../src/errors.ts';
import { alertEventSchema } from '../../src/model/alert.ts';
import { opsgenieWebhooks, verifyOpsgenieWebhook } from '../../src/sources/opsgenie-webhooks.ts';

const source = opsgenieWebhooks({ users: { 'fili@ifountain.com': 'fili', 'u-7': 'ana' } });
const fixture = (name: string) => readFileSync(`test/fixtures/opsgenie-webhooks/${name}.json`, 'utf8');
const alertId = '052652ac-5d1c-464a-812a-7dd18bbfba8c';

const bodyWith = (action: unknown, alert: object = {}, who: unknown = { name: '', type: 'web' }) => ({
  action,
  alert: { alertId: 'a1', alias: 'disk', message: 'Disk full', username: 'lee@example.org', ...alert },
  source: who,
});
const eventOf = (action: unknown, alert?: object, who?: unknown) => source.parse(bodyWith(action, alert, who))[0]!;

describe('the bodies that Opsgenie sends', () => {
  test.each([
    ['create', 'trigger', 'opened', 'aliastest', [alertId, 'aliastest'], undefined],
    ['unacknowledge', 'trigger', 'unacknowledged', 'aliastest', [alertId, 'aliastest'], 'fili'],
    ['close', 'resolve', 'resolved', 'aliastest', [alertId, 'aliastest'], 'fili'],
    ['escalate', 'change', 'other', alertId, [alertId], undefined],
  ])('%s', (name, action, change, dedupKey, ids, by) => {
    const [event] = source.parse(fixture(name));
    const external = { platform: 'opsgenie', ids, change, ...(by === undefined ? {} : { by }) };
    expect(event).toMatchObject({ action, dedupKey });
    expect(event?.external).toEqual(external);
    expect(alertEventSchema.safeParse(event).error).toBeUndefined();
  });

  test('an alert keeps its description, its priority and when it was changed, to the millisecond', () => {
    expect(source.parse(fixture('create'))).toEqual([
      {
        action: 'trigger',
        dedupKey: 'aliastest',
        title: 'test alert',
        body: 'the disk is full',
        severity: 'P2',
        source: 'opsgenie',
        occurredAt: 1_420_452_193_166,
        details: { action: 'Create', tinyId: '23', username: 'monitor@example.org', integration: 'Integration1' },
        external: { platform: 'opsgenie', ids: [alertId, 'aliastest'], change: 'opened' },
      },
    ]);
  });

  test.each([
    ['Create', 'trigger', 'opened'],
    ['Acknowledge', 'acknowledge', 'acknowledged'],
    ['UnAcknowledge', 'trigger', 'unacknowledged'],
    ['Close', 'resolve', 'resolved'],
    // Somebody tidies up: the problem may go on.
    ['Delete', 'change', 'other'],
    ['AddNote', 'change', 'other'],
    ['AssignOwnership', 'change', 'other'],
    ['Restart the server', 'change', 'other'],
    ['constructor', 'change', 'other'],
  ])('%s is %s', (name, action, change) => {
    expect(eventOf(name)).toMatchObject({ action, external: { change } });
  });
});

describe('what is ours', () => {
  const api = { name: 'Integration1', type: 'api' };

  test.each([
    ['the mirror acts', { username: 'Tocsin', source: 'tocsin' }, api, true],
    ['as Opsgenie may write it', { username: 'TOCSIN' }, { type: 'API' }, true],
    ['nobody is named, and the alert is ours', { username: '', source: 'tocsin' }, api, true],
    ['another program acts on our alert', { username: 'Deploy bot', source: 'tocsin' }, api, false],
    ['a person acts on our alert', { username: 'lee@example.org', source: 'tocsin' }, { type: 'web' }, false],
    ['a person who is called so', { username: 'tocsin' }, { type: 'web' }, false],
    ['nobody says how', { username: 'Tocsin' }, undefined, false],
  ])('%s', (_, alert, who, isOurs) => {
    const { action, external } = source.parse({ ...bodyWith('Acknowledge', alert), source: who })[0]!;
    expect([action, external?.change]).toEqual(isOurs ? ['change', 'other'] : ['acknowledge', 'acknowledged']);
  });

  test('other names of ours can be given', () => {
    const named = opsgenieWebhooks({ ours: ['Deploy Bot'] });
    const body = bodyWith('Close', { username: 'deploy bot' }, api);
    expect(named.parse(body)[0]?.action).toBe('change');
    expect(source.parse(body)[0]?.action).toBe('resolve');
  });
});

describe('who did it', () => {
  test('is known by the user name, or by the id', () => {
    expect(eventOf('Close', { username: 'fili@ifountain.com' }).external?.by).toBe('fili');
    expect(eventOf('Close', { userId: 'u-7' }).external?.by).toBe('ana');
    expect(eventOf('Close', { username: '__proto__' }).external).not.toHaveProperty('by');
  });

  test('must be an id of ours', () => {
    expect(() => opsgenieWebhooks({ users: { a: 'two words' } })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});

describe('what cannot be read', () => {
  test.each([
    ['not JSON', '{'],
    ['a list', []],
    ['no action', { alert: { alertId: 'a' } }],
    ['no alert', { action: 'Create' }],
    ['an alert without a name', { action: 'Create', alert: { message: 'x', alias: ' ' } }],
    ['a name that is too long', { action: 'Create', alert: { alias: 'x'.repeat(1_025) } }],
    ['a body that reaches for a prototype', '{"action":"Create","alert":{"alertId":"a","__proto__":{}}}'],
  ])('%s is refused', (_, body) => {
    expect(() => source.parse(body)).toThrow(expect.objectContaining({ code: 'PAYLOAD_INVALID' }));
  });

  test.each([[-1], [1e30], [Number.NaN], ['2015-01-05'], [null]])('the time %j is left out', (updatedAt) => {
    expect(eventOf('Close', { updatedAt })).not.toHaveProperty('occurredAt');
  });

  test('whatever arrives is one valid event, or refused in one way', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    const names = fc.constantFrom('Create', 'Close', 'Escalate', 'x');
    const alert = fc.record(
      {
        alertId: json,
        alias: fc.oneof(fc.string(), json),
        message: json,
        username: json,
        updatedAt: json,
        priority: json,
        description: json,
        note: json,
      },
      { requiredKeys: [] },
    );
    const bodies = fc.oneof(
      json,
      fc.string(),
      fc.record({ action: fc.oneof(names, json), alert: fc.oneof(alert, json), source: json }),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        try {
          const events = source.parse(body);
          expect(events).toHaveLength(1);
          expect(alertEventSchema.safeParse(events[0]).error).toBeUndefined();
          expect(source.parse(body)).toEqual(events);
        } catch (error) {
          if (!isTocsinError(error, 'PAYLOAD_INVALID')) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('what resolves has the key under which it fired', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (alias, id) => {
        fc.pre(id.trim() !== '');
        const keys = ['Create', 'Close', 'Delete'].map((action) => eventOf(action, { alias, alertId: id }).dedupKey);
        expect(new Set(keys).size).toBe(1);
      }),
    );
  });
});

describe('the secret header', () => {
  const secret = 'mXz5o4TqL1c8vR2kY7pWbN3eH6dJ9sAf';
  const verify = (headers: Record<string, string | string[]>, values: readonly string[] = [secret]) => {
    const outcome = verifyOpsgenieWebhook({ headers, secretHeader: { name: 'X-Tocsin-Secret', values } });
    return outcome.ok ? 'ok' : outcome.code;
  };

  test('lets those pass that have it', () => {
    expect(verify({ 'x-tocsin-secret': secret })).toBe('ok');
    expect(verify({ 'X-TOCSIN-SECRET': secret }, ['a new one of 24 bytes or more', secret])).toBe('ok');
  });

  test('refuses what has none, two, or another one', () => {
    expect(verify({})).toBe('unsigned');
    expect(verify({ 'x-tocsin-secret': '' })).toBe('unsigned');
    expect(verify({ 'x-tocsin-secret': secret, 'X-Tocsin-Secret': secret })).toBe('duplicate');
    expect(verify({ 'x-tocsin-secret': secret.slice(1) })).toBe('forged');
    expect(verify({ 'x-tocsin-secret': `${secret} ` })).toBe('forged');
  });

  test('refuses it with any bit flipped', () => {
    fc.assert(
      fc.property(fc.nat(secret.length - 1), fc.nat(7), (at, bit) => {
        const flipped = String.fromCharCode(secret.charCodeAt(at) ^ (1 << bit));
        expect(verify({ 'x-tocsin-secret': secret.slice(0, at) + flipped + secret.slice(at + 1) })).toBe('forged');
      }),
    );
  });

  test.each([
    ['no value', 'x-secret', []],
    ['a weak one', 'x-secret', ['x'.repeat(23)]],
    ['no name', '', [secret]],
    ['a name that is none', 'x secret', [secret]],
  ])('is refused itself with %s', (_, name, values) => {
    const made = () => verifyOpsgenieWebhook({ headers: {}, secretHeader: { name, values } });
    expect(made).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(made).not.toThrow(secret);
  });
});
