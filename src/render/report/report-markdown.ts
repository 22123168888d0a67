/**
 * A report as Markdown: for a wiki, a pull request or a chat that shows tables.
 *
 * No text of a stranger is markup in it. It has no pictures: what they show is in the tables.
 */
import { markdownLine } from '../../core/text/markdown.ts';
import type { NumbersReport } from '../../model/measurement.ts';
import { type Block, type Figure, hasWords, type ReportTextOptions, type Table } from './document/document.ts';
import { reportDocument } from './document/report-document.ts';

/**
 * A report as Markdown with tables as in GitHub's. The same report and options give the same bytes.
 *
 * @throws TocsinError INPUT_INVALID when the time zone of a report is not known.
 * @example
 * ```ts
 * import { reportMarkdown } from 'tocsin/render';
 * import { sampleNumbers } from 'tocsin/testing';
 * const text = reportMarkdown(sampleNumbers(), { users: [{ id: 'ana', name: 'Ana Lima' }] });
 * text.split('\n')[0]; // => '# Incidents in November 2026'
 * text.includes('| Ana Lima | 4 | 3 | 1 | 1 | 0 | 1 | 1 | 3 | 1h 35m | 168 |'); // => true
 * ```
 */
export function reportMarkdown(report: NumbersReport, options: ReportTextOptions = {}): string {
  const { title, subtitle, sections } = reportDocument(report, options);
  const parts = sections.flatMap((part) => [`## ${markdownLine(part.title)}`, ...part.blocks.flatMap(blockText)]);
  return `${[`# ${markdownLine(title)}`, markdownLine(subtitle), ...parts].join('\n\n')}\n`;
}

function blockText(block: Block): readonly string[] {
  switch (block.kind) {
    case 'text':
      return [markdownLine(block.text)];
    case 'figures':
      return [figuresText(block.figures)];
    case 'table':
      return tableText(block.table);
    case 'charts':
      return [];
  }
}

function figuresText(figures: readonly Figure[]): string {
  const hasChanges = figures.some(({ change }) => change !== undefined);
  const rows = figures.map(({ name, value, change }) => [name, value, ...(hasChanges ? [change?.text ?? ''] : [])]);
  return rowsText(['What', 'How many', ...(hasChanges ? ['Change'] : [])], rows);
}

function tableText({ caption, columns, rows, note }: Table): readonly string[] {
  return [`**${markdownLine(caption)}**`, rowsText(columns, rows), ...(note === undefined ? [] : [markdownLine(note)])];
}

function rowsText(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownLine).join(' | ')} |`;
  const rule = `|${columns.map((column, place) => (place === 0 || hasWords(column) ? '---' : '--:')).join('|')}|`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}
