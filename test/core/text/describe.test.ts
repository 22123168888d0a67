/**
 * Descriptions of a timeline under other names than those that pages knew.
 */
import { expect, test } from 'vitest';
import { describeEntry } from '../../../src/core/text/describe-entry.ts';
import { describeEvent } from '../../../src/core/text/describe-event.ts';
import type { Words } from '../../../src/core/text/words.ts';
import type { Delivery } from '../../../src/model/delivery.ts';
import type { Recipient } from '../../../src/model/page.ts';
import type { EventDraft, TimelineEvent } from '../../../src/model/timeline.ts';

const by = { kind: 'user', id: 'ana' } as const;
const event = (draft: EventDraft) => ({ seq: 1, at: 0, by, ...draft }) as TimelineEvent;
const words: Words = {
  nameOf: (user) => `<${user}>`,
  textOf: (text) => text.toUpperCase(),
  taskOf: (task) => `task ${task}`,
  hidesErrors: true,
};
const position = { cycle: 1, loop: 1, step: 1 };
const to = (user: string): Recipient => ({
  user,
  name: user.toUpperCase(),
  reason: { target: { user } },
  contacts: [],
});
const channel: Recipient = { channel: 'ops', reason: { target: { channel: 'ops' } }, contacts: [] };
const task = { id: 't1', title: 'Call', status: 'open' } as const;

test.each<[EventDraft, string, string]>([
  [
    { type: 'page.requested', purpose: 'step', position, recipients: [to('ben'), channel], configVersion: 'c' },
    'Paged BEN, #ops (step 1, round 1).',
    'Paged <ben>, #OPS (step 1, round 1).',
  ],
  [
    { type: 'notice.requested', topic: 'resolved', recipients: [to('ben')] },
    'Told BEN that it was resolved.',
    'Told <ben> that it was resolved.',
  ],
  [
    { type: 'role.assigned', role: 'commander', user: 'ben', previous: 'cho' },
    'ana made ben commander in the place of cho.',
    '<ana> made <ben> commander in the place of <cho>.',
  ],
  [
    { type: 'role.assigned', role: 'commander', user: null, previous: 'cho', because: 'declined' },
    'cho left the role of commander empty.',
    '<cho> left the role of commander empty.',
  ],
  [
    { type: 'role.assigned', role: 'commander', user: 'ben', because: 'firstAcknowledger' },
    'ben became commander, who acknowledged first.',
    '<ben> became commander, who acknowledged first.',
  ],
  [
    { type: 'times.corrected', times: { resolvedAt: { to: 2 }, impactStartedAt: { to: 1 } } },
    'ana corrected when it began to hurt, when it was resolved.',
    '<ana> corrected when it began to hurt, when it was resolved.',
  ],
  [
    { type: 'response.planned', roles: [], filled: [{ role: 'scribe', user: 'ben' }], tasks: [] },
    'The response: ben is scribe.',
    'The response: <ben> is scribe.',
  ],
  [{ type: 'responder.requested', user: 'ben' }, 'ana asked ben to join.', '<ana> asked <ben> to join.'],
  [{ type: 'responder.accepted', user: 'ben' }, 'ben joined.', '<ben> joined.'],
  [
    { type: 'responder.declined', user: 'ben', reason: 'ill' },
    'ben declined to join: ill.',
    '<ben> declined to join: ILL.',
  ],
  [{ type: 'responder.removed', user: 'ben' }, 'ana released ben.', '<ana> released <ben>.'],
  [{ type: 'task.added', task }, 'ana added a task: Call.', '<ana> added a task: CALL.'],
  [{ type: 'task.completed', task: 't1' }, 'ana completed task t1.', '<ana> completed task task t1.'],
  [{ type: 'task.due', tasks: ['t1', 't2'] }, 'Due: t1, t2.', 'Due: task t1, task t2.'],
  [{ type: 'note.added', text: 'Look' }, 'ana: Look', '<ana>: LOOK'],
  [
    { type: 'emergency.paged', users: ['ben', 'cho'], notifier: 'sms', pagedAt: 0 },
    'The storage was down: ben, cho paged by sms without it.',
    'The storage was down: <ben>, <cho> paged by sms without it.',
  ],
  [
    { type: 'page.failed', page: 1, purpose: 'step', position, errors: ['ben is gone', 'busy'] },
    'No contact of the page could be reached: ben is gone; busy.',
    'No contact of the page could be reached.',
  ],
  [
    { type: 'update.posted', text: 'On it', audience: 'public', author: { kind: 'user', id: 'ben' } },
    'ana approved a public update by ben: On it',
    '<ana> approved a public update by <ben>: ON IT',
  ],
  [{ type: 'incident.resolved', reason: 'done' }, 'Resolved by ana: done.', 'Resolved by <ana>: DONE.'],
])('%j', (draft, asItIs, inOtherWords) => {
  expect(describeEvent(event(draft))).toBe(asItIs);
  expect(describeEvent(event(draft), words)).toBe(inOtherWords);
});

test('of somebody who is called by a role it says nothing that they have it', () => {
  const called: Words = { nameOf: (user) => (user === 'ben' ? 'the scribe' : user) };
  const role = { type: 'role.assigned', role: 'scribe', user: 'ben' } as const;
  expect(describeEvent(event(role), called)).toBe('ana filled the role of scribe.');
  expect(describeEvent(event({ ...role, because: 'firstAcknowledger' }), called)).toBe(
    'Whoever acknowledged first became scribe.',
  );
  expect(
    describeEvent(
      event({ type: 'response.planned', roles: [], filled: [{ role: 'scribe', user: 'ben' }], tasks: [] }),
      called,
    ),
  ).toBe('The response: the role of scribe is filled.');
});

test('sources and Tocsin keep their names', () => {
  const resolved = { seq: 1, at: 0, type: 'incident.resolved' } as const;
  expect(describeEvent({ ...resolved, by: { kind: 'system' } }, words)).toBe('Resolved by tocsin.');
  expect(describeEvent({ ...resolved, by: { kind: 'source', id: 'zabbix' } }, words)).toBe('Resolved by zabbix.');
});

test('a message that nobody got says why, unless errors are left out', () => {
  const delivery: Delivery = {
    ...{ id: '1', tenant: 'default', incidentId: 'i1', page: 2, purpose: 'step', contact: 'sms', notifier: 'sms' },
    ...{ position, address: '+1', urgency: 'high', state: 'dead', attempts: 1, user: 'ben', error: 'busy' },
    ...{ requestedAt: new Date(0), dueAt: new Date(0) },
  };
  const entry = (more: Partial<Delivery>) => ({ kind: 'delivery', at: 0, delivery: { ...delivery, ...more } }) as const;
  expect(describeEntry(entry({}))).toBe('Could not reach ben by sms: busy.');
  expect(describeEntry(entry({}), words)).toBe('Could not reach <ben> by sms.');
  expect(describeEntry(entry({ purpose: 'update' }), words)).toBe(
    'Could not bring the message to <ben> by sms up to date.',
  );
  expect(describeEntry(entry({ state: 'sent' }), words)).toBe('Reached <ben> by sms.');
});
