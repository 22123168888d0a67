/**
 * The scenario for tests of a host: given a configuration, when this happens, then that is sent.
 */
import { expect, test } from 'vitest';
import { notifyError } from '../../src/ports/notifier.ts';
import { type ScenarioOptions, scenario } from '../../src/testing/index.ts';

const contacts = (id: string) => ['sms', 'voice'].map((notifier) => ({ notifier, address: `${id}@${notifier}` }));
const given = (more: Partial<ScenarioOptions['config']> = {}) =>
  scenario({
    start: '2026-01-06T10:00:00Z',
    config: {
      users: ['ana', 'ben'].map((id) => ({ id, contacts: contacts(id) })),
      escalationPolicies: [
        { id: 'default', steps: [{ targets: [{ user: 'ana' }], escalateAfter: '5m' }], fallback: [{ user: 'ben' }] },
      ],
      services: [{ id: 'checkout', escalationPolicy: 'default' }],
      ...more,
    },
  });
const problem = { action: 'trigger', title: 'Disk full', severity: 'critical' } as const;

test('tells each message once, with its moment', async () => {
  const { ingest, pass, sent } = given();
  await ingest(problem);
  expect(sent()).toEqual(['0s ana sms step']);
  expect(sent()).toEqual([]);
  await pass('5m');
  expect(sent()).toEqual(['2m ana voice step', '5m ben sms fallback']);
});

test('says where an incident stands, and does what it is told', async () => {
  const { ingest, pass, sent, state, tocsin } = given();
  const id = (await ingest(problem))!;
  const before = await state(id);
  await tocsin.incidents.acknowledge(id, { by: 'ana' });
  expect(await state(id)).not.toBe(before);
  expect(await state('nobody')).toBe('unknown');
  sent();
  await pass('20m');
  expect(sent()).toEqual([]);
});

test('has a notifier for each one that the configuration names, which can be made to fail', async () => {
  const { ingest, notifiers, sent } = given();
  notifiers.get('sms')!.failWith(() => {
    throw notifyError('This number is unknown.', { permanent: true });
  });
  await ingest(problem);
  expect([...notifiers.keys()]).toEqual(['sms', 'voice']);
  expect(sent()).toEqual(['0s ana voice step']);
});

test('has the issue tracker that the configuration names, which takes everything', async () => {
  const { ingest, pass, tocsin } = given({ reviews: { actionItems: { tracker: 'jira' } } });
  const id = await ingest(problem);
  const { actionItems } = tocsin.reviews;
  const item = await actionItems.add(id ?? '', { by: 'ana', title: 'A larger disk' });
  await pass('1m');
  expect((await actionItems.get(item.id))?.external).toEqual({ tracker: 'jira', id: item.id });
});

test('a configuration that is wrong is refused as a host would be told', () => {
  expect(() => scenario({ start: 0, config: { users: [], escalationPolicies: [], services: [] } })).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID' }),
  );
});
