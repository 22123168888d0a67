/**
 * External references: what other platforms call an incident of ours.
 *
 * They stand in its timeline as links, so that a replay knows them; a slot leads from each back to the incident.
 */
import type { IncidentLink } from '../model/timeline.ts';
import type { SlotKey } from '../ports/storage.ts';

/** An incident of another platform that mirrors one of ours. */
export type ExternalRef = NonNullable<IncidentLink['external']>;

/** How long a platform may speak of an incident by its own name: a year. */
export const KNOWN_MS = 31_536_000_000;

/** The latest reference by a mirror. */
export function externalRef(links: readonly IncidentLink[], mirror: string): ExternalRef | undefined {
  return links.findLast(({ external }) => external?.mirror === mirror)?.external;
}

/** The slot that leads from an incident of a platform to ours. */
export function externalSlot(platform: string, id: string): SlotKey {
  return { kind: 'external', key: JSON.stringify([platform, id]) };
}

/** What `platform` calls the incident now, by mirror. */
export function lastNames(links: readonly IncidentLink[], platform: string): { readonly [mirror: string]: string } {
  const refs = links.flatMap(({ external }) => (external?.platform === platform ? [external] : []));
  return Object.fromEntries(refs.map(({ mirror, id }) => [mirror, id]));
}
