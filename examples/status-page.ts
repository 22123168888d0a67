/**
 * A status page inside a plain node:http server: what customers, their browsers and their widgets get while something breaks.
 *
 * The server listens on this machine only, and everything is over in a second; `--stay` keeps it open to look at. Run it
 * with `npm run example:status`.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createTocsin, defineNotifier } from 'tocsin';
import { statusResponse } from 'tocsin/render';

const basePath = '/status';
const say = (line: string) => console.log(line);

const tocsin = createTocsin({
  notifiers: [
    defineNotifier({
      name: 'mail',
      async send(message) {
        say(`  [mail to ${message.to.address}] ${message.title}`);
      },
    }),
  ],
  config: {
    status: {
      groups: [{ id: 'shop', name: 'Shop' }],
      components: [
        { id: 'orders', name: 'Orders', group: 'shop', services: ['checkout'] },
        { id: 'search', name: 'Search', group: 'shop', services: ['search'] },
        { id: 'api', name: 'API', services: ['gateway'] },
      ],
      pages: [{ id: 'public', name: 'Example Store', description: 'The state of the shop and its API.' }],
    },
    users: [{ id: 'ana', contacts: [{ notifier: 'mail', address: 'ana@example.com' }] }],
    escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
    services: ['checkout', 'search', 'gateway'].map((id) => ({ id, escalationPolicy: 'default' })),
  },
});

// 1. The route: one picture, and whatever was asked of it. Nothing of it is written by hand.
const server = createServer(async (request, response) => {
  try {
    const { status, body, headers } = statusResponse(await tocsin.statusPage.picture(), {
      path: request.url ?? '/',
      basePath,
      ifNoneMatch: request.headers['if-none-match'],
    });
    response.writeHead(status, headers).end(request.method === 'HEAD' ? '' : body);
  } catch {
    response.writeHead(503, { 'retry-after': '10' }).end();
  }
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const root = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}${basePath}`;
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${root}${path}`, { headers });
const summary = async () => (await (await get('/api/v2/summary.json')).json()) as Summary;
type Summary = {
  readonly status: { readonly description: string };
  readonly components: readonly { readonly name: string; readonly status: string; readonly group: boolean }[];
  readonly incidents: readonly { readonly name: string; readonly status: string }[];
};

async function tell(when: string): Promise<void> {
  const { status, components, incidents } = await summary();
  say(`${when}: ${status.description}`);
  for (const { name, status: how, group } of components) if (!group) say(`  ${name.padEnd(7)} ${how}`);
  for (const { name, status: how } of incidents) say(`  incident "${name}", ${how}`);
}

// 2. Somebody asks to be told of what concerns the shop.
await tocsin.subscribers.add({
  by: 'ana',
  notifier: 'mail',
  address: 'customer@example.net',
  components: ['orders', 'search'],
});

await tell('Before');

// 3. Something breaks. Its component says so at once; the rest of it is nobody's business yet.
const { id } = await tocsin.incidents.open({
  by: 'ana',
  title: 'pg-7: out of disk, WAL archiver stuck',
  service: 'checkout',
  severity: 'SEV1',
});
await tell('It breaks');

// 4. What the public is told, is on the page, in the feed, in the JSON and with whoever subscribed.
await tocsin.incidents.postUpdate(id, {
  by: 'ana',
  audience: 'public',
  title: 'Orders fail',
  text: 'Orders cannot be placed. We know why, and are mending it.',
  components: { orders: 'partial_outage' },
});
await tocsin.tick();
await tell('It is told');

const page = await get('/');
const html = await page.text();
say(`  the page: ${page.headers.get('content-type')}, and "pg-7" is ${html.includes('pg-7') ? '' : 'not '}in it`);
const again = await get('/', { 'if-none-match': page.headers.get('etag') ?? '' });
say(`  asked again with its etag: ${again.status}`);
const feed = await (await get('/history.atom')).text();
say(`  the feed has ${feed.match(/<entry>/g)?.length ?? 0} entry`);

// 5. It is over.
await tocsin.incidents.resolve(id, { by: 'ana' });
await tell('After');

if (process.argv.includes('--stay')) {
  say(`\nLook at ${root}/ until you press Ctrl+C.`);
  await once(process, 'SIGINT');
}
server.close();
server.closeAllConnections();
await tocsin.stop();
