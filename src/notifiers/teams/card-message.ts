/**
 * The card: a message as the one Adaptive Card that a workflow of Microsoft Teams posts.
 *
 * Pure. Every text of the message is escaped, and no card names anybody as mentioned. A card too large would be lost without
 * a word, so it asks for room in the order of weight: the body is cut first, then what was bundled, then lines.
 *
 * @see https://adaptivecards.io/explorer/AdaptiveCard.html
 */
import { boundedLine, boundedText } from '../../core/text/bounded.ts';
import { cutTo } from '../../core/text/cut-units.ts';
import { linkLabel } from '../../core/text/link-label.ts';
import { markdownLine, markdownText } from '../../core/text/markdown.ts';
import { bracketedAddress, webAddress } from '../../core/text/web-address.ts';
import type { BundledMessage, Message, MessageLink } from '../../model/message.ts';
import { actionLinks } from '../http/action-links.ts';
import { moreLines } from '../http/whole-lines.ts';

type Element = Readonly<Record<string, unknown>>;
type Button = { readonly type: 'Action.OpenUrl'; readonly title: string; readonly url: string };
type Followed = { readonly actions?: Message['actions'] | undefined; readonly links?: Message['links'] };
type Room = { left: number };

/**
 * Documented are 28 KB, of which senders have seen little more than 20,000 bytes pass; and a workflow says 202 before it
 * knows whether Teams takes the card.
 */
const MAX_BYTES = 20_000;
const MAX_LINE = 500;
const MAX_LABEL = 80;
const MAX_URL = 2_048;
/** Teams shows no more. */
const MAX_BUTTONS = 6;
const MAX_ITEMS = 40;

/** What is posted for `message`: at most 20,000 bytes as JSON in UTF-8. */
export function cardMessage(message: Message): Element {
  const room = { left: MAX_BYTES - bytesOf(posted([], [])) };
  const { bundle = [], body = '' } = message;
  const links = buttonsOf(message);
  // Asked for room in the order of their weight, shown in the order of reading.
  const title = fitting(texts([message.title, message.deliveryId]).slice(0, 1).map(enlarged), room);
  const buttons = fitting(links.slice(0, MAX_BUTTONS), room);
  const lines = fitting(texts(message.lines), room);
  const rest = links.slice(MAX_BUTTONS).map(linkText).map(textBlock);
  const list = listed([...bundle.map(itemOf), ...rest], message.moreText, room);
  return posted([...title, ...lines, ...bodyOf(body, room), ...list], buttons);
}

function posted(body: readonly Element[], actions: readonly Element[]): Element {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body,
    actions,
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return { type: 'message', attachments: [attachment] };
}

function textBlock(text: string): Element {
  return { type: 'TextBlock', text, wrap: true };
}

function texts(lines: readonly string[]): readonly Element[] {
  return lines.flatMap((line) => paragraphs(boundedLine(line, MAX_LINE)));
}

function enlarged(element: Element): Element {
  return { ...element, size: 'Large', weight: 'Bolder' };
}

/** What can be followed, answers first. */
function buttonsOf({ actions = [], links = [] }: Followed): readonly Button[] {
  return [...actionLinks(actions), ...links].flatMap(buttonOf);
}

function buttonOf({ href, text = '' }: MessageLink): readonly Button[] {
  const url = URL.parse(webAddress(href) ?? '');
  // Written in ASCII, so that a few addresses leave room for what there is to say.
  if (url === null || url.href.length > MAX_URL) return [];
  const title = linkLabel(boundedLine(text, MAX_LABEL) || url.host, url.href, MAX_LABEL);
  return [{ type: 'Action.OpenUrl', title, url: url.href }];
}

/** Not every client of Teams reads an address in angle brackets, so that it stands here without. */
function linkText({ title, url }: Button): string {
  return `[${markdownLine(title)}](${bracketedAddress(url)})`;
}

function itemOf({ title, line = '', actions }: BundledMessage): Element {
  const said = markdownText(`• ${boundedLine(title, MAX_LINE)}\n${boundedLine(line, MAX_LINE)}`);
  return textBlock([said, ...buttonsOf({ actions }).map(linkText)].join('\n\n'));
}

/** Those of `elements` for which there is room. */
function fitting(elements: readonly Element[], room: Room): readonly Element[] {
  return elements.filter((element) => {
    const bytes = bytesOf(element) + 1;
    if (bytes > room.left) return false;
    room.left -= bytes;
    return true;
  });
}

/** As many of `elements` as there is room for, in order; the last one says how many are left out. */
function listed(elements: readonly Element[], moreText: string, room: Room): readonly Element[] {
  for (let count = Math.min(elements.length, MAX_ITEMS); count >= 0; count -= 1) {
    const more = moreLines(moreText, elements.length - count);
    const all = [...elements.slice(0, count), ...texts(more)];
    if (bytesOf(all) <= room.left) return fitting(all, room);
  }
  return [];
}

/** The beginning of the body as one element, when there is room for any of it. */
function bodyOf(body: string, room: Room): readonly Element[] {
  const kept = cutTo(boundedText(body, MAX_BYTES), room.left, (part) => bytesOf(paragraphs(part)));
  return fitting(paragraphs(kept), room);
}

function paragraphs(text: string): readonly Element[] {
  const written = markdownText(text);
  return written === '' ? [] : [textBlock(written)];
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
