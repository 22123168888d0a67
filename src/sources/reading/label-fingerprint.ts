/**
 * The fingerprint of a label set, computed as Prometheus does: FNV-1a of 64 bits over the sorted labels.
 *
 * Pure. An old body without fingerprints thus gets the keys that a newer Alertmanager would have sent. It is an
 * identity among the alerts of one Alertmanager and never a protection against somebody who makes up labels.
 *
 * @see https://github.com/prometheus/common/blob/main/model/signature.go
 */
const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const SEPARATOR = 0xff;

/** Sixteen hexadecimal digits that stand for `labels`, whatever their order. */
export function labelFingerprint(labels: Readonly<Record<string, string>>): string {
  const encoder = new TextEncoder();
  let hash = OFFSET_BASIS;
  const add = (byte: number) => {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  };
  for (const name of Object.keys(labels).sort()) {
    encoder.encode(name).forEach(add);
    add(SEPARATOR);
    encoder.encode(labels[name] ?? '').forEach(add);
    add(SEPARATOR);
  }
  return hash.toString(16).padStart(16, '0');
}
