/**
 * Reply codes: how a text message that answers names the one that it answers, when several are open.
 *
 * Pure. A code is no secret and proves nothing: who answers is told by the address that the answer comes from.
 */
import { fraction } from './fraction.ts';

/** The code of a delivery: four digits, the first of them never 0. Two deliveries may have the same. */
export function replyCode(deliveryId: string): string {
  return String(1_000 + Math.floor(fraction(deliveryId) * 9_000));
}
