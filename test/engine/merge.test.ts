/**
 * Merging: two incidents become one in one commit, and the world goes on with the target.
 */
import { expect, test } from 'vitest';
import {
  acknowledge,
  config,
  incident,
  ingested,
  MINUTE,
  opened,
  policy,
  resolve,
  T0,
  trigger,
  types,
  world,
} from './world.ts';

const by = 'ana';

async function merged() {
  const all = world();
  const { tocsin } = all;
  const target = await opened(tocsin, trigger('target', { severity: 'error' }));
  const source = await ingested(tocsin, trigger('source', { severity: 'error' }));
  const answer = await tocsin.incidents.merge(source.incidentId, { by, into: target });
  return { ...all, target, source: source.incidentId, sourceAlert: source.alertId!, answer };
}

test('the answer is the target, which has the alerts of both', async () => {
  const { tocsin, target, source, sourceAlert, answer } = await merged();
  expect(answer).toEqual(await incident(tocsin, target));
  expect(answer).toMatchObject({ id: target, absorbed: [source], alerts: { [sourceAlert]: 'firing' } });
  expect(Object.keys(answer.alerts)).toHaveLength(2);
  expect(await incident(tocsin, source)).toMatchObject({
    phase: 'merged',
    paging: 'quiet',
    mergedInto: target,
    timers: {},
  });
  expect(await tocsin.alerts.get(sourceAlert)).toMatchObject({ incidentId: target, status: 'firing' });
});

test('the pages of the source are withdrawn, those of the target go on', async () => {
  const { tocsin, source, pass, news } = await merged();
  const left = await tocsin.deliveries.list({ incidentId: source });
  expect(left.map(({ state, withdrawnBecause }) => [state, withdrawnBecause])).toEqual([
    ['withdrawn', 'incident.merged'],
    ['withdrawn', 'incident.merged'],
  ]);
  await pass(0);
  expect(news()).toEqual(['+0 ana sms step']);
});

test('a later repeat of the key of the source counts in the target', async () => {
  const { tocsin, target, sourceAlert } = await merged();
  expect(await ingested(tocsin, trigger('source'))).toMatchObject({ outcome: 'deduplicated', incidentId: target });
  expect(await tocsin.alerts.get(sourceAlert)).toMatchObject({ count: 2 });
});

test('a later resolve of the key of the source clears it in the target', async () => {
  const { tocsin, target, sourceAlert } = await merged();
  expect(await ingested(tocsin, resolve('source'))).toMatchObject({ outcome: 'resolved', incidentId: target });
  expect((await incident(tocsin, target)).alerts).toMatchObject({ [sourceAlert]: 'cleared' });
  expect((await incident(tocsin, target)).alertsState).toBe('firing');
  expect((await tocsin.alerts.get(sourceAlert))?.status).toBe('cleared');
});

test('a key of the source that cleared and fires again joins the target', async () => {
  const { tocsin, target } = await merged();
  await tocsin.ingest(resolve('source'));
  expect(await ingested(tocsin, trigger('source'))).toMatchObject({ outcome: 'joined', incidentId: target });
});

test('an incident that was merged twice still finds its way', async () => {
  const { tocsin, target } = await merged();
  const last = await opened(tocsin, trigger('last'));
  await tocsin.incidents.merge(target, { by, into: last });
  expect(await ingested(tocsin, resolve('source'))).toMatchObject({ outcome: 'resolved', incidentId: last });
  expect(await ingested(tocsin, resolve('target'))).toMatchObject({ outcome: 'resolved', incidentId: last });
});

test('the target takes the higher severity, and that pages again although it is acknowledged', async () => {
  const { tocsin, pass, news } = world();
  const target = await opened(tocsin, trigger('a', { severity: 'error' }));
  const source = await opened(tocsin, trigger('b', { severity: 'critical' }));
  await tocsin.incidents.acknowledge(target, { by });
  const answer = await tocsin.incidents.merge(source, { by, into: target });
  expect(answer).toMatchObject({ severity: 'SEV1', paging: 'escalating', acknowledgedBy: [] });
  await pass(0);
  expect(news()).toEqual(['+0 ana sms step']);
  expect((await types(tocsin, target)).slice(-3)).toEqual(['incident.absorbed', 'severity.changed', 'page.requested']);
});

test('a merge of the same or a lower severity leaves the acknowledgement alone', async () => {
  const { tocsin } = world();
  const target = await opened(tocsin, trigger('a', { severity: 'critical' }));
  const source = await opened(tocsin, trigger('b', { severity: 'error' }));
  await tocsin.incidents.acknowledge(target, { by });
  const answer = await tocsin.incidents.merge(source, { by, into: target });
  expect(answer).toMatchObject({ severity: 'SEV1', paging: 'acknowledged', acknowledgedBy: ['ana'] });
});

test('responders and open tasks come along; what was done stays behind', async () => {
  const { tocsin } = world();
  const [target, source] = [await opened(tocsin, trigger('a')), await opened(tocsin, trigger('b'))];
  await tocsin.incidents.acknowledge(source, { by: 'ben' });
  const { tasks } = await tocsin.incidents.addTask(source, { by, title: 'done' });
  await tocsin.incidents.completeTask(source, { by, task: tasks[0]!.id });
  await tocsin.incidents.addTask(source, { by, title: 'pending' });
  const answer = await tocsin.incidents.merge(source, { by, into: target });
  expect(answer.responders).toEqual({ ben: 'accepted' });
  expect(answer.tasks.map(({ title, status }) => `${title} ${status}`)).toEqual(['pending open']);
});

test('a target that nobody had acknowledged goes on climbing where it was', async () => {
  const { tocsin, pass, news } = world();
  const target = await opened(tocsin, trigger('a'));
  await pass(6 * MINUTE);
  news();
  await tocsin.incidents.merge(await opened(tocsin, trigger('b')), { by, into: target });
  await pass(10 * MINUTE);
  expect(news()).toEqual(['+15m boss sms fallback']);
});

test('with repageOn newAlert an absorbed alert that fires pages whoever acknowledged', async () => {
  const { tocsin } = world({
    config: config({ escalationPolicies: [policy({ repageOn: ['newAlert'] })] }),
  });
  const [target, source] = [await opened(tocsin, trigger('a')), await opened(tocsin, trigger('b'))];
  await tocsin.incidents.acknowledge(target, { by });
  expect((await tocsin.incidents.merge(source, { by, into: target })).paging).toBe('escalating');
});

test('a resolve that races with a merge lands in the one that has the alert then', async () => {
  const { tocsin } = world();
  const [target, source] = [await opened(tocsin, trigger('a')), await opened(tocsin, trigger('b'))];
  const [answer, [result]] = await Promise.all([
    tocsin.incidents.merge(source, { by, into: target }),
    tocsin.ingest(resolve('b')),
  ]);
  const [alert] = (await tocsin.alerts.list()).filter(({ dedupKey }) => dedupKey === 'b');
  expect(answer.id).toBe(target);
  expect(result?.outcome).toBe('resolved');
  expect(alert).toMatchObject({ incidentId: target, status: 'cleared', clearedAt: new Date(T0) });
  expect((await incident(tocsin, target)).alerts[alert!.id]).toBe('cleared');
});

test('an acknowledge event after the merge waits for the alerts of both', async () => {
  const { tocsin, target } = await merged();
  await tocsin.ingest(acknowledge('source'));
  expect((await incident(tocsin, target)).paging).toBe('escalating');
  await tocsin.ingest(acknowledge('target'));
  expect((await incident(tocsin, target)).paging).toBe('acknowledged');
});

test('merging into an incident that does not exist changes nothing', async () => {
  const { tocsin } = world();
  const source = await opened(tocsin);
  await expect(tocsin.incidents.merge(source, { by, into: 'nowhere' })).rejects.toMatchObject({
    code: 'INCIDENT_NOT_FOUND',
    message: 'Cannot merge incident nowhere: this tenant has none of that id.',
    details: { incident: 'nowhere' },
  });
  expect((await incident(tocsin, source)).version).toBe(1);
});
