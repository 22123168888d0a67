/**
 * Opsgenie: mirrors each incident as an alert, and keeps that alert in step.
 *
 * An alert that somebody has closed there stays closed, unless our incident is reopened; what somebody has acknowledged there
 * stays acknowledged, unless ours loses its acknowledgement. The keys never stand in an error.
 *
 * @see https://docs.opsgenie.com/docs/alert-api
 */
import type { Message } from '../model/message.ts';
import { isMirrorKey } from '../model/mirror-key.ts';
import { type Notifier, notifyError, type SendOptions, type SendResult } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { malformedOption, originOf, readBaseUrl } from './http/checked-options.ts';
import { fieldOf } from './http/json-answer.ts';
import { namedKey, readNamedKeys } from './http/named-keys.ts';
import { ask, askIfThere, type Caller, createAlert, findAlert, type OpsgenieAlert } from './opsgenie/alert-api.ts';
import {
  alertOf,
  alertTitle,
  aliasOf,
  FROM,
  noteOf,
  type OpsgeniePriority,
  PRIORITIES,
  priorityOf,
} from './opsgenie/alert-text.ts';

export type { OpsgeniePriority } from './opsgenie/alert-text.ts';

/** How {@link opsgenieNotifier} mirrors. */
export type OpsgenieNotifierOptions = {
  /** The keys of API integrations by a name of your own: the address of a contact names one of them. */
  readonly apiKeys: Readonly<Record<string, string>>;
  /** The name that contacts refer to. Default: `opsgenie`. */
  readonly name?: string;
  /** Where the account is. Default: `us`. */
  readonly region?: 'us' | 'eu';
  /** The priority by severity. Default: by the number of the severity (`SEV1` is `P1`), else `P2` or `P4` by urgency. */
  readonly priority?: Readonly<Record<string, OpsgeniePriority>>;
  /** Where the API is, instead of at its region. */
  readonly baseUrl?: string;
  /** How long to wait, in ms, until Opsgenie has made an alert that it took. Default: 3000. */
  readonly patienceMs?: number;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
};

type Mirror = { readonly caller: Caller; readonly message: Message; readonly options: OpsgenieNotifierOptions };

const KNOWN: readonly (keyof OpsgenieNotifierOptions)[] = [
  'apiKeys',
  'name',
  'region',
  'priority',
  'baseUrl',
  'patienceMs',
  'fetch',
];
const REGIONS = { us: 'https://api.opsgenie.com', eu: 'https://api.eu.opsgenie.com' };
const API_KEY = { pattern: /^[\w-]{16,128}$/, needed: '16 letters, digits and dashes or more' };
const PATIENCE_MS = 3_000;
const NOTES_SEEN = 20;

/**
 * A notifier that mirrors incidents as alerts of Opsgenie. The address of a contact is the name of one of `apiKeys`.
 *
 * An alert has the alias `tocsin:<tenant>:<incident>`; `externalId` is its id, or the alias when Opsgenie takes longer than
 * `patienceMs` to make it. 429 (with the period that Opsgenie names), 5xx, network failures and an alert that is not made yet
 * are tried again; any other answer, and an address that names no key, is permanent. A canary only asks how many alerts there
 * are. Experimental.
 *
 * @throws TocsinError INPUT_INVALID when a key, the region, a priority or `baseUrl` is malformed, or an option is not known.
 * @see https://docs.opsgenie.com/docs/alert-api
 * @example
 * ```ts
 * import { opsgenieNotifier } from 'tocsin/notifiers/opsgenie';
 * const notifier = opsgenieNotifier({ apiKeys: { default: 'eb243592-faa2-4ba2-a551-1afdf565c889' }, region: 'eu' });
 * notifier.mirrors; // => 'opsgenie'
 * ```
 */
export function opsgenieNotifier(options: OpsgenieNotifierOptions): Notifier {
  refuseUnknownOptions('make an Opsgenie notifier', options, KNOWN);
  const { name = 'opsgenie', fetch = globalThis.fetch, priority = {} } = options;
  const apiKeys = readNamedKeys('apiKeys', options.apiKeys, API_KEY);
  const home = homeOf(options);
  const baseUrl = readBaseUrl(options.baseUrl ?? home);
  if (!Object.values(priority).every((value) => PRIORITIES.includes(value))) {
    throw malformedOption('priority', `one of ${PRIORITIES.join(', ')} by severity`);
  }
  const mirrorOf = (message: Message, { signal }: SendOptions): Mirror => {
    const apiKey = namedKey('Opsgenie', apiKeys, message.to.address);
    return { caller: { baseUrl, apiKey, fetch, nowMs: message.sentAt, signal }, message, options };
  };
  return {
    name,
    kind: 'webhook',
    mirrors: 'opsgenie',
    capabilities: { canUpdate: true },
    provider: () => originOf(baseUrl),
    send: async (message, given) => await open(mirrorOf(message, given)),
    update: async (externalId, message, given) => await bringInStep(mirrorOf(message, given), externalId),
  };
}

function homeOf({ region = 'us' }: OpsgenieNotifierOptions): string {
  if (Object.hasOwn(REGIONS, region)) return REGIONS[region];
  throw malformedOption('region', "'us' or 'eu'");
}

async function open(mirror: Mirror): Promise<SendResult | undefined> {
  const { caller, message } = mirror;
  if (message.purpose === 'canary') {
    await ask(caller, { method: 'GET', path: 'alerts/count' });
    return undefined;
  }
  if (message.status !== 'resolved') return await create(mirror);
  // An attempt whose answer was lost may have opened it.
  const alert = await findAlert(caller, aliasOf(message));
  if (alert === undefined) return undefined;
  if (alert.isOpen) await act(caller, alert.id, 'close');
  return { externalId: alert.id };
}

async function create({ caller, message, options }: Mirror): Promise<SendResult> {
  const { priority = {}, patienceMs = PATIENCE_MS } = options;
  const id = await createAlert(caller, alertOf(message, priorityOf(message, priority)), patienceMs);
  // An action on an alert that is not made yet is taken and lost, and Opsgenie would go on paging.
  if (message.status === 'acknowledged') await act(caller, id ?? notYet(caller), 'acknowledge');
  return { externalId: id ?? aliasOf(message) };
}

async function bringInStep(mirror: Mirror, externalId: string): Promise<SendResult> {
  const { caller, message } = mirror;
  const alias = isMirrorKey(externalId) ? externalId : aliasOf(message);
  const alert = await findAlert(caller, alias);
  const isResolved = message.status === 'resolved';
  if (message.topic === 'reopened' && !isResolved && !alert?.isOpen) return await create(mirror);
  if (alert === undefined) return isResolved && externalId !== alias ? { externalId } : notYet(caller);
  if (alert.isOpen && !isResolved) await changeStanding(mirror, alert);
  await addNote(mirror, alert);
  if (alert.isOpen && isResolved) await act(caller, alert.id, 'close');
  return { externalId: alert.id };
}

async function changeStanding({ caller, message, options }: Mirror, alert: OpsgenieAlert): Promise<void> {
  const { topic, status } = message;
  const isLost = topic === 'unacknowledged' || topic === 'reopened';
  // What was taken may not be done yet: the alert then still says the opposite.
  if (status === 'acknowledged' && (!alert.isAcknowledged || topic === 'acknowledged')) {
    await act(caller, alert.id, 'acknowledge');
  }
  if (status === 'triggered' && isLost) await act(caller, alert.id, 'unacknowledge');
  if (topic === 'note' || topic === 'update') return;
  const said = { message: alertTitle(message), priority: priorityOf(message, options.priority ?? {}) };
  for (const field of ['priority', 'message'] as const) {
    if (alert[field] === said[field]) continue;
    await askIfThere(caller, { method: 'PUT', path: byId(alert.id, field), body: { [field]: said[field] } });
  }
}

/** A note that is among the latest of the alert is not added again. */
async function addNote({ caller, message }: Mirror, { id }: OpsgenieAlert): Promise<void> {
  const note = noteOf(message);
  if (note === undefined) return;
  const latest = await askIfThere(caller, {
    method: 'GET',
    path: `${byId(id, 'notes')}&limit=${NOTES_SEEN}&order=desc`,
  });
  const notes = fieldOf(latest ?? '', ['data']);
  if (Array.isArray(notes) && notes.some((seen: { note?: unknown } | null) => seen?.note === note)) return;
  await act(caller, id, 'notes', { note });
}

type Action = 'acknowledge' | 'unacknowledge' | 'close' | 'notes';

async function act(caller: Caller, id: string, action: Action, more: object = {}): Promise<void> {
  const taken = await askIfThere(caller, { path: byId(id, action), body: { ...FROM, ...more } });
  if (taken === undefined && action !== 'close') notYet(caller);
}

function byId(id: string, what: string): string {
  return `alerts/${encodeURIComponent(id)}/${what}?identifierType=id`;
}

function notYet({ baseUrl }: Caller): never {
  throw notifyError(`Cannot deliver to ${originOf(baseUrl)}: the alert is not made yet. This is tried again.`);
}
