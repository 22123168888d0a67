/**
 * Incidents that an answer may be about, the newest first, each once, as far as they can be read.
 *
 * For answers only, which are few: it goes through all of them.
 */
import type { Phase } from '../model/incident.ts';
import type { IncidentRow } from '../ports/storage.ts';
import type { Engine } from './engine.ts';
import type { ReadyIncident } from './reads.ts';
import { reaching } from './transact.ts';

const OPEN: readonly Phase[] = ['triage', 'investigating', 'identified', 'monitoring'];
/** The phases of an incident that is over. */
export const OVER: readonly Phase[] = ['resolved', 'closed', 'dismissed', 'merged'];
const PAGE_SIZE = 500;

/** The open incidents of `tenant`. */
export async function* openIncidents(engine: Engine, tenant: string): AsyncGenerator<ReadyIncident> {
  yield* incidentsIn(engine, tenant, OPEN, Number.NEGATIVE_INFINITY);
}

/** The incidents of `tenant` that are over, and were opened at `since` (epoch ms) or later. */
export async function* recentlyOver(engine: Engine, tenant: string, since: number): AsyncGenerator<ReadyIncident> {
  yield* incidentsIn(engine, tenant, OVER, since);
}

async function* incidentsIn(
  engine: Engine,
  tenant: string,
  phases: readonly Phase[],
  since: number,
): AsyncGenerator<ReadyIncident> {
  let cursor: string | undefined;
  do {
    const query = { phases, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
    const { items, next } = await reaching(() => engine.storage.listIncidents(tenant, query));
    const ready = await Promise.all(items.map((row: IncidentRow) => engine.reads.incident(row)));
    for (const incident of ready) {
      if (incident === undefined) continue;
      if (incident.snapshot.context.times.openedAt < since) return;
      yield incident;
    }
    cursor = next;
  } while (cursor !== undefined);
}
