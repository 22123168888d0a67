/**
 * What public pages call an incident, and which components they know, for whoever says it elsewhere: everybody reads the same.
 *
 * Pure. Nothing is in it that a public page would not show.
 */
import { recordAsOf } from './as-of.ts';
import type { CompiledStatus } from './compile.ts';
import { type Touched, touchedHardest } from './neutral-title.ts';
import { pictureIncident, shownImpacts } from './picture-incident.ts';
import { type StatusChange, statusRecordAfter } from './record.ts';

/** What a page calls an incident, and what that is made of while nobody has given it a title for the public. */
export type PageTitle = { readonly title: string; readonly touched?: Touched };

/**
 * What the first public page that shows the incident calls it once the public is told; `undefined` when none would show it.
 * `events` are all of it up to the moment that is meant.
 */
export function pageTitle(status: CompiledStatus, { events, snapshot }: StatusChange): PageTitle | undefined {
  const last = events.at(-1);
  const record = statusRecordAfter(undefined, { events, snapshot }, status);
  if (record === undefined || last === undefined) return undefined;
  const { at } = last;
  const told = recordAsOf({ ...record, firstPublicAt: record.firstPublicAt ?? at }, at);
  if (told === undefined) return undefined;
  for (const page of status.pages.values()) {
    if (page.page.audience !== 'public') continue;
    const shown = pictureIncident(told, { page, audience: 'public', at });
    if (shown === undefined) continue;
    if (told.publicTitle !== undefined) return { title: shown.title };
    const { named } = shownImpacts(told, { page, at, isOver: shown.status === 'resolved' });
    return { title: shown.title, touched: touchedHardest(named, page.components) };
  }
  return undefined;
}

/** Whether the public knows a component: it is on a public page, or there is no such page. One for people inside only is never named outside. */
export function isPublicComponent({ pages }: CompiledStatus, id: string): boolean {
  const open = [...pages.values()].filter(({ page }) => page.audience === 'public');
  return open.length === 0 || open.some(({ places }) => places.has(id));
}
