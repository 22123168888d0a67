/** Status pages for tests: a configuration, records, overrides and maintenance; never asserts anything. */
import { type CompiledStatus, compileStatus, type PictureInput, type StatusRecord, statusPicture } from 'tocsin/status';
import type * as z from 'zod';
import type { PublicMaintenance, StatusOverride } from '../../../src/core/status/announced.ts';
import { severityConfigSchema } from '../../../src/model/severity.ts';
import { type StatusPicture, statusSchema } from '../../../src/model/status.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Sunday, 29 November 2026, 12:00 UTC. */
export const NOON = Date.UTC(2026, 10, 29, 12);

export const ana = { kind: 'user', id: 'ana' } as const;

type StatusInput = z.input<typeof statusSchema>;

/** Checkout and search fed by services of their name, docs by none; a public page and an internal one. */
export function compiled(more: StatusInput = {}): CompiledStatus {
  return compileStatus({
    status: statusSchema.parse({
      components: [
        { id: 'checkout', name: 'Checkout', services: ['checkout'] },
        { id: 'search', name: 'Search', services: ['search'] },
        { id: 'docs', name: 'Docs' },
      ],
      pages: [
        { id: 'public', name: 'Acme status' },
        { id: 'staff', name: 'Acme inside', audience: 'internal' },
      ],
      ...more,
    }),
    severity: severityConfigSchema.parse({}),
  });
}

/** An incident of `checkout`, open since 11:00, of which nothing was said. */
export function record(more: Partial<StatusRecord> = {}): StatusRecord {
  const openedAt = more.openedAt ?? NOON - HOUR;
  return {
    incidentId: 'i1',
    seq: 1,
    kind: 'real',
    visibility: 'public',
    service: 'checkout',
    severity: 'SEV1',
    openedAt,
    title: 'db-7 of ACME Corp is full',
    phases: [{ at: openedAt, status: 'investigating' }],
    spans: [{ at: openedAt, impacts: { checkout: 'major_outage' } }],
    updates: [],
    byHand: {},
    outcome: 'open',
    ...more,
  };
}

/** The record once it has ended. */
export function ended(one: StatusRecord, endedAt: number, outcome: StatusRecord['outcome'] = 'resolved'): StatusRecord {
  const status = outcome === 'resolved' || outcome === 'closed' ? 'resolved' : 'ended';
  return {
    ...one,
    outcome,
    endedAt,
    phases: [...one.phases, { at: endedAt, status }],
    spans: [...one.spans, { at: endedAt, impacts: {} }],
  };
}

type Update = StatusRecord['updates'][number];

/** The record with one more update; a public one unless it is said to be internal. */
export function told(one: StatusRecord, at: number, more: Partial<Update> = {}): StatusRecord {
  const seq = one.seq + 1;
  const update: Update = {
    id: `${one.incidentId}:${seq}`,
    seq,
    at,
    status: 'investigating',
    text: 'We are looking into it.',
    audience: 'public',
    ...more,
    ...(more.status !== undefined && { isStatusSaid: true }),
  };
  const isPublic = update.audience === 'public';
  return {
    ...one,
    seq,
    updates: [...one.updates, update],
    ...(isPublic && { firstPublicAt: one.firstPublicAt ?? at }),
    ...(isPublic && update.title !== undefined && { publicTitle: update.title }),
  };
}

export function override(more: Partial<StatusOverride> = {}): StatusOverride {
  return { id: 'o1', component: 'checkout', impact: 'degraded_performance', from: NOON - HOUR, by: ana, ...more };
}

/** From 11:00 to 13:00 on `checkout`, announced a day before. */
export function works(more: Partial<PublicMaintenance> = {}): PublicMaintenance {
  return {
    id: 'm1',
    title: 'Database upgrade',
    components: ['checkout'],
    from: NOON - HOUR,
    until: NOON + HOUR,
    createdAt: NOON - DAY,
    updates: [],
    ...more,
  };
}

type Shown = Partial<Omit<PictureInput, 'page' | 'status'>> & {
  readonly page?: string;
  readonly status?: CompiledStatus;
};

/** What a page shows at noon, unless something else is said. */
export function shown({ page = 'public', status = compiled(), ...more }: Shown = {}): StatusPicture {
  const found = status.pages.get(page);
  if (found === undefined) throw new Error(`There is no page ${page}.`);
  return statusPicture({ page: found, status, records: [], overrides: [], maintenance: [], at: NOON, ...more });
}

/** The impact of each component: `{ checkout: 'major_outage', ... }`. */
export function impacts(picture: StatusPicture): Record<string, string> {
  return Object.fromEntries(picture.components.map(({ id, impact }) => [id, impact]));
}
