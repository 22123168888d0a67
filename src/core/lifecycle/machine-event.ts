/**
 * What the statechart listens to: the events of a timeline, and what its regions tell each other.
 *
 * Types only.
 */
import type { EventOf, TimelineEvent } from '../../model/timeline.ts';

/** What one region tells the others. Never in a timeline. */
export type Signal = {
  readonly type:
    | '~acted'
    | '~answered'
    | '~rolesChanged'
    | '~tasksChanged'
    | '~severityChanged'
    | '~joined'
    | '~returned'
    | '~regressed'
    | '~absorbed'
    | '~allCleared'
    | '~stayedClear'
    | '~resolved'
    | '~ended'
    | '~reopened';
};

/** What the statechart listens to. `timer.fired` reaches it as XState's own `after` event. */
export type MachineEvent = Exclude<TimelineEvent, EventOf<'timer.fired'>> | Signal;
