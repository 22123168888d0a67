/**
 * The paging region: whether somebody is being asked, has answered, or need not.
 *
 * An open, unacknowledged, high-urgency incident always has a live timer here. The region says that a page is
 * wanted and when the next one is due; it never knows who is on call.
 */
import { vocabulary } from './vocabulary.ts';

const pageFor = <P extends 'step' | 'fallback' | 'reminder' | 'handoff'>(purpose: P) =>
  ({ type: 'requestPage', params: { purpose } }) as const;

/** A fresh entry into escalation; what can wait is asked once and then only reminded of. */
const BEGIN = [
  { guard: 'isHighUrgency', target: 'escalating', reenter: true, actions: ['apply', 'startCycle', pageFor('step')] },
  { target: 'notified', reenter: true, actions: ['apply', 'startCycle', pageFor('step')] },
] as const;

/** As `BEGIN`, out of `acknowledged`: whoever had acknowledged is asked as well. */
const BEGIN_AGAIN = {
  target: '#incident.paging.escalating',
  actions: ['askAgain', 'startCycle', pageFor('step')],
} as const;

const ENDED = { '~ended': 'quiet' } as const;
const PAGES = {
  'page.requested': { actions: 'apply' },
  'page.nobody': { actions: 'apply' },
  'page.failed': { actions: 'apply' },
} as const;

/** Answers that stop the asking, and take back what has not gone out. */
const ANSWERS = {
  'incident.acknowledged': { target: 'acknowledged', actions: ['apply', 'withdraw'] },
  'incident.snoozed': { target: 'snoozed', reenter: true, actions: ['apply', 'withdraw'] },
} as const;

const REASSIGN = {
  'incident.reassigned': [
    {
      guard: 'isHighUrgency',
      target: 'escalating',
      reenter: true,
      actions: ['apply', 'withdraw', 'startCycle', pageFor('step')],
    },
    { target: 'notified', reenter: true, actions: ['apply', 'withdraw', 'startCycle', pageFor('step')] },
  ],
} as const;

/** A person sends the page up, to the rung they name or the next one; what can wait still does not climb by itself. */
const ESCALATE = {
  'incident.escalated': [
    { guard: 'isHighUrgency', target: 'escalating', actions: ['apply', 'startCycleHigher', pageFor('step')] },
    { target: 'notified', reenter: true, actions: ['apply', 'startCycleHigher', pageFor('step')] },
  ],
} as const;

export const paging = vocabulary.createStateConfig({
  initial: 'choosing',
  states: {
    choosing: { always: [{ guard: 'hasHold', target: 'holding' }, ...BEGIN] },
    quiet: { on: { '~reopened': BEGIN } },
    holding: {
      initial: 'counting',
      states: {
        counting: {
          after: {
            hold: [
              {
                guard: 'isHighUrgency',
                target: '#incident.paging.escalating',
                actions: ['startCycle', pageFor('step')],
              },
              { target: '#incident.paging.notified', actions: ['startCycle', pageFor('step')] },
            ],
          },
          on: { '~allCleared': 'waiting' },
        },
        waiting: { on: { '~joined': 'counting', '~returned': 'counting' } },
      },
      on: { ...ANSWERS, ...REASSIGN, ...ESCALATE, ...PAGES, ...ENDED, '~stayedClear': 'notified' },
    },
    escalating: {
      after: {
        step: [
          { guard: 'hasNextRung', target: 'escalating', reenter: true, actions: ['climb', pageFor('step')] },
          { actions: 'recordExhausted' },
        ],
      },
      on: {
        ...ANSWERS,
        ...REASSIGN,
        'incident.escalated': [
          {
            guard: 'namesStep',
            target: 'escalating',
            reenter: true,
            actions: ['apply', 'startCycle', pageFor('step')],
          },
          { guard: 'hasNextRung', target: 'escalating', reenter: true, actions: ['apply', 'climb', pageFor('step')] },
          { actions: ['apply', 'recordExhausted'] },
        ],
        'escalation.exhausted': [
          {
            guard: 'hasNextLadder',
            target: 'escalating',
            reenter: true,
            actions: ['apply', 'followOn', pageFor('step')],
          },
          { target: 'exhausted', actions: ['apply', pageFor('fallback')] },
        ],
        'schedule.handedOff': { guard: 'namesSchedule', actions: ['apply', pageFor('handoff')] },
        'page.requested': { actions: 'apply' },
        'page.nobody': [
          {
            guard: 'missedAndCanClimb',
            target: 'escalating',
            reenter: true,
            actions: ['apply', 'climb', pageFor('step')],
          },
          { guard: 'missed', actions: ['apply', 'recordExhausted'] },
          { actions: 'apply' },
        ],
        'page.failed': [
          {
            guard: 'missedAndCanClimb',
            target: 'escalating',
            reenter: true,
            actions: ['apply', 'climb', pageFor('step')],
          },
          { guard: 'missed', actions: ['apply', 'recordExhausted'] },
          { actions: 'apply' },
        ],
        '~severityChanged': { guard: 'isLowUrgency', target: 'notified' },
        ...ENDED,
      },
    },
    exhausted: {
      // What the page before has not sent by now is taken back: one live page for each contact.
      after: { fallback: { target: 'exhausted', reenter: true, actions: ['withdrawFallback', pageFor('fallback')] } },
      on: {
        ...ANSWERS,
        ...REASSIGN,
        ...PAGES,
        ...ENDED,
        'incident.escalated': { target: 'escalating', actions: ['apply', 'startCycle', pageFor('step')] },
        'schedule.handedOff': { guard: 'fallbackNamesSchedule', actions: ['apply', pageFor('handoff')] },
        '~severityChanged': { guard: 'isLowUrgency', target: 'notified' },
      },
    },
    notified: {
      after: { reminder: { target: 'notified', reenter: true, actions: ['startCycle', pageFor('reminder')] } },
      on: {
        ...ANSWERS,
        ...REASSIGN,
        ...ENDED,
        ...ESCALATE,
        'page.requested': { actions: 'apply' },
        'page.nobody': [
          {
            guard: 'missedAndHasFurtherRung',
            target: 'notified',
            reenter: true,
            actions: ['apply', 'climb', pageFor('step')],
          },
          { guard: 'missed', target: 'notified', reenter: true, actions: 'apply' },
          { actions: 'apply' },
        ],
        'page.failed': [
          {
            guard: 'missedAndHasFurtherRung',
            target: 'notified',
            reenter: true,
            actions: ['apply', 'climb', pageFor('step')],
          },
          { actions: 'apply' },
        ],
        '~severityChanged': { guard: 'isHighUrgency', target: 'escalating', actions: ['startCycle', pageFor('step')] },
        '~regressed': [
          { guard: 'isHighUrgency', target: 'escalating', actions: ['startCycle', pageFor('step')] },
          { target: 'notified', reenter: true, actions: ['startCycle', pageFor('step')] },
        ],
        // A hold that ended in silence leaves high urgency here: what fires after it is asked about at once.
        '~joined': { guard: 'isHighUrgency', target: 'escalating', actions: ['startCycle', pageFor('step')] },
      },
    },
    acknowledged: {
      initial: 'choosing',
      states: {
        choosing: { always: [{ guard: 'hasAcknowledgeTimeout', target: 'timed' }, { target: 'untimed' }] },
        timed: {
          after: { acknowledgeTimeout: { actions: 'recordUnacknowledged' } },
          // Only a person restarts the clock: what a source says here never does.
          on: {
            '~acted': { guard: 'isByPerson', target: 'timed', reenter: true },
            '~allCleared': 'untimed',
            '~joined': { guard: 'repagesOnNewAlert', ...BEGIN_AGAIN },
            '~severityChanged': [
              { guard: 'repagesOnRaise', ...BEGIN_AGAIN },
              { guard: 'isLowUrgency', target: 'untimed' },
            ],
          },
        },
        untimed: {
          on: {
            '~returned': 'choosing',
            '~joined': [{ guard: 'repagesOnNewAlert', ...BEGIN_AGAIN }, { target: 'choosing' }],
            '~severityChanged': [{ guard: 'repagesOnRaise', ...BEGIN_AGAIN }, { target: 'choosing' }],
          },
        },
      },
      on: {
        ...PAGES,
        ...ENDED,
        ...REASSIGN,
        ...ESCALATE,
        'incident.acknowledged': { target: '.choosing', actions: ['apply', 'withdrawResponder'] },
        'incident.unacknowledged': BEGIN,
        'incident.snoozed': { target: 'snoozed', actions: ['apply', 'withdraw'] },
        '~regressed': [
          { guard: 'isHighUrgency', ...BEGIN_AGAIN },
          { target: 'notified', actions: ['askAgain', 'startCycle', pageFor('step')] },
        ],
      },
    },
    snoozed: {
      after: { snooze: BEGIN },
      on: {
        ...ANSWERS,
        ...REASSIGN,
        ...ESCALATE,
        ...PAGES,
        ...ENDED,
        'incident.unacknowledged': BEGIN,
        '~joined': BEGIN,
        '~severityChanged': [
          { guard: 'isRaisedToHigh', target: 'escalating', actions: ['startCycle', pageFor('step')] },
          { guard: 'isRaised', target: 'notified', actions: ['startCycle', pageFor('step')] },
        ],
      },
    },
  },
});
