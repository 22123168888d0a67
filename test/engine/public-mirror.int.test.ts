/**
 * An incident on a page that everybody reads: its whole life against a server that behaves as Statuspage documents, and nothing
 * there that was not posted for the public.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ConfigInput, memoryStorage, type Notifier, notifyError } from '../../src/index.ts';
import { statuspageNotifier } from '../../src/notifiers/statuspage.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { statuspagePlatform } from '../support/platforms/statuspage.ts';
import { board } from './board.ts';
import { config, HOUR, incident, MINUTE, opened, refusal, SECOND, T0, trigger, world } from './world.ts';

const pageId = 'kctbh9vrtdwd';
const apiKey = '89a229ce1a8dbcf9ff30430fbe35eb4c';
const by = 'ana';
/** What stands in everything that only the people of the host may read. */
const CANARY = 'canary';

/** A world whose incidents are on a status page, and what stands there. */
async function publicWorld(more: Partial<ConfigInput> = {}) {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const platform = await statuspagePlatform({ pageId, apiKey, components: ['abc123'], now: clock.now });
  onTestFinished(() => platform.close());
  const notifier = statuspageNotifier({
    pages: { main: { pageId, apiKey } },
    components: { checkout: 'abc123' },
    baseUrl: platform.baseUrl,
  });
  const given = config({
    mirrors: [{ id: 'public', notifier: 'statuspage', address: 'main' }],
    status: {
      components: [
        { id: 'checkout', name: 'Checkout', services: ['checkout'] },
        { id: `c-${CANARY}`, name: 'Not on the page' },
      ],
    },
    ...more,
  });
  const w = world({ clock, storage, config: given, notifiers: [notifier] });
  return {
    ...w,
    platform,
    settle: () => w.pass(30 * SECOND, SECOND),
    shown: () => platform.incidents.map(({ updates }) => updates.map(({ status, body }) => `${status}: ${body}`)),
    /** What was told by a process that ran beside this one, or after it. */
    again: () => world({ clock, storage, config: given, notifiers: [notifier] }),
  };
}

const LOOKING = 'We are looking into it.';
const RESOLVED = 'resolved: This incident is resolved.';

test('an incident is on the page from its first public update to its end', async () => {
  const { tocsin, platform, settle, shown } = await publicWorld();
  const id = await opened(tocsin, trigger('disk', { title: 'Disk full' }));
  await settle();
  await tocsin.incidents.acknowledge(id, { by });
  await tocsin.incidents.addNote(id, { by, text: 'Failing over' });
  await tocsin.incidents.postUpdate(id, { by, text: 'Bob is on it' });
  await tocsin.incidents.setSeverity(id, { by, severity: 'SEV1' });
  await settle();
  expect(platform.asked).toEqual([]);

  const components = { checkout: 'partial_outage' } as const;
  await tocsin.incidents.postUpdate(id, { by, text: LOOKING, audience: 'public', components });
  await settle();
  expect(platform.incidents[0]).toMatchObject({ name: 'Checkout: partial outage', status: 'investigating' });
  expect(platform.impacts.get('abc123')).toBe('partial_outage');
  const { externalRefs } = await incident(tocsin, id);
  const name = platform.incidents[0]?.id ?? '';
  expect(externalRefs).toEqual([
    { platform: 'statuspage', id: name, mirror: 'public', url: `http://stspg.example/${name}` },
  ]);

  const calls = platform.asked.length;
  await tocsin.incidents.addNote(id, { by, text: 'Half done' });
  await tocsin.incidents.postUpdate(id, { by, text: 'Bob is still on it' });
  await tocsin.incidents.setSeverity(id, { by, severity: 'SEV3' });
  await settle();
  expect(platform.asked).toHaveLength(calls);

  await tocsin.incidents.identify(id, { by, cause: 'Bob' });
  const second = { by, text: 'A disk is full.', audience: 'public', title: 'Checkout is slow' } as const;
  await tocsin.incidents.postUpdate(id, { ...second, components: { checkout: 'degraded_performance' } });
  await settle();
  expect(platform.incidents[0]).toMatchObject({ name: 'Checkout is slow', status: 'identified' });
  expect(platform.impacts.get('abc123')).toBe('degraded_performance');

  await tocsin.incidents.resolve(id, { by, reason: 'Bob did it' });
  await settle();
  expect(platform.incidents[0]?.status).toBe('resolved');
  expect(platform.impacts.get('abc123')).toBe('operational');

  await tocsin.incidents.reopen(id, { by, reason: 'Bob undid it' });
  await settle();
  await tocsin.incidents.resolve(id, { by });
  await settle();
  expect(shown()).toEqual([
    [
      `investigating: ${LOOKING}`,
      'identified: A disk is full.',
      RESOLVED,
      'investigating: This incident is open again. It is being investigated.',
      RESOLVED,
    ],
  ]);
  expect(await tocsin.deadLetters.list()).toEqual([]);
});

test('of what was made private nothing more is told but that it is over', async () => {
  const { tocsin, platform, settle, shown } = await publicWorld();
  const id = await opened(tocsin);
  await tocsin.incidents.postUpdate(id, { by, text: LOOKING, audience: 'public' });
  await settle();
  // Posted, and regretted before it went out.
  await tocsin.incidents.postUpdate(id, { by, text: 'It was Bob', audience: 'public', title: 'Bob' });
  await tocsin.incidents.update(id, { by, visibility: 'private' });
  await settle();
  const again = { by, text: 'It was Bob again', audience: 'public', title: 'Bob' } as const;
  await refusal(() => tocsin.incidents.postUpdate(id, again), 'AUDIENCE_REFUSED');
  await settle();
  await tocsin.incidents.resolve(id, { by });
  await settle();
  expect(shown()).toEqual([[`investigating: ${LOOKING}`, RESOLVED]]);
  expect(platform.incidents[0]?.name).toBe('Incident');
  expect(platform.asked.map(({ body }) => body).join()).not.toContain('Bob');
  expect(await tocsin.deadLetters.list()).toEqual([]);
});

test.each(['private', 'drill', 'test'])('what is %s is never on the page', async (what) => {
  const { tocsin, platform, settle } = await publicWorld();
  const kind = what === 'private' ? 'real' : (what as 'drill' | 'test');
  const visibility = what === 'private' ? 'private' : 'public';
  const { id } = await tocsin.incidents.open({ by, title: 'x', service: 'checkout', kind, visibility });
  const update = { by, text: LOOKING, audience: 'public' } as const;
  await refusal(() => tocsin.incidents.postUpdate(id, update), 'AUDIENCE_REFUSED');
  await tocsin.incidents.resolve(id, { by });
  await settle();
  expect(platform.asked).toEqual([]);
});

test('a mirror that takes only some incidents shows only those', async () => {
  const mirrors = [{ id: 'public', notifier: 'statuspage', address: 'main', when: 'service="search"' }];
  const { tocsin, shown, settle } = await publicWorld({ mirrors });
  for (const service of ['checkout', 'search']) {
    const { id } = await tocsin.incidents.open({ by, title: 'x', service });
    await tocsin.incidents.postUpdate(id, { by, text: `Looking at ${service}`, audience: 'public' });
    await settle();
  }
  expect(shown()).toEqual([['investigating: Looking at search']]);
});

test.each(['dismiss', 'merge'] as const)('what is over by %s is over on the page', async (how) => {
  const { tocsin, settle, shown } = await publicWorld();
  const id = await opened(tocsin);
  const { id: other } = await tocsin.incidents.open({ by, title: 'Another', service: 'checkout' });
  await tocsin.incidents.postUpdate(id, { by, text: LOOKING, audience: 'public' });
  await settle();
  if (how === 'merge') await tocsin.incidents.merge(id, { by, into: other });
  else await tocsin.incidents.dismiss(id, { by, reason: 'It was Bob' });
  await settle();
  expect(shown()).toEqual([[`investigating: ${LOOKING}`, RESOLVED]]);
});

test('a page that is away, or loses its answers, tells everything once and in order when it is back', async () => {
  const { tocsin, platform, pass, shown } = await publicWorld();
  const id = await opened(tocsin);
  platform.loseAnswers(1);
  await tocsin.incidents.postUpdate(id, { by, text: 'One.', audience: 'public' });
  await pass(5 * SECOND, SECOND);
  platform.overrule({ status: 503 });
  await tocsin.incidents.postUpdate(id, { by, text: 'Two.', audience: 'public' });
  await tocsin.incidents.postUpdate(id, { by, text: 'Three.', audience: 'public', status: 'monitoring' });
  await pass(5 * MINUTE);
  platform.overrule(undefined);
  platform.loseAnswers(1);
  await tocsin.incidents.resolve(id, { by });
  await pass(HOUR);
  expect(shown()).toEqual([['investigating: One.', 'investigating: Two.', 'monitoring: Three.', RESOLVED]]);
});

test('two processes tell each update once', async () => {
  const { tocsin, shown, clock, again } = await publicWorld();
  const { tocsin: other } = again();
  const id = await opened(tocsin);
  for (const text of ['One.', 'Two.', 'Three.']) {
    await tocsin.incidents.postUpdate(id, { by, text, audience: 'public' });
    for (let n = 0; n < 5; n += 1) {
      await Promise.all([tocsin.tick(), other.tick()]);
      await clock.advance(SECOND);
    }
  }
  expect(shown()).toEqual([['One.', 'Two.', 'Three.'].map((text) => `investigating: ${text}`)]);
});

test('no request ever holds what was not posted for the public', async () => {
  const { tocsin, platform, settle } = await publicWorld({
    users: [
      { id: 'ana', name: `Ana ${CANARY}`, contacts: [{ notifier: 'sms', address: `${CANARY}@sms` }] },
      { id: 'ben', name: `Ben ${CANARY}`, contacts: [{ notifier: 'sms', address: `ben-${CANARY}@sms` }] },
      { id: 'boss', name: `Boss ${CANARY}`, contacts: [{ notifier: 'sms', address: `boss-${CANARY}@sms` }] },
    ],
    services: [{ id: 'checkout', name: `Checkout ${CANARY}`, escalationPolicy: 'default' }],
  });
  const alert = trigger(`disk-${CANARY}`, {
    title: `Disk full ${CANARY}`,
    body: `Body ${CANARY}`,
    labels: { host: `db-${CANARY}` },
    links: [{ href: `https://example.com/${CANARY}`, text: CANARY }],
  });
  const id = await opened(tocsin, alert);
  await settle();
  const internal = async (n: number) => {
    await tocsin.incidents.addNote(id, { by, text: `Note ${n} ${CANARY}` });
    await tocsin.incidents.update(id, { by, title: `Title ${n} ${CANARY}`, body: `Body ${n} ${CANARY}` });
    const components = { [`c-${CANARY}`]: 'major_outage' } as const;
    await tocsin.incidents.postUpdate(id, {
      by,
      text: `Internal ${n} ${CANARY}`,
      title: `Internal ${CANARY}`,
      components,
    });
    await tocsin.incidents.addTask(id, { by, title: `Task ${n} ${CANARY}` });
    await tocsin.incidents.link(id, { by, href: `https://example.com/${n}/${CANARY}`, text: CANARY });
    await tocsin.incidents.setSeverity(id, { by, severity: `SEV${n}`, reason: CANARY });
    await settle();
  };
  await internal(1);
  await tocsin.incidents.acknowledge(id, { by });
  const components = { checkout: 'major_outage', [`c-${CANARY}`]: 'major_outage' } as const;
  await tocsin.incidents.postUpdate(id, { by, text: LOOKING, audience: 'public', components });
  await internal(2);
  await tocsin.incidents.identify(id, { by, cause: CANARY });
  await tocsin.incidents.mitigate(id, { by, reason: CANARY });
  await tocsin.incidents.postUpdate(id, { by, text: 'It is better.', audience: 'public' });
  await internal(3);
  await tocsin.incidents.resolve(id, { by, reason: CANARY });
  await settle();
  await tocsin.incidents.reopen(id, { by, reason: CANARY });
  await settle();
  await tocsin.incidents.update(id, { by, visibility: 'private' });
  await internal(2);
  await tocsin.incidents.resolve(id, { by, reason: CANARY });
  await settle();
  expect(platform.incidents[0]?.updates).toHaveLength(5);
  const sent = platform.asked.map(({ path, body }) => `${path} ${body}`);
  expect(sent.filter((request) => request.includes(CANARY) || request.includes(id))).toEqual([]);
  expect(sent.join()).not.toMatch(/SEV\d|Ana|Ben|"high"|acknowledged/);
});

describe('a notifier that everybody reads', () => {
  const PUBLIC = { audience: 'public' } as const;
  const open: Notifier = { ...board('platform', 'elsewhere'), ...PUBLIC };

  test.each<[string, Partial<ConfigInput>]>([
    ['the contact of a person', { users: [{ id: 'ana', contacts: [{ notifier: 'platform', address: 'x' }] }] }],
    ['a channel', { channels: [{ id: 'room', notifier: 'platform', address: 'x' }] }],
    ['the stand-in of another', { failover: { both: ['sms', 'platform'] } }],
  ])('is refused as %s', async (_, more) => {
    const users = config().users ?? [];
    const given = config({
      ...more,
      users: [...(more.users ?? []), ...users.filter(({ id }) => more.users === undefined || id !== 'ana')],
    });
    const error = await refusal(() => world({ config: given, notifiers: [open] }), 'CONFIG_INVALID');
    expect(error.message).toContain('everybody reads what platform shows');
  });

  test('is refused as a contact that a person adds', async () => {
    const { tocsin } = world({ notifiers: [open] });
    const adding = () => tocsin.contacts.add({ user: 'ana', notifier: 'platform', address: 'x', by: 'ana' });
    await refusal(adding, 'INPUT_INVALID');
  });

  const mirrored = () => {
    const platform = board('platform', 'elsewhere');
    const mirrors = [{ id: 'm1', notifier: 'platform', address: 'x' }];
    return { ...world({ config: config({ mirrors }), notifiers: [Object.assign(platform, PUBLIC)] }), platform };
  };

  test('is asked for nothing that was to page somebody before everybody read it', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const before = board('platform', 'elsewhere');
    await world({ clock, storage, notifiers: [before] }).tocsin.contacts.add({
      user: 'ana',
      notifier: 'platform',
      address: 'x',
      by: 'ana',
    });
    const platform = board('platform', 'elsewhere');
    const w = world({ clock, storage, notifiers: [Object.assign(platform, PUBLIC)] });
    await w.pass(10 * MINUTE);
    expect([...before.calls, ...platform.calls]).toEqual([]);
    const [dead] = await w.tocsin.deadLetters.list();
    expect(dead?.error).toContain('everybody reads what platform shows');
  });

  test('is told nothing of what became private before it was told of it', async () => {
    const { tocsin, platform, pass } = mirrored();
    const id = await opened(tocsin);
    await tocsin.incidents.postUpdate(id, { by, text: LOOKING, audience: 'public' });
    await tocsin.incidents.update(id, { by, visibility: 'private' });
    await tocsin.incidents.resolve(id, { by });
    await pass(10 * SECOND, SECOND);
    expect(platform.calls).toEqual([]);
  });

  test('that refused what it was told is told it with whatever happens next', async () => {
    const { tocsin, platform, pass } = mirrored();
    platform.before = () => {
      throw notifyError('wrong key', { permanent: true });
    };
    const id = await opened(tocsin);
    await tocsin.incidents.postUpdate(id, { by, text: LOOKING, audience: 'public' });
    await pass(10 * SECOND, SECOND);
    expect(await tocsin.deadLetters.list()).toMatchObject([{ purpose: 'mirror' }]);
    platform.before = undefined;
    await tocsin.incidents.acknowledge(id, { by });
    await pass(10 * SECOND, SECOND);
    expect(platform.messages.map(({ publicFacts }) => publicFacts?.updates.length)).toEqual([1]);
  });

  test('is handed nothing but the public facts, however late', async () => {
    const { platform, ...w } = mirrored();
    let failures = 8;
    platform.before = () => {
      if (failures-- > 0) throw notifyError('away');
    };
    const { id } = await w.tocsin.incidents.open({ by, title: CANARY, body: CANARY, service: 'checkout' });
    await w.tocsin.incidents.addNote(id, { by, text: CANARY });
    await w.tocsin.incidents.postUpdate(id, { by, text: LOOKING, audience: 'public' });
    await w.pass(HOUR);
    const [message, ...more] = platform.messages;
    expect(more).toEqual([]);
    expect(message).toMatchObject({
      title: 'Incident',
      lines: [],
      urgency: 'low',
      people: { asked: [], acknowledgedBy: [] },
      links: [],
      actions: [],
      publicFacts: { title: 'Incident', status: 'investigating', updates: [{ text: LOOKING }] },
    });
    expect(Object.keys(message ?? {})).not.toEqual(expect.arrayContaining(['body']));
    expect(Object.keys(message ?? {})).not.toEqual(expect.arrayContaining(['severity']));
    expect(Object.keys(message ?? {})).not.toEqual(expect.arrayContaining(['service']));
    expect(JSON.stringify(platform.messages)).not.toContain(CANARY);
  });
});
