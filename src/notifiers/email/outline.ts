/**
 * Outlines: what of a message stands in a mail, cleaned and cut once, so that text and HTML say the same.
 *
 * Pure. It weighs what the HTML will take, because Gmail hides what follows the first 102 kB; it never escapes.
 */
import { boundedLine, boundedText } from '../../core/text/bounded.ts';
import { htmlText } from '../../core/text/html.ts';
import { webAddress } from '../../core/text/web-address.ts';
import type { BundledMessage, Message, MessageAction, MessageLink } from '../../model/message.ts';
import { actionLinks } from '../http/action-links.ts';
import { moreLines } from '../http/whole-lines.ts';

/** An http or https address, what it is called, and where it leads when a stranger has named it. */
export type OutlinedLink = { readonly href: string; readonly text: string; readonly host: string };

/** One of several pages. */
export type OutlinedItem = { readonly title: string; readonly line: string; readonly actions: readonly OutlinedLink[] };

/** What is shown, in this order. */
export type Outline = {
  readonly locale: string;
  readonly title: string;
  readonly facts: readonly string[];
  readonly actions: readonly OutlinedLink[];
  readonly body: string;
  readonly items: readonly OutlinedItem[];
  /** That there are more items, when some were left out. */
  readonly moreItems: string;
  readonly links: readonly OutlinedLink[];
  readonly moreLinks: string;
};

const MAX_WEIGHT = 88_000;
const MAX_TITLE = 300;
const MAX_LINE = 600;
const MAX_LABEL = 100;
/** What stands around each piece: tags and styles. */
const FRAME = 250;

/** What of `message` is shown. The body has its room, then actions, facts, what was bundled, and links. */
export function outlineOf(message: Message): Outline {
  const { moreText, locale } = message;
  const title = boundedLine(message.title, MAX_TITLE) || message.deliveryId;
  const body = bodyOf(message.body);
  const room = { left: MAX_WEIGHT - weightOf(body) };
  const actions = fitting(buttonsOf(message.actions), room);
  const facts = fitting(linesOf(message.lines), room);
  const bundle = (message.bundle ?? []).map(itemOf);
  const items = fitting(bundle, room);
  const all = message.links.flatMap(linkOf);
  const links = fitting(all, room);
  return {
    ...{ locale, title, facts, actions, body, items, links },
    moreItems: moreLines(moreText, bundle.length - items.length).join(''),
    moreLinks: moreLines(moreText, all.length - links.length).join(''),
  };
}

type Room = { left: number };

/** The first of `pieces`, as many as there is room for. */
function fitting<T>(pieces: readonly T[], room: Room): readonly T[] {
  const end = pieces.findIndex((piece) => {
    const weight = weightOf(piece);
    if (weight > room.left) return true;
    room.left -= weight;
    return false;
  });
  return end < 0 ? pieces : pieces.slice(0, end);
}

/** At least what the HTML of `piece` takes, in bytes: its names and quotes weigh as much as a tag inside does. */
function weightOf(piece: unknown): number {
  return FRAME + Buffer.byteLength(htmlText(JSON.stringify(piece)));
}

function linesOf(lines: readonly string[]): readonly string[] {
  return lines.map((line) => boundedLine(line, MAX_LINE)).filter((line) => line !== '');
}

/** Cut at 4,096 UTF-16 code units; lines without text before and after it go. */
function bodyOf(body = ''): string {
  return boundedText(body)
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd();
}

function itemOf({ title, line = '', actions = [], deliveryId }: BundledMessage): OutlinedItem {
  return {
    title: boundedLine(title, MAX_TITLE) || deliveryId,
    line: boundedLine(line, MAX_LINE),
    actions: buttonsOf(actions),
  };
}

/** What an action is called is our own word, so that where it leads need not be said. */
function buttonsOf(actions: readonly MessageAction[]): readonly OutlinedLink[] {
  return actionLinks(actions)
    .flatMap(linkOf)
    .map((link) => ({ ...link, host: '' }));
}

function linkOf({ href, text = '' }: MessageLink): readonly OutlinedLink[] {
  const address = webAddress(href);
  if (address === undefined) return [];
  const label = boundedLine(text, MAX_LABEL);
  return [{ href: address, text: label || address, host: label === '' ? '' : hostOf(address) }];
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : '';
}
