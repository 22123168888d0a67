/**
 * Grouping: which alerts are one incident, for how long, and what is never joined.
 */
import { describe, expect, test } from 'vitest';
import type { AlertEvent, ConfigInput } from '../../src/index.ts';
import { config, HOUR, MINUTE, resolve, trigger, type World, world } from './world.ts';

const by = 'ana';
type Grouping = NonNullable<ConfigInput['grouping']>[number];
const grouped = (more: Partial<Grouping> = {}, parts: Partial<ConfigInput> = {}) =>
  world({
    config: config({ grouping: [{ id: 'cluster', by: ['labels.cluster'], window: '10m', ...more }], ...parts }),
  });
const of = (cluster: string, n: number, more: Partial<AlertEvent> = {}) =>
  trigger(`${cluster}-${n}`, { labels: { cluster }, ...more });
const take = async ({ tocsin }: World, event: AlertEvent) => {
  const [result] = await tocsin.ingest(event);
  return result ?? { outcome: 'rejected' as const, reason: '' };
};

describe('the window', () => {
  test('counts from the first alert', async () => {
    const w = grouped();
    await take(w, of('a', 1));
    await w.pass(9 * MINUTE);
    expect((await take(w, of('a', 2))).outcome).toBe('joined');
    await w.pass(MINUTE);
    expect((await take(w, of('a', 3))).outcome).toBe('opened');
  });

  test('that rolls begins anew with each alert, and never grows beyond its cap', async () => {
    const w = grouped({ rolling: true, cap: '25m' });
    const seen: string[] = [];
    for (let n = 0; n < 5; n++) {
      seen.push((await take(w, of('a', n))).outcome);
      await w.pass(9 * MINUTE);
    }
    expect(seen).toEqual(['opened', 'joined', 'joined', 'opened', 'joined']);
  });
});

describe('services', () => {
  test('stay apart, unless the grouping goes across them', async () => {
    const apart = grouped();
    await take(apart, of('a', 1));
    expect((await take(apart, of('a', 2, { service: 'search' }))).outcome).toBe('opened');
    const across = grouped({ acrossServices: true });
    await take(across, of('a', 1));
    expect((await take(across, of('a', 2, { service: 'search' }))).outcome).toBe('joined');
  });

  test('an alert joins the incident of a service that needs its own, when that is asked for', async () => {
    const services = [
      { id: 'checkout', escalationPolicy: 'default', dependsOn: ['search'] },
      { id: 'search', escalationPolicy: 'default', dependsOn: ['db'] },
      { id: 'db', escalationPolicy: 'default' },
    ];
    const w = grouped({ joinDependants: true }, { services });
    const top = await take(w, of('a', 1));
    expect(await take(w, of('a', 2, { service: 'db' }))).toMatchObject({
      outcome: 'joined',
      incidentId: top.incidentId,
    });
    const not = grouped({}, { services });
    await take(not, of('a', 1));
    expect((await take(not, of('a', 2, { service: 'db' }))).outcome).toBe('opened');
  });
});

describe('what is never joined', () => {
  test('a resolved incident', async () => {
    const w = grouped();
    const first = await take(w, of('a', 1));
    await w.tocsin.incidents.resolve(first.incidentId ?? '', { by });
    expect((await take(w, of('a', 2))).outcome).toBe('opened');
  });

  test('a resolved one is reopened by its own key where the route says so, and not by another of its group', async () => {
    const w = grouped({}, { routes: [{ service: 'checkout', reopenWithin: '1h' }] });
    const first = await take(w, of('a', 1));
    await w.tocsin.incidents.resolve(first.incidentId ?? '', { by });
    const other = await take(w, of('a', 2));
    expect(other.outcome).toBe('opened');
    expect(await take(w, of('a', 1))).toMatchObject({ outcome: 'joined', incidentId: other.incidentId });
    await w.pass(11 * MINUTE);
    await w.tocsin.ingest(resolve('a-1'));
  });
});

describe('an incident of a group', () => {
  test('goes on in the one that it was merged into', async () => {
    const w = grouped();
    const [a, b] = [await take(w, of('a', 1)), await take(w, of('b', 1))];
    await w.tocsin.incidents.merge(a.incidentId ?? '', { into: b.incidentId ?? '', by });
    expect(await take(w, of('a', 2))).toMatchObject({ outcome: 'joined', incidentId: b.incidentId });
  });

  test('that is acknowledged notes a new alert, and pages again only when it is worse', async () => {
    const w = grouped();
    const first = await take(w, of('a', 1, { severity: 'error' }));
    await w.tocsin.tick();
    await w.tocsin.incidents.acknowledge(first.incidentId ?? '', { by });
    w.news();
    await take(w, of('a', 2, { severity: 'error' }));
    await w.pass(MINUTE);
    expect(w.news()).toEqual([]);
    await take(w, of('a', 3, { severity: 'critical' }));
    await w.tocsin.tick();
    expect(w.news()).toEqual(['+1m ana sms step']);
  });

  test('resolves when all of its alerts have stayed clear, and not before', async () => {
    const w = grouped();
    await w.tocsin.ingest([of('a', 1), of('a', 2)]);
    await w.tocsin.ingest(resolve('a-1'));
    await w.pass(10 * MINUTE);
    expect((await w.tocsin.incidents.list()).items).toMatchObject([{ alertsState: 'firing' }]);
    await w.tocsin.ingest(resolve('a-2'));
    await w.pass(6 * MINUTE);
    expect((await w.tocsin.incidents.list()).items).toMatchObject([{ phase: 'resolved' }]);
  });

  test('takes in a thousand alerts; the next begins another', async () => {
    const w = grouped();
    const results = await w.tocsin.ingest(Array.from({ length: 1_001 }, (_, n) => of('a', n)));
    expect(results.filter(({ outcome }) => outcome === 'opened').length).toBe(2);
    expect(results.at(-1)?.outcome).toBe('opened');
  });
});

describe('a threshold', () => {
  test('counts alerts that began within its time, and none twice', async () => {
    const w = grouped({ threshold: { alerts: 3, within: '5m' } });
    await take(w, of('a', 1));
    for (let n = 0; n < 5; n++) expect((await take(w, of('a', 1))).outcome).toBe('suppressed');
    await w.pass(6 * MINUTE);
    expect((await take(w, of('a', 2))).outcome).toBe('suppressed');
    expect((await take(w, of('a', 3))).outcome).toBe('suppressed');
    expect((await take(w, of('a', 4))).outcome).toBe('opened');
    const [incident] = (await w.tocsin.incidents.list()).items;
    expect(Object.keys(incident?.alerts ?? {})).toHaveLength(3);
    // The first began too early to be counted; it joins when it is heard of again, and is listed until then.
    expect(await w.tocsin.alerts.list({ status: 'suppressed' })).toHaveLength(1);
    expect((await take(w, of('a', 1))).outcome).toBe('joined');
  });

  test('does not count what has cleared', async () => {
    const w = grouped({ threshold: { alerts: 2, within: '5m' } });
    await take(w, of('a', 1));
    await w.tocsin.ingest(resolve('a-1'));
    expect((await take(w, of('a', 2))).outcome).toBe('suppressed');
  });

  test('gives the incident the severity of the worst', async () => {
    const w = grouped({ threshold: { alerts: 2, within: '5m' } });
    await take(w, of('a', 1, { severity: 'critical' }));
    await take(w, of('a', 2, { severity: 'info' }));
    expect((await w.tocsin.incidents.list()).items).toMatchObject([{ severity: 'SEV1', urgency: 'high' }]);
  });

  test('that the configuration takes away keeps nothing back', async () => {
    const w = grouped({ threshold: { alerts: 2, within: '5m' } });
    await take(w, of('a', 1));
    w.tocsin.forTenant('default', { config: config() });
    await w.pass(6 * MINUTE);
    expect(w.news()).toHaveLength(1);
  });
});

test('an hour of one flapping alert beside a steady one is one incident', async () => {
  const w = grouped({ window: '2h' });
  await take(w, of('a', 1));
  for (let n = 0; n < 10; n++) {
    await take(w, of('a', 2));
    await w.pass(HOUR / 20);
    await w.tocsin.ingest(resolve('a-2'));
    await w.pass(HOUR / 20);
  }
  expect((await w.tocsin.incidents.list()).items).toHaveLength(1);
});
