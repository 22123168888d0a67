/**
 * Commands of a response: who has which role, who joins, and what is to be done by whom.
 *
 * Pure. Each checks what it names and builds one event; who is told of it is said by the statechart.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { own } from '../core/lifecycle/owed.ts';
import type { Task } from '../model/response-events.ts';
import { defined, knownUser, personOf, reachableUser, unknown } from './command-checks.ts';
import type { Builder } from './command-world.ts';
import { dueMoment } from './due-moment.ts';

type Name =
  | 'assignRole'
  | 'addResponder'
  | 'removeResponder'
  | 'accept'
  | 'decline'
  | 'addTask'
  | 'updateTask'
  | 'completeTask'
  | 'reopenTask';

export const RESPONSE_BUILDERS: { readonly [N in Name]: Builder<N> } = {
  assignRole: ({ role, user }, { roles }, { config }) => {
    const previous = own(roles, knownRole(role, config)) ?? null;
    if (user === previous) return undefined;
    return { type: 'role.assigned', role, user: user === null ? null : knownUser(user, config), previous };
  },
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
  addTask: ({ title, assignee, due }, _, { newId, config, now }) => ({
    type: 'task.added',
    task: {
      id: newId(),
      title,
      status: 'open',
      ...defined({
        assignee: assignee === undefined ? undefined : knownUser(assignee, config),
        dueAt: due === undefined ? undefined : dueMoment(due, { command: 'addTask', path: 'due', now }),
      }),
    },
  }),
  updateTask: ({ task: id, title, assignee, due }, context, { config, now }) => {
    const task = knownTask(id, context);
    const at = due === undefined || due === null ? due : dueMoment(due, { command: 'updateTask', path: 'due', now });
    const owner = assignee === undefined || assignee === null ? assignee : knownUser(assignee, config);
    const changes = defined({
      title: title === task.title ? undefined : title,
      assignee: owner === (task.assignee ?? null) ? undefined : owner,
      dueAt: at === (task.dueAt ?? null) ? undefined : at,
    });
    return Object.keys(changes).length === 0 ? undefined : { type: 'task.updated', task: id, ...changes };
  },
  completeTask: ({ task }, context) =>
    knownTask(task, context).status === 'done' ? undefined : { type: 'task.completed', task },
  reopenTask: ({ task }, context) =>
    knownTask(task, context).status === 'open' ? undefined : { type: 'task.reopened', task },
};

function knownRole(role: string, { response }: CompiledConfig): string {
  if (response.roles.has(role)) return role;
  throw unknown('role', role, [...response.roles.keys()]);
}

function knownResponder(user: string, { responders }: IncidentContext): string {
  if (Object.hasOwn(responders, user)) return user;
  throw unknown('responder', user, Object.keys(responders));
}

function knownTask(id: string, { tasks }: IncidentContext): Task {
  const task = tasks.find((known) => known.id === id);
  if (task !== undefined) return task;
  throw unknown(
    'task',
    id,
    tasks.map((known) => known.id),
  );
}
