/**
 * The two kinds of mirrors at Rootly, alerts and incidents: what each says, and by which calls it is moved.
 *
 * Rootly has no way back from an acknowledged alert, and none to a resolved one. No text of a message becomes a tag or hides an
 * address behind a text.
 *
 * @see https://docs.rootly.com/api-reference/alerts/creates-an-alert
 * @see https://docs.rootly.com/api-reference/incidents/creates-an-incident
 */
import type { Message, MessageStatus } from '../../model/message.ts';
import { mirrorBody, mirrorKeyLike, mirrorNote, mirrorTitle } from '../http/mirror-text.ts';
import type { RootlyRecord } from './json-api.ts';

/** Whom Rootly asks: `undefined` is nobody. */
export type Target = { readonly type: string; readonly id: string } | undefined;

/** What the host calls things at Rootly. */
export type Ids = {
  readonly urgencies: Readonly<Record<string, string>>;
  readonly severities: Readonly<Record<string, string>>;
};

type Attributes = Readonly<Record<string, unknown>>;

/** One kind of mirror. */
export type Kind = {
  readonly type: 'alerts' | 'incidents';
  /** The parameters by which Rootly lists what may be ours. */
  readonly filter: string;
  /** Whom it can ask: an address of a contact, with its type and its id. */
  readonly address: RegExp;
  readonly changes: 'PATCH' | 'PUT';
  /** Whether what is over can be opened again. */
  readonly canReopen: boolean;
  /** The path below the record, or its new attributes, that bring it there; `undefined` when nothing does. */
  move(status: MessageStatus): string | Attributes | undefined;
  /** What is kept in step: the title, and how bad it is. */
  facts(message: Message, ids: Ids): Attributes;
  made(message: Message, target: Target): Attributes;
  isOf(record: RootlyRecord, key: string): boolean;
  note(text: string): { readonly type: string; readonly attributes: Attributes };
};

const KEY = /^.{1,255}$/;
const MAX_TITLE = 255;
const MAX_BODY = 10_000;

export const ALERTS: Kind = {
  type: 'alerts',
  filter: 'filter[source]=api&fields[alerts]=status,summary,alert_urgency_id,external_id,url',
  address: /^(Service|EscalationPolicy|Group|User):([\w-]{1,100})$/,
  changes: 'PATCH',
  canReopen: false,
  // What is acknowledged is told to `acknowledge`, what is resolved to `resolve`.
  move: (status) => (status === 'triggered' ? undefined : status.slice(0, -1)),
  facts: (message, { urgencies }) => ({
    summary: mirrorTitle(message, MAX_TITLE),
    ...idOf('alert_urgency_id', urgencies, message.urgency),
  }),
  made: (message, target) => ({
    source: 'api',
    status: target === undefined ? 'open' : 'triggered',
    description: mirrorBody(message, MAX_BODY),
    external_id: keyOf(message),
    deduplication_key: keyOf(message),
    ...(target !== undefined && { notification_target_type: target.type, notification_target_id: target.id }),
  }),
  isOf: ({ attributes }, key) => attributes.external_id === key,
  note: (details) => ({ type: 'alert_events', attributes: { kind: 'note', details } }),
};

export const INCIDENTS: Kind = {
  type: 'incidents',
  filter: 'fields[incidents]=status,title,severity_id,labels,url',
  address: /^(Service|Group):([\w-]{1,100})$/,
  changes: 'PUT',
  canReopen: true,
  move: (status) => ({ status: status === 'triggered' ? 'started' : status }),
  facts: (message, { severities }) => ({
    title: mirrorTitle(message, MAX_TITLE),
    ...idOf('severity_id', severities, message.severity ?? ''),
  }),
  made: (message, target) => ({
    status: message.status === 'acknowledged' ? message.status : 'started',
    summary: mirrorBody(message, MAX_BODY),
    labels: { tocsin: keyOf(message) },
    ...(target !== undefined && { [target.type === 'Service' ? 'service_ids' : 'group_ids']: [target.id] }),
  }),
  isOf: ({ attributes }, key) => Object(attributes.labels).tocsin === key,
  note: (event) => ({ type: 'incident_events', attributes: { event, visibility: 'internal' } }),
};

/** What the mirror of an incident is called at Rootly, for life. */
export function keyOf(message: Message): string {
  return mirrorKeyLike(KEY, message);
}

/** A note in the words of the message; `undefined` when it brings none. */
export function noteOf(message: Message): string | undefined {
  return mirrorNote(message, MAX_BODY);
}

function idOf(field: string, ids: Readonly<Record<string, string>>, name: string): Attributes {
  return Object.hasOwn(ids, name) ? { [field]: ids[name] } : {};
}
