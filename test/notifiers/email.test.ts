/**
 * What a mail transport is handed, and what its answers mean.
 */
import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { BundledMessage, Message, MessagePurpose } from '../../src/model/message.ts';
import { type EmailNotifierOptions, emailNotifier, type OutgoingEmail } from '../../src/notifiers/email.ts';
import { type ChannelAnswer, type NotifierFixture, testNotifier } from '../../src/testing/index.ts';
import { failureOf } from './channel.ts';
import { aborted, messageWith, patient } from './message.ts';
import { bitten, SEND_SABOTEURS } from './saboteurs.ts';

const auth = { type: 'login', user: 'relay-user', pass: 'correct horse', clientSecret: 'cl1ent-s3cret' };
const to = { user: 'ana', name: 'Ana', contact: 'email', address: 'ana@ops.example' };
const from = { name: 'Tocsin', address: 'pager@ops.example' };
const message = messageWith({ to });
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };
const root = '<incident.4fa4516fbe43ecb290ee623a3f4e8a7e33f3d856@ops.example>';

/** A transport that keeps what it is handed, and answers as told. */
function office(answer: (mail: OutgoingEmail) => unknown = taken, more: Partial<EmailNotifierOptions> = {}) {
  const mails: OutgoingEmail[] = [];
  const transport = {
    options: { auth },
    async sendMail(mail: OutgoingEmail) {
      mails.push(mail);
      return answer(mail);
    },
  };
  return { mails, notifier: emailNotifier({ transport, from, ...more }) };
}

function taken({ to: { address } }: OutgoingEmail) {
  return { accepted: [address], rejected: [], response: '250 OK' };
}

function failing(fields: object, text = 'Message failed') {
  return () => {
    throw Object.assign(new Error(text), fields);
  };
}

async function mailOf(changes: Partial<Message> = {}, more: Partial<EmailNotifierOptions> = {}) {
  const { mails, notifier } = office(taken, more);
  await notifier.send({ ...message, ...changes }, options);
  return (mails as [OutgoingEmail])[0];
}

const failed = (answer: () => unknown) => failureOf(office(answer).notifier.send(message, options));

describe('the promises of the port', () => {
  const NUMBER = { fails: 451, refuses: 550 } as const;
  const secrets = [auth.user, auth.pass, auth.clientSecret, Buffer.from(auth.pass).toString('base64')];

  const opens = async (): Promise<NotifierFixture> => {
    let how: ChannelAnswer = 'takes';
    const received: { key: string; text: string }[] = [];
    const { notifier } = office(async (mail) => {
      if (how === 'hangs') return new Promise(() => {});
      received.push({ key: mail.messageId, text: mail.subject + mail.text + mail.html });
      if (how !== 'fails' && how !== 'refuses') return taken(mail);
      const response = `${NUMBER[how]} no, ${secrets.join(' ')}`;
      return failing({ code: 'EENVELOPE', command: 'RCPT TO', responseCode: NUMBER[how], response }, response)();
    });
    return {
      notifier,
      message,
      answer(given) {
        how = given;
      },
      received: () => received,
      secrets,
      close() {},
    };
  };

  expect(testNotifier(test, opens, { lacks: ['busy'] })).toEqual([
    'N1 send rejects when the channel is busy',
    'N5 how long the channel asks to wait is in the rejection',
  ]);

  const telling = SEND_SABOTEURS.filter(({ promise }) => promise !== 'N5');
  test.each(telling)('$promise a notifier that $does is found out', async (saboteur) => {
    expect(await bitten(saboteur, opens, { lacks: ['busy'] })).not.toEqual([]);
  });
});

describe('what is handed over', () => {
  test('is one mail to one recipient, in fields that need no parsing', async () => {
    const { mails, notifier } = office();
    await expect(notifier.send(message, options)).resolves.toEqual({ externalId: mails[0]?.messageId });
    expect(notifier.kind).toBe('email');
    expect(notifier.update).toBeUndefined();
    expect(mails).toEqual([
      {
        from,
        to: { name: 'Ana', address: 'ana@ops.example' },
        subject: 'Database is down',
        text: 'Database is down\nSEV1 · Checkout\n',
        html: expect.stringMatching(/^<!DOCTYPE html>\n<html lang="en"/),
        date: new Date('2026-01-05T09:00:00Z'),
        messageId: expect.stringMatching(/^<delivery\.[0-9a-f]{40}@ops\.example>$/),
        inReplyTo: expect.stringMatching(/^<incident\.[0-9a-f]{40}@ops\.example>$/),
        references: mails[0]?.inReplyTo,
        envelope: { from: 'pager@ops.example', to: ['ana@ops.example'] },
        priority: 'high',
        headers: {
          'Auto-Submitted': 'auto-generated',
          'X-Auto-Response-Suppress': 'All',
          'X-Tocsin-Delivery': 'inc-1:4:1',
          'X-Tocsin-Incident': 'inc-1',
        },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: patient,
      },
    ]);
  });

  test('text and HTML say the same: facts, actions, body, what was bundled, links', async () => {
    const bundle: BundledMessage[] = [
      {
        deliveryId: 'd1',
        title: 'Disk <full>',
        line: 'SEV2 · Storage',
        urgency: 'high',
        actions: [{ id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a/1' }],
      },
      { deliveryId: 'd2', title: 'Certificate expires', urgency: 'low' },
    ];
    const { text, html } = await mailOf({
      title: '3 & more',
      lines: ['SEV1 · Checkout', '', 'Ben was asked'],
      body: '\nNo answer\n  on 5432\n',
      actions: [
        { id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a?b=1&c=2' },
        { id: 'escalate', label: 'Escalate' },
      ],
      links: [{ href: 'https://runbooks.example/db', text: 'Runbook' }, { href: 'http://graphs.example/1' }],
      bundle,
      locale: 'de-AT',
    });
    expect(text).toBe(
      [
        '3 & more\nSEV1 · Checkout\nBen was asked',
        'Acknowledge: https://ops.example/a?b=1&c=2',
        'No answer\n  on 5432',
        '- Disk <full> (SEV2 · Storage)\n  Acknowledge: https://ops.example/a/1\n- Certificate expires',
        'Runbook: https://runbooks.example/db\nhttp://graphs.example/1\n',
      ].join('\n\n'),
    );
    const plain = html.replace(/ (?:style|dir)="[^"]*"/g, '');
    expect(plain).toBe(`<!DOCTYPE html>
<html lang="de-AT">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>3 &amp; more</title>
</head>
<body>
<div>
<div><h1>3 &amp; more</h1>
<p>SEV1 · Checkout</p>
<p>Ben was asked</p></div>
<div><p><a href="https://ops.example/a?b=1&amp;c=2">Acknowledge</a></p></div>
<div><p>No answer<br>  on 5432</p></div>
<div><div><strong>Disk &lt;full&gt;</strong><br>SEV2 · Storage<br><a href="https://ops.example/a/1">Acknowledge</a></div>
<div><strong>Certificate expires</strong></div></div>
<div><p><a href="https://runbooks.example/db">Runbook</a> (<bdi>runbooks.example</bdi>)</p>
<p><a href="http://graphs.example/1">http://graphs.example/1</a></p></div>
</div>
</body>
</html>
`);
  });

  test('the host beside a link is a text as well', async () => {
    const { html } = await mailOf({ links: [{ href: 'https://a&lt;b.example/', text: 'https://good.example' }] });
    expect(html).toContain('>https://good.example</a> (<bdi>a&amp;lt;b.example</bdi>)');
  });

  test('what was left out is counted', async () => {
    const bundle = Array.from({ length: 400 }, (_, n) => ({
      deliveryId: `d${n}`,
      title: `Incident ${n}`,
      line: 'SEV1 · Checkout',
      urgency: 'high' as const,
    }));
    const { text, html } = await mailOf({ bundle });
    const shown = text.match(/^- Incident/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(100);
    expect(text).toMatch(new RegExp(`^and ${400 - shown} more$`, 'm'));
    expect(html).toContain(`>and ${400 - shown} more</p>`);
    const links = Array.from({ length: 300 }, (_, n) => ({ href: `https://a.example/${n}` }));
    const linked = (await mailOf({ links })).text;
    expect(linked).toMatch(new RegExp(`^and ${300 - (linked.match(/^https:/gm)?.length ?? 0)} more$`, 'm'));
  });

  test('the subject is the title on one line, cut between two characters', async () => {
    expect((await mailOf({ title: 'Disk full\r\nBcc: eve@evil.example' })).subject).toBe(
      'Disk full Bcc: eve@evil.example',
    );
    const { subject } = await mailOf({ title: '👩‍👩‍👧'.repeat(40) });
    expect(subject).toBe(`${'👩‍👩‍👧'.repeat(24)}…`);
    expect((await mailOf({ title: ' ' })).subject).toBe('inc-1:4:1');
    expect((await mailOf({ title: '=?utf-8?q?hi?=' })).subject).toBe('=\u200b?utf-8?q?hi?=');
  });

  test('only what is urgent is marked as important', async () => {
    expect((await mailOf({ urgency: 'low' })).priority).toBe('normal');
  });

  test('answers go where they are wanted', async () => {
    const { replyTo } = await mailOf({}, { replyTo: 'room@ops.example' });
    expect(replyTo).toEqual({ name: '', address: 'room@ops.example' });
  });

  test('addresses beyond ASCII are kept, their domain as DNS has it', async () => {
    const { envelope } = await mailOf({ to: { ...to, address: 'аня@Почта.example' } });
    expect(envelope.to).toEqual(['аня@xn--80a1acny.example']);
  });
});

describe('threads', () => {
  const idsOf = async (key: string, changes: Partial<Message> = {}) => {
    const { mails, notifier } = office();
    await notifier.send({ ...message, ...changes }, { ...options, idempotencyKey: key });
    return (mails as [OutgoingEmail])[0];
  };

  test('all mails about an incident refer to one id, which stays the same for life', async () => {
    const page = await idsOf('k1');
    const notice = await idsOf('k2', { purpose: 'notice', to: { ...to, address: 'ben@ops.example' } });
    expect([page.references, notice.references, notice.inReplyTo]).toEqual([root, root, root]);
    expect((await idsOf('k1', { incidentId: 'inc-2' })).references).not.toBe(root);
    expect((await idsOf('k1', { tenant: 'other' })).references).not.toBe(root);
  });

  test('another attempt is the same mail, another delivery another one', async () => {
    const [first, again, other] = [await idsOf('k1'), await idsOf('k1'), await idsOf('k2')];
    expect(again.messageId).toBe(first.messageId);
    expect(other.messageId).not.toBe(first.messageId);
  });

  test('what is about no incident refers to nothing', async () => {
    const mail = await idsOf('k1', { incidentId: undefined });
    expect(mail).not.toHaveProperty('references');
    expect(mail).not.toHaveProperty('inReplyTo');
    expect(mail.headers).not.toHaveProperty('X-Tocsin-Incident');
  });

  test('the domain of ids can be kept when the sender changes', async () => {
    const { messageId, references } = await mailOf({}, { domain: 'IDs.ops.example' });
    expect([messageId, references]).toEqual([
      expect.stringMatching(/@ids\.ops\.example>$/),
      expect.stringMatching(/@ids\.ops\.example>$/),
    ]);
  });

  test('a key that no header could carry becomes one that it can', async () => {
    expect((await idsOf('schlüssel 1')).headers['X-Tocsin-Delivery']).toBe('c2NobMO8c3NlbCAx');
    expect((await idsOf('k'.repeat(5_000))).headers['X-Tocsin-Delivery']).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe('how mails are stopped', () => {
  const unsubscribe = ({ to: { user } }: Message) => `https://ops.example/stop/${user}`;
  const stopping = async (purpose: MessagePurpose, stop: unknown = unsubscribe) => {
    const { list, headers } = await mailOf({ purpose }, { unsubscribe: stop as typeof unsubscribe });
    return [list?.unsubscribe, headers['List-Unsubscribe-Post']];
  };

  test.each(['notice', 'summary', 'update'] as const)('with one click, for a %s', async (purpose) => {
    await expect(stopping(purpose)).resolves.toEqual(['https://ops.example/stop/ana', 'List-Unsubscribe=One-Click']);
  });

  test('with one click, for an announcement, at the address that it brings itself', async () => {
    const own = { purpose: 'announcement', unsubscribe: 'https://ops.example/subscription/s1.a.b' } as const;
    const { list, headers } = await mailOf(own);
    expect(list?.unsubscribe).toBe(own.unsubscribe);
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect((await mailOf({ ...own, unsubscribe: 'http://ops.example/x' })).list).toBeUndefined();
    expect((await mailOf({ ...own, purpose: 'step' })).list).toBeUndefined();
  });

  test.each([
    ...['step', 'fallback', 'reminder', 'responder', 'handoff', 'verification', 'canary', 'emergency', 'mirror'],
  ] as MessagePurpose[])('never, for a page: %s', async (purpose) => {
    await expect(stopping(purpose)).resolves.toEqual([undefined, undefined]);
  });

  test.each([
    () => undefined,
    () => 'http://ops.example/stop',
    () => 'mailto:stop@ops.example',
    () => 'https://ops.example/a\r\nBcc: eve@evil.example',
    () => `https://ops.example/${'a'.repeat(1_000)}`,
    () => 42,
    () => {
      throw new Error('no');
    },
  ])('not at all when there is no https address: %s', async (stop) => {
    await expect(stopping('notice', stop)).resolves.toEqual([undefined, undefined]);
  });
});

describe('what an answer means', () => {
  test.each([
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: '550 5.1.1 no such user' }],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 553, response: '553 mailbox name not allowed' }],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 552, response: '552 5.2.2 mailbox full' }],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 554, response: '554 looks like spam' }],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: '550 5.2.1 mailbox disabled' }],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: '550 no mailbox at 192.5.7.1' }],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: '550 5.1.10 no such user' }],
    [{ responseCode: 550 }],
    [{ code: 'EENVELOPE', rejectedErrors: [{ responseCode: 550, response: '550 no', command: 'RCPT TO' }] }],
  ])('is permanent when the recipient or the mail is refused: %j', async (fields) => {
    const error = await failed(failing(fields));
    expect(error.details).toEqual({ permanent: true });
    expect(error.message).toMatch(/the server answered 55\d.*Mend the address/);
  });

  test.each([
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450, response: '450 4.2.0 greylisted' }],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 451, response: '451 try later' }],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 452, response: '452 4.2.2 full' }],
    [{ code: 'ECONNECTION', command: 'CONN', responseCode: 421, response: '421 bye' }],
    [{ code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 550, response: '550 5.7.60 not your sender' }],
    [{ code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 530, response: '530 5.7.0 log in first' }],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 530, response: '530 5.7.0 log in first' }],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 503, response: '503 bad sequence' }],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: '550 5.7.1 your host is listed' }],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 550, response: '550-5.7.26 not signed\r\n550 5.7.26 help' }],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 552, response: '552 5.3.4 too big for us' }],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 554, response: '554 5.4.6 loops' }],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: '550 #5.5.3 too many recipients' }],
    [{ code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535, response: '535 5.7.8 no' }],
    [{ code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 534, response: '534 5.7.9 no' }],
    [{ code: 'EAUTH', responseCode: 550, response: '550 no' }],
    [{ command: 'AUTH LOGIN', responseCode: 554, response: '554 no' }],
    [{ code: 'EPROTOCOL', command: 'CONN', responseCode: 554, response: '554 no service here' }],
    [{ code: 'EDNS', command: 'CONN' }],
    [{ code: 'ETIMEDOUT', command: 'CONN' }],
    [{ code: 'ESOCKET', originalCode: 'ECONNREFUSED' }],
    [{}],
  ])('is tried again when it is about us, or for now: %j', async (fields) => {
    const error = await failed(failing(fields));
    expect(error.details).toEqual({ permanent: false });
    expect(error.message).toMatch(/tried again\.$/);
  });

  test('says what the server answered, without the address of the recipient', async () => {
    const response = '550-5.1.1 <ana@ops.example>\r\n550 5.1.1 user unknown';
    const { message: text } = await failed(failing({ command: 'RCPT TO', responseCode: 550, response }));
    expect(text).toBe(
      'Cannot deliver by e-mail: the server answered 550 to RCPT TO (550-5.1.1 <[hidden]> 550 5.1.1 user unknown). Mend the address, or what the server objects to.',
    );
  });

  test('says the codes when nothing was answered', async () => {
    const { message: text } = await failed(failing({ code: 'ESOCKET', originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' }));
    expect(text).toBe(
      'Cannot deliver by e-mail: the transport failed (ESOCKET, DEPTH_ZERO_SELF_SIGNED_CERT). This is tried again.',
    );
  });

  test.each([
    { rejected: ['ana@ops.example'] },
    { rejected: [{ address: 'ana@ops.example' }], rejectedErrors: [{ responseCode: 451, command: 'RCPT TO' }] },
  ])('is a failure when the recipient was rejected: %j', async (answer) => {
    expect((await failed(() => answer)).details).toEqual({ permanent: false });
  });

  test('is final when the recipient was rejected for good', async () => {
    const rejectedErrors = [{ responseCode: 550, command: 'RCPT TO', response: '550 no' }];
    const error = await failed(() => ({ accepted: [], rejected: ['ana@ops.example'], rejectedErrors }));
    expect(error.details).toEqual({ permanent: true });
  });

  test.each([undefined, null, 'queued', {}, { rejected: [] }])('is success otherwise: %j', async (answer) => {
    await expect(office(() => answer).notifier.send(message, options)).resolves.toHaveProperty('externalId');
  });

  const both = Buffer.from(`\0${auth.user}\0${auth.pass}`).toString('base64');

  test.each([auth.user, auth.pass, auth.clientSecret, both, Buffer.from(auth.pass).toString('base64')])(
    'tells no credentials that the server repeats: %s',
    async (secret) => {
      const response = `550 you said ${secret}, I say no`;
      const fields = { command: 'DATA', responseCode: 550, response };
      for (const error of [
        await failed(failing(fields, response)),
        await failed(failing({ code: 'EAUTH', response, command: `AUTH ${secret}` }, response)),
        await failed(() => ({ rejected: ['ana@ops.example'], rejectedErrors: [fields] })),
      ]) {
        expect(inspect(error, { depth: 10 })).not.toContain(secret);
      }
    },
  );

  test('hides credentials of which one begins with the other, and what white space was made of', async () => {
    const transport = {
      transporter: { options: { auth: { user: 'ana1', pass: 'ana1-then  more' } } },
      sendMail: failing({ responseCode: 550, response: '550 ana1-then  more and ana1' }),
    };
    const { message: text } = await failureOf(emailNotifier({ transport, from }).send(message, options));
    expect(text).toContain('(550 [hidden] and [hidden])');
  });

  test('tells nothing of an answer to a login but its status, also of credentials that cannot be seen', async () => {
    const transport = {
      async sendMail() {
        return failing({
          code: 'EAUTH',
          command: 'AUTH XOAUTH2',
          responseCode: 535,
          response: '535 5.7.8 ya29.t0ken',
        })();
      },
    };
    const error = await failureOf(emailNotifier({ transport, from }).send(message, options));
    expect(error.message).toBe(
      'Cannot deliver by e-mail: the server answered 535 to AUTH XOAUTH2 (5.7.8). Mend the login of the transport; this is tried again.',
    );
    expect(error.cause).toBeUndefined();
  });
});

describe('when time is up', () => {
  test('nothing is handed over any more', async () => {
    const { mails, notifier } = office();
    await expect(notifier.send(message, { ...options, signal: aborted })).rejects.toMatchObject({
      details: { permanent: false },
    });
    expect(mails).toEqual([]);
  });

  test('and when it is not, nothing goes on listening', async () => {
    const { signal } = new AbortController();
    await office().notifier.send(message, { ...options, signal });
    await failureOf(office(failing({})).notifier.send(message, { ...options, signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('a transport that fails afterwards fails unheard', async () => {
    const controller = new AbortController();
    const { promise, reject } = Promise.withResolvers<unknown>();
    const sending = office(() => promise).notifier.send(message, { ...options, signal: controller.signal });
    controller.abort();
    await expect(sending).rejects.toThrow('no answer in time');
    reject(new Error('late'));
    await expect(promise).rejects.toThrow('late');
  });
});

describe('what is refused at once', () => {
  const made = (changes: object) => () =>
    emailNotifier({ transport: { sendMail: async () => undefined }, from, ...changes } as EmailNotifierOptions);

  test.each([
    ['/transport', { transport: undefined }],
    ['/transport', { transport: { sendMail: 'now' } }],
    ['/from', { from: undefined }],
    ['/from', { from: 'Tocsin <pager@ops.example>' }],
    ['/from', { from: { name: 'Tocsin' } }],
    ['/from', { from: 'pager@ops.example\r\nBcc: eve@evil.example' }],
    ['/replyTo', { replyTo: 'a@ops.example, b@ops.example' }],
    ['/domain', { domain: 'ops.example>' }],
    ['/domain', { domain: '' }],
    ['/unsubscribe', { unsubscribe: 'https://ops.example/stop' }],
    ['subject', { subject: 'x' }],
  ])('the option %s in %j', (path, changes) => {
    expect(made(changes)).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        details: { problems: [expect.objectContaining({ path })] },
      }),
    );
  });

  test.each([
    '',
    'ana',
    '@ops.example',
    'ana@',
    'ana@ops.example,eve@evil.example',
    'ana@ops.example;eve@evil.example',
    'ana@ops.example eve@evil.example',
    'Ana <ana@ops.example>',
    '<ana@ops.example>',
    '"ana"@ops.example',
    '"eve@evil.example"@ops.example',
    'eve@evil.example@ops.example',
    'team:ana@ops.example;',
    'ana(x)@ops.example',
    'ana@ops.example\r\nBcc: eve@evil.example',
    'ana@ops.example\n',
    'ana\u0000@ops.example',
    ' ana@ops.example',
    '.ana@ops.example',
    'an..a@ops.example',
    '-oQ/tmp@ops.example',
    '=?utf-8?q?eve?=@ops.example',
    'ana@[127.0.0.1]',
    'ana@127.0.0.1',
    'ana@0x7f.1',
    'ana@ops_1.example',
    'ana@-ops.example',
    'ana@ops..example',
    'ana@ops.example.',
    'ana@ops%2eexample',
    `${'a'.repeat(65)}@ops.example`,
    `ana@${'a'.repeat(64)}.example`,
    `ana@${'a.'.repeat(126)}example`,
    'mailto:ana@ops.example?cc=eve@evil.example',
  ])('the address %j, permanently', async (address) => {
    const { mails, notifier } = office();
    await expect(notifier.send({ ...message, to: { ...to, address } }, options)).rejects.toMatchObject({
      code: 'NOTIFY_FAILED',
      details: { permanent: true },
    });
    expect(mails).toEqual([]);
  });

  test.each([
    "o'brien+page@ops.example",
    'a.b-c_d=e/f@a-1.ops.example',
    'root@localhost',
    `${'a'.repeat(64)}@a.example`,
  ])('but not the address %j', async (address) => {
    expect((await mailOf({ to: { ...to, address } })).envelope.to).toEqual([address]);
  });
});
