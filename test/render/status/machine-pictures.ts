/**
 * Pictures of a status page for the tests of what machines read: one for each state, and one that says anything.
 */
import type { PictureIncident, PictureMaintenance, StatusPicture } from '../../../src/model/status.ts';

/** The moment of the pictures. */
export const NOW = Date.UTC(2026, 10, 29, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** An incident of two components that is still open. */
export const OPEN_INCIDENT: PictureIncident = {
  id: '01980000-0000-7000-8000-000000000001',
  title: 'Payments are refused',
  status: 'monitoring',
  impact: 'major_outage',
  components: { checkout: 'major_outage', api: 'partial_outage' },
  startedAt: NOW - 2 * HOUR_MS,
  monitoringAt: NOW - 20 * MINUTE_MS,
  updatedAt: NOW - 20 * MINUTE_MS,
  updates: [
    {
      id: 'u2',
      status: 'monitoring',
      text: 'A fix is out.\nWe watch it.',
      at: NOW - 20 * MINUTE_MS,
      audience: 'public',
    },
    {
      id: 'u1',
      status: 'investigating',
      text: 'Cards <of some banks> & "wallets" fail.',
      at: NOW - 2 * HOUR_MS,
      audience: 'public',
    },
  ],
};

const PAST_INCIDENT: PictureIncident = {
  id: '01980000-0000-7000-8000-000000000000',
  title: 'Search was slow',
  status: 'resolved',
  impact: 'degraded_performance',
  components: { search: 'degraded_performance' },
  startedAt: NOW - 3 * DAY_MS,
  resolvedAt: NOW - 3 * DAY_MS + HOUR_MS,
  updatedAt: NOW - 3 * DAY_MS + HOUR_MS,
  updates: [
    { id: 'u0', status: 'resolved', text: 'It is fast again.', at: NOW - 3 * DAY_MS + HOUR_MS, audience: 'public' },
  ],
};

/** A maintenance that goes on. */
export const ACTIVE_MAINTENANCE: PictureMaintenance = {
  id: 'm-active',
  title: 'New disks; search, in part',
  status: 'in_progress',
  components: ['search'],
  startsAt: NOW - HOUR_MS,
  endsAt: NOW + HOUR_MS,
  createdAt: NOW - 7 * DAY_MS,
  updatedAt: NOW - HOUR_MS,
  updates: [{ id: 'w1', status: 'in_progress', text: 'We have begun.', at: NOW - HOUR_MS, audience: 'public' }],
};

/** A maintenance to come. */
export const NEXT_MAINTENANCE: PictureMaintenance = {
  id: 'm-next',
  title: 'Another line',
  status: 'scheduled',
  components: ['api', 'search'],
  startsAt: NOW + DAY_MS,
  endsAt: NOW + DAY_MS + 2 * HOUR_MS,
  createdAt: NOW - DAY_MS,
  updatedAt: NOW - DAY_MS,
  updates: [],
};

const PAST_MAINTENANCE: PictureMaintenance = {
  id: 'm-past',
  title: 'Old disks',
  status: 'completed',
  components: ['search'],
  startsAt: NOW - 5 * DAY_MS,
  endsAt: NOW - 5 * DAY_MS + 4 * HOUR_MS,
  createdAt: NOW - 6 * DAY_MS,
  updatedAt: NOW - 5 * DAY_MS + 2 * HOUR_MS,
  updates: [
    { id: 'w0', status: 'completed', text: 'Done early.', at: NOW - 5 * DAY_MS + 2 * HOUR_MS, audience: 'public' },
  ],
};

/** All is well, with a past. */
export const OPERATIONAL: StatusPicture = {
  page: {
    id: 'shop',
    name: 'Example Shop',
    description: 'Buying & selling',
    url: 'https://status.example.org',
    audience: 'public',
    access: 'open',
    locale: 'en',
    timeZone: 'Europe/Berlin',
  },
  at: NOW,
  updatedAt: NOW - 3 * DAY_MS + HOUR_MS,
  indicator: 'none',
  groups: [
    { id: 'empty', name: 'Nobody' },
    { id: 'api', name: 'Interfaces', description: 'For machines' },
  ],
  components: [
    { id: 'checkout', name: 'Checkout', description: 'Paying', impact: 'operational', uptime: { days: [], ratio: 1 } },
    { id: 'api', name: 'API', group: 'api', impact: 'operational', since: NOW - DAY_MS },
    { id: 'search', name: 'Search', impact: 'operational' },
    { id: 'hooks', name: 'Webhooks', group: 'api', impact: 'operational' },
  ],
  incidents: [],
  maintenance: [],
  past: [PAST_INCIDENT],
  pastMaintenance: [PAST_MAINTENANCE],
};

/** An incident is open. */
export const INCIDENT: StatusPicture = {
  ...OPERATIONAL,
  updatedAt: OPEN_INCIDENT.updatedAt,
  indicator: 'critical',
  components: OPERATIONAL.components.map((component) => {
    const impact = OPEN_INCIDENT.components[component.id];
    return impact === undefined ? component : { ...component, impact, since: OPEN_INCIDENT.startedAt };
  }),
  incidents: [OPEN_INCIDENT],
};

/** A maintenance goes on, another is to come. */
export const MAINTENANCE: StatusPicture = {
  ...OPERATIONAL,
  updatedAt: ACTIVE_MAINTENANCE.updatedAt,
  indicator: 'maintenance',
  components: OPERATIONAL.components.map((component) =>
    component.id === 'search' ? { ...component, impact: 'under_maintenance', since: NOW - HOUR_MS } : component,
  ),
  maintenance: [ACTIVE_MAINTENANCE, NEXT_MAINTENANCE],
};

/** For the people of the host only. */
export const INTERNAL: StatusPicture = {
  ...INCIDENT,
  page: { ...INCIDENT.page, audience: 'internal', access: 'authorized' },
  incidents: [
    {
      ...OPEN_INCIDENT,
      updates: [
        { id: 'u3', status: 'monitoring', text: 'It was the cache.', at: NOW - 5 * MINUTE_MS, audience: 'internal' },
        ...OPEN_INCIDENT.updates,
      ],
    },
  ],
};

/** As little as there can be. */
export const BARE: StatusPicture = {
  page: { id: 'bare', name: 'Bare', audience: 'public', access: 'open', locale: 'en', timeZone: 'UTC' },
  at: NOW,
  updatedAt: NOW,
  indicator: 'none',
  groups: [],
  components: [],
  incidents: [],
  maintenance: [],
  past: [],
  pastMaintenance: [],
};

/** Every picture, with what it shows. */
export const PICTURES: readonly (readonly [string, StatusPicture])[] = [
  ['nothing but a name', BARE],
  ['all is well', OPERATIONAL],
  ['an incident', INCIDENT],
  ['maintenance', MAINTENANCE],
  ['an internal page', INTERNAL],
];

/** A picture in which people wrote `title`, `text` and `name` wherever they can. */
export function pictureSaying({ title, text, name }: { title: string; text: string; name: string }): StatusPicture {
  const updatesSaying = (updates: PictureIncident['updates']) => updates.map((update) => ({ ...update, text }));
  const incidentSaying = (incident: PictureIncident) => ({
    ...incident,
    title,
    updates: updatesSaying(incident.updates),
  });
  const maintenanceSaying = (maintenance: PictureMaintenance) => ({
    ...maintenance,
    title,
    updates: updatesSaying(maintenance.updates),
  });
  return {
    ...INTERNAL,
    page: { ...INTERNAL.page, name, description: text },
    groups: INTERNAL.groups.map((group) => ({ ...group, name, description: text })),
    components: INTERNAL.components.map((component) => ({ ...component, name, description: text })),
    incidents: INTERNAL.incidents.map(incidentSaying),
    past: INTERNAL.past.map(incidentSaying),
    maintenance: MAINTENANCE.maintenance.map(maintenanceSaying),
    pastMaintenance: INTERNAL.pastMaintenance.map(maintenanceSaying),
  };
}
