/**
 * A key that fires again after its incident was resolved: reopened within the window, else a new, linked incident.
 */
import { expect, test } from 'vitest';
import { config, DAY, events, HOUR, incident, ingested, MINUTE, opened, stands, trigger, world } from './world.ts';

const reopening = config({ routes: [{ service: 'checkout', reopenWithin: '10m' }] });

test('a key that fires again within the window of its route reopens the incident with its history', async () => {
  const { tocsin, pass, news } = world({ config: reopening });
  const first = await ingested(tocsin, trigger());
  await tocsin.incidents.resolve(first.incidentId, { by: 'ana' });
  await pass(10 * MINUTE);
  news();
  const again = await ingested(tocsin, trigger());
  expect(again).toMatchObject({ outcome: 'reopened', incidentId: first.incidentId });
  expect(again.alertId).not.toBe(first.alertId);
  await pass(0);
  expect(news()).toEqual(['+10m ana sms step']);
  expect(await incident(tocsin, first.incidentId)).toMatchObject({
    phase: 'triage',
    paging: 'escalating',
    alertsState: 'firing',
    alerts: { [first.alertId!]: 'cleared', [again.alertId!]: 'firing' },
  });
  expect((await incident(tocsin, first.incidentId)).times).not.toHaveProperty('resolvedAt');
});

test('a key that fires again after the window opens a new incident that is linked to the one before', async () => {
  const { tocsin, pass } = world({ config: reopening });
  const first = await opened(tocsin);
  await tocsin.incidents.resolve(first, { by: 'ana' });
  await pass(10 * MINUTE + 1, HOUR);
  const again = await ingested(tocsin, trigger());
  expect(again.outcome).toBe('opened');
  expect(again.incidentId).not.toBe(first);
  expect((await incident(tocsin, again.incidentId)).links).toEqual([{ incident: first, relation: 'follows' }]);
  expect(await stands(tocsin, first)).toBe('resolved / quiet');
});

test('without a window a key that fires again after its incident was resolved opens a new, linked one', async () => {
  const { tocsin } = world();
  const first = await opened(tocsin);
  await tocsin.incidents.dismiss(first, { by: 'ana' });
  const again = await ingested(tocsin, trigger());
  expect(again.outcome).toBe('opened');
  expect((await incident(tocsin, again.incidentId)).links).toEqual([{ incident: first, relation: 'follows' }]);
});

test('the incident of a worse reopening carries the worse severity', async () => {
  const { tocsin } = world({ config: reopening });
  const id = await opened(tocsin, trigger('disk', { severity: 'error' }));
  await tocsin.incidents.resolve(id, { by: 'ana' });
  await tocsin.ingest(trigger('disk', { severity: 'critical' }));
  expect((await incident(tocsin, id)).severity).toBe('SEV1');
});

test('a resolved incident closes by itself when the time to reopen it has passed', async () => {
  const { tocsin, clock } = world();
  const id = await opened(tocsin);
  await tocsin.incidents.resolve(id, { by: 'ana' });
  await clock.advance(7 * DAY);
  await tocsin.tick();
  expect((await incident(tocsin, id)).phase).toBe('closed');
  expect((await events(tocsin, id)).at(-1)).toMatchObject({ type: 'incident.closed', by: { kind: 'system' } });
});
