/**
 * What is worked out from the timeline of an incident, where one that cannot be read must not keep the others from counting.
 *
 * A storage that fails is another matter: then nothing is answered.
 */
import { isTocsinError } from '../errors.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import type { Engine } from './engine.ts';
import { reaching } from './transact.ts';

/** How many timelines are read at once: pages to people go through the same connections. */
const TOGETHER = 4;

/**
 * What `work` makes of the timeline of each incident, in order. What it cannot make anything of is left out, and said so.
 *
 * @throws TocsinError STORAGE_UNAVAILABLE when the storage failed.
 */
export async function measuredTimelines<T>(
  engine: Pick<Engine, 'storage' | 'logger'>,
  { tenant, ids }: { readonly tenant: string; readonly ids: readonly string[] },
  work: (timeline: readonly TimelineEvent[], id: string) => T | Promise<T>,
): Promise<readonly T[]> {
  const one = async (id: string): Promise<readonly T[]> => {
    try {
      return [await work(await reaching(() => engine.storage.timeline(tenant, id)), id)];
    } catch (error) {
      if (isTocsinError(error) && error.code !== 'TIMELINE_INVALID') throw error;
      engine.logger.warn({ tenant, incident: id, error }, 'The numbers of an incident cannot be worked out.');
      return [];
    }
  };
  const done: T[] = [];
  for (let from = 0; from < ids.length; from += TOGETHER)
    done.push(...(await Promise.all(ids.slice(from, from + TOGETHER).map(one))).flat());
  return done;
}
