/**
 * Dead man: tells an external service, by HTTP, that all is well; its silence raises an alarm there.
 *
 * It carries no page and knows nothing of incidents: what is told is only that somebody is there to tell.
 */
import { refuseUnknownOptions } from '../ports/options.ts';
import { postJson, valuesOf } from './http/post-json.ts';

/** How {@link deadManBeat} asks. */
export type DeadManBeatOptions = {
  /** Headers of every request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long one request may take, in ms. Default: 10 s. */
  readonly deadlineMs?: number;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
};

const DEADLINE_MS = 10_000;

/**
 * A function for `deadMan.beat` of `createTocsin`: it posts to `url`, which must raise an alarm when it hears nothing any more.
 *
 * It rejects when the answer is not 2xx, follows no redirect, and never repeats more of the address than its origin in an error.
 *
 * @throws TocsinError INPUT_INVALID when an option is not known.
 * @example
 * ```ts
 * import { deadManBeat } from 'tocsin/notifiers/dead-man';
 * const asked: string[] = [];
 * const fetch = async (url: unknown) => {
 *   asked.push(String(url));
 *   return new Response(null, { status: 204 });
 * };
 * const beat = deadManBeat('https://watch.example/ping/7f3a', { fetch: fetch as typeof globalThis.fetch });
 * await beat();
 * asked; // => ['https://watch.example/ping/7f3a']
 * ```
 */
export function deadManBeat(url: string, options: DeadManBeatOptions = {}): () => Promise<void> {
  refuseUnknownOptions('make a dead-man beat', options, ['headers', 'deadlineMs', 'fetch']);
  const { headers = {}, deadlineMs = DEADLINE_MS, fetch = globalThis.fetch } = options;
  return () =>
    postJson({
      address: url,
      body: '{}',
      headers,
      secrets: valuesOf(headers),
      // Only a wait that is asked for by a date needs the time, and nobody waits here.
      nowMs: 0,
      signal: AbortSignal.timeout(deadlineMs),
      fetch,
    });
}
