/**
 * Commands to events: what each command of a person leaves in the timeline.
 *
 * Pure. A command only checks what it names and builds one event; whether it may happen now is the statechart's.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import { acknowledgement } from '../core/lifecycle/acknowledgement.ts';
import type { CommandName } from '../core/lifecycle/allowed.ts';
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { contactsOf } from '../core/paging/contacts.ts';
import { TocsinError } from '../errors.ts';
import { durationMs } from '../model/duration.ts';
import type { Ladder } from '../model/escalation.ts';
import type { Actor } from '../model/identity.ts';
import type { Paging } from '../model/incident.ts';
import type { SeverityLevel } from '../model/severity.ts';
import type { EventDraft } from '../model/timeline.ts';
import { actorOf, type CheckedInput } from './input.ts';
import { approvedUpdate, discardedUpdate, draftedUpdate, postedUpdate } from './update-commands.ts';

/** What a command may look at. */
export type CommandWorld = {
  readonly config: CompiledConfig;
  readonly newId: () => string;
  readonly now: number;
  /** Where the paging of the incident stands. */
  readonly paging: Paging;
};

/** The commands that concern one incident only. */
export type SingleCommand = Exclude<CommandName, 'merge'>;

/** A snooze longer than a day would be a way to forget. */
const LONGEST_SNOOZE_MS = 86_400_000;

type Builder<N extends SingleCommand> = (
  input: CheckedInput<N>,
  context: IncidentContext,
  world: CommandWorld,
) => EventDraft | undefined;

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
  assignRole: ({ role, user }, _, { config }) => ({ type: 'role.assigned', role: knownRole(role, config), user }),
  addResponder: ({ user, message }, _, { config }) => ({
    type: 'responder.requested',
    user: reachableUser(user, config),
    ...defined({ message }),
  }),
  removeResponder: ({ user }, context) => ({ type: 'responder.removed', user: knownResponder(user, context) }),
  accept: ({ by, user }, context) => ({
    type: 'responder.accepted',
    user: knownResponder(user ?? personOf(by), context),
  }),
  decline: ({ by, user, reason }, context) => ({
    type: 'responder.declined',
    user: knownResponder(user ?? personOf(by), context),
    ...defined({ reason }),
  }),
  addTask: ({ title, assignee }, _, { newId }) => ({
    type: 'task.added',
    task: { id: newId(), title, status: 'open', ...defined({ assignee }) },
  }),
  completeTask: ({ task }, context) => (isDone(task, context) ? undefined : { type: 'task.completed', task }),
  addNote: ({ text }) => ({ type: 'note.added', text }),
  link: ({ by: _, ...link }) => ({ type: 'link.added', link: somewhere(defined(link)) }),
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

function reachableUser(id: string, config: CompiledConfig): string {
  const user = config.users.get(id);
  if (user === undefined) throw unknown('user', id, [...config.users.keys()]);
  if (contactsOf(user).length > 0) return id;
  throw new TocsinError(
    'REFERENCE_UNKNOWN',
    `Cannot page user ${id}: they have no contact. Give them one in the configuration.`,
    { details: { user: id } },
  );
}

function knownRole(role: string, config: CompiledConfig): string {
  if (config.config.incidents.roles.includes(role)) return role;
  throw unknown('role', role, config.config.incidents.roles);
}

function knownResponder(user: string, { responders }: IncidentContext): string {
  if (Object.hasOwn(responders, user)) return user;
  throw unknown('responder', user, Object.keys(responders));
}

function isDone(id: string, { tasks }: IncidentContext): boolean {
  const task = tasks.find((known) => known.id === id);
  if (task === undefined)
    throw unknown(
      'task',
      id,
      tasks.map((known) => known.id),
    );
  return task.status === 'done';
}

function somewhere<L extends { readonly href?: string; readonly incident?: string }>(link: L): L {
  if (link.href !== undefined || link.incident !== undefined) return link;
  throw invalid('link', 'href', 'give an `href` or an `incident`');
}

function personOf(by: string | Actor): string {
  const actor = actorOf(by);
  if (actor.kind === 'user') return actor.id;
  throw invalid('accept', 'by', 'only a person can answer; name the `user`');
}

function invalid(command: string, path: string, message: string): TocsinError {
  return new TocsinError('INPUT_INVALID', `Cannot ${command}: ${message}.`, {
    details: { command, problems: [{ path, message }] },
  });
}

function unknown(what: string, id: string, known: readonly string[]): TocsinError {
  const some = known.slice(0, 8).join(', ') || 'none';
  return new TocsinError('REFERENCE_UNKNOWN', `Cannot use ${what} ${id}: there is none of that name. Known: ${some}.`, {
    details: { [what]: id, known: known.slice(0, 100) },
  });
}

/** Drops what is `undefined`, so that it does not stand in a timeline. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
