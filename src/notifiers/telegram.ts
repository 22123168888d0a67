/**
 * Telegram: sends each message through a bot, with its actions and links as buttons, and edits it later.
 *
 * The token is part of every address that is asked, and never stands in an error.
 *
 * @see https://core.telegram.org/bots/api#sendmessage
 */
import { cleanText, oneLine } from '../core/text/clean.ts';
import { cutUnits } from '../core/text/cut-units.ts';
import { htmlLink, htmlText } from '../core/text/html.ts';
import { linkLabel } from '../core/text/link-label.ts';
import { webAddress } from '../core/text/web-address.ts';
import { isTocsinError } from '../errors.ts';
import type { Message, MessageLink } from '../model/message.ts';
import { type Notifier, notifyError, type SendOptions } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { actionLinks } from './http/action-links.ts';
import { isLike, malformedOption, originOf, readBaseUrl } from './http/checked-options.ts';
import { fieldOf, secondsOf } from './http/json-answer.ts';
import { askJson, type Post } from './http/post-json.ts';
import { textWithin } from './http/text-within.ts';

/** How {@link telegramNotifier} sends. */
export type TelegramNotifierOptions = {
  /** The token of the bot, as BotFather gave it: digits, a colon, and 30 letters or more. */
  readonly token: string;
  /** The name that contacts refer to. Default: `telegram`. */
  readonly name?: string;
  /**
   * Whether actions become buttons that answer from within Telegram. Default: `false`, which makes them links. Set it when
   * the bot's updates reach you: without them such a button does nothing.
   */
  readonly interactive?: boolean;
  /** Where the Bot API is, when you run its server yourself. Default: `https://api.telegram.org`. */
  readonly baseUrl?: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
};

type Link = { readonly href: string; readonly text: string };
type Button = { readonly text: string } & ({ readonly url: string } | { readonly callback_data: string });
type Shown = { readonly canAct: boolean; readonly withLinks: boolean };
type Method = 'sendMessage' | 'editMessageText';
type Target = { readonly chat_id: string; readonly message_id?: number };
type Call = (method: Method, target: Target, message: Message, options: SendOptions) => Promise<string>;

const KNOWN: readonly (keyof TelegramNotifierOptions)[] = ['token', 'name', 'interactive', 'baseUrl', 'fetch'];
const TOKEN = /^\d{1,20}:[\w-]{30,128}$/;
const CHAT = /^(?:-?\d{1,20}|@[A-Za-z]\w{3,31})$/;
const EXTERNAL_ID = /^(.+):(\d{1,15})$/;
const MAX_TEXT = 4_096;
const MAX_LABEL = 64;
const MAX_LINKS = 10;
const BUTTONS_IN_A_ROW = 3;
const NOT_MODIFIED = /message is not modified/i;
const BUTTONS_REFUSED = /inline keyboard|BUTTON_|REPLY_MARKUP/i;
// What Telegram makes tappable by itself: @name, #tag, $TAG, /command (a path of several parts is none), and tg://.
const TAPPABLE =
  /(?<!\w)(?:@(?=\w)|#(?=[\p{L}\p{M}\p{N}_\u00b7\u200c])|\$(?=[A-Z])|(?<!\/)\/(?=\w{1,64}(?![\w/<>])))|(?<!https?):(?=\/\/)/gu;

/**
 * A notifier that sends through a Telegram bot. The address of a contact is a chat's id (`'123456789'`, `'-100123'`) or the
 * `@name` of a public channel.
 *
 * The text is at most 4,096 UTF-16 code units; actions and links are buttons. `externalId` is `chat:message`, in numbers. 429 (with the
 * wait that the answer asks for, between 1 s and 15 min), 5xx and network failures are tried again; any other answer, and
 * an address of another form, is permanent.
 *
 * @throws TocsinError INPUT_INVALID when the token or `baseUrl` is malformed, or an option is not known.
 * @see https://core.telegram.org/bots/api#making-requests
 * @example
 * ```ts
 * import { telegramNotifier } from 'tocsin/notifiers/telegram';
 * const notifier = telegramNotifier({ token: '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11' });
 * notifier.name; // => 'telegram'
 * ```
 */
export function telegramNotifier(options: TelegramNotifierOptions): Notifier {
  refuseUnknownOptions('make a Telegram notifier', options, KNOWN);
  const { name = 'telegram', fetch = globalThis.fetch } = options;
  const token = readToken(options.token);
  const canAct = options.interactive === true;
  const base = readBaseUrl(options.baseUrl ?? 'https://api.telegram.org');
  const secrets = [token, encodeURIComponent(token), token.slice(token.indexOf(':') + 1)];
  const call: Call = async (method, target, message, { signal }) => {
    const post = {
      address: `${base}/bot${token}/${method}`,
      headers: {},
      nowMs: message.sentAt,
      signal,
      fetch,
      secrets,
    };
    return await asked(post, (withLinks) =>
      JSON.stringify({ ...target, ...telegramMessage(message, { canAct, withLinks }) }),
    );
  };
  return {
    name,
    kind: 'chat',
    capabilities: { canUpdate: true },
    provider: () => originOf(base),
    async send(message, given) {
      const chat = chatOf(message.to.address);
      const answer = await call('sendMessage', { chat_id: chat }, message, given);
      // Presses of buttons name the chat by its id, also when it was written to by its name.
      const id = fieldOf(answer, ['result', 'chat', 'id']);
      return { externalId: `${Number.isSafeInteger(id) ? id : chat}:${fieldOf(answer, ['result', 'message_id'])}` };
    },
    async update(externalId, message, given) {
      await unlessSame(call('editMessageText', sentBefore(externalId), message, given));
    },
  };
}

function readToken(token: unknown): string {
  if (isLike(TOKEN, token)) return token;
  throw malformedOption('token', 'digits, a colon, and 30 letters or more, as BotFather gave it');
}

function chatOf(address: string): string {
  if (CHAT.test(address)) return address;
  throw notifyError(
    "Cannot deliver: the contact's address is no chat of Telegram. Give it a chat's id or '@channelname'.",
    {
      permanent: true,
    },
  );
}

function sentBefore(externalId: string): Target {
  const [, chat, id] = EXTERNAL_ID.exec(externalId) ?? [];
  if (chat !== undefined && CHAT.test(chat)) return { chat_id: chat, message_id: Number(id) };
  throw notifyError("Cannot update: the external id is not of the form 'chat:message'.", { permanent: true });
}

/** Telegram refuses a message for one link that it does not like as a button: the page then goes out without such buttons. */
async function asked(post: Omit<Post, 'body'>, bodyOf: (withLinks: boolean) => string): Promise<string> {
  const ask = (withLinks: boolean) =>
    askJson({
      ...post,
      body: bodyOf(withLinks),
      askedSeconds: (answer) => secondsOf(answer, ['parameters', 'retry_after']),
      refusal: (answer) => (isTaken(answer) ? undefined : false),
    });
  try {
    return await ask(true);
  } catch (error) {
    if (!isRefusal(error, BUTTONS_REFUSED)) throw error;
    return await ask(false);
  }
}

function isTaken(answer: string): boolean {
  return fieldOf(answer, ['ok']) === true && Number.isSafeInteger(fieldOf(answer, ['result', 'message_id']));
}

async function unlessSame(updating: Promise<unknown>): Promise<void> {
  try {
    await updating;
  } catch (error) {
    if (!isRefusal(error, NOT_MODIFIED)) throw error;
  }
}

function isRefusal(error: unknown, pattern: RegExp): boolean {
  return isTocsinError(error, 'NOTIFY_FAILED') && error.details.permanent === true && pattern.test(error.message);
}

function telegramMessage(message: Message, { canAct, withLinks }: Shown) {
  const open = message.status === 'resolved' ? [] : message.actions;
  const answers = canAct ? answersTo(message, open) : [];
  const links = linksOf(canAct ? message.links : [...actionLinks(open), ...message.links]);
  const buttons = withLinks ? links.filter(({ href }) => mayBeButton(href)) : [];
  const rest = links.filter((link) => !buttons.includes(link)).map(shortened);
  const below = rest.map(({ href, text }) => `\n${htmlLink(href, text)}`).join('');
  const max = MAX_TEXT - rest.reduce((sum, { text }) => sum + text.length + 1, 0);
  const text = textWithin(
    { ...message, links: [], actions: [] },
    { max, write: untappable, sizeOf: (written) => written.length },
  );
  return {
    text: withBoldTitle(text) + below,
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    reply_markup: { inline_keyboard: [...rowsOf(answers), ...rowsOf(buttons.map(leading))] },
  };
}

/** A button tells which message was answered and not which of several pages: a bundle has none. */
function answersTo({ bundle = [] }: Message, actions: Message['actions']): readonly Button[] {
  if (bundle.length > 0) return [];
  return actions.map(({ id, label }) => ({ text: labelOf(oneLine(label) || id), callback_data: `tocsin:${id}` }));
}

function withBoldTitle(text: string): string {
  const [title = '', ...lines] = text.split('\n');
  return [`<b>${htmlText(title)}</b>`, ...lines.map(htmlText)].join('\n');
}

/** What can be followed, at most ten. */
function linksOf(links: readonly MessageLink[]): readonly Link[] {
  return links
    .flatMap(({ href, text = '' }) => {
      const address = webAddress(href);
      return address === undefined
        ? []
        : [{ href: address, text: linkLabel(oneLine(text) || address, address, MAX_LABEL) }];
    })
    .slice(0, MAX_LINKS);
}

function shortened({ href, text }: Link): Link {
  return { href, text: untappable(text) };
}

/** Telegram takes no button to a host without a dot, such as `localhost`. */
function mayBeButton(href: string): boolean {
  return URL.canParse(href) && new URL(href).hostname.includes('.');
}

function leading({ href, text }: Link): Button {
  return { text, url: href };
}

function labelOf(text: string): string {
  return cutUnits(text, MAX_LABEL);
}

function rowsOf(buttons: readonly Button[]) {
  const count = Math.ceil(buttons.length / BUTTONS_IN_A_ROW);
  return Array.from({ length: count }, (_, row) => buttons.slice(row * BUTTONS_IN_A_ROW, (row + 1) * BUTTONS_IN_A_ROW));
}

/** `text`, cleaned, with an invisible space behind each character that Telegram would begin something tappable with. */
function untappable(text: string): string {
  return cleanText(text).replace(TAPPABLE, '$&\u200b');
}
