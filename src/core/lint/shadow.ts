/**
 * Shadows: the rules of a list that never decide, because others hold whenever they do.
 *
 * Pure. Rules are compared only where an index says that they ask for the same, and no more often than a budget allows: what is
 * told is certain, and in very large lists some shadows stay unseen.
 */
import type { Atom } from './atom.ts';
import { type Budget, implyAll } from './implies.ts';
import { neverHolds } from './never.ts';
import { alternatives, conjuncts, isAlways, join, type Plain } from './plain-condition.ts';

/** One way in which a rule can hold. */
type Entry = { readonly rule: number; readonly parts: readonly Plain[] };
/** For each thing that can be asked for, the entries that ask for it. */
type Index = ReadonlyMap<string, readonly Entry[]>;
/** Whether the first rule decides where both hold. */
export type Beats = (one: number, other: number) => boolean;

const MOST_COMPARED = 3_000_000;
const MOST_CANDIDATES = 200;
const MOST_INDEXED = 300_000;
const MOST_ALTERNATIVES = 100;
const MOST_SPLIT = 20;

/** For each rule the others that always decide in its place, together; none for a rule that may decide. */
export function shadowsOf(conditions: readonly Plain[], beats: Beats): readonly (readonly number[])[] {
  const index = indexOf(conditions);
  const always = conditions.flatMap((condition, rule) => (isAlways(condition) ? [rule] : [])).slice(0, MOST_CANDIDATES);
  const budget: Budget = { left: MOST_COMPARED };

  const coverOf = (rule: number, parts: readonly Plain[]): number | undefined => {
    const known = always.find((other) => other !== rule && beats(other, rule));
    if (known !== undefined) return known;
    let left = MOST_CANDIDATES;
    for (const { token, isFar } of lookups(parts)) {
      // What is asked for in the same words comes first, also in a list that is too large for all.
      if (isFar && budget.left < MOST_COMPARED / 2) break;
      for (const entry of index.get(token) ?? []) {
        left -= 1;
        if (left < 0 || budget.left < 0) return undefined;
        if (entry.rule !== rule && beats(entry.rule, rule) && implyAll(parts, entry.parts, budget)) return entry.rule;
      }
    }
    return undefined;
  };

  /** Who decides in place of a rule, for each way in which it can hold. */
  const coversOf = (rule: number, ways: readonly Plain[]): readonly number[] => {
    const covers = new Set<number>();
    for (const way of ways) {
      const cover = neverHolds(way) ? undefined : coverOf(rule, conjuncts(way));
      if (cover !== undefined) covers.add(cover);
      else if (!neverHolds(way)) return [];
    }
    return [...covers].sort((a, b) => a - b);
  };

  return conditions.map((condition, rule) => {
    const ways = alternatives(condition);
    if (ways.length > MOST_ALTERNATIVES || neverHolds(condition)) return [];
    const covers = coversOf(rule, ways);
    return covers.length > 0 || condition.kind === 'any' ? covers : coversOf(rule, split(condition));
  });
}

/** The same condition as several that are asked for less each; none when there is nothing to split. */
function split(condition: Plain): readonly Plain[] {
  const parts = conjuncts(condition);
  for (const part of parts) {
    const choices = choicesOf(part);
    if (choices.length < 2 || choices.length > MOST_SPLIT) continue;
    const others = parts.filter((other) => other !== part);
    return choices.map((choice) => join('all', [...others, choice]));
  }
  return [];
}

function choicesOf(part: Plain): readonly Plain[] {
  if (part.kind === 'any') return part.parts;
  if (part.kind !== 'atom' || part.only === undefined) return [];
  return part.only.map((value, place): Atom => ({ ...part, key: `${place} of ${part.key}`, only: [value] }));
}

/** Each entry stands under the rarest thing that it asks for. */
function indexOf(conditions: readonly Plain[]): Index {
  const entries = conditions.flatMap((condition, rule): Entry[] =>
    isAlways(condition)
      ? []
      : alternatives(condition)
          .slice(0, MOST_ALTERNATIVES)
          .map((way) => ({ rule, parts: conjuncts(way) })),
  );
  const counts = new Map<string, number>();
  for (const { parts } of entries)
    for (const part of parts) for (const token of tokensOf(part)) counts.set(token, (counts.get(token) ?? 0) + 1);
  const index = new Map<string, Entry[]>();
  let left = MOST_INDEXED;
  for (const entry of entries) {
    for (const token of rarest(entry.parts, counts)) {
      left -= 1;
      if (left < 0) return index;
      const known = index.get(token);
      if (known === undefined) index.set(token, [entry]);
      else known.push(entry);
    }
  }
  return index;
}

/** The tokens of the part that is asked for least. */
function rarest(parts: readonly Plain[], counts: ReadonlyMap<string, number>): readonly string[] {
  let best: readonly string[] = [];
  let fewest = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    const tokens = tokensOf(part);
    const most = tokens.reduce((count, token) => Math.max(count, counts.get(token) ?? 0), 0);
    if (most < fewest) [best, fewest] = [tokens, most];
  }
  return best;
}

/** Under what an entry with this part is found. */
function tokensOf(part: Plain): readonly string[] {
  if (part.kind !== 'atom') return [part.key];
  if (part.only !== undefined) return part.only.map((value) => tokenOf(part.subject, value));
  return [part.key, subjectToken(part.subject)];
}

/** Under what entries stand that these parts may imply: first what asks for the same, then what asks something of the same field. */
function lookups(parts: readonly Plain[]): readonly { readonly token: string; readonly isFar: boolean }[] {
  const near = new Set(
    parts.map((part) =>
      part.kind === 'atom' && part.only !== undefined ? tokenOf(part.subject, part.only[0]) : part.key,
    ),
  );
  const far = new Set(parts.flatMap((part) => (part.kind === 'atom' ? subjectToken(part.subject) : [])));
  return [...[...near].map((token) => ({ token, isFar: false })), ...[...far].map((token) => ({ token, isFar: true }))];
}

// Two things of one token are compared in vain, and nothing else comes of it.
function tokenOf(subject: string, value: unknown): string {
  return `${subject} = ${typeof value} ${value}`;
}

function subjectToken(subject: string): string {
  return `${subject} as any`;
}
