/**
 * Standard Webhooks: the three headers that prove who sent a body, and when.
 *
 * It signs the exact text that is sent, and never takes a secret that could be guessed.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac } from 'node:crypto';
import { TocsinError } from '../../errors.ts';

/** What is signed. */
export type SignatureInput = {
  readonly secret: Uint8Array;
  readonly id: string;
  readonly body: string;
  /** Epoch ms of this attempt. */
  readonly nowMs: number;
};

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const MIN_SECRET_BYTES = 24;

/**
 * The bytes of a secret written as `whsec_` and base64.
 *
 * @throws TocsinError INPUT_INVALID when it is malformed or shorter than 24 bytes; the message never repeats it.
 */
export function readSecret(text: string): Uint8Array {
  const bytes = Buffer.from(SECRET.exec(text)?.[1] ?? '', 'base64');
  if (bytes.length < MIN_SECRET_BYTES) {
    const problem = `The webhook secret must be 'whsec_' and at least ${MIN_SECRET_BYTES} random bytes in base64; found ${bytes.length} bytes. Make one with: openssl rand -base64 32`;
    throw new TocsinError('INPUT_INVALID', problem, { details: { problems: [{ path: '/secret', message: problem }] } });
  }
  return bytes;
}

/** The headers `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature` of one attempt. */
export function signatureHeaders({ secret, id, body, nowMs }: SignatureInput): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
