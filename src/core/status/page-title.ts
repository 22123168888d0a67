/**
 * The title of an incident as public pages have it, for whoever says it elsewhere: there is one, and everybody reads the same.
 *
 * Pure. Nothing is in it that a public page would not show.
 */
import { recordAsOf } from './as-of.ts';
import type { CompiledStatus } from './compile.ts';
import { pictureIncident } from './picture-incident.ts';
import { type StatusChange, statusRecordAfter } from './record.ts';

/**
 * What the first public page that shows the incident calls it once the public is told; `undefined` when none would show it.
 * `events` are all of it up to the moment that is meant.
 */
export function pageTitle(status: CompiledStatus, { events, snapshot }: StatusChange): string | undefined {
  const last = events.at(-1);
  const record = statusRecordAfter(undefined, { events, snapshot }, status);
  if (record === undefined || last === undefined) return undefined;
  const { at } = last;
  const told = recordAsOf({ ...record, firstPublicAt: record.firstPublicAt ?? at }, at);
  if (told === undefined) return undefined;
  for (const page of status.pages.values()) {
    if (page.page.audience !== 'public') continue;
    const title = pictureIncident(told, { page, audience: 'public', at })?.title;
    if (title !== undefined) return title;
  }
  return undefined;
}
