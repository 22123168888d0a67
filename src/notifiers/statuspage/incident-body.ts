/**
 * What is sent of an incident to Statuspage: one update at a time, and the mark that says which was the last.
 *
 * Pure. Of a message it reads the public facts, and ids that it hashes. No text ever becomes a tag or hides an address.
 */
import type { Message, PublicFacts, PublicUpdate } from '../../model/message.ts';
import { isLike } from '../http/checked-options.ts';
import { mirrorKeyLike, mirrorLine, mirrorText } from '../http/mirror-text.ts';
import type { PageIncident } from './page-api.ts';

/** What one request says. */
export type Saying = {
  readonly message: Message;
  readonly facts: PublicFacts;
  readonly update: PublicUpdate;
  /** What Statuspage calls our components. */
  readonly components: Readonly<Record<string, string>>;
  readonly isTold: boolean;
  /** What others have written into the incident. */
  readonly metadata: PageIncident['metadata'];
};

const MAX_NAME = 255;
const MAX_BODY = 25_000;
const NUMBER = /^\d{1,15}$/;
/** No key is left as it is: it names the tenant. */
const NEVER = /[^\s\S]/;

/** The incident as one update changes it; name and components are those of the last one. */
export function incidentBody({ message, facts, update, components, isTold, metadata }: Saying): object {
  const isLast = update === facts.updates.at(-1);
  const named = Object.entries(facts.components).filter(([ours]) => Object.hasOwn(components, ours));
  const impacts = Object.fromEntries(named.map(([ours, impact]) => [components[ours], impact]));
  return {
    ...(facts.title !== undefined && { name: mirrorLine(facts.title, MAX_NAME) || 'Incident' }),
    status: update.status,
    body: mirrorText(update.text, MAX_BODY),
    deliver_notifications: isTold,
    ...(isLast && named.length > 0 && { components: impacts, component_ids: Object.keys(impacts) }),
    metadata: { ...metadata, tocsin: { key: keyOf(message), last: update.id } },
  };
}

/** Whether the incident there is the one that `message` is about. */
export function isOf({ metadata }: PageIncident, message: Message): boolean {
  return Object(metadata.tocsin).key === keyOf(message);
}

/** What was not told yet: what comes after the last, or what is not shown when nobody knows any more which that was. */
export function untold({ updates }: PublicFacts, { metadata, texts }: PageIncident): readonly PublicUpdate[] {
  const { last }: { last?: unknown } = Object(metadata.tocsin);
  if (isLike(NUMBER, last)) return updates.filter(({ id }) => Number(id) > Number(last));
  return updates.filter(({ text }) => !texts.includes(mirrorText(text, MAX_BODY)));
}

/** What the mirror is known by at Statuspage, for life. */
function keyOf(message: Message): string {
  return mirrorKeyLike(NEVER, message);
}
