/**
 * Discord: posts each message to a channel's webhook, and edits it later.
 *
 * The address is a secret and never stands in an error; nobody is ever mentioned by a text.
 *
 * @see https://discord.com/developers/docs/resources/webhook#execute-webhook
 */
import { cleanText, oneLine } from '../core/text/clean.ts';
import { cutEscaped, cutUnits } from '../core/text/cut-units.ts';
import { discordLink, discordText } from '../core/text/discord.ts';
import { webAddress } from '../core/text/web-address.ts';
import type { Message } from '../model/message.ts';
import { type Notifier, notifyError, type SendOptions } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { guardedFetch } from './http/guarded-fetch.ts';
import { fieldOf, secondsOf } from './http/json-answer.ts';
import { askJson, excerptOf, type Post } from './http/post-json.ts';
import { textWithin } from './http/text-within.ts';

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
  const { name = 'discord', allowPrivateNetwork = false } = options;
  const fetch = options.fetch ?? guardedFetch(allowPrivateNetwork === true ? { isAllowed: () => true } : {});
  const ask = async (request: Pick<Post, 'address' | 'method'>, message: Message, { signal }: SendOptions) => {
    const body = JSON.stringify(discordMessage(message));
    const secrets = secretsOf(message.to.address);
    return await answered({
      ...request,
      method: request.method ?? 'POST',
      body,
      headers: {},
      nowMs: message.sentAt,
      signal,
      fetch,
      secrets,
    });
  };
  return {
    name,
    kind: 'chat',
    capabilities: { canUpdate: true },
    provider: (address) => (URL.canParse(address) ? new URL(address).origin : ''),
    async send(message, given) {
      return { externalId: await ask({ address: waiting(message.to.address) }, message, given) };
    },
    async update(externalId, message, given) {
      await ask({ address: addressOf(message.to.address, externalId), method: 'PATCH' }, message, given);
    },
  };
}

/** The webhook's own address, asked to answer with the message. What is no URL stays, to be refused where it is asked. */
function waiting(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.searchParams.set('wait', 'true');
  return url.href;
}

function addressOf(address: string, externalId: string): string {
  if (!MESSAGE_ID.test(externalId)) {
    throw notifyError('Cannot update: the external id is no id of a Discord message.', { permanent: true });
  }
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/messages/${externalId}`;
  return url.href;
}

/** The path of the webhook and the token at its end, which an answer may repeat without the rest. */
function secretsOf(address: string): readonly string[] {
  if (!URL.canParse(address)) return [];
  const path = new URL(address).pathname.replace(/\/+$/, '');
  return [path, path.slice(path.lastIndexOf('/') + 1)];
}

async function answered(post: Post): Promise<string> {
  const answer = await askJson({ ...post, askedSeconds: (text) => secondsOf(text, ['retry_after']) });
  const id = fieldOf(answer, ['id']);
  if (typeof id === 'string' && MESSAGE_ID.test(id)) return id;
  const { origin } = new URL(post.address);
  throw notifyError(
    `Cannot deliver to ${origin}: its answer is not that of Discord (${excerptOf(answer, post)}). This is tried again.`,
  );
}

/** No flag suppresses embeds, because that would hide ours: addresses in texts are escaped, those of links bracketed. */
function discordMessage(message: Message) {
  const description = descriptionOf(message);
  return {
    content: cutEscaped(discordText(oneLine(message.title)), MAX_CONTENT),
    embeds: description === '' ? [] : [{ description }],
    allowed_mentions: { parse: [] },
  };
}

function descriptionOf(message: Message): string {
  const links = linkLines(message).join('\n');
  const text = textWithin(
    { ...message, title: '', links: [], actions: [] },
    { max: MAX_DESCRIPTION - links.length - 1, write: belowTitle, sizeOf: (written) => written.length },
  );
  return [text, links].filter((part) => part !== '').join('\n');
}

function belowTitle(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? '' : discordText(text.slice(end + 1));
}

/** As many links as fit, actions first. */
function linkLines({ actions, links }: Message): readonly string[] {
  const all = [...actions.map(({ url, label }) => ({ href: url ?? '', text: label })), ...links];
  const taken: string[] = [];
  let left = MAX_LINKS_TEXT;
  for (const { href, text } of all) {
    const address = webAddress(href);
    const label = cutUnits(oneLine(cleanText(text ?? '')) || (address ?? ''), MAX_LABEL);
    const line = address === undefined ? '' : discordLink(address, label);
    if (line === '' || line.length + 1 > left) continue;
    left -= line.length + 1;
    taken.push(line);
  }
  return taken;
}
