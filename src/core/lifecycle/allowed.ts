/**
 * allowed: what may be done to an incident now.
 *
 * XState ignores a forbidden event silently, so it is asked before, never after.
 */
import type { EventDraft, TimelineEvent, TimelineEventType } from '../../model/timeline.ts';
import { incidentMachine } from './machine.ts';
import type { IncidentSnapshot } from './snapshot.ts';
import { afterEvent } from './timers.ts';

/** Each command of `tocsin.incidents`, and the event that it leaves in the timeline. */
export const COMMAND_EVENTS = {
  update: 'incident.updated',
  acknowledge: 'incident.acknowledged',
  unacknowledge: 'incident.unacknowledged',
  snooze: 'incident.snoozed',
  escalate: 'incident.escalated',
  reassign: 'incident.reassigned',
  setSeverity: 'severity.changed',
  assignRole: 'role.assigned',
  addResponder: 'responder.requested',
  removeResponder: 'responder.removed',
  accept: 'responder.accepted',
  decline: 'responder.declined',
  addTask: 'task.added',
  updateTask: 'task.updated',
  completeTask: 'task.completed',
  reopenTask: 'task.reopened',
  addNote: 'note.added',
  pin: 'entry.pinned',
  unpin: 'entry.unpinned',
  link: 'link.added',
  setFields: 'fields.set',
  setSubStatus: 'subStatus.set',
  correctTimes: 'times.corrected',
  postUpdate: 'update.posted',
  draftUpdate: 'update.drafted',
  approveUpdate: 'update.posted',
  discardUpdate: 'update.discarded',
  investigate: 'investigation.started',
  identify: 'cause.identified',
  mitigate: 'incident.mitigated',
  resolve: 'incident.resolved',
  reopen: 'incident.reopened',
  close: 'incident.closed',
  dismiss: 'incident.dismissed',
  merge: 'incident.merged',
} as const satisfies Record<string, TimelineEventType>;

/** The name of a command of `tocsin.incidents`. */
export type CommandName = keyof typeof COMMAND_EVENTS;

/** Where nothing waits to be discarded there is nothing to approve. */
const ALSO: { readonly [N in CommandName]?: TimelineEventType } = { approveUpdate: 'update.discarded' };

type Probe = TimelineEvent | { readonly type: TimelineEventType };

/** The commands that the statechart accepts now, in the order of {@link COMMAND_EVENTS}. */
export function allowed(snapshot: IncidentSnapshot): readonly CommandName[] {
  const state = restored(snapshot);
  return (Object.keys(COMMAND_EVENTS) as CommandName[]).filter((name) => takes(state, name));
}

/** Whether the statechart accepts this command now: what is asked before each, and a part of what {@link allowed} costs. */
export function isAllowed(snapshot: IncidentSnapshot, command: CommandName): boolean {
  return takes(restored(snapshot), command);
}

/** Whether the statechart accepts `event` now; a timer only while one of its kind is live. */
export function canAccept(snapshot: IncidentSnapshot, event: EventDraft | TimelineEvent): boolean {
  if (event.type === 'timer.fired') {
    const after = afterEvent(event.kind);
    return after !== undefined && Object.hasOwn(snapshot.timers, event.kind);
  }
  return accepts(restored(snapshot), event);
}

function restored(snapshot: IncidentSnapshot) {
  return incidentMachine.resolveState({ value: snapshot.value, context: snapshot.context });
}

function takes(state: ReturnType<typeof restored>, name: CommandName): boolean {
  const also = ALSO[name];
  return accepts(state, { type: COMMAND_EVENTS[name] }) && (also === undefined || accepts(state, { type: also }));
}

function accepts(state: ReturnType<typeof restored>, event: EventDraft | Probe): boolean {
  // A guard of a command reads the context only, so the bare type of an event is enough to ask.
  return state.can(event as Parameters<typeof state.can>[0]);
}
