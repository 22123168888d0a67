/**
 * Bodies: the two readings of one mail, as plain text and as HTML.
 *
 * Pure. The HTML has neither tables nor colours of its own but those of the buttons, so that mail programs show it well in
 * dark mode too; every text is escaped, and it never refers to anything that would be fetched.
 */
import { htmlText } from '../../core/text/html.ts';
import type { Outline, OutlinedItem, OutlinedLink } from './outline.ts';

const PAGE = 'margin:0;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5';
const COLUMN = 'max-width:640px;overflow-wrap:anywhere;word-break:break-word';
const TITLE = 'margin:0 0 12px;font-size:22px;line-height:1.3';
const BLOCK = 'margin:0 0 12px';
const FACT = 'margin:0 0 4px';
const BODY = 'margin:16px 0;white-space:pre-wrap';
const BUTTONS = 'margin:20px 0 12px';
const BUTTON =
  'display:inline-block;margin:0 8px 8px 0;padding:11px 20px;border:1px solid #ffffff;border-radius:6px;background:#0747a6;color:#ffffff;font-weight:bold;text-decoration:none';
const ITEM = 'margin:0 0 16px';
const ITEM_ACTION = 'display:inline-block;margin:4px 20px 0 0;font-weight:bold';

/** The mail without markup. */
export function textBody({ title, facts, actions, body, items, moreItems, links, moreLinks }: Outline): string {
  const sections = [
    [title, ...facts],
    actions.map(linkLine),
    [body],
    [...items.flatMap(itemLines), moreItems],
    [...links.map(linkLine), moreLinks],
  ];
  const filled = sections.map((lines) => lines.filter((line) => line !== '')).filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** The mail as a page of HTML. */
export function htmlBody({ locale, title, facts, actions, body, items, moreItems, links, moreLinks }: Outline): string {
  const blocks = [
    element('h1', TITLE, htmlText(title)),
    ...facts.map((fact) => element('p', FACT, htmlText(fact))),
    element('p', BUTTONS, actions.map((action) => anchor(action, BUTTON)).join('\n')),
    element('p', BODY, htmlText(body).replaceAll('\n', '<br>')),
    ...items.map((item) => element('div', ITEM, itemBlock(item))),
    element('p', BLOCK, htmlText(moreItems)),
    ...links.map((link) => element('p', FACT, linkBlock(link))),
    element('p', BLOCK, htmlText(moreLinks)),
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
${blocks.filter((block) => block !== '').join('\n')}
</div>
</body>
</html>
`;
}

function linkLine({ href, text }: OutlinedLink): string {
  return text === href ? href : `${text}: ${href}`;
}

function itemLines({ title, line, actions }: OutlinedItem): readonly string[] {
  return [line === '' ? `- ${title}` : `- ${title} (${line})`, ...actions.map((action) => `  ${linkLine(action)}`)];
}

/** Each block finds its own direction of writing; one without content is none. */
function element(name: string, style: string, content: string): string {
  return content === '' ? '' : `<${name} dir="auto" style="${style}">${content}</${name}>`;
}

function anchor({ href, text }: OutlinedLink, style: string): string {
  return `<a href="${htmlText(href)}" style="${style}">${htmlText(text)}</a>`;
}

function itemBlock({ title, line, actions }: OutlinedItem): string {
  const lines = [`<strong>${htmlText(title)}</strong>`, htmlText(line)].filter((part) => part !== '');
  const links = actions.map((action) => anchor(action, ITEM_ACTION)).join('\n');
  return [...lines, ...(links === '' ? [] : [links])].join('<br>');
}

/** A label says what it likes, so the host that it leads to stands beside it. */
function linkBlock(link: OutlinedLink): string {
  const shown = anchor(link, 'font-weight:bold');
  return link.host === '' ? shown : `${shown} (<bdi>${htmlText(link.host)}</bdi>)`;
}
