/**
 * A review as Markdown, as GitHub reads it.
 *
 * Pure. Text of anybody is plain text in it: never a heading, a link, an image or HTML.
 */
import { markdownBlock, markdownLine, markdownLink, markdownText } from '../../core/text/markdown.ts';
import { bracketedAddress, webAddress } from '../../core/text/web-address.ts';
import type { BuiltReview } from '../../model/review.ts';
import type { Block, Inline, Line } from './document.ts';
import { factsOf, type Making, partsOf } from './parts.ts';
import { pictureInWords } from './picture-in-words.ts';
import { type ReviewClock, reviewClock } from './review-clock.ts';
import { incidentAddress, type ReviewLinks } from './review-links.ts';

/** What {@link reviewMarkdown} shows beside the review. */
export type ReviewMarkdownOptions = {
  /** Where incidents and the picture are found. Linked are http and https addresses, and a picture that lies beside the text. */
  readonly links?: ReviewLinks;
};

/**
 * A review as GitHub-flavoured Markdown: the sections of its template with what people wrote, its numbers with the entries
 * that they came from (`#12 -> #20`), the timeline, and what is still to be written.
 *
 * Times are in `review.timeZone`. Without `links.picture` the picture is told in words. The same review gives the same text.
 *
 * @throws TocsinError INPUT_INVALID when the time zone of the review is not known.
 * @example
 * ```ts
 * import { createTocsin } from 'tocsin';
 * import { consoleNotifier } from 'tocsin/notifiers/console';
 * import { reviewMarkdown } from 'tocsin/render';
 * const tocsin = createTocsin({
 *   notifiers: [consoleNotifier()],
 *   config: {
 *     users: [{ id: 'ana', contacts: [{ notifier: 'console', address: 'ana' }] }],
 *     escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
 *     services: [{ id: 'checkout', escalationPolicy: 'default' }],
 *   },
 * });
 * const { id } = await tocsin.incidents.open({ title: 'Payments <b>fail</b>', service: 'checkout', by: 'ana' });
 * const review = await tocsin.reviews.get(id);
 * const lines = reviewMarkdown(review, { links: { incident: 'https://ops.example/incidents/{id}' } }).split('\n');
 * lines[0]; // => '# Review: Payments &lt;b&gt;fail&lt;/b&gt;'
 * lines.includes(`[The incident](<https://ops.example/incidents/${id}>)`); // => true
 * ```
 */
export function reviewMarkdown(review: BuiltReview, options: ReviewMarkdownOptions = {}): string {
  const { links = {} } = options;
  const making = { clock: reviewClock(review.timeZone), links };
  const address = incidentAddress(links, review.incident.id);
  const write = (block: Block) => writeBlock(block, review, making);
  const parts = partsOf(review, making).map(({ title, blocks }) =>
    [`## ${lineOr(title, 'More')}`, ...blocks.map(write)].join('\n\n'),
  );
  return [
    `# Review: ${lineOr(review.incident.title, 'Untitled')}`,
    write(factsOf(review, making)),
    ...(address === undefined ? [] : [markdownLink(address, 'The incident')]),
    ...parts,
  ]
    .join('\n\n')
    .concat('\n');
}

function writeBlock(block: Block, review: BuiltReview, making: Making): string {
  switch (block.kind) {
    case 'prose':
      return markdownText(block.text);
    case 'asked':
      return asked(block.text, block.isRequired);
    case 'line':
      return block.line.map(inline).join('');
    case 'block':
      return markdownBlock(block.text);
    case 'list':
      return block.items.map((item) => `- ${cell(item)}`).join('\n');
    case 'facts':
      return table(
        [block.label, ''],
        block.rows.map(([name, line]) => [markdownLine(name), cell(line)]),
      );
    case 'table':
      return table(
        block.head,
        block.rows.map((row) => row.map(cell)),
        block.numbers,
      );
    case 'picture':
      return picture(review, making);
    case 'timeline':
      return timeline(review, making.clock);
  }
}

function asked(text: string, isRequired: boolean): string {
  const words = isRequired ? '**Still to be written.**' : '*Nobody has written this yet.*';
  const question = markdownText(text);
  return question === '' ? words : `${words}\n\n${question}`;
}

function picture(review: BuiltReview, { clock, links }: Making): string {
  const words = markdownLine(pictureInWords(review, clock));
  const address = links.picture === undefined ? undefined : (besideIt(links.picture) ?? webAddress(links.picture));
  return address === undefined ? words : `![${words}](<${bracketedAddress(address)}>)`;
}

/** A file beside the text, such as `incident.svg`: what names no scheme and no host. */
function besideIt(address: string): string | undefined {
  return /^[\w-][\w./-]*$/.test(address) ? address : undefined;
}

function timeline({ entries }: BuiltReview, clock: ReviewClock): string {
  if (entries.length === 0) return 'Nothing is on the timeline yet.';
  let day = '';
  const rows = entries.map(({ seq, at, text, isPinned, isAlarming }) => {
    const date = clock.date(at);
    const shown = date === day ? clock.time(at) : `${date} ${clock.time(at)}`;
    day = date;
    const line = markdownLine(text);
    const marks = `${isPinned ? '📌 ' : ''}${isAlarming ? '⚠ ' : ''}`;
    return `| ${seq === undefined ? '' : `\`#${seq}\``} | ${shown} | ${marks}${line} |`;
  });
  const head = ['| Entry | Time | What happened |', '|---|---|---|'];
  return [`All times in ${markdownLine(clock.zone)}. 📌 pinned, ⚠ failed or missed.`, '', ...head, ...rows].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[], numbers: readonly number[] = []): string {
  const rule = head.map((_, column) => (numbers.includes(column) ? '--:' : '---'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cell(line: Line): string {
  const written = line.map(inline).join('').trim();
  return written === '' ? '–' : written;
}

function inline(piece: Inline): string {
  switch (piece.kind) {
    case 'text':
    case 'soft':
      return spaced(piece.text, (text) => text);
    case 'strong':
    case 'alarm':
      return spaced(piece.text, (text) => `**${text}**`);
    // Within a span of code, GitHub takes it for no issue.
    case 'entries':
      return `\`${piece.seqs.map((seq) => `#${seq}`).join(' -> ')}\``;
    case 'link':
      return markdownLink(piece.href, piece.text) || '–';
  }
}

/** Markup around a text, and the spaces at its ends around the markup: `** a**` is not bold. */
function spaced(text: string, around: (line: string) => string): string {
  const line = markdownLine(text);
  if (line === '') return text === '' ? '' : ' ';
  return `${/^\s/.test(text) ? ' ' : ''}${around(line)}${/\s$/.test(text) ? ' ' : ''}`;
}

function lineOr(text: string, instead: string): string {
  return markdownLine(text) || instead;
}
