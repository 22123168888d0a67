/**
 * Timers: how the statechart's delayed transitions become rows that outlive the process, and come back.
 *
 * XState gives a timer no generation; `armedSeq` is ours, and a timer of an earlier visit to a state is told
 * apart by it.
 */
import { TocsinError } from '../../errors.ts';
import type { Effect } from './effects.ts';
import { incidentMachine } from './machine.ts';
import { type IncidentSnapshot, type LiveTimer, TIMER_KINDS, type TimerKind } from './snapshot.ts';

type Timers = IncidentSnapshot['timers'];
type Action = { readonly type: string; readonly params?: unknown };

/** The event by which XState takes the delayed transition of a kind. */
const AFTER_EVENTS: ReadonlyMap<string, string> = new Map(afterEvents(incidentMachine.root));

/** The event to give XState when a timer of `kind` fires; `undefined` when there is no such kind. */
export function afterEvent(kind: string): { readonly type: string } | undefined {
  const type = AFTER_EVENTS.get(kind);
  return type === undefined ? undefined : { type };
}

/**
 * Folds the raises and cancels of one transition, in order: the last one of a kind wins.
 *
 * @throws TocsinError DELAY_INVALID when a delay is not finite or below zero; XState would fire it at once.
 */
export function foldTimers(
  before: Timers,
  actions: readonly Action[],
  at: number,
  armedSeq: number,
): { timers: Timers; effects: Effect[] } {
  const timers: { [K in TimerKind]?: LiveTimer } = { ...before };
  for (const action of actions) {
    const change = timerChange(action);
    if (change === undefined) continue;
    if (change.delay === undefined) delete timers[change.kind];
    else timers[change.kind] = { armedSeq, dueAt: at + checkedDelay(change.kind, change.delay) };
  }
  return { timers, effects: TIMER_KINDS.flatMap((kind) => timerEffect(kind, before[kind], timers[kind])) };
}

type Node = typeof incidentMachine.root;

function afterEvents(node: Node): (readonly [string, string])[] {
  const own = node.after.map(({ delay, eventType }) => [String(delay), eventType] as const);
  return [...own, ...Object.values(node.states).flatMap((child) => afterEvents(child as Node))];
}

function timerEffect(kind: TimerKind, before: LiveTimer | undefined, after: LiveTimer | undefined): Effect[] {
  if (after === undefined) return before === undefined ? [] : [{ type: 'cancelTimer', kind }];
  if (before?.armedSeq === after.armedSeq) return [];
  return [{ type: 'armTimer', kind, ...after }];
}

/** An undelayed raise is a signal between regions and no timer. */
function timerChange(action: Action): { readonly kind: TimerKind; readonly delay?: unknown } | undefined {
  const params = action.params as
    | { readonly id?: unknown; readonly sendId?: unknown; readonly delay?: unknown }
    | undefined;
  if (action.type === 'xstate.cancel') return { kind: kindOf(params?.sendId) };
  if (action.type === 'xstate.raise' && params?.delay !== undefined)
    return { kind: kindOf(params.id), delay: params.delay };
  return undefined;
}

function kindOf(id: unknown): TimerKind {
  const [, , name] = String(id).split('.');
  const kind = TIMER_KINDS.find((known) => known === name);
  if (kind === undefined)
    throw new TocsinError('DELAY_INVALID', `Cannot keep timer ${String(id)}: its kind is not in the list of kinds.`);
  return kind;
}

function checkedDelay(kind: TimerKind, delay: unknown): number {
  if (typeof delay === 'number' && Number.isFinite(delay) && delay >= 0) return delay;
  throw new TocsinError(
    'DELAY_INVALID',
    `Cannot arm timer ${kind} with a delay of ${String(delay)}: expected milliseconds, finite and not below zero.`,
    {
      details: { kind, delay: String(delay) },
    },
  );
}
