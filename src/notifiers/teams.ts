/**
 * Microsoft Teams: posts each message as an Adaptive Card to the webhook of a workflow.
 *
 * The address is a secret and never stands in an error; nobody is ever mentioned by a text.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
import { type Notifier, notifyError } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { originOf } from './http/checked-options.ts';
import { fetchFor } from './http/guarded-fetch.ts';
import { headerKey } from './http/header-key.ts';
import { askJson, excerptOf } from './http/post-json.ts';
import { cardMessage } from './teams/card-message.ts';

/** How {@link teamsNotifier} posts. */
export type TeamsNotifierOptions = {
  /** The name that contacts refer to. Default: `teams`. */
  readonly name?: string;
  /**
   * Whether addresses of this machine and of private networks, and http beside https, may be reached too. Default: `false`.
   */
  readonly allowPrivateNetwork?: boolean;
  /**
   * Sends instead of the notifier's own client, through a proxy for example. It replaces the guard against private
   * addresses: where it connects to is then yours to check.
   */
  readonly fetch?: typeof globalThis.fetch;
};

const KNOWN: readonly (keyof TeamsNotifierOptions)[] = ['name', 'allowPrivateNetwork', 'fetch'];
/** How a connector says with 200 that Teams took nothing: the status that counts stands in its text. */
const FAILED = /delivery failed/i;
const HTTPS = /^https:/i;
/** Of an address, what is no word of it but an id or a key. */
const SECRET_LENGTH = 16;

/**
 * A notifier that posts to a workflow of Microsoft Teams ("When a Teams webhook request is received"), whose URL is the
 * address of the contact.
 *
 * What is posted is one Adaptive Card of at most 20,000 bytes of UTF-8. 200 and 202 count as sent; 408, 421, 425, 429, 5xx, network
 * failures, and a 200 whose text says that the delivery failed, are tried again (`Retry-After` between 1 s and 15 min is
 * honoured). Any other answer is permanent, as is an address that is not https or leads to a private network.
 * Experimental: it has met a server that speaks the documented protocol, not the real one.
 *
 * @throws TocsinError INPUT_INVALID when an option is not known.
 * @see https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 * @example
 * ```ts
 * import { teamsNotifier } from 'tocsin/notifiers/teams';
 * teamsNotifier({ name: 'war-room' }).name; // => 'war-room'
 * ```
 */
export function teamsNotifier(options: TeamsNotifierOptions = {}): Notifier {
  refuseUnknownOptions('make a Teams notifier', options, KNOWN);
  const { name = 'teams' } = options;
  const isPrivateAllowed = options.allowPrivateNetwork === true;
  const fetch = fetchFor(options);
  return {
    name,
    kind: 'chat',
    // Each region and each environment has a host of its own: one that is down says nothing of the others.
    provider: originOf,
    async send(message, { idempotencyKey, signal }) {
      const { address } = message.to;
      if (!isPrivateAllowed && !HTTPS.test(address)) {
        throw notifyError("Cannot deliver: the contact's address is not secure. Give it a URL of https.", {
          permanent: true,
        });
      }
      const post = {
        address,
        body: JSON.stringify(cardMessage(message)),
        headers: { 'idempotency-key': headerKey(idempotencyKey) },
        nowMs: message.sentAt,
        signal,
        fetch,
        secrets: address.split(/[/?&=]/).filter(({ length }) => length >= SECRET_LENGTH),
      };
      const answer = await askJson(post);
      if (!FAILED.test(answer)) return undefined;
      const said = excerptOf(answer, post);
      throw notifyError(`Cannot deliver to ${originOf(address)}: it answered (${said}). This is tried again.`);
    },
  };
}
