/**
 * A workspace of Slack with channels, over real HTTP: it answers as Slack documents its methods, and keeps what it was told.
 *
 * @see https://docs.slack.dev/reference/methods
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** How it answers: as Slack does, or in one of the ways in which that goes wrong. `loses`: it is done, and never said. */
export type SlackMood = 'takes' | 'fails' | 'refuses' | 'busy' | 'hangs' | 'loses';

export type SlackMessage = { readonly ts: string; readonly text: string; readonly metadata?: unknown };
export type SlackChannel = {
  readonly id: string;
  name: string;
  readonly creator: string;
  readonly isPrivate: boolean;
  isArchived: boolean;
  topic: string;
  /** How often a topic was set. */
  topics: number;
  readonly members: Set<string>;
  readonly messages: SlackMessage[];
};
export type SlackCall = { readonly method: string; readonly fields: Readonly<Record<string, string>> };

export type SlackWorkspace = {
  readonly baseUrl: string;
  readonly channels: readonly SlackChannel[];
  /** Every request, in order. */
  readonly calls: readonly SlackCall[];
  mood: SlackMood;
  /** Another answer to some calls: a code refuses. */
  refuse: ((call: SlackCall) => string | undefined) | undefined;
  /** Somebody else makes a channel. */
  occupy(name: string, creator?: string): SlackChannel;
  close(): void;
};

type WorkspaceOptions = {
  readonly token: string;
  /** Ids of people, and their e-mail addresses. */
  readonly people?: Readonly<Record<string, string>>;
  /** What stands in the answer to whoever asks too often, in seconds. */
  readonly retryAfter?: number;
  /** How many channels stand on one page. */
  readonly pageSize?: number;
};

const BOT = 'UBOT00001';
const refused = (error: string) => ({ ok: false, error });

export async function slackWorkspace(options: WorkspaceOptions): Promise<SlackWorkspace> {
  const { token, people = {}, retryAfter = 7, pageSize = 100 } = options;
  const channels: SlackChannel[] = [];
  const calls: SlackCall[] = [];
  let ticks = 0;

  function added(name: string, creator: string, isPrivate: boolean): SlackChannel {
    const id = `C${String(channels.length + 1).padStart(9, '0')}`;
    const rest = { isArchived: false, topic: '', topics: 0, messages: [] };
    const channel = { id, name, creator, isPrivate, members: new Set([creator]), ...rest };
    channels.push(channel);
    return channel;
  }

  const shown = ({ id, name, creator, isPrivate, isArchived }: SlackChannel) => ({
    id,
    name,
    creator,
    is_private: isPrivate,
    is_archived: isArchived,
    context_team_id: 'T0123456789',
  });

  function create({ name = '', is_private: isPrivate }: SlackCall['fields']) {
    if (name === '') return refused('invalid_name_required');
    if (name.length > 80) return refused('invalid_name_maxlength');
    if (!/^[a-z0-9_-]+$/.test(name)) return refused('invalid_name_specials');
    if (/^[_-]+$/.test(name)) return refused('invalid_name_punctuation');
    if (channels.some((channel) => channel.name === name)) return refused('name_taken');
    return { ok: true, channel: shown(added(name, BOT, isPrivate === 'true')) };
  }

  function mine({ types = 'public_channel', cursor = '' }: SlackCall['fields']) {
    const from = cursor === '' ? 0 : Number(cursor);
    const all = channels.filter(
      ({ members, isPrivate }) =>
        members.has(BOT) && types.split(',').includes(isPrivate ? 'private_channel' : 'public_channel'),
    );
    const next = from + pageSize < all.length ? String(from + pageSize) : '';
    const page = all.slice(from, from + pageSize).map(shown);
    return { ok: true, channels: page, response_metadata: { next_cursor: next } };
  }

  function invite(channel: SlackChannel, { users = '' }: SlackCall['fields']) {
    for (const user of users.split(',')) {
      if (user === BOT) return refused('cant_invite_self');
      if (!Object.hasOwn(people, user)) return refused('user_not_found');
      if (channel.members.has(user)) return refused('already_in_channel');
      channel.members.add(user);
    }
    return { ok: true, channel: shown(channel) };
  }

  function setTopic(channel: SlackChannel, { topic = '' }: SlackCall['fields']) {
    if (topic.length > 250) return refused('too_long');
    channel.topic = topic;
    channel.topics += 1;
    return { ok: true, channel: shown(channel) };
  }

  function post(channel: SlackChannel, { text: said = '', metadata }: SlackCall['fields']) {
    if (said === '') return refused('no_text');
    ticks += 1;
    const ts = `1767693600.${String(ticks).padStart(6, '0')}`;
    channel.messages.push({ ts, text: said, ...(metadata !== undefined && { metadata: JSON.parse(metadata) }) });
    return { ok: true, channel: channel.id, ts };
  }

  function history({ messages }: SlackChannel, { limit = '100', include_all_metadata: whole }: SlackCall['fields']) {
    const latest = messages.toReversed().slice(0, Number(limit));
    return {
      ok: true,
      messages: latest.map(({ metadata, ...rest }) => (whole === 'true' ? { ...rest, metadata } : rest)),
    };
  }

  function answer({ method, fields }: SlackCall): object {
    if (method === 'conversations.create') return create(fields);
    if (method === 'auth.test') return { ok: true, user_id: BOT, team_id: 'T0123456789' };
    if (method === 'users.conversations') return mine(fields);
    if (method === 'users.lookupByEmail') {
      const found = Object.entries(people).find(([, email]) => email === fields.email);
      return found === undefined ? refused('users_not_found') : { ok: true, user: { id: found[0] } };
    }
    const channel = channels.find(({ id }) => id === fields.channel);
    if (channel === undefined) return refused('channel_not_found');
    if (method === 'conversations.history') return history(channel, fields);
    if (method === 'conversations.archive') {
      if (channel.isArchived) return refused('already_archived');
      channel.isArchived = true;
      return { ok: true };
    }
    if (channel.isArchived) return refused('is_archived');
    if (method === 'conversations.invite') return invite(channel, fields);
    if (method === 'conversations.setTopic') return setTopic(channel, fields);
    if (method === 'chat.postMessage') return post(channel, fields);
    return refused('unknown_method');
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fields = Object.fromEntries(new URLSearchParams(await text(request)));
    const call = { method: (request.url ?? '').replace('/api/', ''), fields };
    calls.push(call);
    const { mood } = workspace;
    const say = (status: number, body: object, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    // What goes wrong repeats what it was asked, as proxies do.
    const echo = JSON.stringify(request.headers);
    if (mood === 'hangs') return;
    if (mood === 'fails') return void say(503, { error: echo });
    if (mood === 'busy') return void say(429, refused('ratelimited'), { 'retry-after': String(retryAfter) });
    if (mood === 'refuses') return void say(200, { ...refused('missing_scope'), needed: echo });
    if (request.headers.authorization !== `Bearer ${token}`) return void say(200, refused('invalid_auth'));
    const code = workspace.refuse?.(call);
    const body = code === undefined ? answer(call) : refused(code);
    if (mood === 'loses') return void response.destroy();
    say(200, body);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const workspace: SlackWorkspace = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    channels,
    calls,
    mood: 'takes',
    refuse: undefined,
    occupy: (name, creator = 'UOTHER001') => added(name, creator, false),
    close: () => void server.close().closeAllConnections(),
  };
  return workspace;
}
