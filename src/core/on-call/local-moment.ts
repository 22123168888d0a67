/**
 * Local moments: times that people write without an offset, in a zone that is named beside them.
 *
 * A time that the zone skips or repeats is refused: whoever writes one means something that only they know. Handoffs are
 * not written by hand and never come here; see zone.ts for what becomes of those.
 */
import { isInstant, toEpochMs } from '../../model/instant.ts';
import { parseWall, type Wall } from './wall-clock.ts';
import type { Zone } from './zone.ts';

/** A moment in epoch ms, or why the text names none. */
export type LocalMoment = { readonly at: number } | { readonly problem: string };

/** The moment that `text` names: an instant with an offset as it is, a local time in `zone`. */
export function readMoment(text: string, zone: Zone): LocalMoment {
  if (isInstant(text)) return { at: toEpochMs(text) };
  const wall = parseWall(text);
  if (wall === undefined) return { problem: `${text} is no local time of any calendar` };
  const [at, second] = zone.instantsOf(wall);
  if (at === undefined) return { problem: skipped(text, wall, zone) };
  if (second === undefined) return { at };
  const both = [at, second].map((instant) => withOffset(instant, zone)).join(' or ');
  return { problem: `${text} comes twice in ${zone.timeZone}, where the clocks are put back: write ${both}` };
}

function skipped(text: string, wall: Wall, zone: Zone): string {
  const instead = withOffset(zone.toInstant(wall), zone);
  return `${text} does not exist in ${zone.timeZone}, where the clocks are put forward over it: write an offset, such as ${instead}`;
}

/** `2026-03-08T03:30:00-04:00`. */
function withOffset(at: number, zone: Zone): string {
  const offset = zone.offsetAt(at);
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const two = (part: number) => String(part).padStart(2, '0');
  const sign = offset < 0 ? '-' : '+';
  return `${new Date(at + offset).toISOString().slice(0, 19)}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
