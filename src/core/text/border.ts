/**
 * Borders: where a text may be parted, between two characters as people see them (extended grapheme clusters).
 *
 * Pure. It looks only around the place it is asked about, so that it costs little in a long text; it never cuts by itself.
 *
 * @see UAX #29 3.1
 */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Whether a code unit is a whole character that joins with no other of its kind: between two of them there always is a
 * border. Letters of the common scripts, digits, punctuation; neither CR nor marks, Hangul, emoji or half a pair.
 */
export function isAlone(unit: number): boolean {
  if (unit < 0x300) return unit >= 0x20 || unit === 0x0a || unit === 0x09;
  return (
    (unit >= 0x4e00 && unit <= 0x9fff) ||
    (unit >= 0x3041 && unit <= 0x3096) ||
    (unit >= 0x30a1 && unit <= 0x30fa) ||
    (unit >= 0x370 && unit <= 0x482) ||
    (unit >= 0x48a && unit <= 0x52f) ||
    (unit >= 0x2010 && unit <= 0x2027) ||
    (unit >= 0x3000 && unit <= 0x3029)
  );
}

/** The last border at or before `index`; never beyond the ends of `text`. */
export function borderBefore(text: string, index: number): number {
  if (index <= 0) return 0;
  if (index >= text.length) return text.length;
  if (isBetweenAlone(text, index)) return index;
  let start = index - 1;
  while (start > 0 && !isBetweenAlone(text, start)) start -= 1;
  // What follows decides too, but no more of it than one character.
  const around = graphemes.segment(text.slice(start, index + 2));
  return start + (around.containing(index - start)?.index ?? 0);
}

/** Where the last of the first `count` characters of `text` begins, and whether others follow. */
export function lastOfFirst(text: string, count: number): { readonly start: number; readonly isFollowed: boolean } {
  let seen = 0;
  let start = 0;
  for (let at = 0; at < text.length; ) {
    if (isAlone(text.charCodeAt(at)) && (at + 1 === text.length || isAlone(text.charCodeAt(at + 1)))) {
      if (seen === count) return { start, isFollowed: true };
      start = at;
      seen += 1;
      at += 1;
      continue;
    }
    let end = at + 2;
    while (end < text.length && !isBetweenAlone(text, end)) end += 1;
    for (const { index } of graphemes.segment(text.slice(at, end))) {
      if (seen === count) return { start, isFollowed: true };
      start = at + index;
      seen += 1;
    }
    at = end;
  }
  return { start, isFollowed: false };
}

function isBetweenAlone(text: string, index: number): boolean {
  return isAlone(text.charCodeAt(index - 1)) && isAlone(text.charCodeAt(index));
}
