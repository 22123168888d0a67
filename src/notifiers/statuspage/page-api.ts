/**
 * The API of Statuspage: one call at a time, and the incidents in its answers.
 *
 * It never puts the key anywhere but into the header that Statuspage reads.
 *
 * @see https://developer.statuspage.io
 */
import { fieldOf } from '../http/json-answer.ts';
import { askJson, strangeAnswer } from '../http/post-json.ts';

/** One page, and who may change it. */
export type Page = { readonly pageId: string; readonly apiKey: string };

/** Who asks, and until when. */
export type Caller = Page & {
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
  /** Epoch ms of this attempt. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
};

/** An incident of the page, as far as it matters here. */
export type PageIncident = {
  readonly id: string;
  readonly url: string | undefined;
  /** Of everybody who has written into it, by their names. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The texts that it shows. */
  readonly texts: readonly unknown[];
};

/**
 * What Statuspage answered with its 2xx; `path` is below the page.
 *
 * @throws TocsinError NOTIFY_FAILED when it answered anything else, or nothing.
 */
export async function ask(
  { baseUrl, pageId, apiKey, ...sending }: Caller,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  incident?: object,
): Promise<string> {
  return await askJson({
    ...sending,
    method,
    address: `${baseUrl}/v1/pages/${pageId}${path}`,
    body: incident && JSON.stringify({ incident }),
    headers: { accept: 'application/json', authorization: `OAuth ${apiKey}` },
    secrets: [apiKey],
  });
}

/**
 * The incident in an answer.
 *
 * @throws TocsinError NOTIFY_FAILED when there is none.
 */
export function incidentIn(caller: Caller, answer: string): PageIncident {
  return incidentOf(fieldOf(answer, [])) ?? notTheirs(caller, answer);
}

/**
 * The incidents of a list.
 *
 * @throws TocsinError NOTIFY_FAILED when the answer is no list, or is too long to be read: what is not found would be made twice.
 */
export function incidentsIn(caller: Caller, answer: string): readonly PageIncident[] {
  const list = fieldOf(answer, []);
  if (!Array.isArray(list)) return notTheirs(caller, answer);
  return list.flatMap((value) => incidentOf(value) ?? []);
}

/** Statuspage answers with the page when it is asked for one. */
export function checkPage(caller: Caller, answer: string): void {
  if (typeof fieldOf(answer, ['id']) !== 'string') notTheirs(caller, answer);
}

function incidentOf(value: unknown): PageIncident | undefined {
  const { id, metadata, shortlink, incident_updates: updates } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || id === '') return undefined;
  return {
    id,
    url: typeof shortlink === 'string' ? shortlink : undefined,
    metadata: Object(metadata),
    texts: Array.isArray(updates) ? updates.map((update) => Object(update).body) : [],
  };
}

function notTheirs({ baseUrl, apiKey }: Caller, answer: string): never {
  throw strangeAnswer('Statuspage', answer, { address: baseUrl, secrets: [apiKey] });
}
