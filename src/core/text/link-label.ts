/**
 * Labels of links: what a stranger calls an address, and where it leads when that would mislead.
 *
 * Pure. It judges what is shown, and never cuts off where an address leads.
 */
import { cutUnits } from './cut-units.ts';

// Whatever reads as a host: words with dots between them, some of which only look like one.
const HOST_LIKE = /[\p{L}\p{M}\p{N}_-]+(?:[.。][\p{L}\p{M}\p{N}_-]+)+/gu;
const INVISIBLE = /\p{Cf}/gu;
/** What stands around the host. */
const AROUND = 3;

/**
 * `text` in at most `max` UTF-16 code units, with the host that `address` leads to behind it when it names another; of a
 * host too long the end. An address may stand for itself.
 */
export function linkLabel(text: string, address: string, max: number): string {
  const label = cutUnits(text, max);
  if (text === address) return label;
  const { host = address, hostname = address } = URL.parse(address) ?? {};
  const named = label.normalize('NFKC').replace(INVISIBLE, '').match(HOST_LIKE) ?? [];
  if (named.every((name) => name.toLowerCase() === hostname)) return label;
  const aside = ` (${host.slice(-(max - AROUND))})`;
  return cutUnits(label, max - aside.length) + aside;
}
