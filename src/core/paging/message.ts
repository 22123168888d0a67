/**
 * The neutral message: what a delivery says, from the incident as it is when the attempt is made, or by itself.
 *
 * Pure. Every string is bounded and cleaned here, once; how a channel shows it is the notifier's business.
 */
import type { DeliveryContent, StoredDelivery } from '../../model/delivery.ts';
import type { BundleItem, Message, MessageLink, MessagePurpose, MessageStatus } from '../../model/message.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { isVisibleTo } from '../lifecycle/involved.ts';
import { boundedLine, boundedText } from '../text/bounded.ts';
import { webAddress } from '../text/web-address.ts';
import { actionsFor } from './message-actions.ts';
import { bundleOf } from './message-bundle.ts';
import { factless, factsOf, type MessageNames, type MessageWorld } from './message-facts.ts';
import { kindOf, titleOfKind } from './message-kind.ts';
import { responseNews } from './message-response.ts';
import { countText, fillText, type GivenTexts, textsFor } from './message-texts.ts';
import { titleAbout } from './message-titles.ts';
import { replyCode } from './reply-code.ts';

/** What a message is made with. */
export type MessageOptions = {
  /** Epoch ms of this attempt, by the storage's clock. */
  readonly sentAt: number;
  readonly names?: MessageNames | undefined;
  /** Other pages that go out in the same message. */
  readonly bundle?: readonly BundleItem[] | undefined;
  /** The language of whoever reads it. Default: English. */
  readonly locale?: string | undefined;
  /** The texts of the host. */
  readonly texts?: GivenTexts | undefined;
  /** How far the incident is. */
  readonly status?: MessageStatus | undefined;
};

const MAX_LINKS = 20;

/**
 * The message of one attempt: what the delivery says by itself, else what there is to say of its incident. Facts of the
 * `context` stand beside either. With neither the incident cannot be read; then the message says so, because somebody has to
 * look.
 */
export function messageOf(
  delivery: StoredDelivery,
  context: IncidentContext | undefined,
  { sentAt, names = {}, bundle = [], locale, texts, status }: MessageOptions,
): Message {
  const local = textsFor(locale, texts);
  const world: MessageWorld = { delivery, purpose: purposeOf(delivery), names, sentAt, local, status };
  const message = messageAlone(delivery.content, context, world);
  const items = delivery.content?.items === undefined ? bundle : [...delivery.content.items, ...bundle];
  if (items.length === 0) return message;
  const listed = bundleOf(items, world);
  const others = bundle.length === 0 ? [] : [countText(local, local.texts.bundleLine, bundle.length)];
  // A code names one incident; this message is about several.
  const { replyCode: _, ...rest } = message;
  return { ...rest, lines: [...message.lines, ...others, ...listed.lines], bundle: listed.bundle };
}

function messageAlone(
  content: DeliveryContent | undefined,
  context: IncidentContext | undefined,
  world: MessageWorld,
): Message {
  // What has become of an incident is said in the words of its reader.
  const isFollowing = world.purpose === 'update' || world.purpose === 'mirror';
  const isNews = world.purpose === 'notice' && world.delivery.incidentId !== undefined;
  const isOfIncident = context !== undefined && (isNews || isFollowing);
  if (content !== undefined && !isOfIncident) return saidByItself(content, context, world);
  return context === undefined ? unreadable(world) : described(context, world);
}

/** What is for the host alone is never sent; should it be, it asks for nothing. */
function purposeOf({ purpose }: StoredDelivery): MessagePurpose {
  switch (purpose) {
    case 'reaction':
    case 'follow':
    case 'announce':
    case 'room':
    case 'issue':
      return 'notice';
    default:
      return purpose;
  }
}

function addressed({ delivery, purpose, names, sentAt, local }: MessageWorld) {
  return {
    tenant: delivery.tenant,
    ...incidentOf(delivery),
    deliveryId: delivery.id,
    purpose,
    locale: local.locale,
    to: {
      ...(delivery.user !== undefined && { user: delivery.user }),
      ...(names.user !== undefined && { name: boundedLine(names.user) }),
      contact: delivery.contact,
      address: delivery.address,
    },
    requestedAt: delivery.requestedAt,
    sentAt,
    moreText: local.texts.more,
  };
}

function incidentOf({ incidentId, reactsTo }: StoredDelivery): { readonly incidentId?: string } {
  const id = incidentId ?? reactsTo?.incidentId;
  return id === undefined ? {} : { incidentId: id };
}

function described(context: IncidentContext, world: MessageWorld): Message {
  const { delivery, purpose, local, status } = world;
  const topic = topicOf(context, world);
  if (isKeptFrom(context, world)) return hidden(world);
  const about = purpose === 'reminder' ? purpose : purpose === 'mirror' ? undefined : topic;
  const own = boundedLine(context.title);
  const news = purpose === 'notice' ? responseNews(topic, own, context, world) : undefined;
  const title = news?.title ?? titleAbout(about, { title: own, severity: boundedLine(context.severity) }, local);
  const facts = factsOf(context, world);
  const body = news?.body;
  const actions = purpose === 'update' && status !== 'triggered' ? [] : actionsFor(purpose, local);
  const { step, loop } = delivery.position;
  return {
    ...addressed(world),
    ...(topic !== undefined && { topic }),
    ...(status !== undefined && { status }),
    ...(actions.length > 0 && { replyCode: replyCode(delivery.id) }),
    ...kindOf(context.kind),
    title: titleOfKind(context.kind, title, local),
    ...(body === undefined ? bodyOf(delivery, context) : { body: boundedText(body) }),
    ...facts,
    lines: [...(news?.lines ?? []), ...facts.lines],
    step,
    loop,
    links: linksOf(context.links),
    actions,
  };
}

/** Whoever has given up what they had to do with a private incident is told that, and nothing else of it. */
function isKeptFrom(context: IncidentContext, { delivery, purpose }: MessageWorld): boolean {
  if (purpose !== 'notice' || delivery.user === undefined) return false;
  return !isVisibleTo(context, delivery.user);
}

function hidden(world: MessageWorld): Message {
  const { texts } = world.local;
  const topic = world.delivery.content?.topic;
  const said = { ...addressed(world), ...(topic !== undefined && { topic: boundedLine(topic) }) };
  return { ...said, title: texts.privateTitle, ...factless(world), links: [], actions: [] };
}

/** What kind of news it is. What is brought up to date says how the incident is now, whatever has happened since. */
function topicOf(context: IncidentContext, { delivery, purpose, status }: MessageWorld): string | undefined {
  if (purpose === 'notice') return newsOf(boundedLine(delivery.content?.topic ?? 'monitoring'), context);
  if (purpose === 'mirror') return boundedLine(delivery.content?.topic ?? 'opened');
  if (purpose !== 'update' || status === 'triggered') return undefined;
  return context.outcome === 'dismissed' ? 'dismissed' : status;
}

/** A notice may have been held back while it was overtaken: what is open again is never told to be over. */
function newsOf(topic: string, { outcome }: IncidentContext): string {
  if (outcome === 'open') return topic === 'resolved' || topic === 'dismissed' ? 'reopened' : topic;
  if (topic !== 'reopened' || outcome === 'merged') return topic;
  return outcome === 'dismissed' ? 'dismissed' : 'resolved';
}

function saidByItself(content: DeliveryContent, context: IncidentContext | undefined, world: MessageWorld): Message {
  const { topic, title, body, links = [] } = content;
  const facts = context === undefined ? factless(world) : factsOf(context, world);
  return {
    ...addressed(world),
    ...(topic !== undefined && { topic: boundedLine(topic) }),
    title: boundedLine(title),
    ...(body !== undefined && { body: boundedText(body) }),
    ...facts,
    links: linksOf(links),
    actions: [],
  };
}

function unreadable(world: MessageWorld): Message {
  const { delivery, purpose, local } = world;
  return {
    ...addressed(world),
    title: boundedLine(fillText(local.texts.unreadableTitle, { id: delivery.incidentId ?? delivery.id })),
    body: local.texts.unreadableBody,
    ...factless(world),
    links: [],
    actions: actionsFor(purpose, local),
  };
}

function linksOf(links: readonly { readonly href?: string | undefined; readonly text?: string | undefined }[]) {
  const shown: MessageLink[] = [];
  for (const { href, text } of links) {
    const address = href === undefined ? undefined : webAddress(href);
    if (address !== undefined && shown.length < MAX_LINKS)
      shown.push({ href: address, ...(text !== undefined && { text: boundedLine(text) }) });
  }
  return shown;
}

/** Whoever is asked to join reads first what they are asked for. */
function bodyOf({ purpose, user, content }: StoredDelivery, context: IncidentContext): { readonly body?: string } {
  if (purpose === 'mirror' && content?.body !== undefined) return { body: boundedText(content.body) };
  const request = purpose === 'responder' && user !== undefined ? context.requests[user] : undefined;
  const parts = [request, context.body].filter((part) => typeof part === 'string');
  return parts.length === 0 ? {} : { body: boundedText(parts.join('\n\n')) };
}
