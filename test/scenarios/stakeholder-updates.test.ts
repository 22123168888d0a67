/**
 * Stakeholder updates: who may say what to whom, and that somebody is reminded to say it.
 */
import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../src/index.ts';
import {
  config,
  contact,
  events,
  incident,
  MINUTE,
  opened,
  refusal,
  types,
  type World,
  world,
} from '../engine/world.ts';

const status = {
  components: [
    { id: 'shop', name: 'The shop', services: ['checkout'] },
    { id: 'api', name: 'The API' },
  ],
};
const given = (updates: ConfigInput['updates'] = {}, more: Partial<ConfigInput> = {}): World =>
  world({ config: config({ status, updates, ...more }) });

describe('approval', () => {
  const careful = { approval: { public: true } };

  test('a public update is drafted by one person and posted by another', async () => {
    const { tocsin } = given(careful);
    const id = await opened(tocsin);
    const drafted = await tocsin.incidents.draftUpdate(id, { by: 'ana', text: 'We know.', audience: 'public' });
    const [draft] = drafted.drafts;
    expect(draft).toMatchObject({ text: 'We know.', audience: 'public', by: { kind: 'user', id: 'ana' } });
    const own = await refusal(
      () => tocsin.incidents.approveUpdate(id, { by: 'ana', draft: draft!.id }),
      'UPDATE_NEEDS_APPROVAL',
    );
    expect(own.details).toMatchObject({ why: 'author', audience: 'public' });
    const posted = await tocsin.incidents.approveUpdate(id, { by: 'ben', draft: draft!.id });
    expect(posted.drafts).toEqual([]);
    expect((await events(tocsin, id)).at(-1)).toMatchObject({
      type: 'update.posted',
      by: { kind: 'user', id: 'ben' },
      author: { kind: 'user', id: 'ana' },
      text: 'We know.',
      draft: draft!.id,
    });
  });

  test('what needs approval is not posted at once, and the refusal says to draft it', async () => {
    const { tocsin } = given(careful);
    const id = await opened(tocsin);
    const error = await refusal(
      () => tocsin.incidents.postUpdate(id, { by: 'ana', text: 'Hm.', audience: 'public' }),
      'UPDATE_NEEDS_APPROVAL',
    );
    expect(error.message).toContain('draftUpdate');
    await tocsin.incidents.postUpdate(id, { by: 'ana', text: 'Inside.' });
    expect(await types(tocsin, id)).not.toContain('update.drafted');
  });

  test('only those approve who are named, by user or by the role that they hold now', async () => {
    const { tocsin } = given({ approval: { public: true, by: { roles: ['communications'], users: ['boss'] } } });
    const id = await opened(tocsin);
    const draft = async () =>
      (await tocsin.incidents.draftUpdate(id, { by: 'ana', text: 'We know.', audience: 'public' })).drafts.at(-1)!.id;
    const first = await draft();
    const error = await refusal(
      () => tocsin.incidents.approveUpdate(id, { by: 'ben', draft: first }),
      'UPDATE_NEEDS_APPROVAL',
    );
    expect(error.details).toMatchObject({ why: 'approver' });
    await tocsin.incidents.approveUpdate(id, { by: 'boss', draft: first });
    await tocsin.incidents.assignRole(id, { by: 'ana', role: 'communications', user: 'ben' });
    await tocsin.incidents.approveUpdate(id, { by: 'ben', draft: await draft() });
    const machine = await draft();
    const nobody = await refusal(
      () => tocsin.incidents.approveUpdate(id, { by: { kind: 'system' }, draft: machine }),
      'UPDATE_NEEDS_APPROVAL',
    );
    expect(nobody.details).toMatchObject({ why: 'person' });
  });

  test('a draft is discarded once, and without drafts there is nothing to approve', async () => {
    const { tocsin } = given(careful);
    const id = await opened(tocsin);
    expect(await tocsin.incidents.allowed(id)).not.toContain('approveUpdate');
    const { drafts } = await tocsin.incidents.draftUpdate(id, { by: 'ana', text: 'No.', audience: 'public' });
    expect(await tocsin.incidents.allowed(id)).toEqual(expect.arrayContaining(['approveUpdate', 'discardUpdate']));
    await refusal(() => tocsin.incidents.discardUpdate(id, { by: 'ana', draft: 'other' }), 'REFERENCE_UNKNOWN');
    await tocsin.incidents.discardUpdate(id, { by: 'ana', draft: drafts[0]!.id });
    await refusal(() => tocsin.incidents.approveUpdate(id, { by: 'ben', draft: drafts[0]!.id }), 'INVALID_TRANSITION');
  });

  test('of what is private, a test or a drill the public is told nothing, not even by a draft of before', async () => {
    const { tocsin } = given();
    for (const kind of ['test', 'drill'] as const) {
      const { id } = await tocsin.incidents.open({ by: 'ana', title: 'X', service: 'checkout', kind });
      await refusal(
        () => tocsin.incidents.postUpdate(id, { by: 'ana', text: 'x', audience: 'public' }),
        'AUDIENCE_REFUSED',
      );
    }
    const { id } = await tocsin.incidents.open({ by: 'ana', title: 'X', service: 'checkout' });
    const { drafts } = await tocsin.incidents.draftUpdate(id, { by: 'ana', text: 'x', audience: 'public' });
    await tocsin.incidents.update(id, { by: 'ana', visibility: 'private' });
    await refusal(() => tocsin.incidents.approveUpdate(id, { by: 'ben', draft: drafts[0]!.id }), 'AUDIENCE_REFUSED');
    await tocsin.incidents.postUpdate(id, { by: 'ana', text: 'Inside.' });
  });

  test('an update names only components that there are', async () => {
    const { tocsin } = given();
    const id = await opened(tocsin);
    const error = await refusal(
      () => tocsin.incidents.postUpdate(id, { by: 'ana', text: 'x', components: { shp: 'major_outage' } }),
      'REFERENCE_UNKNOWN',
    );
    expect(error.message).toContain('Known: shop, api');
    await tocsin.incidents.postUpdate(id, { by: 'ana', text: 'x', components: { shop: 'major_outage' } });
  });

  test('an update may still be posted when all is over, and to nothing that was merged or is unknown', async () => {
    const { tocsin } = given();
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by: 'ana' });
    await tocsin.incidents.close(id, { by: 'ana' });
    await tocsin.incidents.postUpdate(id, { by: 'ana', text: 'What we learnt.', audience: 'public' });
    await refusal(() => tocsin.incidents.postUpdate('nowhere', { by: 'ana', text: 'x' }), 'INCIDENT_NOT_FOUND');
  });
});

describe('templates', () => {
  test('the first that fits is filled, and the public reads no internal title', async () => {
    const { tocsin } = given({
      templates: [
        { id: 'found', audience: 'public', status: 'identified', text: 'Found: {{title}} ({{components}})' },
        { id: 'begin', audience: 'public', text: '{{status}}: {{title}} since {{startedAt}}' },
        { id: 'inside', audience: 'internal', severity: 'SEV1', text: '{{title}}: {{severity}}, {{service}}' },
      ],
    });
    const id = await opened(tocsin, { action: 'trigger', title: 'db-7 {{service}} leaks', severity: 'critical' });
    const text = (audience: 'public' | 'internal') => tocsin.incidents.updateTemplate(id, { audience });
    expect(await text('public')).toEqual({
      text: 'Investigating: The shop since 2026-01-06 10:00 UTC',
      template: 'begin',
    });
    expect((await text('internal')).text).toBe('db-7 {{service}} leaks: SEV1, Checkout');
    await tocsin.incidents.identify(id, { by: 'ana' });
    expect((await text('public')).text).toBe('Found: The shop (The shop)');
    await tocsin.incidents.postUpdate(id, { by: 'ana', text: 'x', audience: 'public', title: 'Payments fail' });
    expect((await text('public')).text).toBe('Found: Payments fail (The shop)');
  });

  test('without a template there is a text all the same, in German too', async () => {
    const { tocsin } = given();
    const id = await opened(tocsin);
    const { text } = await tocsin.incidents.updateTemplate(id, { audience: 'public', locale: 'de-AT' });
    expect(text).toBe('Wir untersuchen eine Störung bei The shop seit 2026-01-06 10:00 UTC.');
  });

  test('a template that nothing can fill, and an approver who is nobody, are refused with the configuration', async () => {
    const error = await refusal(
      () =>
        given({
          templates: [{ id: 'a', audience: 'public', severity: 'SEV9', text: '{{titel}}' }],
          approval: { public: true, by: { roles: ['king'], users: ['nobody'] } },
          from: { public: 'SEV0' },
        }),
      'CONFIG_INVALID',
    );
    const { problems } = error.details as { problems: { path: string }[] };
    expect(problems.map(({ path }) => path)).toEqual([
      'updates.approval.by.roles[0]',
      'updates.approval.by.users[0]',
      'updates.templates[0].severity',
      'updates.templates[0].text',
      'updates.from.public',
    ]);
  });
});

describe('cadence', () => {
  const severity = { levels: [{ id: 'SEV1', updateEvery: '30m' }, { id: 'SEV2' }, { id: 'SEV3' }] };
  const quiet = {
    id: 'ben',
    timeZone: 'UTC',
    quietHours: [{ from: '09:00', until: '13:00' }],
    contacts: [contact('sms', 'ben')],
  };
  const users = [
    { id: 'ana', contacts: [contact('sms', 'ana')] },
    { id: 'boss', contacts: [contact('sms', 'boss')], notices: { response: false } },
  ];
  const notices = (w: World) => w.news().filter((line) => line.endsWith('notice'));
  const notToldOfRoles = { notices: { response: false } };

  test('whoever speaks for the incident is reminded when an update is due, and again while it is overdue', async () => {
    const w = given(
      {},
      { severity, users: [...users, { id: 'ben', contacts: [contact('sms', 'ben')], ...notToldOfRoles }] },
    );
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    await w.tocsin.incidents.assignRole(id, { by: 'ana', role: 'commander', user: 'boss' });
    await w.pass(30 * MINUTE);
    expect(notices(w)).toEqual(['+30m boss sms notice']);
    const told = w.sms.sent.find(({ message }) => message.purpose === 'notice');
    expect(told?.message).toMatchObject({
      topic: 'updateDue',
      title: 'Update due: Problem disk',
      actions: [],
    });
    await w.tocsin.incidents.assignRole(id, { by: 'ana', role: 'communications', user: 'ben' });
    await w.pass(30 * MINUTE);
    expect(notices(w)).toEqual(['+1h ben sms notice']);
    await w.tocsin.incidents.postUpdate(id, { by: 'ben', text: 'We are on it.' });
    await w.pass(29 * MINUTE);
    expect(notices(w)).toEqual([]);
    await w.pass(MINUTE);
    expect(notices(w)).toEqual(['+1h30m ben sms notice']);
  });

  test('without such a role it is whoever took it, and while nobody did nobody beside those who are asked', async () => {
    const w = given({}, { severity, users: [...users, quiet] });
    const id = await opened(w.tocsin);
    await w.pass(30 * MINUTE);
    expect(notices(w)).toEqual([]);
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    await w.pass(30 * MINUTE);
    expect(notices(w)).toContain('+1h ana sms notice');
  });

  test('in quiet hours one reminder waits however often it was due, and none when an update was posted meanwhile', async () => {
    const w = given({}, { severity, users: [...users, { ...quiet, ...notToldOfRoles }] });
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    await w.tocsin.incidents.assignRole(id, { by: 'ana', role: 'communications', user: 'ben' });
    await w.pass(100 * MINUTE, 10 * MINUTE);
    expect((await types(w.tocsin, id)).filter((type) => type === 'update.missed')).toHaveLength(3);
    const waiting = async () =>
      (await w.tocsin.deliveries.list({ incidentId: id, state: 'pending' })).filter(
        ({ user, purpose }) => user === 'ben' && purpose === 'notice',
      ).length;
    expect(await waiting()).toBe(1);
    await w.tocsin.incidents.postUpdate(id, { by: 'ana', text: 'We are on it.' });
    expect(await waiting()).toBe(0);
    expect((await incident(w.tocsin, id)).updates).toBe('due');
  });
});
