/**
 * Announce: puts an update that was posted into the queue of what subscribers are told.
 *
 * The row that asks for it is written in the commit of the update, so that none is forgotten; it is put in once, however
 * often the row is run. It tells nobody itself.
 */
import type { ConfigRules } from '../core/config/compile.ts';
import { involvedIn } from '../core/lifecycle/involved.ts';
import { replay } from '../core/lifecycle/replay.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { textsFor } from '../core/paging/message-texts.ts';
import { isPublicComponent } from '../core/status/page-title.ts';
import type { Announced } from '../core/updates/announcement.ts';
import { statusOfPhase } from '../core/updates/template.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { EventOf, TimelineEvent } from '../model/timeline.ts';
import type { DeliveryOutcome } from '../ports/storage.ts';
import { ANNOUNCEMENTS, enqueued, QUEUE } from './announcement-queue.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { publicWordsOf } from './public-words.ts';
import type { ReadyIncident } from './reads.ts';
import { configOf } from './tenant-config.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** Puts the update that `row` is about into the queue. */
export async function announce(engine: Engine, { tenant, reactsTo }: StoredDelivery): Promise<DeliveryOutcome> {
  if (reactsTo === undefined) return { state: 'dead', error: 'What is stored of it names no event.' };
  const { incidentId, seq } = reactsTo;
  const { incidents } = await reaching(() => engine.load({ tenant, incidents: [incidentId] }));
  const incident = incidents[0];
  if (incident === undefined) return { state: 'sent' };
  const events = await reaching(() => engine.storage.timeline(tenant, incidentId));
  const item = announcedIn(configOf(engine, tenant), incident, {
    events: events.filter((event) => event.seq <= seq),
    neutral: textsFor(undefined, engine.words.texts).texts.publicTitle,
  });
  if (item === undefined) return { state: 'dead', error: `Incident ${incidentId} has no update ${seq}.` };
  const decide = (loaded: Decidable): Decided<void> => {
    const change = enqueued([item], loaded);
    return { change, answer: () => undefined };
  };
  // All of a tenant write one document: those of this process wait for each other.
  await transact(engine, { tenant, documents: [QUEUE] }, decide, [ANNOUNCEMENTS]);
  return { state: 'sent' };
}

type Telling = {
  readonly events: readonly TimelineEvent[];
  /** What any incident may be called. */
  readonly neutral: string;
};

/** What is told of the latest of `events`: who may hear it as things stand, and how far it was then. */
function announcedIn(
  rules: Pick<ConfigRules, 'config' | 'severity' | 'status'>,
  { id, snapshot }: ReadyIncident,
  { events, neutral }: Telling,
): Announced | undefined {
  const event = events.at(-1);
  if (event?.type !== 'update.posted') return undefined;
  const { config, severity, status } = rules;
  const { context } = snapshot;
  const then = snapshot.seq === event.seq ? snapshot : replay(events);
  const words = publicWordsOf(rules, { events, snapshot: then });
  const service = config.services.find((one) => one.id === context.service)?.name ?? context.service;
  const named = new Map(config.status.components.map((component) => [component.id, component.name]));
  const ids = event.components === undefined ? words.componentIds : Object.keys(event.components);
  const levels = events.flatMap((one) =>
    one.type === 'incident.opened' || one.type === 'severity.changed' ? [one.severity] : [],
  );
  return {
    id: `${id}:${event.seq}`,
    kind: 'incident',
    audience: event.audience,
    at: event.at,
    text: event.text,
    title: context.title,
    publicTitle: words.title ?? neutral,
    status: statusSaid(event, then),
    // One that was taken away since has no name that anybody outside knows.
    components: ids.flatMap((one) => {
      const name = named.get(one);
      return name === undefined
        ? []
        : [{ id: one, name, ...(!isPublicComponent(status, one) && { isInternal: true }) }];
    }),
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
