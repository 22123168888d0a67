/**
 * Literal search: which of many texts stand in a text, found in one pass over it.
 *
 * An Aho-Corasick automaton. It takes the two cases of a letter for one, so that it may find too much, never too little.
 */

import { foldedCodes } from './folded-code.ts';

/** Texts that can be looked for, each with what it stands for. */
export type LiteralSearch<T> = {
  /** Adds to `found` what stands for the texts that are in `text`; something may be added twice. */
  readonly search: (text: string, found: T[]) => void;
};

type Node = {
  readonly children: Map<number, Node>;
  readonly ends: Set<number>;
  id: number;
  fallback: Node | undefined;
};
type Alphabet = { readonly near: Uint16Array; readonly far: ReadonlyMap<number, number>; readonly size: number };

const NEAR = 128;
const DEAD = -1;
const ROOT = 0;
/** What is cut off only makes it find more. */
const LONGEST = { few: 24, many: 8 };
const MANY = 1_000;
const MOST_SEARCHES = 2 ** 31 - 1;

/**
 * Looks for the keys of `literals`, none of which is empty: at the start of a text only, or anywhere in it. `merge` makes one of several
 * values, given their places among the literals.
 */
export function createLiteralSearch<T>(
  literals: readonly string[],
  where: 'start' | 'anywhere',
  merge: (places: readonly number[]) => T,
): LiteralSearch<T> {
  const longest = literals.length > MANY ? LONGEST.many : LONGEST.few;
  const codes = literals.map((text) => foldedCodes(text, longest));
  const alphabet = alphabetOf(codes);
  const nodes = grow(codes, alphabet);
  if (where === 'anywhere') fallBack(nodes);
  const { near, far, size } = alphabet;
  const next = tableOf(nodes, size, where === 'anywhere');
  const values = nodes.map(({ ends }) => (ends.size > 0 ? merge([...ends]) : undefined));
  const isEnd = Uint8Array.from(values, (value) => (value === undefined ? 0 : 1));
  const seenIn = new Int32Array(nodes.length);
  let searches = 0;
  return {
    search: (text, found) => {
      if (searches === MOST_SEARCHES) seenIn.fill(0);
      searches = searches === MOST_SEARCHES ? 1 : searches + 1;
      const current = searches;
      let state = ROOT;
      for (let at = 0; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        const letter = (code < NEAR ? near[code] : far.get(code)) ?? 0;
        state = next[state * size + letter] ?? DEAD;
        if (state === DEAD) return;
        if (isEnd[state] === 1 && seenIn[state] !== current) {
          seenIn[state] = current;
          const value = values[state];
          if (value !== undefined) found.push(value);
        }
      }
    },
  };
}

// Letter 0 is every character that no literal has.
function alphabetOf(literals: readonly (readonly number[])[]): Alphabet {
  const near = new Uint16Array(NEAR);
  const far = new Map<number, number>();
  let size = 1;
  for (const code of new Set(literals.flat())) {
    if (code < NEAR) near[code] = size;
    else far.set(code, size);
    size += 1;
  }
  for (let code = 65; code <= 90; code += 1) near[code] = near[code + 32] ?? 0;
  far.set(0x212a, near[107] ?? 0);
  far.set(0x17f, near[115] ?? 0);
  return { near, far, size };
}

function grow(literals: readonly (readonly number[])[], { near, far }: Alphabet): readonly Node[] {
  const root: Node = { children: new Map(), ends: new Set(), id: ROOT, fallback: undefined };
  const nodes = [root];
  for (const [place, codes] of literals.entries()) {
    let node = root;
    for (const code of codes) {
      const letter = (code < NEAR ? near[code] : far.get(code)) ?? 0;
      const child = node.children.get(letter) ?? {
        children: new Map(),
        ends: new Set(),
        id: nodes.length,
        fallback: root,
      };
      if (child.id === nodes.length) {
        nodes.push(child);
        node.children.set(letter, child);
      }
      node = child;
    }
    node.ends.add(place);
  }
  return nodes;
}

// Level by level: where the search goes on when the next letter does not continue what was read.
function fallBack(nodes: readonly Node[]): void {
  const queue = nodes.slice(0, 1);
  for (const node of queue) {
    for (const [letter, child] of node.children) {
      queue.push(child);
      let fallback = node.fallback;
      while (fallback && !fallback.children.has(letter)) fallback = fallback.fallback;
      child.fallback = fallback?.children.get(letter) ?? nodes[ROOT];
      for (const place of child.fallback?.ends ?? []) child.ends.add(place);
    }
  }
}

function tableOf(nodes: readonly Node[], size: number, isAnywhere: boolean): Int32Array {
  const table = new Int32Array(nodes.length * size).fill(isAnywhere ? ROOT : DEAD);
  const queue = nodes.slice(0, 1);
  for (const node of queue) {
    const row = node.id * size;
    if (isAnywhere && node.fallback) {
      const from = node.fallback.id * size;
      table.copyWithin(row, from, from + size);
    }
    for (const [letter, child] of node.children) {
      table[row + letter] = child.id;
      queue.push(child);
    }
  }
  return table;
}
