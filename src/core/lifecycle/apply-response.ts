/**
 * What an event of the response changes in the facts of an incident: roles, responders, tasks, and what stands beside them.
 *
 * A fold, as apply.ts is; which event may come when is the statechart's alone.
 */
import { type Actor, SYSTEM } from '../../model/identity.ts';
import type { FieldValue, Task } from '../../model/response-events.ts';
import type { EventOf, TimelineEvent } from '../../model/timeline.ts';
import type { IncidentContext } from './context.ts';
import { own } from './owed.ts';

type Change = Partial<IncidentContext>;

/** What `event` changes; `undefined` when it is none of the response. */
export function responseChange(context: IncidentContext, event: TimelineEvent): Change | undefined {
  switch (event.type) {
    case 'response.planned':
      return planned(context, event);
    case 'role.assigned':
      return { ...withRole(context, event.role, event.user), ...told(context, event.seq, [event]) };
    case 'role.vacant':
      return { requiredRoles: asked(context, event.roles, (said) => said + 1) };
    case 'responder.requested':
      return {
        responders: { ...context.responders, [event.user]: 'requested' },
        requestedBy: withOrWithout(context.requestedBy, event.user, context.byUser),
        declines: without(context.declines, event.user),
        ...(event.message !== undefined && { requests: { ...context.requests, [event.user]: event.message } }),
      };
    case 'responder.accepted':
      return { responders: { ...context.responders, [event.user]: 'accepted' } };
    case 'responder.declined':
      return {
        responders: { ...context.responders, [event.user]: 'declined' },
        declines: withOrWithout(context.declines, event.user, event.reason ?? null),
      };
    case 'responder.removed':
      return { responders: without(context.responders, event.user) };
    case 'task.added':
      return { tasks: [...context.tasks, { createdAt: event.at, createdBy: event.by, ...event.task }] };
    case 'task.updated':
      return updated(context, event);
    case 'task.completed':
      return withTask(context, event.task, (task) => ({
        ...task,
        status: 'done',
        completedAt: event.at,
        completedBy: event.by,
      }));
    case 'task.reopened':
      return withTask(context, event.task, ({ completedAt: _, completedBy: _by, ...task }) => ({
        ...task,
        status: 'open',
      }));
    case 'task.due':
      return {
        taskReminders: { ...context.taskReminders, ...Object.fromEntries(event.tasks.map((id) => [id, event.at])) },
      };
    case 'fields.set':
      return { fields: withFields(context.fields, event.fields) };
    case 'subStatus.set':
      return { subStatus: event.subStatus };
    case 'entry.pinned':
      return { pinned: [...context.pinned.filter((seq) => seq !== event.entry), event.entry] };
    case 'entry.unpinned':
      return { pinned: context.pinned.filter((seq) => seq !== event.entry) };
    case 'times.corrected':
      return { corrections: corrected(context, event) };
    default:
      return undefined;
  }
}

/** As `record`, with every vacant role asked for from now on: an incident that is open again begins to be short of somebody anew. */
export function askedAnew(context: IncidentContext): Pick<IncidentContext, 'requiredRoles'> {
  return { requiredRoles: asked(context, Object.keys(context.requiredRoles)) };
}

/** `record` without `key`. */
export function without<V>(record: Readonly<Record<string, V>>, key: string): Readonly<Record<string, V>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

function planned(context: IncidentContext, event: EventOf<'response.planned'>): Change {
  const required = event.roles.map(({ role, ...how }) => [role, { ...how, askedAt: event.at }] as const);
  const known = new Set(context.tasks.map(({ id }) => id));
  const tasks = event.tasks.filter(({ id }) => !known.has(id)).map((task) => created(task, event.at, SYSTEM));
  const { releasedRoles = [], releasedFields = [] } = event;
  const kept = Object.entries(context.requiredRoles).filter(([role]) => !releasedRoles.includes(role));
  const fields = context.requiredFields.filter((id) => !releasedFields.includes(id));
  return {
    requiredRoles: Object.fromEntries([...kept, ...required]),
    roles: { ...context.roles, ...Object.fromEntries(event.filled.map(({ role, user }) => [role, user])) },
    tasks: [...context.tasks, ...tasks],
    requiredFields: [...new Set([...fields, ...(event.fields ?? [])])],
    ...told(context, event.seq, event.filled),
  };
}

function created(task: Task, at: number, by: Actor): Task {
  return { createdAt: at, createdBy: by, ...task };
}

/** A role that is left begins to be vacant now. */
function withRole(context: IncidentContext, role: string, user: string | null): Change {
  if (user !== null) return { roles: { ...context.roles, [role]: user } };
  return { roles: without(context.roles, role), requiredRoles: asked(context, [role]) };
}

function asked(
  { requiredRoles, at }: IncidentContext,
  roles: readonly string[],
  count: (said: number) => number = () => 0,
): IncidentContext['requiredRoles'] {
  const known = roles.flatMap((role) => {
    const required = own(requiredRoles, role);
    return required === undefined
      ? []
      : [[role, { ...required, askedAt: at, said: count(required.said ?? 0) }] as const];
  });
  return { ...requiredRoles, ...Object.fromEntries(known) };
}

type HandOver = {
  readonly role: string;
  readonly user: string | null;
  readonly previous?: string | null | undefined;
};

/** The latest word to each person about each role: what they were to be told before it is no news any more. */
function told({ roleNews }: IncidentContext, seq: number, all: readonly HandOver[]): Change {
  const news = { ...roleNews };
  for (const { role, user, previous } of all) {
    const people = [user, previous].flatMap((person) => (person == null ? [] : [[person, seq] as const]));
    news[role] = { ...own(news, role), ...Object.fromEntries(people) };
  }
  return { roleNews: news };
}

/** What is due at another time is reminded of then. */
function updated(context: IncidentContext, { task: id, title, assignee, dueAt }: EventOf<'task.updated'>): Change {
  const change = withTask(context, id, ({ assignee: before, dueAt: dueBefore, ...task }) => {
    const owner = assignee === undefined ? before : (assignee ?? undefined);
    const due = dueAt === undefined ? dueBefore : (dueAt ?? undefined);
    return {
      ...task,
      ...(title !== undefined && { title }),
      ...(owner !== undefined && { assignee: owner }),
      ...(due !== undefined && { dueAt: due }),
    };
  });
  return dueAt === undefined ? change : { ...change, taskReminders: without(context.taskReminders, id) };
}

function withTask({ tasks }: IncidentContext, id: string, change: (task: Task) => Task): Change {
  return { tasks: tasks.map((task) => (task.id === id ? change(task) : task)) };
}

function withFields(
  before: IncidentContext['fields'],
  changes: Readonly<Record<string, FieldValue | null>>,
): IncidentContext['fields'] {
  const kept = Object.entries(before).filter(([id]) => !Object.hasOwn(changes, id));
  const set = Object.entries(changes).flatMap(([id, value]) => (value === null ? [] : [[id, value] as const]));
  return Object.fromEntries([...kept, ...set]);
}

function corrected({ corrections }: IncidentContext, { times }: EventOf<'times.corrected'>) {
  const changes = Object.entries(times).flatMap(([name, time]) => (time === undefined ? [] : [[name, time.to]]));
  return { ...corrections, ...Object.fromEntries(changes) };
}

function withOrWithout<V>(record: Readonly<Record<string, V>>, key: string, value: V | null) {
  return value === null ? without(record, key) : { ...record, [key]: value };
}
