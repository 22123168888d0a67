/**
 * The impact of an incident: how long it hurt, what of it people outside could see, and what was filled in.
 *
 * Pure. Only people know when it began to hurt: what nobody has said is absent, never guessed.
 */

import type { FieldValue } from '../../model/response-events.ts';
import type { BuiltReview } from '../../model/review.ts';
import type { Impact } from '../../model/status.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import type { CompiledConfig } from '../config/compile.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { zoneOf } from '../on-call/zone.ts';
import { isWorse } from '../status/impact.ts';
import type { Naming } from './blameless.ts';
import type { PhaseChange } from './phase-changes.ts';

/** What the impact is made of. */
export type ImpactInput = {
  readonly events: readonly TimelineEvent[];
  readonly context: IncidentContext;
  readonly phases: readonly PhaseChange[];
  readonly naming: Naming;
  readonly config: Pick<CompiledConfig, 'config' | 'services' | 'response' | 'status'>;
  /** The services of the incidents that were merged into it, as far as they are known. */
  readonly absorbedServices: readonly string[];
};

/** The impact of the incident. */
export function reviewImpact(input: ImpactInput): BuiltReview['impact'] {
  const { events, context, config, absorbedServices } = input;
  const { impactStartedAt: startedAt } = context.corrections;
  const endedAt = easedAt(input);
  const isSpan = startedAt !== undefined && endedAt !== undefined && startedAt <= endedAt;
  const services = [...new Set([context.service, ...absorbedServices])];
  return {
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(isSpan && { durationMs: endedAt - startedAt }),
    services: services.map((id) => config.services.get(id)?.name ?? id),
    components: componentsOf(input, services),
    publicUpdates: events.filter((event) => event.type === 'update.posted' && event.audience === 'public').length,
    fields: fieldsOf(input),
  };
}

/** When it was mitigated or, without that, resolved, and has been so since; what was dismissed or merged says nothing of it. */
function easedAt({ context, phases }: ImpactInput): number | undefined {
  const isActive = ({ value }: PhaseChange) =>
    value === 'triage' || value === 'investigating' || value === 'identified';
  const last = phases.findLastIndex(isActive);
  const eased = phases[last + 1];
  if (eased === undefined || eased.value === 'dismissed' || eased.value === 'merged') return undefined;
  const { mitigatedAt } = context.corrections;
  // What was said of an earlier easing is no word about this one.
  return mitigatedAt !== undefined && mitigatedAt >= (phases[last]?.at ?? mitigatedAt) ? mitigatedAt : eased.at;
}

/** The worst of what followed from the severities, and of what public updates said. */
function componentsOf(
  { events, config }: ImpactInput,
  services: readonly string[],
): BuiltReview['impact']['components'] {
  const { status } = config;
  const worst = new Map<string, Impact>();
  const note = (impacts: Readonly<Record<string, Impact>>) => {
    for (const [id, impact] of Object.entries(impacts))
      if (isWorse(impact, worst.get(id) ?? 'operational')) worst.set(id, impact);
  };
  for (const event of events) {
    if (event.type === 'incident.opened' || event.type === 'severity.changed')
      for (const service of services) note(status.impactsOf(service, event.severity));
    if (event.type === 'update.posted' && event.audience === 'public') note(event.components ?? {});
  }
  return [...status.components.values()].flatMap(({ id, name }) => {
    const impact = worst.get(id);
    return impact === undefined ? [] : [{ id, name, worst: impact }];
  });
}

/** In the order of the configuration; a field that it has no more goes last, under its id. */
function fieldsOf({ context, config, naming }: ImpactInput): BuiltReview['impact']['fields'] {
  const known = [...config.response.fields.keys()].filter((id) => Object.hasOwn(context.fields, id));
  const gone = Object.keys(context.fields).filter((id) => !config.response.fields.has(id));
  return [...known, ...gone.sort()].flatMap((id) => {
    const value = context.fields[id];
    const field = config.response.fields.get(id);
    if (value === undefined) return [];
    return [{ name: field?.name ?? id, value: valueText(value, field?.type, { naming, config }) }];
  });
}

function valueText(
  value: FieldValue,
  type: string | undefined,
  { naming, config }: Pick<ImpactInput, 'naming' | 'config'>,
): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number')
    return type === 'date'
      ? localMoment(value, config.config.reviews.timeZone)
      : new Intl.NumberFormat('en').format(value);
  if (typeof value !== 'string') return naming.text(value.join(', '));
  return type === 'user' ? naming.user(value) : naming.text(value);
}

/** `2026-01-05 09:00` in the zone of the review. */
function localMoment(at: number, timeZone: string): string {
  return new Date(zoneOf(timeZone).toWall(at)).toISOString().slice(0, 16).replace('T', ' ');
}
