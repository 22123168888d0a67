/**
 * Keyed hashes: who wrote a text, told from a secret that both sides know.
 *
 * The only file here that uses node:crypto. It compares in constant time and never puts a secret into an error.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { TocsinError } from '../errors.ts';
import type { Secret } from './request.ts';

/** What is hashed, how, and how the result is written. */
export type MacInput = {
  readonly algorithm: 'sha1' | 'sha256';
  readonly encoding: 'hex' | 'base64' | 'base64url';
  readonly message: string;
};

const MAX_SECRETS = 10;

/** The HMAC of `message` under `secret`, as text. */
export function macText(secret: Secret, { algorithm, encoding, message }: MacInput): string {
  return createHmac(algorithm, secret).update(message, 'utf8').digest(encoding);
}

/** Whether `given` is the HMAC of `message` under one of `secrets`. Every secret is tried, whichever fits. */
export function isSignedByAny(given: string, secrets: readonly Secret[], input: MacInput): boolean {
  return matchesAny(
    given,
    secrets.map((secret) => macText(secret, input)),
  );
}

/** Whether `given` is one of `expected`, in a time that depends on the lengths only. */
export function matchesAny(given: string, expected: readonly Secret[]): boolean {
  const digest = sha256(given);
  return expected.map((text) => timingSafeEqual(digest, sha256(text))).includes(true);
}

/**
 * Checks that `secrets` are 1 to 10 secrets of at least `minBytes` bytes each.
 *
 * @throws TocsinError INPUT_INVALID when they are not; the message never repeats one.
 */
export function checkSecrets(secrets: readonly Secret[], { name, minBytes }: { name: string; minBytes: number }): void {
  if (!Array.isArray(secrets) || secrets.length === 0 || secrets.length > MAX_SECRETS) {
    throw invalid(`/${name}`, `Give 1 to ${MAX_SECRETS} secrets as a list, the one that signs first.`);
  }
  secrets.forEach((secret: unknown, index) => {
    if (byteLength(secret) >= minBytes) return;
    throw invalid(
      `/${name}/${index}`,
      `Secret ${index + 1} is neither text nor bytes, or shorter than the ${minBytes} it needs in bytes: give it as it was issued, or make one with: openssl rand -base64 32`,
    );
  });
}

function byteLength(secret: unknown): number {
  if (typeof secret === 'string') return Buffer.byteLength(secret);
  return secret instanceof Uint8Array ? secret.byteLength : -1;
}

function sha256(value: Secret): Buffer {
  return createHash('sha256').update(value).digest();
}

function invalid(path: string, message: string): TocsinError {
  return new TocsinError('INPUT_INVALID', message, { details: { problems: [{ path, message }] } });
}
