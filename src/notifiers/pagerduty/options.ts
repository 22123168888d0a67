/**
 * The options of the PagerDuty notifier, read once and strictly.
 *
 * No error of it repeats a key or a token.
 */
import type { Message } from '../../model/message.ts';
import { refuseUnknownOptions } from '../../ports/options.ts';
import { isLike, malformedOption, readBaseUrl } from '../http/checked-options.ts';
import { readNamedKeys } from '../http/named-keys.ts';
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
const ROUTING_KEY = { pattern: /^[A-Za-z0-9]{32}$/, needed: '32 letters and digits' };
const TOKEN = /^[\x21-\x7e]{8,}$/;
const EMAIL = /^[\x21-\x7e]+@[\x21-\x7e]+$/;
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
  if (region !== 'us' && region !== 'eu') throw malformedOption('region', "'us' or 'eu'");
  const domain = `${region === 'eu' ? 'eu.' : ''}pagerduty.com`;
  const routingKeys = readNamedKeys('routingKeys', options.routingKeys, ROUTING_KEY);
  const rest = readRest(options.rest);
  return {
    routingKeys,
    eventsUrl: readBaseUrl(options.eventsUrl ?? `https://events.${domain}`, 'eventsUrl'),
    restUrl: readBaseUrl(options.restUrl ?? `https://api.${domain}`, 'restUrl'),
    rest,
    fetch,
    severityOf: readSeverities(options.severity),
    secrets: [...routingKeys.values(), ...(rest === undefined ? [] : [rest.token])],
  };
}

function readRest(rest: PagerDutyRest | undefined): PagerDutyRest | undefined {
  if (rest === undefined) return undefined;
  refuseUnknownOptions('use the REST API of PagerDuty', rest, ['token', 'from']);
  const { token, from } = rest;
  if (isLike(TOKEN, token) && isLike(EMAIL, from)) return rest;
  throw malformedOption('rest', 'an API key as `token`, and the e-mail address of a user as `from`');
}

function readSeverities(given: Readonly<Record<string, unknown>> = {}): Account['severityOf'] {
  const table = new Map<string, PagerDutySeverity>(Object.entries(USUAL));
  for (const [level, severity] of Object.entries(given)) {
    if (!isSeverity(severity)) {
      throw malformedOption(`severity/${level}`, `one of ${SEVERITIES.join(', ')}`);
    }
    table.set(level, severity);
  }
  return ({ severity = '', urgency }) => table.get(severity) ?? (urgency === 'high' ? 'critical' : 'warning');
}
