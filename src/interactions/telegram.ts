/**
 * Telegram: the updates of a bot's webhook, and the buttons and messages in them.
 *
 * Pure. The secret token proves who sent an update and says nothing of its content or its time: the caller takes each
 * `updateId` once. It never decides who a Telegram user is here; verify first, then parse the text that was verified.
 *
 * @see https://core.telegram.org/bots/api#setwebhook
 */
import * as z from 'zod';
import { readContentType, readHeader, readSafeJson, readText, refuse } from '../callbacks/callback.ts';
import { checkSecrets, matchesAny } from '../callbacks/mac.ts';
import type { CallbackBody, CallbackHeaders, CallbackOutcome } from '../callbacks/request.ts';
import { type ReplyAnswer, replyAnswer } from './answers/reply-action.ts';

export type * from '../callbacks/request.ts';
export type { ReplyAction, ReplyAnswer } from './answers/reply-action.ts';

/** A request that claims to come from Telegram. */
export type TelegramRequest = {
  readonly headers: CallbackHeaders;
  readonly body: CallbackBody;
  /** The `secret_token` given to `setWebhook`: at least 24 bytes, more than one while a new one is introduced. */
  readonly secretTokens: readonly string[];
};

/** What an update asks for. All ids are whole numbers as Telegram gives them; those of groups are negative. */
export type TelegramInteraction =
  | {
      readonly kind: 'button';
      readonly updateId: number;
      /** Telegram wants this id back, else the button keeps spinning. */
      readonly callbackId: string;
      /** The data of the button: at most 64 bytes when Telegram sent it. */
      readonly data: string;
      readonly telegramUser: number;
      readonly messageId: number;
      readonly chatId: number;
    }
  | ({
      readonly kind: 'text';
      readonly updateId: number;
      readonly text: string;
      readonly telegramUser: number;
      readonly messageId: number;
      readonly chatId: number;
      /** The message that this one replies to. */
      readonly replyTo?: number;
    } & ReplyAnswer);

// Yours to choose, and all that proves who asks.
const MIN_SECRET_BYTES = 24;

const telegramId = z.number().int();
const sender = z.object({ id: telegramId });
const message = z.object({ message_id: telegramId, chat: z.object({ id: telegramId }) });
const buttonSchema = z.object({
  update_id: telegramId,
  callback_query: z.object({
    id: z.string().min(1).max(100),
    from: sender,
    message,
    data: z.string().min(1).max(256),
  }),
});
const textSchema = z.object({
  update_id: telegramId,
  message: message.extend({
    from: sender,
    text: z.string().min(1).max(4_096),
    reply_to_message: z.object({ message_id: telegramId }).optional(),
  }),
});

/**
 * The body of a request, as text, when it carries one of `secretTokens`, compared in constant time.
 *
 * Refuses with `too-large`, `malformed`, `wrong-type`, `duplicate`, `unsigned` or `forged`.
 *
 * @throws TocsinError INPUT_INVALID when there is no secret token, or one shorter than 24 bytes.
 *
 * @example
 * ```ts
 * import { verifyTelegramRequest } from 'tocsin/interactions/telegram';
 * const outcome = verifyTelegramRequest({
 *   headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': 'a-guess' },
 *   body: '{"update_id":1}',
 *   secretTokens: ['what-was-given-to-setWebhook'],
 * });
 * outcome.ok ? outcome.text : outcome.code; // => 'forged'
 * ```
 */
export function verifyTelegramRequest(request: TelegramRequest): CallbackOutcome<{ readonly text: string }> {
  const { headers, body, secretTokens } = request;
  checkSecrets(secretTokens, { name: 'secretTokens', minBytes: MIN_SECRET_BYTES });
  const read = readText(body);
  if (!read.ok) return read;
  const type = readContentType(headers, ['application/json']);
  if (!type.ok) return type;
  const token = readHeader(headers, 'x-telegram-bot-api-secret-token');
  if (!token.ok) return token;
  return matchesAny(token.value, secretTokens) ? read : refuse('forged', 'The secret token is not one of ours.');
}

/**
 * What a verified body asks for: a press of a button with data, or a message of text.
 *
 * Refuses with `too-large`, `malformed` or `unsupported` (other kinds of updates); never throws.
 *
 * @example
 * ```ts
 * import { parseTelegramUpdate } from 'tocsin/interactions/telegram';
 * const message = { message_id: 37, chat: { id: -163 }, from: { id: 160 }, text: '/ack' };
 * const outcome = parseTelegramUpdate(JSON.stringify({ update_id: 9, message }));
 * outcome.ok && outcome.kind === 'text' && outcome.action; // => 'acknowledge'
 * ```
 */
export function parseTelegramUpdate(body: CallbackBody): CallbackOutcome<TelegramInteraction> {
  const read = readText(body);
  if (!read.ok) return read;
  const safe = readSafeJson(read.text);
  if (!safe.ok) return safe;
  if (has(safe.json, 'callback_query')) return readButton(safe.json);
  return has(safe.json, 'message')
    ? readMessage(safe.json)
    : refuse('unsupported', 'The update holds neither a callback_query nor a message.');
}

function readButton(json: unknown): CallbackOutcome<TelegramInteraction> {
  const parsed = buttonSchema.safeParse(json);
  if (!parsed.success) return refuse('malformed', 'The callback_query is no press of a button with data.');
  const { update_id: updateId, callback_query } = parsed.data;
  const { id: callbackId, data, from, message } = callback_query;
  const place = { messageId: message.message_id, chatId: message.chat.id };
  return { ok: true, kind: 'button', updateId, callbackId, data, telegramUser: from.id, ...place };
}

function readMessage(json: { readonly message: unknown }): CallbackOutcome<TelegramInteraction> {
  if (!has(json.message, 'text')) return refuse('unsupported', 'The message holds no text.');
  const parsed = textSchema.safeParse(json);
  if (!parsed.success) return refuse('malformed', 'The message is no text of somebody.');
  const { update_id: updateId, message } = parsed.data;
  const { text, from, message_id: messageId, chat, reply_to_message: original } = message;
  return {
    ok: true,
    kind: 'text',
    updateId,
    text,
    telegramUser: from.id,
    messageId,
    chatId: chat.id,
    ...(original === undefined ? {} : { replyTo: original.message_id }),
    ...replyAnswer(text),
  };
}

function has<Name extends string>(json: unknown, name: Name): json is { readonly [key in Name]: unknown } {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, name);
}
