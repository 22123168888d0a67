/**
 * A picture as an SVG document: its frame, and the words for people who do not see it.
 *
 * The same input gives the same bytes; ids are derived from it, so that two pictures may stand on one page.
 */
import { element, escapeXml } from './xml.ts';

/** What stands around the content of a picture. */
export type SvgFrame = {
  /** What its ids begin with (see {@link prefixOf}). */
  readonly prefix: string;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** A summary for people who do not see the picture. */
  readonly description: string;
  /** Its style sheet; none where a page has it already. */
  readonly style?: string;
};

const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans',sans-serif";

/** What the ids of a picture begin with that is made of this. */
export function prefixOf(parts: readonly unknown[]): string {
  return `tcs-${fingerprint(JSON.stringify(parts))}`;
}

/** A picture: `content` is markup already. */
export function svgDocument(frame: SvgFrame, content: readonly string[]): string {
  const { prefix, width, height, title, description, style } = frame;
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-labelledby': `${prefix}-title`,
    'aria-describedby': `${prefix}-desc`,
    'font-family': FONT,
  };
  const parts = [
    element('title', { id: `${prefix}-title` }, escapeXml(title)),
    element('desc', { id: `${prefix}-desc` }, escapeXml(description)),
    ...(style === undefined ? [] : [element('style', {}, style)]),
    ...content,
  ];
  return `${element('svg', attributes, `\n${parts.join('\n')}\n`)}\n`;
}

/** A short name for a text: FNV-1a, 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}
