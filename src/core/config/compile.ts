/**
 * A compiled configuration: the document, its indexes, and everything that is worked out once.
 *
 * Made from a checked configuration only (see check.ts); it holds no state of its own.
 */
import type { Config } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';
import type { EscalationPolicy, Ladder, Target } from '../../model/escalation.ts';
import type { Service } from '../../model/service.ts';
import type { CarriedSettings, EventDraft, IncidentKind } from '../../model/timeline.ts';
import type { Channel, Team, User } from '../../model/user.ts';
import { buildLadder } from '../escalation/ladder.ts';
import { type CompiledIntake, compileIntake } from '../intake/compile.ts';
import { compileRoutes, type RouteDecision } from '../intake/route.ts';
import { createSchedule, type Schedule } from '../on-call/schedule.ts';
import { type CompiledResponse, compileResponse } from '../response/compile.ts';
import { compileSeverity, type CompiledSeverity as Severity } from '../rules/severity.ts';
import { urgencyFields } from '../rules/severity-urgency.ts';
import { type CompiledStatus, compileStatus } from '../status/compile.ts';

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
  /** The dates of public holidays, by the id of their calendar. */
  readonly calendars: ReadonlyMap<string, readonly string[]>;
  readonly severity: Severity;
  readonly route: ReturnType<typeof compileRoutes>;
  readonly intake: CompiledIntake;
  readonly status: CompiledStatus;
  readonly response: CompiledResponse;
  ladder(policyId: string): Ladder;
  /** The fallback of the policy of a service; of the first policy when the service is gone. */
  lastResort(service: string): readonly Target[];
  /** What an incident of this severity keeps from the configuration. */
  carriedSettings(severity: string, route?: RouteDecision): CarriedSettings;
  /** After how long without an event an alert of this severity counts as over; `undefined` when never. */
  autoResolveMs(severity: string): number | undefined;
  /** The change of an incident to the level `severity` at `at`, with everything that follows from the level. */
  severityChanged(severity: string, incident: Graded, at: number, reason?: string): SeverityChanged;
  /** What an incident that is reopened at `at` says of its urgency: something only if its level follows support hours. */
  urgencyOnReturn(incident: Graded, at: number): Partial<ReturnType<typeof urgencyFields>>;
};

/** The part of an incident from which its urgency follows. */
type Graded = { readonly severity: string; readonly service: string; readonly kind?: IncidentKind };
/** A change of severity before it has its number and its time. */
type SeverityChanged = Extract<EventDraft, { type: 'severity.changed' }>;

/** A configuration without its schedules: who is on call depends on what is stored as well. */
export type ConfigRules = Omit<CompiledConfig, 'schedules'>;

/** Compiles a checked configuration. */
export function compileConfig(config: Config, version: string): CompiledConfig {
  const policies = byId(config.escalationPolicies);
  const calendars = new Map(config.holidays.map(({ id, dates }) => [id, dates]));
  const intake = compileIntake(config);
  const severity = compileSeverity(config.severity, { services: config.services });
  // Asked of every new alert, and the same each time: durations and ladders are read once.
  const settings = remembered((severityId: string) => carriedSettings(config, severity, severityId));
  const ladder = remembered((policyId: string) => buildLadder(policyId, policies, calendars));
  const autoResolveMs = remembered((severityId: string) => {
    const after = severity.level(severityId)?.autoResolveAfter;
    return after === undefined ? undefined : durationMs(after);
  });
  const settingsOf = (severityId: string, route?: RouteDecision): CarriedSettings => {
    const ofLevel = settings(severityId);
    return route === undefined
      ? ofLevel
      : { ...ofLevel, holdMs: route.holdForMs, clearForMs: route.resolveAfterClearMs };
  };
  return {
    config,
    version,
    users: byId(config.users),
    teams: byId(config.teams),
    channels: byId(config.channels),
    services: byId(config.services),
    policies,
    calendars,
    schedules: new Map(config.schedules.map((schedule) => [schedule.id, createSchedule(schedule)])),
    severity,
    route: compileRoutes(config, intake.facts),
    intake,
    status: compileStatus(config),
    response: compileResponse(config, calendars),
    ladder,
    lastResort: (service) => {
      const own = config.services.find(({ id }) => id === service)?.escalationPolicy;
      return (config.escalationPolicies.find(({ id }) => id === own) ?? config.escalationPolicies[0])?.fallback ?? [];
    },
    carriedSettings: settingsOf,
    autoResolveMs,
    severityChanged: (to, incident, at, reason) =>
      severityChanged(severity, settingsOf(to), { to, incident, at, reason }),
    urgencyOnReturn: (incident, at) =>
      severity.level(incident.severity)?.urgency === 'supportHours'
        ? urgencyFields(severity.urgencyOf(incident.severity, incident.service, at), at)
        : {},
  };
}

/** What is worked out for an id, worked out once for each. */
function remembered<T>(workOut: (id: string) => T): (id: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (id) => {
    const found = known.get(id);
    if (found !== undefined) return found.value;
    const value = workOut(id);
    if (known.size < MOST_REMEMBERED) known.set(id, { value });
    return value;
  };
}

const MOST_REMEMBERED = 10_000;

function carriedSettings(config: Config, severity: Severity, severityId: string): CarriedSettings {
  const level = severity.level(severityId);
  const { resolveAfterClear, reopenWindow, reminderEvery } = config.incidents;
  return {
    holdMs: 0,
    clearForMs: durationMs(resolveAfterClear),
    reopenWindowMs: durationMs(reopenWindow),
    reminderMs: durationMs(reminderEvery),
    updateEveryMs: level?.updateEvery === undefined ? null : durationMs(level.updateEvery),
    reviewWithinMs: level?.review === 'required' ? durationMs(level.reviewWithin) : null,
  };
}

function severityChanged(
  severity: Severity,
  { updateEveryMs, reviewWithinMs }: CarriedSettings,
  { to, incident, at, reason }: Readonly<{ to: string; incident: Graded; at: number; reason: string | undefined }>,
): SeverityChanged {
  const isRaised = severity.isMoreSevere(to, incident.severity);
  const repage = severity.level(to)?.repage;
  return {
    type: 'severity.changed',
    severity: to,
    ...urgencyFields(severity.urgencyOf(to, incident.service, at), at),
    direction: isRaised ? 'raised' : 'lowered',
    ...(isRaised && repage !== undefined && { repage }),
    updateEveryMs,
    reviewWithinMs: incident.kind === 'test' ? null : reviewWithinMs,
    ...(reason !== undefined && { reason }),
  };
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
