/**
 * What commands lead to beyond the one event of their own: idempotence, reassignment, snoozes, incidents that follow.
 */
import { expect, test } from 'vitest';
import type { Tocsin } from '../../src/index.ts';
import { events, incident, MINUTE, opened, stands, trigger, types, world } from './world.ts';

const by = 'ana';

const acknowledged = (tocsin: Tocsin, id: string) => tocsin.incidents.acknowledge(id, { by });
const resolved = (tocsin: Tocsin, id: string) => tocsin.incidents.resolve(id, { by });

test('an incident that a person opens without naming a severity gets the one that the configuration works out', async () => {
  const { tocsin } = world();
  expect(await tocsin.incidents.open({ by, title: 'Slow', service: 'search' })).toMatchObject({
    severity: 'SEV2',
    urgency: 'high',
  });
});

test('an actor may be named in full: a source or Tocsin itself acts too', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  await tocsin.incidents.addNote(id, { by: { kind: 'source', id: 'ci' }, text: 'deploy 42' });
  expect((await events(tocsin, id)).at(-1)).toMatchObject({ by: { kind: 'source', id: 'ci' } });
});

test('acknowledging twice is acknowledging once, and a second person is added', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  const first = await acknowledged(tocsin, id);
  expect(await acknowledged(tocsin, id)).toEqual(first);
  expect((await tocsin.incidents.acknowledge(id, { by: 'ben' })).acknowledgedBy).toEqual(['ana', 'ben']);
  expect((await types(tocsin, id)).filter((type) => type === 'incident.acknowledged')).toHaveLength(2);
});

test('whoever acknowledged, asked for more help and acknowledges again stops the climb again', async () => {
  const { tocsin, pass, news } = world();
  const id = await opened(tocsin);
  await acknowledged(tocsin, id);
  await tocsin.incidents.escalate(id, { by });
  expect(await stands(tocsin, id)).toBe('triage / escalating');
  await acknowledged(tocsin, id);
  expect(await stands(tocsin, id)).toBe('triage / acknowledged');
  await pass(20 * MINUTE);
  expect(news()).toEqual(['+0 ben sms notice']);
});

test('setting the severity that it has changes nothing', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  const before = await incident(tocsin, id);
  expect(await tocsin.incidents.setSeverity(id, { by, severity: 'SEV1' })).toEqual(before);
});

test('reassigning to users asks them first and keeps the end of the ladder', async () => {
  const { tocsin, pass, news } = world();
  const id = await opened(tocsin);
  await tocsin.incidents.reassign(id, { by, users: ['ben', 'boss'] });
  await pass(6 * MINUTE);
  expect(news()).toEqual(['+0 ben sms step', '+0 boss sms step', '+5m ana sms step']);
  expect((await tocsin.deliveries.list({ incidentId: id, state: 'withdrawn' })).map(({ user }) => user)).toEqual([
    'ana',
    'ana',
  ]);
});

test.each([['1ms'], ['24h'], ['P1D']])('a snooze of %s is allowed', async (length) => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  expect((await tocsin.incidents.snooze(id, { by, for: length })).paging).toBe('snoozed');
});

test('a closed incident is not reopened: a new one follows it, with a link', async () => {
  const { tocsin } = world();
  const first = await tocsin.incidents.open({
    by,
    title: 'Leak',
    body: 'of names',
    service: 'search',
    severity: 'SEV2',
    visibility: 'private',
  });
  await resolved(tocsin, first.id);
  await tocsin.incidents.close(first.id, { by });
  const next = await tocsin.incidents.reopen(first.id, { by: 'ben' });
  expect(next.id).not.toBe(first.id);
  expect(next).toMatchObject({
    title: 'Leak',
    body: 'of names',
    service: 'search',
    severity: 'SEV2',
    visibility: 'private',
    phase: 'triage',
    paging: 'escalating',
    links: [{ incident: first.id, relation: 'follows' }],
  });
  expect((await incident(tocsin, first.id)).phase).toBe('closed');
});

test('the timeline merges events and what became of the deliveries, in the order in which they happened', async () => {
  const { tocsin, pass } = world();
  const id = await opened(tocsin, trigger());
  await pass(3 * MINUTE);
  await acknowledged(tocsin, id);
  const told = (await tocsin.incidents.timeline(id)).map((entry) =>
    entry.kind === 'event' ? entry.event.type : `${entry.delivery.contact} ${entry.delivery.state}`,
  );
  expect(told).toEqual(['incident.opened', 'page.requested', 'sms sent', 'voice sent', 'incident.acknowledged']);
});
