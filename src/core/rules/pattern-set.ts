/**
 * Pattern sets: which of many patterns match a text, found in one pass over it where that is cheap.
 *
 * It never leaves out a pattern that matches; one that it does not want to judge it names as if it did.
 */
import { RE2Set } from 're2js';

/** Patterns that are asked together. */
export type PatternSet = {
  /** Calls `meet` with the place of every pattern that may match. */
  readonly search: (text: string, meet: (place: number) => void) => void;
};

type Member = { readonly pattern: string; readonly place: number };
type Group = {
  readonly members: readonly Member[];
  readonly set: RE2Set | undefined;
  states: number;
  isCrowded: boolean;
};

const GROUP_SIZE = 64;
const LEAST_SIZE = 3;
const LONGEST_TEXT = 256;
/** A pattern that is larger stands alone: together such patterns have more states than there is room for. */
const LARGEST_PATTERN = 80;
// What patterns have in common is worth little once their states multiply; usual ones share a few hundred.
const MOST_STATES = 600;

/** Compiles `patterns` into sets; those that do not go together are parted when that shows. */
export function createPatternSet(patterns: readonly { readonly pattern: string; readonly size: number }[]): PatternSet {
  const members = patterns.map(({ pattern }, place) => ({ pattern, place }));
  const [small, large] = [members, members].map((all, isLarge) =>
    all.filter(({ place }) => (patterns[place]?.size ?? 0) > LARGEST_PATTERN === (isLarge === 1)),
  );
  const alone = (large ?? []).map((member) => member.place);
  let groups = inGroups(small ?? [], GROUP_SIZE);
  return {
    search: (text, meet) => {
      for (const place of alone) meet(place);
      for (const group of groups) searchGroup(group, text, meet);
      if (groups.some(({ isCrowded }) => isCrowded)) groups = groups.flatMap(parted);
    },
  };
}

function searchGroup(group: Group, text: string, meet: (place: number) => void): void {
  const { members, set } = group;
  if (set === undefined || text.length > LONGEST_TEXT) {
    for (const { place } of members) meet(place);
    return;
  }
  for (const index of set.match(text)) {
    const member = members[index];
    if (member) meet(member.place);
  }
  const { stateCount } = set.dfa;
  // Fewer than before: the memory was full, and all of them were thrown away.
  group.isCrowded = stateCount > MOST_STATES || stateCount < group.states;
  group.states = stateCount;
}

function inGroups(members: readonly Member[], size: number): readonly Group[] {
  const groups: Group[] = [];
  for (let from = 0; from < members.length; from += size) groups.push(groupOf(members.slice(from, from + size)));
  return groups;
}

function groupOf(members: readonly Member[]): Group {
  if (members.length < LEAST_SIZE) return { members, set: undefined, states: 0, isCrowded: false };
  const set = new RE2Set();
  for (const { pattern } of members) set.add(pattern);
  set.compile();
  return { members, set, states: 0, isCrowded: false };
}

function parted(group: Group): readonly Group[] {
  return group.isCrowded ? inGroups(group.members, Math.ceil(group.members.length / 2)) : [group];
}
