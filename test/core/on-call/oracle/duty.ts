/**
 * The oracle's minute: who is on call, from the turns of the layers and the overrides and swaps that hold then.
 *
 * Written from docs/on-call.md and SEMANTICS 20: an override beats swaps, a swap beats rotations, the later override wins,
 * `null` hides lower layers and removing somebody uncovers them. It shares nothing with src/core/on-call/resolve.ts.
 */
import type { Override, Swap } from '../../../../src/model/schedule.ts';

/** Somebody and the reason, in the words of `whoText`. */
export type Person = { readonly user: string; readonly why: string; readonly layer: string };

/** What one layer has at this minute: people, deliberately nobody (an empty list), or nothing at all. */
export type LayerMinute = {
  readonly id: string;
  readonly priority: number;
  readonly people: readonly Person[] | undefined;
};

/** `ana rotation weekly weekly 3`: who, by what, its id, the layer and the handoff. */
export function whoText(of: {
  readonly user: string;
  readonly source: string;
  readonly id: string;
  readonly layer?: string | undefined;
  readonly handoff?: number | undefined;
}): string {
  return `${of.user} ${of.source} ${of.id} ${of.layer ?? '-'} ${of.handoff ?? '-'}`;
}

/** Who is on call, as sorted texts, each user once. */
export function onCallOf(layers: readonly LayerMinute[], swaps: readonly Swap[], overrides: readonly Override[]) {
  const visible = layers.map((layer) => ({ ...layer, people: layerSees(layer, swaps, overrides) }));
  const active = visible.filter(({ people }) => people !== undefined);
  const top = Math.max(...active.map(({ priority }) => priority));
  const below = active.filter(({ priority }) => priority === top).flatMap(({ people }) => people ?? []);
  const all = look(below, active.length > 0, overrides, undefined) ?? [];
  const first = new Map<string, string>();
  for (const { user, why } of all) if (!first.has(user)) first.set(user, why);
  return [...first.values()].toSorted();
}

/** One layer with its swaps and all overrides that reach it; `undefined` when there is nothing to see. */
function layerSees({ id, people }: LayerMinute, swaps: readonly Swap[], overrides: readonly Override[]) {
  const swapped = people?.map((person) => {
    let now = person;
    for (const { id: swap, give, take, layer } of swaps) {
      if (now.user !== give || (layer !== undefined && layer !== id)) continue;
      const [, , , own, handoff] = now.why.split(' ');
      now = { ...now, user: take, why: `${take} swap ${swap} ${own} ${handoff}` };
    }
    return now;
  });
  const reaching = overrides.filter(({ layer }) => layer === undefined || layer === id);
  const left = swapped?.map((person) => fate(person, reaching)).filter((person) => person !== undefined);
  // A layer from which everybody was removed is as if it were not there; one of nobody stays.
  const isThere = swapped !== undefined && (swapped.length === 0 || (left ?? []).length > 0);
  return look(left ?? [], isThere, reaching, id);
}

/** What later overrides make of somebody: somebody else, or nobody. */
function fate(person: Person, later: readonly Override[]): Person | undefined {
  let now: Person = person;
  for (const { kind, user, replaces, id } of later) {
    if (kind === 'remove' && user === now.user) return undefined;
    if (kind !== 'replace' || replaces === undefined || replaces !== now.user) continue;
    now = { ...now, user, why: `${user} override ${id} ${now.layer} -` };
  }
  return now;
}

/** From the latest override of this place down to the first that hides what is below it. */
function look(
  below: readonly Person[],
  isBelowThere: boolean,
  reaching: readonly Override[],
  layer: string | undefined,
): readonly Person[] | undefined {
  const seen: Person[] = [];
  for (const [index, override] of [...reaching.entries()].toReversed()) {
    if (override.layer !== layer || override.kind === 'remove' || override.replaces !== undefined) continue;
    const { id, user, kind } = override;
    const place = layer ?? '-';
    const laid = fate(
      { user, why: `${user} override ${id} ${place} -`, layer: place },
      laterThan(index, reaching, layer),
    );
    if (laid === undefined) continue;
    seen.push(laid);
    if (kind === 'replace') return seen;
  }
  return isBelowThere || seen.length > 0 ? [...seen, ...below] : undefined;
}

/** What lies on the whole schedule is reached only by what is meant for the whole schedule. */
function laterThan(index: number, overrides: readonly Override[], layer: string | undefined): readonly Override[] {
  const later = overrides.slice(index + 1);
  return layer === undefined ? later.filter((override) => override.layer === undefined) : later;
}
