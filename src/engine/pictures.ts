/**
 * What the engine is asked for a status page. Types only; the pictures are made in status-pictures.ts.
 */
import type { StatusPicture } from '../model/status.ts';
import type { DocumentChange } from '../ports/storage.ts';

/** Makes the pictures of status pages. */
export type StatusPictures = {
  /** What the page shows; what it showed last, marked as stale, when it cannot be found out. */
  show(whose: { readonly tenant: string; readonly page: string }): Promise<StatusPicture>;
  /** What was stored changes the pages of the tenant, if it is about them. */
  stored(tenant: string, documents: readonly DocumentChange[]): void;
};
