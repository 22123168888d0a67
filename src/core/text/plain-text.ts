/**
 * Plain text: a whole message as lines of text, for a terminal, an SMS, a log or a channel without markup.
 *
 * Pure, and knows no language: it only arranges what the message says. It never shows half an address, and never leaves
 * out the title.
 */
import type { BundledMessage, Message } from '../../model/message.ts';
import { cleanText, oneLine } from './clean.ts';
import { cutUnits } from './cut-units.ts';
import { webAddress } from './web-address.ts';

/** How {@link plainText} writes. */
export type PlainTextOptions = {
  /** The most UTF-16 code units. Default: 4096. */
  readonly max?: number | undefined;
};

const MAX = 4_096;
/** A body cut shorter than this says nothing. */
const WORTH_SAYING = 16;
const LINE_BREAKS = /[\n\u2028\u2029]+/;

/**
 * The title, then its lines, the body, what was bundled into it, links, and those actions that have a link, each on lines
 * of their own.
 *
 * When not all of it fits, the body is cut first, then what was bundled ("and 3 more"), links, lines; actions and the title
 * go last.
 *
 * @example
 * ```ts
 * import { plainText } from 'tocsin';
 * import { sampleMessage } from 'tocsin/testing';
 * plainText(sampleMessage({ links: [{ href: 'https://runbooks.example/disk', text: 'Runbook' }] }));
 * // => 'Disk full on db-1\nSEV1 · Checkout\nRunbook: https://runbooks.example/disk'
 * ```
 */
export function plainText(message: Message, options: PlainTextOptions = {}): string {
  const { max = MAX } = options;
  const title = cutUnits(oneLine(message.title), max);
  const room = { left: max - title.length };
  // Asked for room in the order of their weight, shown in the order of reading.
  const actions = fitting(message.actions.map(actionLine), room);
  const lines = fitting(message.lines.map(oneLine), room);
  const links = fitting(message.links.map(linkLine), room);
  const bundle = listed(message, room);
  const body = bodyOf(message.body, room);
  return [title, ...lines, ...body, ...bundle, ...links, ...actions].join('\n');
}

type Room = { left: number };

/** Those of `lines` that fit as they are. */
function fitting(lines: readonly (string | undefined)[], room: Room): string[] {
  const taken: string[] = [];
  for (const line of lines) {
    if (line === undefined || line === '' || line.length + 1 > room.left) continue;
    room.left -= line.length + 1;
    taken.push(line);
  }
  return taken;
}

function linkLine({ href, text }: Message['links'][number]): string | undefined {
  const address = webAddress(href);
  const label = oneLine(text ?? '');
  return address === undefined || label === '' ? address : `${label}: ${address}`;
}

function actionLine({ label, url }: Message['actions'][number]): string | undefined {
  return url === undefined ? undefined : linkLine({ href: url, text: label });
}

/** As many of the bundle as fit, in order; the last line says how many are left out. */
function listed({ bundle = [], moreText }: Message, room: Room): string[] {
  const lines = bundle.map(itemLine);
  const needed = lines.reduce((sum, line) => sum + line.length + 1, 0);
  const more = (count: number) => oneLine(moreText.replace('{n}', String(count)));
  const taken: string[] = [];
  const kept = needed <= room.left ? 0 : more(lines.length).length + 1;
  for (const line of lines) {
    if (line.length + 1 > room.left - kept) break;
    room.left -= line.length + 1;
    taken.push(line);
  }
  return taken.length < lines.length ? [...taken, ...fitting([more(lines.length - taken.length)], room)] : taken;
}

function itemLine({ title, line }: BundledMessage): string {
  return line === undefined ? `- ${oneLine(title)}` : `- ${oneLine(title)} (${oneLine(line)})`;
}

function bodyOf(body: string | undefined, room: Room): string[] {
  if (body === undefined) return [];
  const lines = cleanText(body)
    .split(LINE_BREAKS)
    .filter((line) => line.trim() !== '');
  const whole = lines.join('\n');
  if (whole === '' || room.left - 1 < Math.min(whole.length, WORTH_SAYING)) return [];
  const kept = cutUnits(whole, room.left - 1);
  room.left -= kept.length + 1;
  return [kept];
}
