/**
 * Similar incidents: which are looked at, and which of them may be named.
 *
 * The newest of the same service, and the newest of all. What is private is never named to anybody who has no part in it.
 */
import * as z from 'zod';
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { isVisibleTo } from '../core/lifecycle/involved.ts';
import { type ComparableIncident, similarTo } from '../core/review/similar.ts';
import { idSchema } from '../model/identity.ts';
import type { SimilarIncident } from '../model/review.ts';
import type { IncidentFilter } from '../ports/storage.ts';
import { loadIncident } from './commands.ts';
import type { Engine } from './engine.ts';
import { shown } from './incident-reads.ts';
import { checkShape } from './input.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

const OPTIONS = z.strictObject({ as: idSchema.optional(), limit: z.int().min(1).max(100).optional() });

const OF_SERVICE = 300;
const OF_ALL = 200;

/** Of which incident, and who reads; without `as` nothing that is private is named. */
export type SimilarTo = {
  readonly tenant: string;
  readonly context: IncidentContext;
  readonly as?: string | undefined;
};

/** At most `limit` incidents that resemble this one, the most alike first. */
export async function similarIncidents(
  engine: Engine,
  { tenant, context, as }: SimilarTo,
  limit: number,
): Promise<readonly SimilarIncident[]> {
  if (limit === 0) return [];
  const [ofService, ofAll] = await Promise.all([
    newest(engine, tenant, { service: context.service, limit: OF_SERVICE }),
    newest(engine, tenant, { limit: OF_ALL }),
  ]);
  const candidates = new Map([...ofService, ...ofAll].map((one) => [one.id, one]));
  const named = [...candidates.values()].filter((one) => isNamed(one, { context, as }));
  return similarTo(comparable(context), named.map(comparable), { most: limit });
}

/** What `tocsin.reviews.similar` answers. */
export async function readSimilar(
  engine: Engine,
  { tenant, id }: { readonly tenant: string; readonly id: string },
  options: unknown,
): Promise<readonly SimilarIncident[]> {
  const doing = 'look for what resembles';
  const { as, limit } = checkShape('look for similar incidents', OPTIONS, options);
  const { snapshot } = shown(await loadIncident(engine, tenant, id, doing), { doing, ...(as !== undefined && { as }) });
  const most = limit ?? configOf(engine, tenant).config.reviews.similar;
  return similarIncidents(engine, { tenant, context: snapshot.context, as }, most);
}

/** What became part of it, or it of that, is the same incident; a test resembles what it tests. */
function isNamed(candidate: IncidentContext, { context, as }: Omit<SimilarTo, 'tenant'>): boolean {
  if (candidate.id === context.id || candidate.outcome === 'merged' || context.mergedInto === candidate.id)
    return false;
  if (candidate.kind === 'test' || candidate.kind === 'drill') return false;
  return candidate.visibility === 'public' || (as !== undefined && isVisibleTo(candidate, as));
}

function comparable({ id, title, body, service, severity, labels, times }: IncidentContext): ComparableIncident {
  return { id, title, service, severity, labels, openedAt: times.openedAt, ...(body !== null && { body }) };
}

async function newest(engine: Engine, tenant: string, filter: IncidentFilter): Promise<readonly IncidentContext[]> {
  const { items } = await reaching(() => engine.storage.listIncidents(tenant, filter));
  const ready = await Promise.all(items.map((row) => engine.reads.incident(row)));
  return ready.flatMap((row) => (row === undefined ? [] : [row.snapshot.context]));
}
