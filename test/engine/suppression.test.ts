/**
 * Suppression: what is silenced pages nobody, is stored and counted, and is never forgotten when that ends.
 */
import { describe, expect, test } from 'vitest';
import type { AlertEvent, ConfigInput } from '../../src/index.ts';
import { config, HOUR, MINUTE, resolve, SECOND, T0, trigger, world } from './world.ts';

const by = 'boss';
const noisy = (more: Partial<AlertEvent> = {}) => trigger('disk', { labels: { env: 'dev' }, ...more });
const silenced = (more: Partial<NonNullable<NonNullable<ConfigInput['suppression']>['silences']>[number]> = {}) =>
  config({
    suppression: {
      silences: [
        {
          id: 'dev',
          when: 'env="dev"',
          from: new Date(T0).toISOString(),
          until: new Date(T0 + HOUR).toISOString(),
          author: 'boss',
          comment: 'a test',
          ...more,
        },
      ],
    },
  });

describe('a silence of the configuration', () => {
  test('keeps an alert quiet, stores it and counts it', async () => {
    const w = world({ config: silenced() });
    const [first] = await w.tocsin.ingest(noisy());
    expect(first).toMatchObject({ outcome: 'suppressed', reason: expect.stringContaining('silence dev') });
    expect(first).not.toHaveProperty('incidentId');
    const [second] = await w.tocsin.ingest(noisy());
    expect(second).toMatchObject({ outcome: 'suppressed', alertId: first?.alertId });
    await w.pass(10 * MINUTE);
    expect(w.news()).toEqual([]);
    const [alert, ...others] = await w.tocsin.alerts.list({ status: 'suppressed' });
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ status: 'suppressed', count: 2, service: 'checkout' });
    expect(await w.tocsin.silences.list()).toMatchObject([{ id: 'dev', state: 'active', suppressed: 1 }]);
  });

  test('that ends pages for what still fires', async () => {
    const w = world({ config: silenced() });
    await w.tocsin.ingest(noisy());
    await w.pass(HOUR);
    expect(w.news()).toEqual(['+1h ana sms step']);
    expect(await w.tocsin.alerts.list({ status: 'suppressed' })).toEqual([]);
  });

  test('that ends pages nobody for what has cleared', async () => {
    const w = world({ config: silenced() });
    await w.tocsin.ingest(noisy());
    expect(await w.tocsin.ingest(resolve())).toMatchObject([{ outcome: 'resolved' }]);
    await w.pass(2 * HOUR);
    expect(w.news()).toEqual([]);
  });

  test('opens one incident for each service, not one for each alert', async () => {
    const w = world({ config: silenced() });
    for (let n = 0; n < 20; n++)
      await w.tocsin.ingest(trigger(`disk${n}`, { labels: { env: 'dev' }, service: n % 2 ? 'search' : 'checkout' }));
    await w.pass(HOUR + MINUTE);
    const { items } = await w.tocsin.incidents.list();
    expect(items.map(({ service, alerts }) => `${service} ${Object.keys(alerts).length}`).sort()).toEqual([
      'checkout 10',
      'search 10',
    ]);
  });

  test('lets it be when it is told to', async () => {
    const w = world({ config: silenced({ atEnd: 'let-be' }) });
    await w.tocsin.ingest(noisy());
    await w.pass(2 * HOUR);
    expect(w.news()).toEqual([]);
    expect(await w.tocsin.ingest(noisy())).toMatchObject([{ outcome: 'suppressed' }]);
    await w.tocsin.ingest(resolve());
    expect(await w.tocsin.ingest(noisy())).toMatchObject([{ outcome: 'opened' }]);
  });
});

describe('a silence that a person sets', () => {
  test('counts at once, everywhere, and ends when it is told to', async () => {
    const w = world();
    const other = world({ clock: w.clock, storage: w.storage });
    const silence = await w.tocsin.silences.set({ by, when: 'env="dev"', for: '4h', comment: 'planned' });
    expect(silence).toMatchObject({ state: 'active', origin: 'stored', createdBy: { kind: 'user', id: 'boss' } });
    expect(await other.tocsin.ingest(noisy())).toMatchObject([{ outcome: 'suppressed' }]);
    await w.pass(10 * MINUTE);
    await w.tocsin.silences.end(silence.id, { by });
    await w.pass(5 * SECOND, SECOND);
    expect(w.news()).toEqual(['+10m ana sms step']);
    expect(await w.tocsin.silences.list()).toMatchObject([{ state: 'ended', suppressed: 1 }]);
  });
});

describe('maintenance', () => {
  test('by service, again and again, tells before and when it begins and ends', async () => {
    const w = world({
      config: config({
        suppression: {
          maintenance: [
            {
              id: 'nightly',
              services: ['search'],
              recurring: { timeZone: 'UTC', start: '2026-01-06T11:00:00', rrule: 'FREQ=DAILY', duration: '1h' },
              notices: ['30m'],
            },
          ],
        },
      }),
    });
    const told: string[] = [];
    for (const type of ['starts', 'started', 'ends', 'ended'] as const)
      w.tocsin.on(`maintenance.${type}`, ({ maintenance, at }) =>
        told.push(`${maintenance} ${type} ${at.toISOString()}`),
      );
    await w.pass(70 * MINUTE);
    expect(await w.tocsin.ingest(trigger('one', { service: 'search' }))).toMatchObject([{ outcome: 'suppressed' }]);
    expect(await w.tocsin.ingest(trigger('two'))).toMatchObject([{ outcome: 'opened' }]);
    await w.pass(50 * MINUTE);
    expect(told).toEqual([
      'nightly starts 2026-01-06T11:00:00.000Z',
      'nightly started 2026-01-06T11:00:00.000Z',
      'nightly ends 2026-01-06T12:00:00.000Z',
      'nightly ended 2026-01-06T12:00:00.000Z',
    ]);
    expect((await w.tocsin.incidents.list()).items.map(({ service }) => service).sort()).toEqual([
      'checkout',
      'search',
    ]);
  });
});

describe('heartbeats', () => {
  test('a missing ping pages, and the next one resolves', async () => {
    const w = world({
      config: config({ heartbeats: [{ id: 'backup', every: '1h', grace: '5m', service: 'search' }] }),
    });
    await w.tocsin.tick();
    await w.tocsin.heartbeats.ping('backup');
    await w.pass(64 * MINUTE);
    expect(w.news()).toEqual([]);
    await w.pass(MINUTE);
    expect(w.news()).toEqual(['+1h5m ana sms step']);
    expect(await w.tocsin.heartbeats.list()).toMatchObject([{ state: 'missing' }]);
    await w.tocsin.heartbeats.ping('backup');
    expect(await w.tocsin.heartbeats.list()).toMatchObject([{ state: 'alive' }]);
    await w.pass(6 * MINUTE);
    expect((await w.tocsin.incidents.list()).items).toMatchObject([{ phase: 'resolved', service: 'search' }]);
  });
});

describe('a quiet source', () => {
  test('resolves by itself when its route says so', async () => {
    const w = world({ config: config({ routes: [{ service: 'checkout', autoResolveAfter: '30m' }] }) });
    await w.tocsin.ingest(trigger());
    await w.pass(20 * MINUTE);
    await w.tocsin.ingest(trigger());
    await w.pass(29 * MINUTE);
    expect((await w.tocsin.incidents.list()).items).toMatchObject([{ alertsState: 'firing' }]);
    await w.pass(2 * MINUTE);
    expect((await w.tocsin.incidents.list()).items).toMatchObject([{ alertsState: 'clearing' }]);
  });
});

describe('inhibition', () => {
  const inhibiting = config({
    suppression: {
      inhibition: [{ id: 'down', source: 'alertname="Down"', target: 'alertname="Slow"', equal: ['labels.host'] }],
    },
  });
  const slow = (host: string) => trigger(`slow-${host}`, { labels: { alertname: 'Slow', host } });
  const down = (host: string) => trigger(`down-${host}`, { labels: { alertname: 'Down', host } });

  test('mutes what a firing alert explains, until that clears', async () => {
    const w = world({ config: inhibiting });
    await w.tocsin.ingest(down('a'));
    expect(await w.tocsin.ingest([slow('a'), slow('b')])).toMatchObject([
      { outcome: 'suppressed' },
      { outcome: 'opened' },
    ]);
    await w.tocsin.ingest(resolve('down-a'));
    await w.pass(2 * MINUTE);
    expect(await w.tocsin.alerts.list({ status: 'suppressed' })).toEqual([]);
  });
});

describe('a rate limit', () => {
  test('puts off what is beyond it, and brings it as one', async () => {
    const w = world({ config: config({ suppression: { rateLimits: [{ id: 'calm', alerts: 3, within: '10m' }] } }) });
    const results = await w.tocsin.ingest(Array.from({ length: 10 }, (_, n) => trigger(`k${n}`)));
    expect(results.map(({ outcome }) => outcome).sort()).toEqual([
      ...Array(3).fill('opened'),
      ...Array(7).fill('suppressed'),
    ]);
    await w.pass(11 * MINUTE);
    const { items } = await w.tocsin.incidents.list();
    expect(items.map(({ alerts }) => Object.keys(alerts).length).sort()).toEqual([1, 1, 1, 7]);
  });
});

describe('a group', () => {
  const grouped = (more: object = {}) =>
    config({ grouping: [{ id: 'cluster', by: ['labels.cluster'], window: '10m', ...more }] });
  const of = (cluster: string, n: number, more: Partial<AlertEvent> = {}) =>
    trigger(`${cluster}-${n}`, { labels: { cluster }, ...more });

  test('is one incident for alerts that agree', async () => {
    const w = world({ config: grouped() });
    const results = await w.tocsin.ingest([of('a', 1), of('a', 2), of('b', 1), of('a', 3)]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['opened', 'joined', 'opened', 'joined']);
    expect(new Set(results.map(({ incidentId }) => incidentId)).size).toBe(2);
    await w.pass(11 * MINUTE);
    expect(await w.tocsin.ingest(of('a', 4))).toMatchObject([{ outcome: 'opened' }]);
  });

  test('pages nobody below its threshold, and then for all of them', async () => {
    const w = world({ config: grouped({ threshold: { alerts: 3, within: '5m' } }) });
    expect(await w.tocsin.ingest([of('a', 1), of('a', 2)])).toMatchObject([
      { outcome: 'suppressed' },
      { outcome: 'suppressed' },
    ]);
    await w.pass(MINUTE);
    expect(w.news()).toEqual([]);
    const [third] = await w.tocsin.ingest(of('a', 3));
    expect(third?.outcome).toBe('opened');
    const { items } = await w.tocsin.incidents.list();
    expect(items.map(({ alerts }) => Object.keys(alerts).length)).toEqual([3]);
    expect((await w.tocsin.alerts.list()).map(({ status }) => status)).toEqual(['firing', 'firing', 'firing']);
  });
});
