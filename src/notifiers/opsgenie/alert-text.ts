/**
 * What an Opsgenie alert says: its fields, each within what Opsgenie takes.
 *
 * Pure. Opsgenie shows HTML in its fields: no text of a message ever becomes a tag, or a link whose address is hidden.
 *
 * @see https://docs.opsgenie.com/docs/alert-api#create-alert
 */
import { createHash } from 'node:crypto';
import { boundedLine, boundedText } from '../../core/text/bounded.ts';
import { cutUnits } from '../../core/text/cut-units.ts';
import { plainText } from '../../core/text/plain-text.ts';
import type { Message } from '../../model/message.ts';

/** A priority of Opsgenie, the most urgent first. */
export type OpsgeniePriority = 'P1' | 'P2' | 'P3' | 'P4' | 'P5';

/** The priorities of Opsgenie, the most urgent first. */
export const PRIORITIES: readonly OpsgeniePriority[] = ['P1', 'P2', 'P3', 'P4', 'P5'];

/** Who an alert, an action or a note is from, as Opsgenie shows it. */
export const FROM = { user: 'Tocsin', source: 'tocsin' };

// Opsgenie counts characters; what is counted here, UTF-16 code units, is never fewer.
const MAX_MESSAGE = 130;
const MAX_DESCRIPTION = 15_000;
/** What is left of it is for the invisible spaces. */
const MAX_TEXT = 12_000;
const MAX_ALIAS = 512;
const MAX_ENTITY = 512;
const MAX_NOTE = 25_000;
const MAX_TAG = 50;
// Three of them, with their names, are far below the 8,000 that all details may have together.
const MAX_DETAIL = 512;

const SEVERITY_NUMBER = /^(?:SEV|P)-?(\d)$/i;
// What would begin a tag, a comment or an entity, and what would hide an address behind a text.
const MARKUP = /[<&](?=[A-Za-z/!?#])|\](?=[([:])/g;

/** What the alert of an incident is called at Opsgenie, for life: `tocsin:<tenant>:<incident>`, or a hash of that. */
export function aliasOf({ tenant, incidentId, deliveryId }: Message): string {
  const alias = `tocsin:${tenant}:${incidentId ?? deliveryId}`;
  return alias.length <= MAX_ALIAS ? alias : `tocsin:${createHash('sha256').update(alias).digest('hex')}`;
}

/** The fields of a new alert. */
export function alertOf(message: Message, priority: OpsgeniePriority) {
  const { tenant, incidentId, severity, urgency, service } = message;
  const details = Object.entries({ tenant, incident: incidentId, severity });
  return {
    ...FROM,
    message: alertTitle(message),
    alias: aliasOf(message),
    description: cutUnits(unmarked(plainText(message, { max: MAX_TEXT })), MAX_DESCRIPTION),
    priority,
    tags: ['tocsin', urgency, ...(severity ? [line(severity, MAX_TAG)] : [])],
    details: Object.fromEntries(details.flatMap(([name, text]) => (text ? [[name, line(text, MAX_DETAIL)]] : []))),
    entity: line(service?.name ?? '', MAX_ENTITY),
  };
}

/** The one line that Opsgenie calls the message of an alert. */
export function alertTitle({ title, deliveryId }: Message): string {
  return line(title, MAX_MESSAGE) || line(deliveryId, MAX_MESSAGE);
}

/** A note in the words of the message; `undefined` when it brings none. */
export function noteOf({ topic, body = '' }: Message): string | undefined {
  if (topic !== 'note' && topic !== 'update') return undefined;
  return cutUnits(unmarked(boundedText(body, MAX_NOTE).trim()), MAX_NOTE) || undefined;
}

/** What `chosen` says of the severity, else what its number says (`SEV1` is `P1`), else what the urgency says. */
export function priorityOf(
  { severity = '', urgency }: Message,
  chosen: Readonly<Record<string, OpsgeniePriority>>,
): OpsgeniePriority {
  if (Object.hasOwn(chosen, severity)) return chosen[severity] ?? 'P3';
  const number = SEVERITY_NUMBER.exec(severity)?.[1];
  const byNumber = number === undefined ? undefined : PRIORITIES[Math.min(Math.max(Number(number), 1), 5) - 1];
  return byNumber ?? (urgency === 'high' ? 'P2' : 'P4');
}

function line(text: string, max: number): string {
  return cutUnits(unmarked(boundedLine(text, max)), max);
}

/** `text` with an invisible space where markup would begin. */
function unmarked(text: string): string {
  return text.replace(MARKUP, '$&\u200b');
}
