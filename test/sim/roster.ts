/**
 * The roster: who is on call, by the rotation and by the overrides that are stored, as the simulation works it out.
 *
 * It sees what is committed and when, so it knows what every decision after that has to know. It imports nothing of the
 * engine.
 */
import { HANDOFF_EVERY_MS, ROTATION_START, rotationAt } from './tenants.ts';

/** Who is on call in each tenant. */
export type Roster = {
  /** The overrides of a tenant were stored at `at`. */
  saw(tenant: string, data: unknown, at: number): void;
  /** Who is on call at `at`, by what was stored before. */
  onCallAt(tenant: string, at: number): string;
  /** Whether something was stored at this moment or since: then what was read may be from before or after it. */
  isOpen(tenant: string, at: number): boolean;
  /** When somebody else came on call last, up to `now`, at the latest. */
  changedAt(tenant: string, now: number): number;
  hasOverride(tenant: string, id: string): boolean;
};

type Override = { readonly id: string; readonly fromAt: number; readonly untilAt: number; readonly user: string };
type Seen = { readonly at: number; readonly overrides: readonly Override[] };

/** Nobody has made an override yet. */
export function createRoster(): Roster {
  const seen = new Map<string, Seen[]>();
  const of = (tenant: string) => seen.get(tenant) ?? [];
  return {
    saw(tenant, data, at) {
      const { overrides } = data as { readonly overrides: readonly Override[] };
      seen.set(tenant, [...of(tenant), { at, overrides }]);
    },
    onCallAt(tenant, at) {
      const known = of(tenant).findLast((one) => one.at < at)?.overrides ?? [];
      return known.findLast(({ fromAt, untilAt }) => fromAt <= at && at < untilAt)?.user ?? rotationAt(at);
    },
    isOpen: (tenant, at) => of(tenant).some((one) => one.at >= at),
    changedAt(tenant, now) {
      const handoff = ROTATION_START + Math.floor((now - ROTATION_START) / HANDOFF_EVERY_MS) * HANDOFF_EVERY_MS;
      const moments = of(tenant).flatMap(({ at, overrides }) => [
        at,
        ...overrides.flatMap(({ fromAt, untilAt }) => [fromAt, untilAt]),
      ]);
      return Math.max(handoff, ...moments.filter((at) => at <= now));
    },
    hasOverride: (tenant, id) => of(tenant).some(({ overrides }) => overrides.some((one) => one.id === id)),
  };
}
