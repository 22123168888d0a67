/**
 * One announced maintenance as the audience of a page may see it, or nothing.
 *
 * Pure. Its title is read by everybody; internal updates are not.
 */
import type { PictureMaintenance } from '../../model/status.ts';
import type { PublicMaintenance } from './announced.ts';
import { maintenanceSpan, maintenanceStatus } from './maintenance-span.ts';
import { concerns, isForAll, latest, type Viewing } from './picture-incident.ts';

/** The maintenance; `undefined` when it is not announced yet, never takes place, or is not for the page. */
export function pictureMaintenance(
  maintenance: PublicMaintenance,
  { page, audience, at }: Viewing,
): PictureMaintenance | undefined {
  const { id, title, createdAt, updatedAt = createdAt } = maintenance;
  const span = maintenanceSpan(maintenance, at);
  if (span === undefined || !(createdAt <= at)) return undefined;
  if (!concerns(page, maintenance.components) && !isForAll(page)) return undefined;
  const touched = new Set(maintenance.components);
  const updates = maintenance.updates.filter(
    (update) => update.at <= at && (audience === 'internal' || update.audience === 'public'),
  );
  const { startAt, endAt } = span;
  return {
    id,
    title,
    status: maintenanceStatus(maintenance, span, at),
    components: page.components.flatMap((component) => (touched.has(component.id) ? [component.id] : [])),
    startsAt: startAt,
    endsAt: endAt,
    createdAt,
    updatedAt: latest([createdAt, updatedAt, startAt, endAt, ...updates.map((update) => update.at)], at),
    updates: updates
      .map((update) => ({
        id: update.id,
        status: update.status,
        text: update.text,
        at: update.at,
        audience: update.audience,
      }))
      .sort((one, other) => other.at - one.at),
  };
}
