/**
 * Channels of Slack, against a workspace over real HTTP that answers as Slack documents.
 */
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { channelName } from '../../src/chat-rooms/slack/channel-name.ts';
import { type SlackRoomsOptions, slackRooms } from '../../src/chat-rooms/slack.ts';
import type { RoomDraft, RoomOptions } from '../../src/index.ts';
import { strangers } from '../core/text/strangers.ts';
import { failureOf, recording } from '../notifiers/channel.ts';
import { slackWorkspace } from '../support/platforms/slack.ts';

const token = 'xoxb-1234-s3cret-of-this-test';
const AT = Date.UTC(2026, 0, 6, 10, 5);
const draft: RoomDraft = { name: 'inc-2026-01-06-checkout', private: false, tenant: 'default', incidentId: 'i1' };
const given = (key = 'k1', more: Partial<RoomOptions> = {}): RoomOptions => ({
  idempotencyKey: key,
  sentAt: AT,
  signal: new AbortController().signal,
  ...more,
});
const people = { UANA00001: 'ana@example.org', UBEN00001: 'ben@example.org' };

async function workspace(more: Partial<SlackRoomsOptions> = {}, options: { readonly pageSize?: number } = {}) {
  const slack = await slackWorkspace({ token, people, ...options });
  onTestFinished(() => slack.close());
  return { slack, rooms: slackRooms({ token, baseUrl: slack.baseUrl, ...more }) };
}

/** A workspace with one channel. */
async function opened(more: Partial<SlackRoomsOptions> = {}) {
  const { slack, rooms } = await workspace(more);
  const { id } = await rooms.create(draft, given());
  const [channel] = slack.channels;
  if (channel === undefined) throw new Error('no channel was made');
  return { slack, rooms, id, channel };
}

describe('a channel', () => {
  test('is called as the incident is, with six characters of its own, and can be reached by a link', async () => {
    const { slack, rooms } = await workspace();
    const room = await rooms.create(draft, given());
    expect(room).toEqual({
      id: 'C000000001',
      url: 'https://slack.com/app_redirect?channel=C000000001&team=T0123456789',
    });
    expect(slack.channels[0]).toMatchObject({ isPrivate: false });
    expect(slack.channels[0]?.name).toMatch(/^inc-2026-01-06-checkout-[a-z0-9]{6}$/);
    expect(slack.calls.map(({ method }) => method)).toEqual(['conversations.create']);
  });

  test('whose answer was lost is found again on whatever page it stands', async () => {
    const { slack, rooms } = await workspace({}, { pageSize: 2 });
    for (const key of ['a', 'b', 'c', 'd']) await rooms.create(draft, given(key));
    slack.mood = 'loses';
    await failureOf(rooms.create(draft, given('e')));
    slack.mood = 'takes';
    expect((await rooms.create(draft, given('e'))).id).toBe('C000000005');
    expect(slack.channels).toHaveLength(5);
    expect(slack.calls.filter(({ method }) => method === 'users.conversations')).toHaveLength(3);
  });

  test('of somebody else is never taken for ours: another name is found', async () => {
    const { slack, rooms } = await workspace();
    const theirs = slack.occupy(channelName(draft.name, 'k1'));
    theirs.members.add('UBOT00001');
    const { id } = await rooms.create(draft, given());
    expect(id).not.toBe(theirs.id);
    expect(slack.channels[1]?.name).toBe(channelName(draft.name, 'k1 1'));
    // Nor is one that we are in by invitation, when the incident is private.
    expect((await rooms.create({ ...draft, private: true }, given('k2'))).id).toBe('C000000003');
    expect(slack.channels[2]).toMatchObject({ isPrivate: true });
  });

  test('all of whose names are taken is tried again later', async () => {
    const { slack, rooms } = await workspace();
    for (const key of ['k1', 'k1 1', 'k1 2']) slack.occupy(channelName(draft.name, key));
    expect((await failureOf(rooms.create(draft, given()))).details).toEqual({ permanent: false });
  });

  test('that Slack answers without an id is a failure', async () => {
    const { fetch } = recording(() => Response.json({ ok: true, channel: {} }), String);
    const error = await failureOf(slackRooms({ token, fetch }).create(draft, given()));
    expect(error.message).toContain('its answer is not that of Slack');
  });
});

describe('the name of a channel', () => {
  test.each([
    ['inc-2026-01-06-checkout', 'inc-2026-01-06-checkout'],
    ['Größe & Über: Ärger!', 'grosse-uber-arger'],
    ['  #General / ops  ', 'general-ops'],
    ['日本', 'incident'],
    ['', 'incident'],
    ['_-_', 'incident'],
    ['__a__', 'a'],
    ['x'.repeat(200), 'x'.repeat(73)],
    [`${'x'.repeat(72)}- y`, 'x'.repeat(72)],
  ])('%j becomes %s and six characters', (wanted, name) => {
    const made = channelName(wanted, 'k');
    expect(made.slice(0, -7)).toBe(name);
    expect(made.slice(-7)).toMatch(/^-[a-z0-9]{6}$/);
  });

  test('is one that Slack takes, whatever an incident is called, and differs with the key', () => {
    fc.assert(
      fc.property(strangers, fc.string(), fc.string(), (wanted, key, other) => {
        const name = channelName(wanted, key);
        expect(name).toMatch(/^[a-z0-9][a-z0-9_-]{0,79}$/);
        expect(channelName(wanted, key)).toBe(name);
        expect(channelName(wanted, other) === name).toBe(key === other);
      }),
      { numRuns: 300 },
    );
  });
});

describe('people', () => {
  const ana = { user: 'ana', addresses: { slack: 'UANA00001', email: 'ben@example.org', sms: '+15550100' } };

  test('are known by the table first, then by their contact, then by their e-mail', async () => {
    const byTable = await opened({ people: { ana: 'UBEN00001' } });
    await byTable.rooms.invite(byTable.id, [ana], given());
    const byContact = await opened({ emails: 'email' });
    await byContact.rooms.invite(byContact.id, [ana], given());
    const byEmail = await opened({ emails: 'email', notifier: 'chat' });
    await byEmail.rooms.invite(byEmail.id, [ana], given());
    expect([byTable, byContact, byEmail].map(({ channel }) => [...channel.members].at(-1))).toEqual([
      'UBEN00001',
      'UANA00001',
      'UBEN00001',
    ]);
  });

  test.each([
    ['a channel as their address', { slack: 'C0123456789' }],
    ['a webhook as their address', { slack: 'https://hooks.slack.com/services/x' }],
    ['an e-mail that nobody has', { email: 'cyd@example.org' }],
    ['an id that nobody has', { slack: 'UCYD00001' }],
    ['no address', {}],
  ])('with %s are left out', async (_, addresses) => {
    const { rooms, id, channel } = await opened({ emails: 'email' });
    const wanted = [{ user: 'cyd', addresses }, ana];
    expect(await rooms.invite(id, wanted, given())).toEqual({ leftOut: ['cyd'] });
    expect([...channel.members]).toContain('UANA00001');
  });

  test.each(['cant_invite', 'user_is_ultra_restricted', 'no_external_invite_permission'])(
    'whom Slack lets nobody invite (%s) are left out',
    async (code) => {
      const { slack, rooms, id } = await opened();
      slack.refuse = ({ method }) => (method === 'conversations.invite' ? code : undefined);
      expect(await rooms.invite(id, [ana], given())).toEqual({ leftOut: ['ana'] });
    },
  );
});

describe('what is said', () => {
  test('stands there line by line with the clock of the reader, and mentions nobody', async () => {
    const { slack, rooms, id, channel } = await opened();
    const entries = [
      { at: AT, text: '<!channel> *disk* <@UANA00001> & more' },
      { at: AT + 60_000, text: 'two\nlines' },
    ];
    await rooms.post(id, entries, given('k2'));
    expect(channel.messages.map(({ text }) => text.split('\n'))).toEqual([
      [
        '<!date^1767693900^{time}|10:05 UTC> &lt;!channel&gt; ∗disk∗ &lt;@UANA00001&gt; &amp; more',
        '<!date^1767693960^{time}|10:06 UTC> two lines',
      ],
    ]);
    expect(slack.calls.at(-1)?.fields).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });
    expect(channel.messages[0]?.metadata).toEqual({
      event_type: 'tocsin_room',
      event_payload: { idempotency_key: 'k2' },
    });
  });

  test('is not looked for when nobody has said it before, and is said all the same where nobody may look', async () => {
    const { slack, rooms, id, channel } = await opened();
    const entries = [{ at: AT, text: 'a' }];
    await rooms.post(id, entries, given('k2'));
    expect(slack.calls.map(({ method }) => method)).not.toContain('conversations.history');
    slack.refuse = ({ method }) => (method === 'conversations.history' ? 'missing_scope' : undefined);
    await rooms.post(id, entries, given('k2', { isRepeated: true }));
    expect(channel.messages).toHaveLength(2);
  });

  test('has to be something', async () => {
    const { rooms, id, channel } = await opened();
    expect(await rooms.post(id, [], given('k2'))).toEqual({});
    expect(channel.messages).toEqual([]);
  });

  test('is within the limits of Slack, whatever it is, and never holds markup but our own', async () => {
    const { rooms, id, channel } = await opened();
    const long = fc.tuple(strangers, fc.integer({ min: 1, max: 400 })).map(([text, times]) => `x${text}`.repeat(times));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(strangers, long), { minLength: 1, maxLength: 9 }), async (texts) => {
        await rooms.post(
          id,
          texts.map((text) => ({ at: AT, text })),
          given('k2'),
        );
        const said = channel.messages.at(-1)?.text ?? '';
        expect(said.length).toBeLessThanOrEqual(12_100);
        expect(said.replaceAll(/<!date\^\d+\^\{time\}\|\d\d:\d\d UTC>/g, '')).not.toMatch(/[<>*~`]/);
        await rooms.setTopic(id, texts.join(' '), given('k3'));
        expect(channel.topic).not.toMatch(/[<>*~`]|&(?!(?:amp|lt|gt);)/);
        expect(channel.topic.isWellFormed()).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what Slack answers', () => {
  const PERMANENT = [
    'channel_not_found',
    'not_in_channel',
    'invalid_auth',
    'account_inactive',
    'token_revoked',
    'missing_scope',
    'restricted_action',
    'ekm_access_denied',
    'not_allowed_token_type',
    'no_permission',
  ];
  const FOR_NOW = [
    'ratelimited',
    'internal_error',
    'fatal_error',
    'service_unavailable',
    'request_timeout',
    'something_new',
  ];

  test.each([...PERMANENT.map((code) => [code, true] as const), ...FOR_NOW.map((code) => [code, false] as const)])(
    '%s is permanent: %s, at every step',
    async (code, permanent) => {
      const { slack, rooms, id } = await opened();
      slack.refuse = () => code;
      const ben = { user: 'ben', addresses: { slack: 'UBEN00001' } };
      for (const step of [
        () => rooms.create(draft, given('k9')),
        () => rooms.invite(id, [ben], given()),
        () => rooms.setTopic(id, 'a', given()),
        () => rooms.post(id, [{ at: AT, text: 'a' }], given()),
        () => rooms.archive(id, given()),
      ]) {
        const error = await failureOf(step());
        expect(error.details).toMatchObject({ permanent });
        expect(error.message).toContain(code);
      }
    },
  );

  test('the page of a proxy is tried again', async () => {
    const { fetch } = recording(() => new Response('<h1>Sign in</h1>'), String);
    const error = await failureOf(slackRooms({ token, fetch }).archive('C000000001', given()));
    expect(error.details).toMatchObject({ permanent: false });
  });

  test('and nothing that it repeats tells the token', async () => {
    const { fetch } = recording(() => Response.json({ ok: false, error: `no ${token}` }), String);
    const error = await failureOf(slackRooms({ token, fetch }).archive('C000000001', given()));
    expect(error.message).toContain('[hidden]');
    expect(error.message).not.toContain('s3cret');
  });
});

describe('what is refused', () => {
  test.each([
    ['token', { token: '' }],
    ['token', { token: 'xoxb s3cret' }],
    ['token', {}],
    ['people', { token, people: { ana: 'ana' } }],
    ['people', { token, people: 'U0123456789' }],
    ['baseUrl', { token, baseUrl: 'slack.com' }],
  ])('a wrong %s: %j', (path, options) => {
    const make = () => slackRooms(options as SlackRoomsOptions);
    expect(make).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        details: { problems: [expect.objectContaining({ path: `/${path}` })] },
      }),
    );
    expect(make).not.toThrow(/s3cret/);
  });

  test('an option that is not known', () => {
    expect(() => slackRooms({ token, channel: 'C1' } as SlackRoomsOptions)).toThrow(/no option channel/);
  });
});
