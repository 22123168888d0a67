/**
 * Overrides of the status page: what people say of a component instead of what its incidents say, until a moment.
 *
 * Each ends by itself: a colour that somebody has set by hand and forgotten would be believed for ever. What has passed is
 * never rewritten.
 */
import * as z from 'zod';
import { TocsinError } from '../errors.ts';
import { durationMs, durationSchema } from '../model/duration.ts';
import { type Actor, actorSchema, idSchema } from '../model/identity.ts';
import { type InstantInput, toEpochMs } from '../model/instant.ts';
import { type Impact, impactSchema } from '../model/status.ts';
import type { DocumentKey } from '../ports/storage.ts';
import { authorize } from './authorize.ts';
import { NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { actorOf, checkShape } from './input.ts';
import { by, reason } from './input-parts.ts';
import { type Decided, transact } from './transact.ts';

/** Names the document. */
export const OVERRIDES: DocumentKey = { collection: 'status-overrides', id: 'stored' };

const instant = z.union([z.string(), z.number(), z.date()]);

const OVERRIDE_INPUT = z.strictObject({
  by,
  component: idSchema,
  impact: impactSchema,
  from: instant.optional(),
  until: instant.optional(),
  for: durationSchema.optional(),
  reason,
});
const CANCEL_INPUT = z.strictObject({ by });

const at = z.number().min(Date.parse('0001-01-01T00:00:00Z')).max(Date.parse('9999-12-31T23:59:59Z'));
const rowSchema = z.looseObject({
  id: idSchema,
  component: idSchema,
  impact: impactSchema,
  from: at,
  until: at,
  reason: z.string().optional(),
  by: actorSchema,
  createdAt: at,
  cancelledAt: at.optional(),
  cancelledBy: actorSchema.optional(),
});
const rowsSchema = z.looseObject({ overrides: z.array(rowSchema) });

/** An override as it is stored. Moments are epoch ms. */
export type OverrideOfStatus = z.infer<typeof rowSchema>;

/** What somebody says of a component, until a moment. */
export type StatusOverrideInput = {
  readonly by: string | Actor;
  readonly component: string;
  readonly impact: Impact;
  /** Default: now. A moment that has passed becomes now. */
  readonly from?: InstantInput;
  /** When it ends: either this or `for`, and at most 30 days after it begins. */
  readonly until?: InstantInput;
  readonly for?: string;
  readonly reason?: string;
};

/** An override that was stored. */
export type ListedStatusOverride = {
  readonly id: string;
  readonly component: string;
  readonly impact: Impact;
  readonly from: Date;
  readonly until: Date;
  readonly reason?: string;
  readonly createdAt: Date;
  readonly createdBy: Actor;
  readonly cancelledAt?: Date;
  readonly cancelledBy?: Actor;
};

const LONGEST_MS = 30 * 86_400_000;
const MOST_ROWS = 1_000;
/** What ended so long ago is forgotten with the next change. */
const KEPT_MS = 400 * 86_400_000;

/** What is stored; what cannot be read says nothing of any component. */
export function readOverrides(data: unknown): readonly OverrideOfStatus[] {
  return rowsSchema.safeParse(data).data?.overrides ?? [];
}

/** Says something of a component until a moment. */
export async function overrideStatus(engine: Engine, tenant: string, input: unknown): Promise<ListedStatusOverride> {
  const checked = checkShape('override a component', OVERRIDE_INPUT, input);
  await authorize(engine, actorOf(checked.by), 'statusPage.override', { tenant, component: checked.component });
  const id = engine.ids();
  return change(engine, tenant, (rows, loaded) => {
    const row = rowOf(checked, id, loaded);
    if (rows.length >= MOST_ROWS)
      throw refusal('component', `there are ${MOST_ROWS} already, which is the most; cancel what is not wanted`);
    return { rows: [...rows, row], answer: listedOverride(row) };
  });
}

/** Takes an override back: one that has begun ends now, one that has not goes. */
export async function cancelStatusOverride(
  engine: Engine,
  tenant: string,
  id: string,
  input: unknown,
): Promise<ListedStatusOverride> {
  const { by: who } = checkShape('cancel an override of a component', CANCEL_INPUT, input);
  await authorize(engine, actorOf(who), 'statusPage.cancelOverride', { tenant });
  return change(engine, tenant, (rows, { now }) => {
    const found = rows.find((row) => row.id === id);
    if (found === undefined)
      throw new TocsinError(
        'OVERRIDE_NOT_FOUND',
        `Cannot cancel override ${String(id).slice(0, 200)}: none of that id is stored for a component.`,
        { details: { override: id } },
      );
    if (found.cancelledAt !== undefined || found.until <= now)
      throw new TocsinError('INVALID_TRANSITION', `Cannot cancel override ${id}: it has ended already.`, {
        details: { override: id },
      });
    const row = { ...found, cancelledAt: now, cancelledBy: actorOf(who), until: Math.max(found.from, now) };
    return { rows: rows.map((one) => (one === found ? row : one)), answer: listedOverride(row) };
  });
}

/** An override as a host sees it. */
export function listedOverride(row: OverrideOfStatus): ListedStatusOverride {
  const { id, component, impact, from, until, reason: why, by: createdBy, createdAt, cancelledAt, cancelledBy } = row;
  return {
    id,
    component,
    impact,
    from: new Date(from),
    until: new Date(until),
    ...(why !== undefined && { reason: why }),
    createdAt: new Date(createdAt),
    createdBy,
    ...(cancelledAt !== undefined && { cancelledAt: new Date(cancelledAt) }),
    ...(cancelledBy !== undefined && { cancelledBy }),
  };
}

function rowOf(input: z.output<typeof OVERRIDE_INPUT>, id: string, { now, config }: Decidable): OverrideOfStatus {
  const { components } = config.config.status;
  if (!components.some((component) => component.id === input.component)) {
    const known = components.map((component) => component.id).slice(0, 8);
    throw refusal(
      'component',
      `there is no component ${input.component}. Known: ${known.join(', ') || 'none'}`,
      'REFERENCE_UNKNOWN',
    );
  }
  const from = Math.max(now, input.from === undefined ? now : toEpochMs(input.from, 'from'));
  if ((input.until === undefined) === (input.for === undefined))
    throw refusal('until', 'say when it ends: give either `until` or `for`');
  const until = input.until === undefined ? from + durationMs(input.for ?? '') : toEpochMs(input.until, 'until');
  if (until <= from) throw refusal('until', until <= now ? 'it has passed' : 'it is not after `from`');
  if (until - from > LONGEST_MS) throw refusal('until', 'it is more than 30 days later');
  return {
    id,
    component: input.component,
    impact: input.impact,
    from,
    until,
    ...(input.reason !== undefined && { reason: input.reason }),
    by: actorOf(input.by),
    createdAt: now,
  };
}

function refusal(
  path: string,
  message: string,
  code: 'INPUT_INVALID' | 'REFERENCE_UNKNOWN' = 'INPUT_INVALID',
): TocsinError {
  return new TocsinError(code, `Cannot override a component: ${path}: ${message}.`, {
    details: { command: 'override', problems: [{ path, message }] },
  });
}

type Changed = { readonly rows: readonly OverrideOfStatus[]; readonly answer: ListedStatusOverride };

/** Stores what `make` makes of what is stored. */
function change(
  engine: Engine,
  tenant: string,
  make: (rows: readonly OverrideOfStatus[], loaded: Decidable) => Changed,
): Promise<ListedStatusOverride> {
  const decide = (loaded: Decidable): Decided<ListedStatusOverride> => {
    const document = loaded.documents.find(({ collection }) => collection === OVERRIDES.collection);
    if (document !== undefined && !rowsSchema.safeParse(document.data).success)
      throw new TocsinError(
        'SNAPSHOT_UNREADABLE',
        'Cannot change the overrides of components: what is stored of them cannot be read, and would be lost.',
        { details: { tenant } },
      );
    const recent = readOverrides(document?.data).filter(({ until }) => until > loaded.now - KEPT_MS);
    const { rows, answer } = make(recent, loaded);
    const documents = [{ ...OVERRIDES, expectedVersion: document?.version ?? 0, data: { overrides: rows } }];
    return { change: { ...NO_CHANGE, documents }, answer: () => answer };
  };
  const turn = JSON.stringify([tenant, OVERRIDES.collection]);
  return engine.inTurn([turn], () => transact(engine, { tenant, documents: [OVERRIDES] }, decide));
}
