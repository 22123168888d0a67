/**
 * readable: whether a stored snapshot can be read by this version of the statechart.
 *
 * Only its outline is looked at: a snapshot is a cache, and the timeline stands behind it.
 */
import { MACHINE, MACHINE_VERSION } from './machine.ts';
import type { IncidentSnapshot } from './snapshot.ts';

/** A snapshot that can be read as it is; one that the timeline can make anew; or one that only newer code understands. */
export type ReadSnapshot =
  | { readonly kind: 'current'; readonly snapshot: IncidentSnapshot }
  | { readonly kind: 'replay'; readonly because: string }
  | { readonly kind: 'newer'; readonly because: string };

const PARTS = ['value', 'context', 'timers'] as const;

/** What can be done with the stored snapshot of incident `id`. */
export function readSnapshot(id: string, stored: unknown): ReadSnapshot {
  if (!isObject(stored)) return { kind: 'replay', because: 'it is no JSON object' };
  const { machine, machineVersion, seq, context } = stored;
  if (machine !== MACHINE || typeof machineVersion !== 'number')
    return { kind: 'replay', because: 'it is no snapshot of an incident' };
  if (machineVersion > MACHINE_VERSION)
    return {
      kind: 'newer',
      because: `it was made by version ${machineVersion}, and this is version ${MACHINE_VERSION}`,
    };
  if (machineVersion < MACHINE_VERSION) return { kind: 'replay', because: `it was made by version ${machineVersion}` };
  const isWhole = PARTS.every((part) => isObject(stored[part])) && Number.isInteger(seq);
  if (!isWhole || !isObject(context) || context.id !== id)
    return { kind: 'replay', because: 'parts of it are missing' };
  return { kind: 'current', snapshot: stored as unknown as IncidentSnapshot };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
