/**
 * What stands around an incident in its review: past incidents that resemble it, and the services of what was merged into it.
 *
 * A publication keeps both, so that it does not grow with what happens later. A review is
 * handed on: what is private is never named in that of something else.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { peopleIn, userOf } from '../core/review/people-in.ts';
import type { Publication, SimilarIncident } from '../model/review.ts';
import { loadIncident } from './commands.ts';
import type { Engine } from './engine.ts';
import { personOf } from './people.ts';
import { reviewIn, reviewKey } from './reviews-document.ts';
import { similarIncidents } from './similar-incidents.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** What of other incidents a review shows. */
export type Surroundings = {
  readonly similar: readonly SimilarIncident[];
  readonly absorbedServices: readonly string[];
};

/** What stands around the incident now. */
export async function surroundingsOf(engine: Engine, tenant: string, context: IncidentContext): Promise<Surroundings> {
  const [similar, absorbed] = await Promise.all([
    similarIncidents(engine, { tenant, context }, configOf(engine, tenant).config.reviews.similar),
    contextsOf(engine, tenant, context.absorbed),
  ]);
  return { similar, absorbedServices: [...new Set(absorbed.map(({ service }) => service))] };
}

/** What is kept with a publication. */
export type Kept = Surroundings & { readonly names: Record<string, string> };

/** The same of an incident by its id, and what those are called who took part in it, to be kept with its publication. */
export async function surroundingsToKeep(
  engine: Engine,
  { tenant, id }: { readonly tenant: string; readonly id: string },
): Promise<Kept> {
  await engine.ready();
  const { snapshot } = await loadIncident(engine, tenant, id, 'publish the review of');
  const [around, events, { documents }] = await Promise.all([
    surroundingsOf(engine, tenant, snapshot.context),
    reaching(() => engine.storage.timeline(tenant, id)),
    reaching(() => engine.storage.load({ tenant, documents: [reviewKey(id)] })),
  ]);
  const authors = reviewIn(documents, id).review?.authors ?? [];
  const users = new Set([...peopleIn(events).map(({ user }) => user), ...authors.flatMap(userOf)]);
  const names = [...users].flatMap((user) => {
    const name = personOf(engine, tenant, user)?.name;
    return name === undefined ? [] : [[user, name] as const];
  });
  return { ...around, names: Object.fromEntries(names) };
}

/** What stood around the incident when its review was published, without what is gone or has become private since. */
export async function surroundingsThen(
  engine: Engine,
  tenant: string,
  { similar = [], absorbedServices = [] }: Pick<Publication, 'similar' | 'absorbedServices'>,
): Promise<Surroundings> {
  const ids = similar.map(({ id }) => id);
  const shown = (await contextsOf(engine, tenant, ids)).filter(({ visibility }) => visibility === 'public');
  const named = new Set(shown.map(({ id }) => id));
  return { similar: similar.filter(({ id }) => named.has(id)), absorbedServices };
}

/** Those of them that are still there, and can be read. */
async function contextsOf(engine: Engine, tenant: string, ids: readonly string[]): Promise<readonly IncidentContext[]> {
  if (ids.length === 0) return [];
  const { incidents } = await reaching(() => engine.storage.load({ tenant, incidents: ids }));
  const ready = await Promise.all(incidents.map((row) => engine.reads.incident(row)));
  return ready.flatMap((row) => (row === undefined ? [] : [row.snapshot.context]));
}
