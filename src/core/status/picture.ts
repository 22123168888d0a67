/**
 * The picture of a status page: everything that it shows, for one audience at one moment.
 *
 * Pure. It puts together what its neighbours work out, and never adds a text of its own but a neutral title.
 */
import type {
  Audience,
  ComponentGroup,
  PictureComponent,
  PictureIncident,
  PictureMaintenance,
  StatusPicture,
} from '../../model/status.ts';
import { DAY_MS } from '../on-call/wall-clock.ts';
import { recordAsOf } from './as-of.ts';
import type { CompiledPage, CompiledStatus } from './compile.ts';
import { indicatorOf } from './impact.ts';
import { type ImpactChange, type ImpactSources, impactChanges } from './impact-timeline.ts';
import { withMergedOnes } from './merged-record.ts';
import { latest, pictureIncident, type Viewing } from './picture-incident.ts';
import { pictureMaintenance } from './picture-maintenance.ts';
import type { StatusRecord } from './stored-record.ts';
import { type LocalDay, localDays, uptimeOf } from './uptime.ts';

/** What a picture is made of. */
export type PictureInput = ImpactSources & {
  /** One of `compileStatus(config).pages`. */
  readonly page: CompiledPage;
  readonly status: CompiledStatus;
  /** The moment that is shown, epoch ms. What came later is left out. */
  readonly at: number;
  /** `public`: of an internal page only what everybody may read. A public page never shows more. */
  readonly audience?: Audience;
};

/** What has ended is shown for at least so long. */
const LEAST_PAST_DAYS = 90;

/**
 * What a status page shows at `at`.
 *
 * An incident is on a public page once it has a public update; before that it only colours its components. Its title there is that of
 * the latest public update with one, else one made of its components such as `Checkout: partial outage`. Private incidents, tests and
 * drills are on no page. A page with `components` shows the incidents and maintenance that touch one of them, any other page also those that
 * touch none. What has ended is shown for as many days as the uptime has, at least 90.
 *
 * @example
 * ```ts
 * import { severityConfigSchema, statusSchema } from 'tocsin/model';
 * import { compileStatus, statusPicture } from 'tocsin/status';
 * const status = compileStatus({
 *   status: statusSchema.parse({ components: [{ id: 'shop', name: 'Shop' }], pages: [{ id: 'main', name: 'Acme' }] }),
 *   severity: severityConfigSchema.parse({}),
 * });
 * const page = status.pages.get('main');
 * if (page === undefined) throw new Error('There is no such page.');
 * const at = Date.UTC(2026, 10, 29, 12);
 * const picture = statusPicture({ page, status, records: [], overrides: [], maintenance: [], at });
 * picture.indicator; // => 'none'
 * picture.components[0]?.uptime?.ratio; // => 1
 * ```
 */
export function statusPicture(input: PictureInput): StatusPicture {
  const { page, status, at, overrides } = input;
  const { page: settings, components } = page;
  const audience = settings.audience === 'public' ? 'public' : (input.audience ?? 'internal');
  const viewing: Viewing = { page, audience, at };

  const shownFrom = at - (Math.max(LEAST_PAST_DAYS, settings.uptime.days) + 2) * DAY_MS;
  const asOf = input.records.flatMap((record) => (isLongOver(record, shownFrom) ? [] : (recordAsOf(record, at) ?? [])));
  const records = withMergedOnes(asOf).filter((record) => isAdmitted(record, page));
  const maintenance = input.maintenance.filter(({ createdAt }) => createdAt <= at);
  const changes = impactChanges(new Set(components.map(({ id }) => id)), at, { records, overrides, maintenance });
  const days = localDays(settings.timeZone, settings.uptime.days, at);
  const shown = pictureComponents(page, changes, days);

  const pastFrom = at - Math.max(LEAST_PAST_DAYS, settings.uptime.days) * DAY_MS;
  const incidents = split(
    records.flatMap((record) => pictureIncident(record, viewing) ?? []),
    ({ resolvedAt }) => resolvedAt,
    pastFrom,
  );
  const works = split(
    maintenance.flatMap((one) => pictureMaintenance(one, viewing) ?? []),
    ({ status: reached, endsAt }) => (reached === 'completed' ? endsAt : undefined),
    pastFrom,
  );
  const everything = [...incidents.open, ...incidents.past, ...works.open, ...works.past];
  const moments = [...everything.map(({ updatedAt }) => updatedAt), ...shown.flatMap(({ since }) => since ?? [])];
  const used = new Set(components.map(({ group }) => group));
  const { id, name, description, url, locale, timeZone } = settings;
  const access = settings.access ?? (settings.audience === 'public' ? 'open' : 'authorized');
  return {
    page: {
      ...{ id, name },
      ...(description !== undefined && { description }),
      ...(url !== undefined && { url }),
      ...{ audience, access, locale, timeZone, uptime: settings.uptime },
    },
    at,
    updatedAt: latest(moments.length === 0 ? [days[0]?.startAt ?? at] : moments, at),
    indicator: indicatorOf(
      shown.map(({ impact }) => impact),
      incidents.open.length > 0,
    ),
    groups: status.config.groups.flatMap((group) => (used.has(group.id) ? [shownGroup(group)] : [])),
    components: shown,
    incidents: incidents.open.toSorted((one, other) => other.startedAt - one.startedAt),
    maintenance: works.open.toSorted((one, other) => one.startsAt - other.startsAt),
    past: incidents.past.toSorted(byEnd),
    pastMaintenance: works.past.toSorted((one, other) => other.endsAt - one.endsAt),
  };
}

/** Records are kept longer than a page shows them, and most of them are old. */
function isLongOver({ outcome, endedAt }: StatusRecord, before: number): boolean {
  return outcome !== 'open' && endedAt !== undefined && endedAt < before;
}

/** Whether the page is for incidents like this one, as it is now. Hours are those of its beginning. */
function isAdmitted({ service, severity, kind, openedAt }: StatusRecord, { when }: CompiledPage): boolean {
  return when === undefined || when.test({ service, severity, kind }, openedAt);
}

function pictureComponents(
  { components, page }: CompiledPage,
  changes: ReadonlyMap<string, readonly ImpactChange[]>,
  days: readonly LocalDay[],
): readonly PictureComponent[] {
  return components.map(({ id, name, description, group, showUptime }) => {
    const own = changes.get(id) ?? [];
    const since = shownSince(own);
    return {
      ...{ id, name },
      ...(description !== undefined && { description }),
      ...(group !== undefined && { group }),
      impact: own.at(-1)?.shown ?? 'operational',
      ...(since !== undefined && { since }),
      ...(showUptime && { uptime: uptimeOf(own, days, page.uptime.weights) }),
    };
  });
}

function shownGroup({ id, name, description }: ComponentGroup): StatusPicture['groups'][number] {
  return { id, name, ...(description !== undefined && { description }) };
}

/** When what is shown changed last: not every change is one of what is shown. */
function shownSince(changes: readonly ImpactChange[]): number | undefined {
  const last = changes.at(-1)?.shown;
  const before = changes.findLastIndex(({ shown }) => shown !== last);
  const since = changes[before + 1];
  return before < 0 && last === 'operational' ? undefined : since?.at;
}

/** Those that are not over, and those that ended after `pastFrom`. */
function split<T extends PictureIncident | PictureMaintenance>(
  items: readonly T[],
  endOf: (item: T) => number | undefined,
  pastFrom: number,
): { readonly open: readonly T[]; readonly past: readonly T[] } {
  const ends = items.map((item) => ({ item, end: endOf(item) }));
  return {
    open: ends.flatMap(({ item, end }) => (end === undefined ? [item] : [])),
    past: ends.flatMap(({ item, end }) => (end !== undefined && end >= pastFrom ? [item] : [])),
  };
}

function byEnd(one: PictureIncident, other: PictureIncident): number {
  return (other.resolvedAt ?? 0) - (one.resolvedAt ?? 0);
}
