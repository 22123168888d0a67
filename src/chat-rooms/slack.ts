/**
 * Slack: a channel for each incident.
 *
 * Slack knows no idempotency keys. A channel is told from all others by the end of its name, and a post by its metadata, so
 * that what was asked for twice is there once. The token goes nowhere but to Slack's own methods, and stands in no error.
 *
 * @see https://docs.slack.dev/reference/methods/conversations.create
 * @see https://docs.slack.dev/messaging/message-metadata
 */
import { oneLine } from '../core/text/clean.ts';
import { cutEscaped } from '../core/text/cut-units.ts';
import { slackText } from '../core/text/slack.ts';
import { isLike, malformedOption, readBaseUrl } from '../notifiers/http/checked-options.ts';
import { fieldOf } from '../notifiers/http/json-answer.ts';
import { askJson, strangeAnswer } from '../notifiers/http/post-json.ts';
import { slackRefusal } from '../notifiers/http/slack-refusal.ts';
import type { ChatRoom, RoomAnswer, RoomEntry, RoomOptions } from '../ports/chat-room.ts';
import { notifyError } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { channelName } from './slack/channel-name.ts';
import { type PeopleOptions, peopleOfSlack } from './slack/people.ts';

export type { PeopleOptions };

/** How {@link slackRooms} makes and keeps channels. */
export type SlackRoomsOptions = PeopleOptions & {
  /** The name that the configuration refers to. Default: `slack`. */
  readonly name?: string;
  /** A token such as `xoxb-...` with the scopes `channels:manage`, `groups:write`, `channels:read`, `groups:read` and `chat:write`. */
  readonly token: string;
  /** Where Slack's methods are found, as an http or https address. Default: `https://slack.com/api`. */
  readonly baseUrl?: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
};

const KNOWN: readonly (keyof SlackRoomsOptions)[] = [
  'name',
  'token',
  'people',
  'notifier',
  'emails',
  'baseUrl',
  'fetch',
];
const VISIBLE = /^[\x21-\x7e]+$/;
const CHANNEL = /^[CG][A-Z0-9]{2,30}$/;
const MAX_TOPIC = 250;
const MAX_LINE = 3_000;
const MAX_POST = 12_000;
const EVENT_TYPE = 'tocsin_room';
/** How many names of others are evaded. */
const MOST_NAMES = 3;
/** How much of Slack is looked through for what may be there already. */
const MOST_PAGES = 20;
const PAGE = 999;
const LAST_MESSAGES = 100;
const NOT_INVITED = [
  'user_not_found',
  'cant_invite',
  'user_is_restricted',
  'user_is_ultra_restricted',
  'ura_max_channels',
  'no_external_invite_permission',
  'user_team_not_in_channel',
  'invitee_cant_see_channel',
];

/** What a method is given; a boolean and a number are written as text. */
type Fields = Readonly<Record<string, string | number | boolean>>;

/**
 * Channels of Slack as the rooms of incidents.
 *
 * What Slack answers with `"ok": false` is permanent when no later attempt can mend it, such as `missing_scope` or
 * `restricted_action`, and is tried again otherwise; so are 408, 421, 425, 429, 5xx and network failures (`Retry-After`
 * between 1 s and 15 min is honoured). Experimental.
 *
 * @throws TocsinError INPUT_INVALID when the token is no visible ASCII, an id of `people` is none of Slack, `baseUrl` is no plain http or https address, or an option is not known.
 * @example
 * ```ts
 * import { slackRooms } from 'tocsin/chat-rooms/slack';
 * const rooms = slackRooms({ token: 'xoxb-1234', people: { ana: 'U0123456789' } });
 * rooms.name; // => 'slack'
 * ```
 */
export function slackRooms(options: SlackRoomsOptions): ChatRoom {
  refuseUnknownOptions('make rooms in Slack', options, KNOWN);
  const { name = 'slack', token, fetch = globalThis.fetch } = options;
  if (!isLike(VISIBLE, token)) throw malformedOption('token', 'a text of visible ASCII characters, such as xoxb-...');
  const base = readBaseUrl(options.baseUrl ?? 'https://slack.com/api');
  const people = peopleOfSlack(options);

  const postOf = (method: string, fields: Fields, { sentAt, signal }: RoomOptions) => ({
    address: `${base}/${method}`,
    // Some methods read no JSON; all of them read this.
    body: new URLSearchParams(Object.entries(fields).map(([key, value]) => [key, String(value)])).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      authorization: `Bearer ${token}`,
    },
    nowMs: sentAt,
    signal,
    fetch,
  });

  /** Calls `method`; what it refuses with a code in `accepted` is an answer. */
  const ask = (method: string, fields: Fields, given: RoomOptions, accepted: readonly string[] = []) =>
    askJson({ ...postOf(method, fields, given), refusal: (answer) => slackRefusal(answer, accepted) });

  /** What Slack says of a channel that is ours: made by us, and as private as it was to be. */
  async function foundOurs(wanted: string, isPrivate: boolean, given: RoomOptions): Promise<unknown> {
    const self = fieldOf(await ask('auth.test', {}, given), ['user_id']);
    let cursor = '';
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const fields = { types: isPrivate ? 'private_channel' : 'public_channel', limit: PAGE, cursor };
      const answer = await ask('users.conversations', fields, given);
      const channels = fieldOf(answer, ['channels']);
      const found = Array.isArray(channels) ? channels.find((one) => textOf(one, 'name') === wanted) : undefined;
      if (found !== undefined) return self !== undefined && textOf(found, 'creator') === self ? found : undefined;
      cursor = String(fieldOf(answer, ['response_metadata', 'next_cursor']) ?? '');
      if (cursor === '') return undefined;
    }
    return undefined;
  }

  return {
    name,
    async create(room, given) {
      for (let turn = 0; turn < MOST_NAMES; turn += 1) {
        const wanted = channelName(room.name, turn === 0 ? given.idempotencyKey : `${given.idempotencyKey} ${turn}`);
        const fields = { name: wanted, is_private: room.private };
        const answer = await ask('conversations.create', fields, given, ['name_taken']);
        const isTaken = fieldOf(answer, ['ok']) !== true;
        const channel = isTaken ? await foundOurs(wanted, room.private, given) : fieldOf(answer, ['channel']);
        const id = textOf(channel, 'id');
        if (isLike(CHANNEL, id)) return { id, url: urlOf(id, textOf(channel, 'context_team_id')) };
        if (!isTaken) throw strangeAnswer('Slack', answer, postOf('conversations.create', fields, given));
      }
      throw notifyError('Cannot make a channel of Slack: its name is taken again and again. This is tried again.');
    },
    async invite(channel, wanted, given) {
      const leftOut: string[] = [];
      for (const person of wanted) {
        const user = await people(person, (email) =>
          ask('users.lookupByEmail', { email }, given, ['users_not_found']).then((answer) =>
            fieldOf(answer, ['user', 'id']),
          ),
        );
        if (user === undefined) {
          leftOut.push(person.user);
          continue;
        }
        const so = ['already_in_channel', 'cant_invite_self', 'is_archived', ...NOT_INVITED];
        const code = errorOf(await ask('conversations.invite', { channel, users: user }, given, so));
        if (code === 'is_archived') return { isClosed: true };
        if (NOT_INVITED.includes(code)) leftOut.push(person.user);
      }
      return { leftOut };
    },
    async setTopic(channel, topic, given) {
      const fields = { channel, topic: cutEscaped(slackText(oneLine(topic)), MAX_TOPIC) };
      return closedBy(await ask('conversations.setTopic', fields, given, ['is_archived']));
    },
    async post(channel, entries, given) {
      if (entries.length === 0) return {};
      const key = given.idempotencyKey;
      if (given.isRepeated === true) {
        const fields = { channel, limit: LAST_MESSAGES, include_all_metadata: true };
        const said = await ask('conversations.history', fields, given, ['missing_scope']);
        if (isPosted(said, key)) return {};
      }
      const metadata = JSON.stringify({ event_type: EVENT_TYPE, event_payload: { idempotency_key: key } });
      const fields = { channel, text: textOfPost(entries), unfurl_links: false, unfurl_media: false, metadata };
      return closedBy(await ask('chat.postMessage', fields, given, ['is_archived']));
    },
    async archive(channel, given) {
      await ask('conversations.archive', { channel }, given, ['already_archived', 'is_archived']);
      return {};
    },
  };
}

function textOf(channel: unknown, key: string): unknown {
  return typeof channel === 'object' && channel !== null ? Reflect.get(channel, key) : undefined;
}

/** Leads to the channel, in whatever of Slack the reader has open. */
function urlOf(id: string, team: unknown): string {
  return `https://slack.com/app_redirect?channel=${id}${isLike(/^[TE][A-Z0-9]+$/, team) ? `&team=${team}` : ''}`;
}

function errorOf(answer: string): string {
  return String(fieldOf(answer, ['error']) ?? '');
}

function closedBy(answer: string): RoomAnswer {
  return errorOf(answer) === 'is_archived' ? { isClosed: true } : {};
}

/** Whether one of the last messages was posted under `key`. */
function isPosted(answer: string, key: string): boolean {
  const messages = fieldOf(answer, ['messages']);
  return Array.isArray(messages) && messages.some((message) => keyOf(textOf(message, 'metadata')) === key);
}

function keyOf(metadata: unknown): unknown {
  return textOf(metadata, 'event_type') === EVENT_TYPE
    ? textOf(textOf(metadata, 'event_payload'), 'idempotency_key')
    : undefined;
}

/** Each entry on a line of its own, with its time as the clock of the reader shows it. */
function textOfPost(entries: readonly RoomEntry[]): string {
  const lines = entries.map(({ at, text }) => {
    const clock = new Date(at).toISOString().slice(11, 16);
    const said = cutEscaped(slackText(oneLine(text)), MAX_LINE);
    return `<!date^${Math.floor(at / 1_000)}^{time}|${clock} UTC> ${said}`;
  });
  return lines.reduce((post, line) => (post.length + line.length < MAX_POST ? `${post}\n${line}` : post));
}
