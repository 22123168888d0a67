/**
 * What becomes of an alert event: each outcome, and what is stored when it is answered.
 */
import { expect, test } from 'vitest';
import {
  acknowledge,
  config,
  incident,
  ingested,
  MINUTE,
  opened,
  resolve,
  T0,
  trigger,
  types,
  world,
} from './world.ts';

test('a new problem opens an incident whose first page is stored when ingest answers', async () => {
  const { tocsin } = world();
  const [result] = await tocsin.ingest(trigger('disk', { title: 'Disk full', body: 'on db-1', severity: 'critical' }));
  expect(result).toEqual({
    outcome: 'opened',
    reason: 'a new problem',
    incidentId: expect.any(String),
    alertId: expect.any(String),
  });
  const id = result!.incidentId!;
  expect(await incident(tocsin, id)).toMatchObject({
    title: 'Disk full',
    body: 'on db-1',
    service: 'checkout',
    severity: 'SEV1',
    urgency: 'high',
    phase: 'triage',
    paging: 'escalating',
    alertsState: 'firing',
    alerts: { [result!.alertId!]: 'firing' },
    version: 1,
  });
  expect(await tocsin.deliveries.list({ incidentId: id })).toMatchObject([
    { id: `${id}:2:0`, user: 'ana', notifier: 'sms', state: 'pending', dueAt: new Date(T0), attempts: 0 },
    {
      id: `${id}:2:1`,
      user: 'ana',
      notifier: 'voice',
      state: 'pending',
      dueAt: new Date(T0 + 2 * MINUTE),
      attempts: 0,
    },
  ]);
  expect(await tocsin.alerts.get(result!.alertId!)).toMatchObject({
    dedupKey: 'disk',
    routeKey: 'default',
    status: 'firing',
    count: 1,
    incidentId: id,
  });
});

test('a problem on a route with a hold is held: nobody is paged before the hold is over', async () => {
  const { tocsin, pass, news } = world({ config: config({ routes: [{ service: 'checkout', holdFor: '3m' }] }) });
  const result = await ingested(tocsin, trigger());
  expect(result.outcome).toBe('held');
  expect(result.reason).toBe('a new problem, held before anyone is paged');
  await pass(2 * MINUTE);
  expect(news()).toEqual([]);
  await pass(MINUTE);
  expect(news()).toEqual(['+3m ana sms step']);
});

test('a repeat of an open key counts and pages nobody', async () => {
  const { tocsin, pass, clock } = world();
  const first = await ingested(tocsin, trigger());
  await clock.advance(MINUTE);
  const again = await ingested(tocsin, trigger());
  expect(again).toEqual({
    outcome: 'deduplicated',
    reason: 'the key is open already',
    incidentId: first.incidentId,
    alertId: first.alertId,
  });
  expect(await tocsin.alerts.get(first.alertId!)).toMatchObject({
    count: 2,
    openedAt: new Date(T0),
    lastSeenAt: new Date(T0 + MINUTE),
  });
  expect(await types(tocsin, first.incidentId)).toEqual(['incident.opened', 'page.requested']);
  await pass(0);
  expect((await tocsin.incidents.list()).items).toHaveLength(1);
});

test('a repeat that is worse raises the severity and pages again although somebody acknowledged', async () => {
  const { tocsin, pass, news } = world();
  const { incidentId: id, alertId } = await ingested(tocsin, trigger('disk', { severity: 'error' }));
  await pass(0);
  await tocsin.incidents.acknowledge(id, { by: 'ana' });
  news();
  const worse = await ingested(tocsin, trigger('disk', { severity: 'critical' }));
  expect(worse.outcome).toBe('deduplicated');
  expect(worse.reason).toBe('the key is open already; its severity rose');
  await pass(0);
  expect(news()).toEqual(['+0 ana sms step']);
  expect(await incident(tocsin, id)).toMatchObject({ severity: 'SEV1', paging: 'escalating', acknowledgedBy: [] });
  expect(await tocsin.alerts.get(alertId!)).toMatchObject({ severity: 'SEV1', count: 2 });
});

test('a repeat that is milder never lowers the severity', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin, trigger('disk', { severity: 'critical' }));
  await tocsin.ingest(trigger('disk', { severity: 'info' }));
  expect(await incident(tocsin, id)).toMatchObject({ severity: 'SEV1', urgency: 'high', version: 1 });
});

test('a key that fires again before its incident has ended joins it as the alert that it was', async () => {
  const { tocsin, clock } = world();
  const first = await ingested(tocsin, trigger('disk', { severity: 'error' }));
  await tocsin.ingest(resolve());
  await clock.advance(MINUTE);
  const again = await ingested(tocsin, trigger('disk', { severity: 'critical' }));
  expect(again).toMatchObject({ outcome: 'joined', incidentId: first.incidentId, alertId: first.alertId });
  const { alerts, alertsState, timers, severity } = await incident(tocsin, first.incidentId);
  expect({ alerts, alertsState, severity }).toEqual({
    alerts: { [first.alertId!]: 'firing' },
    alertsState: 'firing',
    severity: 'SEV1',
  });
  expect(timers).not.toHaveProperty('clearFor');
  const [alert, ...others] = await tocsin.alerts.list();
  expect(others).toEqual([]);
  expect(alert).toMatchObject({
    status: 'firing',
    count: 2,
    severity: 'SEV1',
    openedAt: new Date(T0),
    lastSeenAt: new Date(T0 + MINUTE),
  });
  expect(alert).not.toHaveProperty('clearedAt');
});

test('an acknowledge event of a source acknowledges the incident only when all its open alerts are acknowledged', async () => {
  const { tocsin } = world();
  const one = await opened(tocsin, trigger('one'));
  const two = await opened(tocsin, trigger('two'));
  await tocsin.incidents.merge(two, { by: 'ana', into: one });

  const half = await ingested(tocsin, acknowledge('one'));
  expect(half).toMatchObject({ outcome: 'acknowledged', incidentId: one });
  expect(half.reason).toBe('other alerts of the incident are not acknowledged');
  expect((await incident(tocsin, one)).paging).toBe('escalating');

  const whole = await ingested(tocsin, acknowledge('two'));
  expect(whole).toMatchObject({ outcome: 'acknowledged', incidentId: one });
  expect(whole.reason).toBe('every open alert of the incident is acknowledged');
  expect((await incident(tocsin, one)).paging).toBe('acknowledged');
  expect((await tocsin.alerts.list({ status: 'acknowledged' })).map(({ dedupKey }) => dedupKey).sort()).toEqual([
    'one',
    'two',
  ]);
});

test('an alert that cleared does not stand in the way of an acknowledge event', async () => {
  const { tocsin } = world();
  const one = await opened(tocsin, trigger('one'));
  await tocsin.incidents.merge(await opened(tocsin, trigger('two')), { by: 'ana', into: one });
  await tocsin.ingest([resolve('one'), acknowledge('two')]);
  expect((await incident(tocsin, one)).paging).toBe('acknowledged');
});

test('an acknowledge event of an alert that is acknowledged already changes nothing', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  await tocsin.ingest(acknowledge());
  const { version } = await incident(tocsin, id);
  expect(await ingested(tocsin, acknowledge())).toMatchObject({
    outcome: 'acknowledged',
    reason: 'the alert is acknowledged already',
    incidentId: id,
  });
  expect((await incident(tocsin, id)).version).toBe(version);
});

test('a resolve clears the alert, and the incident follows when it stayed clear', async () => {
  const { tocsin, pass } = world();
  const { incidentId: id, alertId } = await ingested(tocsin, trigger());
  expect(await ingested(tocsin, resolve())).toEqual({
    outcome: 'resolved',
    reason: 'the source says that it is over',
    incidentId: id,
    alertId,
  });
  expect(await tocsin.alerts.get(alertId!)).toMatchObject({ status: 'cleared', clearedAt: new Date(T0) });
  expect(await incident(tocsin, id)).toMatchObject({ phase: 'triage', alertsState: 'clearing' });
  await pass(5 * MINUTE - 1);
  expect((await incident(tocsin, id)).phase).toBe('triage');
  await pass(1);
  expect((await incident(tocsin, id)).phase).toBe('resolved');
});

test.each([
  ['resolve', resolve('never-seen')],
  ['acknowledge', acknowledge('never-seen')],
])('a %s of a key that nobody knows is dropped and said so', async (_, event) => {
  const { tocsin } = world();
  expect(await tocsin.ingest(event)).toEqual([{ outcome: 'dropped', reason: 'no open alert has the key never-seen' }]);
});

test.each([
  ['resolve', resolve()],
  ['acknowledge', acknowledge()],
])('a %s of a key that cleared is dropped', async (_, event) => {
  const { tocsin } = world();
  await tocsin.ingest([trigger(), resolve()]);
  expect(await tocsin.ingest(event)).toEqual([{ outcome: 'dropped', reason: 'no open alert has the key disk' }]);
});

test('a change is context: it is dropped and pages nobody', async () => {
  const { tocsin } = world();
  expect(await tocsin.ingest({ action: 'change', title: 'deploy 42' })).toEqual([
    { outcome: 'dropped', reason: 'a change is context and pages nobody' },
  ]);
  expect((await tocsin.incidents.list()).items).toEqual([]);
});

test('keys only meet within one route key', async () => {
  const { tocsin } = world();
  const [one, two] = await tocsin.ingest([trigger('disk', { routeKey: 'a' }), trigger('disk', { routeKey: 'b' })]);
  expect([one?.outcome, two?.outcome]).toEqual(['opened', 'opened']);
  expect(await tocsin.ingest({ ...resolve(), routeKey: 'a' })).toMatchObject([{ incidentId: one?.incidentId }]);
});

test('the route chooses service and policy; what no route takes goes to the first service', async () => {
  const { tocsin } = world({
    config: config({ routes: [{ when: { field: 'labels.team', op: 'equals', value: 'find' }, service: 'search' }] }),
  });
  const [routed, rest, named] = await tocsin.ingest([
    trigger('one', { labels: { team: 'find' } }),
    trigger('two'),
    trigger('three', { service: 'search' }),
  ]);
  const serviceOf = async (id: string | undefined) => (await incident(tocsin, id!)).service;
  expect(await Promise.all([routed, rest, named].map((result) => serviceOf(result?.incidentId)))).toEqual([
    'search',
    'checkout',
    'search',
  ]);
});
