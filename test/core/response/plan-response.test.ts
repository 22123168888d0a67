/**
 * Plans of a response: what a severity asks for, and who fills it.
 */
import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../../src/core/config/check.ts';
import { compileConfig } from '../../../src/core/config/compile.ts';
import type { IncidentContext } from '../../../src/core/lifecycle/context.ts';
import { planResponse } from '../../../src/core/response/plan-response.ts';
import { smallest } from '../config/smallest.ts';
import { incident } from '../paging/world.ts';

/** Monday, 5 January 2026, after the first handoff in New York: ana is on call. */
const AT = Date.parse('2026-01-05T15:00:00Z');
const planned = (incidents: object, context: Partial<IncidentContext> = {}) => {
  const world = compileConfig(checkConfig({ ...smallest(), incidents }), 'v');
  return planResponse(incident({ at: AT, severity: 'SEV1', ...context }), world, world.response);
};
const commander = { id: 'commander', requiredFor: ['SEV1'] };

describe('nothing is planned', () => {
  test.each([
    ['by default', {}, {}],
    ['at another severity', { roles: [commander] }, { severity: 'SEV2' }],
    ['that was planned before', { roles: [commander] }, { requiredRoles: { commander: { remindMs: 1, askedAt: 0 } } }],
  ])('%s', (_, incidents, context) => {
    expect(planned(incidents, context)).toBeUndefined();
  });
});

test('whoever is on call at that moment has the role, with the reason', () => {
  expect(planned({ roles: [{ ...commander, fill: { schedule: 'primary' }, remindEvery: '5m' }] })).toMatchObject({
    roles: [{ role: 'commander', remindMs: 300_000 }],
    filled: [{ role: 'commander', user: 'ana', reason: { target: { schedule: 'primary' }, schedule: 'primary' } }],
  });
});

test('a schedule where nobody is on call fills nothing', () => {
  const before = { at: Date.parse('2026-01-01T00:00:00Z') };
  expect(planned({ roles: [{ ...commander, fill: { schedule: 'primary' } }] }, before)).toMatchObject({
    roles: [{ role: 'commander' }],
    filled: [],
  });
});

test('nobody loses a role by a plan, and whoever had acknowledged first gets the one that waits for that', () => {
  const roles = [
    { ...commander, fill: { schedule: 'primary' } },
    { ...commander, id: 'lead', fill: 'firstAcknowledger' },
  ];
  const context = { roles: { commander: 'ben' }, acknowledgedBy: ['ben', 'ana'] };
  expect(planned({ roles }, context)).toMatchObject({
    roles: [{ role: 'commander' }, { role: 'lead', fillBy: 'firstAcknowledger' }],
    filled: [{ role: 'lead', user: 'ben', because: 'firstAcknowledger' }],
  });
});

test('a checklist is brought with its due times, and never a second time, even when it has grown', () => {
  const checklist = {
    id: 'c',
    name: 'C',
    items: [
      { id: 'one', title: 'One', due: '5m' },
      { id: 'two', title: 'Two' },
    ],
  };
  const draft = planned({ checklists: [checklist] });
  expect(draft).toMatchObject({
    tasks: [
      { id: 'c:one', dueAt: AT + 300_000, checklist: { id: 'c', item: 'one' } },
      { id: 'c:two', status: 'open' },
    ],
  });
  const tasks = draft?.type === 'response.planned' ? draft.tasks.slice(0, 1) : [];
  expect(planned({ checklists: [checklist] }, { tasks })).toBeUndefined();
});

test('a field that the severity needs is named once', () => {
  const fields = [{ id: 'customer', type: 'text', requiredFor: ['SEV1'] }];
  expect(planned({ fields })).toMatchObject({ fields: ['customer'] });
  expect(planned({ fields }, { requiredFields: ['customer'] })).toBeUndefined();
});

test('what only another severity asks for is asked for no more', () => {
  const incidents = { roles: [commander, 'scribe'], fields: [{ id: 'f', type: 'text', requiredFor: ['SEV1'] }] };
  const requiredRoles = { commander: { remindMs: 1, askedAt: 0 } };
  const before = { requiredRoles, requiredFields: ['f'] };
  expect(planned(incidents, before)).toBeUndefined();
  expect(planned(incidents, { ...before, severity: 'SEV2' })).toEqual({
    type: 'response.planned',
    roles: [],
    filled: [],
    tasks: [],
    releasedRoles: ['commander'],
    releasedFields: ['f'],
  });
});
