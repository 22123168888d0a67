/**
 * advance: one event, one step of the incident.
 *
 * Pure. The same snapshot and event give the same snapshot and effects on any machine, at any time.
 */
import { TocsinError } from '../../errors.ts';
import { pagePurposeSchema } from '../../model/page.ts';
import type { EventDraft, EventOf, TimelineEvent } from '../../model/timeline.ts';
import { allowed, canAccept } from './allowed.ts';
import { momentOf, openedContext } from './apply.ts';
import type { IncidentContext } from './context.ts';
import type { Effect, Notice } from './effects.ts';
import { incidentMachine, MACHINE, MACHINE_VERSION } from './machine.ts';
import { overtaken } from './overtaken.ts';
import { lateRoles, lateTasks } from './owed.ts';
import { filledBy, firstAcknowledger, joining, noticeOf, rolesLeft } from './response-effects.ts';
import type { IncidentSnapshot, StateValue } from './snapshot.ts';
import { afterEvent, foldTimers } from './timers.ts';
import { initialTransition, transition } from './transition.ts';

/** Where an event leads, and what it asks of the shell. */
export type Advanced = { readonly snapshot: IncidentSnapshot; readonly effects: readonly Effect[] };

/** Every purpose that a page can have. */
const PURPOSES = pagePurposeSchema.options;

type Action = { readonly type: string; readonly params?: unknown };
type Next = { readonly value: unknown; readonly context: IncidentContext };

/**
 * The incident after `event`, and what the event asks of the shell.
 *
 * `snapshot` is `undefined` for the first event, which is always incident.opened.
 *
 * @throws TocsinError TIMELINE_INVALID when the number of the event does not follow the snapshot's.
 * @throws TocsinError INVALID_TRANSITION when the statechart does not accept the event now; the message names what it does accept.
 * @throws TocsinError DELAY_INVALID when a timer would be armed with a delay that is not finite.
 * @throws TocsinError SNAPSHOT_UNREADABLE when another version of the statechart made the snapshot.
 */
export function advance(snapshot: IncidentSnapshot | undefined, event: TimelineEvent): Advanced {
  if (snapshot === undefined) return open(event);
  assertReadable(snapshot);
  if (event.seq !== snapshot.seq + 1) {
    throw new TocsinError(
      'TIMELINE_INVALID',
      `Cannot apply event ${event.seq} (${event.type}) to incident ${snapshot.context.id}: expected number ${snapshot.seq + 1}.`,
      {
        details: { expected: snapshot.seq + 1, found: event.seq },
      },
    );
  }
  if (event.type === 'incident.opened' || !canAccept(snapshot, event)) throw refusal(snapshot, event);
  const restored = restore(snapshot, event);
  const [next, actions] = transition(restored, machineEvent(event));
  const fired = event.type === 'timer.fired' ? withoutKey(snapshot.timers, event.kind) : snapshot.timers;
  return conclude(next, actions, event, { ...snapshot, timers: fired });
}

function open(event: TimelineEvent): Advanced {
  if (event.type !== 'incident.opened' || event.seq !== 1) {
    throw new TocsinError(
      'TIMELINE_INVALID',
      `Cannot begin an incident with event ${event.seq} (${event.type}): the first event is number 1, incident.opened.`,
      {
        details: { expected: 1, found: event.seq },
      },
    );
  }
  const [next, actions] = initialTransition(openedContext(event));
  return conclude(next, actions, event, undefined);
}

function assertReadable(snapshot: IncidentSnapshot): void {
  if (snapshot.machine !== MACHINE || snapshot.machineVersion !== MACHINE_VERSION) {
    throw new TocsinError(
      'SNAPSHOT_UNREADABLE',
      `Cannot read a snapshot of ${snapshot.machine} version ${snapshot.machineVersion}: this is version ${MACHINE_VERSION}. Replay the timeline instead.`,
      {
        details: { expected: MACHINE_VERSION, found: snapshot.machineVersion },
      },
    );
  }
}

function restore(snapshot: IncidentSnapshot, event: TimelineEvent) {
  const context = { ...snapshot.context, ...momentOf(event) };
  return incidentMachine.resolveState({ value: snapshot.value, context });
}

// XState types its delayed events away; they are events of the machine all the same.
function machineEvent(event: Exclude<TimelineEvent, EventOf<'incident.opened'>>): Parameters<typeof transition>[1] {
  if (event.type !== 'timer.fired') return event;
  return (afterEvent(event.kind) ?? event) as Parameters<typeof transition>[1];
}

function conclude(
  next: Next,
  actions: readonly Action[],
  event: TimelineEvent,
  before: IncidentSnapshot | undefined,
): Advanced {
  const { timers, effects } = foldTimers(before?.timers ?? {}, actions, event.at, event.seq);
  const snapshot: IncidentSnapshot = {
    machine: MACHINE,
    machineVersion: MACHINE_VERSION,
    seq: event.seq,
    value: next.value as StateValue,
    context: next.context,
    timers,
  };
  const asked = actions.flatMap((action) => effectOf(action, event, snapshot));
  return { snapshot, effects: [...asked, ...overtaken(before, snapshot, event), ...effects] };
}

function effectOf(action: Action, event: TimelineEvent, { context, value }: IncidentSnapshot): Effect[] {
  switch (action.type) {
    case 'requestPage': {
      const { purpose } = action.params as Pick<Extract<Effect, { type: 'requestPage' }>, 'purpose'>;
      const responder = event.type === 'responder.requested' && { responder: event.user };
      const schedule = event.type === 'schedule.handedOff' && { schedule: event.schedule };
      return [{ type: 'requestPage', purpose, ...responder, ...schedule }];
    }
    case 'requestNotice':
      return [{ type: 'requestNotice', ...noticeOf(action.params as Pick<Notice, 'topic'>, event, context) }];
    case 'requestResponse':
      return [{ type: 'requestResponse' }];
    case 'tellFilled':
      return filledBy(event).map(({ role, user }) => ({
        type: 'requestNotice',
        topic: 'role',
        subject: role,
        users: [user],
      }));
    case 'withdraw':
      return [{ type: 'withdraw' }];
    case 'withdrawResponder': {
      const user = event.type === 'incident.acknowledged' ? context.byUser : 'user' in event ? event.user : null;
      return user === null ? [] : [{ type: 'withdraw', only: { purpose: 'responder', user } }];
    }
    case 'withdrawFallback':
      return [{ type: 'withdraw', only: { purpose: 'fallback' } }];
    case 'withdrawPerson': {
      const user = context.byUser;
      return user === null ? [] : PURPOSES.map((purpose) => ({ type: 'withdraw', only: { purpose, user } }));
    }
    case 'recordJoining':
      // Whoever has snoozed it wants nobody woken until then; the roles are told of all the same.
      return value.paging === 'snoozed' ? [] : recorded(joining(event, context));
    case 'recordRolesLeft':
      return recorded(event.type === 'responder.declined' ? rolesLeft(event.user, context) : []);
    case 'recordFirstAcknowledger':
      return recorded(firstAcknowledger(context));
    default: {
      const draft = draftOf(action.type, context);
      return draft === undefined ? [] : recorded([draft]);
    }
  }
}

function recorded(drafts: readonly EventDraft[]): Effect[] {
  return drafts.map((draft) => ({ type: 'record', draft }));
}

function draftOf(action: string, context: IncidentContext): EventDraft | undefined {
  switch (action) {
    case 'recordRoleVacant':
      return { type: 'role.vacant', roles: [...lateRoles(context)] };
    case 'recordTaskDue':
      return { type: 'task.due', tasks: [...lateTasks(context)] };
    case 'recordResolved':
      return { type: 'incident.resolved', reason: 'every alert stayed clear' };
    case 'recordMitigated':
      return { type: 'incident.mitigated', reason: 'every alert stayed clear' };
    case 'recordClosed':
      return { type: 'incident.closed', reason: 'the time to reopen it has passed' };
    case 'recordExhausted':
      return { type: 'escalation.exhausted', policyId: context.ladder.policyId };
    case 'recordUnacknowledged':
      return { type: 'incident.unacknowledged', reason: 'timeout' };
    case 'recordUrgencyRaised':
      return { type: 'urgency.raised', reason: 'support hours began' };
    case 'recordUpdateMissed':
      return { type: 'update.missed' };
    case 'recordReviewMissed':
      return { type: 'review.missed' };
    default:
      return undefined;
  }
}

function refusal(snapshot: IncidentSnapshot, event: TimelineEvent): TocsinError {
  const commands = allowed(snapshot);
  const { phase } = snapshot.value;
  return new TocsinError(
    'INVALID_TRANSITION',
    `Cannot apply ${event.type} to incident ${snapshot.context.id}: it is ${phase}. Allowed now: ${commands.join(', ') || 'nothing'}.`,
    {
      details: { incident: snapshot.context.id, event: event.type, state: snapshot.value, allowed: commands },
    },
  );
}

function withoutKey<T extends object>(record: T, key: string): T {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key)) as T;
}
