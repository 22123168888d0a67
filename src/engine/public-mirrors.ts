/**
 * Public mirrors: what is told on platforms that everybody reads, and when.
 *
 * Nothing is told before somebody has posted an update for the public, and nothing but that ever is: no text of the incident
 * gets into such a message.
 */
import { isGateOpen } from '../core/paging/gate.ts';
import { incidentFact } from '../core/paging/incident-fact.ts';
import { messageOf } from '../core/paging/message.ts';
import { textsFor } from '../core/paging/message-texts.ts';
import { publicFacts, tellsMoreThan } from '../core/paging/public-facts.ts';
import { isPublicComponent, pageTitle } from '../core/status/page-title.ts';
import type { Mirror } from '../model/config.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { Message, PublicFacts } from '../model/message.ts';
import type { Engine } from './engine.ts';
import { externalRef } from './external-refs.ts';
import type { ReadContext } from './incident-context.ts';
import { mirrorRow } from './mirror-rows.ts';
import type { ReadyIncident } from './reads.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** What a row that says that something has to follow is about. */
export type PublicNews = {
  readonly incident: ReadyIncident;
  /** Every delivery of the incident. */
  readonly all: readonly StoredDelivery[];
  readonly row: StoredDelivery;
  /** The number of the event. */
  readonly seq: number;
};

/** Whether everybody reads what `mirror` shows. */
export function isPublic({ notifiers }: Pick<Engine, 'notifiers'>, { notifier }: Pick<Mirror, 'notifier'>): boolean {
  return notifiers.get(notifier)?.audience === 'public';
}

/** The rows of those of `mirrors`, all of them public, on which there is more to be told than was. */
export async function publicRows(
  engine: Engine,
  mirrors: readonly Mirror[],
  news: PublicNews,
): Promise<readonly StoredDelivery[]> {
  const { incident, all, row, seq } = news;
  const topic = row.content?.topic ?? 'changed';
  const rowsOf = ({ id }: Mirror) => all.filter(({ purpose, contact }) => purpose === 'mirror' && contact === id);
  const begun = mirrors.filter(
    (mirror) => rowsOf(mirror).length > 0 || (topic === 'update' && mayBegin(mirror, incident)),
  );
  if (begun.length === 0) return [];
  const facts = await factsFor(engine, incident);
  const toldUpTo = (mirror: Mirror) =>
    Math.max(0, ...rowsOf(mirror).map(({ state, reactsTo }) => (state === 'dead' ? 0 : (reactsTo?.seq ?? 0))));
  // No text goes along: what is told is read from the timeline when it is sent.
  const content = { topic: topic === 'note' ? 'update' : topic, title: '' };
  return begun
    .filter((mirror) => tellsMoreThan(facts, toldUpTo(mirror)))
    .map((mirror) => mirrorRow(mirror, { incident, seq, content, now: row.requestedAt }));
}

function mayBegin({ when }: Mirror, { snapshot: { context } }: ReadyIncident): boolean {
  return isGateOpen(when, incidentFact(context), context.at);
}

/** What to say on a public platform, and what it calls the incident; nothing when there is nothing that it may know. */
export type PublicSaying = {
  readonly delivery: StoredDelivery;
  readonly message: Message;
  readonly earlier: string | undefined;
};

/** `mayBeMade`: whether something was said there before, under a name that was not kept. */
export async function publicSaying(
  engine: Engine,
  { delivery, mayBeMade }: { readonly delivery: StoredDelivery; readonly mayBeMade: boolean },
  { context, now }: ReadContext,
): Promise<PublicSaying | undefined> {
  const { tenant, incidentId: id, contact } = delivery;
  if (delivery.purpose !== 'mirror' || context === undefined || id === undefined) return undefined;
  const facts = await factsFor(engine, { tenant, id });
  const earlier = externalRef(context.links, contact)?.id;
  if (facts === undefined || (facts.title === undefined && earlier === undefined && !mayBeMade)) return undefined;
  return { delivery, message: publicMessage(engine, delivery, { facts, now }), earlier };
}

async function factsFor(
  engine: Engine,
  { tenant, id }: Pick<ReadyIncident, 'tenant' | 'id'>,
): Promise<PublicFacts | undefined> {
  const [events, { incidents }] = await Promise.all([
    reaching(() => engine.storage.timeline(tenant, id)),
    reaching(() => engine.load({ tenant, incidents: [id] })),
  ]);
  const { config, status } = configOf(engine, tenant);
  const { components } = config.status;
  const componentName = (component: string) =>
    isPublicComponent(status, component) ? components.find((one) => one.id === component)?.name : undefined;
  const snapshot = incidents[0]?.snapshot;
  return publicFacts(events, {
    local: textsFor(undefined, engine.words.texts),
    componentName,
    pageTitle: snapshot === undefined ? undefined : pageTitle(status, { events, snapshot })?.title,
  });
}

/** Made from no incident: only from what the public may know. The host's own words are for people it knows. */
function publicMessage(
  { words }: Engine,
  { urgency: _, ...delivery }: StoredDelivery,
  { facts, now }: { readonly facts: PublicFacts; readonly now: number },
): Message {
  const topic = delivery.content?.topic ?? 'update';
  const title = facts.title ?? textsFor(undefined, words.texts).texts.privateTitle;
  const said = { ...delivery, urgency: 'low' as const, content: { topic, title } };
  const message = messageOf(said, undefined, { sentAt: now, texts: words.texts });
  const status = facts.status === 'resolved' ? 'resolved' : 'triggered';
  return { ...message, status, lines: [], publicFacts: facts };
}
