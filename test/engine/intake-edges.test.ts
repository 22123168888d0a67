/**
 * Edges of the intake: where a page could be lost because two good rules meet.
 */
import { describe, expect, test } from 'vitest';
import { type AlertEvent, type ConfigInput, memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { faulty } from './faults.ts';
import { config, HOUR, MINUTE, policy, resolve, T0, trigger, types, type World, world } from './world.ts';

const by = 'ana';
const take = async ({ tocsin }: World, event: AlertEvent) => {
  const [result] = await tocsin.ingest(event);
  return result ?? { outcome: 'rejected' as const, reason: '' };
};
const labelled = (key: string, labels: Record<string, string>, more: Partial<AlertEvent> = {}) =>
  trigger(key, { labels, ...more });
const all = async ({ tocsin }: World) => (await tocsin.incidents.list({ limit: 1_000 })).items;
const silences = (...list: readonly object[]): ConfigInput['suppression'] => ({
  silences: list.map((silence, place) => ({
    id: `s${place}`,
    from: new Date(T0).toISOString(),
    until: new Date(T0 + HOUR).toISOString(),
    author: 'ana',
    comment: 'c',
    ...silence,
  })) as never,
});

test('an alert that cannot wait is asked about, also when it joins an incident that waits for support hours', async () => {
  const hours = [{ timeZone: 'UTC', from: '20:00', until: '22:00' }];
  const w = world({
    config: config({
      severity: { levels: [{ id: 'SEV1', urgency: 'supportHours' }], supportHours: [{ timeZone: 'UTC' }] },
      services: [
        { id: 'checkout', escalationPolicy: 'default', supportHours: hours },
        { id: 'search', escalationPolicy: 'default' },
      ],
      grouping: [{ id: 'g', by: ['labels.rack'], window: '1h', acrossServices: true }],
    }),
  });
  const first = await take(w, labelled('a', { rack: 'r' }));
  await w.tocsin.tick();
  w.news();
  const second = await take(w, labelled('b', { rack: 'r' }, { service: 'search' }));
  expect([second.outcome, second.incidentId]).toEqual(['joined', first.incidentId]);
  await w.pass(MINUTE);
  expect((await w.tocsin.incidents.list()).items).toMatchObject([{ urgency: 'high', paging: 'escalating' }]);
  expect(w.news()).toEqual(['+0 ana sms step']);
});

describe('what a suppression lets go', () => {
  test('at two different times is two incidents', async () => {
    const w = world({ config: config({ suppression: { rateLimits: [{ id: 'calm', alerts: 1, within: '10m' }] } }) });
    await w.tocsin.ingest([trigger('a'), trigger('b')]);
    await w.pass(11 * MINUTE);
    await w.tocsin.ingest([trigger('c'), trigger('d')]);
    await w.pass(11 * MINUTE);
    expect((await w.tocsin.incidents.list()).items).toHaveLength(4);
  });

  test('does not go to whoever has acknowledged what was let go before', async () => {
    const w = world({ config: config({ suppression: silences({ when: 'env="dev"' }) }) });
    await w.tocsin.ingest([labelled('a', { env: 'dev' }), labelled('b', { env: 'dev' })]);
    await w.sleep(HOUR);
    const first = await take(w, labelled('a', { env: 'dev' }));
    await w.tocsin.incidents.acknowledge(first.incidentId ?? '', { by });
    const second = await take(w, labelled('b', { env: 'dev' }));
    expect(second.outcome).toBe('opened');
    expect(second.incidentId).not.toBe(first.incidentId);
  });

  test('by an inhibition is apart where the alerts that explained it were', async () => {
    const w = world({
      config: config({
        suppression: {
          inhibition: [{ id: 'down', source: 'check="Down"', target: 'check="Slow"', equal: ['labels.host'] }],
        },
      }),
    });
    for (const host of ['a', 'b']) await take(w, labelled(`down-${host}`, { check: 'Down', host }));
    for (const host of ['a', 'b']) await take(w, labelled(`slow-${host}`, { check: 'Slow', host }));
    for (const host of ['a', 'b']) await w.tocsin.ingest(resolve(`down-${host}`));
    await w.pass(2 * MINUTE);
    const { items } = await w.tocsin.incidents.list();
    expect(
      items.filter(({ title }) => title.startsWith('Problem slow')).map(({ alerts }) => Object.keys(alerts).length),
    ).toEqual([1, 1]);
  });

  test('is as severe as the worst that was said of it meanwhile', async () => {
    const w = world({
      config: config({
        suppression: silences({ when: 'env="dev"' }),
        severity: {
          rules: [
            { when: { field: 'details.load', op: 'gt', value: 90 }, severity: 'SEV1' },
            { when: { field: 'details.load', op: 'lte', value: 90 }, severity: 'SEV3' },
          ],
        },
      }),
    });
    const load = (value: number) => labelled('a', { env: 'dev' }, { details: { load: value } });
    for (const value of [10, 95, 20]) await take(w, load(value));
    await w.pass(HOUR + MINUTE);
    expect((await w.tocsin.incidents.list()).items).toMatchObject([{ severity: 'SEV1', urgency: 'high' }]);
  });
});

describe('what became worse', () => {
  test('is no longer let be', async () => {
    const w = world({ config: config({ suppression: silences({ when: 'severity="info"', atEnd: 'let-be' }) }) });
    expect((await take(w, trigger('a', { severity: 'info' }))).outcome).toBe('suppressed');
    await w.pass(2 * HOUR);
    expect((await take(w, trigger('a', { severity: 'info' }))).outcome).toBe('suppressed');
    expect((await take(w, trigger('a', { severity: 'critical' }))).outcome).toBe('opened');
  });

  test('is no longer put off by a limit for what can wait', async () => {
    const w = world({
      config: config({
        suppression: { rateLimits: [{ id: 'calm', when: 'severity="info"', alerts: 1, within: '12h' }] },
      }),
    });
    await take(w, trigger('a', { severity: 'info' }));
    expect((await take(w, trigger('b', { severity: 'info' }))).outcome).toBe('suppressed');
    expect((await take(w, trigger('b', { severity: 'critical' }))).outcome).toBe('opened');
  });

  test('is no longer resolved by the quiet of what it was before', async () => {
    const levels = [{ id: 'SEV1' }, { id: 'SEV2', autoResolveAfter: '10m' }];
    const w = world({ config: config({ severity: { levels } }) });
    await take(w, trigger('a', { severity: 'error' }));
    await take(w, trigger('a', { severity: 'critical' }));
    await w.pass(30 * MINUTE);
    expect((await w.tocsin.incidents.list()).items).toMatchObject([{ severity: 'SEV1', alertsState: 'firing' }]);
  });
});

describe('an alert that pages nobody mutes nobody', () => {
  test('because it waits for others of its group', async () => {
    const w = world({
      config: config({
        grouping: [
          { id: 'g', when: 'check="Down"', by: ['labels.rack'], window: '1h', threshold: { alerts: 2, within: '1h' } },
        ],
        suppression: { inhibition: [{ id: 'down', source: 'check="Down"', target: 'check="Slow"' }] },
      }),
    });
    expect((await take(w, labelled('down', { check: 'Down' }))).outcome).toBe('suppressed');
    expect((await take(w, labelled('slow', { check: 'Slow' }))).outcome).toBe('opened');
  });

  test('because each of two rules mutes the source of the other', async () => {
    const w = world({
      config: config({
        suppression: {
          ...silences({ when: 'check=~"A|B"' }),
          inhibition: [
            { id: 'ab', source: 'check="A"', target: 'check="B"' },
            { id: 'ba', source: 'check="B"', target: 'check="A"' },
          ],
        },
      }),
    });
    await take(w, labelled('a', { check: 'A' }));
    await take(w, labelled('b', { check: 'B' }));
    await w.pass(HOUR + 5 * MINUTE);
    expect((await w.tocsin.incidents.list()).items.length).toBeGreaterThan(0);
  });
});

test('an alert whose route holds nothing does not wait for the hold of another', async () => {
  const w = world({
    config: config({
      routes: [{ when: 'flaky="yes"', service: 'checkout', holdFor: '30m' }, { service: 'checkout' }],
      grouping: [{ id: 'g', by: ['labels.rack'], window: '1h' }],
    }),
  });
  expect((await take(w, labelled('a', { rack: 'r', flaky: 'yes' }))).outcome).toBe('held');
  expect((await take(w, labelled('b', { rack: 'r' }))).outcome).toBe('opened');
  await w.tocsin.tick();
  expect(w.news()).toEqual(['+0 ana sms step']);
});

test('an incident that is reopened takes in the others of its group', async () => {
  const w = world({
    config: config({
      routes: [{ service: 'checkout', reopenWithin: '1h' }],
      grouping: [{ id: 'g', by: ['labels.rack'], window: '5m' }],
    }),
  });
  const first = await take(w, labelled('a', { rack: 'r' }));
  await w.tocsin.incidents.resolve(first.incidentId ?? '', { by });
  await w.pass(10 * MINUTE);
  expect(await take(w, labelled('a', { rack: 'r' }))).toMatchObject({
    outcome: 'reopened',
    incidentId: first.incidentId,
  });
  expect(await take(w, labelled('b', { rack: 'r' }))).toMatchObject({
    outcome: 'joined',
    incidentId: first.incidentId,
  });
});

describe('a heartbeat that stays missing', () => {
  const beating = (more: Partial<ConfigInput> = {}) =>
    config({
      heartbeats: [{ id: 'job', every: '10m', service: 'search' }],
      escalationPolicies: [policy({ acknowledgeTimeout: 'off' })],
      ...more,
    });

  test('is said again when somebody has resolved the incident and the job is still dead', async () => {
    const w = world({ config: beating() });
    await w.tocsin.heartbeats.ping('job');
    await w.pass(11 * MINUTE);
    const [incident] = (await w.tocsin.incidents.list()).items;
    await w.tocsin.incidents.resolve(incident?.id ?? '', { by });
    w.news();
    await w.pass(10 * MINUTE);
    expect(w.news().length).toBeGreaterThan(0);
  });

  test('is found again by its ping, whatever an extraction makes of its key', async () => {
    const enrichment = [{ set: 'dedupKey', template: '{{title}} of {{labels.heartbeat}}' }];
    const w = world({ config: beating({ enrichment }) });
    await w.tocsin.heartbeats.ping('job');
    await w.pass(11 * MINUTE);
    await w.tocsin.heartbeats.ping('job');
    expect((await w.tocsin.incidents.list()).items).toMatchObject([{ alertsState: 'clearing' }]);
  });

  test('is missed anew when it was taken out of the configuration and put back', async () => {
    const w = world({ config: beating() });
    await w.tocsin.heartbeats.ping('job');
    await w.pass(11 * MINUTE);
    w.tocsin.forTenant('default', { config: config() });
    await w.pass(20 * MINUTE);
    w.tocsin.forTenant('default', { config: beating() });
    const before = w.news().length;
    const [incident] = (await w.tocsin.incidents.list()).items;
    await w.tocsin.incidents.resolve(incident?.id ?? '', { by });
    await w.pass(25 * MINUTE);
    expect(before).toBeGreaterThan(0);
    expect(w.news().length).toBeGreaterThan(0);
  });
});

describe('failures', () => {
  test('one note that cannot be decided on holds up no other', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const w = world({ clock, storage, config: config({ suppression: silences({ when: 'env="dev"' }) }) });
    await w.tocsin.ingest([labelled('a', { env: 'dev' }), labelled('b', { env: 'dev' })]);
    const [note] = await storage.listDocuments('default', { collection: 'alert-notes' });
    const data = note?.data as { suppressed: { event: object } };
    const none = { incidents: [], alerts: [], withdrawals: [], deliveries: [], slots: [], counters: [] };
    const [alert] = (await storage.listAlerts('default', {})).filter(({ dedupKey }) =>
      note?.id.includes(`"${dedupKey}"`),
    );
    const broken = { ...data, suppressed: { ...data.suppressed, event: { ...data.suppressed.event, labels: 7 } } };
    await storage.commit([
      {
        ...none,
        commitId: 'c',
        tenant: 'default',
        documents: [
          { collection: 'alert-notes', id: note?.id ?? '', expectedVersion: note?.version ?? 0, data: broken },
        ],
        timers: [
          {
            type: 'arm',
            ownerKind: 'alert',
            ownerId: alert?.id ?? '',
            kind: 'look',
            armedSeq: (note?.version ?? 0) + 1,
            dueAt: T0 + HOUR,
          },
        ],
      },
    ]);
    await w.pass(HOUR + 5 * MINUTE);
    expect((await w.tocsin.incidents.list()).items).toHaveLength(1);
  });

  test('of what follows from ending a silence does not look like a failure to end it', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const sick = faulty(storage, ['listAlerts'], async () => {
      throw new Error('gone');
    });
    const w = world({ clock, storage: sick });
    const { id } = await w.tocsin.silences.set({ by, when: 'env="dev"', for: '1h', comment: 'c' });
    expect(await w.tocsin.silences.end(id, { by })).toMatchObject({ state: 'ended' });
  });
});

test('a window that was ended before it began is announced to nobody', async () => {
  const w = world();
  const told: string[] = [];
  for (const type of ['starts', 'started', 'ends', 'ended'] as const)
    w.tocsin.on(`maintenance.${type}`, () => told.push(type));
  const { id } = await w.tocsin.maintenance.set({
    by,
    services: ['checkout'],
    from: T0 + HOUR,
    for: '1h',
    notices: ['10m'],
  });
  await w.tocsin.maintenance.end(id, { by });
  await w.pass(3 * HOUR, 10 * MINUTE);
  expect(told).toEqual([]);
  expect(await w.storage.listDocuments('default', { collection: 'maintenance-notices' })).toEqual([]);
});

test('what was told of a window is forgotten when there is nothing more to tell', async () => {
  const w = world();
  await w.tocsin.maintenance.set({ by, services: ['checkout'], for: '1h' });
  await w.pass(2 * HOUR, 10 * MINUTE);
  expect(await w.storage.listDocuments('default', { collection: 'maintenance-notices' })).toEqual([]);
});

test('an incident says in its timeline that what joined could not wait', async () => {
  const w = world({ config: config({ grouping: [{ id: 'g', by: ['labels.rack'], window: '1h' }] }) });
  const first = await take(w, labelled('a', { rack: 'r' }, { severity: 'info' }));
  await take(w, labelled('b', { rack: 'r' }, { severity: 'critical' }));
  expect(await types(w.tocsin, first.incidentId ?? '')).toContain('severity.changed');
});

test('an alert that was kept quiet while its incident was merged goes to the target', async () => {
  const w = world();
  const first = await take(w, labelled('k', { env: 'dev' }));
  const other = await take(w, trigger('other'));
  await w.tocsin.ingest(resolve('k'));
  const { id } = await w.tocsin.silences.set({ by, when: 'env="dev"', for: '1h', comment: 'c' });
  const kept = await take(w, labelled('k', { env: 'dev' }));
  expect(kept.outcome).toBe('suppressed');
  await w.tocsin.incidents.merge(first.incidentId ?? '', { by, into: other.incidentId ?? '' });
  await w.tocsin.silences.end(id, { by });
  await w.tocsin.tick();
  const alert = await w.tocsin.alerts.get(kept.alertId ?? '');
  expect(alert?.incidentId).toBe(other.incidentId);
});

test('a key that resolved in an incident that was merged returns to the target', async () => {
  const w = world();
  const first = await take(w, trigger('k'));
  const other = await take(w, trigger('other'));
  await w.tocsin.ingest(resolve('k'));
  await w.tocsin.incidents.merge(first.incidentId ?? '', { by, into: other.incidentId ?? '' });
  expect(await take(w, trigger('k'))).toMatchObject({ outcome: 'joined', incidentId: other.incidentId });
});

test('an alert whose source names another service while it is kept quiet opens an incident there', async () => {
  const w = world({ config: config({ suppression: silences({ when: 'env="dev"' }) }) });
  await take(w, labelled('a', { env: 'dev' }, { service: 'checkout' }));
  await take(w, labelled('b', { env: 'dev' }, { service: 'checkout' }));
  await take(w, labelled('b', { env: 'dev' }, { service: 'search' }));
  await w.pass(HOUR + MINUTE);
  expect((await all(w)).map(({ service }) => service).toSorted()).toEqual(['checkout', 'search']);
});

test('a repeat that says less at the end of a silence does not take back the worst that was said', async () => {
  const w = world({ config: config({ suppression: silences({ when: 'env="dev"' }) }) });
  await take(w, labelled('a', { env: 'dev' }, { severity: 'critical' }));
  await w.sleep(HOUR);
  await take(w, labelled('a', { env: 'dev' }, { severity: 'info' }));
  expect(await all(w)).toMatchObject([{ severity: 'SEV1', urgency: 'high' }]);
});

test('what waits below a threshold and cannot wait by its own hours is asked about', async () => {
  const hours = [{ timeZone: 'UTC', from: '20:00', until: '22:00' }];
  const w = world({
    config: config({
      severity: { levels: [{ id: 'SEV1', urgency: 'supportHours' }], supportHours: [{ timeZone: 'UTC' }] },
      services: [
        { id: 'checkout', escalationPolicy: 'default', supportHours: hours },
        { id: 'search', escalationPolicy: 'default' },
      ],
      grouping: [
        { id: 'g', by: ['labels.rack'], window: '1h', acrossServices: true, threshold: { alerts: 2, within: '10m' } },
      ],
    }),
  });
  await take(w, labelled('a', { rack: 'r' }, { service: 'search' }));
  await take(w, labelled('b', { rack: 'r' }, { service: 'checkout' }));
  expect(await all(w)).toMatchObject([{ urgency: 'high' }]);
});

test('a key returns to its own open incident also when it came and went while it was kept quiet', async () => {
  const w = world();
  const first = await take(w, labelled('k', { env: 'dev' }));
  await take(w, trigger('x'));
  await w.tocsin.incidents.acknowledge(first.incidentId ?? '', { by });
  await w.tocsin.ingest(resolve('k'));
  const { id } = await w.tocsin.silences.set({ by, when: 'env="dev"', for: '1h', comment: 'c' });
  await take(w, labelled('k', { env: 'dev' }));
  await w.tocsin.ingest(resolve('k'));
  await w.tocsin.silences.end(id, { by });
  expect(await take(w, labelled('k', { env: 'dev' }))).toMatchObject({
    outcome: 'joined',
    incidentId: first.incidentId,
  });
});
