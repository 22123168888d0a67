/**
 * The phase region: how far the response is, from triage to closed.
 *
 * It owns everything that people do to the incident as a whole; it never decides who is asked.
 */
import type { NoticeTopic } from '../../model/timeline.ts';
import { vocabulary } from './vocabulary.ts';

const tell = <T extends NoticeTopic>(topic: T) => ({ type: 'requestNotice', params: { topic } }) as const;

const TASK = { actions: ['apply', 'signalActed', 'signalTasksChanged'] } as const;

/** What may be written down for as long as the incident has a history of its own. */
const RECORDS = {
  'note.added': { actions: ['apply', 'signalActed'] },
  'link.added': { actions: ['apply', 'signalActed'] },
  'task.added': TASK,
  'task.updated': TASK,
  'task.completed': TASK,
  'task.reopened': TASK,
  'incident.updated': { actions: ['apply', 'signalActed'] },
  'fields.set': { actions: ['apply', 'signalActed'] },
  'subStatus.set': { actions: ['apply', 'signalActed'] },
  'entry.pinned': { actions: ['apply', 'signalActed'] },
  'entry.unpinned': { actions: ['apply', 'signalActed'] },
  'times.corrected': { actions: ['apply', 'signalActed'] },
} as const;

/** Whoever gets a role and whoever had it are told. */
const ROLES = {
  'role.assigned': { actions: ['apply', 'signalActed', 'signalRolesChanged', tell('role')] },
} as const;
const SEVERITY = {
  'severity.changed': { actions: ['apply', 'signalActed', 'signalSeverityChanged', tell('severity')] },
} as const;
/** Also of what has ended people are told. */
const NOTICES = {
  'notice.requested': { actions: 'apply' },
  'emergency.paged': { actions: 'apply' },
} as const;

/** What may be done while the incident is open, wherever the response stands. */
const WHILE_OPEN = {
  ...RECORDS,
  ...ROLES,
  ...SEVERITY,
  ...NOTICES,
  'responder.requested': [
    { guard: 'pagesNobody', actions: ['apply', 'signalActed'] },
    { actions: ['apply', 'signalActed', { type: 'requestPage', params: { purpose: 'responder' } }] },
  ],
  'responder.accepted': { actions: ['apply', 'signalActed', 'withdrawResponder'] },
  'responder.declined': {
    actions: ['apply', 'signalActed', 'withdrawResponder', 'recordRolesLeft', tell('declined')],
  },
  'responder.removed': { actions: ['apply', 'signalActed', 'withdrawResponder'] },
  'incident.absorbed': [
    {
      guard: 'bringsFiringAlerts',
      actions: ['apply', 'signalActed', 'signalAbsorbed', 'signalTasksChanged'],
    },
    { actions: ['apply', 'signalActed', 'signalTasksChanged'] },
  ],
  'incident.resolved': {
    target: 'resolved',
    actions: ['apply', 'withdraw', tell('resolved'), 'signalEnded', 'signalResolved'],
  },
  'incident.dismissed': { target: 'dismissed', actions: ['apply', 'withdraw', tell('dismissed'), 'signalEnded'] },
  'incident.merged': { target: 'merged', actions: ['apply', 'withdraw', 'signalEnded'] },
} as const;

const INVESTIGATE = {
  'investigation.started': { target: 'investigating', actions: ['apply', 'signalActed'] },
} as const;
const IDENTIFY = { 'cause.identified': { target: 'identified', actions: ['apply', 'signalActed'] } } as const;
const MITIGATE = {
  'incident.mitigated': {
    target: 'monitoring',
    actions: ['apply', 'signalActed', tell('monitoring')],
  },
} as const;

/** People resolve what people lead; what nobody touched resolves by itself. */
const STAYED_CLEAR = {
  '~stayedClear': [{ guard: 'humanActed', actions: 'recordMitigated' }, { actions: 'recordResolved' }],
} as const;

const REOPEN = {
  'incident.reopened': { target: 'triage', actions: ['apply', 'signalReopened', tell('reopened')] },
} as const;

export const phase = vocabulary.createStateConfig({
  initial: 'triage',
  states: {
    triage: {
      entry: 'clearSubStatus',
      on: { ...WHILE_OPEN, ...INVESTIGATE, ...IDENTIFY, ...MITIGATE, ...STAYED_CLEAR },
    },
    investigating: { entry: 'clearSubStatus', on: { ...WHILE_OPEN, ...IDENTIFY, ...MITIGATE, ...STAYED_CLEAR } },
    identified: { entry: 'clearSubStatus', on: { ...WHILE_OPEN, ...INVESTIGATE, ...MITIGATE, ...STAYED_CLEAR } },
    monitoring: {
      entry: 'clearSubStatus',
      on: {
        ...WHILE_OPEN,
        ...INVESTIGATE,
        ...IDENTIFY,
        '~joined': { target: 'investigating', actions: 'signalRegressed' },
        '~returned': { target: 'investigating', actions: 'signalRegressed' },
        '~stayedClear': [{ guard: 'humanActed' }, { actions: 'recordResolved' }],
      },
    },
    resolved: {
      entry: 'clearSubStatus',
      after: { close: { actions: 'recordClosed' } },
      on: {
        ...RECORDS,
        ...ROLES,
        ...SEVERITY,
        ...NOTICES,
        ...REOPEN,
        'incident.closed': { target: 'closed', actions: ['apply', 'signalActed'] },
      },
    },
    // Of its review people are told although it is closed.
    closed: { entry: 'clearSubStatus', on: { ...RECORDS, 'notice.requested': NOTICES['notice.requested'] } },
    dismissed: { entry: 'clearSubStatus', on: { ...RECORDS, ...NOTICES, ...REOPEN } },
    merged: { entry: 'clearSubStatus' },
  },
});
