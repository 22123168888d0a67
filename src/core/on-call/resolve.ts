/**
 * Resolving: who is on call at one moment, from the turns, swaps, overrides and priorities that hold then.
 *
 * A swap changes the turns of a layer. An override lies on top of a layer, or of all layers: one that replaces
 * everybody hides what is below, one that adds lets it through, and removing somebody uncovers what is below.
 * Nothing here knows time: everything handed in holds.
 */
import type { Override, Swap } from '../../model/schedule.ts';
import type { Turn } from './rotation.ts';

/** Why somebody is on call. */
export type Source = 'rotation' | 'override' | 'swap';

/** Somebody on call, and why. */
export type Duty = {
  readonly user: string;
  readonly source: Source;
  /** The id of the layer, override or swap that put the user on call. */
  readonly id: string;
  readonly layer?: string;
  /** The number of the handoff that began the turn, from 0. */
  readonly handoff?: number;
};

/** A layer at one moment: its turn, or `undefined` when it is absent. */
export type LayerNow = { readonly id: string; readonly priority: number; readonly turn: Turn | undefined };

/** Everything that holds at one moment, each list in the order of the definition. */
export type Moment = {
  readonly layers: readonly LayerNow[];
  readonly overrides: readonly Override[];
  readonly swaps: readonly Swap[];
};

/** Who is on call at that moment, each user once, ascending by user. */
export function resolve({ layers, overrides, swaps }: Moment): readonly Duty[] {
  if (overrides.length === 0) return eachUserOnce(highest(layers, (layer) => baseOf(layer, swaps)) ?? []);
  let piles: readonly LayerPile[] = layers.map((layer) => ({
    layer: layer.id,
    priority: layer.priority,
    base: baseOf(layer, swaps),
    tops: [],
  }));
  let whole: Top[] = [];
  for (const override of overrides) {
    const isOfAll = override.layer === undefined;
    if (isOfAll && changesOthers(override)) whole = changeTops(whole, override);
    if (isOfAll) whole.push(...topOf(override));
    if (!isOfAll || changesOthers(override)) piles = piles.map((pile) => overlay(pile, override));
  }
  const below = highest(piles, settle);
  return eachUserOnce(settle({ base: below, tops: whole }) ?? []);
}

/** `undefined`: absent, what is below shows. Empty: deliberately nobody. */
type Base = readonly Duty[] | undefined;
type Top = { readonly duties: readonly Duty[]; readonly isOpaque: boolean };
type Pile = { readonly base: Base; readonly tops: readonly Top[] };
type LayerPile = Pile & { readonly layer: string; readonly priority: number };

function baseOf({ id, turn }: LayerNow, swaps: readonly Swap[]): Base {
  const own = swaps.filter(({ layer }) => layer === undefined || layer === id);
  return turn?.users.map((user) => {
    let duty: Duty = { user, source: 'rotation', id, layer: id, handoff: turn.handoff };
    for (const swap of own) {
      if (duty.user === swap.give) duty = { ...duty, user: swap.take, source: 'swap', id: swap.id };
    }
    return duty;
  });
}

/** The pile of one layer under an override of this layer, or of all layers. */
function overlay(pile: LayerPile, override: Override): LayerPile {
  if (override.layer !== undefined && override.layer !== pile.layer) return pile;
  const added = override.layer === undefined ? [] : topOf(override);
  const tops = [...changeTops(pile.tops, override), ...added];
  if (pile.base === undefined || pile.base.length === 0) return { ...pile, tops };
  const base = changeDuties(pile.base, override);
  return { ...pile, tops, base: base.length === 0 ? undefined : base };
}

/** What an override lays on top, if anything. */
function topOf(override: Override): readonly Top[] {
  const { kind, user, id, layer, replaces } = override;
  if (kind === 'remove' || replaces !== undefined) return [];
  const duty: Duty = { user, source: 'override', id, ...(layer === undefined ? {} : { layer }) };
  return [{ duties: [duty], isOpaque: kind === 'replace' }];
}

/** Whether an override takes away or replaces somebody by name; others only lie on top. */
function changesOthers({ kind, replaces }: Override): boolean {
  return kind === 'remove' || replaces !== undefined;
}

function changeTops(tops: readonly Top[], override: Override): Top[] {
  return tops.map((top) => ({ ...top, duties: changeDuties(top.duties, override) }));
}

/** What an override makes of duties that lie below it. */
function changeDuties(duties: readonly Duty[], { kind, user, replaces, id }: Override): readonly Duty[] {
  if (kind === 'remove') return duties.filter((duty) => duty.user !== user);
  if (replaces === undefined) return duties;
  return duties.map((duty) => {
    if (duty.user !== replaces) return duty;
    return { user, source: 'override', id, ...(duty.layer === undefined ? {} : { layer: duty.layer }) };
  });
}

/** Looks at a pile from above, down to the first thing that hides what is below. */
function settle({ base, tops }: Pile): Base {
  const seen: Duty[] = [];
  for (const { duties, isOpaque } of tops.toReversed()) {
    seen.push(...duties);
    if (isOpaque && duties.length > 0) return seen;
  }
  return base === undefined && seen.length === 0 ? undefined : [...seen, ...(base ?? [])];
}

/** The duties of the layers that are present with the highest priority. */
function highest<T extends { readonly priority: number }>(layers: readonly T[], dutiesOf: (layer: T) => Base): Base {
  let best = Number.NEGATIVE_INFINITY;
  let found: Base;
  for (const layer of layers) {
    const duties = layer.priority < best ? undefined : dutiesOf(layer);
    if (duties === undefined) continue;
    found = layer.priority > best ? duties : [...(found ?? []), ...duties];
    best = layer.priority;
  }
  return found;
}

function eachUserOnce(duties: readonly Duty[]): readonly Duty[] {
  if (duties.length <= 1) return duties;
  const first = new Map<string, Duty>();
  for (const duty of duties) if (!first.has(duty.user)) first.set(duty.user, duty);
  return [...first.values()].toSorted((a, b) => (a.user < b.user ? -1 : 1));
}
