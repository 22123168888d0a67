/**
 * The API of Rootly: one call at a time, and the records in its answers.
 *
 * It never puts the token anywhere but into the header that Rootly reads.
 *
 * @see https://docs.rootly.com/api-reference/overview
 */
import { fieldOf } from '../http/json-answer.ts';
import { askJson, strangeAnswer } from '../http/post-json.ts';

/** Who asks, and until when. */
export type Caller = {
  readonly baseUrl: string;
  readonly token: string;
  readonly fetch: typeof globalThis.fetch;
  /** Epoch ms of this attempt. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
};

/** An alert, an incident or an event: its id, and what there is to know. */
export type RootlyRecord = { readonly id: string; readonly attributes: Readonly<Record<string, unknown>> };

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH';
type Sent = { readonly type: string; readonly attributes: object };

const MEDIA_TYPE = 'application/vnd.api+json';

/**
 * What Rootly answered with its 2xx.
 *
 * @throws TocsinError NOTIFY_FAILED when it answered anything else, or nothing.
 */
export async function ask(caller: Caller, method: Method, path: string, data?: Sent): Promise<string> {
  const { baseUrl, token, ...sending } = caller;
  return await askJson({
    ...sending,
    method,
    address: `${baseUrl}/v1/${path}`,
    body: data && JSON.stringify({ data }),
    headers: { 'content-type': MEDIA_TYPE, accept: MEDIA_TYPE, authorization: `Bearer ${token}` },
    secrets: [token],
  });
}

/**
 * The record in an answer.
 *
 * @throws TocsinError NOTIFY_FAILED when there is none.
 */
export function recordIn({ baseUrl, token }: Caller, answer: string): RootlyRecord {
  const [record] = recordsOf([fieldOf(answer, ['data'])]);
  if (record !== undefined) return record;
  throw strangeAnswer('Rootly', answer, { address: baseUrl, secrets: [token] });
}

/** The records of a list; none when the answer is no list, or too long to be read. */
export function recordsIn(answer: string): readonly RootlyRecord[] {
  const list = fieldOf(answer, ['data']);
  return Array.isArray(list) ? recordsOf(list) : [];
}

function recordsOf(list: readonly unknown[]): readonly RootlyRecord[] {
  return list.flatMap((value) => {
    const { id, attributes }: { id?: unknown; attributes?: unknown } = Object(value);
    return typeof id === 'string' ? [{ id, attributes: Object(attributes) }] : [];
  });
}
