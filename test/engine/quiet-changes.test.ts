/**
 * Silences and windows that people set: what is refused, what is listed, and what survives what.
 */
import { describe, expect, test } from 'vitest';
import { memoryStorage, type Tocsin } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { config, DAY, HOUR, MINUTE, refusal, T0, trigger, world } from './world.ts';

const by = 'boss';
const comment = 'planned';
const silence = { by, when: 'env="dev"', for: '1h', comment };

describe('a silence is refused', () => {
  test.each<[string, object, string]>([
    ['without an end', { by, when: 'a="b"', comment }, 'until'],
    ['with two ends', { ...silence, until: T0 + HOUR }, 'until'],
    ['that has passed', { by, when: 'a="b"', comment, from: T0 - DAY, until: T0 - HOUR }, 'until'],
    ['that ends before it begins', { by, when: 'a="b"', comment, from: T0 + HOUR, until: T0 + MINUTE }, 'until'],
    ['of more than ten years', { by, when: 'a="b"', comment, until: T0 + 4_000 * DAY }, 'until'],
    ['without a comment', { by, when: 'a="b"', for: '1h' }, 'comment'],
    ['without whoever sets it', { when: 'a="b"', for: '1h', comment }, 'by'],
    ['with a condition that cannot be read', { ...silence, when: 'env~dev' }, 'when'],
    [
      'with a pattern that RE2 refuses',
      { ...silence, when: { field: 'title', op: 'matches', value: '(?=x)' } },
      'when',
    ],
    ['with a field that is unknown', { ...silence, wehn: 'x' }, 'wehn'],
  ])('%s', async (_, input, path) => {
    const { tocsin } = world();
    const error = await refusal(() => tocsin.silences.set(input as never), 'INPUT_INVALID');
    const problems = error.details.problems as readonly { readonly path: string }[];
    expect(problems.map((problem) => problem.path.split(/[.[]/)[0])).toContain(path);
    expect(await tocsin.silences.list()).toEqual([]);
  });

  test('under an id that is taken, here or in the configuration', async () => {
    const { tocsin } = world();
    await tocsin.silences.set({ ...silence, id: 'one' });
    await refusal(() => tocsin.silences.set({ ...silence, id: 'one' }), 'INPUT_INVALID');
  });

  test('to whom the host does not let in', async () => {
    const { tocsin } = world({ authorize: (_, action) => action !== 'silence.set' });
    await refusal(() => tocsin.silences.set(silence), 'NOT_AUTHORIZED');
  });
});

describe('a maintenance is refused', () => {
  test.each<[string, object, 'INPUT_INVALID' | 'REFERENCE_UNKNOWN']>([
    ['for everything', { by, for: '1h' }, 'INPUT_INVALID'],
    ['for a service that nobody knows', { by, services: ['nope'], for: '1h' }, 'REFERENCE_UNKNOWN'],
    [
      'by a rule that is none',
      {
        by,
        services: ['checkout'],
        recurring: { timeZone: 'UTC', start: '2026-01-06T10:00:00', rrule: 'FREQ=NEVER', duration: '1h' },
      },
      'INPUT_INVALID',
    ],
    [
      'both once and again',
      {
        by,
        services: ['checkout'],
        for: '1h',
        recurring: { timeZone: 'UTC', start: '2026-01-06T10:00:00', rrule: 'FREQ=DAILY', duration: '1h' },
      },
      'INPUT_INVALID',
    ],
  ])('%s', async (_, input, code) => {
    const { tocsin } = world();
    await refusal(() => tocsin.maintenance.set(input as never), code);
    expect(await tocsin.maintenance.list()).toEqual([]);
  });
});

describe('ending', () => {
  const kinds = async (tocsin: Tocsin) => (await tocsin.silences.list()).map(({ id, state }) => `${id} ${state}`);

  test('is done once, and of what is stored', async () => {
    const { tocsin } = world();
    const { id } = await tocsin.silences.set(silence);
    await tocsin.silences.end(id, { by });
    await refusal(() => tocsin.silences.end(id, { by }), 'INVALID_TRANSITION');
    await refusal(() => tocsin.silences.end('nope', { by }), 'SILENCE_NOT_FOUND');
    await refusal(() => tocsin.maintenance.end('nope', { by }), 'MAINTENANCE_NOT_FOUND');
  });

  test('one that has not begun never begins', async () => {
    const w = world();
    await w.tocsin.silences.set({ ...silence, id: 'later', from: T0 + HOUR });
    expect(await kinds(w.tocsin)).toEqual(['later pending']);
    await w.tocsin.silences.end('later', { by });
    await w.pass(HOUR + MINUTE);
    expect(await kinds(w.tocsin)).toEqual(['later ended']);
    expect(await w.tocsin.ingest(trigger('disk', { labels: { env: 'dev' } }))).toMatchObject([{ outcome: 'opened' }]);
  });

  test('a window that comes again ends it for good', async () => {
    const w = world();
    const recurring = { timeZone: 'UTC', start: '2026-01-06T10:00:00', rrule: 'FREQ=DAILY', duration: '1h' };
    const { id } = await w.tocsin.maintenance.set({ by, services: ['checkout'], recurring });
    expect(await w.tocsin.ingest(trigger())).toMatchObject([{ outcome: 'suppressed' }]);
    expect(await w.tocsin.maintenance.end(id, { by })).toMatchObject({ state: 'ended' });
    await w.pass(MINUTE);
    expect(w.news()).toEqual(['+0 ana sms step']);
    await w.pass(DAY, HOUR);
    expect(await w.tocsin.ingest(trigger('later'))).toMatchObject([{ outcome: 'opened' }]);
  });
});

describe('what is stored', () => {
  test('and cannot be read silences nothing, loudly, and is not written over', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const first = world({ clock, storage });
    await first.tocsin.silences.set(silence);
    const [document] = await storage.listDocuments('default', { collection: 'quiet' });
    await storage.commit([
      {
        commitId: 'c',
        tenant: 'default',
        incidents: [],
        alerts: [],
        timers: [],
        withdrawals: [],
        deliveries: [],
        documents: [
          { collection: 'quiet', id: 'stored', expectedVersion: document?.version ?? 0, data: { silences: 'gone' } },
        ],
        slots: [],
        counters: [],
      },
    ]);
    const w = world({ clock, storage });
    expect(await w.tocsin.ingest(trigger('disk', { labels: { env: 'dev' } }))).toMatchObject([{ outcome: 'opened' }]);
    expect(w.log.filter((line) => line.startsWith('error')).join()).toContain('cannot be read');
    await refusal(() => w.tocsin.silences.set(silence), 'SNAPSHOT_UNREADABLE');
  });

  test('of one tenant is none of another’s', async () => {
    const w = world();
    const acme = w.tocsin.forTenant('acme', { config: config() });
    await w.tocsin.silences.set(silence);
    expect(await acme.silences.list()).toEqual([]);
    expect(await acme.ingest(trigger('disk', { labels: { env: 'dev' } }))).toMatchObject([{ outcome: 'opened' }]);
  });

  test('by two people at once is stored for both', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const nodes = [1, 2, 3].map(() => world({ clock, storage }));
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => nodes[n % 3]?.tocsin.silences.set({ ...silence, id: `s${n}` })),
    );
    expect(await nodes[0]?.tocsin.silences.list()).toHaveLength(12);
  });
});

describe('an open incident', () => {
  test('keeps paging through a silence that comes after it, and resolves through it', async () => {
    const w = world();
    await w.tocsin.ingest(trigger('disk', { labels: { env: 'dev' } }));
    await w.tocsin.silences.set(silence);
    await w.pass(5 * MINUTE);
    expect(w.news()).toEqual(['+0 ana sms step', '+2m ana voice step', '+5m ben sms step']);
    expect(await w.tocsin.ingest({ action: 'resolve', dedupKey: 'disk' })).toMatchObject([{ outcome: 'resolved' }]);
  });

  test('that is held is paged when its hold ends, also when a silence was set meanwhile', async () => {
    const w = world({ config: config({ routes: [{ service: 'checkout', holdFor: '2m' }] }) });
    await w.tocsin.ingest(trigger('disk', { labels: { env: 'dev' } }));
    await w.tocsin.silences.set(silence);
    await w.pass(2 * MINUTE);
    expect(w.news()).toEqual(['+2m ana sms step']);
  });
});

describe('a heartbeat', () => {
  test('that is silenced is kept quiet, and heard of when the silence ends', async () => {
    const w = world({ config: config({ heartbeats: [{ id: 'job', every: '10m', service: 'search' }] }) });
    await w.tocsin.tick();
    await w.tocsin.silences.set({ by, when: 'heartbeat="job"', for: '30m', comment });
    await w.pass(20 * MINUTE);
    expect(w.news()).toEqual([]);
    expect(await w.tocsin.alerts.list({ status: 'suppressed' })).toHaveLength(1);
    await w.pass(11 * MINUTE);
    expect(w.news()).toEqual(['+30m ana sms step']);
  });

  test('that comes back while it is silenced leaves nothing behind', async () => {
    const w = world({ config: config({ heartbeats: [{ id: 'job', every: '10m', service: 'search' }] }) });
    await w.tocsin.tick();
    await w.tocsin.silences.set({ by, when: 'heartbeat="job"', for: '30m', comment });
    await w.pass(15 * MINUTE);
    await w.tocsin.heartbeats.ping('job');
    expect(await w.tocsin.alerts.list({ status: 'suppressed' })).toEqual([]);
    expect(await w.tocsin.heartbeats.list()).toMatchObject([{ state: 'alive' }]);
  });

  test('that is taken out of the configuration pages nobody', async () => {
    const w = world({ config: config({ heartbeats: [{ id: 'job', every: '10m', service: 'search' }] }) });
    await w.tocsin.tick();
    w.tocsin.forTenant('default', { config: config() });
    await w.pass(HOUR);
    expect(w.news()).toEqual([]);
  });

  test('whose interval was shortened is missed by the new one', async () => {
    const w = world({ config: config({ heartbeats: [{ id: 'job', every: '10h', service: 'search' }] }) });
    await w.tocsin.heartbeats.ping('job');
    w.tocsin.forTenant('default', { config: config({ heartbeats: [{ id: 'job', every: '10m', service: 'search' }] }) });
    await w.pass(12 * MINUTE);
    expect(w.news()).toEqual(['+11m ana sms step']);
  });
});
