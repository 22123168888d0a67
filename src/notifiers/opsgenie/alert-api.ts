/**
 * The alert API of Opsgenie: one call at a time, and what its answers mean.
 *
 * What changes an alert is only accepted (202) and done later. The key goes nowhere but into the header that Opsgenie reads.
 *
 * @see https://docs.opsgenie.com/docs/alert-api
 */
import { setTimeout as wait } from 'node:timers/promises';
import { isTocsinError } from '../../errors.ts';
import { notifyError } from '../../ports/notifier.ts';
import { fieldOf } from '../http/json-answer.ts';
import { askJson, excerptOf, strangeAnswer } from '../http/post-json.ts';

/** Who asks, and until when. */
export type Caller = {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: typeof globalThis.fetch;
  /** Epoch ms of this attempt. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
};

/** How an alert stands at Opsgenie. */
export type OpsgenieAlert = {
  readonly id: string;
  readonly isOpen: boolean;
  readonly isAcknowledged: boolean;
  readonly message: unknown;
  readonly priority: unknown;
};

type Call = { readonly method?: 'GET' | 'POST' | 'PUT'; readonly path: string; readonly body?: object };

const FIRST_LOOK_MS = 50;
/** Whoever asks too often is told the length of the period, in seconds. */
const PERIOD = 'x-ratelimit-period-in-sec';

/**
 * What Opsgenie answered with its 2xx.
 *
 * @throws TocsinError NOTIFY_FAILED when it answered anything else, or nothing.
 */
export async function ask(caller: Caller, { method = 'POST', path, body }: Call): Promise<string> {
  const { baseUrl, apiKey, ...sending } = caller;
  return await askJson({
    ...sending,
    method,
    address: `${baseUrl}/v2/${path}`,
    body: body && JSON.stringify(body),
    headers: { authorization: `GenieKey ${apiKey}` },
    secrets: [apiKey],
    waitHeader: PERIOD,
  });
}

/** {@link ask} of what need not be there: `undefined` when Opsgenie answered 404. */
export async function askIfThere(caller: Caller, call: Call): Promise<string | undefined> {
  try {
    return await ask(caller, call);
  } catch (error) {
    if (isTocsinError(error, 'NOTIFY_FAILED') && error.details.status === 404) return undefined;
    throw error;
  }
}

/** How the alert with `alias` stands; `undefined` when there is none, or none yet. */
export async function findAlert(caller: Caller, alias: string): Promise<OpsgenieAlert | undefined> {
  const path = `alerts/${encodeURIComponent(alias)}?identifierType=alias`;
  const answer = await askIfThere(caller, { method: 'GET', path });
  if (answer === undefined) return undefined;
  return {
    id: textOf(caller, answer, ['data', 'id']),
    isOpen: fieldOf(answer, ['data', 'status']) !== 'closed',
    isAcknowledged: fieldOf(answer, ['data', 'acknowledged']) === true,
    message: fieldOf(answer, ['data', 'message']),
    priority: fieldOf(answer, ['data', 'priority']),
  };
}

/**
 * Creates an alert, and answers its id; `undefined` when Opsgenie took it and has not made it within `patienceMs`.
 *
 * @throws TocsinError NOTIFY_FAILED when it was not taken, or Opsgenie says that it could not be made.
 */
export async function createAlert(caller: Caller, alert: object, patienceMs: number): Promise<string | undefined> {
  const answer = await ask(caller, { path: 'alerts', body: alert });
  const path = `alerts/requests/${encodeURIComponent(textOf(caller, answer, ['requestId']))}`;
  let waited = 0;
  for (let pause = FIRST_LOOK_MS; ; pause *= 2) {
    const status = await askIfThere(caller, { method: 'GET', path });
    if (status !== undefined) return madeBy(caller, status);
    if (!(waited + pause <= patienceMs)) return undefined;
    await wait(pause, undefined, { signal: caller.signal });
    waited += pause;
  }
}

function madeBy(caller: Caller, status: string): string {
  if (fieldOf(status, ['data', 'isSuccess']) === true) return textOf(caller, status, ['data', 'alertId']);
  const said = excerptOf(status, askedBy(caller));
  throw notifyError(
    `Cannot deliver to ${new URL(caller.baseUrl).origin}: it could not make the alert (${said}). This is tried again.`,
  );
}

function textOf(caller: Caller, answer: string, path: readonly string[]): string {
  const text = fieldOf(answer, path);
  if (typeof text === 'string' && text !== '') return text;
  throw strangeAnswer('Opsgenie', answer, askedBy(caller));
}

function askedBy({ baseUrl, apiKey }: Caller) {
  return { address: baseUrl, secrets: [apiKey] };
}
