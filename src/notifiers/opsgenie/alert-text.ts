/**
 * What an Opsgenie alert says: its fields, each within what Opsgenie takes.
 *
 * Pure. Opsgenie shows HTML in its fields: no text of a message ever becomes a tag, or a link whose address is hidden.
 *
 * @see https://docs.opsgenie.com/docs/alert-api#create-alert
 */
import type { Message } from '../../model/message.ts';
import { mirrorBody, mirrorKeyLike, mirrorLine, mirrorNote, mirrorTitle } from '../http/mirror-text.ts';

/** A priority of Opsgenie, the most urgent first. */
export type OpsgeniePriority = 'P1' | 'P2' | 'P3' | 'P4' | 'P5';

/** The priorities of Opsgenie, the most urgent first. */
export const PRIORITIES: readonly OpsgeniePriority[] = ['P1', 'P2', 'P3', 'P4', 'P5'];

/** Who an alert, an action or a note is from, as Opsgenie shows it. */
export const FROM = { user: 'Tocsin', source: 'tocsin' };

// Opsgenie counts characters; what is counted here, UTF-16 code units, is never fewer.
const MAX_MESSAGE = 130;
const MAX_DESCRIPTION = 15_000;
const MAX_ENTITY = 512;
const MAX_NOTE = 25_000;
const MAX_TAG = 50;
// Three of them, with their names, are far below the 8,000 that all details may have together.
const MAX_DETAIL = 512;
const ALIAS = /^.{1,512}$/;
const SEVERITY_NUMBER = /^(?:SEV|P)-?(\d)$/i;

/** What the alert of an incident is called at Opsgenie, for life. */
export function aliasOf(message: Message): string {
  return mirrorKeyLike(ALIAS, message);
}

/** The fields of a new alert. */
export function alertOf(message: Message, priority: OpsgeniePriority) {
  const { tenant, incidentId, severity, urgency, service } = message;
  const details = Object.entries({ tenant, incident: incidentId, severity });
  return {
    ...FROM,
    message: alertTitle(message),
    alias: aliasOf(message),
    description: mirrorBody(message, MAX_DESCRIPTION),
    priority,
    tags: ['tocsin', urgency, ...(severity ? [mirrorLine(severity, MAX_TAG)] : [])],
    details: Object.fromEntries(
      details.flatMap(([name, text]) => (text ? [[name, mirrorLine(text, MAX_DETAIL)]] : [])),
    ),
    entity: mirrorLine(service?.name ?? '', MAX_ENTITY),
  };
}

/** The one line that Opsgenie calls the message of an alert. */
export function alertTitle(message: Message): string {
  return mirrorTitle(message, MAX_MESSAGE);
}

/** A note in the words of the message; `undefined` when it brings none. */
export function noteOf(message: Message): string | undefined {
  return mirrorNote(message, MAX_NOTE);
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
