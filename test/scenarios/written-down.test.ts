/**
 * What people write down beside a response: links, fields, sub-statuses, pins, the times as they know them; and what an incident
 * is for.
 *
 * A whole Tocsin over memory, with a clock that a test moves.
 */
import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../src/index.ts';
import {
  config,
  DAY,
  events,
  HOUR,
  incident,
  MINUTE,
  opened,
  refusal,
  T0,
  trigger,
  types,
  world,
} from '../engine/world.ts';

const by = 'ana';
type Incidents = NonNullable<ConfigInput['incidents']>;
const withIncidents = (incidents: Incidents) => world({ config: config({ incidents }) });
const later = (ms: number) => new Date(T0 + ms);

describe('A link', () => {
  test('given a web address, then it says what is behind it', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    const href = 'https://meet.example.com/room';
    expect((await w.tocsin.incidents.link(id, { by, href, kind: 'warRoom' })).links).toEqual([
      { href, kind: 'warRoom' },
    ]);
    await refusal(() => w.tocsin.incidents.link(id, { by, href, kind: 'cave' as 'other' }), 'INPUT_INVALID');
    await refusal(() => w.tocsin.incidents.link(id, { by, href, relation: 'parent' }), 'INPUT_INVALID');
  });

  test('given a parent, then both sides know it by one commit, and a second time changes nothing', async () => {
    const w = world();
    const [one, two] = [await opened(w.tocsin, trigger('a')), await opened(w.tocsin, trigger('b'))];
    const child = await w.tocsin.incidents.link(one, { by, incident: two, relation: 'parent' });
    expect(child.links).toEqual([{ incident: two, relation: 'parent' }]);
    expect((await incident(w.tocsin, two)).links).toEqual([{ incident: one, relation: 'child' }]);
    const before = [child.version, (await incident(w.tocsin, two)).version];
    await w.tocsin.incidents.link(two, { by, incident: one, relation: 'child' });
    expect([(await incident(w.tocsin, one)).version, (await incident(w.tocsin, two)).version]).toEqual(before);
  });

  test('given itself, a circle, or an incident that there is not, then it is refused and nothing is written', async () => {
    const w = world();
    const ids = [];
    for (const key of ['a', 'b', 'c', 'd']) ids.push(await opened(w.tocsin, trigger(key)));
    const [a = '', b = '', c = '', d = ''] = ids;
    const { link } = w.tocsin.incidents;
    await link(a, { by, incident: b, relation: 'parent' });
    await link(b, { by, incident: c, relation: 'parent' });
    await link(c, { by, incident: d, relation: 'parent' });
    const before = await incident(w.tocsin, d);
    await refusal(() => link(d, { by, incident: a, relation: 'parent' }), 'INVALID_TRANSITION');
    await refusal(() => link(a, { by, incident: d, relation: 'child' }), 'INVALID_TRANSITION');
    await refusal(() => link(d, { by, incident: d, relation: 'relatedTo' }), 'INVALID_TRANSITION');
    await refusal(() => link(d, { by, incident: 'none', relation: 'parent' }), 'INCIDENT_NOT_FOUND');
    await refusal(() => link(d, { by, incident: 'none' }), 'INCIDENT_NOT_FOUND');
    expect(await incident(w.tocsin, d)).toEqual(before);
  });
});

test('a family of incidents that is too deep to be looked through is not made deeper, so that it never becomes a circle', async () => {
  const w = world();
  const ids: string[] = [];
  for (let n = 0; n < 30; n += 1) ids.push(await opened(w.tocsin, trigger(`deep-${n}`)));
  const under = (child: number, parent: number) =>
    w.tocsin.incidents.link(ids[child] ?? '', { by, incident: ids[parent] ?? '', relation: 'parent' });
  for (let n = 24; n > 0; n -= 1) await under(n, n - 1);
  const error = await refusal(() => under(25, 24), 'INVALID_TRANSITION');
  expect(error.message).toContain('25 incidents or more above it');
  // From above it may still grow, and never into itself.
  await under(0, 25);
  await refusal(() => under(25, 24), 'INVALID_TRANSITION');
});

describe('A field', () => {
  const fields: Incidents['fields'] = [
    { id: 'customer', type: 'text', requiredFor: ['SEV1'] },
    { id: 'cost', type: 'number' },
    { id: 'regulated', type: 'boolean' },
    { id: 'deadline', type: 'date' },
    { id: 'contact', type: 'user' },
    { id: 'region', type: 'select', options: ['eu', 'us'] },
    { id: 'systems', type: 'multiSelect', options: ['web', 'api'] },
    { id: 'report', type: 'url' },
  ];

  test('given values of its type, then they are kept, changed and emptied', async () => {
    const w = withIncidents({ fields });
    const { id, missingFields } = await w.tocsin.incidents.open({
      by,
      title: 'Down',
      service: 'checkout',
      severity: 'SEV1',
      fields: { region: 'eu' },
    });
    expect(missingFields).toEqual(['customer']);
    const values = {
      customer: 'Acme',
      cost: 12.5,
      regulated: true,
      deadline: later(HOUR),
      contact: 'ben',
      systems: ['api', 'api'],
      report: 'https://example.com/r',
    };
    const filled = await w.tocsin.incidents.setFields(id, { by, fields: values });
    expect(filled.fields).toEqual({ ...values, region: 'eu', deadline: T0 + HOUR, systems: ['api'] });
    expect(filled.missingFields).toEqual([]);
    const same = await w.tocsin.incidents.setFields(id, { by, fields: { cost: 12.5 } });
    expect(same.version).toBe(filled.version);
    const emptied = await w.tocsin.incidents.setFields(id, { by, fields: { cost: null, customer: null } });
    expect([emptied.fields, emptied.missingFields]).toEqual([
      { regulated: true, deadline: T0 + HOUR, contact: 'ben', systems: ['api'], report: values.report, region: 'eu' },
      ['customer'],
    ]);
  });

  test('given what it is not for, then every problem is named at once and nothing is written', async () => {
    const w = withIncidents({ fields });
    const id = await opened(w.tocsin);
    const { version } = await incident(w.tocsin, id);
    const wrong = {
      customer: 7,
      cost: '7',
      regulated: 'yes',
      deadline: 'tomorrow',
      contact: 'nobody',
      region: 'mars',
      systems: ['web', 'moon'],
      report: 'javascript:alert(1)',
      unknown: 'x',
    };
    const error = await refusal(() => w.tocsin.incidents.setFields(id, { by, fields: wrong }), 'INPUT_INVALID');
    expect((error.details.problems as { path: string }[]).map(({ path }) => path)).toEqual(
      Object.keys(wrong).map((name) => `fields.${name}`),
    );
    const opening = { by, title: 'x', service: 'checkout', fields: { cost: 'x' } };
    await refusal(() => w.tocsin.incidents.open(opening), 'INPUT_INVALID');
    expect((await incident(w.tocsin, id)).version).toBe(version);
  });
});

describe('A sub-status', () => {
  const subStatuses: Incidents['subStatuses'] = [
    { id: 'waiting', name: 'Waiting for a vendor', phase: 'investigating' },
    { id: 'watching', phase: 'monitoring' },
  ];

  test('given one of the phase, then it is there until the phase is another one, and pages nobody', async () => {
    const w = withIncidents({ subStatuses });
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.tocsin.incidents.investigate(id, { by });
    await w.pass(MINUTE);
    w.news();
    expect((await w.tocsin.incidents.setSubStatus(id, { by, subStatus: 'waiting' })).subStatus).toBe('waiting');
    await w.pass(MINUTE);
    expect(w.news()).toEqual([]);
    expect(await w.tocsin.incidents.mitigate(id, { by })).not.toHaveProperty('subStatus');
  });

  test('given one of another phase, or one that there is not, then it is refused', async () => {
    const w = withIncidents({ subStatuses });
    const id = await opened(w.tocsin);
    await refusal(() => w.tocsin.incidents.setSubStatus(id, { by, subStatus: 'watching' }), 'INPUT_INVALID');
    await refusal(() => w.tocsin.incidents.setSubStatus(id, { by, subStatus: 'none' }), 'REFERENCE_UNKNOWN');
  });
});

describe('A pin', () => {
  test('given an entry of the timeline, then it is pinned until somebody takes the pin away', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    const { pin, unpin } = w.tocsin.incidents;
    expect((await pin(id, { by, seq: 2 })).pinned).toEqual([2]);
    expect((await pin(id, { by, seq: 1 })).pinned).toEqual([2, 1]);
    const { version } = await pin(id, { by, seq: 1 });
    expect((await unpin(id, { by, seq: 2 })).pinned).toEqual([1]);
    expect((await unpin(id, { by, seq: 2 })).version).toBe(version + 1);
    await refusal(() => pin(id, { by, seq: 1_000 }), 'INPUT_INVALID');
  });
});

describe('The times', () => {
  test('given a correction, then what was recorded stays beside it', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.pass(10 * MINUTE);
    await w.tocsin.incidents.acknowledge(id, { by });
    const { correctTimes } = w.tocsin.incidents;
    const corrected = await correctTimes(id, {
      by,
      times: { impactStartedAt: later(-HOUR), acknowledgedAt: later(5 * MINUTE) },
      reason: 'Said so on the phone',
    });
    expect(corrected.times).toMatchObject({
      openedAt: later(0),
      impactStartedAt: later(-HOUR),
      acknowledgedAt: later(5 * MINUTE),
    });
    expect(corrected.originalTimes).toEqual({ acknowledgedAt: later(10 * MINUTE) });
    expect((await events(w.tocsin, id)).at(-1)).toMatchObject({
      times: { impactStartedAt: { to: T0 - HOUR }, acknowledgedAt: { from: T0 + 10 * MINUTE, to: T0 + 5 * MINUTE } },
      reason: 'Said so on the phone',
    });
    const again = await correctTimes(id, { by, times: { acknowledgedAt: later(6 * MINUTE) } });
    expect(again.originalTimes).toEqual({ acknowledgedAt: later(10 * MINUTE) });
  });

  test('given nobody who knows when it began to hurt, then that is not made up', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.resolve(id, { by });
    expect((await incident(w.tocsin, id)).times).not.toHaveProperty('impactStartedAt');
  });

  test.each([
    [
      'noticed before it began',
      { impactStartedAt: later(-MINUTE), detectedAt: later(-HOUR) },
      ['impactStartedAt', 'detectedAt'],
    ],
    ['noticed after it was opened', { detectedAt: later(MINUTE) }, ['detectedAt', 'openedAt']],
    ['taken before it was opened', { acknowledgedAt: later(-MINUTE) }, ['openedAt', 'acknowledgedAt']],
    ['eased after it ended', { mitigatedAt: later(HOUR + MINUTE) }, ['mitigatedAt', 'resolvedAt']],
    ['ended in the future', { resolvedAt: later(DAY) }, ['resolvedAt', 'now']],
  ])('given that it was %s, then it is refused, naming both times', async (_, times, pair) => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.pass(HOUR);
    await w.tocsin.incidents.resolve(id, { by });
    await w.pass(2 * MINUTE);
    const before = await incident(w.tocsin, id);
    const error = await refusal(() => w.tocsin.incidents.correctTimes(id, { by, times }), 'INPUT_INVALID');
    expect(error.details.times).toEqual(pair);
    for (const name of pair) expect(error.message).toContain(name);
    expect(await incident(w.tocsin, id)).toEqual(before);
  });

  test('given an end that there was not yet, or a time that is none, then it is refused by the field', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    const { correctTimes } = w.tocsin.incidents;
    const early = await refusal(() => correctTimes(id, { by, times: { resolvedAt: later(0) } }), 'INPUT_INVALID');
    expect(early.details.problems).toMatchObject([{ path: 'times.resolvedAt' }]);
    const wrong = await refusal(() => correctTimes(id, { by, times: { detectedAt: 'at noon' } }), 'INPUT_INVALID');
    expect(wrong.details.problems).toMatchObject([{ path: 'times.detectedAt' }]);
    const other = { closedAt: later(0) } as object;
    await refusal(() => correctTimes(id, { by, times: other }), 'INPUT_INVALID');
  });

  test('given that it is eased anew, then what was said of the time before is no word about this one', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.pass(10 * MINUTE);
    await w.tocsin.incidents.mitigate(id, { by });
    const { times } = await w.tocsin.incidents.correctTimes(id, { by, times: { mitigatedAt: later(5 * MINUTE) } });
    expect(times.mitigatedAt).toEqual(later(5 * MINUTE));
    await w.tocsin.incidents.investigate(id, { by });
    await w.pass(10 * MINUTE);
    const again = await w.tocsin.incidents.mitigate(id, { by });
    expect(again.times.mitigatedAt).toEqual(later(20 * MINUTE));
    expect(again.originalTimes).toEqual({});
  });

  test('given that it is reopened, then a correction of its end is over', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.pass(HOUR);
    await w.tocsin.incidents.resolve(id, { by });
    await w.tocsin.incidents.correctTimes(id, { by, times: { resolvedAt: later(30 * MINUTE) } });
    const open = await w.tocsin.incidents.reopen(id, { by });
    expect(open.times).not.toHaveProperty('resolvedAt');
    expect(open.originalTimes).toEqual({});
  });
});

describe('An incident that is written down later', () => {
  const past = { impactStartedAt: later(-5 * HOUR), detectedAt: later(-4 * HOUR), acknowledgedAt: later(-3 * HOUR) };
  const role = { id: 'commander', requiredFor: ['SEV1'] };
  const opening = { by, title: 'Last night', service: 'checkout', severity: 'SEV1', kind: 'backfilled' } as const;

  test('pages nobody and reminds nobody, whatever is done to it', async () => {
    const w = withIncidents({
      roles: [role],
      checklists: [{ id: 'c', name: 'C', items: [{ id: 'i', title: 'I', due: '1m' }] }],
    });
    const { id, paging, times } = await w.tocsin.incidents.open({ ...opening, times: past });
    expect([paging, times]).toMatchObject(['quiet', past]);
    const { incidents } = w.tocsin;
    await incidents.addResponder(id, { by, user: 'ben' });
    await incidents.assignRole(id, { by, role: 'commander', user: 'ben' });
    await incidents.addTask(id, { by, title: 'Ask', assignee: 'ben', due: '1m' });
    await incidents.setSeverity(id, { by, severity: 'SEV2' });
    await incidents.setSeverity(id, { by, severity: 'SEV1' });
    await w.pass(2 * HOUR);
    await incidents.resolve(id, { by });
    await incidents.reopen(id, { by });
    await w.pass(DAY);
    expect(w.news()).toEqual([]);
    expect(
      (await types(w.tocsin, id)).filter((type) => /^(page|notice|role\.vacant|task\.due|response)/.test(type)),
    ).toEqual([]);
    expect(await incidents.allowed(id)).not.toContain('acknowledge');
  });

  test('may be over already', async () => {
    const w = world();
    const resolvedAt = later(-HOUR);
    const done = await w.tocsin.incidents.open({
      ...opening,
      times: { ...past, mitigatedAt: later(-2 * HOUR), resolvedAt },
    });
    expect(done).toMatchObject({
      phase: 'resolved',
      times: { ...past, resolvedAt },
      originalTimes: { resolvedAt: later(0) },
    });
    await refusal(
      () => w.tocsin.incidents.open({ ...opening, times: { ...past, resolvedAt: later(-6 * HOUR) } }),
      'INPUT_INVALID',
    );
  });

  test('is never what a real incident goes on in', async () => {
    const w = world();
    const real = await opened(w.tocsin);
    const { id } = await w.tocsin.incidents.open(opening);
    const drill = await w.tocsin.incidents.open({ ...opening, kind: 'drill' });
    await refusal(() => w.tocsin.incidents.merge(real, { by, into: id }), 'INVALID_TRANSITION');
    await refusal(() => w.tocsin.incidents.merge(real, { by, into: drill.id }), 'INVALID_TRANSITION');
  });

  test('only such a one knows already when it was taken or ended', async () => {
    const w = world();
    const real = { by, title: 'x', service: 'checkout' };
    await refusal(() => w.tocsin.incidents.open({ ...real, times: { resolvedAt: later(0) } }), 'INPUT_INVALID');
    const { times } = await w.tocsin.incidents.open({ ...real, times: { impactStartedAt: later(-HOUR) } });
    expect(times).toMatchObject({ impactStartedAt: later(-HOUR) });
  });
});

describe('A test and a drill', () => {
  test.each([
    ['drill', 'DRILL: Down', 'ÜBUNG: Down'],
    ['test', 'TEST: Down', 'TESTLAUF: Down'],
  ] as const)(
    'given a %s, then it pages as a real one does, and every message says so first',
    async (kind, english, german) => {
      const users = config().users?.map((user) => ({ ...user, ...(user.id === 'ben' && { locale: 'de' }) })) ?? [];
      const w = world({ config: config({ users }) });
      const { id } = await w.tocsin.incidents.open({
        by: 'boss',
        title: 'Down',
        service: 'checkout',
        severity: 'SEV1',
        kind,
      });
      await w.pass(6 * MINUTE);
      await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
      await w.pass(MINUTE);
      expect(w.news().slice(0, 3)).toEqual(['+0 ana sms step', '+2m ana voice step', '+5m ben sms step']);
      const titles = [...w.sms.sent, ...w.voice.sent].map(({ message }) => [
        message.to.user,
        message.title,
        message.kind,
      ]);
      for (const [user, title, said] of titles) {
        expect(title).toMatch(
          user === 'ben' ? new RegExp(`^${german.split(':')[0]}: `) : new RegExp(`^${english.split(':')[0]}: `),
        );
        expect(said).toBe(kind);
      }
      expect(titles).toEqual(
        expect.arrayContaining([
          ['ana', english, kind],
          ['ben', german, kind],
        ]),
      );
    },
  );
});
