/**
 * A sheet: what every part of a status page needs to write itself.
 *
 * It belongs to one page that is being written; it never outlives it.
 */
import type { StatusPicture } from '../../../model/status.ts';
import { anchorOf } from '../anchor.ts';
import { wordsFor } from './language.ts';
import { line, NAME } from './markup.ts';
import { type Times, timesOf } from './times.ts';
import type { Words } from './words.ts';

/** What the parts of a page share. */
export type Sheet = {
  readonly picture: StatusPicture;
  readonly lang: string;
  readonly words: Words;
  readonly times: Times;
  readonly isInternal: boolean;
  /** The name of a component as markup; `undefined` for one that the page does not show. */
  nameOf(component: string): string | undefined;
  /** The attribute by which feeds link to an incident or maintenance; nothing for what is one already. */
  anchor(id: string): string;
};

/** The ids of the page itself, which nothing else may have. */
export const OWN_IDS = ['main', 'now', 'open', 'work', 'systems', 'past'] as const;

/** A sheet for a picture. */
export function sheetOf(picture: StatusPicture): Sheet {
  const { page, components } = picture;
  const { lang, words } = wordsFor(page.locale);
  const names = new Map(components.map(({ id, name }) => [id, line(name, NAME, words.untitled)]));
  const taken = new Set<string>(OWN_IDS);
  return {
    picture,
    lang,
    words,
    times: timesOf(page.timeZone, words),
    isInternal: page.audience === 'internal',
    nameOf: (component) => names.get(component),
    anchor(event) {
      const id = anchorOf(event);
      if (taken.has(id)) return '';
      taken.add(id);
      return ` id=${id}`;
    },
  };
}
