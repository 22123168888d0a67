/** What the linter finds in a configuration, as text; never asserts anything. */
import { checkConfig } from '../../../src/core/config/check.ts';
import { type CompiledConfig, compileConfig } from '../../../src/core/config/compile.ts';
import type { Finding } from '../../../src/core/lint/finding.ts';
import { lintConfig } from '../../../src/core/lint/lint-config.ts';
import type { ConfigInput } from '../../../src/model/config.ts';
import { smallest } from '../config/smallest.ts';

/** Tuesday, 6 January 2026, 10:00 UTC. */
export const AT = Date.UTC(2026, 0, 6, 10);

/** The findings in the smallest configuration once `parts` of it are changed. */
export function findingsIn(parts: Partial<ConfigInput> = {}, at = AT): readonly Finding[] {
  return lintConfig(compiled(parts), { at });
}

/** The smallest configuration with `parts` of it changed, ready to be looked at. */
export function compiled(parts: Partial<ConfigInput>): CompiledConfig {
  return compileConfig(checkConfig({ ...smallest(), ...parts }), 'v1');
}

/** The same, each as `CODE path`. */
export function foundIn(parts: Partial<ConfigInput> = {}, at = AT): readonly string[] {
  return findingsIn(parts, at).map(({ code, path }) => `${code} ${path}`);
}

/** What is said of the only finding. */
export function messageIn(parts: Partial<ConfigInput>, at = AT): string {
  const [finding, ...others] = findingsIn(parts, at);
  if (finding === undefined || others.length > 0)
    throw new Error(`found ${foundIn(parts, at).join(', ') || 'nothing'}`);
  return finding.message;
}
