/**
 * The incident statechart: the one place that says what may follow what, and which timers run.
 *
 * Used as data only, through `transition`: it is never started as an actor, because an actor's timers die with
 * the process. Each event has exactly one owner region; the others hear of it by a signal (`~acted`).
 */
import { alerts } from './alerts.ts';
import { review, updates } from './follow-up.ts';
import { paging } from './paging.ts';
import { phase } from './phase.ts';
import { roles, tasks } from './response.ts';
import { urgency } from './urgency.ts';
import { initialContext, vocabulary } from './vocabulary.ts';

/** Names the statechart in stored snapshots. */
export const MACHINE = 'incident';
/** Grows when a stored snapshot can no longer be read as it is; then the timeline is replayed. */
export const MACHINE_VERSION = 6;

/** The statechart, to draw, to walk or to `provide`. */
export const incidentMachine = vocabulary.createMachine({
  id: MACHINE,
  type: 'parallel',
  context: initialContext,
  states: { phase, alerts, paging, urgency, roles, tasks, updates, review },
});
