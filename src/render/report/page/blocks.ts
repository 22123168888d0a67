/**
 * The blocks of a report as HTML.
 *
 * Every text goes through `line` (status/page/markup.ts): nothing that somebody wrote becomes a tag or an attribute.
 */
import type { NumbersReport } from '../../../model/measurement.ts';
import { apart, line } from '../../status/page/markup.ts';
import { type Block, type Change, type ChartPlace, type Figure, hasWords, type Table } from '../document/document.ts';
import { inlineChart, type NumbersSvgOptions } from '../numbers-svg.ts';

const MOST = 1_000;
/** A longer table is folded. */
const FOLDED = 16;
const ARROWS: { readonly [D in Change['direction']]: string } = { up: '▲', down: '▼', same: '=' };

/** A block as HTML. */
export function blockHtml(block: Block, report: NumbersReport, options: NumbersSvgOptions): string {
  switch (block.kind) {
    case 'text':
      return `<p>${line(block.text, MOST)}</p>`;
    case 'figures':
      return `<dl class=figures>${block.figures.map(figureHtml).join('')}</dl>`;
    case 'charts':
      return `<div class=charts>${block.charts.map((place) => chartHtml(place, report, options)).join('')}</div>`;
    case 'table':
      return tableHtml(block.table);
  }
}

function figureHtml({ name, value, change }: Figure): string {
  const changed =
    change === undefined
      ? ''
      : `<span class=change><span aria-hidden=true>${ARROWS[change.direction]}</span> ${line(change.text, MOST)}</span>`;
  return `<div><dt>${line(name, MOST)}</dt><dd>${line(value, MOST)}${changed}</dd></div>`;
}

function chartHtml({ chart, measurement }: ChartPlace, report: NumbersReport, options: NumbersSvgOptions): string {
  const own = measurement === undefined ? options : { ...options, measurement };
  return `<figure>${inlineChart(report, chart, own).trim()}</figure>`;
}

function tableHtml({ caption, columns, rows, note }: Table): string {
  const name = line(caption, MOST);
  const look = (place: number) => (place > 0 && hasWords(columns[place]) ? ' class=text' : '');
  const head = columns.map((column, place) => `<th scope=col${look(place)}>${line(column, MOST)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, place) =>
      place === 0
        ? `<th scope=row>${apart(line(cell, MOST))}</th>`
        : `<td${look(place)}>${apart(line(cell, MOST))}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  // A region that scrolls must be reached with the keyboard as well.
  const table = `<div class=table role=region aria-label="${name}" tabindex=0><table><caption>${name}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
  const more = note === undefined ? '' : `<p class=note>${line(note, MOST)}</p>`;
  if (rows.length <= FOLDED) return table + more;
  return `<details><summary>${name}: all ${rows.length} rows</summary>${table}${more}</details>`;
}
