/**
 * Round-robin positions: whose turn it was last, as it is stored, with every turn that a decision has dealt since.
 *
 * One for each decision. What was asked for and not read is noted, and then nothing that was decided counts. It writes
 * nothing itself: transact stores the turns in the commit of the pages that they belong to.
 */
import * as z from 'zod';
import { type Turn, turnSchema } from '../model/page.ts';
import type { SlotChange, SlotKey, StoredSlot } from '../ports/storage.ts';
import type { Names } from './query.ts';

/** The kind of its slots. The key of one names the turns, its owner says whose turn it was. */
export const ROUND_ROBIN = 'round-robin';

/** Whose turn it was last. */
export type RoundRobin = {
  /** The last turn; `undefined` when there was none, or it was not read. */
  last(of: string): Turn | undefined;
  /** A page goes out for this turn. */
  take(turn: Turn): void;
  /** What was asked for and not read; `undefined` when nothing is missing. */
  missing(): Names | undefined;
  /** The turns that were taken, each with the version of what it replaces. */
  changes(): readonly SlotChange[];
};

const ownerSchema = z.tuple([z.number(), z.string()]);

/** The positions that were read among `slots`; `asked` are those that were asked for, whether they are there or not. */
export function createRoundRobin(slots: readonly StoredSlot[], asked: readonly SlotKey[] = []): RoundRobin {
  const stored = new Map(slots.filter(({ kind }) => kind === ROUND_ROBIN).map((slot) => [slot.key, slot]));
  const known = new Set(asked.filter(({ kind }) => kind === ROUND_ROBIN).map(({ key }) => key));
  const taken = new Map<string, Turn>();
  const lacking = new Set<string>();
  return {
    last(of) {
      if (!known.has(of)) lacking.add(of);
      return taken.get(of) ?? turnOf(stored.get(of));
    },
    take: (turn) => void taken.set(turn.of, turn),
    missing: () =>
      lacking.size === 0 ? undefined : { slots: [...lacking].map((key) => ({ kind: ROUND_ROBIN, key })) },
    changes: () =>
      [...taken].map(([key, { place, user }]) => ({
        kind: ROUND_ROBIN,
        key,
        expectedVersion: stored.get(key)?.version ?? 0,
        owner: JSON.stringify([place, user]),
      })),
  };
}

/** Names the positions among what is read, by which decisions about the same ones wait for each other. */
export function roundRobinTurns({ slots = [] }: Names): readonly string[] {
  return slots.filter(({ kind }) => kind === ROUND_ROBIN).map(({ kind, key }) => JSON.stringify([kind, key]));
}

/** What cannot be read is as if nobody had been asked yet: somebody is asked all the same. */
function turnOf(slot: StoredSlot | undefined): Turn | undefined {
  if (slot === undefined) return undefined;
  try {
    const [place, user] = ownerSchema.parse(JSON.parse(slot.owner));
    return turnSchema.safeParse({ of: slot.key, place, user }).data;
  } catch {
    return undefined;
  }
}
