/**
 * Incidents of PagerDuty by its REST API: what one is called there, and notes on it.
 *
 * It never changes the state of an incident: that is the business of events.
 *
 * @see https://developer.pagerduty.com/api-reference/
 */
import { createHash } from 'node:crypto';
import { boundedText } from '../../core/text/bounded.ts';
import { webAddress } from '../../core/text/web-address.ts';
import type { Message } from '../../model/message.ts';
import type { SendOptions } from '../../ports/notifier.ts';
import { fieldOf } from '../http/json-answer.ts';
import { askJson } from '../http/post-json.ts';
import type { Account } from './options.ts';

/** An incident as PagerDuty calls it. */
export type FoundIncident = { readonly externalId: string; readonly url: string | undefined };

/** One attempt to say something. */
export type Attempt = { readonly message: Message; readonly sending: SendOptions };

/** What is asked of the incidents of an account. */
export type Incidents = {
  /** The newest incident of a dedup key, an open one when ours is open; `undefined` when there is none, or of several services. */
  find(dedupKey: string, attempt: Attempt): Promise<FoundIncident | undefined>;
  /** Adds a note, unless one of the same idempotency key is there. */
  addNote(id: string, text: string, attempt: Attempt): Promise<void>;
};

const MAX_NOTE = 10_000;
const MAX_FOUND = 3;
const MARK_LENGTH = 12;
/** Whoever asks too often is told when the period ends, in seconds. */
const PERIOD_END = 'ratelimit-reset';
const OPEN = '&statuses%5B%5D=triggered&statuses%5B%5D=acknowledged';

/** The incidents that the account may see by the REST API, when it has access. */
export function incidentsOf({ rest, restUrl, fetch, secrets }: Account): Incidents | undefined {
  if (rest === undefined) return undefined;
  const headers = {
    accept: 'application/vnd.pagerduty+json;version=2',
    authorization: `Token token=${rest.token}`,
    from: rest.from,
  };
  const ask = async (path: string, { message, sending }: Attempt, body?: string): Promise<string> =>
    await askJson({
      method: body === undefined ? 'GET' : 'POST',
      address: `${restUrl}/incidents${path}`,
      body,
      headers,
      nowMs: message.sentAt,
      signal: sending.signal,
      fetch,
      secrets,
      waitHeader: PERIOD_END,
    });
  return {
    async find(dedupKey, attempt) {
      const key = encodeURIComponent(dedupKey);
      const open = attempt.message.status === 'resolved' ? '' : OPEN;
      const query = `incident_key=${key}&date_range=all&sort_by=created_at%3Adesc&limit=${MAX_FOUND}${open}`;
      return newestOf(await ask(`?${query}`, attempt));
    },
    async addNote(id, text, attempt) {
      const path = `/${encodeURIComponent(id)}/notes`;
      const mark = markOf(attempt.sending.idempotencyKey);
      // By its mark a note is known again. What is read is bounded and may break off: it is searched as a text.
      if ((await ask(path, attempt)).includes(mark)) return;
      const content = `${boundedText(text, MAX_NOTE)}\n(Tocsin ${mark})`;
      await ask(path, attempt, JSON.stringify({ note: { content } }));
    },
  };
}

function markOf(idempotencyKey: string): string {
  return createHash('sha256').update(idempotencyKey).digest('base64url').slice(0, MARK_LENGTH);
}

function newestOf(answer: string): FoundIncident | undefined {
  const found = Array.from({ length: MAX_FOUND }, (_, index) => ['incidents', String(index)]);
  const services = found.map((path) => fieldOf(answer, [...path, 'service', 'id'])).filter((id) => id !== undefined);
  const id = fieldOf(answer, ['incidents', '0', 'id']);
  // One key may stand for incidents of several services, when several routing keys were used: nothing says which is ours.
  if (typeof id !== 'string' || new Set(services).size > 1) return undefined;
  const address = fieldOf(answer, ['incidents', '0', 'html_url']);
  return { externalId: id, url: typeof address === 'string' ? webAddress(address) : undefined };
}
