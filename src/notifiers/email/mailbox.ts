/**
 * Mailboxes: what counts as one e-mail address, and the name that may stand before it.
 *
 * Pure. It takes a bare address only: never a list, a display name, a quoted local part, or an address that a mail program
 * could take for an option.
 *
 * @see RFC 5321 4.1.2
 * @see RFC 6531 3.3
 */
import { domainToASCII } from 'node:url';
import { headerLine } from '../../core/text/header-line.ts';

/** A name, or none, and an address that was checked. */
export type Mailbox = { readonly name: string; readonly address: string };

const ATOM = "[\\p{L}\\p{M}\\p{Nd}!#$%&'*+/=?^_`{|}~-]+";
const LOCAL_PART = new RegExp(`^(?!-)${ATOM}(?:\\.${ATOM})*$`, 'u');
const DOMAIN_AS_WRITTEN = /^[\p{L}\p{M}\p{Nd}.-]+$/u;
// The last label is no number: that would be an IP address.
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const ENCODED_WORD = '=?';
const MAX_LOCAL_BYTES = 64;
const MAX_DOMAIN = 253;
const MAX_ADDRESS_BYTES = 254;
const MAX_NAME = 100;

/** `text` when it is one address, its domain in lower-case ASCII; otherwise `undefined`. */
export function mailAddress(text: unknown): string | undefined {
  if (typeof text !== 'string' || Buffer.byteLength(text) > MAX_ADDRESS_BYTES) return undefined;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(0, at));
  const domain = mailDomain(text.slice(at + 1));
  const isLocal =
    LOCAL_PART.test(local) && !local.includes(ENCODED_WORD) && Buffer.byteLength(local) <= MAX_LOCAL_BYTES;
  return isLocal && domain !== undefined ? `${local}@${domain}` : undefined;
}

/** `text` in lower-case ASCII when it is the name of a host; otherwise `undefined`. */
export function mailDomain(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > MAX_DOMAIN || !DOMAIN_AS_WRITTEN.test(text)) return undefined;
  const domain = domainToASCII(text);
  return domain.length <= MAX_DOMAIN && DOMAIN.test(domain) ? domain : undefined;
}

/** `text` on one line for a header, at most `max` UTF-16 code units, in which no mail program finds an encoded word. */
export function headerText(text: string, max: number): string {
  return headerLine(text, max).replaceAll(ENCODED_WORD, '=\u200b?');
}

/** What a mailbox is called, short enough for one. */
export function mailName(name: unknown): string {
  return typeof name === 'string' ? headerText(name, MAX_NAME) : '';
}
