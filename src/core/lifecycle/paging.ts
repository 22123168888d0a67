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

/** One of several who each have to answer has answered: whoever has not is asked on. */
const ANSWERS_FOR_ONE = {
  'page.acknowledged': { guard: 'asksEach', actions: ['apply', 'withdrawPerson', 'signalAnswered'] },
} as const;

/** A round ended in rungs that asked nobody: the next one waits for its time. */
const PAUSE = {
  guard: 'missedAndMustPause',
  target: 'escalating',
  reenter: true,
  actions: ['apply', 'pause'],
} as const;

/** Whoever was asked beside the one who answered hears of it. */
const TELL_OTHERS = { type: 'requestNotice', params: { topic: 'acknowledged' } } as const;

/** Answers that stop the asking, and take back what has not gone out. */
const ANSWERS = {
  'incident.acknowledged': { target: 'acknowledged', actions: ['apply', 'withdraw', TELL_OTHERS, 'signalAnswered'] },
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
    choosing: {
      always: [{ guard: 'pagesNobody', target: 'quiet' }, { guard: 'hasHold', target: 'holding' }, ...BEGIN],
    },
    quiet: { on: { '~reopened': [{ guard: 'pagesNobody' }, ...BEGIN] } },
    holding: {
      // What its severity asks for waits as the pages do: an alert that only flaps asks nobody to lead.
      exit: 'requestResponse',
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
        ...ANSWERS_FOR_ONE,
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
          PAUSE,
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
          PAUSE,
          {
            guard: 'missedAndCanClimb',
            target: 'escalating',
            reenter: true,
            actions: ['apply', 'climb', pageFor('step')],
          },
          { guard: 'missed', actions: ['apply', 'recordExhausted'] },
          { actions: 'apply' },
        ],
        // Whoever has answered for themselves has answered something less severe.
        '~severityChanged': [
          { guard: 'isLowUrgency', target: 'notified' },
          {
            guard: 'repagesWhoAnswered',
            target: 'escalating',
            reenter: true,
            actions: ['startCycle', pageFor('step')],
          },
        ],
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
        // A fallback that nobody could work out is worked out anew soon, and from then on as usual.
        'page.requested': [
          { guard: 'isFallbackFound', target: 'exhausted', reenter: true, actions: 'apply' },
          { actions: 'apply' },
        ],
        'page.nobody': [
          { guard: 'isFallbackMissed', target: 'exhausted', reenter: true, actions: 'apply' },
          { actions: 'apply' },
        ],
        ...ENDED,
        'incident.escalated': { target: 'escalating', actions: ['apply', 'startCycle', pageFor('step')] },
        'schedule.handedOff': { guard: 'fallbackNamesSchedule', actions: ['apply', pageFor('handoff')] },
        '~severityChanged': { guard: 'isLowUrgency', target: 'notified' },
      },
    },
    notified: {
      after: {
        reminder: { target: 'notified', reenter: true, actions: ['startCycleOfReminder', pageFor('reminder')] },
      },
      on: {
        ...ANSWERS,
        ...ANSWERS_FOR_ONE,
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
          { guard: 'hasNotJustBegun', target: 'notified', reenter: true, actions: ['startCycle', pageFor('step')] },
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
        'incident.acknowledged': { target: '.choosing', actions: ['apply', 'withdrawResponder', 'signalAnswered'] },
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
