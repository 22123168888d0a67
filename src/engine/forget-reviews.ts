/**
 * Forgetting reviews: the text of a review goes with its incident.
 *
 * Nothing is forgotten whose incident is still there.
 */
import type { DocumentChange } from '../ports/storage.ts';
import { NO_CHANGE } from './change.ts';
import type { Engine } from './engine.ts';
import { REVIEWS } from './reviews-document.ts';
import { reaching } from './transact.ts';

/** How many incidents are looked for at once. */
const PORTION = 100;

/** Removes the reviews of incidents that were pruned. */
export async function forgetReviews(engine: Engine, tenant: string): Promise<void> {
  const versions = await reaching(() => engine.storage.documentVersions([tenant], REVIEWS));
  const all = versions.filter((one) => one.tenant === tenant);
  for (let index = 0; index < all.length; index += PORTION) {
    const portion = all.slice(index, index + PORTION);
    const { incidents } = await reaching(() => engine.storage.load({ tenant, incidents: portion.map(({ id }) => id) }));
    const there = new Set(incidents.map(({ id }) => id));
    const documents = portion
      .filter(({ id }) => !there.has(id))
      .map(
        ({ id, version }): DocumentChange => ({ collection: REVIEWS, id, expectedVersion: version, data: undefined }),
      );
    // A conflict leaves them for the next time.
    if (documents.length > 0)
      await reaching(() => engine.commit({ ...NO_CHANGE, commitId: engine.ids(), tenant, documents }));
  }
}
