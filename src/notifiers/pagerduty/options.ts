/**
 * The options of the PagerDuty notifier, read once and strictly.
 *
 * No error of it repeats a key or a token.
 */
import { TocsinError } from '../../errors.ts';
import type { Message } from '../../model/message.ts';
import { refuseUnknownOptions } from '../../ports/options.ts';
import { isSeverity, type PagerDutySeverity, SEVERITIES } from './event.ts';

/** Access to the REST API of PagerDuty: for notes, and to learn what an incident is called there. */
export type PagerDutyRest = {
  /** An API key of the account or of a user, which may write incidents. */
  readonly token: string;
  /** The e-mail address of the PagerDuty user who writes the notes. */
  readonly from: string;
};

/** How {@link pagerDutyNotifier} sends. */
export type PagerDutyNotifierOptions = {
  /** The integration keys (32 letters and digits) of the services that may be addressed, by names that you choose. */
  readonly routingKeys: Readonly<Record<string, string>>;
  /** The name that contacts refer to. Default: `pagerduty`. */
  readonly name?: string;
  /** Where the account is. Default: `us`. */
  readonly region?: 'us' | 'eu';
  /** Without it no notes are written, and an incident there is known by its dedup key only. */
  readonly rest?: PagerDutyRest;
  /** What your levels are there. Default: SEV1 critical, SEV2 error, SEV3 warning, SEV4 and SEV5 info; others by urgency. */
  readonly severity?: Readonly<Record<string, PagerDutySeverity>>;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** Where the Events API is. Default: that of the region. */
  readonly eventsUrl?: string;
  /** Where the REST API is. Default: that of the region. */
  readonly restUrl?: string;
};

/** What the options come to. */
export type Account = {
  readonly routingKeys: ReadonlyMap<string, string>;
  readonly eventsUrl: string;
  readonly restUrl: string;
  readonly rest: PagerDutyRest | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly severityOf: (message: Message) => PagerDutySeverity;
  /** What no error may tell. */
  readonly secrets: readonly string[];
};

const KNOWN: readonly (keyof PagerDutyNotifierOptions)[] = [
  'routingKeys',
  'name',
  'region',
  'rest',
  'severity',
  'fetch',
  'eventsUrl',
  'restUrl',
];
const ROUTING_KEY = /^[A-Za-z0-9]{32}$/;
const TOKEN = /^[\x21-\x7e]{8,}$/;
const EMAIL = /^[\x21-\x7e]+@[\x21-\x7e]+$/;
const BASE = /^https?:\/\/[^\s?#@]+$/;
const USUAL: Readonly<Record<string, PagerDutySeverity>> = {
  SEV1: 'critical',
  SEV2: 'error',
  SEV3: 'warning',
  SEV4: 'info',
  SEV5: 'info',
};

/**
 * The account that `options` give access to.
 *
 * @throws TocsinError INPUT_INVALID when one of them is malformed or not known.
 */
export function readAccount(options: PagerDutyNotifierOptions): Account {
  refuseUnknownOptions('make a PagerDuty notifier', options, KNOWN);
  const { region = 'us', fetch = globalThis.fetch } = options;
  if (region !== 'us' && region !== 'eu') throw malformed('/region', "It is 'us' or 'eu'.");
  const domain = `${region === 'eu' ? 'eu.' : ''}pagerduty.com`;
  const routingKeys = readKeys(options.routingKeys);
  const rest = readRest(options.rest);
  return {
    routingKeys,
    eventsUrl: readBase('/eventsUrl', options.eventsUrl ?? `https://events.${domain}`),
    restUrl: readBase('/restUrl', options.restUrl ?? `https://api.${domain}`),
    rest,
    fetch,
    severityOf: readSeverities(options.severity),
    secrets: [...routingKeys.values(), ...(rest === undefined ? [] : [rest.token])],
  };
}

function readKeys(given: unknown): ReadonlyMap<string, string> {
  const keys = typeof given === 'object' && given !== null ? Object.entries(given) : [];
  const wrong = keys.find(([name, key]) => name === '' || typeof key !== 'string' || !ROUTING_KEY.test(key));
  if (keys.length > 0 && wrong === undefined) return new Map(keys);
  const problem = "Routing keys are 32 letters and digits, each by a name: { default: '...' }.";
  throw malformed(wrong === undefined ? '/routingKeys' : `/routingKeys/${wrong[0]}`, problem);
}

function readRest(rest: PagerDutyRest | undefined): PagerDutyRest | undefined {
  if (rest === undefined) return undefined;
  refuseUnknownOptions('use the REST API of PagerDuty', rest, ['token', 'from']);
  const { token, from } = rest;
  if (typeof token === 'string' && TOKEN.test(token) && typeof from === 'string' && EMAIL.test(from)) return rest;
  throw malformed('/rest', 'It needs an API key as `token`, and the e-mail address of a user as `from`.');
}

function readBase(path: string, address: unknown): string {
  if (typeof address === 'string' && BASE.test(address) && URL.canParse(address)) return address.replace(/\/+$/, '');
  throw malformed(path, 'It is a URL of http or https, without credentials, query and fragment.');
}

function readSeverities(given: Readonly<Record<string, unknown>> = {}): Account['severityOf'] {
  const table = new Map<string, PagerDutySeverity>(Object.entries(USUAL));
  for (const [level, severity] of Object.entries(given)) {
    if (!isSeverity(severity)) {
      throw malformed(`/severity/${level}`, `It is one of ${SEVERITIES.join(', ')}.`);
    }
    table.set(level, severity);
  }
  return ({ severity = '', urgency }) => table.get(severity) ?? (urgency === 'high' ? 'critical' : 'warning');
}

function malformed(path: string, problem: string): TocsinError {
  const text = `Cannot use ${path} for PagerDuty: ${problem}`;
  return new TocsinError('INPUT_INVALID', text, { details: { problems: [{ path, message: problem }] } });
}
