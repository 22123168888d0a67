/**
 * Which events of a call are decided together: those that write the same thing, and a handful of those that do not.
 *
 * Pure. Events of one key, one group or one rate limit would get in each other's way in changes of their own; events that have nothing to
 * do with each other share a change because a hundred changes cost more than one.
 */

import type { ConfigRules } from '../core/config/compile.ts';
import { keyOf, type Routed } from '../core/intake/decision.ts';
import { GROUP } from '../core/intake/group.ts';
import { INHIBITORS } from '../core/intake/inhibit.ts';
import { RATES, rateId } from '../core/intake/rate-limit.ts';
import { alertName } from './query.ts';

/** Events that are decided together, and what others may be about to write as well. */
export type Together<T> = { readonly items: readonly T[]; readonly turns: readonly string[] };

/** So many keys that have nothing in common share a change. */
const KEYS_TOGETHER = 25;

/** Splits `items` into those that are decided together, each in the order of the call. */
export function decidedTogether<T extends { readonly routed: Routed }>(
  items: readonly T[],
  config: ConfigRules,
  at: number,
): readonly Together<T>[] {
  const parts = connected(items.map((item) => ({ item, names: namesOf(item.routed, config, at) })));
  const lone = parts.filter(({ turns }) => turns.length === 0);
  const shared = parts.filter(({ turns }) => turns.length > 0);
  const handfuls: Together<T>[] = [];
  for (let from = 0; from < lone.length; from += KEYS_TOGETHER)
    handfuls.push({ items: lone.slice(from, from + KEYS_TOGETHER).flatMap(({ items: some }) => some), turns: [] });
  return [...shared, ...handfuls];
}

/** What an event may write that others write or look at as well, its own key aside: a firing source mutes what comes after it in a call. */
export function turnsOf(routed: Routed, config: ConfigRules, at: number): readonly string[] {
  if (routed.event.action !== 'trigger') return groupTurns(routed);
  const { inhibitions, rateLimits } = config.intake;
  const limit = rateLimits(routed.fact, at);
  return [
    ...groupTurns(routed),
    ...(limit === undefined ? [] : [JSON.stringify([RATES, rateId(limit, routed.event.routeKey)])]),
    ...[...inhibitions.asSource(routed.fact, at), ...inhibitions.asTarget(routed.fact, at)].map(({ id }) =>
      JSON.stringify([INHIBITORS, id]),
    ),
  ];
}

/** The groups that an event may meet in: its own, and those of the services that need its own. */
function groupTurns({ group }: Routed): readonly string[] {
  return group === undefined ? [] : [group.key, ...group.dependants].map(groupTurn);
}

/** Names the turn of a group. */
export function groupTurn(group: string): string {
  return JSON.stringify([GROUP, group]);
}

type Named<T> = { readonly item: T; readonly names: readonly string[] };

/** The key of an event comes first among its names. */
function namesOf(routed: Routed, config: ConfigRules, at: number): readonly string[] {
  return [alertName(keyOf(routed)), ...turnsOf(routed, config, at)];
}

/** The items that are connected by their names, directly or by others; their turns are all names but the keys. */
function connected<T>(items: readonly Named<T>[]): readonly Together<T>[] {
  const parent = new Map<string, string>();
  const rootOf = (name: string): string => {
    let root = name;
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root)) root = next;
    parent.set(name, root);
    return root;
  };
  for (const { names } of items) {
    const [first = '', ...others] = names;
    for (const name of others) parent.set(rootOf(name), rootOf(first));
  }
  const parts = Map.groupBy(items, ({ names: [first = ''] }) => rootOf(first));
  return [...parts.values()].map((part) => ({
    items: part.map(({ item }) => item),
    turns: [...new Set(part.flatMap(({ names }) => names.slice(1)))],
  }));
}
