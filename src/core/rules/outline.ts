/**
 * Outlines: what every match of a regular expression has in it, worked out part by part.
 *
 * An outline may say too little, never too much: a text that lacks what it names cannot match.
 */

/** What is known about the matches of a pattern, or of a part of one. */
export type Outline = {
  /** All the texts that a match can be; `undefined` when they are too many to name. */
  readonly exact: readonly string[] | undefined;
  /** Each match starts with one of these; one of them is empty when nothing is known. */
  readonly starts: readonly string[];
  /** Each match has one of these in it; `undefined` when nothing is known. */
  readonly needed: readonly string[] | undefined;
  /** Whether the letters above may be in another case. */
  readonly isFolded: boolean;
  /** Whether there is more to it than `exact` tells, such as a word border. */
  readonly isLoose: boolean;
  /** Whether a match can only be at the start of the text. */
  readonly startsAnchored: boolean;
  /** Whether a match can only be at the end of the text. */
  readonly endsAnchored: boolean;
};

const MOST_PRODUCTS = 64;
const MOST_TEXTS = 600;
/** One letter is in nearly every text. */
const LEAST_LENGTH = 2;
const LONGEST_REPEAT = 8;

const NOTHING = { isFolded: false, isLoose: false, startsAnchored: false, endsAnchored: false } as const;
/** A part of which nothing is known. */
export const UNKNOWN: Outline = { ...NOTHING, exact: undefined, starts: [''], needed: undefined };
/** A part that takes no text and asks for nothing. */
export const EMPTY: Outline = oneOf(['']);
/** The start of the text. */
export const TEXT_START: Outline = { ...EMPTY, startsAnchored: true };
/** The end of the text. */
export const TEXT_END: Outline = { ...EMPTY, endsAnchored: true };
/** A place between characters that is not every place. */
export const SOME_PLACE: Outline = { ...EMPTY, isLoose: true };

/** A part that is one of `texts`. */
export function oneOf(texts: readonly string[], isFolded = false): Outline {
  return { ...NOTHING, isFolded, exact: texts, starts: texts, needed: undefined };
}

/** One part after the other. */
export function inTurn(parts: readonly Outline[]): Outline {
  let run: readonly string[] = [''];
  let starts: readonly string[] | undefined;
  let needed: readonly string[] | undefined;
  for (const part of parts) {
    const joined = part.exact && product(run, part.exact);
    if (joined) {
      run = joined;
      continue;
    }
    const begun = product(run, part.starts) ?? run;
    starts ??= begun;
    needed = [begun, part.exact, part.needed].reduce(better, needed);
    run = part.exact ?? [''];
  }
  return {
    exact: starts ? undefined : run,
    starts: starts ?? run,
    needed: starts && better(needed, run),
    isFolded: parts.some((part) => part.isFolded),
    isLoose: parts.some((part, place) => part.isLoose || isMisplaced(part, place, parts)),
    startsAnchored: parts.some((part, place) => part.startsAnchored && parts.slice(0, place).every(isEmpty)),
    endsAnchored: parts.some((part, place) => part.endsAnchored && parts.slice(place + 1).every(isEmpty)),
  };
}

/** One part or another. */
export function either(parts: readonly Outline[]): Outline {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const startsAnchored = parts.every((part) => part.startsAnchored);
  const endsAnchored = parts.every((part) => part.endsAnchored);
  return {
    exact: union(parts.map((part) => part.exact)),
    starts: union(parts.map((part) => part.starts)) ?? [''],
    needed: union(parts.map(neededBy)),
    isFolded: parts.some((part) => part.isFolded),
    isLoose:
      parts.some((part) => part.isLoose) ||
      (!startsAnchored && parts.some((part) => part.startsAnchored)) ||
      (!endsAnchored && parts.some((part) => part.endsAnchored)),
    startsAnchored,
    endsAnchored,
  };
}

/** A part, from `least` to `most` times. */
export function repeated(part: Outline, least: number, most: number): Outline {
  if (least === 0) return most === 1 ? either([part, EMPTY]) : UNKNOWN;
  const copies = Array<Outline>(Math.min(least, LONGEST_REPEAT)).fill(part);
  return inTurn(least === most && copies.length === least ? copies : [...copies, UNKNOWN]);
}

/** What each match of a part has in it. */
export function neededBy({ exact, needed }: Outline): readonly string[] | undefined {
  return better(needed, exact);
}

// Of two lists the one whose shortest text is longer; among equals the shorter list.
function better(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  const [first, second] = [shortest(one), shortest(other)];
  if (second < LEAST_LENGTH) return one;
  if (first < LEAST_LENGTH || second > first) return other;
  return second === first && (other?.length ?? 0) < (one?.length ?? 0) ? other : one;
}

function shortest(texts: readonly string[] | undefined): number {
  if (texts === undefined || texts.length === 0) return 0;
  return texts.reduce((least, text) => Math.min(least, text.length), Number.POSITIVE_INFINITY);
}

function product(heads: readonly string[], tails: readonly string[]): readonly string[] | undefined {
  if (tails.length === 1 && tails[0] === '') return heads;
  if (heads.length > 1 && tails.length > 1 && heads.length * tails.length > MOST_PRODUCTS) return undefined;
  return heads.flatMap((head) => tails.map((tail) => head + tail));
}

function union(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const all = new Set<string>();
  for (const list of lists) {
    if (list === undefined) return undefined;
    for (const text of list) all.add(text);
    if (all.size > MOST_TEXTS) return undefined;
  }
  return [...all];
}

function isEmpty({ exact }: Outline): boolean {
  return exact?.length === 1 && exact[0] === '';
}

function isMisplaced(part: Outline, place: number, parts: readonly Outline[]): boolean {
  return (
    (part.startsAnchored && !parts.slice(0, place).every(isEmpty)) ||
    (part.endsAnchored && !parts.slice(place + 1).every(isEmpty))
  );
}
