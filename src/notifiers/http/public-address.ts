/**
 * Public addresses: which IP addresses belong to the open internet, and so may be reached on somebody else's word.
 *
 * Pure. It judges addresses and never names: whoever connects has to resolve a name and ask about what was found.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
import { isIPv4, isIPv6 } from 'node:net';

const NOT_PUBLIC_IPV4: readonly string[] = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by carriers
  '127.0.0.0/8', // this machine
  '169.254.0.0/16', // this link, and the metadata of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // assigned by protocols
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // relays of 6to4
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/3', // multicast, reserved, and broadcast
];

/** IPv6 addresses that end in the IPv4 address which they stand for: mapped ones, and those of NAT64. */
const STANDS_FOR_IPV4 = /^(?:::ffff|64:ff9b:):([0-9a-f]+):([0-9a-f]+)$/;

/**
 * Whether `address` is a public unicast address, IPv4 or IPv6, in the usual notation and without brackets.
 *
 * An IPv4 address inside IPv6 (mapped, or of NAT64's `64:ff9b::/96`) is judged as that IPv4 address. 6to4, Teredo, zone
 * ids, and whatever is no IP address are not public.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return isPublicIpv4(ipv4Value(address));
  return isIPv6(address) && !address.includes('%') && isPublicIpv6(address);
}

function isPublicIpv4(value: number): boolean {
  return !NOT_PUBLIC_IPV4.some((range) => {
    const [first = '', prefix] = range.split('/');
    const size = 2 ** (32 - Number(prefix));
    return Math.floor(value / size) === ipv4Value(first) / size;
  });
}

function ipv4Value(address: string): number {
  return address.split('.').reduce((value, part) => value * 256 + Number(part), 0);
}

function isPublicIpv6(address: string): boolean {
  // A URL writes every IPv6 address in one way: hexadecimal groups, also where an IPv4 address was written.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [, high, low] = STANDS_FOR_IPV4.exec(canonical) ?? [];
  if (high !== undefined && low !== undefined) return isPublicIpv4(groupOf(high) * 65_536 + groupOf(low));
  const [first = 0, second = 0] = canonical.split(':').map(groupOf);
  // Of the only part that is given out: not Teredo and other protocols, documentation, 6to4, which leads to any IPv4 address.
  const isReserved = first === 0x2001 && (second < 0x200 || second === 0xdb8);
  return first >> 13 === 1 && !isReserved && first !== 0x2002 && (first !== 0x3fff || second >= 0x1000);
}

/** Nothing stands for zeros. */
function groupOf(hexadecimal: string): number {
  return Number(`0x0${hexadecimal}`);
}
