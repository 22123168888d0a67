/**
 * What is announced, as it is now: what became private after it was posted is told to those who respond to it, and to nobody else.
 *
 * Pure. It makes nothing public that was not.
 */
import { involvedIn } from '../core/lifecycle/involved.ts';
import type { Announced } from '../core/updates/announcement.ts';
import type { ReadyIncident } from './reads.ts';

/** `item` by its incident among `incidents`; of one that is not there nothing is known that would change it. */
export function announcedNow(item: Announced, incidents: readonly ReadyIncident[]): Announced {
  const context = incidents.find(({ id }) => id === item.incident)?.snapshot.context;
  if (context === undefined || context.visibility === 'public') return item;
  return { ...item, audience: 'internal', onlyUsers: [...involvedIn(context)] };
}
