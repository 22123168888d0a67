/**
 * Slack: posts each message as Block Kit, to an incoming webhook or, with a token, to a channel or a person.
 *
 * No text of a message ever becomes a mention, a link or emphasis, and the token goes nowhere but to Slack's own methods.
 *
 * @see https://docs.slack.dev/reference/methods/chat.postMessage
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
import { boundedLine, boundedText } from '../core/text/bounded.ts';
import { oneLine } from '../core/text/clean.ts';
import { cutEscaped } from '../core/text/cut-units.ts';
import { slackLink, slackText } from '../core/text/slack.ts';
import { webAddress } from '../core/text/web-address.ts';
import { TocsinError } from '../errors.ts';
import type { BundledMessage, Message, MessageAction, MessageLink } from '../model/message.ts';
import { type Notifier, notifyError, type SendOptions, type SendResult } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { guardedFetch } from './http/guarded-fetch.ts';
import { headerKey } from './http/header-key.ts';
import { fieldOf } from './http/json-answer.ts';
import { askJson, excerptOf } from './http/post-json.ts';

/** How {@link slackNotifier} posts. */
export type SlackNotifierOptions = {
  /** The name that contacts refer to. Default: `slack`. */
  readonly name?: string;
  /** A token with the scope `chat:write`, such as `xoxb-...`: needed for addresses that are ids, and to update messages. */
  readonly token?: string;
  /** Where Slack's methods are found, as an http or https address. Default: `https://slack.com/api`. */
  readonly baseUrl?: string;
  /**
   * Sends instead of the notifier's own clients: the global `fetch` for Slack's methods, and for webhooks one that reaches
   * public addresses only. It replaces that guard: where it connects to is then yours to check.
   */
  readonly fetch?: typeof globalThis.fetch;
};

type Channel = {
  readonly token: string | undefined;
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
};
type Block = Readonly<Record<string, unknown>>;
type Button = { readonly label: string; readonly url: string };

const KNOWN: readonly (keyof SlackNotifierOptions)[] = ['name', 'token', 'baseUrl', 'fetch'];
const VISIBLE = /^[\x21-\x7e]+$/;
const URL_LIKE = /^[a-z][a-z0-9+.-]*:/i;
const CONVERSATION = /^[CDGUW][A-Z0-9]{2,30}$/;
const EXTERNAL_ID = /^([CDGUW][A-Z0-9]{2,30}):(\d{1,20}\.\d{1,20})$/;
const QUIET = { unfurl_links: false, unfurl_media: false };

const MAX_HEADER = 150;
const MAX_SECTION = 3_000;
const MAX_FALLBACK = 4_000;
const MAX_BUTTONS = 25;
const MAX_BUTTON_TEXT = 75;
const MAX_BUTTON_URL = 3_000;
const MAX_TITLE = 300;
const MAX_LINE = 600;
// With the header, two sections of text, the links, the buttons and the rest of the list that makes 46 blocks of 50.
const MAX_ITEMS = 40;
// Slack also refuses blocks that are too long together, and does not say from when on.
const MAX_ITEMS_LENGTH = 6_000;

const PERMANENT: ReadonlySet<string> = new Set(
  `access_denied account_inactive as_user_not_supported cannot_dm_bot cant_update_message channel_is_archived
  channel_not_found channel_type_not_supported deprecated_endpoint edit_window_closed ekm_access_denied
  enterprise_is_restricted invalid_arg_name invalid_arguments invalid_array_arg invalid_auth invalid_blocks
  invalid_blocks_format invalid_charset invalid_metadata_format invalid_metadata_schema invalid_post_type is_archived
  is_inactive message_not_found messages_tab_disabled metadata_must_be_sent_from_app metadata_too_large
  method_deprecated missing_post_type missing_scope msg_blocks_too_long msg_too_long no_permission no_text
  not_allowed_token_type not_authed not_in_channel restricted_action restricted_action_non_threadable_channel
  restricted_action_read_only_channel restricted_action_thread_only_channel team_access_not_granted team_not_found
  token_expired token_revoked two_factor_setup_required user_disabled user_not_found`.split(/\s+/),
);

/**
 * A notifier whose contacts' addresses are incoming webhooks (`https://hooks.slack.com/...`) or, with a `token`, ids of
 * channels and people (`C...`, `U...`).
 *
 * With a token it answers `<channel>:<ts>` as `externalId` and can change that message. What Slack answers with
 * `"ok": false` is permanent when no later attempt can mend it, such as `channel_not_found` or `invalid_auth`, and is
 * tried again otherwise; so are 408, 425, 429, 5xx and network failures (`Retry-After` between 1 s and 15 min is
 * honoured). Experimental.
 *
 * @throws TocsinError INPUT_INVALID when the token is no visible ASCII, `baseUrl` is no plain http or https address, or an option is not known.
 * @example
 * ```ts
 * import { slackNotifier } from 'tocsin/notifiers/slack';
 * const notifier = slackNotifier({ token: 'xoxb-1234' });
 * notifier.capabilities; // => { canUpdate: true }
 * ```
 */
export function slackNotifier(options: SlackNotifierOptions = {}): Notifier {
  refuseUnknownOptions('make a Slack notifier', options, KNOWN);
  const { name = 'slack', token, baseUrl = 'https://slack.com/api' } = options;
  if (token !== undefined) checkToken(token);
  const channel = { token, baseUrl: checkedBase(baseUrl), fetch: options.fetch ?? globalThis.fetch };
  // Contacts are often written by others than those who run the process; `baseUrl` is not.
  const hooks = { ...channel, fetch: options.fetch ?? guardedFetch() };
  const provider = new URL(channel.baseUrl).origin;
  return {
    name,
    kind: 'chat',
    provider: (address) => (URL.canParse(address) ? new URL(address).origin : provider),
    capabilities: { canUpdate: token !== undefined },
    send: async (message, sending) =>
      URL_LIKE.test(message.to.address) ? postToWebhook(hooks, message, sending) : postById(channel, message, sending),
    ...(token === undefined
      ? {}
      : { update: async (externalId, message, sending) => updateById(channel, externalId, message, sending) }),
  };
}

function checkToken(token: unknown): void {
  if (typeof token === 'string' && VISIBLE.test(token)) return;
  refuse('token', 'The Slack token must be a text of visible ASCII characters, such as xoxb-... Copy it anew.');
}

function checkedBase(baseUrl: unknown): string {
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isPlain = url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (isPlain && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href.replace(/\/+$/, '');
  const needed = 'The baseUrl of Slack must be an http or https address without credentials, query and fragment.';
  return refuse('baseUrl', needed);
}

function refuse(option: string, problem: string): never {
  throw new TocsinError('INPUT_INVALID', problem, {
    details: { problems: [{ path: `/${option}`, message: problem }] },
  });
}

async function postToWebhook(channel: Channel, message: Message, sending: SendOptions): Promise<undefined> {
  const { address } = message.to;
  const answer = await ask(channel, address, { ...contentOf(message), ...QUIET }, { message, sending });
  if (answer.trim() !== 'ok') heard(channel, address, answer);
  return undefined;
}

async function postById(channel: Channel, message: Message, sending: SendOptions): Promise<SendResult | undefined> {
  const { address } = message.to;
  if (!CONVERSATION.test(address)) {
    const needed = 'Give it an id such as C0123456789 or U0123456789, or the URL of an incoming webhook.';
    throw notifyError(`Cannot deliver to Slack: the contact's address is no id of a channel or a person. ${needed}`, {
      permanent: true,
    });
  }
  const metadata = { event_type: 'tocsin_page', event_payload: { idempotency_key: sending.idempotencyKey } };
  const body = { channel: address, ...contentOf(message), ...QUIET, metadata };
  const answer = await callMethod(channel, 'chat.postMessage', body, { message, sending });
  const externalId = `${String(fieldOf(answer, ['channel']))}:${String(fieldOf(answer, ['ts']))}`;
  return EXTERNAL_ID.test(externalId) ? { externalId } : undefined;
}

async function updateById(channel: Channel, externalId: string, message: Message, sending: SendOptions): Promise<void> {
  const [, conversation, ts] = EXTERNAL_ID.exec(externalId) ?? [];
  if (conversation === undefined) {
    throw notifyError('Cannot update in Slack: the external id is no <channel>:<ts>. Send the message anew.', {
      permanent: true,
    });
  }
  // Unlike the other methods, this one looks for links and names in the text unless it is told not to.
  const body = { channel: conversation, ts, ...contentOf(message), parse: 'none' };
  await callMethod(channel, 'chat.update', body, { message, sending });
}

type Attempt = { readonly message: Message; readonly sending: SendOptions };

async function callMethod(channel: Channel, method: string, body: Block, attempt: Attempt): Promise<string> {
  if (channel.token === undefined) {
    const needed =
      'Give slackNotifier a `token` with the scope chat:write, or the contact the URL of an incoming webhook.';
    throw notifyError(`Cannot deliver to a channel or a person of Slack without a token. ${needed}`, {
      permanent: true,
    });
  }
  const address = `${channel.baseUrl}/${method}`;
  const headers = { authorization: `Bearer ${channel.token}` };
  return heard(channel, address, await ask(channel, address, body, attempt, headers));
}

async function ask(
  { fetch, token }: Channel,
  address: string,
  body: Block,
  { message, sending }: Attempt,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  return await askJson({
    address,
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'idempotency-key': headerKey(sending.idempotencyKey),
      ...headers,
    },
    nowMs: message.sentAt,
    signal: sending.signal,
    fetch,
    secrets: token === undefined ? [] : [token],
  });
}

/** The answer, when it says that the message was taken. */
function heard({ token }: Channel, address: string, text: string): string {
  if (fieldOf(text, ['ok']) === true) return text;
  const error = fieldOf(text, ['error']);
  const needed = fieldOf(text, ['needed']);
  const code = typeof error === 'string' ? error : undefined;
  const permanent = code !== undefined && PERMANENT.has(code);
  const scope = code === 'missing_scope' && typeof needed === 'string' ? `, it needs ${needed}` : '';
  const secrets = token === undefined ? [] : [token];
  const said = excerptOf(code === undefined ? text : `${code}${scope}`, { address, secrets });
  const next = permanent ? 'Mend the address, the token or the app in Slack.' : 'This is tried again.';
  const found = said === '' ? 'an empty answer' : said;
  throw notifyError(
    `Cannot deliver to ${new URL(address).origin}: Slack did not take the message (${found}). ${next}`,
    {
      permanent,
    },
  );
}

function contentOf(message: Message): { readonly text: string; readonly blocks: readonly Block[] } {
  const { deliveryId, body = '', lines } = message;
  const title = boundedLine(message.title, MAX_FALLBACK) || deliveryId;
  const facts = lines.map((line) => oneLine(line)).filter((line) => line !== '');
  const { buttons, rest } = follow(message);
  const blocks = [
    { type: 'header', text: plain(title, MAX_HEADER) },
    ...section(shown(facts.join('\n'), MAX_SECTION)),
    ...section(shown(body, MAX_SECTION)),
    ...bundled(message),
    ...section(rest),
    ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons.map(buttonOf) }]),
  ];
  return { text: shown([title, ...facts].join('\n'), MAX_FALLBACK), blocks };
}

/** `text` of a stranger for a field of mrkdwn, in at most `max` UTF-16 code units. */
function shown(text: string, max: number): string {
  return cutEscaped(slackText(boundedText(text, max).trim()), max);
}

function plain(text: string, max: number): Block {
  return { type: 'plain_text', text: shown(oneLine(text), max), emoji: false };
}

function section(text: string): readonly Block[] {
  return text === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }];
}

function buttonOf({ label, url }: Button): Block {
  return { type: 'button', text: plain(label, MAX_BUTTON_TEXT), url };
}

/** What can be followed: as buttons where Slack allows them, and the other links as one text. */
function follow({ actions, links, moreText }: Message): { readonly buttons: readonly Button[]; readonly rest: string } {
  const wanted = [...actions.map(linkOfAction), ...links];
  const buttons: Button[] = [];
  const others: MessageLink[] = [];
  for (const link of wanted) {
    const url = buttons.length < MAX_BUTTONS ? secureAddress(link.href) : undefined;
    if (url === undefined) others.push(link);
    else buttons.push({ label: boundedLine(link.text ?? '', MAX_BUTTON_TEXT) || new URL(url).host, url });
  }
  return {
    buttons,
    rest: joined(
      others.map(linkText).filter((text) => text !== ''),
      moreText,
    ),
  };
}

function linkOfAction({ label, url = '' }: MessageAction): MessageLink {
  return { href: url, text: label };
}

/** `href` for a button, which has to be a whole https address. */
function secureAddress(href: string): string | undefined {
  const address = webAddress(href);
  const isFit = address !== undefined && address.length <= MAX_BUTTON_URL && URL.canParse(address);
  return isFit && new URL(address).protocol === 'https:' ? address : undefined;
}

function linkText({ href, text = '' }: MessageLink): string {
  return webAddress(href) === undefined ? '' : slackLink(href, boundedLine(text, MAX_BUTTON_TEXT));
}

/** As many whole links as a section holds, and how many are left out. */
function joined(texts: readonly string[], moreText: string): string {
  const taken = fitting(texts, MAX_SECTION - MAX_LINE);
  return [...taken, ...more(moreText, texts.length - taken.length)].join('\n');
}

/** The bundle as one section each, as far as it fits; the last one says how many are left out. */
function bundled({ bundle = [], moreText }: Message): readonly Block[] {
  const taken: string[] = [];
  let length = 0;
  for (const item of bundle.slice(0, MAX_ITEMS)) {
    const text = itemText(item);
    length += text.length;
    if (length > MAX_ITEMS_LENGTH) break;
    taken.push(text);
  }
  return [...taken, ...more(moreText, bundle.length - taken.length)].flatMap(section);
}

function itemText({ title, line = '', actions = [] }: BundledMessage): string {
  const texts = [`• ${shown(oneLine(title), MAX_TITLE)}`, shown(oneLine(line), MAX_LINE)];
  const links = actions.map(linkOfAction).filter(({ href }) => secureAddress(href) !== undefined);
  const room = MAX_SECTION - MAX_TITLE - MAX_LINE - MAX_LINE;
  return [...texts, ...fitting(links.map(linkText), room)].filter((text) => text !== '').join('\n');
}

/** Those of `texts` that are together no longer than `room`, each with a line break; what is too long is left out whole. */
function fitting(texts: readonly string[], room: number): readonly string[] {
  let left = room;
  return texts.filter((text) => {
    if (text.length + 1 > left) return false;
    left -= text.length + 1;
    return true;
  });
}

function more(moreText: string, count: number): readonly string[] {
  return count === 0 ? [] : [shown(oneLine(moreText.replace('{n}', String(count))), MAX_LINE)];
}
