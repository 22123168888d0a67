/**
 * Every state of every region, reached through real events, and one example of every event.
 */
import type { StateValue } from 'tocsin/lifecycle';
import { SYSTEM } from '../../../src/model/identity.ts';
import type { EventDraft } from '../../../src/model/timeline.ts';
import {
  alert,
  ana,
  DAY,
  HOUR,
  ladder,
  MINUTE,
  opened,
  type Story,
  settings,
  severity,
  source,
  story,
  T0,
} from './support.ts';

const resolved = () => story().does(ana, { type: 'incident.resolved' });
const reviewed = () =>
  story(opened({ settings: settings({ reviewWithinMs: 3 * DAY }) })).does(ana, { type: 'incident.resolved' });
const held = () => story(opened({ settings: settings({ holdMs: 2 * MINUTE }) }));
const waiting = () => story(opened({ urgency: 'low', urgencyRisesInMs: 9 * HOUR }));
const updated = () => story(opened({ settings: settings({ updateEveryMs: HOUR }) }));

const PLANNED: EventDraft = {
  type: 'response.planned',
  roles: [{ role: 'commander', remindMs: 10 * MINUTE }],
  filled: [],
  tasks: [],
};
const LATER: EventDraft = {
  type: 'task.added',
  task: { id: 't1', title: 'Roll back', status: 'open', dueAt: T0 + HOUR },
};

/** How to reach each state, by region and state. */
export const STATES: { readonly [R in keyof StateValue]: Readonly<Record<string, () => Story>> } = {
  phase: {
    triage: () => story(),
    investigating: () => story().does(ana, { type: 'investigation.started' }),
    identified: () => story().does(ana, { type: 'cause.identified' }),
    monitoring: () => story().does(ana, { type: 'incident.mitigated' }),
    resolved,
    closed: () => resolved().does(ana, { type: 'incident.closed' }),
    dismissed: () => story().does(ana, { type: 'incident.dismissed' }),
    merged: () => story().does(ana, { type: 'incident.merged', into: 'i2' }),
  },
  alerts: {
    none: () => story(opened({ alerts: [] })),
    firing: () => story(),
    clearing: () => story().does(source, { type: 'alert.cleared', alert: 'a1' }),
    clear: () =>
      story()
        .does(ana, { type: 'incident.acknowledged' })
        .does(source, { type: 'alert.cleared', alert: 'a1' })
        .passes(5 * MINUTE),
  },
  paging: {
    quiet: resolved,
    'holding.counting': held,
    'holding.waiting': () => held().does(source, { type: 'alert.cleared', alert: 'a1' }),
    escalating: () => story(),
    exhausted: () => story().passes(15 * MINUTE),
    notified: () => story(opened({ urgency: 'low' })),
    'acknowledged.timed': () => story().does(ana, { type: 'incident.acknowledged' }),
    'acknowledged.untimed': () =>
      story(opened({ ladder: ladder({ acknowledgeTimeoutMs: null }) })).does(ana, { type: 'incident.acknowledged' }),
    snoozed: () => story().does(ana, { type: 'incident.snoozed', forMs: HOUR }),
  },
  urgency: { settled: () => story(), waiting },
  roles: { settled: () => story(), vacant: () => story().does(SYSTEM, PLANNED) },
  tasks: { idle: () => story(), waiting: () => story().does(ana, LATER) },
  updates: {
    notRequired: () => story(),
    due: updated,
    overdue: () => updated().passes(HOUR),
  },
  review: {
    notNeeded: resolved,
    pending: reviewed,
    draft: () => reviewed().does(ana, { type: 'review.started' }),
    inReview: () => reviewed().does(ana, { type: 'review.started' }, { type: 'review.submitted' }),
    published: () => reviewed().does(ana, { type: 'review.started' }, { type: 'review.published' }),
  },
};

/** One example of every event that can follow; those about a page or an alert speak of the present rung and of `a1`. */
export function examples(at: Story): Readonly<Record<string, EventDraft>> {
  const { position } = at.snapshot().context;
  const timer = (kind: string): EventDraft => ({ type: 'timer.fired', kind });
  return {
    'incident.opened': opened(),
    'incident.updated': { type: 'incident.updated', title: 'Checkout is slow' },
    'investigation.started': { type: 'investigation.started' },
    'cause.identified': { type: 'cause.identified' },
    'incident.mitigated': { type: 'incident.mitigated' },
    'incident.resolved': { type: 'incident.resolved' },
    'incident.reopened': { type: 'incident.reopened' },
    'incident.closed': { type: 'incident.closed' },
    'incident.dismissed': { type: 'incident.dismissed' },
    'incident.merged': { type: 'incident.merged', into: 'i2' },
    'incident.absorbed': {
      type: 'incident.absorbed',
      source: 'i0',
      alerts: [{ ...alert('a0'), status: 'firing' }],
      responders: [],
      tasks: [],
    },
    'severity.changed': severity('raised'),
    'response.planned': { type: 'response.planned', roles: [], filled: [], tasks: [] },
    'role.vacant': { type: 'role.vacant', roles: ['commander'] },
    'role.assigned': { type: 'role.assigned', role: 'commander', user: 'ana' },
    'responder.requested': { type: 'responder.requested', user: 'zoe' },
    'responder.accepted': { type: 'responder.accepted', user: 'zoe' },
    'responder.declined': { type: 'responder.declined', user: 'zoe' },
    'responder.removed': { type: 'responder.removed', user: 'zoe' },
    'task.added': { type: 'task.added', task: { id: 't1', title: 'Roll back', status: 'open' } },
    'task.updated': { type: 'task.updated', task: 't1', title: 'Roll back now' },
    'task.reopened': { type: 'task.reopened', task: 't1' },
    'task.due': { type: 'task.due', tasks: ['t1'] },
    'fields.set': { type: 'fields.set', fields: { customer: 'Acme' } },
    'subStatus.set': { type: 'subStatus.set', subStatus: 'waiting' },
    'entry.pinned': { type: 'entry.pinned', entry: 1 },
    'entry.unpinned': { type: 'entry.unpinned', entry: 1 },
    'times.corrected': { type: 'times.corrected', times: { detectedAt: { to: T0 } } },
    'task.completed': { type: 'task.completed', task: 't1' },
    'note.added': { type: 'note.added', text: 'Looking' },
    'link.added': { type: 'link.added', link: { href: 'https://example.com' } },
    'emergency.paged': { type: 'emergency.paged', users: ['ana'], notifier: 'sms', pagedAt: 0 },
    'notice.requested': { type: 'notice.requested', topic: 'monitoring', recipients: [] },
    'alert.joined': { type: 'alert.joined', alert: alert('a2') },
    'alert.acknowledged': { type: 'alert.acknowledged', alert: 'a1' },
    'alert.cleared': { type: 'alert.cleared', alert: 'a1' },
    'incident.acknowledged': { type: 'incident.acknowledged' },
    'incident.unacknowledged': { type: 'incident.unacknowledged', reason: 'manual' },
    'incident.snoozed': { type: 'incident.snoozed', forMs: HOUR },
    'incident.escalated': { type: 'incident.escalated' },
    'incident.reassigned': { type: 'incident.reassigned', ladder: ladder({ policyId: 'other' }) },
    'escalation.exhausted': { type: 'escalation.exhausted', policyId: 'default' },
    'schedule.handedOff': { type: 'schedule.handedOff', schedule: 'primary' },
    'page.requested': { type: 'page.requested', purpose: 'step', position, recipients: [], configVersion: 'c1' },
    'page.acknowledged': { type: 'page.acknowledged' },
    'page.nobody': { type: 'page.nobody', purpose: 'step', position, reason: 'nobody' },
    'page.failed': { type: 'page.failed', page: 2, purpose: 'step', position, errors: ['no such number'] },
    'urgency.raised': { type: 'urgency.raised', reason: 'support hours began' },
    'update.posted': { type: 'update.posted', text: 'We are on it', audience: 'public' },
    'update.drafted': { type: 'update.drafted', draft: { id: 'd1', text: 'We are on it', audience: 'public' } },
    'update.discarded': { type: 'update.discarded', draft: 'd1' },
    'update.missed': { type: 'update.missed' },
    'review.requested': { type: 'review.requested' },
    'review.started': { type: 'review.started' },
    'review.submitted': { type: 'review.submitted' },
    'review.returned': { type: 'review.returned' },
    'review.published': { type: 'review.published' },
    'review.waived': { type: 'review.waived' },
    'review.missed': { type: 'review.missed' },
    'timer clearFor': timer('clearFor'),
    'timer close': timer('close'),
    'timer hold': timer('hold'),
    'timer step': timer('step'),
    'timer acknowledgeTimeout': timer('acknowledgeTimeout'),
    'timer snooze': timer('snooze'),
    'timer fallback': timer('fallback'),
    'timer reminder': timer('reminder'),
    'timer supportHours': timer('supportHours'),
    'timer roleVacant': timer('roleVacant'),
    'timer taskDue': timer('taskDue'),
    'timer updateDue': timer('updateDue'),
    'timer updateOverdue': timer('updateOverdue'),
    'timer reviewPending': timer('reviewPending'),
    'timer reviewDraft': timer('reviewDraft'),
    'timer reviewApproval': timer('reviewApproval'),
  };
}
