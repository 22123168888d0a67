/**
 * Plans of a response: what the severity of an incident asks for, with whoever fills a role at that moment.
 *
 * Pure. It answers with the one event that records the decision, so that a replay asks no schedule and no configuration again;
 * it never takes a role from somebody, and never brings a checklist twice. What another severity asked for is asked for no more.
 */
import { durationMs } from '../../model/duration.ts';
import type { Role } from '../../model/response.ts';
import type { Task } from '../../model/response-events.ts';
import type { EventDraft, EventOf } from '../../model/timeline.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { own } from '../lifecycle/owed.ts';
import { namedBy, type People } from '../paging/candidates.ts';
import { incidentFact } from '../paging/incident-fact.ts';
import type { CompiledResponse } from './compile.ts';

type Planned = EventOf<'response.planned'>;

/** What there is to plan at the moment of the incident; `undefined` when its severity asks for nothing new. */
export function planResponse(
  context: IncidentContext,
  people: People,
  response: CompiledResponse,
): EventDraft | undefined {
  const wanted = [...response.roles.values()].filter(({ requiredFor }) => requiredFor.includes(context.severity));
  const roles = wanted.filter(({ id }) => !Object.hasOwn(context.requiredRoles, id)).map(requiredRole);
  const filled = wanted
    .filter(({ id }) => !Object.hasOwn(context.roles, id))
    .flatMap((role) => fill(role, context, people));
  const tasks = tasksOf(context, response);
  const needed = [...response.fields.values()]
    .filter(({ requiredFor }) => requiredFor.includes(context.severity))
    .map(({ id }) => id);
  const fields = needed.filter((id) => !context.requiredFields.includes(id));
  const releasedRoles = Object.keys(context.requiredRoles).filter((role) => !wanted.some(({ id }) => id === role));
  const releasedFields = context.requiredFields.filter((id) => !needed.includes(id));
  const changes = [roles, filled, tasks, fields, releasedRoles, releasedFields];
  if (changes.every(({ length }) => length === 0)) return undefined;
  return {
    type: 'response.planned',
    roles,
    filled,
    tasks,
    ...(fields.length > 0 && { fields }),
    ...(releasedRoles.length > 0 && { releasedRoles }),
    ...(releasedFields.length > 0 && { releasedFields }),
  };
}

function requiredRole({ id, fill, remindEvery }: Role): Planned['roles'][number] {
  const remindMs = durationMs(remindEvery);
  return { role: id, remindMs, ...(fill === 'firstAcknowledger' && { fillBy: fill }) };
}

/** Whoever has the role from now on, if somebody does by itself; nobody gets it who has said that they cannot join. */
function fill({ id: role, fill: how }: Role, context: IncidentContext, people: People): Planned['filled'] {
  if (how === undefined) return [];
  if (how === 'firstAcknowledger') {
    const user = context.acknowledgedBy.find((one) => own(context.responders, one) !== 'declined');
    return user === undefined ? [] : [{ role, user, because: how }];
  }
  const target = { schedule: how.schedule };
  const candidates = namedBy([target], people, context.at).flatMap((named) =>
    'candidate' in named ? [named.candidate] : [],
  );
  const found = candidates.find(({ user }) => people.users.has(user) && own(context.responders, user) !== 'declined');
  return found === undefined ? [] : [{ role, user: found.user, reason: found.reason }];
}

function tasksOf(context: IncidentContext, { checklists }: CompiledResponse): Task[] {
  const known = new Set(context.tasks.flatMap(({ checklist }) => checklist?.id ?? []));
  const fact = incidentFact(context);
  return checklists
    .filter(({ id, gate }) => !known.has(id) && gate.isOpen(fact, context.at))
    .flatMap(({ id, name, items }) =>
      items.map(({ id: item, title, body, role, due }) => ({
        id: `${id}:${item}`,
        title,
        status: 'open' as const,
        ...(body !== undefined && { body }),
        ...(role !== undefined && { role }),
        ...(due !== undefined && { dueAt: context.at + durationMs(due) }),
        checklist: { id, name, item },
      })),
    );
}
