/**
 * Updates of maintenance: what people say of planned work that was announced.
 *
 * One commit: what is stored with the window, and what subscribers are told.
 */
import * as z from 'zod';
import { cleanText } from '../core/text/clean.ts';
import { TocsinError } from '../errors.ts';
import type { MaintenanceUpdate } from '../model/maintenance.ts';
import { type MaintenanceStatus, maintenanceStatusSchema } from '../model/status.ts';
import { authorize } from './authorize.ts';
import type { Engine } from './engine.ts';
import { actorOf, checkShape } from './input.ts';
import { by } from './input-parts.ts';
import { itemOf } from './maintenance-items.ts';
import { changeQuiet, notFound } from './quiet-changes.ts';
import type { MaintenanceRow, QuietRows } from './quiet-document.ts';

/** More than anybody reads. */
const MOST_UPDATES = 200;

/** The input of an update of a maintenance. */
export const MAINTENANCE_UPDATE = z.strictObject({
  by,
  text: z.string().overwrite(cleanText).trim().min(1).max(65_536),
  status: maintenanceStatusSchema.optional(),
});

/** What an update of a maintenance is made of. */
export type MaintenanceUpdateInput = z.input<typeof MAINTENANCE_UPDATE>;

/**
 * Says something of an announced window.
 *
 * @throws TocsinError MAINTENANCE_NOT_FOUND when none of that id is stored; INPUT_INVALID when it was not announced.
 */
export async function postMaintenanceUpdate(engine: Engine, tenant: string, id: string, input: unknown): Promise<void> {
  const { by: who, text, status } = checkShape('post an update of a maintenance', MAINTENANCE_UPDATE, input);
  const author = actorOf(who);
  await authorize(engine, author, 'maintenance.postUpdate', { tenant });
  const updateId = engine.ids();
  await changeQuiet(engine, tenant, (rows, { now, config }) => {
    const row = rows.maintenance.find((one) => one.id === id);
    if (row === undefined) throw notFound('maintenance', id);
    if (row.announcement === undefined || (row.updates?.length ?? 0) >= MOST_UPDATES)
      throw refused(
        id,
        row.announcement === undefined
          ? 'it was not announced; set it with an `announcement`'
          : `${MOST_UPDATES} updates are the most`,
      );
    const update: MaintenanceUpdate = { id: updateId, at: now, by: author, text, status: status ?? standing(row, now) };
    return {
      rows: withRow(rows, { ...row, updates: [...(row.updates ?? []), update] }),
      announced: itemOf(row, config, { what: `update:${updateId}`, at: now, text, status: update.status }),
    };
  });
}

function withRow(rows: QuietRows, row: MaintenanceRow): QuietRows {
  return { ...rows, maintenance: rows.maintenance.map((one) => (one.id === row.id ? row : one)) };
}

/** How far it is by the clock. */
function standing({ fromAt = 0, untilAt = 0, endedAt }: MaintenanceRow, now: number): MaintenanceStatus {
  if (now >= Math.min(untilAt, endedAt ?? untilAt)) return 'completed';
  return now < fromAt ? 'scheduled' : 'in_progress';
}

function refused(id: string, message: string): TocsinError {
  return new TocsinError('INPUT_INVALID', `Cannot post an update of maintenance ${id}: ${message}.`, {
    details: { command: 'maintenance.postUpdate', problems: [{ path: 'id', message }] },
  });
}
