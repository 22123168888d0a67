/**
 * Urgency: what follows from a level for a service at a moment.
 *
 * Pure. Urgency is always high or low when somebody asks; that it depends on support hours is known only here.
 */
import { TocsinError } from '../../errors.ts';
import type { Service } from '../../model/service.ts';
import type { SeverityConfig } from '../../model/severity.ts';
import type { Urgency } from '../../model/user.ts';
import { compileSupportHours } from './severity-hours.ts';
import type { Scale } from './severity-scale.ts';

/** The urgency at a moment, and, when it is low only until support hours begin, when that is (epoch ms). */
export type UrgencyDecision = { readonly urgency: Urgency; readonly urgencyRisesAt?: number };

/** The urgency of the level `severity` for the service of that id at `at`. */
export type UrgencyOf = (severity: string, service: string | undefined, at: number) => UrgencyDecision;

/**
 * Compiles the urgency of levels. A service without support hours follows those of everybody; where there are none of either, nothing
 * waits for them and the urgency is high.
 *
 * @throws TocsinError CONFIG_INVALID when a level follows support hours and nobody has any.
 * @throws TocsinError RULE_INVALID when a window is malformed.
 */
export function compileUrgency(
  { supportHours }: SeverityConfig,
  scale: Scale,
  services: readonly Pick<Service, 'id' | 'supportHours'>[],
): UrgencyOf {
  const general = supportHours && compileSupportHours(supportHours, 'severity.supportHours');
  const own = new Map(
    services.flatMap(({ id, supportHours: windows }, place) =>
      windows === undefined ? [] : [[id, compileSupportHours(windows, `services[${place}].supportHours`)] as const],
    ),
  );
  const problems = general === undefined && own.size === 0 ? missingHours(scale) : [];
  if (problems.length > 0) {
    const message = `Cannot follow support hours: there are none. ${HINT}`;
    throw new TocsinError('CONFIG_INVALID', message, { details: { problems } });
  }
  return (severity, service, at) => {
    const urgency = scale.level(severity)?.urgency ?? 'high';
    if (urgency !== 'supportHours') return { urgency };
    const hours = (service === undefined ? undefined : own.get(service)) ?? general;
    if (hours === undefined || hours.run(at)) return { urgency: 'high' };
    const risesAt = hours.nextBeginning(at);
    return { urgency: 'low', ...(risesAt !== undefined && { urgencyRisesAt: risesAt }) };
  };
}

/** What an event says about the urgency that was decided at `at`, to be spread into it. */
export function urgencyFields(
  { urgency, urgencyRisesAt }: UrgencyDecision,
  at: number,
): { readonly urgency: Urgency; readonly urgencyRisesInMs?: number } {
  return { urgency, ...(urgencyRisesAt !== undefined && { urgencyRisesInMs: urgencyRisesAt - at }) };
}

const HINT = "Give `severity.supportHours` or `supportHours` of a service, or let the level be 'high' or 'low'.";

/** The levels that follow support hours, as problems: for when there are none to follow. */
export function missingHours({ levels }: Pick<Scale, 'levels'>) {
  return levels.flatMap(({ urgency }, place) =>
    urgency === 'supportHours'
      ? [{ path: `severity.levels[${place}].urgency`, message: 'there are no support hours to follow', hint: HINT }]
      : [],
  );
}
