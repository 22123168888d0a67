/**
 * Who is who: the same options of every source that hears of people on another platform.
 */
import { expect, test } from 'vitest';
import { opsgenieWebhooks } from '../../src/sources/opsgenie-webhooks.ts';
import { pagerDutyWebhooks } from '../../src/sources/pagerduty-webhooks.ts';
import { rootlyWebhooks } from '../../src/sources/rootly-webhooks.ts';
import { caught } from '../core/on-call/caught.ts';

const SOURCES = { opsgenieWebhooks, pagerDutyWebhooks, rootlyWebhooks };
const cases: readonly (readonly [string, object, string])[] = [
  ['somebody who is no id', { users: { 'ana@ops.example': 'two words' } }, '/users/ana@ops.example'],
  ['somebody without a name there', { users: { '': 'ana' } }, '/users/'],
  ['a name of ours that is none', { ours: [7] }, '/ours/0'],
  ['one name instead of a list', { ours: 'bot' }, '/ours'],
  ['an option that is not known', { user: {} }, '/'],
  ['no object', [], '/'],
];

test.each(
  Object.entries(SOURCES).flatMap(([name, make]) =>
    cases.map(([what, ...given]) => [name, what, make, ...given] as const),
  ),
)('%s refuses %s', (_, _what, make, options, path) => {
  expect(caught(() => make(options))).toMatchObject({ code: 'INPUT_INVALID', details: { problems: [{ path }] } });
});

test.each(Object.entries(SOURCES))('%s takes people by their longest e-mail addresses', (_, make) => {
  expect(() => make({ users: { [`${'a'.repeat(64)}@${'b'.repeat(250)}.eu`]: 'ana' }, ours: ['bot'] })).not.toThrow();
});
