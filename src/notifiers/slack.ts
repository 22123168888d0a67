/**
 * Slack: posts each message as Block Kit, to an incoming webhook or, with a token, to a channel or a person.
 *
 * The token goes nowhere but to Slack's own methods, and stands in no error.
 *
 * @see https://docs.slack.dev/reference/methods/chat.postMessage
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
import type { Message } from '../model/message.ts';
import { type Notifier, notifyError, type SendOptions } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { isLike, malformedOption, originOf, readBaseUrl } from './http/checked-options.ts';
import { headerKey } from './http/header-key.ts';
import { fieldOf } from './http/json-answer.ts';
import { askJson } from './http/post-json.ts';
import { slackRefusal } from './http/slack-refusal.ts';
import { slackContent } from './slack/blocks.ts';

/** How {@link slackNotifier} posts. */
export type SlackNotifierOptions = {
  /** The name that contacts refer to. Default: `slack`. */
  readonly name?: string;
  /** A token with the scope `chat:write`, such as `xoxb-...`: needed for addresses that are ids, and to update messages. */
  readonly token?: string;
  /**
   * Whether actions become buttons that answer from within Slack. Default: `false`, which makes them links. Set it when the
   * app's interactivity is set up: without it such a button does nothing.
   */
  readonly interactive?: boolean;
  /** Where Slack's methods are found, as an http or https address. Default: `https://slack.com/api`. */
  readonly baseUrl?: string;
  /**
   * Whether webhooks may lead anywhere, to this machine and to private networks too, such as to a server that takes what
   * Slack takes. Default: `false`, to Slack only.
   */
  readonly allowPrivateNetwork?: boolean;
  /** Sends instead of the global `fetch`; webhooks may then lead anywhere, and where it connects to is yours to check. */
  readonly fetch?: typeof globalThis.fetch;
};

const KNOWN: readonly (keyof SlackNotifierOptions)[] = [
  'name',
  'token',
  'interactive',
  'baseUrl',
  'allowPrivateNetwork',
  'fetch',
];
const VISIBLE = /^[\x21-\x7e]+$/;
const URL_LIKE = /^[a-z][a-z0-9+.-]*:/i;
const HOOK = /^https:\/\/hooks\.slack(?:-gov)?\.com\/(?:services|triggers|workflows)\/./;
const CONVERSATION = /^[CDGUW][A-Z0-9]{2,30}$/;
const EXTERNAL_ID = /^([CDGUW][A-Z0-9]{2,30}):(\d{1,20}\.\d{1,20})$/;
const QUIET = { unfurl_links: false, unfurl_media: false };

/**
 * A notifier whose contacts' addresses are incoming webhooks (`https://hooks.slack.com/...`) or, with a `token`, ids of
 * channels and people (`C...`, `U...`).
 *
 * With a token it answers `<channel>:<ts>` as `externalId` and can change that message. What Slack answers with
 * `"ok": false` is permanent when no later attempt can mend it, such as `channel_not_found` or `invalid_auth`, and is
 * tried again otherwise; so are 408, 421, 425, 429, 5xx and network failures (`Retry-After` between 1 s and 15 min is
 * honoured). Experimental.
 *
 * @throws TocsinError INPUT_INVALID when the token is no visible ASCII, `baseUrl` is no plain http or https address, or an option is not known.
 * @example
 * ```ts
 * import { slackNotifier } from 'tocsin/notifiers/slack';
 * const notifier = slackNotifier({ token: 'xoxb-1234', interactive: true });
 * notifier.capabilities; // => { canUpdate: true }
 * ```
 */
export function slackNotifier(options: SlackNotifierOptions = {}): Notifier {
  refuseUnknownOptions('make a Slack notifier', options, KNOWN);
  const { name = 'slack', token, fetch = globalThis.fetch } = options;
  const canAct = options.interactive === true;
  if (token !== undefined && !isLike(VISIBLE, token)) {
    throw malformedOption('token', 'a text of visible ASCII characters, such as xoxb-...');
  }
  const base = readBaseUrl(options.baseUrl ?? 'https://slack.com/api');
  const isFree = options.fetch !== undefined || options.allowPrivateNetwork === true;

  /** Calls `method`, or posts to the webhook that is the address. */
  const ask = async (message: Message, given: SendOptions, more: object, method?: string): Promise<string> =>
    askJson({
      address: method === undefined ? message.to.address : `${base}/${method}`,
      body: JSON.stringify({ ...slackContent(message, canAct), ...more }),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'idempotency-key': headerKey(given.idempotencyKey),
        ...(method === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      nowMs: message.sentAt,
      signal: given.signal,
      fetch,
      secrets: token === undefined ? [] : [token],
      refusal: (answer) => {
        // A webhook says in one word that it took the message.
        return method === undefined && answer.trim() === 'ok' ? undefined : slackRefusal(answer);
      },
    });

  const notifier: Notifier = {
    name,
    kind: 'chat',
    provider: (address) => originOf(address) || originOf(base),
    capabilities: { canUpdate: token !== undefined },
    async send(message, given) {
      const { address } = message.to;
      if (URL_LIKE.test(address)) {
        if (!isFree) checkHook(address);
        await ask(message, given, QUIET);
        return undefined;
      }
      checkConversation(address, token);
      const metadata = { event_type: 'tocsin_page', event_payload: { idempotency_key: given.idempotencyKey } };
      const answer = await ask(message, given, { channel: address, ...QUIET, metadata }, 'chat.postMessage');
      const externalId = `${String(fieldOf(answer, ['channel']))}:${String(fieldOf(answer, ['ts']))}`;
      return EXTERNAL_ID.test(externalId) ? { externalId } : undefined;
    },
  };
  if (token === undefined) return notifier;
  return {
    ...notifier,
    async update(externalId, message, given) {
      const [, channel, ts] = EXTERNAL_ID.exec(externalId) ?? [];
      if (channel === undefined) {
        throw notifyError('Cannot update in Slack: the external id is no <channel>:<ts>. Send the message anew.', {
          permanent: true,
        });
      }
      // Unlike the other methods, this one looks for links and names in the text unless it is told not to.
      await ask(message, given, { channel, ts, parse: 'none' }, 'chat.update');
    },
  };
}

/**
 * Contacts are often written by others than those who run the process: their webhooks lead to those of Slack and nowhere else.
 * Slack's methods would do as well as any server, and answer `ok` to what reaches nobody.
 */
function checkHook(address: string): void {
  const { origin = '', pathname = '' } = URL.parse(address) ?? {};
  if (HOOK.test(origin + pathname)) return;
  const needed =
    'Give it one such as https://hooks.slack.com/services/...; `allowPrivateNetwork` or a `fetch` of your own reaches others.';
  throw notifyError(`Cannot deliver: the contact's address is no webhook of Slack. ${needed}`, { permanent: true });
}

function checkConversation(address: string, token: string | undefined): void {
  if (token !== undefined && CONVERSATION.test(address)) return;
  const problem =
    token === undefined
      ? 'Cannot deliver to a channel or a person of Slack without a token. Give slackNotifier a `token` with the scope chat:write, or the contact the URL of an incoming webhook.'
      : "Cannot deliver to Slack: the contact's address is no id of a channel or a person. Give it an id such as C0123456789 or U0123456789, or the URL of an incoming webhook.";
  throw notifyError(problem, { permanent: true });
}
