/**
 * What is told of an event of an incident: an update to whoever may hear it, an end or a return to each audience that was
 * told of the incident and does not know it yet.
 *
 * Pure. Who wants to hear it is found out when it is told.
 */
import type { ConfigRules } from '../core/config/compile.ts';
import { involvedIn } from '../core/lifecycle/involved.ts';
import { replay } from '../core/lifecycle/replay.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { isPublicComponent } from '../core/status/page-title.ts';
import type { Announced } from '../core/updates/announcement.ts';
import { mustHear, turnOf, updatesFor } from '../core/updates/heard.ts';
import { statusOfPhase } from '../core/updates/template.ts';
import { type Audience, audienceSchema } from '../model/status.ts';
import type { EventOf, TimelineEvent } from '../model/timeline.ts';
import { type PublicWords, publicWordsOf } from './public-words.ts';
import type { ReadyIncident } from './reads.ts';

type Rules = Pick<ConfigRules, 'config' | 'severity' | 'status'>;

/**
 * What is told of the latest of `events`, which are all up to it: who may hear it as things stand, and how far it was then.
 */
export function announcedIn(
  rules: Rules,
  incident: ReadyIncident,
  events: readonly TimelineEvent[],
): readonly Announced[] {
  const event = events.at(-1);
  if (event === undefined) return [];
  const { id, snapshot } = incident;
  const then = snapshot.seq === event.seq ? snapshot : replay(events);
  const words = publicWordsOf(rules, { events, snapshot: then });
  const about = {
    kind: 'incident' as const,
    at: event.at,
    ...titleOf(words),
    ...standingOf(rules, incident, events),
  };
  if (event.type === 'update.posted') {
    const touched = event.components === undefined ? words.componentIds : Object.keys(event.components);
    const { audience, text } = event;
    const components = named(rules, touched);
    return [{ ...about, id: `${id}:${event.seq}`, audience, text, status: statusSaid(event, then), components }];
  }
  const turn = turnOf(event);
  if (turn === undefined) return [];
  const status = statusOfPhase(then.value.phase, then.context.outcome);
  return audienceSchema.options
    .filter((to) => mustHear(events, to))
    .map((to) => ({
      ...about,
      id: `${id}:${event.seq}:${to}`,
      audience: updatesFor(events, 'public').length > 0 ? 'public' : 'internal',
      to,
      text: '',
      turn,
      status,
      components: named(rules, everTold(rules, { events, service: then.context.service, to })),
    }));
}

/** A title that nobody wrote is made where it is known who reads it. */
function titleOf({ title, touched }: PublicWords): Pick<Announced, 'publicTitle' | 'touched'> {
  if (touched !== undefined) return { touched: { names: [...touched.names], impact: touched.impact } };
  return title === undefined ? {} : { publicTitle: title };
}

/** What the incident is as things stand, and who may hear of it. */
function standingOf({ config, severity }: Rules, { id, snapshot }: ReadyIncident, events: readonly TimelineEvent[]) {
  const { context } = snapshot;
  const service = config.services.find((one) => one.id === context.service)?.name ?? context.service;
  const levels = events.flatMap((one) =>
    one.type === 'incident.opened' || one.type === 'severity.changed' ? [one.severity] : [],
  );
  return {
    title: context.title,
    incident: id,
    service: { id: context.service, name: service },
    severity: context.severity,
    worst: levels.reduce((worst, level) => (severity.isMoreSevere(level, worst) ? level : worst), context.severity),
    labels: context.labels,
    ...((context.kind === 'test' || context.kind === 'drill') && { trial: context.kind }),
    ...(context.visibility === 'private' && { onlyUsers: [...involvedIn(context)] }),
  };
}

/** As the pages have it: an end is an end, whatever is said afterwards. */
function statusSaid({ status }: EventOf<'update.posted'>, { value, context }: IncidentSnapshot): Announced['status'] {
  const reached = statusOfPhase(value.phase, context.outcome);
  return context.outcome === 'open' ? (status ?? reached) : reached;
}

type Told = { readonly events: readonly TimelineEvent[]; readonly service: string; readonly to: Audience };

/** Every component of which `to` was told something: whoever hears of one of them alone hears the end as well. */
function everTold({ config }: Rules, { events, service, to }: Told): readonly string[] {
  let ids = config.status.components.flatMap((one) => (one.services.includes(service) ? [one.id] : []));
  const told = new Set<string>();
  for (const { audience, components } of updatesFor(events, to)) {
    const own = components === undefined ? ids : Object.keys(components);
    for (const id of own) told.add(id);
    // What is said inside does not change what an update that names none is about.
    if (audience === 'public') ids = own;
  }
  return [...told];
}

/** One that was taken away since has no name that anybody outside knows. */
function named({ config, status }: Rules, ids: readonly string[]): Announced['components'] {
  const names = new Map(config.status.components.map((component) => [component.id, component.name]));
  return ids.flatMap((id) => {
    const name = names.get(id);
    return name === undefined ? [] : [{ id, name, ...(!isPublicComponent(status, id) && { isInternal: true }) }];
  });
}
