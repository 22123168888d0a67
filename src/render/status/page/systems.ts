/**
 * The systems of a status page: each component with its state and its uptime, in its group.
 *
 * It never leaves a component out: one whose group is not there stands among the others.
 */
import { IMPACTS, type PictureComponent } from '../../../model/status.ts';
import { percentOf, sampleBar, uptimeBars } from './bars.ts';
import { dirOf, line, NAME, TITLE } from './markup.ts';
import { PLACE } from './palette.ts';
import type { Sheet } from './sheet.ts';

const NO_DATA = 5;

/** All systems, a legend, and how uptime is worked out. */
export function systems(sheet: Sheet): string {
  const { picture, words } = sheet;
  const { components, groups } = picture;
  if (components.length === 0) return '';
  const known = new Set(groups.map(({ id }) => id));
  const byGroup = Map.groupBy(components, ({ group }) => (group !== undefined && known.has(group) ? group : undefined));
  const parts = groups.map(({ id, name, description }) => {
    const own = byGroup.get(id);
    return own === undefined ? '' : group(own, sheet, heading(line(name, NAME, words.untitled), description));
  });
  const others = byGroup.get(undefined);
  // A heading says only what it parts from something else.
  const rest = others === undefined ? '' : group(others, sheet, byGroup.size > 1 ? heading(words.otherSystems) : '');
  return `<section aria-labelledby=systems><h2 id=systems>${words.systems}</h2>${parts.join('')}${rest}${explained(sheet)}</section>`;
}

function group(components: readonly PictureComponent[], sheet: Sheet, title: string): string {
  return `<div class=group>${title}<ul>${components.map((component) => item(component, sheet)).join('')}</ul></div>\n`;
}

function heading(name: string, description?: string): string {
  const more = description === undefined ? '' : `<p class=soft${dirOf(description)}>${line(description, TITLE)}</p>`;
  return `<h3${dirOf(name)}>${name}</h3>${more}`;
}

function item({ id, description, impact, uptime }: PictureComponent, sheet: Sheet): string {
  const { words, nameOf } = sheet;
  const more = description === undefined ? '' : `<p class=soft${dirOf(description)}>${line(description, TITLE)}</p>`;
  const bars = uptime === undefined ? '' : uptimeBars(uptime, sheet);
  const name = nameOf(id) ?? '';
  return `<li><div class=row><b${dirOf(name)}>${name}</b><span class=k${PLACE[impact]}>${words.impact[impact]}</span></div>${more}${bars}`;
}

function explained({ picture, words }: Sheet): string {
  if (picture.components.every(({ uptime }) => uptime === undefined)) return '';
  const kinds = IMPACTS.map((impact) => `<li>${sampleBar(PLACE[impact])}${words.impact[impact]}</li>`).join('');
  const legend = `<ul class=legend>${kinds}<li>${sampleBar(NO_DATA)}${words.unknown}</li></ul>`;
  const rules = picture.page.uptime;
  const weights =
    rules === undefined
      ? ''
      : `<p>${words.howWeights}</p><ul>${(['major_outage', 'partial_outage', 'degraded_performance'] as const)
          .map((impact) => {
            const share = words.percent(percentOf(rules.weights[impact], words.decimal));
            return `<li>${words.weight(words.impact[impact], share)}</li>`;
          })
          .join('')}</ul>`;
  return `${legend}<details class=how><summary>${words.howTitle}</summary><p>${words.how(rules?.days)}</p>${weights}<p>${words.howRest}</p></details>`;
}
