/**
 * Involved: who responds to an incident, and so who may see one that is private.
 *
 * Pure. What a host lets in besides is its own decision (`authorize`).
 */
import type { IncidentContext } from './context.ts';

/** Whoever responds: has acknowledged, has joined, has a role or has a task. */
export function respondersOf({ acknowledgedBy, responders, roles, tasks }: IncidentContext): ReadonlySet<string> {
  const accepted = Object.entries(responders).flatMap(([user, status]) => (status === 'accepted' ? [user] : []));
  const assigned = tasks.flatMap(({ assignee }) => assignee ?? []);
  return new Set([...acknowledgedBy, ...accepted, ...Object.values(roles), ...assigned]);
}

/** Whoever opened the incident, and whoever responds to it or was asked to: all who may see it when it is private. */
export function involvedIn(context: IncidentContext): ReadonlySet<string> {
  const opener = context.openedBy === null ? [] : [context.openedBy];
  return new Set([...opener, ...Object.keys(context.responders), ...respondersOf(context)]);
}

/** A private incident appears only to whoever opened it, to those who respond to it, and to those who were asked to. */
export function isVisibleTo(context: IncidentContext, user: string): boolean {
  if (context.visibility === 'public') return true;
  return involvedIn(context).has(user);
}
