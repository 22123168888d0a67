/**
 * What people have silenced: silences and maintenance windows, in the order in which they were made, as one document for
 * each tenant.
 *
 * The shape only. A condition that this version cannot read silences nothing: whoever cannot be understood must not keep a
 * page back.
 */
import * as z from 'zod';
import { compileQuiet } from '../core/intake/quiet.ts';
import { isTocsinError } from '../errors.ts';
import { conditionSchema } from '../model/condition.ts';
import { actorSchema, idSchema } from '../model/identity.ts';
import { localDateTimeSchema } from '../model/instant.ts';
import type { Maintenance, Silence } from '../model/intake.ts';
import { maintenanceAnnouncementSchema, maintenanceUpdateSchema } from '../model/maintenance.ts';
import type { DocumentKey } from '../ports/storage.ts';

/** Names the document. */
export const QUIET: DocumentKey = { collection: 'quiet', id: 'stored' };

const at = z.number().min(Date.parse('0001-01-01T00:00:00Z')).max(Date.parse('9999-12-31T23:59:59Z'));
const atEnd = z.enum(['reroute', 'let-be']);

const made = {
  id: idSchema,
  atEnd,
  comment: z.string().optional(),
  createdAt: at,
  createdBy: actorSchema,
  endedAt: at.optional(),
  endedBy: actorSchema.optional(),
};

const silenceRow = z.looseObject({ ...made, when: conditionSchema, fromAt: at, untilAt: at });
const maintenanceRow = z.looseObject({
  ...made,
  services: z.array(idSchema).optional(),
  when: conditionSchema.optional(),
  fromAt: at.optional(),
  untilAt: at.optional(),
  recurring: z
    .object({ timeZone: z.string(), start: localDateTimeSchema, rrule: z.string(), duration: z.string() })
    .optional(),
  notices: z.array(z.string()),
  announcement: z.looseObject(maintenanceAnnouncementSchema.shape).optional(),
  updates: z.array(z.looseObject(maintenanceUpdateSchema.shape)).optional(),
});

const rowsSchema = z.looseObject({ silences: z.array(silenceRow), maintenance: z.array(maintenanceRow) });

/** What people have silenced. Moments are epoch ms. */
export type QuietRows = z.infer<typeof rowsSchema>;
/** A silence as it is stored. */
export type SilenceRow = QuietRows['silences'][number];
/** A maintenance window as it is stored. */
export type MaintenanceRow = QuietRows['maintenance'][number];

/** Nothing was silenced. */
export const NO_QUIET: QuietRows = { silences: [], maintenance: [] };

/** What is stored, or `undefined` when this version cannot read it. */
export function readQuiet(data: unknown): QuietRows | undefined {
  return rowsSchema.safeParse(data).data;
}

/** A silence as the intake knows it; one that was ended lasts until then. */
export function silenceOf({ id, when, fromAt, untilAt, endedAt, createdBy, comment, atEnd: end }: SilenceRow): Silence {
  const author = createdBy.kind === 'system' ? 'tocsin' : createdBy.id;
  return {
    id,
    when,
    ...span(fromAt, Math.min(untilAt, endedAt ?? untilAt)),
    author,
    comment: comment ?? '',
    atEnd: end,
  };
}

/** A window as the intake knows it; one that was ended is over. */
export function maintenanceOf(row: MaintenanceRow): Maintenance {
  const { id, services, when, fromAt, untilAt, recurring, atEnd: end, notices, endedAt } = row;
  const ended = recurring !== undefined && endedAt !== undefined ? span(endedAt - 1, endedAt) : undefined;
  return {
    id,
    ...(services !== undefined && { services }),
    ...(when !== undefined && { when }),
    ...(ended ??
      (recurring === undefined ? span(fromAt ?? 0, Math.min(untilAt ?? 0, endedAt ?? untilAt ?? 0)) : { recurring })),
    atEnd: end,
    notices,
  };
}

/** The rows that can be obeyed, and why the others cannot. */
export function obeyed({ silences, maintenance }: QuietRows): {
  readonly silences: readonly Silence[];
  readonly maintenance: readonly Maintenance[];
  readonly unfit: readonly { readonly id: string; readonly why: string }[];
} {
  const unfit: { readonly id: string; readonly why: string }[] = [];
  const isObeyed = (id: string, compile: () => unknown): boolean => {
    try {
      compile();
      return true;
    } catch (error) {
      if (!isTocsinError(error)) throw error;
      unfit.push({ id, why: error.message });
      return false;
    }
  };
  return {
    silences: silences.map(silenceOf).filter((one) => isObeyed(one.id, () => compileQuiet([one], []))),
    maintenance: maintenance.map(maintenanceOf).filter((one) => isObeyed(one.id, () => compileQuiet([], [one]))),
    unfit,
  };
}

function span(from: number, until: number): { readonly from: string; readonly until: string } {
  return { from: new Date(from).toISOString(), until: new Date(Math.max(from, until)).toISOString() };
}
