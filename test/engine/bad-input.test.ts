/**
 * Bad input: whatever comes in is bounded, refused with a code, or harmless; it never reaches what is stored.
 */
import { describe, expect, test } from 'vitest';
import { type AlertEvent, ERRORS, isTocsinError, type Tocsin } from '../../src/index.ts';
import { incident, opened, refusal, T0, trigger, world } from './world.ts';

const by = 'ana';

describe('unknown ids', () => {
  const calls: readonly (readonly [string, (t: Tocsin, id: string) => unknown, string])[] = [
    ['a command', (t, id) => t.incidents.acknowledge(id, { by }), 'Cannot acknowledge incident'],
    ['a reopening', (t, id) => t.incidents.reopen(id, { by }), 'Cannot reopen incident'],
    ['a merge', (t, id) => t.incidents.merge(id, { by, into: 'other' }), 'Cannot merge incident'],
    ['a timeline', (t, id) => t.incidents.timeline(id), 'Cannot read the timeline of incident'],
    ['what is allowed', (t, id) => t.incidents.allowed(id), 'Cannot ask about incident'],
  ];
  for (const id of ['nope', '__proto__', 'constructor', '', '../../etc/passwd', "x' OR 1=1", 'x'.repeat(100_000)]) {
    test.each(calls)(`%s of ${JSON.stringify(id.slice(0, 20))} is INCIDENT_NOT_FOUND`, async (_, call, start) => {
      const { tocsin } = world();
      const error = await refusal(() => call(tocsin, id), 'INCIDENT_NOT_FOUND');
      expect(error.message).toBe(`${start} ${id.slice(0, 200)}: this tenant has none of that id.`);
      expect(error.retryable).toBe(false);
    });
  }

  test('reading them finds nothing', async () => {
    const { tocsin } = world();
    expect(await tocsin.incidents.get('__proto__')).toBeUndefined();
    expect(await tocsin.alerts.get('nope')).toBeUndefined();
    expect(await tocsin.deliveries.list({ incidentId: 'nope' })).toEqual([]);
    expect(await tocsin.alerts.list({ incidentId: 'nope' })).toEqual([]);
  });

  test('a schedule that does not exist is SCHEDULE_NOT_FOUND and names those that do', async () => {
    const { tocsin } = world();
    for (const call of [
      () => tocsin.onCall.at('nope'),
      () => tocsin.onCall.shifts('nope', { from: T0, until: T0 + 1 }),
      () => tocsin.onCall.gaps('nope', { from: T0, until: T0 + 1 }),
    ]) {
      const error = await refusal(call, 'SCHEDULE_NOT_FOUND');
      expect(error.message).toBe('Cannot ask schedule nope: there is none of that id. Known: primary.');
      expect(error.details).toEqual({ schedule: 'nope' });
    }
  });

  test('who is on call is asked of a schedule that does exist', async () => {
    const { tocsin } = world();
    expect(await tocsin.onCall.at('primary')).toMatchObject([{ user: 'ana' }]);
    expect(await tocsin.onCall.at('primary', '2026-01-12T09:00:00Z')).toMatchObject([{ user: 'ben' }]);
    const window = { from: '2026-01-05T09:00:00Z', until: '2026-01-19T09:00:00Z' };
    expect((await tocsin.onCall.shifts('primary', window)).map(({ user }) => user)).toEqual(['ana', 'ben']);
    expect(await tocsin.onCall.gaps('primary', window)).toEqual([]);
    await refusal(() => tocsin.onCall.shifts('primary', { from: T0, until: T0 }), 'WINDOW_INVALID');
  });
});

describe('events of strangers', () => {
  const rejected: readonly (readonly [string, unknown, string])[] = [
    ['nothing', undefined, ''],
    ['null', null, ''],
    ['a text', 'alert!', ''],
    ['a list in a list', [[]], ''],
    ['no action', {}, 'action'],
    ['an unknown action', { action: 'page' }, 'action'],
    ['an unknown field', { action: 'trigger', titel: 'x' }, 'titel'],
    ['a number as title', { action: 'trigger', title: 7 }, 'title'],
    ['a key that is too long', { action: 'trigger', dedupKey: 'k'.repeat(1_025) }, 'dedupKey'],
    ['a label called __proto__', JSON.parse('{"action":"trigger","labels":{"__proto__":"x"}}'), 'labels.__proto__'],
    ['a label called constructor', { action: 'trigger', labels: { constructor: 'x' } }, 'labels.constructor'],
  ];
  test.each(rejected)('%s is rejected and names the field', async (_, event, path) => {
    const { tocsin } = world();
    const [result] = await tocsin.ingest([event as AlertEvent]);
    expect(result?.outcome).toBe('rejected');
    expect(result?.error).toMatchObject({ code: 'INPUT_INVALID', details: { problems: [{ path }] } });
    expect((await tocsin.incidents.list()).items).toEqual([]);
  });

  test('a title of ten megabytes is cut, and pages all the same', async () => {
    const { tocsin, pass, sms } = world();
    const id = await opened(tocsin, trigger('big', { title: 'x'.repeat(10_000_000) }));
    expect((await incident(tocsin, id)).title.length).toBeLessThanOrEqual(1_024);
    await pass(0);
    expect(sms.sent[0]!.message.title.length).toBeLessThanOrEqual(256);
  });

  test('an event that poses as an object with a prototype pollutes nothing', async () => {
    const { tocsin } = world();
    await tocsin.ingest(JSON.parse('{"action":"trigger","details":{"__proto__":{"polluted":true}}}'));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('markup, controls and reversed text are taken for what they are', async () => {
    const { tocsin } = world();
    const id = await opened(tocsin, trigger('x', { title: ' <b>db\u0000</b>\n\u202etxt.exe ' }));
    expect((await incident(tocsin, id)).title).toBe('<b>db</b> txt.exe');
  });

  test('a link that runs a script is left out', async () => {
    const { tocsin } = world();
    const links = [{ href: 'javascript:alert(1)' }, { href: 'https://example.com' }];
    const id = await opened(tocsin, trigger('x', { links }));
    expect((await incident(tocsin, id)).links).toEqual([{ href: 'https://example.com' }]);
  });
});

test('every error has a code of the catalogue, details, a cause if there was one, and says whether to try again', async () => {
  const { tocsin } = world();
  const error = await refusal(() => tocsin.incidents.resolve('nope', { by }));
  expect(isTocsinError(error)).toBe(true);
  expect(error.retryable).toBe(ERRORS[error.code].retryable);
  expect(error.details).toEqual({ incident: 'nope' });
  expect(error.stack).toContain('commands.ts');
});
