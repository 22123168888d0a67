/**
 * Measurements: the numbers of one incident, of a window, and what they are read from.
 */
import { describe, expect, test } from 'vitest';
import { NO_CHANGE } from '../../src/engine/change.ts';
import { numbersKey } from '../../src/engine/number-record.ts';
import { type IncidentNumbers, memoryStorage, type NumbersWindow, type Tocsin } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { config, contact, DAY, HOUR, MINUTE, opened, policy, refusal, T0, trigger, world } from './world.ts';

const by = 'ana';
const YEAR: NumbersWindow = { from: T0 - 30 * DAY, until: T0 + 300 * DAY };

async function all(tocsin: Tocsin, window: NumbersWindow = YEAR): Promise<readonly IncidentNumbers[]> {
  const found: IncidentNumbers[] = [];
  for await (const numbers of tocsin.measurements.incidents(window)) found.push(numbers);
  return found;
}
const ids = async (tocsin: Tocsin, window: NumbersWindow = YEAR) => (await all(tocsin, window)).map(({ id }) => id);

describe('of one incident', () => {
  test('its numbers are as they stand now, each with the entries that it came from', async () => {
    const { tocsin, pass } = world();
    const id = await opened(tocsin);
    await pass(3 * MINUTE);
    await tocsin.incidents.acknowledge(id, { by });
    await pass(7 * MINUTE);
    const { measurements, people } = await tocsin.measurements.of(id);
    expect(measurements.acknowledge).toMatchObject({ status: 'recorded', ms: 3 * MINUTE, from: { seq: 1 } });
    expect(measurements.resolve).toMatchObject({ status: 'pending', why: 'notYet', elapsedMs: 10 * MINUTE });
    expect(people).toEqual([{ user: by, pagedAt: [T0], acknowledgements: 1, engagedMs: 7 * MINUTE }]);
  });

  test('one that is not there, or private and not theirs, is not found; its words are for those who have a part in it', async () => {
    const { tocsin } = world();
    await refusal(() => tocsin.measurements.of('nothing'), 'INCIDENT_NOT_FOUND');
    const { id } = await tocsin.incidents.open({ by, title: 'Leak', service: 'checkout', visibility: 'private' });
    await refusal(() => tocsin.measurements.of(id, { as: 'ben' }), 'INCIDENT_NOT_FOUND');
    expect((await tocsin.measurements.of(id, { as: by })).title).toBe('Leak');
    await refusal(() => tocsin.measurements.of(id, { at: 1 } as never), 'INPUT_INVALID');
  });
});

describe('of a window', () => {
  test('incidents come in the order in which they were opened, whether they have ended or not', async () => {
    const { tocsin, pass } = world();
    const order: string[] = [];
    for (const [index, key] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      order.push(await opened(tocsin, trigger(key)));
      if (index % 2 === 0) await tocsin.incidents.resolve(order[index] as string, { by });
      await pass(MINUTE);
    }
    expect(await ids(tocsin)).toEqual(order);
    const outcomes = (await all(tocsin)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['resolved', 'open', 'resolved', 'open', 'resolved']);
  });

  test('it has what was opened from its beginning on and before its end', async () => {
    const { tocsin, sleep } = world();
    const order: string[] = [];
    for (const key of ['a', 'b', 'c']) {
      order.push(await opened(tocsin, trigger(key)));
      await tocsin.incidents.resolve(order.at(-1) as string, { by });
      await sleep(HOUR);
    }
    expect(await ids(tocsin, { from: T0 + HOUR, until: T0 + 2 * HOUR })).toEqual([order[1]]);
    expect(await ids(tocsin, { from: T0, until: new Date(T0 + 2 * HOUR) })).toEqual(order.slice(0, 2));
    expect(await ids(tocsin, { from: T0 + 1, until: T0 + HOUR })).toEqual([]);
  });

  test('only real incidents of the services that were asked for count, unless it is said otherwise', async () => {
    const { tocsin } = world();
    const open = async (more: object) =>
      (await tocsin.incidents.open({ by, title: 'Slow', service: 'checkout', ...more })).id;
    const [real, drill, other] = [await open({}), await open({ kind: 'drill' }), await open({ service: 'search' })];
    expect((await ids(tocsin)).toSorted()).toEqual([real, other].toSorted());
    expect(await ids(tocsin, { ...YEAR, kinds: ['drill'] })).toEqual([drill]);
    expect(await ids(tocsin, { ...YEAR, services: ['search'] })).toEqual([other]);
    const { counts } = await tocsin.measurements.report(YEAR);
    expect(counts).toMatchObject({ incidents: 2, open: 2, leftOut: 1 });
  });

  test('what is still to come has taken until now, also of what is stored', async () => {
    const { tocsin, sleep } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by });
    await sleep(5 * HOUR);
    const [numbers] = await all(tocsin);
    expect(numbers?.measurements.close).toMatchObject({ status: 'pending', elapsedMs: 5 * HOUR });
    expect(numbers).toEqual(await tocsin.measurements.of(id));
  });

  test('more incidents than a page has are all there, once', async () => {
    const { tocsin, storage } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by });
    const [document] = await storage.listDocuments('default', { collection: 'numbers' });
    const data = document?.data as readonly unknown[];
    const copies = Array.from({ length: 4_500 }, (_, index) => {
      const copy = data.with(1, `copy-${index}`).with(8, T0 + 1 + Math.floor(index / 3));
      return { ...numbersKey(`copy-${index}`, T0 + 1 + Math.floor(index / 3)), expectedVersion: 0, data: copy };
    });
    await storage.commit([{ ...NO_CHANGE, commitId: 'copies', tenant: 'default', documents: copies }]);
    const found = await ids(tocsin);
    expect([found.length, new Set(found).size, found[0]]).toEqual([4_501, 4_501, id]);
    const seen: number[] = [];
    const report = await tocsin.measurements.report({ ...YEAR, onProgress: ({ incidents }) => seen.push(incidents) });
    expect(report.counts.incidents).toBe(4_501);
    expect(seen).toEqual([2_000, 4_000, 4_501]);
    expect((await ids(tocsin, { from: T0 + 1, until: T0 + 3 })).length).toBe(6);
  });

  test('a record of another version is worked out anew; one without a timeline is left out and said so', async () => {
    const { tocsin, storage, log } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by });
    const [before] = await all(tocsin);
    const documents = [
      { ...numbersKey(id, T0), expectedVersion: 1, data: [99, 'of the future'] },
      { ...numbersKey('gone', T0), expectedVersion: 0, data: null },
    ];
    await storage.commit([{ ...NO_CHANGE, commitId: 'newer', tenant: 'default', documents }]);
    expect(await all(tocsin)).toEqual([before]);
    expect(log.filter((line) => line.includes('cannot be worked out'))).toHaveLength(1);
  });

  test('an incident that is reopened, or ends, while it is read counts once', async () => {
    const clock = virtualClock({ start: T0 });
    const memory = memoryStorage({ clock });
    let meanwhile: (() => Promise<unknown>) | undefined;
    const listDocuments: typeof memory.listDocuments = async (tenant, query) => {
      const happens = query.collection === 'numbers' ? meanwhile : undefined;
      if (happens !== undefined) meanwhile = undefined;
      await happens?.();
      return memory.listDocuments(tenant, query);
    };
    const { tocsin } = world({ clock, storage: { ...memory, listDocuments } });
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by });
    meanwhile = () => tocsin.incidents.reopen(id, { by });
    expect((await all(tocsin)).map(({ outcome }) => outcome)).toEqual(['open']);
    meanwhile = () => tocsin.incidents.resolve(id, { by });
    expect((await all(tocsin)).map(({ outcome }) => outcome)).toEqual(['resolved']);
  });

  test('what was forgotten still counts', async () => {
    const { tocsin, sleep } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by });
    await tocsin.incidents.close(id, { by });
    await sleep(DAY);
    expect(await tocsin.prune({ endedBefore: T0 + HOUR })).toEqual({ incidents: 1 });
    expect(await tocsin.incidents.get(id)).toBeUndefined();
    expect(await all(tocsin)).toMatchObject([{ id, outcome: 'closed', title: 'Problem disk' }]);
  });

  test('no tenant counts what is of another one', async () => {
    const { tocsin } = world();
    const other = tocsin.forTenant('other', { config: config() });
    const mine = await opened(tocsin);
    const [ended, open] = [await opened(other), await opened(other, trigger('network'))];
    await other.incidents.resolve(ended, { by });
    expect(await ids(tocsin)).toEqual([mine]);
    expect((await ids(other)).toSorted()).toEqual([ended, open].toSorted());
    expect((await other.measurements.report(YEAR)).tenant).toBe('other');
  });

  test('an empty one has counts of zero and no durations', async () => {
    const { tocsin } = world();
    const { counts, durations, people } = await tocsin.measurements.report({ from: T0 - DAY, until: T0 });
    expect(counts.incidents).toBe(0);
    expect(durations.resolve).toMatchObject({ recorded: 0, pending: 0 });
    expect(durations.resolve.medianMs).toBeUndefined();
    expect(people.map(({ pages }) => pages)).toEqual([0]);
  });
});

describe('private incidents', () => {
  async function secrets() {
    const w = world();
    const open = async (title: string) =>
      (await w.tocsin.incidents.open({ by, title, service: 'checkout', visibility: 'private' })).id;
    const [ended, running] = [await open('Stolen keys'), await open('A break-in')];
    await w.tocsin.incidents.resolve(ended, { by });
    return { ...w, ended, running };
  }

  test('count for those who have a part in them, and for a host that does not say who reads', async () => {
    const { tocsin, ended, running } = await secrets();
    expect(await ids(tocsin, { ...YEAR, as: 'ben' })).toEqual([]);
    expect((await ids(tocsin, { ...YEAR, as: by })).toSorted()).toEqual([ended, running].toSorted());
    expect(await ids(tocsin)).toHaveLength(2);
    const count = async (as?: string) =>
      (await tocsin.measurements.report({ ...YEAR, ...(as && { as }) })).counts.incidents;
    expect([await count('ben'), await count(by), await count()]).toEqual([0, 2, 2]);
  });

  test('have no words in a list or a report, also when nothing is kept from whoever reads', async () => {
    const { tocsin } = await secrets();
    const told = JSON.stringify([await all(tocsin), await tocsin.measurements.report(YEAR)]);
    expect(told).not.toMatch(/stolen|break-in/i);
  });

  test('count for whoever was let in after the end', async () => {
    const { tocsin, ended } = await secrets();
    await tocsin.incidents.assignRole(ended, { by, role: 'scribe', user: 'ben' });
    expect(await ids(tocsin, { ...YEAR, as: 'ben' })).toEqual([ended]);
  });
});

describe('people', () => {
  test('are counted in their own time, with the hours for which they were on call until now', async () => {
    const users = [
      { id: 'ana', timeZone: 'Asia/Tokyo', contacts: [contact('sms', 'ana')] },
      { id: 'ben', contacts: [contact('sms', 'ben')] },
      { id: 'boss', contacts: [contact('sms', 'boss')] },
    ];
    const { tocsin, sleep } = world({ config: config({ users }) });
    await tocsin.onCall.override({
      schedule: 'primary',
      kind: 'add',
      user: 'boss',
      from: T0 + HOUR,
      until: T0 + 3 * HOUR,
      by,
    });
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by });
    await sleep(DAY);
    const window = { from: T0, until: T0 + 60 * DAY };
    const { people } = await tocsin.measurements.report(window);
    const hours = people.map(({ user, onCallHours }) => [user, onCallHours]);
    expect(hours).toEqual([
      ['ana', 24],
      ['boss', 2],
    ]);
    // It is 19:00 in Tokyo.
    expect(people[0]).toMatchObject({ pages: 1, interruptions: 1, duringEvenings: 1, duringBusiness: 0 });
    const long = await tocsin.measurements.report({ ...window, until: T0 + 401 * DAY });
    expect(long.people[0]?.onCallHours).toBeUndefined();
  });

  test('of a directory are asked for their time zone', async () => {
    const eve = { id: 'eve', timeZone: 'Asia/Tokyo', contacts: [contact('sms', 'eve')] };
    const directory = {
      user: async (id: string) => (id === 'eve' ? eve : undefined),
      users: async (wanted: readonly string[]) => wanted.filter((id) => id === 'eve').map(() => eve),
    };
    const own = config({
      escalationPolicies: [policy({ steps: [{ targets: [{ user: 'eve' }], escalateAfter: '5m' }] })],
    });
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const first = world({ clock, storage, config: own, directory });
    await opened(first.tocsin);
    const again = world({ clock, storage, config: own, directory });
    const { people } = await again.tocsin.measurements.report(YEAR);
    expect(people.find(({ user }) => user === 'eve')).toMatchObject({ pages: 1, duringEvenings: 1 });
  });
});

test('teams are those of the configuration', async () => {
  const own = config({
    teams: [{ id: 'payments', members: ['ana'] }],
    services: [
      { id: 'checkout', escalationPolicy: 'default', team: 'payments' },
      { id: 'search', escalationPolicy: 'default' },
    ],
  });
  const { tocsin } = world({ config: own });
  await opened(tocsin, trigger('disk', { service: 'checkout' }));
  const { groups } = await tocsin.measurements.report(YEAR);
  expect(groups.team.map(({ key, incidents }) => [key, incidents])).toEqual([['payments', 1]]);
  expect(groups.week.map(({ key }) => key)).toEqual(['2026-01-05']);
});

test('severities are in the order of the configuration, the most severe first', async () => {
  const { tocsin } = world({
    config: config({ severity: { levels: [{ id: 'urgent' }, { id: 'high' }, { id: 'low' }] } }),
  });
  for (const severity of ['low', 'high', 'urgent'])
    await tocsin.incidents.open({ by, title: 'Payments fail', service: 'checkout', severity });
  const { groups } = await tocsin.measurements.report(YEAR);
  expect(groups.severity.map(({ key }) => key)).toEqual(['urgent', 'high', 'low']);
});

describe('action items', () => {
  const item = (id: string, more: object = {}) => ({
    format: 1,
    id,
    incidentId: 'i1',
    service: 'checkout',
    visibility: 'public',
    title: 'Alert on the lease',
    status: 'open',
    createdAt: T0,
    createdBy: { kind: 'user', id: by },
    reminded: 0,
    ...more,
  });

  test('of the window are counted, those of private incidents only for whoever has a part in them', async () => {
    const { tocsin, storage } = world();
    const { id } = await tocsin.incidents.open({ by, title: 'Leak', service: 'search', visibility: 'private' });
    const items = [
      item('1'),
      item('2', { createdAt: T0 - 90 * DAY }),
      item('3', { incidentId: id, service: 'search', visibility: 'private' }),
    ];
    const documents = items.map((data) => ({ collection: 'actionItems', id: data.id, expectedVersion: 0, data }));
    await storage.commit([{ ...NO_CHANGE, commitId: 'items', tenant: 'default', documents }]);
    const created = async (more: object) =>
      (await tocsin.measurements.report({ ...YEAR, ...more })).actionItems.created;
    expect(await created({})).toBe(2);
    expect(await created({ as: 'ben' })).toBe(1);
    expect(await created({ as: by })).toBe(2);
    expect(await created({ services: ['search'] })).toBe(1);
  });
});

describe('rebuilding', () => {
  test('writes what is missing or wrong, once, and tells how far it is', async () => {
    const { tocsin, storage, sleep } = world();
    const ended: string[] = [];
    for (const key of ['a', 'b', 'c', 'd']) {
      ended.push(await opened(tocsin, trigger(key)));
      await tocsin.incidents.resolve(ended.at(-1) as string, { by });
      await sleep(MINUTE);
    }
    await opened(tocsin, trigger('open'));
    const before = await storage.listDocuments('default', { collection: 'numbers' });
    const documents = [
      { collection: 'numbers', id: before[0]?.id as string, expectedVersion: 1, data: undefined },
      { collection: 'numbers', id: before[2]?.id as string, expectedVersion: 1, data: { unknown: true } },
    ];
    await storage.commit([{ ...NO_CHANGE, commitId: 'lost', tenant: 'default', documents }]);
    expect(await ids(tocsin)).toHaveLength(4);
    const seen: unknown[] = [];
    const onProgress = (progress: unknown) => void seen.push(progress);
    expect(await tocsin.measurements.rebuild({ onProgress })).toEqual({ incidents: 2 });
    expect(seen).toEqual([{ incidents: 4, at: new Date(T0) }]);
    const after = await storage.listDocuments('default', { collection: 'numbers' });
    expect(after.map(({ id, data }) => [id, data])).toEqual(before.map(({ id, data }) => [id, data]));
    expect(await tocsin.measurements.rebuild()).toEqual({ incidents: 0 });
  });
});

describe('options', () => {
  const refused: readonly (readonly [string, object, string])[] = [
    ['a window that ends before it begins', { until: T0 - 90 * DAY }, 'WINDOW_INVALID'],
    ['a window of more than ten years', { until: T0 + 4_000 * DAY }, 'WINDOW_INVALID'],
    ['a local time', { from: '2026-01-05T09:00:00' }, 'INSTANT_INVALID'],
    ['no beginning', { from: undefined }, 'INPUT_INVALID'],
    ['a kind that there is not', { kinds: ['fake'] }, 'INPUT_INVALID'],
    ['no kinds', { kinds: [] }, 'INPUT_INVALID'],
    ['a time zone that there is not', { timeZone: 'Europe/Atlantis' }, 'INPUT_INVALID'],
    ['an offset for a time zone', { timeZone: '+02:00' }, 'INPUT_INVALID'],
    ['sleep that is no time of day', { sleep: { from: '22:00', until: 'late' } }, 'INPUT_INVALID'],
    ['a gap that is no duration', { interruptionGap: 'soon' }, 'INPUT_INVALID'],
    ['progress that is told to nobody', { onProgress: 'me' }, 'INPUT_INVALID'],
    ['an option that there is not', { team: 'payments' }, 'INPUT_INVALID'],
  ];

  test.each(refused)('%s is refused', async (_, more, code) => {
    const { tocsin } = world();
    const error = await refusal(() => tocsin.measurements.report({ ...YEAR, ...more } as never));
    expect(error.code).toBe(code);
  });

  test('the same goes for a list, at once', async () => {
    const { tocsin } = world();
    await refusal(() => tocsin.measurements.incidents({ from: T0, until: T0 }), 'WINDOW_INVALID');
    await refusal(() => tocsin.measurements.incidents({ ...YEAR, timeZone: 'UTC' } as never), 'INPUT_INVALID');
    await refusal(() => tocsin.measurements.rebuild({ from: T0 } as never), 'INPUT_INVALID');
  });
});
