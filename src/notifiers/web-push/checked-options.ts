/**
 * The options of Web Push: what would otherwise be found out when the first page is lost.
 *
 * The private key signs and is repeated in no error.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8292
 */
import { createECDH } from 'node:crypto';
import { malformedOption } from '../http/checked-options.ts';

/** Who sends, for push services. */
export type Vapid = {
  /** Where they can reach you, as `mailto:ops@example.com` or an https URL. */
  readonly subject: string;
  /** 65 bytes in base64url, which browsers subscribe with. */
  readonly publicKey: string;
  /** 32 bytes in base64url. */
  readonly privateKey: string;
};

type WebPushLike = { readonly generateRequestDetails?: unknown };

const SUBJECT = /^(?:mailto:[^\s@]+@|https:\/\/)[^\s/]\S*$/;
const PRIVATE_KEY = /^[\w-]{43}$/;
/** Four weeks: no push service keeps a message longer. */
const MAX_TTL = 2_419_200;

/** Refuses with INPUT_INVALID what is not right about the options. */
export function checkOptions(webPush: WebPushLike | undefined, vapid: Partial<Vapid> | undefined, ttl: number): void {
  const { subject = '', publicKey, privateKey = '' } = vapid ?? {};
  if (typeof webPush?.generateRequestDetails !== 'function') throw malformedOption('webPush', 'the package `web-push`');
  if (!(Number.isInteger(ttl) && ttl >= 0 && ttl <= MAX_TTL)) {
    throw malformedOption('ttl', 'seconds, at most four weeks');
  }
  if (!SUBJECT.test(subject)) throw malformedOption('vapid/subject', 'a mailto or an https address');
  // With others no push service would take anything.
  const isPair = PRIVATE_KEY.test(privateKey) && publicKeyOf(privateKey) === publicKey;
  if (!isPair) throw malformedOption('vapid', 'two keys made together, in base64url');
}

function publicKeyOf(privateKey: string): string | undefined {
  const curve = createECDH('prime256v1');
  try {
    curve.setPrivateKey(privateKey, 'base64url');
    return curve.getPublicKey('base64url');
  } catch {
    // A number that is no key of this curve.
    return undefined;
  }
}
