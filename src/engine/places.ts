/**
 * Places: how many deliveries each notifier of each tenant may have on their way.
 *
 * A channel that hangs fills its own places and nobody else's. It only counts; who claims and sends is in work.ts.
 */
import type { StoredDelivery } from '../model/delivery.ts';

/** Which deliveries there is room for: those of these tenants, but for the notifiers that are full. */
export type Room = { readonly tenants: readonly string[]; readonly except: readonly string[]; readonly limit: number };

/** Counts who is on the way. */
export type Places = {
  /** Takes a place; answers how to leave it, which says whether its notifier was full until then. */
  take(delivery: Pick<StoredDelivery, 'tenant' | 'notifier'>): () => boolean;
  /** What may be claimed: the tenants that have room everywhere together, each of the others for itself. */
  free(tenants: readonly string[]): readonly Room[];
};

/** How many deliveries a notifier of a tenant may have on their way. */
const PLACES = 16;

/** Nobody is on the way yet. */
export function createPlaces(): Places {
  const taken = new Map<string, Map<string, number>>();

  const of = (tenant: string) => [...(taken.get(tenant) ?? [])];

  /** As many as find a place even if all of them are for the notifier with the fewest places left. */
  function room(tenants: readonly string[]): Room {
    const counts = tenants.flatMap((tenant) => of(tenant).filter(([, count]) => count < PLACES));
    const except = tenants.flatMap((tenant) => of(tenant).filter(([, count]) => count >= PLACES));
    return {
      tenants,
      except: except.map(([notifier]) => notifier),
      limit: PLACES - Math.max(0, ...counts.map(([, count]) => count)),
    };
  }

  return {
    take({ tenant, notifier }) {
      const counts = taken.get(tenant) ?? new Map<string, number>();
      taken.set(tenant, counts.set(notifier, (counts.get(notifier) ?? 0) + 1));
      return () => {
        const count = counts.get(notifier) ?? 0;
        if (count > 1) counts.set(notifier, count - 1);
        else counts.delete(notifier);
        return count >= PLACES;
      };
    },
    free(tenants) {
      const isFull = (tenant: string) => of(tenant).some(([, count]) => count >= PLACES);
      const open = tenants.filter((tenant) => !isFull(tenant));
      const full = tenants.filter(isFull);
      return [...(open.length > 0 ? [room(open)] : []), ...full.map((tenant) => room([tenant]))];
    },
  };
}
