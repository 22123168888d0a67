/**
 * The alert API of Opsgenie: one call at a time, and what its answers mean.
 *
 * What changes an alert is only accepted (202) and done later. The key goes nowhere but into the header that Opsgenie reads.
 *
 * @see https://docs.opsgenie.com/docs/alert-api
 */
import { setTimeout as wait } from 'node:timers/promises';
import { notifyError } from '../../ports/notifier.ts';
import { fieldOf } from '../http/json-answer.ts';
import { askJson, excerptOf } from '../http/post-json.ts';

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

/**
 * What Opsgenie answered with its 2xx; `undefined` when it answered 404.
 *
 * @throws TocsinError NOTIFY_FAILED when it answered anything else, or nothing.
 */
export async function ask(caller: Caller, { method = 'POST', path, body }: Call): Promise<string | undefined> {
  const { baseUrl, apiKey, fetch, nowMs, signal } = caller;
  let response: Response | undefined;
  try {
    return await askJson({
      address: `${baseUrl}/v2/${path}`,
      body: JSON.stringify(body ?? {}),
      headers: { authorization: `GenieKey ${apiKey}` },
      nowMs,
      signal,
      secrets: [apiKey],
      fetch: async (url, init) => {
        response = await fetch(url, { ...init, method, ...(method === 'GET' && { body: null }) });
        return response;
      },
      askedSeconds: () => periodOf(response),
    });
  } catch (error) {
    if (response?.status === 404) return undefined;
    throw error;
  }
}

/** How the alert with `alias` stands; `undefined` when there is none, or none yet. */
export async function findAlert(caller: Caller, alias: string): Promise<OpsgenieAlert | undefined> {
  const path = `alerts/${encodeURIComponent(alias)}?identifierType=alias`;
  const answer = await ask(caller, { method: 'GET', path });
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
  const answer = (await ask(caller, { path: 'alerts', body: alert })) ?? '';
  const path = `alerts/requests/${encodeURIComponent(textOf(caller, answer, ['requestId']))}`;
  let waited = 0;
  for (let pause = FIRST_LOOK_MS; ; pause *= 2) {
    const status = await ask(caller, { method: 'GET', path });
    if (status !== undefined) return madeBy(caller, status);
    if (!(waited + pause <= patienceMs)) return undefined;
    await wait(pause, undefined, { signal: caller.signal });
    waited += pause;
  }
}

function madeBy(caller: Caller, status: string): string {
  if (fieldOf(status, ['data', 'isSuccess']) === true) return textOf(caller, status, ['data', 'alertId']);
  throw failure(caller, 'it could not make the alert', status);
}

function textOf(caller: Caller, answer: string, path: readonly string[]): string {
  const text = fieldOf(answer, path);
  if (typeof text === 'string' && text !== '') return text;
  throw failure(caller, 'its answer is not that of Opsgenie', answer);
}

function failure({ baseUrl, apiKey }: Caller, what: string, answer: string): Error {
  const said = excerptOf(answer, { address: baseUrl, secrets: [apiKey] });
  return notifyError(`Cannot deliver to ${baseUrl}: ${what} (${said}). This is tried again.`);
}

/** Whoever asks too often is told the length of the period, in seconds, in a header of Opsgenie's own. */
function periodOf(response: Response | undefined): number | undefined {
  const { headers } = response ?? {};
  const period = headers?.get('x-ratelimit-period-in-sec') ?? '';
  return headers?.has('retry-after') || !/^\d{1,6}$/.test(period) ? undefined : Number(period);
}
