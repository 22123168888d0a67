/**
 * Slack's blocks: one message as Block Kit, within Slack's limits.
 *
 * Pure. No text of a message ever becomes a mention, a link or emphasis. Lengths are UTF-16 code units of the escaped text.
 *
 * @see https://docs.slack.dev/reference/block-kit/blocks
 */
import { cleanText, oneLine } from '../../core/text/clean.ts';
import { cutEscaped } from '../../core/text/cut-units.ts';
import { linkLabel } from '../../core/text/link-label.ts';
import { slackLink, slackText } from '../../core/text/slack.ts';
import { webAddress } from '../../core/text/web-address.ts';
import type { BundledMessage, Message, MessageAction, MessageLink } from '../../model/message.ts';
import { actionLinks } from '../http/action-links.ts';
import { moreLines, wholeLines } from '../http/whole-lines.ts';

type Block = Readonly<Record<string, unknown>>;

const MAX_HEADER = 150;
const MAX_SECTION = 3_000;
const MAX_LABEL = 75;
const MAX_VALUE = 2_000;
const MAX_LINE = 600;
// With the header, two sections of text, the links, the buttons and the rest of the list that makes 46 blocks of 50.
const MAX_ITEMS = 40;
// Slack also refuses blocks that are too long together, and does not say from when on.
const MAX_ITEMS_LENGTH = 6_000;

/**
 * What is shown of `message`. When `canAct`, an action with a token is a button that answers, else one that leads to its
 * page; links are text, because Slack asks the app about every button that is pressed.
 */
export function slackContent(message: Message, canAct: boolean) {
  const { deliveryId, body = '', bundle = [], status, moreText } = message;
  const title = shown(oneLine(message.title), MAX_LINE) || deliveryId;
  const facts = shown(message.lines.map(oneLine).join('\n'), MAX_SECTION);
  const buttons: Block[] = [];
  const links: MessageLink[] = [];
  for (const action of status === 'resolved' ? [] : message.actions) {
    const button = buttonOf(action, canAct);
    if (button === undefined) links.push(...actionLinks([action]));
    else buttons.push(button);
  }
  const items = wholeLines(bundle.slice(0, MAX_ITEMS).map(itemText), MAX_ITEMS_LENGTH);
  const texts = [...links, ...message.links].map(linkText).filter((text) => text !== '');
  const whole = wholeLines(texts, MAX_SECTION - MAX_LINE);
  const more = (count: number) => moreLines(moreText, count).map(slackText);
  const sections = [
    facts,
    shown(body, MAX_SECTION),
    ...items,
    ...more(bundle.length - items.length),
    [...whole, ...more(texts.length - whole.length)].join('\n'),
  ].filter((text) => text !== '');
  return {
    text: `${title}\n${facts}`.trim(),
    blocks: [
      { type: 'header', text: plain(title, MAX_HEADER) },
      ...sections.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } })),
      ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons }]),
    ],
  };
}

/** A button that answers, or leads to the page of the action, which has to be an https address; `undefined` when it can be neither. */
function buttonOf({ id, label, token = '', url = '' }: MessageAction, canAct: boolean): Block | undefined {
  const button = { type: 'button', text: plain(shown(oneLine(label), MAX_LABEL) || id, MAX_LABEL) };
  if (canAct && token !== '' && token.length <= MAX_VALUE) {
    return { ...button, action_id: `tocsin:${id}`, value: token, ...(id === 'acknowledge' && { style: 'primary' }) };
  }
  const address = webAddress(url) ?? '';
  return /^https:/i.test(address) && URL.canParse(address) ? { ...button, url: address } : undefined;
}

function linkText({ href, text = '' }: MessageLink): string {
  const address = webAddress(href);
  return address === undefined ? '' : slackLink(href, linkLabel(oneLine(text), address, MAX_LABEL));
}

function itemText({ title, line = '', actions = [] }: BundledMessage): string {
  const texts = [`• ${shown(oneLine(title), MAX_LINE)}`, shown(oneLine(line), MAX_LINE)];
  return wholeLines([...texts, ...actionLinks(actions).map(linkText)], MAX_SECTION).join('\n');
}

/** `text` of a stranger for a field of mrkdwn. */
function shown(text: string, max: number): string {
  return cutEscaped(slackText(cleanText(text).trim()), max);
}

function plain(escaped: string, max: number): Block {
  return { type: 'plain_text', text: cutEscaped(escaped, max), emoji: false };
}
