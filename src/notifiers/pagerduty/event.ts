/**
 * Events for PagerDuty: what a message becomes in the Events API v2, within its limits.
 *
 * Pure. It knows no routing key, and nothing of a stranger decides which incident an event belongs to.
 *
 * @see https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 * @see https://developer.pagerduty.com/docs/events-api-v2/send-change-events/
 */
import { boundedLine, boundedText } from '../../core/text/bounded.ts';
import { webAddress } from '../../core/text/web-address.ts';
import type { Message } from '../../model/message.ts';
import { actionLinks } from '../http/action-links.ts';
import { mirrorKeyLike } from '../http/mirror-text.ts';
import { moreLines } from '../http/whole-lines.ts';

/** How bad something is, in the words of PagerDuty. */
export type PagerDutySeverity = 'critical' | 'error' | 'warning' | 'info';

/** The severities of PagerDuty, the worst first. */
export const SEVERITIES: readonly PagerDutySeverity[] = ['critical', 'error', 'warning', 'info'];

type EventLink = { readonly href: string; readonly text: string };

const CLIENT = 'Tocsin';
const PLAIN_KEY = /^[\x20-\x7e]{1,255}$/;
const MAX_SUMMARY = 1_024;
// Together far below the 512 KB of an event, also when every character takes three bytes.
const MAX_BODY = 16_000;
const MAX_LINES = 20;
const MAX_LINE = 500;
const MAX_LINKS = 20;
const MAX_ITEMS = 50;

/** Whether `value` is a severity of PagerDuty. */
export function isSeverity(value: unknown): value is PagerDutySeverity {
  return SEVERITIES.some((severity) => severity === value);
}

/** The key under which all events of an incident go: at most 255 printable ASCII characters. */
export function dedupKeyOf(message: Message): string {
  return mirrorKeyLike(PLAIN_KEY, message);
}

/** What a trigger says besides its keys. */
export function triggerEvent(message: Message, severityOf: (message: Message) => PagerDutySeverity) {
  const { service, since, requestedAt } = message;
  return {
    payload: {
      ...saying(message, since ?? requestedAt),
      severity: severityOf(message),
      component: service?.id,
    },
    links: linksOf(message),
    client: CLIENT,
  };
}

/** What a change event says: it is shown beside the service and notifies nobody. */
export function changeEvent(message: Message) {
  return {
    payload: saying(message, message.requestedAt),
    links: linksOf(message),
  };
}

function saying(message: Message, at: number) {
  const { title, deliveryId, service } = message;
  return {
    summary: boundedLine(title, MAX_SUMMARY) || boundedLine(deliveryId, MAX_SUMMARY) || CLIENT,
    source: boundedLine(service?.name ?? '') || CLIENT,
    timestamp: new Date(at).toISOString(),
    custom_details: detailsOf(message),
  };
}

/** What is `undefined` is not written. */
function detailsOf({ incidentId, severity, lines, body, alertCount, bundle = [], moreText }: Message) {
  const items = bundle.slice(0, MAX_ITEMS).map(({ title, line = '' }) => boundedLine(`${title} · ${line}`, MAX_LINE));
  return {
    incident: incidentId,
    severity,
    alerts: alertCount,
    facts: listOf(lines.slice(0, MAX_LINES).map((line) => boundedLine(line, MAX_LINE))),
    text: boundedText(body ?? '', MAX_BODY) || undefined,
    bundle: listOf([...items, ...moreLines(moreText, bundle.length - items.length)]),
  };
}

function listOf(texts: readonly string[]): readonly string[] | undefined {
  const said = texts.filter((text) => text !== '');
  return said.length === 0 ? undefined : said;
}

/** What can be followed, actions first. */
function linksOf({ actions, links }: Message): readonly EventLink[] {
  const all = [...actionLinks(actions), ...links];
  return all
    .flatMap(({ href, text = '' }) => {
      const address = webAddress(href);
      return address === undefined ? [] : [{ href: address, text: boundedLine(text) || address }];
    })
    .slice(0, MAX_LINKS);
}
