/**
 * Rootly: mirrors each incident as an alert, or as an incident, and keeps it in step.
 *
 * What somebody has resolved there stays resolved, unless our incident is reopened. Before it creates anything it looks for what
 * a lost answer has left. The token never stands in an error.
 *
 * @see https://docs.rootly.com/api-reference/overview
 */
import type { Message, MessageStatus } from '../model/message.ts';
import { type Notifier, notifyError, type SendOptions, type SendResult } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { isLike, malformedOption, originOf, readBaseUrl } from './http/checked-options.ts';
import { ask, type Caller, type RootlyRecord, recordIn, recordsIn } from './rootly/json-api.ts';
import { ALERTS, type Ids, INCIDENTS, type Kind, keyOf, noteOf, type Target } from './rootly/kinds.ts';

/** How {@link rootlyNotifier} mirrors. */
export type RootlyNotifierOptions = {
  /** An API key that may read and write alerts, or incidents. */
  readonly token: string;
  /** The name that contacts refer to. Default: `rootly`. */
  readonly name?: string;
  /** What an incident becomes there. Default: `alert`. */
  readonly as?: 'alert' | 'incident';
  /** The ids of Rootly's alert urgencies by our urgency. Default: none is sent. */
  readonly urgencies?: Readonly<Partial<Record<'high' | 'low', string>>>;
  /** The ids of Rootly's severities by our severity, for incidents. Default: none is sent. */
  readonly severities?: Readonly<Record<string, string>>;
  /** Default: `https://api.rootly.com`. */
  readonly baseUrl?: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
};

type Mirror = { readonly caller: Caller; readonly message: Message; readonly kind: Kind; readonly ids: Ids };

const KNOWN: readonly (keyof RootlyNotifierOptions)[] = [
  'token',
  'name',
  'as',
  'urgencies',
  'severities',
  'baseUrl',
  'fetch',
];
const KINDS = { alert: ALERTS, incident: INCIDENTS };
const TOKEN = /^[\x21-\x7e]{16,512}$/;
const IS_OVER = /^(?:resolved|closed|cancelled|completed)$/;
const IS_HELD = /^(?:acknowledged|mitigated)$/;
/** How far the clocks may differ, and how many records are looked at. */
const SKEW_MS = 600_000;
const SEEN = 20;

/**
 * A notifier that mirrors incidents at Rootly. The address of a contact is whom Rootly asks: `Service:<id>`, `Group:<id>`, and for
 * alerts also `EscalationPolicy:<id>` and `User:<id>`; or `none`.
 *
 * A mirror carries the key `tocsin:<tenant>:<incident>`; `externalId` is its id. 429 (`Retry-After` between 1 s and 15 min is
 * honoured), 5xx and network failures are tried again; any other answer, and an address of another form, is permanent. An alert
 * cannot lose its acknowledgement there. A canary only reads a list. Experimental.
 *
 * @throws TocsinError INPUT_INVALID when the token, `as` or `baseUrl` is malformed, or an option is not known.
 * @see https://docs.rootly.com/api-reference/alerts/creates-an-alert
 * @example
 * ```ts
 * import { rootlyNotifier } from 'tocsin/notifiers/rootly';
 * const notifier = rootlyNotifier({ token: 'rootly_0123456789abcdef' });
 * notifier.mirrors; // => 'rootly'
 * ```
 */
export function rootlyNotifier(options: RootlyNotifierOptions): Notifier {
  refuseUnknownOptions('make a Rootly notifier', options, KNOWN);
  const { name = 'rootly', as = 'alert', token, fetch = globalThis.fetch } = options;
  if (!isLike(TOKEN, token)) throw malformedOption('token', '16 visible ASCII characters or more');
  if (!Object.hasOwn(KINDS, as)) throw malformedOption('as', "'alert' or 'incident'");
  const baseUrl = readBaseUrl(options.baseUrl ?? 'https://api.rootly.com');
  const ids: Ids = { urgencies: options.urgencies ?? {}, severities: options.severities ?? {} };
  const mirrorOf = (message: Message, { signal }: SendOptions): Mirror => ({
    caller: { baseUrl, token, fetch, nowMs: message.sentAt, signal },
    message,
    kind: KINDS[as],
    ids,
  });
  return {
    name,
    kind: 'webhook',
    mirrors: 'rootly',
    capabilities: { canUpdate: true },
    provider: () => originOf(baseUrl),
    send: async (message, given) => await open(mirrorOf(message, given)),
    update: async (externalId, message, given) => await bringInStep(mirrorOf(message, given), externalId),
  };
}

async function open(mirror: Mirror): Promise<SendResult | undefined> {
  const { caller, message, kind } = mirror;
  const target = targetOf(mirror);
  if (message.purpose === 'canary') {
    await ask(caller, 'GET', `${kind.type}?page[size]=1`);
    return undefined;
  }
  const left = await find(mirror);
  if (left === undefined && message.status === 'resolved') return undefined;
  return await settle(mirror, left ?? (await create(mirror, target)));
}

async function bringInStep(mirror: Mirror, externalId: string): Promise<SendResult> {
  const { caller, message, kind } = mirror;
  const path = `${kind.type}/${encodeURIComponent(externalId)}`;
  const known = recordIn(caller, await ask(caller, 'GET', path));
  const isAnew = message.topic === 'reopened' && message.status !== 'resolved' && isOver(known) && !kind.canReopen;
  if (!isAnew) return await settle(mirror, known);
  const left = await find(mirror);
  return await settle(mirror, left === undefined || isOver(left) ? await create(mirror, targetOf(mirror)) : left);
}

function targetOf({ message, kind }: Mirror): Target {
  const { address } = message.to;
  if (address === 'none') return undefined;
  const [, type, id] = kind.address.exec(address) ?? [];
  if (type !== undefined && id !== undefined) return { type, id };
  throw notifyError("Cannot deliver to Rootly: the address is not such as 'Service:<id>' or 'none'.", {
    permanent: true,
  });
}

/** What was made for this incident before, preferably what is not over. */
async function find({ caller, message, kind }: Mirror): Promise<RootlyRecord | undefined> {
  const from = new Date((message.since ?? message.requestedAt) - SKEW_MS).toISOString();
  const path = `${kind.type}?${kind.filter}&filter[created_at][gte]=${from}&page[size]=${SEEN}`;
  const ours = recordsIn(await ask(caller, 'GET', path)).filter((record) => kind.isOf(record, keyOf(message)));
  return ours.find((record) => !isOver(record)) ?? ours[0];
}

async function create({ caller, message, kind, ids }: Mirror, target: Target): Promise<RootlyRecord> {
  const attributes = { ...kind.facts(message, ids), ...kind.made(message, target) };
  return recordIn(caller, await ask(caller, 'POST', kind.type, { type: kind.type, attributes }));
}

/** Brings the mirror to what the message says, and answers where it is. */
async function settle(mirror: Mirror, record: RootlyRecord): Promise<SendResult> {
  const { message } = mirror;
  const status = nextStatus(mirror, record);
  if (status !== undefined && status !== 'resolved') await move(mirror, record, status);
  if (!isOver(record) && message.status !== 'resolved') await changeFacts(mirror, record);
  await addNote(mirror, record);
  if (status === 'resolved') await move(mirror, record, status);
  const url = String(record.attributes.url);
  return { externalId: record.id, ...(url.startsWith('https:') && { url }) };
}

/** Where it has to be moved, when it is not there already; what people did there is undone by no other news. */
function nextStatus({ message, kind }: Mirror, record: RootlyRecord): MessageStatus | undefined {
  const { status, topic } = message;
  if (isOver(record)) return topic === 'reopened' && status !== 'resolved' && kind.canReopen ? status : undefined;
  const isHeld = IS_HELD.test(String(record.attributes.status));
  if (status === 'triggered') return isHeld && topic === 'unacknowledged' ? status : undefined;
  return status === 'acknowledged' && isHeld ? undefined : status;
}

async function move({ caller, kind }: Mirror, { id }: RootlyRecord, status: MessageStatus): Promise<void> {
  const way = kind.move(status);
  if (typeof way === 'string') await ask(caller, 'POST', `${kind.type}/${id}/${way}`);
  else if (way !== undefined) await change(caller, kind, id, way);
}

async function changeFacts({ caller, message, kind, ids }: Mirror, record: RootlyRecord): Promise<void> {
  if (message.topic === 'note' || message.topic === 'update') return;
  const facts = kind.facts(message, ids);
  const isSaid = Object.entries(facts).every(([name, value]) => record.attributes[name] === value);
  if (!isSaid) await change(caller, kind, record.id, facts);
}

async function change(caller: Caller, { type, changes }: Kind, id: string, attributes: object): Promise<void> {
  await ask(caller, changes, `${type}/${id}`, { type, attributes });
}

/** A note that is among the first that Rootly lists is not added again. */
async function addNote({ caller, message, kind }: Mirror, { id }: RootlyRecord): Promise<void> {
  const text = noteOf(message);
  if (text === undefined) return;
  const path = `${kind.type}/${id}/events`;
  const listed = recordsIn(await ask(caller, 'GET', `${path}?page[size]=${SEEN}`));
  if (listed.some(({ attributes }) => Object.values(attributes).includes(text))) return;
  await ask(caller, 'POST', path, kind.note(text));
}

function isOver({ attributes }: RootlyRecord): boolean {
  return IS_OVER.test(String(attributes.status));
}
