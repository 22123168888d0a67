/**
 * Owed: what the response to an incident still lacks: required roles that nobody has, and tasks that are due.
 *
 * Pure. It says when somebody is reminded and of what; it never knows who is on call, and tells nobody.
 */
import type { Task } from '../../model/response-events.ts';
import type { IncidentContext } from './context.ts';

/** A task that is late is reminded of once a day. */
const TASK_REMINDER_MS = 86_400_000;
/** Whoever has been told so often that nobody has a role is told once a day from then on. */
const MOST_OFTEN = 24;
const SELDOM_MS = 86_400_000;
/** The role that everything falls to that is nobody's. */
const COMMANDER = 'commander';

/** The roles that are required and that nobody has, while the incident is open. */
export function vacantRoles({ outcome, kind, roles, requiredRoles }: IncidentContext): readonly string[] {
  if (outcome !== 'open' || kind === 'backfilled') return [];
  return Object.keys(requiredRoles).filter((role) => !Object.hasOwn(roles, role));
}

/** How long until it is said again that nobody has a required role, in ms. */
export function vacancyDelay(context: IncidentContext): number {
  const moments = vacantRoles(context).map((role) => remindedAt(role, context));
  return Math.max(0, Math.min(...moments) - context.at);
}

/** The vacant roles of which it is said now; of a timer that came too early all of them. */
export function lateRoles(context: IncidentContext): readonly string[] {
  const vacant = vacantRoles(context);
  const late = vacant.filter((role) => remindedAt(role, context) <= context.at);
  return late.length > 0 ? late : vacant;
}

/** The vacant roles that whoever acknowledges first gets. */
export function rolesOfFirst(context: IncidentContext): readonly string[] {
  return vacantRoles(context).filter((role) => own(context.requiredRoles, role)?.fillBy === 'firstAcknowledger');
}

/** Whether somebody is to be reminded of a task, now or later. */
export function hasTaskToRemind(context: IncidentContext): boolean {
  return timedTasks(context).length > 0;
}

/** How long until somebody is reminded of a task, in ms. */
export function taskDelay(context: IncidentContext): number {
  const moments = timedTasks(context).map(({ remindAt }) => remindAt);
  return Math.max(0, Math.min(...moments) - context.at);
}

/** The tasks of which somebody is reminded now. */
export function lateTasks(context: IncidentContext): readonly string[] {
  const timed = timedTasks(context);
  const late = timed.filter(({ remindAt }) => remindAt <= context.at);
  return (late.length > 0 ? late : timed).map(({ id }) => id);
}

/** Who does a task: whoever it is given to, else whoever has its role, else whoever leads the response; `undefined` when nobody does. */
export function ownerOf({ assignee, role }: Task, { roles }: IncidentContext): string | undefined {
  return assignee ?? (role === undefined ? undefined : own(roles, role)) ?? own(roles, COMMANDER);
}

/** What stands under `key`, and never what every object has under that name. */
export function own<V>(record: Readonly<Record<string, V>>, key: string): V | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function remindedAt(role: string, { requiredRoles }: IncidentContext): number {
  const { askedAt = 0, remindMs = 0, said = 0 } = own(requiredRoles, role) ?? {};
  return askedAt + (said < MOST_OFTEN ? remindMs : Math.max(remindMs, SELDOM_MS));
}

function timedTasks({ outcome, kind, tasks, taskReminders }: IncidentContext) {
  if (outcome !== 'open' || kind === 'backfilled') return [];
  return tasks.flatMap(({ id, status, dueAt }) => {
    if (status !== 'open' || dueAt === undefined) return [];
    const before = own(taskReminders, id);
    return [{ id, remindAt: before === undefined ? dueAt : Math.max(dueAt, before + TASK_REMINDER_MS) }];
  });
}
