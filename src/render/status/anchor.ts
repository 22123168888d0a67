/**
 * Anchors: the place on a page that tells of an incident or a maintenance.
 *
 * Pure and short: a page has hundreds. The same id has the same anchor in every process and version.
 */
import { hashOf } from './hash.ts';

const SHORT = /^[a-zA-Z][\w.:-]{0,11}$/;

/** What stands behind `#` for an id: the id itself when it is short, else twelve characters made from it. */
export function anchorOf(id: string): string {
  return SHORT.test(id) ? id : `i-${hashOf(id).slice(0, 10)}`;
}
