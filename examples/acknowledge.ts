/**
 * Acknowledging from anywhere: a link that a scanner opens first, its button, and replies by text message, live.
 *
 * The pages are served by a node:http server on this machine; the phone is a list of what was sent. Run it with
 * `npm run example:acknowledge`.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createTocsin, defineNotifier, isTocsinError, type Message } from 'tocsin';
import {
  type LinkPage,
  linkAnsweredPage,
  linkQuestionPage,
  linkRefusedPage,
  readLinkRequest,
} from 'tocsin/interactions/link';
import { parseTwilioReply } from 'tocsin/interactions/twilio';
import { virtualClock } from 'tocsin/testing';

const MOST_BYTES = 4_096;
const names = { user: (id: string) => (id === 'ana' ? 'Ana' : undefined) };

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new RangeError('The body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

// Your service: one route more than it had.
async function answerLink(request: IncomingMessage): Promise<LinkPage> {
  const { method, url, headers } = request;
  const asked = readLinkRequest({ method, url, headers, body: await bodyOf(request) });
  if (!asked.ok) return linkRefusedPage(asked);
  const { kind, token, locale } = asked;
  try {
    return kind === 'show'
      ? linkQuestionPage(await tocsin.actions.peek(token), { nowMs: Date.now(), names })
      : linkAnsweredPage(await tocsin.actions.redeem(token), { nowMs: Date.now(), names, locale });
  } catch (error) {
    return linkRefusedPage(error, { locale });
  }
}
const server = createServer(async (request, response) => {
  const page = await answerLink(request).catch((error: unknown) => linkRefusedPage(error));
  response.writeHead(page.status, page.headers).end(request.method === 'HEAD' ? undefined : page.body);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('The server has no port.');

// The phone of Ana: in your house an SMS gateway.
const phone: Message[] = [];
const sms = defineNotifier({ name: 'sms', send: async (message) => void phone.push(message) });

// A clock that can be moved, so that the example need not wait; leave it out.
const clock = virtualClock({ start: Date.now() });
let made = 0;
const tocsin = createTocsin({
  clock,
  // In your house from where your secrets are: openssl rand -base64 32
  secrets: ['a secret that only this example knows'],
  baseUrl: `http://127.0.0.1:${address.port}/tocsin`,
  notifiers: [sms],
  // So that the codes are the same in every run; leave it out.
  ids: () => `id-${++made}`,
  logger: { debug() {}, info() {}, warn() {}, error() {} },
  config: {
    users: [{ id: 'ana', name: 'Ana', contacts: [{ notifier: 'sms', address: '+15550100' }] }],
    escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
    services: [{ id: 'checkout', name: 'Checkout', escalationPolicy: 'default' }],
  },
});
tocsin.on('incident.acknowledged', ({ incident }) => console.log(`         ${incident.title}: acknowledged`));
tocsin.on('action.refused', ({ why }) => console.log(`         refused: ${why}`));

async function page(title: string): Promise<string> {
  await tocsin.incidents.open({ title, service: 'checkout', by: 'monitoring' });
  await tocsin.tick();
  const message = phone.at(-1);
  console.log(`[phone]  ${message?.title} (code ${message?.replyCode})`);
  return message?.actions[0]?.url ?? '';
}

async function visit(who: string, link: string, init: RequestInit = {}): Promise<void> {
  const response = await fetch(link, init);
  const heading = /<h1[^>]*>([^<]*)<\/h1>/.exec(await response.text())?.[1];
  console.log(`${who}  ${init.method ?? 'GET'}: ${response.status} ${heading}`);
}

const link = await page('Checkout is down');
await visit('scanner', link);
await visit('scanner', link, { method: 'POST' });
const press = { method: 'POST', body: new URLSearchParams({ confirm: 'yes' }) };
await visit('Ana    ', link, press);
await visit('Ana    ', link, press);

// What Twilio posts when Ana replies; in your house it is verified first.
async function texts(id: string, said: string): Promise<void> {
  console.log(`Ana      replies "${said}"`);
  const reply = parseTwilioReply(String(new URLSearchParams({ MessageSid: id, From: '+15550100', Body: said })));
  if (!reply.ok || reply.kind !== 'text' || reply.action === undefined) return;
  const { action, about, phone: address, twilioId: answerId } = reply;
  try {
    await tocsin.actions.answer({ action, from: { notifier: 'sms', address }, about, answerId });
  } catch (error) {
    if (!isTocsinError(error, 'ACTION_REFUSED')) throw error;
    const { choices = [] } = error.details as { choices?: { code: string; title: string }[] };
    for (const { code, title } of choices) console.log(`[phone]  reply 1 ${code} for ${title}`);
  }
}

await page('Search is slow');
await page('Mail is late');
await texts('SM1', '1');
await texts('SM2', `1 ${phone.at(-1)?.replyCode}`);
// A minute later: an answer that names none is to no message that nobody can have read yet.
await clock.advance(60_000);
await texts('SM3', '1');
await texts('SM3', '1');

await tocsin.stop();
server.close();
