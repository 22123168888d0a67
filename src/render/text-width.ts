/**
 * How wide a text is, in columns of a terminal or in pixels of a picture, and how to make it fit.
 *
 * Estimates, since no font is at hand: on the wide side, so that what is said to fit fits. A text is never cut inside a
 * character as people see it.
 */
import { CUT_MARK } from '../core/text/cut.ts';

/** The width of one character as people see it. */
export type Measure = (grapheme: string) => number;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

// East Asian Wide and Fullwidth (UAX 11), in blocks.
const WIDE =
  /^(?:[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Regional_Indicator})/u;
const INVISIBLE = /^[\p{M}\p{Cf}\u115f\u1160\u3164]+$/u;
const NARROW = /^[ijlft.,:;'|!()[\]I ]/;
const BROAD = /^[mwMW@%—]/;
const CAPITAL = /^\p{Lu}/u;
const BOLDER = 1.1;

/** Columns of a terminal: 0, 1 or 2. */
export const columns: Measure = (grapheme) => (INVISIBLE.test(grapheme) ? 0 : WIDE.test(grapheme) ? 2 : 1);

/** Pixels in a sans-serif font of that size. */
export function pixels(fontSize: number): Measure {
  return (grapheme) => {
    const cells = columns(grapheme);
    if (cells !== 1) return cells * 0.64 * fontSize;
    if (NARROW.test(grapheme)) return 0.38 * fontSize;
    if (BROAD.test(grapheme)) return 0.98 * fontSize;
    return (CAPITAL.test(grapheme) ? 0.74 : 0.62) * fontSize;
  };
}

/** Pixels in the bold face of that font, whose letters are wider. */
export function boldPixels(fontSize: number): Measure {
  return pixels(fontSize * BOLDER);
}

/** The width of a text. */
export function widthOf(text: string, measure: Measure): number {
  return [...graphemes.segment(text)].reduce((sum, { segment }) => sum + measure(segment), 0);
}

/** `text` within `max`, with `…` at its end when something was cut; nothing when not even one character fits. */
export function fitText(text: string, max: number, measure: Measure): string {
  if (widthOf(text, measure) <= max) return text;
  const room = max - measure(CUT_MARK);
  let kept = '';
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += measure(segment);
    if (width > room) break;
    kept += segment;
  }
  return kept.trimEnd() === '' ? '' : kept.trimEnd() + CUT_MARK;
}

/** `text` in at most `most` lines of `max` each, parted between words; the last one is cut when there is more. */
export function wrapText(
  text: string,
  max: number,
  { measure, most }: { measure: Measure; most: number },
): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || lines.length === most - 1 || widthOf(longer, measure) <= max) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((each) => fitText(each, max, measure));
}

/** `text` in exactly `width` columns: cut, or followed by spaces. */
export function pad(text: string, width: number): string {
  const fitting = fitText(text, width, columns);
  return fitting + ' '.repeat(Math.max(0, width - widthOf(fitting, columns)));
}
