/**
 * A field index: the rules that are looked up by one field of a fact.
 *
 * The field is read once, and a text is gone over once however many rules want something of it. It judges no rule.
 */
import type { Fact } from './field.ts';
import { createLiteralSearch, type LiteralSearch } from './literal-search.ts';
import { createPatternSet } from './pattern-set.ts';
import { createSkippingSearch, LEAST_SKIPPED } from './skipping-search.ts';
import type { Anchor, Want } from './want.ts';

/** Places in the list of rules, ascending. */
export type Places = readonly number[];

/** The rules of one field. */
export type FieldIndex = {
  /** Adds to `found` the places of all rules whose anchor `fact` meets. A place may be in several of them. */
  readonly lookUp: (fact: Fact, found: Places[]) => void;
};

type Entry = { readonly anchor: Anchor; readonly place: number };
type Finder<Value> = (value: Value, found: Places[]) => void;

/** Beyond this length a text is gone over character by character, which always takes the same time. */
const SHORT_TEXT = 1_024;

/** Indexes the anchors of one field, the rules in their order. */
export function createFieldIndex(entries: readonly Entry[]): FieldIndex {
  const read = entries[0]?.anchor.read ?? (() => undefined);
  const byValue = indexValues(entries);
  const onTexts = [indexTexts(entries, 'start'), indexTexts(entries, 'part'), indexPatterns(entries)].filter(
    (finder) => finder !== undefined,
  );
  const lists = placesOf(entries, (want) => want.kind === 'part' && want.orList === true);
  return {
    lookUp: (fact, found) => {
      const value = read(fact);
      const places = byValue.get(value);
      if (places) found.push(places);
      if (typeof value === 'string') for (const find of onTexts) find(value, found);
      else if (lists.length > 0 && Array.isArray(value)) found.push(lists);
    },
  };
}

function indexValues(entries: readonly Entry[]): ReadonlyMap<unknown, Places> {
  const byValue = new Map<unknown, number[]>();
  for (const { anchor, place } of entries) {
    if (anchor.want.kind !== 'value') continue;
    for (const value of anchor.want.values) enter(byValue, value, place);
  }
  return byValue;
}

function indexTexts(entries: readonly Entry[], kind: 'start' | 'part'): Finder<string> | undefined {
  const byText = new Map<string, number[]>();
  for (const { anchor, place } of entries) {
    if (anchor.want.kind === kind) for (const text of anchor.want.texts) enter(byText, text, place);
  }
  if (byText.size === 0) return undefined;
  if (kind === 'start') return searchOf([...byText], 'start').search;
  const all = [...byText];
  const short = all.filter(([text]) => text.length < LEAST_SKIPPED);
  const long = all.filter(([text]) => text.length >= LEAST_SKIPPED);
  const shortOnes = short.length > 0 ? searchOf(short, 'anywhere') : undefined;
  const longOnes = createSkippingSearch<Places>(
    long.map(([text]) => text),
    (place) => long[place]?.[1] ?? [],
  );
  let everything: LiteralSearch<Places> | undefined;
  return (text, found) => {
    if (text.length > SHORT_TEXT) {
      everything ??= searchOf(all, 'anywhere');
      everything.search(text, found);
      return;
    }
    shortOnes?.search(text, found);
    if (long.length > 0) longOnes.search(text, found);
  };
}

function searchOf(texts: readonly (readonly [text: string, places: Places])[], where: 'start' | 'anywhere') {
  return createLiteralSearch<Places>(
    texts.map(([text]) => text),
    where,
    (which) => united(which.map((index) => texts[index]?.[1] ?? [])),
  );
}

function indexPatterns(entries: readonly Entry[]): Finder<string> | undefined {
  const byPattern = new Map<string, number[]>();
  const sizes = new Map<string, number>();
  for (const { anchor, place } of entries) {
    if (anchor.want.kind !== 'pattern') continue;
    enter(byPattern, anchor.want.pattern, place);
    sizes.set(anchor.want.pattern, anchor.want.size);
  }
  if (byPattern.size === 0) return undefined;
  const lists = [...byPattern.values()];
  const { search } = createPatternSet(Array.from(sizes, ([pattern, size]) => ({ pattern, size })));
  return (text, found) =>
    search(text, (which) => {
      const places = lists[which];
      if (places) found.push(places);
    });
}

function placesOf(entries: readonly Entry[], isMeant: (want: Want) => boolean): Places {
  return united(entries.flatMap(({ anchor, place }) => (isMeant(anchor.want) ? [[place]] : [])));
}

function enter<Key>(byKey: Map<Key, number[]>, key: Key, place: number): void {
  const places = byKey.get(key);
  if (places === undefined) byKey.set(key, [place]);
  else if (places.at(-1) !== place) places.push(place);
}

function united(lists: readonly Places[]): Places {
  return [...new Set(lists.flat())].sort((one, other) => one - other);
}
