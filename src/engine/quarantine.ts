/**
 * Quarantine: incidents that this process cannot read, said loudly once and left to whoever can.
 *
 * Nothing is written about it: another process, or a later version, may read what this one cannot.
 */
import { TocsinError } from '../errors.ts';
import type { Logger } from '../ports/clock.ts';
import type { Bus } from './bus.ts';

/** The incidents that this process cannot read. */
export type Quarantine = {
  /** Tells of it, the first time, and answers the error to throw. */
  take(tenant: string, incidentId: string, because: string, cause?: unknown): TocsinError;
  release(tenant: string, incidentId: string): void;
  list(): readonly { readonly tenant: string; readonly incidentId: string }[];
};

/** An empty quarantine. */
export function createQuarantine(bus: Bus, logger: Logger): Quarantine {
  const held = new Map<string, { readonly tenant: string; readonly incidentId: string }>();
  const key = (tenant: string, incidentId: string) => JSON.stringify([tenant, incidentId]);
  return {
    take(tenant, incidentId, because, cause) {
      const error = new TocsinError(
        'SNAPSHOT_UNREADABLE',
        `Cannot read incident ${incidentId}: ${because}, and its timeline does not say what it was. Others go on; pages that were decided still go out.`,
        { details: { tenant, incident: incidentId }, ...(cause !== undefined && { cause }) },
      );
      if (!held.has(key(tenant, incidentId))) {
        held.set(key(tenant, incidentId), { tenant, incidentId });
        logger.error({ error, tenant, incidentId }, 'An incident cannot be read; it is in quarantine.');
        bus.tell('incident.quarantined', { type: 'incident.quarantined', tenant, incidentId, error });
      }
      return error;
    },
    release(tenant, incidentId) {
      held.delete(key(tenant, incidentId));
    },
    list: () => [...held.values()],
  };
}
