/**
 * A report as HTML: one document that needs no script and fetches nothing, to be read, sent or printed.
 *
 * Pure. No text of anybody is markup in it, and it never asks the clock: the same report gives the same bytes.
 */
import type { NumbersReport } from '../../model/measurement.ts';
import { escaped, line } from '../status/page/markup.ts';
import type { ReportTextOptions } from './document/document.ts';
import { reportDocument } from './document/report-document.ts';
import { blockHtml } from './page/blocks.ts';
import { OWN_POLICY, STYLE } from './page/style.ts';

export { REPORT_PAGE_CSP } from './page/style.ts';

const LONGEST = 300;

/**
 * A report as an HTML document of its own, to be saved, mailed, or served with {@link REPORT_PAGE_CSP}.
 *
 * Light and dark follow the reader; it prints on paper with everything that is folded on a screen, and can be read on a telephone
 * and without seeing it. Lists are bounded: fifty services and people, the others summed up; ten alerts.
 *
 * @throws TocsinError INPUT_INVALID when the time zone of a report is not known.
 * @example
 * ```ts
 * import { reportHtml } from 'tocsin/render';
 * import { sampleNumbers } from 'tocsin/testing';
 * reportHtml(sampleNumbers()).includes('<h1>Incidents in November 2026</h1>'); // => true
 * ```
 */
export function reportHtml(report: NumbersReport, options: ReportTextOptions = {}): string {
  const { title, subtitle, sections } = reportDocument(report, options);
  const { users } = options;
  const charts = users === undefined ? {} : { users };
  const parts = sections.map(
    ({ id, title: heading, blocks }) =>
      `<section aria-labelledby=${id}><h2 id=${id}>${heading}</h2>${blocks.map((block) => blockHtml(block, report, charts)).join('')}</section>\n`,
  );
  const name = line(title, LONGEST);
  return [
    '<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>',
    `<meta http-equiv=content-security-policy content="${escaped(OWN_POLICY)}">`,
    '<meta name=viewport content="width=device-width,initial-scale=1"><meta name=color-scheme content="light dark">',
    `<meta name=robots content=noindex><title>${name}</title><style>${STYLE}</style></head>\n`,
    `<body><header><h1>${name}</h1><p>${line(subtitle, LONGEST)}</p></header>\n<main>`,
    ...parts,
    '</main>\n<footer><p>Counted are incidents that were opened in the period. A dash is a number that is not known.</p></footer>',
    '</body></html>\n',
  ].join('');
}
