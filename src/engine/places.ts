/**
 * Places: how many deliveries each notifier of each tenant may have on their way.
 *
 * A channel that hangs fills its own places and nobody else's, and announcements have fewer of their own: while any of them
 * is on its way, pages and announcements are claimed apart, pages first. It only counts; who claims and sends is in work.ts.
 */
import type { StoredDelivery } from '../model/delivery.ts';
import { announcing, isAnnouncing, withoutLane } from './lane.ts';

/** Which deliveries there is room for: those of these tenants, but for the notifiers that are full. */
export type Room = {
  readonly tenants: readonly string[];
  readonly except: readonly string[];
  readonly limit: number;
  /** Whether a notifier is full, so that what is due for it may be left where it is. */
  readonly isCut: boolean;
};

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
  /** What may be claimed: the tenants that have room everywhere together, each of the others for itself. `names` are all notifiers. */
  free(tenants: readonly string[], names: readonly string[]): readonly Room[];
};

/** How many deliveries a notifier of a tenant may have on their way. */
const PLACES = 64;
/** How many announcements. */
const ANNOUNCING = 24;
/** So many free places of a full notifier are claimed together; claimed one by one they would cost a claim each. */
const MANY = (places: number) => places / 4;

type Place = { count: number; isFull: boolean };

/** Nobody is on the way yet. */
export function createPlaces(): Places {
  const taken = new Map<string, Map<string, Place>>();

  const of = (tenant: string) => [...(taken.get(tenant) ?? [])];
  const ofPages = (tenant: string) => of(tenant).filter(([notifier]) => !isAnnouncing(notifier));
  const ofAnnouncements = (tenant: string) => of(tenant).filter(([notifier]) => isAnnouncing(notifier));

  /** As many as find a place even if all of them are for the notifier with the fewest places left. */
  function room(tenants: readonly string[], except: readonly string[], lanes: 'pages' | 'announcements'): Room {
    const all = tenants.flatMap(lanes === 'pages' ? ofPages : ofAnnouncements);
    const counts = all.filter(([, { isFull }]) => !isFull).map(([, { count }]) => count);
    const full = all.filter(([, { isFull }]) => isFull).map(([notifier]) => notifier);
    return {
      tenants,
      except: [...except, ...full],
      isCut: full.length > 0,
      limit: (lanes === 'pages' ? PLACES : ANNOUNCING) - Math.max(0, ...counts),
    };
  }

  function rooms(tenants: readonly string[], except: readonly string[], lanes: 'pages' | 'announcements') {
    const taking = lanes === 'pages' ? ofPages : ofAnnouncements;
    const isFull = (tenant: string) => taking(tenant).some(([, place]) => place.isFull);
    const open = tenants.filter((tenant) => !isFull(tenant));
    const full = tenants.filter(isFull);
    return [
      ...(open.length > 0 ? [room(open, except, lanes)] : []),
      ...full.map((tenant) => room([tenant], except, lanes)),
    ];
  }

  function leave({ tenant, notifier }: Whose, place: Place): Left {
    const places = placesOf(notifier);
    const isFirst = place.count === places;
    place.count -= 1;
    if (place.count === 0) taken.get(tenant)?.delete(notifier);
    if (!place.isFull) return 'nothing';
    if (place.count > places - MANY(places)) return isFirst ? 'few' : 'nothing';
    place.isFull = false;
    return 'many';
  }

  return {
    take({ tenant, notifier }) {
      const places = taken.get(tenant) ?? new Map<string, Place>();
      const place = places.get(notifier) ?? { count: 0, isFull: false };
      place.count += 1;
      place.isFull ||= place.count >= placesOf(notifier);
      taken.set(tenant, places.set(notifier, place));
      return () => leave({ tenant, notifier }, place);
    },
    open({ tenant, notifier }) {
      const place = taken.get(tenant)?.get(notifier);
      if (place !== undefined && place.count < placesOf(notifier)) place.isFull = false;
    },
    free(tenants, names) {
      if (tenants.every((tenant) => ofAnnouncements(tenant).length === 0)) return rooms(tenants, [], 'pages');
      const [pages, lanes] = [names.map(withoutLane), names.map((name) => announcing(withoutLane(name)))];
      return [...rooms(tenants, lanes, 'pages'), ...rooms(tenants, pages, 'announcements')];
    },
  };
}

function placesOf(notifier: string): number {
  return isAnnouncing(notifier) ? ANNOUNCING : PLACES;
}
