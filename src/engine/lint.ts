/**
 * lint: what is likely a mistake in the configuration of a tenant, with everything that is stored about its schedules.
 *
 * It reads and writes nothing.
 */

import type { Finding } from '../core/lint/finding.ts';
import { lintConfig } from '../core/lint/lint-config.ts';
import { type InstantInput, toEpochMs } from '../model/instant.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import type { Engine } from './engine.ts';
import { transact } from './transact.ts';

/** The findings at a moment; now, by the clock of the storage, by default. */
export async function lintTenant(
  engine: Engine,
  tenant: string,
  options: { readonly at?: InstantInput },
): Promise<readonly Finding[]> {
  refuseUnknownOptions('lint', options, ['at']);
  const asked = options.at === undefined ? undefined : toEpochMs(options.at, 'at');
  const { config, at } = await transact(engine, { tenant }, (loaded) => {
    const found = { config: loaded.config, at: asked ?? loaded.now };
    return { answer: () => found };
  });
  return lintConfig(config, { at });
}
