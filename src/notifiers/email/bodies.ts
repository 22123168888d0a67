/**
 * Bodies: the two readings of one mail, as plain text and as HTML.
 *
 * Pure. The HTML has neither tables nor colours but those of its buttons, so that mail programs show it well in dark mode
 * too; every text is escaped, and it never refers to anything that would be fetched.
 */
import { htmlText } from '../../core/text/html.ts';
import type { Outline, OutlinedItem, OutlinedLink } from './outline.ts';

const PAGE = 'margin:0;padding:16px;font:16px/1.5 Arial,sans-serif';
const COLUMN = 'max-width:640px;overflow-wrap:anywhere';
const SECTION = 'margin:0 0 16px';
const TITLE = 'margin:0 0 12px;font-size:22px;line-height:1.3';
const LINE = 'margin:0 0 4px';
const BODY = 'margin:0;white-space:pre-wrap';
const ITEM = 'margin:0 0 12px';
const LINK = 'display:inline-block;padding:6px 0;font-weight:bold';
const BUTTON =
  'display:inline-block;margin:0 8px 8px 0;padding:11px 20px;border:1px solid #fff;border-radius:6px;background:#0747a6;color:#fff;font-weight:bold;text-decoration:none';

/** The mail without markup. */
export function textBody({ title, facts, actions, body, items, moreItems, links, moreLinks }: Outline): string {
  const sections = [
    [title, ...facts],
    actions.map(linkLine),
    [body],
    [...items.flatMap(itemLines), moreItems],
    [...links.map(linkLine), moreLinks],
  ];
  return `${filled(sections.map((lines) => filled(lines).join('\n'))).join('\n\n')}\n`;
}

/** The mail as a page of HTML. */
export function htmlBody({ locale, title, facts, actions, body, items, moreItems, links, moreLinks }: Outline): string {
  const sections = [
    [element('h1', TITLE, htmlText(title)), ...facts.map(paragraph)],
    [element('p', LINE, actions.map((action) => anchor(action, BUTTON)).join('\n'))],
    [element('p', BODY, htmlText(body).replaceAll('\n', '<br>'))],
    [...items.map((item) => element('div', ITEM, itemBlock(item))), paragraph(moreItems)],
    [...links.map((link) => element('p', LINE, linkBlock(link))), paragraph(moreLinks)],
  ];
  return `<!DOCTYPE html>
<html lang="${htmlText(locale)}" style="color-scheme:light dark">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(title)}</title>
</head>
<body style="${PAGE}">
<div style="${COLUMN}">
${filled(sections.map((blocks) => element('div', SECTION, filled(blocks).join('\n')))).join('\n')}
</div>
</body>
</html>
`;
}

function filled(parts: readonly string[]): readonly string[] {
  return parts.filter((part) => part !== '');
}

function linkLine({ href, text }: OutlinedLink): string {
  return text === href ? href : `${text}: ${href}`;
}

function itemLines({ title, line, actions }: OutlinedItem): readonly string[] {
  return [line === '' ? `- ${title}` : `- ${title} (${line})`, ...actions.map((action) => `  ${linkLine(action)}`)];
}

function paragraph(text: string): string {
  return element('p', LINE, htmlText(text));
}

/** Each element finds its own direction of writing; one without content is none. */
function element(name: string, style: string, content: string): string {
  return content === '' ? '' : `<${name} dir="auto" style="${style}">${content}</${name}>`;
}

function anchor({ href, text }: OutlinedLink, style: string): string {
  return `<a href="${htmlText(href)}" style="${style}">${htmlText(text)}</a>`;
}

function itemBlock({ title, line, actions }: OutlinedItem): string {
  const links = actions.map((action) => anchor(action, LINK)).join(' &nbsp; ');
  return filled([`<strong>${htmlText(title)}</strong>`, htmlText(line), links]).join('<br>');
}

/** A label says what it likes, so the host that it leads to stands beside it. */
function linkBlock(link: OutlinedLink): string {
  return anchor(link, LINK) + (link.host === '' ? '' : ` (<bdi>${htmlText(link.host)}</bdi>)`);
}
