/**
 * When an announced maintenance takes place, and how far it is.
 *
 * Pure. The announced times decide; an update can only end it early or say that it is being verified.
 */
import type { MaintenanceStatus } from '../../model/status.ts';
import type { Span } from '../on-call/span.ts';
import type { PublicMaintenance } from './announced.ts';

/**
 * From its beginning to its end as known at `at`: that of the window, of a cancellation or of an update that says `completed`,
 * whichever comes first. `undefined` for a window that is reversed or empty, or was cancelled before it began.
 */
export function maintenanceSpan(maintenance: PublicMaintenance, at: number): Span | undefined {
  const { from, until, updates, cancelledAt } = maintenance;
  let endAt = until;
  if (cancelledAt !== undefined && cancelledAt <= at) endAt = Math.min(endAt, cancelledAt);
  for (const update of updates)
    if (update.status === 'completed' && update.at >= from && update.at <= at) endAt = Math.min(endAt, update.at);
  return endAt > from ? { startAt: from, endAt } : undefined;
}

/** How far a maintenance that takes place in `span` is at `at`. */
export function maintenanceStatus(
  { updates }: PublicMaintenance,
  { startAt, endAt }: Span,
  at: number,
): MaintenanceStatus {
  if (at < startAt) return 'scheduled';
  if (at >= endAt) return 'completed';
  const last = updates.findLast((update) => update.at >= startAt && update.at <= at);
  return last?.status === 'verifying' ? 'verifying' : 'in_progress';
}
