/**
 * The door for bodies: text or bytes become JSON, or are refused by name.
 *
 * Pure. It never lets a key reach an object's prototype, and never replaces a broken character silently.
 */
import secureJson from 'secure-json-parse';
import { TocsinError } from '../../errors.ts';

/** A JSON object whose values nobody has looked at yet. */
export type JsonObject = { readonly [key: string]: unknown };

/**
 * The JSON of `body`; what is neither text nor bytes counts as parsed already.
 *
 * @throws TocsinError PAYLOAD_INVALID when it is not UTF-8, not JSON, or tries to change a prototype.
 */
export function readJson(body: unknown, format: string): unknown {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return body;
  try {
    const text = typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body);
    return secureJson.parse(text, { protoAction: 'error', constructorAction: 'error' });
  } catch (cause) {
    const length = typeof body === 'string' ? `${body.length} characters` : `${body.byteLength} bytes`;
    throw new TocsinError(
      'PAYLOAD_INVALID',
      `Cannot read the body of ${length} as ${format}: it is not safe JSON in UTF-8. Send the body as it was received.`,
      { details: { format, reason: 'json' }, cause },
    );
  }
}

/** The refusal of a body that is JSON and not `format`: what was `found` instead, why in a word, and what to send. */
export function unreadableBody(
  format: string,
  found: string,
  { reason, send }: { readonly reason: string; readonly send: string },
): TocsinError {
  return new TocsinError('PAYLOAD_INVALID', `Cannot read the body as ${format}: ${found}. ${send}`, {
    details: { format, reason },
  });
}

/** Whether `value` is a JSON object: no array, no `null`. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What `value` is, in a few words for an error message. */
export function describeJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (isJsonObject(value))
    return `an object with ${Object.keys(value).slice(0, 8).join(', ').slice(0, 200) || 'no keys'}`;
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value).slice(0, 80);
}
