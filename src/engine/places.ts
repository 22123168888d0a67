/**
 * Places: how many deliveries each notifier of each tenant may have on their way.
 *
 * A channel that hangs fills its own places and nobody else's. It only counts; who claims and sends is in work.ts.
 */
import type { StoredDelivery } from '../model/delivery.ts';

/** Which deliveries there is room for: those of these tenants, but for the notifiers that are full. */
export type Room = { readonly tenants: readonly string[]; readonly except: readonly string[]; readonly limit: number };

/** Names a notifier of a tenant. */
type Whose = Pick<StoredDelivery, 'tenant' | 'notifier'>;

/** What leaving a place means for others: `few`: the first place of a full notifier is free; `many`: there is room again. */
export type Left = 'nothing' | 'few' | 'many';

/** Counts who is on the way. */
export type Places = {
  /** Takes a place; answers how to leave it. */
  take(whose: Whose): () => Left;
  /** Lets the few places that have become free at a full notifier be taken. */
  open(whose: Whose): void;
  /** What may be claimed: the tenants that have room everywhere together, each of the others for itself. */
  free(tenants: readonly string[]): readonly Room[];
};

/** How many deliveries a notifier of a tenant may have on their way. */
const PLACES = 64;
/** So many free places of a full notifier are claimed together; claimed one by one they would cost a claim each. */
const MANY = 16;

type Place = { count: number; isFull: boolean };

/** Nobody is on the way yet. */
export function createPlaces(): Places {
  const taken = new Map<string, Map<string, Place>>();

  const of = (tenant: string) => [...(taken.get(tenant) ?? [])];

  /** As many as find a place even if all of them are for the notifier with the fewest places left. */
  function room(tenants: readonly string[]): Room {
    const all = tenants.flatMap(of);
    const counts = all.filter(([, { isFull }]) => !isFull).map(([, { count }]) => count);
    return {
      tenants,
      except: all.filter(([, { isFull }]) => isFull).map(([notifier]) => notifier),
      limit: PLACES - Math.max(0, ...counts),
    };
  }

  function leave({ tenant, notifier }: Whose, place: Place): Left {
    const isFirst = place.count === PLACES;
    place.count -= 1;
    if (place.count === 0) taken.get(tenant)?.delete(notifier);
    if (!place.isFull) return 'nothing';
    if (place.count > PLACES - MANY) return isFirst ? 'few' : 'nothing';
    place.isFull = false;
    return 'many';
  }

  return {
    take({ tenant, notifier }) {
      const places = taken.get(tenant) ?? new Map<string, Place>();
      const place = places.get(notifier) ?? { count: 0, isFull: false };
      place.count += 1;
      place.isFull ||= place.count >= PLACES;
      taken.set(tenant, places.set(notifier, place));
      return () => leave({ tenant, notifier }, place);
    },
    open({ tenant, notifier }) {
      const place = taken.get(tenant)?.get(notifier);
      if (place !== undefined && place.count < PLACES) place.isFull = false;
    },
    free(tenants) {
      const isFull = (tenant: string) => of(tenant).some(([, place]) => place.isFull);
      const open = tenants.filter((tenant) => !isFull(tenant));
      const full = tenants.filter(isFull);
      return [...(open.length > 0 ? [room(open)] : []), ...full.map((tenant) => room([tenant]))];
    },
  };
}
