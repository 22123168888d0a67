/**
 * Rebuilding: the records of incidents that have ended, worked out again from their timelines.
 *
 * Only what is missing or differs is written; so it may be stopped and begun anew at any time. It removes nothing: records
 * outlive their incidents.
 */
import type { TimelineEvent } from '../model/timeline.ts';
import { NO_CHANGE } from './change.ts';
import type { Engine } from './engine.ts';
import { measuredTimelines } from './measured-timeline.ts';
import { numbersKey, numbersRecord } from './number-record.ts';
import type { OnProgress } from './numbers-window.ts';
import { OVER } from './open-incidents.ts';
import { reaching } from './transact.ts';

/** How many incidents are looked at between two words of progress. */
const PAGE = 100;

/** Rebuilds the records of a tenant; answers how many were written. */
export async function rebuildNumbers(engine: Engine, tenant: string, onProgress?: OnProgress): Promise<number> {
  let incidents = 0;
  let written = 0;
  for (let cursor: string | undefined; ; ) {
    const filter = { phases: OVER, limit: PAGE, ...(cursor !== undefined && { cursor }) };
    const { items, next } = await reaching(() => engine.storage.listIncidents(tenant, filter));
    const ids = items.map(({ id }) => id);
    const done = await measuredTimelines(engine, { tenant, ids }, (timeline, id) =>
      rebuildOne(engine, { tenant, id, timeline }),
    );
    incidents += items.length;
    written += done.filter(({ isWritten }) => isWritten).length;
    const { openedAt } = done.at(-1) ?? {};
    if (openedAt !== undefined) onProgress?.({ incidents, at: new Date(openedAt) });
    if (next === undefined) return written;
    cursor = next;
  }
}

type Ended = { readonly tenant: string; readonly id: string; readonly timeline: readonly TimelineEvent[] };
type Rebuilt = { readonly isWritten: boolean; readonly openedAt: number };

/**
 * Whoever changes the incident at the same time writes its record too: then there is nothing to be done. One that is opened
 * again in this very moment may keep its record; that is not read for as long as it is open, and replaced when it ends.
 */
async function rebuildOne(engine: Engine, { tenant, id, timeline }: Ended): Promise<Rebuilt> {
  const openedAt = timeline[0]?.at ?? 0;
  const data = numbersRecord(timeline);
  const key = numbersKey(id, openedAt);
  const [document] = (await reaching(() => engine.load({ tenant, documents: [key] }))).documents;
  if (data === undefined || JSON.stringify(data) === JSON.stringify(document?.data))
    return { isWritten: false, openedAt };
  const documents = [{ ...key, expectedVersion: document?.version ?? 0, data }];
  const change = { ...NO_CHANGE, documents, commitId: engine.ids(), tenant };
  return { isWritten: (await reaching(() => engine.commit(change))) === 'applied', openedAt };
}
