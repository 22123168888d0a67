/**
 * Slack: its signed requests, and the buttons and slash commands in them.
 *
 * Pure. It never answers Slack and never decides who a Slack user is here; verify first, then parse the text that
 * was verified.
 *
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
import * as z from 'zod';
import { readContentType, readForm, readHeader, readSafeJson, readText, refuse } from '../callbacks/callback.ts';
import { checkSecrets, isSignedByAny } from '../callbacks/mac.ts';
import type { CallbackBody, CallbackHeaders, CallbackOutcome, Secret } from '../callbacks/request.ts';

import { type ReplyAnswer, replyAnswer } from './answers/reply-action.ts';

export type * from '../callbacks/request.ts';
export type { ReplyAction, ReplyAnswer } from './answers/reply-action.ts';

/** A request that claims to come from Slack. */
export type SlackRequest = {
  readonly headers: CallbackHeaders;
  readonly body: CallbackBody;
  /** The signing secrets of the app: more than one while a new one is introduced. */
  readonly signingSecrets: readonly Secret[];
  /** Epoch ms. */
  readonly nowMs: number;
};

/** What a Slack request asks for. Slack's ids of users are unique within a team only. */
export type SlackInteraction =
  | {
      readonly kind: 'action';
      /** The value of the button. */
      readonly token: string;
      readonly slackUser: string;
      readonly slackTeam?: string;
      readonly responseUrl?: string;
    }
  | ({
      readonly kind: 'command';
      /** The command with its slash, as it was set up in Slack. */
      readonly command: string;
      /** What was typed after it; may be empty. */
      readonly text: string;
      readonly slackUser: string;
      readonly slackTeam?: string;
      readonly responseUrl?: string;
    } & ReplyAnswer)
  /** Slack asks whether the address is ours: answer with `challenge` as plain text. */
  | { readonly kind: 'challenge'; readonly challenge: string };

const MAX_SKEW_SECONDS = 300;
// Slack's have 32: what is shorter was never issued.
const MIN_SECRET_BYTES = 16;
const TIMESTAMP = /^\d{1,12}$/;

const slackId = z.string().regex(/^[A-Z0-9]{1,50}$/);
const responseUrl = z.url({ protocol: /^https$/, hostname: /(^|\.)slack(-gov)?\.com$/ }).max(2_000);
const actionSchema = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: slackId }),
  team: z.object({ id: slackId }).nullish(),
  actions: z.tuple([z.object({ value: z.string().min(1).max(2_000) })]),
  response_url: responseUrl.optional(),
});
const commandSchema = z.object({
  command: z.string().regex(/^\/\S{1,100}$/),
  text: z.string().max(10_000).default(''),
  user_id: slackId,
  team_id: slackId.optional(),
  response_url: responseUrl.optional(),
});
const challengeSchema = z.object({ type: z.literal('url_verification'), challenge: z.string().min(1).max(1_000) });

/**
 * The body of a request, as text, when Slack signed it within 300 seconds of `nowMs` (300 included).
 *
 * Refuses with `too-large`, `malformed`, `wrong-type`, `duplicate`, `unsigned`, `forged` or `stale`.
 *
 * @throws TocsinError INPUT_INVALID when there is no signing secret, or one shorter than 16 bytes.
 *
 * @example
 * ```ts
 * import { verifySlackRequest } from 'tocsin/interactions/slack';
 * const outcome = verifySlackRequest({
 *   headers: {
 *     'content-type': 'application/json',
 *     'x-slack-request-timestamp': '1531420618',
 *     'x-slack-signature': 'v0=made-up',
 *   },
 *   body: '{}',
 *   signingSecrets: ['8f742231b10e8888abcd99yyyzzz85a5'],
 *   nowMs: 1_531_420_618_000,
 * });
 * outcome.ok ? outcome.text : outcome.code; // => 'forged'
 * ```
 */
export function verifySlackRequest(request: SlackRequest): CallbackOutcome<{ readonly text: string }> {
  const { headers, body, signingSecrets, nowMs } = request;
  checkSecrets(signingSecrets, { name: 'signingSecrets', minBytes: MIN_SECRET_BYTES });
  const read = readText(body);
  if (!read.ok) return read;
  const type = readContentType(headers, ['application/x-www-form-urlencoded', 'application/json']);
  if (!type.ok) return type;
  const timestamp = readHeader(headers, 'x-slack-request-timestamp');
  if (!timestamp.ok) return timestamp;
  const signature = readHeader(headers, 'x-slack-signature');
  if (!signature.ok) return signature;
  if (!TIMESTAMP.test(timestamp.value)) return refuse('malformed', 'The timestamp of the request is no number.');
  const message = `v0:${timestamp.value}:${read.text}`;
  const given = signature.value.startsWith('v0=') ? signature.value.slice(3) : '';
  if (!isSignedByAny(given, signingSecrets, { algorithm: 'sha256', encoding: 'hex', message })) {
    return refuse('forged', 'The signature does not fit the body and any signing secret.');
  }
  // Written so that a `nowMs` that is no number refuses.
  return Math.abs(nowMs / 1_000 - Number(timestamp.value)) <= MAX_SKEW_SECONDS
    ? read
    : refuse('stale', `The request was not signed within ${MAX_SKEW_SECONDS} seconds of now.`);
}

/**
 * What a verified body asks for: a press of one button, a slash command, or Slack's challenge.
 *
 * Refuses with `too-large`, `malformed`, `duplicate` or `unsupported` (other interactions and events); never throws.
 *
 * @example
 * ```ts
 * import { parseSlackInteraction } from 'tocsin/interactions/slack';
 * const outcome = parseSlackInteraction('command=%2Ftocsin&text=ack+inc-7&user_id=U2CERLKJA');
 * outcome.ok && outcome.kind === 'command' && [outcome.action, outcome.about]; // => ['acknowledge', 'inc-7']
 * ```
 */
export function parseSlackInteraction(body: CallbackBody): CallbackOutcome<SlackInteraction> {
  const read = readText(body);
  if (!read.ok) return read;
  if (read.text.trimStart().startsWith('{')) return readChallenge(read.text);
  const form = readForm(read.text);
  if (!form.ok) return form;
  const payload = form.fields.get('payload');
  if (payload !== undefined) return readAction(payload);
  return form.fields.has('command')
    ? readCommand(form.fields)
    : refuse('unsupported', 'The form holds neither a payload nor a command.');
}

function readChallenge(text: string): CallbackOutcome<SlackInteraction> {
  const read = readSafeJson(text);
  if (!read.ok) return read;
  if (typeOf(read.json) !== 'url_verification') return refuse('unsupported', 'Only url_verification is read as JSON.');
  const parsed = challengeSchema.safeParse(read.json);
  return parsed.success
    ? { ok: true, kind: 'challenge', challenge: parsed.data.challenge }
    : refuse('malformed', 'The url_verification holds no challenge.');
}

function readAction(payload: string): CallbackOutcome<SlackInteraction> {
  const read = readSafeJson(payload);
  if (!read.ok) return read;
  if (typeOf(read.json) !== 'block_actions') return refuse('unsupported', 'Only block_actions are read.');
  const parsed = actionSchema.safeParse(read.json);
  if (!parsed.success) return refuse('malformed', 'The payload is no press of one button with a value.');
  const { user, team, actions, response_url } = parsed.data;
  return { ok: true, kind: 'action', token: actions[0].value, ...sender(user.id, team?.id, response_url) };
}

function readCommand(fields: ReadonlyMap<string, string>): CallbackOutcome<SlackInteraction> {
  const parsed = commandSchema.safeParse(Object.fromEntries(fields));
  if (!parsed.success) return refuse('malformed', 'The form is no slash command.');
  const { command, text, user_id, team_id, response_url } = parsed.data;
  const who = sender(user_id, team_id, response_url);
  return { ok: true, kind: 'command', command, text, ...who, ...replyAnswer(text, { takesIds: true }) };
}

function sender(slackUser: string, slackTeam: string | undefined, responseUrl: string | undefined) {
  return {
    slackUser,
    ...(slackTeam === undefined ? {} : { slackTeam }),
    ...(responseUrl === undefined ? {} : { responseUrl }),
  };
}

function typeOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'type' in json ? json.type : undefined;
}
