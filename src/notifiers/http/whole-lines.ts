/**
 * Whole lines: as many of a list as there is room for, and how many are left out.
 *
 * Pure. It never cuts a line: half a link is another link.
 */
import { boundedLine } from '../../core/text/bounded.ts';

/** The most UTF-16 code units of {@link moreLines}, before it is escaped. */
const MAX_MORE = 80;

/** Those of `lines`, in order, that take at most `room` UTF-16 code units together, each with a line break. Empty ones are left out. */
export function wholeLines(lines: readonly string[], room: number): readonly string[] {
  let left = room;
  return lines.filter((line) => {
    if (line === '' || line.length + 1 > left) return false;
    left -= line.length + 1;
    return true;
  });
}

/** One line, not escaped, that says that `count` are left out; none when none is. */
export function moreLines(moreText: string, count: number): readonly string[] {
  return count === 0 ? [] : [boundedLine(moreText.replace('{n}', String(count)), MAX_MORE)];
}
