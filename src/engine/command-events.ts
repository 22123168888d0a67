/**
 * Commands to events: what each command of a person leaves in the timeline.
 *
 * Pure. A command only checks what it names and builds one event; whether it may happen now is the statechart's.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import { acknowledgement } from '../core/lifecycle/acknowledgement.ts';
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { durationMs } from '../model/duration.ts';
import type { Ladder } from '../model/escalation.ts';
import type { SeverityLevel } from '../model/severity.ts';
import type { EventDraft } from '../model/timeline.ts';
import { defined, invalid, reachableUser, unknown } from './command-checks.ts';
import type { Builder, CommandWorld, SingleCommand } from './command-world.ts';
import { actorOf, type CheckedInput } from './input.ts';
import { RECORD_BUILDERS } from './record-commands.ts';
import { RESPONSE_BUILDERS } from './response-commands.ts';
import { approvedUpdate, discardedUpdate, draftedUpdate, postedUpdate } from './update-commands.ts';

/** A snooze longer than a day would be a way to forget. */
const LONGEST_SNOOZE_MS = 86_400_000;

const BUILDERS: { readonly [N in SingleCommand]: Builder<N> } = {
  update: ({ by: _, ...changes }) => ({ type: 'incident.updated', ...defined(changes) }),
  acknowledge: ({ by }, context, { paging }) => {
    const actor = actorOf(by);
    // Whoever acknowledged may have sent the page up since: then it is asked for anew.
    const isDone = paging === 'acknowledged' && actor.kind === 'user' && context.acknowledgedBy.includes(actor.id);
    return isDone ? undefined : acknowledgement(actor, context, paging);
  },
  unacknowledge: () => ({ type: 'incident.unacknowledged', reason: 'manual' }),
  snooze: (input) => ({ type: 'incident.snoozed', forMs: snoozeMs(input.for) }),
  escalate: ({ step }, context) => ({
    type: 'incident.escalated',
    ...(step !== undefined && { step: knownStep(step, context.ladder) }),
  }),
  reassign: (input, context, world) => ({
    type: 'incident.reassigned',
    ladder: ladderFor(input, context, world),
    ...defined({ reason: input.reason }),
  }),
  setSeverity: ({ severity, reason }, context, world) => severityChange(severity, context, world, reason),
  ...RESPONSE_BUILDERS,
  ...RECORD_BUILDERS,
  addNote: ({ text }) => ({ type: 'note.added', text }),
  postUpdate: postedUpdate,
  draftUpdate: draftedUpdate,
  approveUpdate: approvedUpdate,
  discardUpdate: discardedUpdate,
  investigate: () => ({ type: 'investigation.started' }),
  identify: ({ cause }) => ({ type: 'cause.identified', ...defined({ cause }) }),
  mitigate: ({ reason }) => ({ type: 'incident.mitigated', ...defined({ reason }) }),
  resolve: ({ reason }) => ({ type: 'incident.resolved', ...defined({ reason }) }),
  reopen: ({ reason }, context, { config, now }) => ({
    type: 'incident.reopened',
    ...defined({ reason }),
    ...config.urgencyOnReturn(context, now),
  }),
  close: ({ reason }) => ({ type: 'incident.closed', ...defined({ reason }) }),
  dismiss: ({ reason }) => ({ type: 'incident.dismissed', ...defined({ reason }) }),
};

/** The event of a command; `undefined` when it would change nothing. */
export function eventOf<N extends SingleCommand>(
  name: N,
  input: CheckedInput<N>,
  context: IncidentContext,
  world: CommandWorld,
): EventDraft | undefined {
  return BUILDERS[name](input, context, world);
}

/** A change of severity with everything that follows from the level; `undefined` when it is that severity already. */
export function severityChange(
  severity: string,
  context: Pick<IncidentContext, 'severity' | 'service'>,
  { config, now }: Pick<CommandWorld, 'config' | 'now'>,
  reason?: string,
): EventDraft | undefined {
  const { id } = knownSeverity(severity, config);
  return id === context.severity ? undefined : config.severityChanged(id, context, now, reason);
}

/**
 * The level of that id.
 *
 * @throws TocsinError REFERENCE_UNKNOWN when the configuration has none.
 */
export function knownSeverity(id: string, { severity }: CompiledConfig): SeverityLevel {
  const level = severity.level(id);
  if (level !== undefined) return level;
  const known = severity.levels.map((other) => other.id);
  throw unknown('severity', id, known);
}

function snoozeMs(text: string): number {
  const ms = durationMs(text);
  if (ms > 0 && ms <= LONGEST_SNOOZE_MS) return ms;
  throw invalid('snooze', 'for', `cannot snooze for ${text}: give more than nothing and at most 24 hours`);
}

function knownStep(step: number, ladder: Ladder): number {
  if (step <= ladder.rungs.length) return step;
  throw invalid(
    'escalate',
    'step',
    `there is no step ${step}: the policy ${ladder.policyId} has ${ladder.rungs.length}`,
  );
}

function ladderFor(
  { policy, users }: CheckedInput<'reassign'>,
  { ladder }: IncidentContext,
  { config }: CommandWorld,
): Ladder {
  if ((policy === undefined) === (users === undefined))
    throw invalid('reassign', 'policy', 'give either `policy` or `users`');
  if (policy !== undefined) {
    if (!config.policies.has(policy)) throw unknown('escalation policy', policy, [...config.policies.keys()]);
    return config.ladder(policy);
  }
  const targets = (users ?? []).map((user) => ({ user: reachableUser(user, config) }));
  const [first] = ladder.rungs;
  const { waitMs = ladder.fallbackEveryMs, until } = first ?? {};
  // The people who were named are asked first; the end of the ladder stays what it was, so that somebody is always reached.
  return {
    ...ladder,
    rungs: [{ targets, waitMs, ...defined({ until }), strategy: 'all' }, ...ladder.rungs],
  };
}
