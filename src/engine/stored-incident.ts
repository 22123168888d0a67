/**
 * The incident that a command is about: as it was read, and as it is after the commit.
 */
import { allowed, type CommandName, isAllowed } from '../core/lifecycle/allowed.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { TocsinError } from '../errors.ts';
import type { Incident } from '../model/incident.ts';
import type { Decidable } from './current-config.ts';
import type { ReadyIncident } from './reads.ts';

/**
 * The incident `id` of what was read.
 *
 * @throws TocsinError INCIDENT_NOT_FOUND when the tenant has none of that id.
 */
export function stored(loaded: Pick<Decidable, 'incidents'>, id: string, doing: string): ReadyIncident {
  const found = loaded.incidents.find((incident) => incident.id === id);
  if (found !== undefined) return found;
  throw new TocsinError(
    'INCIDENT_NOT_FOUND',
    `Cannot ${doing} incident ${String(id).slice(0, 200)}: this tenant has none of that id.`,
    { details: { incident: id } },
  );
}

/**
 * Refuses a command that the statechart does not accept now.
 *
 * @throws TocsinError INVALID_TRANSITION naming what it does accept.
 */
export function refuseUnlessAllowed(snapshot: IncidentSnapshot, command: CommandName): void {
  if (isAllowed(snapshot, command)) return;
  const commands = allowed(snapshot);
  const { phase } = snapshot.value;
  throw new TocsinError(
    'INVALID_TRANSITION',
    `Cannot ${command} incident ${snapshot.context.id}: it is ${phase}. Allowed now: ${commands.join(', ') || 'nothing'}.`,
    {
      details: { incident: snapshot.context.id, command, state: snapshot.value, allowed: commands },
    },
  );
}

/** The incident `id` after the commit. */
export function the(written: ReadonlyMap<string, Incident>, id: string): Incident {
  const incident = written.get(id);
  if (incident === undefined)
    throw new TocsinError('INCIDENT_NOT_FOUND', `Cannot answer with incident ${id}: it was not part of the commit.`);
  return incident;
}
