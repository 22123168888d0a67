/**
 * Following: what of a world follows its incidents: messages that can be changed, other platforms, answers by token.
 *
 * Data only. One description serves the engine, as its configuration, and the simulation, as what to expect.
 */
import type { ConfigInput } from '../../src/index.ts';
import type { Random } from './prng.ts';

/** A platform on which incidents are to be seen as well. */
export type MirrorOf = {
  /** The id of the mirror; also the name of its notifier. */
  readonly id: string;
  readonly platform: string;
  /** Only incidents that are urgent when they are mirrored first. */
  readonly isUrgentOnly: boolean;
  readonly isPrivate: boolean;
  /** Whether it takes a change at once, and makes it seconds later. */
  readonly isSlow: boolean;
};

/** What follows in a world. */
export type Following = {
  /** The notifiers whose messages can be changed. */
  readonly canUpdate: readonly string[];
  readonly mirrors: readonly MirrorOf[];
  /** Whether sources know what we did ourselves. */
  readonly isMarked: boolean;
  /** How answers are signed; `undefined` where messages carry no tokens. */
  readonly secrets: readonly [string, ...string[]] | undefined;
  /** How long what monitoring says is held before anybody is asked. */
  readonly holdMs: number;
};

/** What follows in the world of a seed. */
export function chooseFollowing(chance: Random, names: readonly string[]): Following {
  const isAny = chance.chance(0.6);
  const mirror = (id: string, platform: string): MirrorOf => ({
    id,
    platform,
    isUrgentOnly: chance.chance(0.2),
    isPrivate: chance.chance(0.5),
    isSlow: chance.chance(0.5),
  });
  const all = [mirror('board-a', 'elsewhere'), mirror('board-b', 'beyond')] as const;
  const canUpdate = names.filter(() => chance.chance(0.6));
  const count = chance.pick([0, 1, 1, 2]);
  const isMarked = chance.chance(0.75);
  const isHeld = chance.chance(0.25);
  const holdMs = 1_000 * chance.between(15, 60);
  return {
    canUpdate: isAny ? canUpdate : [],
    mirrors: isAny ? all.slice(0, count) : [],
    isMarked,
    secrets: chance.chance(0.5) ? ['a secret that all nodes of this world share'] : undefined,
    holdMs: isAny && count > 0 && isHeld ? holdMs : 0,
  };
}

/** What an incident is called on every platform. */
export const keyAt = (tenant: string, incident: string): string => `tocsin:${tenant}:${incident}`;

/** Its part of the configuration of a tenant. */
export function followingOf({ mirrors, holdMs }: Following): Pick<ConfigInput, 'mirrors' | 'routes'> {
  return {
    mirrors: mirrors.map(({ id, isUrgentOnly, isPrivate }) => ({
      id,
      notifier: id,
      address: 'default',
      private: isPrivate,
      ...(isUrgentOnly && { when: 'severity=~"SEV1|SEV2"' }),
    })),
    ...(holdMs > 0 && { routes: [{ id: 'held', service: 'checkout', holdFor: `${holdMs / 1_000}s` }] }),
  };
}
