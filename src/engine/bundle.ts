/**
 * Bundles: what a message lists of the deliveries that it carries.
 *
 * Only what is still waited for is listed. It sends nothing.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { isVisibleTo } from '../core/lifecycle/involved.ts';
import { kindOf } from '../core/paging/message-kind.ts';
import { textsFor } from '../core/paging/message-texts.ts';
import type { DeliveryPurpose, StoredDelivery } from '../model/delivery.ts';
import type { BundleItem, MessagePurpose } from '../model/message.ts';
import type { Engine } from './engine.ts';
import { personOf } from './people.ts';
import { reaching } from './transact.ts';

/** The deliveries of `ids` that are still waited for, as a message lists them: what cannot wait first. */
export async function carriedBy(
  engine: Engine,
  tenant: string,
  ids: readonly string[],
): Promise<readonly BundleItem[]> {
  const found = await Promise.all(
    ids.map((id) => reaching(() => engine.storage.listDeliveries(tenant, { id, limit: 1 }))),
  );
  const waiting = found.flat().filter(({ state }) => state === 'pending' || state === 'leased');
  const contexts = await contextsOf(engine, tenant, waiting);
  const items = waiting.flatMap((delivery) => [
    ...shownOf(delivery, contexts, engine),
    listed(delivery, contexts.get(delivery.incidentId ?? ''), engine),
  ]);
  return items.toSorted((a, b) => Number(a.urgency === 'low') - Number(b.urgency === 'low'));
}

/** The delivery as it may be read now: what has become private since it was listed is not told any more. */
export async function listedNow(engine: Engine, delivery: StoredDelivery): Promise<StoredDelivery> {
  const { content, tenant } = delivery;
  if (content?.items === undefined || content.items.every(({ incidentId }) => incidentId === undefined))
    return delivery;
  const contexts = await contextsOf(engine, tenant, [delivery]);
  return { ...delivery, content: { ...content, items: [...shownOf(delivery, contexts, engine)] } };
}

function shownOf(
  delivery: StoredDelivery,
  contexts: ReadonlyMap<string, IncidentContext>,
  engine: Engine,
): readonly BundleItem[] {
  return (delivery.content?.items ?? []).map((item) => {
    const context = contexts.get(item.incidentId ?? '');
    if (context === undefined || !isHiddenFrom(delivery.user, context)) return item;
    const { deliveryId, urgency, purpose } = item;
    return { deliveryId, title: privateTitle(delivery, engine), urgency, ...(purpose !== undefined && { purpose }) };
  });
}

/** One that cannot be read is listed all the same, by its id. */
async function contextsOf(
  engine: Engine,
  tenant: string,
  deliveries: readonly StoredDelivery[],
): Promise<ReadonlyMap<string, IncidentContext>> {
  const named = deliveries.flatMap(({ incidentId, content }) => [
    incidentId,
    ...(content?.items ?? []).map((item) => item.incidentId),
  ]);
  const ids = [...new Set(named.flatMap((id) => id ?? []))];
  if (ids.length === 0) return new Map();
  const { incidents } = await reaching(() => engine.storage.load({ tenant, incidents: ids }));
  const ready = await Promise.all(incidents.map((row) => engine.reads.incident(row)));
  return new Map(
    ready.flatMap((incident) => (incident === undefined ? [] : [[incident.id, incident.snapshot.context]])),
  );
}

/** What is damaged within an incident keeps no message of others back. */
function listed(delivery: StoredDelivery, context: IncidentContext | undefined, engine: Engine): BundleItem {
  try {
    return itemOf(delivery, context, engine);
  } catch (error) {
    engine.logger.error({ error, delivery: delivery.id }, 'What is stored of an incident cannot be listed.');
    return itemOf(delivery, undefined, engine);
  }
}

function itemOf(delivery: StoredDelivery, context: IncidentContext | undefined, engine: Engine): BundleItem {
  const { id: deliveryId, incidentId, urgency, content, tenant } = delivery;
  const purpose = isForHost(delivery.purpose) ? {} : { purpose: delivery.purpose };
  if (context === undefined) {
    const title = content?.title ?? `Incident ${incidentId ?? deliveryId}`;
    return { deliveryId, ...(incidentId !== undefined && { incidentId }), title, urgency, ...purpose };
  }
  if (isKeptFrom(delivery, context)) return { deliveryId, title: privateTitle(delivery, engine), urgency, ...purpose };
  const service = {
    id: context.service,
    name: engine.tenants.get(tenant)?.services.get(context.service)?.name ?? context.service,
  };
  return {
    deliveryId,
    incidentId: context.id,
    ...purpose,
    title: context.title,
    ...kindOf(context.kind),
    severity: context.severity,
    urgency,
    service,
    since: context.times.openedAt,
  };
}

/** What is for the host, or this engine, is no message. */
function isForHost(purpose: StoredDelivery['purpose']): purpose is Exclude<DeliveryPurpose, MessagePurpose> {
  return FOR_HOST.some((each) => each === purpose);
}

const FOR_HOST: readonly Exclude<DeliveryPurpose, MessagePurpose>[] = [
  'reaction',
  'follow',
  'announce',
  'room',
  'issue',
];

/**
 * Whoever has given up what they had to do with a private incident is told nothing of it, in a list either. Nobody knows who
 * reads a channel.
 */
function isKeptFrom({ purpose, user }: StoredDelivery, context: IncidentContext): boolean {
  return (purpose === 'notice' || user === undefined) && isHiddenFrom(user, context);
}

function isHiddenFrom(user: string | undefined, context: IncidentContext): boolean {
  return user === undefined ? context.visibility === 'private' : !isVisibleTo(context, user);
}

function privateTitle({ tenant, user }: StoredDelivery, engine: Engine): string {
  const locale = user === undefined ? undefined : personOf(engine, tenant, user)?.locale;
  return textsFor(locale, engine.words.texts).texts.privateTitle;
}
