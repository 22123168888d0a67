/**
 * The vocabulary of the statechart: its events, and every action, guard and delay by name.
 *
 * Nothing here says when something happens; the regions do. Actions are either folds of facts (`apply`,
 * `startCycle`, ...), signals between regions (`signal...`), or effects that the shell carries out
 * (`requestPage`, `withdraw`, `record...`): those do nothing by themselves.
 */
import { assign, raise, setup } from 'xstate';
import type { PagePurpose } from '../../model/page.ts';
import type { NoticeTopic } from '../../model/timeline.ts';
import { firstPosition, nextPosition, rungAt } from '../escalation/ladder.ts';
import { isEndOfRound, pauseMs, stepWaitMs } from '../escalation/waits.ts';
import { applyEvent } from './apply.ts';
import type { IncidentContext } from './context.ts';
import { EMPTY_CONTEXT } from './context.ts';
import {
  expectsUpdates,
  isAtCurrentRung,
  isFact,
  isHandoffOf,
  mayClimb,
  namedStep,
  repagesOnRaise,
  reviewDelay,
} from './judgements.ts';
import type { MachineEvent } from './machine-event.ts';
import { hasTaskToRemind, taskDelay, vacancyDelay, vacantRoles } from './owed.ts';

/** How soon a fallback that nobody could work out is worked out anew. */
const SOON_MS = 60_000;

/** What is known of a cycle when it begins. */
const FRESH = { reachedInLoop: false, asked: [], answered: [], isPausing: false, isFallbackMissed: false };

export const vocabulary = setup({
  types: {
    context: {} as IncidentContext,
    events: {} as MachineEvent,
    input: {} as IncidentContext,
  },
  actions: {
    apply: assign(({ context, event }) => (isFact(event) ? applyEvent(context, event) : context)),
    /** A fresh entry into escalation: its own cycle, from the first rung, or the one that was asked for. */
    startCycle: assign(({ context, event }) => ({
      // A policy that followed an exhausted one is left again, unless a person sends the page up within it.
      ladder: event.type === 'incident.escalated' ? context.ladder : context.firstLadder,
      position: firstPosition(context.position.cycle + 1, namedStep(context, event)),
      ...FRESH,
      nextOpeningMs: null,
      cycleSeq: context.seq,
    })),
    /** As `startCycle`; whoever has answered for themselves has answered what they are reminded of. */
    startCycleOfReminder: assign(({ context }) => ({
      ladder: context.firstLadder,
      position: firstPosition(context.position.cycle + 1),
      ...FRESH,
      answered: context.answered,
      nextOpeningMs: null,
      cycleSeq: context.seq,
    })),
    /** As `startCycle`; without a rung asked for, one rung higher than before, or the first when there is none higher. */
    startCycleHigher: assign(({ context, event }) => ({
      position: firstPosition(
        context.position.cycle + 1,
        namedStep(context, event) ??
          (context.position.step < context.ladder.rungs.length ? context.position.step + 1 : 1),
      ),
      ...FRESH,
      nextOpeningMs: null,
    })),
    climb: assign(({ context }) => {
      const position = nextPosition(context.ladder, context.position) ?? context.position;
      return {
        position,
        asked: [],
        isPausing: false,
        reachedInLoop: position.loop === context.position.loop && context.reachedInLoop,
      };
    }),
    followOn: assign(({ context }) => ({
      ladder: context.ladder.next ?? context.ladder,
      position: firstPosition(context.position.cycle + 1),
      ...FRESH,
    })),
    /** A finer word holds within its phase only. */
    clearSubStatus: assign(({ context }) => (context.subStatus === null ? {} : { subStatus: null })),
    /** The next round waits for its time. */
    pause: assign({ isPausing: true }),
    /** Whoever had acknowledged is asked again, beside the first rung. */
    askAgain: assign(({ context }) => ({
      repage: context.acknowledgedBy.length > 0 ? context.acknowledgedBy : context.repage,
      acknowledgedBy: [],
    })),

    signalActed: raise({ type: '~acted' }),
    signalAnswered: raise({ type: '~answered' }),
    signalRolesChanged: raise({ type: '~rolesChanged' }),
    signalTasksChanged: raise({ type: '~tasksChanged' }),
    signalSeverityChanged: raise({ type: '~severityChanged' }),
    signalJoined: raise({ type: '~joined' }),
    signalReturned: raise({ type: '~returned' }),
    signalRegressed: raise({ type: '~regressed' }),
    signalAbsorbed: raise({ type: '~absorbed' }),
    signalAllCleared: raise({ type: '~allCleared' }),
    signalStayedClear: raise({ type: '~stayedClear' }),
    signalResolved: raise({ type: '~resolved' }),
    signalEnded: raise({ type: '~ended' }),
    signalReopened: raise({ type: '~reopened' }),

    requestPage: (_, _params: { readonly purpose: PagePurpose }) => {},
    requestNotice: (_, _params: { readonly topic: NoticeTopic }) => {},
    requestResponse: () => {},
    /** Tells whoever got a role by the plan. */
    tellFilled: () => {},
    /** Asks those who got a role by the plan to join, where it cannot wait. */
    recordJoining: () => {},
    /** Whoever declined to join has no role in it. */
    recordRolesLeft: () => {},
    recordFirstAcknowledger: () => {},
    recordRoleVacant: () => {},
    recordTaskDue: () => {},
    /** Takes back every delivery of the incident that has not gone out. */
    withdraw: () => {},
    /** Takes back the deliveries of the responder whom the event names, or who acknowledged. */
    withdrawResponder: () => {},
    /** Takes back what has not gone out to whoever the event is by. */
    withdrawPerson: () => {},
    /** Takes back what a page to the fallback has not sent. */
    withdrawFallback: () => {},
    recordResolved: () => {},
    recordMitigated: () => {},
    recordClosed: () => {},
    recordExhausted: () => {},
    recordUnacknowledged: () => {},
    recordUrgencyRaised: () => {},
    recordUpdateMissed: () => {},
    recordReviewMissed: () => {},
  },
  guards: {
    isOpen: ({ context }) => context.outcome === 'open',
    /** It is written down later: nobody is to be asked. */
    pagesNobody: ({ context }) => context.kind === 'backfilled',
    plansNow: ({ context }) =>
      context.outcome === 'open' && context.kind !== 'backfilled' && context.severityMove !== 'none',
    hasVacantRole: ({ context }) => vacantRoles(context).length > 0,
    hasTaskToRemind: ({ context }) => hasTaskToRemind(context),
    isNotMerged: ({ context }) => context.outcome !== 'merged',
    hasDrafts: ({ context }) => context.drafts.length > 0 && context.outcome !== 'merged',
    isResolved: ({ context }) =>
      context.times.resolvedAt !== undefined && context.outcome !== 'merged' && context.outcome !== 'dismissed',
    isDiscarded: ({ context }) => context.outcome === 'merged' || context.outcome === 'dismissed',
    isHighUrgency: ({ context }) => context.urgency === 'high',
    /** One event may be heard of twice; it begins one cycle. */
    hasNotJustBegun: ({ context }) => context.cycleSeq !== context.seq,
    isLowUrgency: ({ context }) => context.urgency === 'low',
    hasHold: ({ context }) => context.settings.holdMs > 0,
    hasAlerts: ({ context }) => Object.keys(context.alerts).length > 0,
    hasFiringAlerts: ({ context }) => Object.values(context.alerts).some((status) => status !== 'cleared'),
    isReturning: ({ context, event }) => event.type === 'alert.joined' && Object.hasOwn(context.alerts, event.alert.id),
    isLastFiringAlert: ({ context, event }) =>
      event.type === 'alert.cleared' &&
      Object.entries(context.alerts).every(([id, status]) => id === event.alert || status === 'cleared'),
    bringsFiringAlerts: ({ event }) =>
      event.type === 'incident.absorbed' && event.alerts.some((alert) => alert.status !== 'cleared'),
    isByPerson: ({ context }) => context.byPerson,
    humanActed: ({ context }) => context.humanActed,
    /** An acknowledgement expires while something may still burn: not when every alert of the incident is clear. */
    hasAcknowledgeTimeout: ({ context }) =>
      context.urgency === 'high' && context.ladder.acknowledgeTimeoutMs !== null && !context.isAllClear,
    repagesOnRaise: ({ context }) => repagesOnRaise(context),
    repagesWhoAnswered: ({ context }) => context.answered.length > 0 && repagesOnRaise(context),
    isFallbackMissed: ({ event }) => event.type === 'page.nobody' && event.purpose === 'fallback',
    isFallbackFound: ({ context, event }) =>
      event.type === 'page.requested' && event.purpose === 'fallback' && context.isFallbackMissed,
    repagesOnNewAlert: ({ context }) => context.urgency === 'high' && context.ladder.repageOn.includes('newAlert'),
    /** Urgency rose with the clock, and the severity is what it was. */
    keepsSeverity: ({ context }) => context.severityMove === 'none',
    awaitsSupportHours: ({ context }) => context.urgencyRisesAt !== null && context.outcome === 'open',
    isRaised: ({ context }) => context.severityMove === 'raised',
    isRaisedToHigh: ({ context }) => context.severityMove === 'raised' && context.urgency === 'high',
    hasNextRung: ({ context }) => nextPosition(context.ladder, context.position) !== undefined,
    hasNextLadder: ({ context }) => context.ladder.next !== undefined,
    namesStep: ({ event }) => event.type === 'incident.escalated' && event.step !== undefined,
    namesSchedule: ({ context, event }) =>
      isHandoffOf(event, context.ladder.rungs[context.position.step - 1]?.targets ?? []),
    fallbackNamesSchedule: ({ context, event }) => isHandoffOf(event, context.ladder.fallback),
    /** Each of those who are asked at this rung has to answer. */
    asksEach: ({ context }) => rungAt(context.ladder, context.position)?.acknowledge === 'each',
    missedAndCanClimb: ({ context, event }) => mayClimb(context, event),
    /** As `missedAndCanClimb`, and the next round is not begun before its time. */
    missedAndMustPause: ({ context, event }) =>
      mayClimb(context, event) && isEndOfRound(context.ladder, context.position) && pauseMs(context.ladder) > 0,
    /** As `missedAndCanClimb`, within the first round only: low urgency does not go round again. */
    missedAndHasFurtherRung: ({ context, event }) =>
      isAtCurrentRung(context, event) && context.position.step < context.ladder.rungs.length,
    missed: ({ context, event }) => isAtCurrentRung(context, event),
    expectsUpdates: ({ context }) => expectsUpdates(context),
    expectsUpdatesNow: ({ context }) => expectsUpdates(context) && context.outcome === 'open',
    needsReview: ({ context }) => context.settings.reviewWithinMs !== null,
    needsReviewNow: ({ context }) => context.settings.reviewWithinMs !== null && context.outcome === 'resolved',
  },
  delays: {
    clearFor: ({ context }) => context.settings.clearForMs,
    close: ({ context }) => context.settings.reopenWindowMs,
    hold: ({ context }) => context.settings.holdMs,
    step: ({ context: { ladder, position, at, isPausing } }) =>
      isPausing ? pauseMs(ladder) : stepWaitMs(ladder, position, at),
    // An alert that flaps stops the clock and starts it again, and gains nobody time.
    acknowledgeTimeout: ({ context }) => Math.max(0, context.expiresAt - context.at),
    snooze: ({ context }) => context.snoozeMs,
    fallback: ({ context }) =>
      context.isFallbackMissed ? Math.min(SOON_MS, context.ladder.fallbackEveryMs) : context.ladder.fallbackEveryMs,
    reminder: ({ context }) => context.nextOpeningMs ?? context.settings.reminderMs,
    supportHours: ({ context }) => Math.max(0, (context.urgencyRisesAt ?? Number.NaN) - context.at),
    roleVacant: ({ context }) => vacancyDelay(context),
    taskDue: ({ context }) => taskDelay(context),
    updateDue: ({ context }) => context.settings.updateEveryMs ?? Number.NaN,
    updateOverdue: ({ context }) => context.settings.updateEveryMs ?? Number.NaN,
    reviewPending: reviewDelay,
    reviewDraft: reviewDelay,
    reviewApproval: reviewDelay,
  },
});

/** The context that the statechart starts with when it is only asked about itself. */
export const initialContext = ({ input }: { input: IncidentContext | undefined }): IncidentContext =>
  input ?? EMPTY_CONTEXT;
