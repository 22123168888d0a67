/**
 * The picture as the JSON of Atlassian Statuspage's public API, version 2, so that whatever reads theirs reads ours.
 *
 * Pure: the same picture gives the same bytes, at whatever moment it was made. What Statuspage tells and we do not know
 * is null, and never made up.
 *
 * @see https://www.githubstatus.com/api/v2/summary.json
 */
import type { MaintenanceStatus, StatusPicture } from '../../model/status.ts';
import { pageAddress } from './addresses.ts';
import { asOf, INDICATOR_WORDS } from './feed-words.ts';
import { componentsOf } from './json/components.ts';
import { incidentOf, maintenanceOf, type Telling } from './json/incidents.ts';
import { iso, said } from './json/values.ts';
import { recent } from './recent.ts';

/** What can be asked for: `/api/v2/` before it and `.json` behind it make the path that Statuspage has for it. */
export const STATUS_DOCUMENTS = [
  'summary',
  'status',
  'components',
  'incidents',
  'incidents/unresolved',
  'scheduled-maintenances',
  'scheduled-maintenances/upcoming',
  'scheduled-maintenances/active',
] as const;

/** One of the documents of Statuspage's API. */
export type StatusDocument = (typeof STATUS_DOCUMENTS)[number];

/**
 * The picture as a document of Statuspage's public API v2, in the same shape: JSON text.
 *
 * Moments are ISO 8601 in UTC with milliseconds. `summary` has what is open or to come, the lists without `unresolved`,
 * `upcoming` or `active` also what has ended, at most 50 in all; what is open is always there.
 *
 * Where we know less: a group has the id `group~` and its own, since a component may have the same; when a component was
 * made is not known, so that `created_at` is when its state last changed (`updated_at`), or the page when not even that is
 * known; `affected_components` of an update is null; `shortlink` leads to the page, and is empty without an address, as is
 * the `url` of the page.
 *
 * @example
 * ```ts
 * import type { StatusPicture } from 'tocsin/model';
 * import { statusJson } from 'tocsin/render';
 * const picture: StatusPicture = {
 *   page: { id: 'shop', name: 'Shop', audience: 'public', access: 'open', locale: 'en', timeZone: 'UTC' },
 *   at: Date.UTC(2026, 0, 5, 9), updatedAt: Date.UTC(2026, 0, 5, 8), indicator: 'none',
 *   groups: [], components: [], incidents: [], maintenance: [], past: [], pastMaintenance: [],
 * };
 * JSON.parse(statusJson(picture, 'status')).status; // => { indicator: 'none', description: 'All systems operational' }
 * ```
 */
export function statusJson(picture: StatusPicture, document: StatusDocument): string {
  const content = CONTENTS[document]({ picture, components: componentsOf(picture) });
  // JSON within a page of HTML cannot end its script.
  return JSON.stringify({ page: pageOf(picture), ...content }).replaceAll('<', '\\u003c');
}

const CONTENTS: Readonly<Record<StatusDocument, (telling: Telling) => object>> = {
  summary: (telling) => ({
    components: telling.components,
    incidents: openIncidents(telling),
    scheduled_maintenances: currentMaintenance(telling, () => true),
    status: statusOf(telling.picture),
  }),
  status: ({ picture }) => ({ status: statusOf(picture) }),
  components: ({ components }) => ({ components }),
  incidents: (telling) => ({
    incidents: recent(telling.picture.incidents, telling.picture.past, ({ startedAt }) => startedAt).map((incident) =>
      incidentOf(telling, incident),
    ),
  }),
  'incidents/unresolved': (telling) => ({ incidents: openIncidents(telling) }),
  'scheduled-maintenances': (telling) => ({
    scheduled_maintenances: recent(
      telling.picture.maintenance,
      telling.picture.pastMaintenance,
      ({ startsAt }) => startsAt,
    ).map((maintenance) => maintenanceOf(telling, maintenance)),
  }),
  'scheduled-maintenances/upcoming': (telling) => ({
    scheduled_maintenances: currentMaintenance(telling, (status) => status === 'scheduled'),
  }),
  'scheduled-maintenances/active': (telling) => ({
    scheduled_maintenances: currentMaintenance(telling, (status) => status !== 'scheduled'),
  }),
};

function pageOf(picture: StatusPicture): object {
  const { page, updatedAt } = picture;
  return {
    id: page.id,
    name: said(page.name),
    url: pageAddress(picture) ?? '',
    time_zone: page.timeZone,
    updated_at: iso(updatedAt),
  };
}

/** Who reads only this must not take for new what could not be made anew. */
function statusOf({ indicator, stale, at }: StatusPicture): object {
  const words = INDICATOR_WORDS[indicator];
  return { indicator, description: stale === undefined ? words : `${words}, ${asOf(at)}` };
}

function openIncidents(telling: Telling): readonly object[] {
  return telling.picture.incidents.map((incident) => incidentOf(telling, incident));
}

function currentMaintenance(telling: Telling, isAskedFor: (status: MaintenanceStatus) => boolean): readonly object[] {
  return telling.picture.maintenance
    .filter(({ status }) => isAskedFor(status))
    .map((maintenance) => maintenanceOf(telling, maintenance));
}
