/**
 * Standard Webhooks: the three headers that prove who sent a body, and when.
 *
 * It signs the exact text that is sent, and never takes a secret that could be guessed.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac } from 'node:crypto';
import { refusedOption } from './checked-options.ts';

/** What is signed. */
export type SignatureInput = {
  /** One signature is made with each. */
  readonly secrets: readonly Uint8Array[];
  readonly id: string;
  readonly body: string;
  /** Epoch ms of this attempt. */
  readonly nowMs: number;
};

const PREFIX = 'whsec_';
const MIN_SECRET_BYTES = 24;

/**
 * The bytes of each secret written as `whsec_` and base64: of one, or of a list that is not empty.
 *
 * @throws TocsinError INPUT_INVALID when one is malformed or shorter than 24 bytes; the message never repeats it.
 */
export function readSecrets(secret: string | readonly string[]): readonly Uint8Array[] {
  const texts = [secret].flat();
  if (texts.length > 0) return texts.map(readSecret);
  throw refusedOption('secret', 'The list of webhook secrets is empty. Leave the option out to sign nothing.');
}

function readSecret(text: unknown): Uint8Array {
  const base64 = typeof text === 'string' && text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  const bytes = Buffer.from(base64, 'base64');
  // What is read leniently is not what the receiver reads.
  const length = bytes.toString('base64') === base64 ? bytes.length : 0;
  if (length >= MIN_SECRET_BYTES) return bytes;
  throw refusedOption(
    'secret',
    `The webhook secret must be '${PREFIX}' and at least ${MIN_SECRET_BYTES} random bytes in base64; found ${length} bytes. Make one with: openssl rand -base64 32`,
  );
}

/** The headers `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature` of one attempt. */
export function signatureHeaders({ secrets, id, body, nowMs }: SignatureInput): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signed = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map((secret) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
