/**
 * Bounded text: cleaned and cut at once, so that nothing of a stranger is longer than what is kept of it.
 *
 * Pure. What is never kept is never looked at, however long it is.
 */
import { cleanText, oneLine } from './clean.ts';
import { cutUnits } from './cut-units.ts';

const MAX_LINE = 256;
const MAX_TEXT = 4_096;
/** What is cleaned away is not counted, within reason. */
const SEEN = 4;

/** `text` on one clean line of at most `max` UTF-16 code units. */
export function boundedLine(text: string, max = MAX_LINE): string {
  return cutUnits(oneLine(cutUnits(text, SEEN * max)), max);
}

/** `text`, cleaned, of at most `max` UTF-16 code units. */
export function boundedText(text: string, max = MAX_TEXT): string {
  return cutUnits(cleanText(cutUnits(text, SEEN * max)), max);
}
