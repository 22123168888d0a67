/**
 * tocsin/lifecycle: the incident statechart for hosts that want to ask it, replay it or draw it.
 *
 * Re-exports only.
 */

export { type Advanced, advance } from './advance.ts';
export { allowed, COMMAND_EVENTS, type CommandName, canAccept } from './allowed.ts';
export type { IncidentContext, KeptNotice, Outcome, RequiredRole } from './context.ts';
export { type DiagramOptions, diagram, type Region } from './diagram.ts';
export type { Effect, Notice, WithdrawalScope } from './effects.ts';
export { incidentMachine, MACHINE, MACHINE_VERSION } from './machine.ts';
export type { MachineEvent, Signal } from './machine-event.ts';
export { type ReplayOptions, replay } from './replay.ts';
export { type Plan, type PlannedEffect, type Settled, type SettleInput, settle, type Withdrawal } from './settle.ts';
export { type IncidentSnapshot, type LiveTimer, type StateValue, TIMER_KINDS, type TimerKind } from './snapshot.ts';
export { incidentView, pagingState } from './view.ts';
