/**
 * Snapshots: an incident folded from its timeline, as plain JSON.
 *
 * A snapshot is a cache. It names the statechart it was made by; another version replays the timeline instead.
 */
import type { IncidentContext } from './context.ts';
import type { MACHINE } from './machine.ts';

/** One live timer: the number of the event that armed it, and when it is due (epoch ms). */
export type LiveTimer = { readonly armedSeq: number; readonly dueAt: number };

/** The kinds of timers. Each is unique in the statechart. */
export const TIMER_KINDS = [
  'clearFor',
  'close',
  'hold',
  'step',
  'acknowledgeTimeout',
  'snooze',
  'fallback',
  'reminder',
  'supportHours',
  'roleVacant',
  'taskDue',
  'updateDue',
  'updateOverdue',
  'reviewPending',
  'reviewDraft',
  'reviewApproval',
] as const;

/** The kind of a timer. */
export type TimerKind = (typeof TIMER_KINDS)[number];

/** Where each region of the statechart stands. */
export type StateValue = {
  readonly phase: string;
  readonly alerts: string;
  readonly paging: string | { readonly [state: string]: string };
  readonly urgency: string;
  readonly roles: string;
  readonly tasks: string;
  readonly updates: string;
  readonly review: string;
};

/** An incident folded from its timeline. */
export type IncidentSnapshot = {
  readonly machine: typeof MACHINE;
  readonly machineVersion: number;
  /** How many events are folded in. */
  readonly seq: number;
  readonly value: StateValue;
  readonly context: IncidentContext;
  readonly timers: { readonly [K in TimerKind]?: LiveTimer };
};
