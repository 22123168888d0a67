/**
 * What every test of this folder ends with: nothing is left to do, and no promise was broken.
 */
import { expect } from 'vitest';
import { type KillFigures, verdictOf } from './verdict.ts';
import type { World } from './world.ts';

/**
 * Lets `world` come to rest and judges it. Unless `some come twice`, each message that came again was on its way when
 * its sender was interrupted.
 */
export async function expectNothingLost(world: World, repeats?: 'some come twice'): Promise<KillFigures> {
  expect(await world.calm()).toEqual([]);
  const { figures, unexplained, broken } = await verdictOf(world);
  for (const [promise, cases] of Object.entries(broken)) expect(cases, promise).toEqual([]);
  expect(figures.accepted).toBeGreaterThan(0);
  expect(figures.pages).toBeGreaterThan(figures.accepted);
  expect(figures.lost).toBe(0);
  expect(figures.keysPerPage).toBe(1);
  if (repeats !== undefined) return figures;
  expect(unexplained).toEqual([]);
  expect(figures.duplicates).toBeLessThanOrEqual(figures.inFlight);
  return figures;
}
