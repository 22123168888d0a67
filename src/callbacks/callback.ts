/**
 * Callbacks: the request of a provider, read strictly before anybody believes it.
 *
 * Pure. It never replaces a broken character, never picks one of two fields of the same name, and never throws for
 * what a stranger sent: each refusal has a code.
 */
import secureJson from 'secure-json-parse';
import type {
  CallbackBody,
  CallbackHeaders,
  CallbackOutcome,
  CallbackRefusal,
  CallbackRefusalCode,
} from './request.ts';

/** The content types that providers use here. */
export type CallbackContentType = 'application/x-www-form-urlencoded' | 'application/json';

const MAX_BYTES = 1_048_576;
const MAX_FIELDS = 1_000;

/** A refusal with `code`. */
export function refuse(code: CallbackRefusalCode, reason: string): CallbackRefusal {
  return { ok: false, code, reason };
}

/** The body as text, when it is UTF-8 of at most 1 MB. */
export function readText(body: CallbackBody): CallbackOutcome<{ readonly text: string }> {
  const isText = typeof body === 'string';
  if (!isText && !(body instanceof Uint8Array)) return refuse('malformed', 'The body is neither text nor bytes.');
  // The length of a text is checked first, so that a huge one is not even measured.
  if (body.length > MAX_BYTES || (isText && Buffer.byteLength(body) > MAX_BYTES)) {
    return refuse('too-large', `The body exceeds ${MAX_BYTES} bytes.`);
  }
  const text = isText ? body : decode(body);
  return text === undefined || !text.isWellFormed()
    ? refuse('malformed', 'The body is not UTF-8.')
    : { ok: true, text };
}

/** The one value of the header `name` (in lower case); `unsigned` when it is missing, `duplicate` when it has two. */
export function readHeader(headers: CallbackHeaders, name: string): CallbackOutcome<{ readonly value: string }> {
  const [value, ...others] = headerValues(headers, name);
  if (others.length > 0) return refuse('duplicate', `The header ${name} occurs twice.`);
  return typeof value === 'string' && value !== ''
    ? { ok: true, value }
    : refuse('unsigned', `The header ${name} is missing.`);
}

/** The content type of the request, when it is one of `allowed` and its charset, if any, is UTF-8. */
export function readContentType(
  headers: CallbackHeaders,
  allowed: readonly CallbackContentType[],
): CallbackOutcome<{ readonly type: CallbackContentType }> {
  const values = headerValues(headers, 'content-type');
  const [value] = values;
  const [type, ...parameters] = (typeof value === 'string' ? value : '').toLowerCase().split(/\s*;\s*/);
  const found = allowed.find((name) => name === type?.trim());
  const isUtf8 = parameters.every((parameter) => !parameter.startsWith('charset=') || UTF_8.test(parameter.trim()));
  return values.length === 1 && found !== undefined && isUtf8
    ? { ok: true, type: found }
    : refuse('wrong-type', `The content type must be ${allowed.join(' or ')}, in UTF-8.`);
}

const UTF_8 = /^charset="?utf-8"?$/;

/** The fields of a form. A field that occurs twice refuses the form: two readers could choose differently. */
export function readForm(text: string): CallbackOutcome<{ readonly fields: ReadonlyMap<string, string> }> {
  const parts = text.split('&', MAX_FIELDS + 1).filter((part) => part !== '');
  if (parts.length > MAX_FIELDS) return refuse('malformed', `The form has more than ${MAX_FIELDS} fields.`);
  const fields = new Map<string, string>();
  for (const part of parts) {
    const split = part.indexOf('=');
    const name = unescapeField(split < 0 ? part : part.slice(0, split));
    const value = unescapeField(split < 0 ? '' : part.slice(split + 1));
    if (name === undefined || value === undefined) return refuse('malformed', 'The form is not percent-encoded UTF-8.');
    if (fields.has(name)) return refuse('duplicate', 'A field of the form occurs twice.');
    fields.set(name, value);
  }
  return { ok: true, fields };
}

/** The JSON of `text`, when no key of it reaches for a prototype. */
export function readSafeJson(text: string): CallbackOutcome<{ readonly json: unknown }> {
  try {
    return { ok: true, json: secureJson.parse(text, { protoAction: 'error', constructorAction: 'error' }) };
  } catch {
    return refuse('malformed', 'The body is not safe JSON.');
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function headerValues(headers: CallbackHeaders, name: string): readonly unknown[] {
  const pairs: readonly (readonly [string, unknown])[] = isHeaders(headers)
    ? [...headers.entries()]
    : Object.entries(headers ?? {});
  return pairs.flatMap(([key, value]) => (key.toLowerCase() === name && value !== undefined ? value : []));
}

/** Told by what it can do: one of another realm, or of a library that brings its own, is no instance of ours. */
function isHeaders(headers: CallbackHeaders): headers is Headers {
  return typeof headers?.entries === 'function' && typeof headers.get === 'function';
}

function unescapeField(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
