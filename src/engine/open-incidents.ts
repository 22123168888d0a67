/**
 * Open incidents, the newest first, each once, as far as they can be read.
 *
 * For answers only, which are few: it goes through all of them.
 */
import type { Phase } from '../model/incident.ts';
import type { Engine } from './engine.ts';
import type { ReadyIncident } from './reads.ts';
import { reaching } from './transact.ts';

const OPEN: readonly Phase[] = ['triage', 'investigating', 'identified', 'monitoring'];
const PAGE_SIZE = 500;

/** The open incidents of `tenant`. */
export async function* openIncidents(engine: Engine, tenant: string): AsyncGenerator<ReadyIncident> {
  let cursor: string | undefined;
  do {
    const query = { phases: OPEN, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
    const { items, next } = await reaching(() => engine.storage.listIncidents(tenant, query));
    for (const row of items) {
      const incident = await engine.reads.incident(row);
      if (incident !== undefined) yield incident;
    }
    cursor = next;
  } while (cursor !== undefined);
}
