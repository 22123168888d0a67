/**
 * Commands: each changes what it should, answers the incident as it is after the commit, and leaves one event of its own.
 */
import { describe, expect, test } from 'vitest';
import type { Incident, Tocsin } from '../../src/index.ts';
import { counter, events, HOUR, incident, opened, T0, world } from './world.ts';

type Case = {
  readonly name: string;
  readonly after?: (tocsin: Tocsin, id: string) => Promise<unknown>;
  readonly run: (tocsin: Tocsin, id: string) => Promise<Incident>;
  readonly event: object;
  readonly leads: object;
};

const by = 'ana';
const acknowledged = (tocsin: Tocsin, id: string) => tocsin.incidents.acknowledge(id, { by });
const resolved = (tocsin: Tocsin, id: string) => tocsin.incidents.resolve(id, { by });

const cases: readonly Case[] = [
  {
    name: 'update',
    run: (t, id) => t.incidents.update(id, { by, title: 'New', body: 'more', impact: 'high', timePressure: 'low' }),
    event: { type: 'incident.updated', title: 'New', body: 'more', impact: 'high', timePressure: 'low' },
    leads: { title: 'New', body: 'more', impact: 'high', timePressure: 'low', visibility: 'public' },
  },
  {
    name: 'acknowledge',
    run: (t, id) => t.incidents.acknowledge(id, { by }),
    event: { type: 'incident.acknowledged' },
    leads: { paging: 'acknowledged', acknowledgedBy: ['ana'], responders: { ana: 'accepted' } },
  },
  {
    name: 'unacknowledge',
    after: acknowledged,
    run: (t, id) => t.incidents.unacknowledge(id, { by }),
    event: { type: 'incident.unacknowledged', reason: 'manual' },
    leads: { paging: 'escalating', acknowledgedBy: [], position: { cycle: 2, loop: 1, step: 1 } },
  },
  {
    name: 'snooze',
    run: (t, id) => t.incidents.snooze(id, { by, for: '2h' }),
    event: { type: 'incident.snoozed', forMs: 2 * HOUR },
    leads: { paging: 'snoozed', timers: { snooze: new Date(T0 + 2 * HOUR) } },
  },
  {
    name: 'escalate to the next step',
    run: (t, id) => t.incidents.escalate(id, { by }),
    event: { type: 'incident.escalated' },
    leads: { paging: 'escalating', position: { cycle: 1, loop: 1, step: 2 } },
  },
  {
    name: 'escalate to a named step',
    after: (t, id) => t.incidents.escalate(id, { by }),
    run: (t, id) => t.incidents.escalate(id, { by, step: 1 }),
    event: { type: 'incident.escalated', step: 1 },
    leads: { paging: 'escalating', position: { cycle: 2, loop: 1, step: 1 } },
  },
  {
    name: 'reassign to a policy',
    after: acknowledged,
    run: (t, id) => t.incidents.reassign(id, { by, policy: 'default', reason: 'theirs' }),
    event: { type: 'incident.reassigned', reason: 'theirs', ladder: { policyId: 'default' } },
    leads: { paging: 'escalating', policy: 'default', acknowledgedBy: [] },
  },
  {
    name: 'setSeverity',
    run: (t, id) => t.incidents.setSeverity(id, { by, severity: 'SEV2', reason: 'smaller than thought' }),
    event: { type: 'severity.changed', severity: 'SEV2', direction: 'lowered', reason: 'smaller than thought' },
    leads: { severity: 'SEV2', urgency: 'high', paging: 'escalating' },
  },
  {
    name: 'assignRole',
    run: (t, id) => t.incidents.assignRole(id, { by, role: 'commander', user: 'ben' }),
    event: { type: 'role.assigned', role: 'commander', user: 'ben' },
    leads: { roles: { commander: 'ben' } },
  },
  {
    name: 'assignRole to nobody',
    after: (t, id) => t.incidents.assignRole(id, { by, role: 'commander', user: 'ben' }),
    run: (t, id) => t.incidents.assignRole(id, { by, role: 'commander', user: null }),
    event: { type: 'role.assigned', role: 'commander', user: null },
    leads: { roles: {} },
  },
  {
    name: 'addTask',
    run: (t, id) => t.incidents.addTask(id, { by, title: ' Roll back ', assignee: 'ben' }),
    event: { type: 'task.added', task: { title: 'Roll back', assignee: 'ben', status: 'open' } },
    leads: { tasks: [{ title: 'Roll back', assignee: 'ben', status: 'open' }] },
  },
  {
    name: 'addNote',
    run: (t, id) => t.incidents.addNote(id, { by, text: 'looking at db-1' }),
    event: { type: 'note.added', text: 'looking at db-1' },
    leads: { phase: 'triage', paging: 'escalating' },
  },
  {
    name: 'link',
    run: (t, id) => t.incidents.link(id, { by, href: 'https://example.com/run', text: 'Runbook' }),
    event: { type: 'link.added', link: { href: 'https://example.com/run', text: 'Runbook' } },
    leads: { links: [{ href: 'https://example.com/run', text: 'Runbook' }] },
  },
  {
    name: 'link to another incident',
    run: async (t, id) => {
      const other = await t.incidents.open({ by, service: 'checkout', title: 'The cause' });
      return t.incidents.link(id, { by, incident: other.id, relation: 'causedBy' });
    },
    event: { type: 'link.added', link: { incident: expect.any(String), relation: 'causedBy' } },
    leads: { links: [{ incident: expect.any(String), relation: 'causedBy' }] },
  },
  {
    name: 'postUpdate',
    run: (t, id) => t.incidents.postUpdate(id, { by, text: 'We are on it.' }),
    event: { type: 'update.posted', text: 'We are on it.', audience: 'internal' },
    leads: { phase: 'triage' },
  },
  {
    name: 'investigate',
    run: (t, id) => t.incidents.investigate(id, { by }),
    event: { type: 'investigation.started' },
    leads: { phase: 'investigating' },
  },
  {
    name: 'identify',
    run: (t, id) => t.incidents.identify(id, { by, cause: 'a leak' }),
    event: { type: 'cause.identified', cause: 'a leak' },
    leads: { phase: 'identified' },
  },
  {
    name: 'mitigate',
    run: (t, id) => t.incidents.mitigate(id, { by, reason: 'rolled back' }),
    event: { type: 'incident.mitigated', reason: 'rolled back' },
    leads: {
      phase: 'monitoring',
      times: { openedAt: new Date(T0), firstPagedAt: new Date(T0), mitigatedAt: new Date(T0) },
    },
  },
  {
    name: 'resolve',
    run: (t, id) => t.incidents.resolve(id, { by, reason: 'fixed' }),
    event: { type: 'incident.resolved', reason: 'fixed' },
    leads: { phase: 'resolved', paging: 'quiet', alertsState: 'clear' },
  },
  {
    name: 'reopen',
    after: resolved,
    run: (t, id) => t.incidents.reopen(id, { by, reason: 'it is back' }),
    event: { type: 'incident.reopened', reason: 'it is back' },
    leads: { phase: 'triage', paging: 'escalating' },
  },
  {
    name: 'close',
    after: resolved,
    run: (t, id) => t.incidents.close(id, { by, reason: 'done' }),
    event: { type: 'incident.closed', reason: 'done' },
    leads: { phase: 'closed', paging: 'quiet', timers: {} },
  },
  {
    name: 'dismiss',
    run: (t, id) => t.incidents.dismiss(id, { by, reason: 'a test' }),
    event: { type: 'incident.dismissed', reason: 'a test' },
    leads: { phase: 'dismissed', paging: 'quiet', timers: {} },
  },
];

describe('each command', () => {
  test.each(cases)('$name', async ({ after, run, event, leads }) => {
    const { tocsin } = world();
    const id = await opened(tocsin);
    await after?.(tocsin, id);
    const before = (await events(tocsin, id)).length;
    const answer = await run(tocsin, id);
    expect(answer).toMatchObject({ id, tenant: 'default', ...leads });
    expect(answer).toEqual(await incident(tocsin, id));
    const [own] = (await events(tocsin, id)).slice(before);
    expect(own).toMatchObject({ ...event, seq: before + 1, at: T0, by: { kind: 'user', id: 'ana' } });
  });

  test('completeTask', async () => {
    const { tocsin } = world({ ids: counter() });
    const id = await opened(tocsin);
    const { tasks } = await tocsin.incidents.addTask(id, { by, title: 'Roll back' });
    const done = await tocsin.incidents.completeTask(id, { by, task: tasks[0]!.id });
    expect(done.tasks).toMatchObject([
      { id: tasks[0]!.id, title: 'Roll back', status: 'done', completedAt: new Date(T0), completedBy: { id: by } },
    ]);
    expect(await tocsin.incidents.completeTask(id, { by, task: tasks[0]!.id })).toEqual(done);
  });

  test('open', async () => {
    const { tocsin, pass, news } = world();
    const reported = await tocsin.incidents.open({
      by,
      title: 'Customers cannot pay',
      body: 'since noon',
      service: 'checkout',
      severity: 'SEV2',
      impact: 'all customers',
      timePressure: 'now',
    });
    expect(reported).toMatchObject({
      title: 'Customers cannot pay',
      body: 'since noon',
      service: 'checkout',
      severity: 'SEV2',
      impact: 'all customers',
      timePressure: 'now',
      phase: 'triage',
      paging: 'escalating',
      alertsState: 'none',
      visibility: 'public',
      version: 1,
      alerts: {},
    });
    expect(await incident(tocsin, reported.id)).toEqual(reported);
    await pass(0);
    expect(news()).toEqual(['+0 ana sms step']);
  });
});
