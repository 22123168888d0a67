/**
 * Mirror keys: what the mirror of an incident is called on another platform, so that the platform can say which is meant.
 *
 * Pure. Made here and read here, so that the two never part. A key that a platform cannot take is shortened by whoever
 * sends it, and then names no incident any more.
 */
import type { Message } from './message.ts';

const PREFIX = 'tocsin:';

/** The key of the incident that `message` is about, or of its delivery, for life: `tocsin:<tenant>:<incident>`. */
export function mirrorKey({
  tenant,
  incidentId,
  deliveryId,
}: Pick<Message, 'tenant' | 'incidentId' | 'deliveryId'>): string {
  return `${PREFIX}${tenant}:${incidentId ?? deliveryId}`;
}

/** `digest`, which stands for a key that was too long, as a key. */
export function shortMirrorKey(digest: string): string {
  return PREFIX + digest;
}

/** Whether `id` is a key of ours, shortened or not, and not what a platform calls an incident itself. */
export function isMirrorKey(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** What the key `id` names within `tenant`; `undefined` when it is no such key. */
export function incidentOfMirrorKey(id: string, tenant: string): string | undefined {
  const start = `${PREFIX}${tenant}:`;
  return id.startsWith(start) ? id.slice(start.length) : undefined;
}
