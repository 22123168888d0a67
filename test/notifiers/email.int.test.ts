/**
 * The e-mail notifier through nodemailer, against a real SMTP server; what arrives is read by a parser of its own.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { type EmailNotifierOptions, emailNotifier } from '../../src/notifiers/email.ts';
import { failureOf } from './channel.ts';
import { selfSigned } from './http/self-signed.ts';
import { messageWith, patient } from './message.ts';

const options = { idempotencyKey: 'inc-1:4:1', signal: patient };
const to = { user: 'ana', name: 'Ana', contact: 'email', address: 'ana@ops.example' };
const message = messageWith({ to });
const user = 'relay-user';
const pass = 'correct-horse-battery';

type Arrived = { readonly from: string; readonly to: readonly string[]; readonly wire: Buffer };

/** A server that takes every mail, except as `behaviour` says; it wants no login and no encryption. */
async function postOffice(behaviour: SMTPServerOptions = {}) {
  const arrived: Arrived[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    async onData(stream, { envelope }, done) {
      const wire = await buffer(stream);
      const { mailFrom, rcptTo } = envelope;
      arrived.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), wire });
      done(null, 'taken');
    },
    ...behaviour,
  });
  server.on('error', () => {}); // A client that hangs up is what some of these tests are about.
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const close = () => new Promise<void>((closed) => void server.close(closed));
  onTestFinished(close);
  return { arrived, close, port: (listening.address() as AddressInfo).port };
}

type Login = { readonly auth?: { readonly user: string; readonly pass: string }; readonly secure?: boolean };

function notifierFor(port: number, login: Login = {}, more: Partial<EmailNotifierOptions> = {}) {
  const transport = createTransport({ host: '127.0.0.1', port, ...login });
  return emailNotifier({ transport, from: { name: 'Tocsin', address: 'pager@ops.example' }, ...more });
}

const smtpError = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

describe('what arrives', () => {
  test('is one mail with both bodies, which belongs to the thread of its incident', async () => {
    const { arrived, port } = await postOffice();
    const notifier = notifierFor(port, {}, { unsubscribe: () => 'https://ops.example/stop?u=ana&t=1' });
    const answer = await notifier.send(
      {
        ...message,
        title: 'Größe der Warteschlange: 100 % – 磁盘 🔥',
        body: '<b>kein</b> Platz\n.\nmehr',
        actions: [{ id: 'acknowledge', label: 'Bestätigen', url: 'https://ops.example/a?b=1&c=2' }],
        locale: 'de',
      },
      options,
    );
    await notifier.send(
      { ...message, purpose: 'notice', title: 'Vorbei' },
      { ...options, idempotencyKey: 'inc-1:9:1' },
    );
    expect(arrived.map(({ from, to }) => ({ from, to }))).toEqual([
      { from: 'pager@ops.example', to: ['ana@ops.example'] },
      { from: 'pager@ops.example', to: ['ana@ops.example'] },
    ]);
    const [page, notice] = await Promise.all(arrived.map(({ wire }) => PostalMime.parse(wire)));
    expect(page).toMatchObject({
      subject: 'Größe der Warteschlange: 100 % – 磁盘 🔥',
      from: { name: 'Tocsin', address: 'pager@ops.example' },
      to: [{ name: 'Ana', address: 'ana@ops.example' }],
      date: '2026-01-05T09:00:00.000Z',
      attachments: [],
    });
    expect(page?.text?.trimEnd()).toBe(
      'Größe der Warteschlange: 100 % – 磁盘 🔥\nSEV1 · Checkout\n\nBestätigen: https://ops.example/a?b=1&c=2\n\n<b>kein</b> Platz\n.\nmehr',
    );
    expect(page?.html).toContain('&lt;b&gt;kein&lt;/b&gt; Platz<br>.<br>mehr');
    expect(answer).toEqual({ externalId: page?.messageId });
    expect(notice?.messageId).not.toBe(page?.messageId);
    expect(page?.references).toMatch(/^<incident\.[0-9a-f]{40}@ops\.example>$/);
    expect([page?.inReplyTo, notice?.references, notice?.inReplyTo]).toEqual(Array(3).fill(page?.references));
    const header = (mail: typeof page, key: string) => mail?.headers.find((found) => found.key === key)?.value;
    expect(
      ['auto-submitted', 'x-auto-response-suppress', 'importance', 'x-tocsin-delivery', 'x-tocsin-incident'].map(
        (key) => header(page, key),
      ),
    ).toEqual(['auto-generated', 'All', 'High', 'inc-1:4:1', 'inc-1']);
    expect(header(page, 'list-unsubscribe')).toBeUndefined();
    expect(header(notice, 'list-unsubscribe')).toBe('<https://ops.example/stop?u=ana&t=1>');
    expect(header(notice, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  });

  test('has neither headers nor recipients that a text asked for', async () => {
    const { arrived, port } = await postOffice();
    const evil = 'x\r\nBcc: eve@evil.example\r\nX-Evil: 1\r\n\r\n<script>';
    const attempt = (changes: Partial<Message>) => notifierFor(port).send({ ...message, ...changes }, options);
    await attempt({ title: evil, incidentId: evil, to: { ...to, name: `${evil}", eve@evil.example, "` } });
    for (const address of [`ana@ops.example\r\nRCPT TO:<eve@evil.example>`, 'ana@ops.example, eve@evil.example']) {
      expect((await failureOf(attempt({ to: { ...to, address } }))).details).toEqual({ permanent: true });
    }
    expect(arrived.map((mail) => mail.to)).toEqual([['ana@ops.example']]);
    const { headers, to: recipients, cc, bcc, subject } = await PostalMime.parse(arrived[0]!.wire);
    expect(headers.filter(({ key }) => key === 'bcc' || key === 'x-evil')).toEqual([]);
    expect(recipients?.map(({ address }) => address)).toEqual(['ana@ops.example']);
    expect([cc, bcc]).toEqual([undefined, undefined]);
    expect(subject).toBe('x Bcc: eve@evil.example X-Evil: 1 <script>');
  });

  test('goes through a pool as well, many at once', async () => {
    const { arrived, port } = await postOffice();
    const transport = createTransport({ host: '127.0.0.1', port, pool: true });
    onTestFinished(() => transport.close());
    const notifier = emailNotifier({ transport, from: 'pager@ops.example' });
    const keys = Array.from({ length: 20 }, (_, n) => `k${n}`);
    await Promise.all(keys.map((idempotencyKey) => notifier.send(message, { ...options, idempotencyKey })));
    const mails = await Promise.all(arrived.map(({ wire }) => PostalMime.parse(wire)));
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(20);
  });
});

describe('what the server says', () => {
  test.each([
    [550, 'no such user', true],
    [451, 'greylisted, come back later', false],
  ])('%i to the recipient: %s', async (code, text, permanent) => {
    const { port } = await postOffice({ onRcptTo: (_, __, done) => done(smtpError(code, text)) });
    const error = await failureOf(notifierFor(port).send(message, options));
    expect(error).toMatchObject({ message: expect.stringContaining(`${code} to RCPT TO`), details: { permanent } });
    expect(error.message).toContain(text);
  });

  test.each([
    [552, 'too much', true],
    [452, 'no room now', false],
  ])('%i to the mail: %s', async (code, text, permanent) => {
    const { port } = await postOffice({
      onData: (stream, _, done) => void stream.resume().on('end', () => done(smtpError(code, text))),
    });
    const error = await failureOf(notifierFor(port).send(message, options));
    expect(error).toMatchObject({ message: expect.stringContaining(`${code} to DATA`), details: { permanent } });
  });

  test('a refusal of our sender is tried again', async () => {
    const { port } = await postOffice({ onMailFrom: (_, __, done) => done(smtpError(550, 'not your sender')) });
    const error = await failureOf(notifierFor(port).send(message, options));
    expect(error).toMatchObject({
      message: expect.stringContaining('550 to MAIL FROM'),
      details: { permanent: false },
    });
  });

  test('a refusal of our login is tried again, and no error repeats it', async () => {
    const { port } = await postOffice({
      onAuth: (given, _, done) => done(smtpError(535, `no ${given.username}:${given.password}`)),
    });
    const error = await failureOf(notifierFor(port, { auth: { user, pass } }).send(message, options));
    expect(error).toMatchObject({ message: expect.stringContaining('535'), details: { permanent: false } });
    const told = inspect(error, { depth: 10 });
    for (const secret of [user, pass, Buffer.from(`\0${user}\0${pass}`).toString('base64')]) {
      expect(told).not.toContain(secret);
    }
  });

  test('credentials that it repeats later are hidden', async () => {
    const { port } = await postOffice({
      onAuth: (_, __, done) => done(null, { user: 1 }),
      onRcptTo: (_, __, done) => done(smtpError(550, `${user} (${pass}) may not write here`)),
    });
    const { message: text } = await failureOf(notifierFor(port, { auth: { user, pass } }).send(message, options));
    expect(text).toContain('[hidden] ([hidden]) may not write here');
  });
});

describe('what is not trusted, or does not answer', () => {
  test.each([
    ['from the first byte', { secure: true }, { secure: true }],
    ['after STARTTLS', { disabledCommands: [] }, {}],
  ])('a certificate that nobody has signed is refused %s, and nothing arrives', async (_, behaviour, login) => {
    const { arrived, port } = await postOffice({ ...selfSigned, ...behaviour });
    const error = await failureOf(notifierFor(port, login).send(message, options));
    expect(error).toMatchObject({
      message: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
      details: { permanent: false },
    });
    expect(arrived).toEqual([]);
  });

  test('a server that hangs after the mail: the signal ends the attempt, and the connection', async () => {
    const { promise: hanging, resolve: hangs } = Promise.withResolvers<void>();
    const { promise: hungUp, resolve: hangsUp } = Promise.withResolvers<void>();
    const { port } = await postOffice({
      onData: (stream) => void stream.resume().on('end', hangs),
      onClose: () => hangsUp(),
    });
    const controller = new AbortController();
    const sending = failureOf(notifierFor(port).send(message, { ...options, signal: controller.signal }));
    await hanging;
    controller.abort();
    expect(await sending).toMatchObject({
      message: expect.stringContaining('no answer in time'),
      details: { permanent: false },
    });
    await hungUp;
  });

  test('nobody there is tried again', async () => {
    const { port, close } = await postOffice();
    await close();
    const error = await failureOf(notifierFor(port).send(message, options));
    expect(error).toMatchObject({ message: expect.stringContaining('ECONNREFUSED'), details: { permanent: false } });
  });
});
