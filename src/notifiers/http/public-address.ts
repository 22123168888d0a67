/**
 * Public addresses: which IP addresses belong to the open internet, and so may be reached on somebody else's word.
 *
 * Pure. It judges addresses and never names: whoever connects has to resolve a name and ask about what was found.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
import { isIPv4, isIPv6 } from 'node:net';

type Range = { readonly first: bigint; readonly hostBits: bigint };

const IPV4_BITS = 32n;
const IPV6_BITS = 128n;
const IPV6_GROUPS = 8;
const GROUP_BITS = 16n;

const NOT_PUBLIC_IPV4: readonly Range[] = [
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
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
].map(rangeOf);

/** The only part of IPv6 that is given out as public unicast. */
const GLOBAL_UNICAST = rangeOf('2000::/3');

const NOT_PUBLIC_IPV6: readonly Range[] = [
  '2001::/23', // assigned by protocols, and Teredo
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: leads to any IPv4 address
  '3fff::/20', // documentation
].map(rangeOf);

/** IPv6 addresses that end in the IPv4 address which they stand for. */
const STANDS_FOR_IPV4: readonly Range[] = ['::ffff:0:0/96', '64:ff9b::/96'].map(rangeOf);

/**
 * Whether `address` is a public unicast address, IPv4 or IPv6, in the usual notation and without brackets.
 *
 * An IPv4 address inside IPv6 (mapped, or of NAT64's `64:ff9b::/96`) is judged as that IPv4 address. 6to4, Teredo, zone
 * ids, and whatever is no IP address are not public.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return isPublicIpv4(ipv4Value(address));
  if (isIPv6(address) && !address.includes('%')) return isPublicIpv6(ipv6Value(address));
  return false;
}

function isPublicIpv4(value: bigint): boolean {
  return !NOT_PUBLIC_IPV4.some((range) => holds(range, value));
}

function isPublicIpv6(value: bigint): boolean {
  if (STANDS_FOR_IPV4.some((range) => holds(range, value))) return isPublicIpv4(BigInt.asUintN(32, value));
  return holds(GLOBAL_UNICAST, value) && !NOT_PUBLIC_IPV6.some((range) => holds(range, value));
}

function holds({ first, hostBits }: Range, value: bigint): boolean {
  return value >> hostBits === first >> hostBits;
}

function rangeOf(cidr: string): Range {
  const [address = '', prefix = ''] = cidr.split('/');
  return isIPv4(address)
    ? { first: ipv4Value(address), hostBits: IPV4_BITS - BigInt(prefix) }
    : { first: ipv6Value(address), hostBits: IPV6_BITS - BigInt(prefix) };
}

function ipv4Value(address: string): bigint {
  return address.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function ipv6Value(address: string): bigint {
  // A URL writes every IPv6 address in one way: hexadecimal groups, also where an IPv4 address was written.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = [], tail = []] = canonical.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = Array.from({ length: IPV6_GROUPS - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].reduce((value, group) => (value << GROUP_BITS) + BigInt(`0x${group}`), 0n);
}
