/**
 * Requests of providers: what is needed to judge one, and what the judgement is.
 *
 * Types only, as every subpath that verifies a request hands them on to its host: whoever adds one here adds it there.
 */

/** The headers of a request: a `Headers`, also one of a library, or the object that Node gives. Names in any case. */
export type CallbackHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The body exactly as it was received. Bytes are best: text was decoded by somebody else. */
export type CallbackBody = string | Uint8Array;

/**
 * Why a callback is refused.
 *
 * - `too-large`: the body exceeds 1 MB (1,048,576 bytes).
 * - `malformed`: not UTF-8, not the form or JSON it claims to be, or a field is missing or of the wrong shape.
 * - `wrong-type`: another content type than the provider sends.
 * - `duplicate`: a field of the form, or a header that is needed, occurs twice.
 * - `unsigned`: the header that proves the sender is missing.
 * - `forged`: that header was made with a secret that is not known here, or for another body.
 * - `stale`: signed too long ago, or too far ahead.
 * - `unsupported`: well-formed, but nothing that is a command here.
 */
export type CallbackRefusalCode =
  | 'too-large'
  | 'malformed'
  | 'wrong-type'
  | 'duplicate'
  | 'unsigned'
  | 'forged'
  | 'stale'
  | 'unsupported';

/** A refusal: a code for programs, a reason for logs that repeats nothing of the request. */
export type CallbackRefusal = { readonly ok: false; readonly code: CallbackRefusalCode; readonly reason: string };

/** Either `Content`, or why there is none. */
export type CallbackOutcome<Content> = ({ readonly ok: true } & Content) | CallbackRefusal;

/** A secret: its bytes, or text that stands for its UTF-8 bytes. */
export type Secret = string | Uint8Array;
