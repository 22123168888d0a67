/**
 * A compiled configuration: the document, its indexes, and everything that is worked out once.
 *
 * Made from a checked configuration only (see check.ts); it holds no state of its own.
 */
import type { Config } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';
import type { EscalationPolicy, Ladder, Target } from '../../model/escalation.ts';
import type { Service } from '../../model/service.ts';
import type { CarriedSettings } from '../../model/timeline.ts';
import type { Channel, Team, User } from '../../model/user.ts';
import { buildLadder } from '../escalation/ladder.ts';
import { compileRoutes, type RouteDecision } from '../intake/route.ts';
import { createSchedule, type Schedule } from '../on-call/schedule.ts';
import { compileSeverity, type CompiledSeverity as Severity } from '../rules/severity.ts';

/** A configuration with its indexes. */
export type CompiledConfig = {
  readonly config: Config;
  /** Names this configuration: equal documents have equal versions. */
  readonly version: string;
  readonly users: ReadonlyMap<string, User>;
  readonly teams: ReadonlyMap<string, Team>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly services: ReadonlyMap<string, Service>;
  readonly policies: ReadonlyMap<string, EscalationPolicy>;
  readonly schedules: ReadonlyMap<string, Schedule>;
  readonly severity: Severity;
  readonly route: ReturnType<typeof compileRoutes>;
  ladder(policyId: string): Ladder;
  /** The fallback of the policy of a service; of the first policy when the service is gone. */
  lastResort(service: string): readonly Target[];
  /** What an incident of this severity keeps from the configuration. */
  carriedSettings(severity: string, route?: RouteDecision): CarriedSettings;
};

/** A configuration without its schedules: who is on call depends on what is stored as well. */
export type ConfigRules = Omit<CompiledConfig, 'schedules'>;

/** Compiles a checked configuration. */
export function compileConfig(config: Config, version: string): CompiledConfig {
  const policies = byId(config.escalationPolicies);
  const severity = compileSeverity(config.severity);
  return {
    config,
    version,
    users: byId(config.users),
    teams: byId(config.teams),
    channels: byId(config.channels),
    services: byId(config.services),
    policies,
    schedules: new Map(config.schedules.map((schedule) => [schedule.id, createSchedule(schedule)])),
    severity,
    route: compileRoutes(config),
    ladder: (policyId) => buildLadder(policyId, policies),
    lastResort: (service) => {
      const own = config.services.find(({ id }) => id === service)?.escalationPolicy;
      return (config.escalationPolicies.find(({ id }) => id === own) ?? config.escalationPolicies[0])?.fallback ?? [];
    },
    carriedSettings: (severityId, route) => carriedSettings(config, severity, severityId, route),
  };
}

function carriedSettings(
  config: Config,
  severity: Severity,
  severityId: string,
  route: RouteDecision | undefined,
): CarriedSettings {
  const level = severity.level(severityId);
  const { resolveAfterClear, reopenWindow, reminderEvery } = config.incidents;
  return {
    holdMs: route?.holdForMs ?? 0,
    clearForMs: route?.resolveAfterClearMs ?? durationMs(resolveAfterClear),
    reopenWindowMs: durationMs(reopenWindow),
    reminderMs: durationMs(reminderEvery),
    updateEveryMs: level?.updateEvery === undefined ? null : durationMs(level.updateEvery),
    reviewWithinMs: level?.review === 'required' ? durationMs(level.reviewWithin) : null,
  };
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
