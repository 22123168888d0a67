/**
 * Announce: puts an update that was posted into the queue of what subscribers are told.
 *
 * The row that asks for it is written in the commit of the update, so that none is forgotten; it is put in once, however
 * often the row is run. It tells nobody itself.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import { involvedIn } from '../core/lifecycle/involved.ts';
import type { Announced } from '../core/updates/announcement.ts';
import { statusOfPhase } from '../core/updates/template.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { TimelineEvent } from '../model/timeline.ts';
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
  const item = announcedIn(
    configOf(engine, tenant),
    incident,
    events.filter((event) => event.seq <= seq),
  );
  if (item === undefined) return { state: 'dead', error: `Incident ${incidentId} has no update ${seq}.` };
  const decide = (loaded: Decidable): Decided<void> => {
    const change = enqueued([item], loaded);
    return { change, answer: () => undefined };
  };
  // All of a tenant write one document: those of this process wait for each other.
  await transact(engine, { tenant, documents: [QUEUE] }, decide, [ANNOUNCEMENTS]);
  return { state: 'sent' };
}

/** What is told of the latest of `events`. */
function announcedIn(
  { config, severity }: Pick<CompiledConfig, 'config' | 'severity'>,
  { id, snapshot }: ReadyIncident,
  events: readonly TimelineEvent[],
): Announced | undefined {
  const event = events.at(-1);
  if (event?.type !== 'update.posted') return undefined;
  const { context, value } = snapshot;
  const words = publicWordsOf(config, context, events);
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
    publicTitle: words.title,
    status: event.status ?? statusOfPhase(value.phase, context.outcome),
    components: ids.map((one) => ({ id: one, name: named.get(one) ?? one })),
    incident: id,
    service: { id: context.service, name: words.service },
    severity: context.severity,
    worst: levels.reduce((worst, level) => (severity.isMoreSevere(level, worst) ? level : worst), context.severity),
    labels: context.labels,
    ...((context.kind === 'test' || context.kind === 'drill') && { trial: context.kind }),
    ...(context.visibility === 'private' && { onlyUsers: [...involvedIn(context)] }),
  };
}
