/**
 * Statuspage: mirrors what was posted for the public as incidents of a page at Atlassian, and keeps them in step.
 *
 * Everybody reads such a page: it shows the public facts of a message, and never its title, body or anything else. Before it
 * creates anything it looks for what a lost answer has left. The keys never stand in an error.
 *
 * @see https://developer.statuspage.io
 */
import type { Message, PublicFacts, PublicUpdate } from '../model/message.ts';
import { type Notifier, notifyError, type SendOptions, type SendResult } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { isLike, malformedOption, originOf, readBaseUrl } from './http/checked-options.ts';
import { incidentBody, isOf, untold } from './statuspage/incident-body.ts';
import {
  ask,
  type Caller,
  checkPage,
  incidentIn,
  incidentsIn,
  type Page,
  type PageIncident,
} from './statuspage/page-api.ts';

/** How {@link statuspageNotifier} mirrors. */
export type StatuspageNotifierOptions = {
  /** Pages, each with a key that may write to it, by a name of your own: the address of a mirror names one of them. */
  readonly pages: Readonly<Record<string, { readonly pageId: string; readonly apiKey: string }>>;
  /** What Statuspage calls our components, by our ids. Default: none is shown. */
  readonly components?: Readonly<Record<string, string>>;
  /** Whether Statuspage tells those who have subscribed there. Default: true. */
  readonly deliverNotifications?: boolean;
  /** The name that mirrors refer to. Default: `statuspage`. */
  readonly name?: string;
  /** Default: `https://api.statuspage.io`. */
  readonly baseUrl?: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
};

type Mirror = {
  readonly caller: Caller;
  readonly message: Message;
  readonly facts: PublicFacts;
  readonly components: Readonly<Record<string, string>>;
  readonly isTold: boolean;
};

const KNOWN: readonly (keyof StatuspageNotifierOptions)[] = [
  'pages',
  'components',
  'deliverNotifications',
  'name',
  'baseUrl',
  'fetch',
];
const ID = /^[\w-]{1,64}$/;
const API_KEY = /^[\x21-\x7e]{16,512}$/;
/** How many of the latest incidents are looked through for one of ours. */
const SEEN = 25;

/**
 * A notifier that mirrors what the public is told at Atlassian Statuspage. The address of a mirror is the name of one of `pages`.
 *
 * An incident there carries a hash of tenant and incident, and which update was told last, in its `metadata`; `externalId` is its
 * id. Each public update is sent once, in order. 420 and 429, 5xx and network failures are tried again; any other answer, an
 * address that names no page, and a message without `publicFacts` is permanent. A canary only reads the page. Experimental.
 *
 * @throws TocsinError INPUT_INVALID when a page, a component or `baseUrl` is malformed, or an option is not known.
 * @see https://developer.statuspage.io
 * @example
 * ```ts
 * import { statuspageNotifier } from 'tocsin/notifiers/statuspage';
 * const notifier = statuspageNotifier({ pages: { main: { pageId: 'kctbh9vrtdwd', apiKey: '89a229ce1a8dbcf9ff30430fbe35eb4c' } } });
 * notifier.audience; // => 'public'
 * ```
 */
export function statuspageNotifier(options: StatuspageNotifierOptions): Notifier {
  refuseUnknownOptions('make a Statuspage notifier', options, KNOWN);
  const { name = 'statuspage', deliverNotifications: isTold = true, fetch = globalThis.fetch } = options;
  if (typeof isTold !== 'boolean') throw malformedOption('deliverNotifications', 'true or false');
  const pages = readPages(options.pages);
  const components = readComponents(options.components);
  const baseUrl = readBaseUrl(options.baseUrl ?? 'https://api.statuspage.io');
  const callerOf = ({ to, sentAt }: Message, { signal }: SendOptions): Caller => ({
    ...namedPage(pages, to.address),
    baseUrl,
    fetch,
    nowMs: sentAt,
    signal,
  });
  const mirrorOf = (message: Message, given: SendOptions): Mirror => {
    const caller = callerOf(message, given);
    const facts = message.publicFacts ?? nothingToTell();
    return { caller, message, facts, components, isTold };
  };
  return {
    name,
    kind: 'webhook',
    mirrors: 'statuspage',
    audience: 'public',
    // Statuspage takes one request a second of each key.
    concurrency: 1,
    capabilities: { canUpdate: true },
    provider: () => originOf(baseUrl),
    send: async (message, given) =>
      message.purpose === 'canary' ? await look(callerOf(message, given)) : await open(mirrorOf(message, given)),
    update: async (externalId, message, given) => await bringInStep(mirrorOf(message, given), externalId),
  };
}

function readPages(given: unknown): ReadonlyMap<string, Page> {
  const pages = new Map<string, Page>();
  for (const [name, page] of Object.entries(Object(given))) {
    const { pageId, apiKey }: { pageId?: unknown; apiKey?: unknown } = Object(page);
    if (name === '' || !isLike(ID, pageId)) throw malformedOption(`pages/${name}/pageId`, 'the id of a page');
    if (!isLike(API_KEY, apiKey)) {
      throw malformedOption(`pages/${name}/apiKey`, '16 visible ASCII characters or more');
    }
    pages.set(name, { pageId, apiKey });
  }
  if (pages.size > 0) return pages;
  throw malformedOption('pages', "pages by names of your own, such as { main: { pageId: '...', apiKey: '...' } }");
}

function readComponents(given: unknown): Readonly<Record<string, string>> {
  const components = Object.entries(Object(given)).map(([ours, theirs]): [string, string] => {
    if (isLike(ID, theirs)) return [ours, theirs];
    throw malformedOption(`components/${ours}`, 'the id of a component');
  });
  return Object.fromEntries(components);
}

function namedPage(pages: ReadonlyMap<string, Page>, address: string): Page {
  const page = pages.get(address);
  if (page !== undefined) return page;
  throw notifyError(
    `Cannot deliver to Statuspage: the mirror's address names no page. Known: ${[...pages.keys()].join(', ')}.`,
    { permanent: true },
  );
}

function nothingToTell(): never {
  throw notifyError('Cannot deliver to Statuspage: the message has no public facts. Name it in `mirrors` only.', {
    permanent: true,
  });
}

async function look(caller: Caller): Promise<undefined> {
  checkPage(caller, await ask(caller, 'GET', ''));
}

async function open(mirror: Mirror): Promise<SendResult | undefined> {
  const { caller, message, facts } = mirror;
  const listed = incidentsIn(caller, await ask(caller, 'GET', `/incidents?limit=${SEEN}`));
  const left = listed.find((incident) => isOf(incident, message));
  if (left !== undefined) return await tell(mirror, left, untold(facts, left));
  const [first, ...others] = facts.updates;
  if (first === undefined || facts.title === undefined) return undefined;
  const made = await ask(caller, 'POST', '/incidents', incidentBody({ ...mirror, update: first, metadata: {} }));
  return await tell(mirror, incidentIn(caller, made), others);
}

async function bringInStep(mirror: Mirror, externalId: string): Promise<SendResult> {
  const { caller, facts } = mirror;
  const incident = incidentIn(caller, await ask(caller, 'GET', pathOf(externalId)));
  return await tell(mirror, incident, untold(facts, incident));
}

/** Each update is a request of its own, with the mark that it was told: a lost answer repeats none. */
async function tell(
  mirror: Mirror,
  { id, url, metadata }: PageIncident,
  updates: readonly PublicUpdate[],
): Promise<SendResult> {
  for (const update of updates) {
    await ask(mirror.caller, 'PATCH', pathOf(id), incidentBody({ ...mirror, update, metadata }));
  }
  return { externalId: id, ...(url !== undefined && { url }) };
}

function pathOf(id: string): string {
  return `/incidents/${encodeURIComponent(id)}`;
}
