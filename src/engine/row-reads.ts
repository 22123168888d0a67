/**
 * Alerts and deliveries as hosts read them.
 *
 * Where it is said who reads (`as`), those of private incidents that they have no part in are left out, and so is what was sent
 * to somebody else alone.
 */
import { isVisibleTo } from '../core/lifecycle/involved.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import type { Engine } from './engine.ts';
import { checkFilter } from './filters.ts';
import type { Read } from './incident-reads.ts';
import type { Tocsin } from './tocsin.ts';
import { reaching } from './transact.ts';
import { alertView, deliveryView } from './views.ts';

/** The most rows that are looked through for those that somebody may see. */
const MOST_ROWS = 100_000;
const USUAL = 100;

/** Lists alerts, and reads one. */
export function alertsOf(engine: Engine, tenant: string, read: Read): Tocsin['alerts'] {
  const { storage } = engine;
  const hides = (as: string) => hidingFrom(engine, tenant, as);
  return {
    list: async (filter = {}) => {
      const { as, limit, ...rest } = checkFilter('alerts', filter);
      const list = (most: number | undefined) =>
        read(() => storage.listAlerts(tenant, { ...rest, ...(most !== undefined && { limit: most }) }));
      const incidentOf = (alert: Awaited<ReturnType<typeof list>>[number]) => alert.incidentId;
      const rows = as === undefined ? await list(limit) : await seen(list, { limit, hides: hides(as), incidentOf });
      return rows.map(alertView);
    },
    get: async (id, options = {}) => {
      refuseUnknownOptions('alerts.get', options, ['as']);
      const [found] = await read(() => storage.listAlerts(tenant, { id, limit: 1 }));
      if (found === undefined) return undefined;
      const { as } = options;
      const isHidden = as !== undefined && (await hides(as)([found.incidentId])).has(found.incidentId ?? '');
      return isHidden ? undefined : alertView(found);
    },
  };
}

/** Lists deliveries. */
export function deliveriesOf(engine: Engine, tenant: string, read: Read): Tocsin['deliveries']['list'] {
  return async (filter = {}) => {
    const { as, limit, ...rest } = checkFilter('deliveries', filter);
    const list = (most: number | undefined) =>
      read(() => engine.storage.listDeliveries(tenant, { ...rest, ...(most !== undefined && { limit: most }) }));
    if (as === undefined) return (await list(limit)).map(deliveryView);
    const isShown = (row: StoredDelivery) => isFor(row, as);
    return (await seen(list, { limit, hides: hidingFrom(engine, tenant, as), incidentOf, isShown })).map(deliveryView);
  };
}

/** What belongs to no incident may list several, as they are seen by whoever it is for. */
function isFor(delivery: StoredDelivery, as: string): boolean {
  return incidentOf(delivery) !== undefined || delivery.user === undefined || delivery.user === as;
}

function incidentOf({ incidentId, reactsTo }: StoredDelivery): string | undefined {
  return incidentId ?? reactsTo?.incidentId;
}

type Hides = (ids: readonly (string | undefined)[]) => Promise<ReadonlySet<string>>;
type Seeing<T> = {
  readonly limit: number | undefined;
  readonly hides: Hides;
  readonly incidentOf: (row: T) => string | undefined;
  readonly isShown?: (row: T) => boolean;
};

/** The first rows that may be seen; more are read until there are enough, or no more. */
async function seen<T>(
  list: (most: number) => Promise<readonly T[]>,
  { limit = USUAL, hides, incidentOf, isShown = () => true }: Seeing<T>,
): Promise<readonly T[]> {
  for (let most = limit; ; most = Math.min(most * 4, MOST_ROWS)) {
    const rows = await list(most);
    const hidden = await hides(rows.map(incidentOf));
    const shown = rows.filter((row) => isShown(row) && !hidden.has(incidentOf(row) ?? ''));
    if (shown.length >= limit || rows.length < most || most >= MOST_ROWS) return shown.slice(0, limit);
  }
}

/** Which of those incidents are private and not theirs; one that cannot be read is kept from them as well. */
function hidingFrom(engine: Engine, tenant: string, as: string): Hides {
  return async (named) => {
    const ids = [...new Set(named.flatMap((id) => id ?? []))];
    const shown = new Set<string>();
    for (let from = 0; from < ids.length; from += USUAL) {
      const some = ids.slice(from, from + USUAL);
      const { incidents } = await reaching(() => engine.storage.load({ tenant, incidents: some }));
      const ready = await Promise.all(incidents.map((row) => engine.reads.incident(row)));
      for (const one of ready) if (one !== undefined && isVisibleTo(one.snapshot.context, as)) shown.add(one.id);
    }
    return new Set(ids.filter((id) => !shown.has(id)));
  };
}
