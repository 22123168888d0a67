/**
 * The updates of an incident or a maintenance, the newest first.
 *
 * It never changes their order, and never shows one without when it was posted.
 */
import type { Audience, PictureUpdate } from '../../../model/status.ts';
import { dirOf, prose } from './markup.ts';
import type { Sheet } from './sheet.ts';
import type { Words } from './words.ts';

/** Updates of what is open, with everything there is to say. */
export function openUpdates(updates: readonly PictureUpdate[], sheet: Sheet): string {
  const { words, times, isInternal } = sheet;
  if (updates.length === 0) return `<p class=soft>${words.noUpdates}</p>`;
  const written = updates.map(({ status, text, at, audience }) => {
    const tag = isInternal ? tagOf(audience, words) : '';
    const moment = `<small><time datetime=${times.machine(at)}>${times.short(at)}</time></small>`;
    return `<dt>${words.status[status]}${moment}${tag}</dt><dd${dirOf(text)}>${prose(text)}</dd>`;
  });
  return `<dl>${written.join('')}</dl>`;
}

/** Updates of what is over, in few bytes: with the day only when it is another one than that of `beganAt`. */
export function pastUpdates(updates: readonly PictureUpdate[], beganAt: number, sheet: Sheet): string {
  const { words, times, isInternal } = sheet;
  if (updates.length === 0) return `<p class=none>${words.nothingPosted}`;
  const written = updates.map(({ status, text, at, audience }) => {
    const tag = isInternal ? tagOf(audience, words) : '';
    return `<dt>${times.beside(at, beganAt)} ${words.status[status]}${tag}<dd${dirOf(text)}>${prose(text)}`;
  });
  return `<dl>${written.join('')}</dl>`;
}

/** Of an internal page: who reads it. */
function tagOf(audience: Audience, words: Words): string {
  return `<i class=${audience === 'internal' ? '"tag in"' : 'tag'}>${words.audience[audience]}</i>`;
}
