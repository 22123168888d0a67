/**
 * transition: the statechart asked what is next, without making an actor for each question.
 *
 * XState's own `transition` makes an actor, and with it a first state of the whole machine, each time: more than half of what a
 * step costs. One that is never started serves all questions; nothing is ever sent to it, and no action is carried out.
 */
import {
  type ActorScope,
  createActor,
  type EventFromLogic,
  type ExecutableActionsFrom,
  type SnapshotFrom,
} from 'xstate';
import { EMPTY_CONTEXT, type IncidentContext } from './context.ts';
import { incidentMachine } from './machine.ts';

type Machine = typeof incidentMachine;
/** An action that the shell may carry out. */
export type AskedAction = ExecutableActionsFrom<Machine>;
type Scope = ActorScope<SnapshotFrom<Machine>, EventFromLogic<Machine>>;

/** A state, and the actions that were asked for on the way to it. */
type Answer = readonly [SnapshotFrom<Machine>, readonly AskedAction[]];

/** The state after `event`, and the actions that it asks for. */
export function transition(snapshot: SnapshotFrom<Machine>, event: EventFromLogic<Machine>): Answer {
  return asking((scope) => incidentMachine.transition(snapshot, event, scope));
}

/** The first state of an incident that begins with `context`, and the actions that it asks for. */
export function initialTransition(context: IncidentContext): Answer {
  return asking((scope) => incidentMachine.getInitialSnapshot(scope, context));
}

function asking(question: (scope: Scope) => SnapshotFrom<Machine>): Answer {
  const actions: AskedAction[] = [];
  const snapshot = question({ ...inert(), actionExecutor: (action) => void actions.push(action as AskedAction) });
  return [snapshot, actions];
}

let known: Omit<Scope, 'actionExecutor'> | undefined;

/** The surroundings of an actor that does nothing. */
function inert(): Omit<Scope, 'actionExecutor'> {
  if (known !== undefined) return known;
  const self = createActor(incidentMachine, { input: EMPTY_CONTEXT });
  const nothing = () => {};
  known = {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    logger: nothing,
    defer: nothing,
    emit: nothing,
    stopChild: nothing,
  };
  return known;
}
