/**
 * Notifications: a message as the JSON that a service worker makes a notification of.
 *
 * Pure. One record of Web Push holds 3,993 bytes: the body is cut first, then what was bundled, lines and answers; the title
 * always stays.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8291#section-4
 */
import { boundedLine, boundedText } from '../../core/text/bounded.ts';
import { cutTo } from '../../core/text/cut-units.ts';
import { webAddress } from '../../core/text/web-address.ts';
import type { BundledMessage, Message, MessageAction } from '../../model/message.ts';
import { moreLines } from '../http/whole-lines.ts';

type Data = {
  readonly lines: readonly string[];
  readonly actions: readonly object[];
  readonly [field: string]: unknown;
};

/** A record of 4,096 bytes without its header of 86, the tag of 16 and the delimiter of 1. */
const MAX_BYTES = 3_993;
const MAX_LINE = 300;
const MAX_ITEMS = 20;

/** What is encrypted for the browser: at most 3,993 bytes of UTF-8. */
export function notificationOf(message: Message): string {
  const { urgency, deliveryId, incidentId, status, topic } = message;
  let data: Data = { title: shown(message.title) || shown(deliveryId), lines: [], actions: [] };
  // Asked for room in the order of their weight.
  data = withMore(data, { urgency, deliveryId, tag: incidentId ?? deliveryId, incidentId, status, topic });
  for (const action of message.actions) data = withMore(data, { actions: [...data.actions, actionOf(action)] });
  for (const line of message.lines) data = withMore(data, { lines: [...data.lines, shown(line)] });
  const url = message.links.map(({ href }) => webAddress(href)).find(Boolean);
  return JSON.stringify(withBody(withBundle(withMore(data, { url }), message), message.body ?? ''));
}

function shown(text: string): string {
  return boundedLine(text, MAX_LINE);
}

/** `data` with what is in `more`, when there is room for it. */
function withMore(data: Data, more: Partial<Data>): Data {
  const next = { ...data, ...more };
  return bytesOf(next) <= MAX_BYTES ? next : data;
}

function actionOf({ id, label, url = '' }: MessageAction): object {
  return { id, label: shown(label), url: webAddress(url) };
}

/** `data` with as much of the bundle as there is room for, as further lines; the last one says how many are left out. */
function withBundle(data: Data, { bundle = [], moreText }: Message): Data {
  const items = bundle.slice(0, MAX_ITEMS).map(itemLine);
  for (let count = items.length; count >= 0 && bundle.length > 0; count -= 1) {
    const more = moreLines(moreText, bundle.length - count);
    const next = { ...data, lines: [...data.lines, ...items.slice(0, count), ...more] };
    if (bytesOf(next) <= MAX_BYTES) return next;
  }
  return data;
}

function itemLine({ title, line = '' }: BundledMessage): string {
  return `- ${shown(title)}${line === '' ? '' : ` (${shown(line)})`}`;
}

function withBody(data: Data, body: string): Data {
  const kept = cutTo(boundedText(body, MAX_BYTES), MAX_BYTES, (part) => bytesOf({ ...data, body: part }));
  return kept === '' ? data : { ...data, body: kept };
}

function bytesOf(data: Data): number {
  return Buffer.byteLength(JSON.stringify(data));
}
