/**
 * Values of the JSON: texts and moments.
 *
 * A text is cleaned as everywhere, so that strict readers take it; it is never escaped, which JSON does.
 */
import { cleanText } from '../../../core/text/clean.ts';

/** A text of people. */
export function said(text: string): string {
  return cleanText(text);
}

/** `2026-11-29T12:00:00.000Z` */
export function iso(at: number): string {
  return new Date(at).toISOString();
}
