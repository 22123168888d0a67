/**
 * The configuration of a tenant, as its host gave it.
 *
 * No page can be planned with it: who is on call depends on what is stored as well, see current-config.ts.
 */
import type { CompiledConfig, ConfigRules } from '../core/config/compile.ts';
import type { Schedule } from '../core/on-call/schedule.ts';
import { TocsinError } from '../errors.ts';

/** A configuration whose schedules lack what is stored about them, and are named so. */
export type TenantConfig = ConfigRules & { readonly configured: ReadonlyMap<string, Schedule> };

/** `compiled`, of which nobody can plan a page. */
export function tenantConfig({ schedules, ...rules }: CompiledConfig): TenantConfig {
  return { ...rules, configured: schedules };
}

/**
 * The configuration of a tenant, for what has nothing to do with who is on call.
 *
 * @throws TocsinError REFERENCE_UNKNOWN when this process does not serve the tenant.
 */
export function configOf(
  { tenants }: { readonly tenants: ReadonlyMap<string, TenantConfig> },
  tenant: string,
): TenantConfig {
  const config = tenants.get(tenant);
  if (config === undefined) {
    throw new TocsinError(
      'REFERENCE_UNKNOWN',
      `Cannot act for tenant ${tenant}: this instance has no configuration for it. Use tocsin.forTenant(id, { config }).`,
      {
        details: { tenant },
      },
    );
  }
  return config;
}
