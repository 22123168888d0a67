/**
 * Announced maintenance: what stored windows say to people who are not responding, as status pages show it.
 *
 * Pure. A window without an announcement is nobody's business outside.
 */
import type { PublicMaintenance } from '../core/status/announced.ts';
import type { Audience, MaintenanceStatus } from '../model/status.ts';
import type { QuietRows } from './quiet-document.ts';

/** A maintenance as it was announced. Moments are epoch ms; what was said has the oldest first, beginning with the announcement. */
export type AnnouncedMaintenance = PublicMaintenance & { readonly audience: Audience };

/** The windows of `rows` that were announced by `at` (epoch ms), as they stood then. */
export function announcedMaintenance(
  { maintenance }: Pick<QuietRows, 'maintenance'>,
  at: number,
): readonly AnnouncedMaintenance[] {
  return maintenance.flatMap((row): AnnouncedMaintenance[] => {
    const { id, announcement, fromAt: from, untilAt, createdAt, updates = [] } = row;
    if (announcement === undefined || from === undefined || untilAt === undefined || createdAt > at) return [];
    const { title, text, components, audience } = announcement;
    const endedAt = row.endedAt !== undefined && row.endedAt <= at ? row.endedAt : undefined;
    const isCancelled = endedAt !== undefined && endedAt <= from;
    const said = updates.filter((update) => update.at <= at);
    const first = { id: `${id}:announcement`, at: createdAt, status: 'scheduled' as const, text, audience };
    const changes = [...said.map((update) => update.at), ...(endedAt === undefined ? [] : [endedAt])];
    return [
      {
        id,
        title,
        audience,
        components,
        from,
        until: endedAt === undefined || isCancelled ? untilAt : Math.min(untilAt, endedAt),
        createdAt,
        ...(changes.length > 0 && { updatedAt: Math.max(...changes) }),
        updates: [first, ...said.map((update) => ({ ...pick(update), audience }))],
        ...(isCancelled && { cancelledAt: endedAt }),
      },
    ];
  });
}

function pick({ id, at, status, text }: { id: string; at: number; status: MaintenanceStatus; text: string }) {
  return { id, at, status, text };
}
