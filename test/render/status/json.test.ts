import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { IMPACTS, type PictureIncident, type StatusPicture } from '../../../src/model/status.ts';
import { STATUS_DOCUMENTS, type StatusDocument, statusJson } from '../../../src/render/index.ts';
import { anchorOf } from '../../../src/render/status/anchor.ts';
import {
  ACTIVE_MAINTENANCE,
  BARE,
  INCIDENT,
  MAINTENANCE,
  NEXT_MAINTENANCE,
  NOW,
  OPEN_INCIDENT,
  OPERATIONAL,
  PICTURES,
} from './machine-pictures.ts';

// The published API, version 2, as status pages at Atlassian answer it: nothing less, nothing more.
const moment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const page = z.strictObject({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  time_zone: z.string(),
  updated_at: moment,
});
const status = z.strictObject({
  indicator: z.enum(['none', 'minor', 'major', 'critical', 'maintenance']),
  description: z.string().min(1),
});
const component = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(IMPACTS),
  created_at: moment,
  updated_at: moment,
  position: z.int().min(1),
  description: z.string().nullable(),
  showcase: z.boolean(),
  start_date: z.iso.date().nullable(),
  group_id: z.string().nullable(),
  page_id: z.string(),
  group: z.boolean(),
  only_show_if_degraded: z.boolean(),
  components: z.array(z.string()).optional(),
});
const update = z.strictObject({
  id: z.string(),
  status: z.enum([
    'investigating',
    'identified',
    'monitoring',
    'resolved',
    'scheduled',
    'in_progress',
    'verifying',
    'completed',
  ]),
  body: z.string(),
  incident_id: z.string(),
  created_at: moment,
  updated_at: moment,
  display_at: moment,
  affected_components: z
    .array(
      z.strictObject({ code: z.string(), name: z.string(), old_status: z.enum(IMPACTS), new_status: z.enum(IMPACTS) }),
    )
    .nullable(),
  deliver_notifications: z.boolean(),
  custom_tweet: z.null(),
  tweet_id: z.null(),
});
const incident = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(['investigating', 'identified', 'monitoring', 'resolved', 'postmortem']),
  created_at: moment,
  updated_at: moment,
  monitoring_at: moment.nullable(),
  resolved_at: moment.nullable(),
  impact: z.enum(['none', 'minor', 'major', 'critical', 'maintenance']),
  shortlink: z.string(),
  started_at: moment,
  page_id: z.string(),
  incident_updates: z.array(update),
  components: z.array(component),
  reminder_intervals: z.string().nullable(),
});
const maintenance = incident.extend({
  status: z.enum(['scheduled', 'in_progress', 'verifying', 'completed']),
  impact: z.literal('maintenance'),
  scheduled_for: moment,
  scheduled_until: moment,
});
const incidents = z.array(incident);
const maintenances = z.array(maintenance);
const components = z.array(component);
const SHAPES = {
  summary: z.strictObject({ page, components, incidents, scheduled_maintenances: maintenances, status }),
  status: z.strictObject({ page, status }),
  components: z.strictObject({ page, components }),
  incidents: z.strictObject({ page, incidents }),
  'incidents/unresolved': z.strictObject({ page, incidents }),
  'scheduled-maintenances': z.strictObject({ page, scheduled_maintenances: maintenances }),
  'scheduled-maintenances/upcoming': z.strictObject({ page, scheduled_maintenances: maintenances }),
  'scheduled-maintenances/active': z.strictObject({ page, scheduled_maintenances: maintenances }),
} satisfies Record<StatusDocument, z.ZodType>;

const read = <D extends StatusDocument>(picture: StatusPicture, document: D): z.output<(typeof SHAPES)[D]> =>
  SHAPES[document].parse(JSON.parse(statusJson(picture, document))) as z.output<(typeof SHAPES)[D]>;
const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);

describe('every document has the published shape', () => {
  test.each(
    PICTURES.flatMap(([name, picture]) => STATUS_DOCUMENTS.map((document) => [document, name, picture] as const)),
  )('%s of %s', (document, _, picture) => {
    expect(() => read(picture, document)).not.toThrow();
  });
});

describe('the page and its state', () => {
  test('the page says who it is and when it last changed', () => {
    expect(read(OPERATIONAL, 'status').page).toEqual({
      id: 'shop',
      name: 'Example Shop',
      url: 'https://status.example.org/',
      time_zone: 'Europe/Berlin',
      updated_at: '2026-11-26T13:00:00.000Z',
    });
  });

  test('a page without an address has none', () => {
    expect(read(BARE, 'summary').page.url).toBe('');
    expect(read({ ...INCIDENT, page: BARE.page }, 'summary').incidents[0]!.shortlink).toBe('');
  });

  test.each([
    ['none', 'All systems operational'],
    ['maintenance', 'Maintenance under way'],
    ['minor', 'Degraded performance'],
    ['major', 'Partial outage'],
    ['critical', 'Major outage'],
  ] as const)('%s is told in words: %s', (indicator, description) => {
    expect(read({ ...BARE, indicator }, 'status').status).toEqual({ indicator, description });
  });
});

describe('components', () => {
  test('stand in the order of the page, a group before its own', () => {
    expect(
      read(INCIDENT, 'components').components.map(({ id, group, group_id, position }) => [
        id,
        group,
        group_id,
        position,
      ]),
    ).toEqual([
      ['checkout', false, null, 1],
      ['group~api', true, null, 2],
      ['api', false, 'group~api', 1],
      ['hooks', false, 'group~api', 2],
      ['search', false, null, 3],
    ]);
  });

  test('a group has the state of the worst of its components, and names them', () => {
    const group = read(INCIDENT, 'components').components.find(({ group }) => group);
    expect(group).toMatchObject({ name: 'Interfaces', status: 'partial_outage', components: ['api', 'hooks'] });
  });

  test('a group that the picture does not know is none', () => {
    const { components } = read({ ...INCIDENT, groups: [] }, 'components');
    expect(components.map(({ id, group_id }) => [id, group_id])).toEqual([
      ['checkout', null],
      ['api', null],
      ['search', null],
      ['hooks', null],
    ]);
  });
});

describe('incidents', () => {
  test('the summary has those that are open, with every update, the newest first', () => {
    const [found, ...others] = read(INCIDENT, 'summary').incidents;
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      id: OPEN_INCIDENT.id,
      name: 'Payments are refused',
      status: 'monitoring',
      impact: 'critical',
      created_at: '2026-11-29T10:00:00.000Z',
      started_at: '2026-11-29T10:00:00.000Z',
      monitoring_at: '2026-11-29T11:40:00.000Z',
      updated_at: '2026-11-29T11:40:00.000Z',
      resolved_at: null,
      page_id: 'shop',
      shortlink: `https://status.example.org/#${anchorOf(OPEN_INCIDENT.id)}`,
    });
    expect(found!.incident_updates.map(({ status, body, incident_id }) => [status, body, incident_id])).toEqual([
      ['monitoring', 'A fix is out.\nWe watch it.', OPEN_INCIDENT.id],
      ['investigating', 'Cards <of some banks> & "wallets" fail.', OPEN_INCIDENT.id],
    ]);
    expect(found!.components.map(({ id, status }) => [id, status])).toEqual([
      ['checkout', 'major_outage'],
      ['api', 'partial_outage'],
    ]);
  });

  test('the list has those that have ended as well, the newest first', () => {
    expect(idsOf(read(INCIDENT, 'incidents').incidents)).toEqual([OPEN_INCIDENT.id, OPERATIONAL.past[0]!.id]);
    expect(idsOf(read(INCIDENT, 'incidents/unresolved').incidents)).toEqual([OPEN_INCIDENT.id]);
    expect(read(OPERATIONAL, 'incidents/unresolved').incidents).toEqual([]);
  });

  test('the list has fifty, and all that are open however old they are', () => {
    const many = (count: number, name: string, startedAt: number): PictureIncident[] =>
      Array.from({ length: count }, (_, index) => ({
        ...OPEN_INCIDENT,
        id: `${name}${index}`,
        startedAt: startedAt - index,
      }));
    const crowded = { ...INCIDENT, incidents: many(3, 'open', 0), past: many(60, 'past', NOW) };
    const ids = idsOf(read(crowded, 'incidents').incidents);
    expect(ids.length).toBe(50);
    expect(ids.slice(0, 2)).toEqual(['past0', 'past1']);
    expect(ids.slice(-4)).toEqual(['past46', 'open0', 'open1', 'open2']);
    expect(read({ ...crowded, incidents: many(60, 'open', NOW) }, 'incidents').incidents.length).toBe(60);
  });

  test.each([
    ['operational', 'none'],
    ['under_maintenance', 'maintenance'],
    ['degraded_performance', 'minor'],
    ['partial_outage', 'major'],
    ['major_outage', 'critical'],
  ] as const)('one whose worst is %s has the impact %s', (impact, expected) => {
    const picture = { ...INCIDENT, incidents: [{ ...OPEN_INCIDENT, impact }] };
    expect(read(picture, 'incidents/unresolved').incidents[0]!.impact).toBe(expected);
  });
});

describe('maintenance', () => {
  test('what goes on and what is to come are told apart', () => {
    const ids = (document: Extract<StatusDocument, `scheduled-${string}`>) =>
      idsOf(read(MAINTENANCE, document).scheduled_maintenances);
    expect(ids('scheduled-maintenances/active')).toEqual([ACTIVE_MAINTENANCE.id]);
    expect(ids('scheduled-maintenances/upcoming')).toEqual([NEXT_MAINTENANCE.id]);
    expect(ids('scheduled-maintenances')).toEqual([NEXT_MAINTENANCE.id, ACTIVE_MAINTENANCE.id, 'm-past']);
    expect(idsOf(read(MAINTENANCE, 'summary').scheduled_maintenances)).toEqual([
      ACTIVE_MAINTENANCE.id,
      NEXT_MAINTENANCE.id,
    ]);
  });

  test('one that is verified still goes on', () => {
    const verifying = { ...MAINTENANCE, maintenance: [{ ...ACTIVE_MAINTENANCE, status: 'verifying' as const }] };
    expect(idsOf(read(verifying, 'scheduled-maintenances/active').scheduled_maintenances)).toEqual(['m-active']);
  });

  test('has its beginning and its end, and once it is completed the moment of that', () => {
    const found = read(MAINTENANCE, 'scheduled-maintenances').scheduled_maintenances;
    expect(found[1]).toMatchObject({
      status: 'in_progress',
      impact: 'maintenance',
      scheduled_for: '2026-11-29T11:00:00.000Z',
      scheduled_until: '2026-11-29T13:00:00.000Z',
      resolved_at: null,
    });
    expect(idsOf(found[1]!.components)).toEqual(['search']);
    expect(found[2]).toMatchObject({ status: 'completed', resolved_at: '2026-11-24T14:00:00.000Z' });
  });
});

test('the same picture made later gives the same bytes', () => {
  for (const document of STATUS_DOCUMENTS)
    expect(statusJson({ ...INCIDENT, at: NOW + 1 }, document)).toBe(statusJson(structuredClone(INCIDENT), document));
});
