/**
 * Announcements of maintenance: what goes into the queue of what subscribers are told when a window is set, comes near,
 * begins, ends or is taken back.
 *
 * Pure. It goes the same way as updates of incidents, and is told once.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import type { Notice } from '../core/intake/notices.ts';
import { isPublicComponent } from '../core/status/page-title.ts';
import type { Announced } from '../core/updates/announcement.ts';
import { durationMs } from '../model/duration.ts';
import type { MaintenanceStatus } from '../model/status.ts';
import type { MaintenanceRow } from './quiet-document.ts';

type Config = Pick<CompiledConfig, 'config' | 'status'>;

/** That `row` was set. */
export function announcedSet(row: MaintenanceRow, config: Config): readonly Announced[] {
  const { announcement } = row;
  if (announcement === undefined) return [];
  return itemOf(row, config, { what: 'set', at: row.createdAt, text: announcement.text, status: 'scheduled' });
}

/** That `row` was taken back before it began. */
export function announcedCancelled(row: MaintenanceRow, config: Config, at: number): readonly Announced[] {
  return itemOf(row, config, { what: 'cancelled', at, text: '', status: 'completed', isCancelled: true });
}

/** What is told at the moment of `notices`; of a beginning that has passed nobody is reminded, and an end is told once. */
export function announcedAt(
  row: MaintenanceRow | undefined,
  notices: readonly Notice[],
  { config, now }: { readonly config: Config; readonly now: number },
): readonly Announced[] {
  const { announcement } = row ?? {};
  if (row === undefined || announcement === undefined) return [];
  const leads = announcement.remind.map(durationMs);
  return notices.flatMap(({ at, what, of }) => {
    if (what === 'started') return itemOf(row, config, { what: 'started', at, text: '', status: 'in_progress' });
    if (what === 'ended' && saysCompleted(row)) return [];
    if (what === 'ended') return itemOf(row, config, { what: 'ended', at, text: '', status: 'completed' });
    if (what !== 'starts' || of <= now || !leads.includes(of - at)) return [];
    return itemOf(row, config, { what: `remind:${of - at}`, at, text: announcement.text, status: 'scheduled' });
  });
}

/** Whether somebody has said already that the work is over. */
function saysCompleted({ updates = [], fromAt = 0 }: MaintenanceRow): boolean {
  return updates.some(({ status, at }) => status === 'completed' && at >= fromAt);
}

type Said = {
  readonly what: string;
  readonly at: number;
  readonly text: string;
  readonly status: MaintenanceStatus;
  readonly isCancelled?: boolean;
};

/** What is told of an announced window. */
export function itemOf(
  row: MaintenanceRow,
  { config, status: pages }: Config,
  { what, at, text, status, isCancelled }: Said,
): Announced[] {
  const { announcement, fromAt, untilAt, endedAt } = row;
  if (announcement === undefined || fromAt === undefined || untilAt === undefined) return [];
  const { title, components, audience } = announcement;
  const names = new Map(config.status.components.map((component) => [component.id, component.name]));
  return [
    {
      id: `maintenance:${row.id}:${what}`,
      kind: 'maintenance',
      audience,
      at,
      text,
      title,
      publicTitle: title,
      status,
      components: components.flatMap((id) => {
        const name = names.get(id);
        return name === undefined ? [] : [{ id, name, ...(!isPublicComponent(pages, id) && { isInternal: true }) }];
      }),
      from: fromAt,
      until: isCancelled ? untilAt : Math.min(untilAt, endedAt ?? untilAt),
      ...(isCancelled && { isCancelled }),
    },
  ];
}
