/**
 * The language of a status page: which words a locale gets.
 *
 * It never fails: a locale whose language has no words here gets English, and the page says that it is English.
 */
import type { Words } from './words.ts';
import { GERMAN } from './words-de.ts';
import { ENGLISH } from './words-en.ts';

const LANGUAGES: Readonly<Record<string, Words>> = { en: ENGLISH, de: GERMAN };
const TAG = /^(en|de)(-[a-z0-9]{2,8}){0,3}$/i;

/** The words for a locale, and what to call their language in the page. */
export function wordsFor(locale: string): { readonly lang: string; readonly words: Words } {
  const language = TAG.exec(locale)?.[1]?.toLowerCase();
  const words = language === undefined ? undefined : LANGUAGES[language];
  return words === undefined ? { lang: 'en', words: ENGLISH } : { lang: locale, words };
}
