/**
 * The blocks of a review as HTML.
 *
 * Every text goes through the markup of pages; nothing that somebody wrote becomes a tag, an attribute or an address that is
 * none of the web.
 */
import { webAddress } from '../../../core/text/web-address.ts';
import type { BuiltReview } from '../../../model/review.ts';
import { apart, dirOf, escaped, hostLink, line, prose, TITLE } from '../../status/page/markup.ts';
import type { Block, Inline, Line } from '../document.ts';
import { incidentPictureInline } from '../picture.ts';
import type { ReviewClock } from '../review-clock.ts';
import { entryAnchor, timeline } from './timeline.ts';

type Table = Extract<Block, { readonly kind: 'table' }>;
type Facts = Extract<Block, { readonly kind: 'facts' }>;

const MOST_CELL = 2_000;

/** A block as markup. */
export function blockHtml(block: Block, review: BuiltReview, clock: ReviewClock): string {
  switch (block.kind) {
    case 'prose':
      return `<div class=prose${dirOf(block.text)}>${prose(block.text)}</div>`;
    case 'asked':
      return asked(block.text, block.isRequired);
    case 'line':
      return `<p>${lineHtml(block.line)}</p>`;
    case 'block':
      return `<pre tabindex=0${dirOf(block.text)}>${prose(block.text)}</pre>`;
    case 'list':
      return `<ul class=list>${block.items.map((item) => `<li>${lineHtml(item)}</li>`).join('')}</ul>`;
    case 'facts':
      return facts(block);
    case 'table':
      return table(block);
    case 'picture':
      return `<div class=wide role=group aria-label="Picture of the incident" tabindex=0>${incidentPictureInline(review)}</div>`;
    case 'timeline':
      return timeline(review, clock);
  }
}

function asked(text: string, isRequired: boolean): string {
  const word = isRequired ? 'Still to be written' : 'Nobody has written this yet';
  const question = text.trim() === '' ? '' : `<div class=prose${dirOf(text)}>${prose(text)}</div>`;
  return `<div class="asked${isRequired ? ' must' : ''}"><p><b>${word}</b></p>${question}</div>`;
}

function facts({ label, rows }: Facts): string {
  const pairs = rows.map(
    ([name, value]) => `<div><dt${dirOf(name)}>${line(name, TITLE)}</dt><dd>${lineHtml(value)}</dd></div>`,
  );
  return `<dl class=facts aria-label="${label}">${pairs.join('')}</dl>`;
}

function table({ label, head, numbers, rows }: Table): string {
  const look = (column: number) => (numbers.includes(column) ? ' class=num' : '');
  const heads = head.map((text, column) => `<th scope=col${look(column)}>${text}</th>`).join('');
  const body = rows.map(
    (cells) => `<tr>${cells.map((cell, column) => `<td${look(column)}>${lineHtml(cell)}</td>`).join('')}</tr>`,
  );
  return `<div class=wide role=group aria-label="${label}" tabindex=0><table><thead><tr>${heads}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function lineHtml(pieces: Line): string {
  return pieces.length === 0 ? '–' : pieces.map(inline).join('');
}

function inline(piece: Inline): string {
  switch (piece.kind) {
    case 'text':
      return spaced(piece.text);
    case 'strong':
      return `<b>${spaced(piece.text)}</b>`;
    case 'soft':
      return `<span class=soft>${spaced(piece.text)}</span>`;
    case 'alarm':
      return `<b class=alarm>${spaced(piece.text)}</b>`;
    case 'entries':
      return `<span class=seqs>${piece.seqs.map((seq) => `<a href="#${entryAnchor(seq)}">#${seq}</a>`).join(' → ')}</span>`;
    case 'link':
      return link(piece);
  }
}

function link({ of, href, text }: Extract<Inline, { readonly kind: 'link' }>): string {
  const shown = apart(line(text, TITLE));
  if (of === 'host') {
    const address = hostLink(href);
    return address === undefined ? shown : `<a href="${address}">${shown}</a>`;
  }
  const address = webAddress(href);
  return address === undefined
    ? shown
    : `<a href="${escaped(address)}" rel="nofollow noopener noreferrer">${shown}</a>`;
}

/** A text on one line, with the spaces that part it from what stands beside it. */
function spaced(text: string): string {
  if (text.trim() === '') return text === '' ? '–' : ' ';
  const shown = apart(line(text, MOST_CELL));
  return `${/^\s/.test(text) ? ' ' : ''}${shown}${/\s$/.test(text) ? ' ' : ''}`;
}
