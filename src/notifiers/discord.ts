/**
 * Discord: posts each message to a channel's webhook, and edits it later.
 *
 * The address is a secret and never stands in an error; nobody is ever mentioned by a text.
 *
 * @see https://discord.com/developers/docs/resources/webhook#execute-webhook
 */
import { cleanText, oneLine } from '../core/text/clean.ts';
import { cutEscaped } from '../core/text/cut-units.ts';
import { discordLink, discordText } from '../core/text/discord.ts';
import { linkLabel } from '../core/text/link-label.ts';
import { webAddress } from '../core/text/web-address.ts';
import type { BundledMessage, Message, MessageLink } from '../model/message.ts';
import { type Notifier, notifyError, type SendOptions } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { actionLinks } from './http/action-links.ts';
import { originOf } from './http/checked-options.ts';
import { fetchFor } from './http/guarded-fetch.ts';
import { fieldOf, secondsOf } from './http/json-answer.ts';
import { askJson, type Post } from './http/post-json.ts';
import { moreLines, wholeLines } from './http/whole-lines.ts';

/** How {@link discordNotifier} posts. */
export type DiscordNotifierOptions = {
  /** The name that contacts refer to. Default: `discord`. */
  readonly name?: string;
  /** Whether addresses of this machine and of private networks may be reached too. Default: `false`. */
  readonly allowPrivateNetwork?: boolean;
  /**
   * Sends instead of the notifier's own client, through a proxy for example. It replaces the guard against private
   * addresses: where it connects to is then yours to check, and `allowPrivateNetwork` changes nothing.
   */
  readonly fetch?: typeof globalThis.fetch;
};

const KNOWN: readonly (keyof DiscordNotifierOptions)[] = ['name', 'allowPrivateNetwork', 'fetch'];
const MESSAGE_ID = /^\d{1,20}$/;
const MAX_CONTENT = 2_000;
const MAX_DESCRIPTION = 4_096;
const MAX_LINKS_TEXT = 3_000;
const MAX_BUNDLE_TEXT = 2_000;
const MAX_LABEL = 80;

/**
 * A notifier that posts to the webhook of a Discord channel, whose URL is the address of the contact. A query, such as
 * `?thread_id=`, is kept.
 *
 * The title is the content (at most 2,000 characters), the rest is one embed (at most 4,096). `externalId` is the id of the
 * message. 429 (with the wait that the answer asks for, between 1 s and 15 min), 5xx and network failures are tried again;
 * any other answer, and an address that is not http or https or leads to a private network, is permanent.
 *
 * @throws TocsinError INPUT_INVALID when an option is not known.
 * @see https://discord.com/developers/docs/topics/rate-limits
 * @example
 * ```ts
 * import { discordNotifier } from 'tocsin/notifiers/discord';
 * discordNotifier({ name: 'war-room' }).name; // => 'war-room'
 * ```
 */
export function discordNotifier(options: DiscordNotifierOptions = {}): Notifier {
  refuseUnknownOptions('make a Discord notifier', options, KNOWN);
  const fetch = fetchFor(options);
  const ask = (message: Message, { signal }: SendOptions, externalId?: string) =>
    askJson({
      ...targetOf(message.to.address, externalId),
      method: externalId === undefined ? 'POST' : 'PATCH',
      body: JSON.stringify(discordMessage(message)),
      headers: {},
      nowMs: message.sentAt,
      signal,
      fetch,
      askedSeconds: (answer) => secondsOf(answer, ['retry_after']),
      refusal: (answer) => (idOf(answer) === '' ? false : undefined),
    });
  return {
    name: options.name ?? 'discord',
    kind: 'chat',
    capabilities: { canUpdate: true },
    provider: originOf,
    async send(message, given) {
      return { externalId: idOf(await ask(message, given)) };
    },
    async update(externalId, message, given) {
      if (!MESSAGE_ID.test(externalId)) {
        throw notifyError('Cannot update: the external id is no id of a Discord message.', { permanent: true });
      }
      await ask(message, given, externalId);
    },
  };
}

/**
 * Where a new message goes, asked to answer with it, or where an old one stands. The path of the webhook, and the token at
 * its end, are what an answer may repeat without the rest.
 */
function targetOf(address: string, externalId: string | undefined): Pick<Post, 'address' | 'secrets'> {
  // What is no URL is refused where it is asked.
  if (!URL.canParse(address)) return { address };
  const url = new URL(address);
  const path = url.pathname.replace(/\/+$/, '');
  if (externalId === undefined) url.searchParams.set('wait', 'true');
  else url.pathname = `${path}/messages/${externalId}`;
  return { address: url.href, secrets: [path, path.slice(path.lastIndexOf('/') + 1)] };
}

/** The id of the message; an answer without one is not that of Discord. */
function idOf(answer: string): string {
  const id = fieldOf(answer, ['id']);
  return typeof id === 'string' && MESSAGE_ID.test(id) ? id : '';
}

/** No flag suppresses embeds, because that would hide ours: addresses in texts are escaped, those of links bracketed. */
function discordMessage(message: Message) {
  const description = descriptionOf(message);
  return {
    content: cutEscaped(discordText(oneLine(message.title) || message.deliveryId), MAX_CONTENT),
    embeds: description === '' ? [] : [{ description }],
    allowed_mentions: { parse: [] },
  };
}

/** The links stay whole; of the rest the body comes last, and so is cut first. */
function descriptionOf({ lines, bundle = [], body = '', moreText, status, actions, links }: Message): string {
  const answers = status === 'resolved' ? [] : actionLinks(actions);
  const below = wholeLines([...answers, ...links].map(linkLine), MAX_LINKS_TEXT).join('\n');
  const items = wholeLines(bundle.map(itemLine), MAX_BUNDLE_TEXT);
  const more = moreLines(moreText, bundle.length - items.length).map(discordText);
  const facts = lines.map((line) => discordText(oneLine(line)));
  const text = [...facts, ...items, ...more, discordText(cleanText(body).trim())].filter((line) => line !== '');
  return [cutEscaped(text.join('\n'), MAX_DESCRIPTION - below.length - 1), below]
    .filter((part) => part !== '')
    .join('\n');
}

function linkLine({ href, text = '' }: MessageLink): string {
  const address = webAddress(href);
  return address === undefined ? '' : discordLink(address, linkLabel(oneLine(text) || address, address, MAX_LABEL));
}

function itemLine({ title, line }: BundledMessage): string {
  return `• ${discordText(oneLine(line === undefined ? title : `${title} (${line})`))}`;
}
