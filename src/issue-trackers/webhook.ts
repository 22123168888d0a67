/**
 * Webhook tracker: posts each action item as JSON to one address of yours, signed as Standard Webhooks when a secret is given.
 *
 * Whoever receives it keeps the issue, in whatever tracker they like. It reaches public addresses only unless told otherwise,
 * follows no redirect, and never lets a text become a header.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { oneLine } from '../core/text/clean.ts';
import { webAddress } from '../core/text/web-address.ts';
import { isTocsinError } from '../errors.ts';
import { malformedOption } from '../notifiers/http/checked-options.ts';
import { fieldOf } from '../notifiers/http/json-answer.ts';
import { askJson } from '../notifiers/http/post-json.ts';
import { signedPosts, WEBHOOK_OPTIONS, type WebhookOptions } from '../notifiers/http/signed-post.ts';
import type { IssueOptions, IssueTracker, TrackedItem } from '../ports/issue-tracker.ts';
import { refuseUnknownOptions } from '../ports/options.ts';

export type { WebhookOptions } from '../notifiers/http/signed-post.ts';

/** How {@link webhookTracker} posts. */
export type WebhookTrackerOptions = WebhookOptions & {
  /** Where to: http or https. Everything of it but its origin is treated as a secret. */
  readonly url: string;
  /** The name that the configuration refers to. Default: `webhook`. */
  readonly name?: string;
};

/** What is posted. */
export type TrackedItemPost = {
  readonly type: 'actionItem.created' | 'actionItem.updated';
  /** The same for the same news however often it is posted: also the `Idempotency-Key` and the `webhook-id`. */
  readonly id: string;
  readonly tenant: string;
  /** Without `tenant`. Its instants are ISO 8601 in UTC. */
  readonly item: Omit<TrackedItem, 'tenant' | 'dueAt' | 'createdAt'> & {
    readonly createdAt: string;
    readonly dueAt?: string;
  };
  /** What you have called the issue; absent when it is new. */
  readonly issueId?: string;
};

const LONGEST_ID = 200;
const GONE = 410;

/**
 * An issue tracker that posts each action item, and each change of one, to `url`.
 *
 * An answer of 2xx has taken it. Its JSON may say `id`, a text or a whole number, by which later changes name the issue, and
 * `url`, where people look at it; without an `id` the issue goes by the id of the action item. 410 says that the issue was
 * deleted. 408, 421, 425, 429, 5xx and network failures are tried again (`Retry-After` between 1 s and 15 min is honoured); any
 * other answer, redirects included, is permanent.
 *
 * @throws TocsinError INPUT_INVALID when `url` is no http or https address, the secret is malformed or shorter than 24 bytes, a
 * header cannot be sent, or an option is not known.
 * @example
 * ```ts
 * import { webhookTracker } from 'tocsin/issue-trackers/webhook';
 * const tracker = webhookTracker({ url: 'https://hooks.example.com/issues', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' });
 * tracker.name; // => 'webhook'
 * ```
 */
export function webhookTracker(options: WebhookTrackerOptions): IssueTracker {
  refuseUnknownOptions('make a webhook tracker', options, ['url', 'name', ...WEBHOOK_OPTIONS]);
  const { url: address, name = 'webhook', ...given } = options;
  if (typeof address !== 'string' || webAddress(address) === undefined)
    throw malformedOption('url', 'an address of http or https');
  const post = signedPosts(given);

  function ask(posted: TrackedItemPost, { idempotencyKey, signal, sentAt: nowMs }: IssueOptions): Promise<string> {
    return askJson(post({ address, body: JSON.stringify(posted), idempotencyKey, nowMs, signal }));
  }

  return {
    name,
    async create(item, given) {
      const answer = await ask(posting('actionItem.created', item, given), given);
      return { id: idIn(answer) ?? item.id, url: urlIn(answer) };
    },
    async update(issueId, item, given) {
      try {
        return { url: urlIn(await ask({ ...posting('actionItem.updated', item, given), issueId }, given)) };
      } catch (error) {
        if (isTocsinError(error, 'NOTIFY_FAILED') && error.details.status === GONE) return { isGone: true };
        throw error;
      }
    },
  };
}

function posting(
  type: TrackedItemPost['type'],
  { tenant, dueAt, createdAt, ...item }: TrackedItem,
  { idempotencyKey: id }: IssueOptions,
): TrackedItemPost {
  const due = dueAt === undefined ? {} : { dueAt: new Date(dueAt).toISOString() };
  return { type, id, tenant, item: { ...item, createdAt: new Date(createdAt).toISOString(), ...due } };
}

/** Half a name would be another one. */
function idIn(answer: string): string | undefined {
  const found = fieldOf(answer, ['id']);
  const id = Number.isSafeInteger(found) ? String(found) : found;
  return typeof id === 'string' && id !== '' && id.length <= LONGEST_ID && id === oneLine(id) ? id : undefined;
}

function urlIn(answer: string): string | undefined {
  const found = fieldOf(answer, ['url']);
  return typeof found === 'string' ? webAddress(found) : undefined;
}
