/**
 * What is announced, as it is now: what became private after it was posted is told to those who respond to it, and to nobody else.
 *
 * Each incident is read by itself, so that one that cannot be read keeps back what is about it, and nothing else. It makes
 * nothing public that was not.
 */
import { involvedIn } from '../core/lifecycle/involved.ts';
import type { Announced } from '../core/updates/announcement.ts';
import { isTocsinError } from '../errors.ts';
import type { Engine } from './engine.ts';
import type { ReadyIncident } from './reads.ts';
import { reaching } from './transact.ts';

/** Who may hear of an incident now. */
export type Hearing = 'everybody' | 'unknown' | { readonly onlyUsers: readonly string[] };

/** Who may hear of each of `incidents` now; 'unknown' of one that cannot be read here. */
export async function hearingOf(
  engine: Engine,
  tenant: string,
  incidents: Iterable<string>,
): Promise<ReadonlyMap<string, Hearing>> {
  const read = [...new Set(incidents)].map(async (id) => [id, await oneHearing(engine, tenant, id)] as const);
  return new Map(await Promise.all(read));
}

/** `item` as it may be told now; `undefined` when that is not known. */
export function announcedNow(item: Announced, hearing: ReadonlyMap<string, Hearing>): Announced | undefined {
  if (item.incident === undefined) return item;
  const who = hearing.get(item.incident) ?? 'unknown';
  if (who === 'everybody') return item;
  return who === 'unknown' ? undefined : { ...item, audience: 'internal', onlyUsers: [...who.onlyUsers] };
}

async function oneHearing(engine: Engine, tenant: string, id: string): Promise<Hearing> {
  try {
    const { incidents } = await reaching(() => engine.load({ tenant, incidents: [id] }));
    const [incident] = incidents;
    // Of one that is gone nothing is known that would change what was posted.
    if (incident === undefined) return 'everybody';
    return readHearing(incident) ?? readHearing(await replayed(engine, incident)) ?? 'unknown';
  } catch (error) {
    if (isTocsinError(error, 'SNAPSHOT_UNREADABLE')) return 'unknown';
    throw error;
  }
}

function replayed(engine: Engine, incident: ReadyIncident): Promise<ReadyIncident> {
  return reaching(() => engine.reads.replayed(incident, 'who may hear of it is not in its snapshot'));
}

/** `undefined` when the snapshot is damaged where only this looks. */
function readHearing({ snapshot: { context } }: ReadyIncident): Hearing | undefined {
  if (context.visibility === 'public') return 'everybody';
  if (context.visibility !== 'private') return undefined;
  try {
    return { onlyUsers: [...involvedIn(context)] };
  } catch {
    return undefined;
  }
}
