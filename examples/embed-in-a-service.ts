/**
 * Embedding: Tocsin inside a plain node:http server, live.
 *
 * The server takes Alertmanager webhooks and an acknowledgement; pages go to another server, as a webhook. Both listen on
 * this machine only, and everything is over in a few seconds. Run it with `npm run example:embed`.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createTocsin, isTocsinError, localRunner } from 'tocsin';
import { webhookNotifier } from 'tocsin/notifiers/webhook';
import { timelineText } from 'tocsin/render';
import { alertmanagerSource } from 'tocsin/sources/alertmanager';

const MOST_BYTES = 1_048_576;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new RangeError('The body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}

// The receiving end of the pages: in your house an SMS gateway, a chat, a phone.
const receiver = createServer(async (request, response) => {
  const message = JSON.parse(await bodyOf(request));
  console.log(`paged    ${message.to.user}: ${message.severity} ${message.title}`);
  response.end();
});
const pager = await listen(receiver);

const tocsin = createTocsin({
  runner: localRunner({ pollIntervalMs: 250 }),
  notifiers: [webhookNotifier({ allowPrivateNetwork: true })],
  logger: { debug() {}, info() {}, warn() {}, error: (facts, message) => console.error(message, facts) },
  config: {
    users: [
      { id: 'ana', contacts: [{ notifier: 'webhook', address: `${pager}/ana` }] },
      { id: 'ben', contacts: [{ notifier: 'webhook', address: `${pager}/ben` }] },
    ],
    escalationPolicies: [
      {
        id: 'default',
        steps: [{ targets: [{ user: 'ana' }], escalateAfter: '3s' }, { targets: [{ user: 'ben' }] }],
        fallback: [{ user: 'ana' }],
      },
    ],
    services: [{ id: 'things', escalationPolicy: 'default' }],
  },
});
const benIsPaged = new Promise<void>((resolve) =>
  tocsin.on('delivery.sent', ({ delivery }) => delivery.user === 'ben' && resolve()),
);
await tocsin.start();

// Your service: two routes more than it had.
const source = alertmanagerSource();
const service = createServer(async (request, response) => {
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST' && url.pathname === '/alerts') {
      const results = await tocsin.ingest(source.parse(await bodyOf(request)));
      response.writeHead(202).end(JSON.stringify(results));
    } else if (request.method === 'POST' && url.pathname === '/acknowledge') {
      // Your own login decides who `by` is; here the address says it.
      const incident = await tocsin.incidents.acknowledge(url.searchParams.get('incident') ?? '', {
        by: url.searchParams.get('by') ?? '',
      });
      response.writeHead(200).end(JSON.stringify({ paging: incident.paging }));
    } else {
      response.writeHead(404).end();
    }
  } catch (error) {
    // A 5xx makes Alertmanager try again; a 4xx does not.
    response.writeHead(isTocsinError(error) && !error.retryable ? 400 : 503).end();
  }
});
const base = await listen(service);

const alert = await readFile(new URL('./data/alertmanager-firing.json', import.meta.url), 'utf8');
const accepted = await fetch(`${base}/alerts`, { method: 'POST', body: alert });
const [opened] = (await accepted.json()) as { outcome: string; incidentId: string }[];
if (opened === undefined) throw new Error('Nothing was opened.');
console.log(`accepted ${accepted.status} ${opened.outcome}`);

await benIsPaged;
const answer = await fetch(`${base}/acknowledge?incident=${opened.incidentId}&by=ben`, { method: 'POST' });
console.log(`answered ${answer.status} ${await answer.text()}`);

await tocsin.incidents.resolve(opened.incidentId, { by: 'ben' });
console.log(timelineText(await tocsin.incidents.timeline(opened.incidentId)));

await tocsin.stop();
service.close();
receiver.close();
