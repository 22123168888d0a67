/**
 * Local texts: the words of a page in the language of whoever reads it, those of the host first.
 *
 * Pure. A language that nobody knows, and a translation that lost its `{...}`, fall back; nothing here ever throws.
 */
import { GERMAN } from './german.ts';
import { ENGLISH, type GivenLinkTexts, type LinkTexts } from './words.ts';

/** All texts in one language, and which one it is. */
export type LocalLinkTexts = { readonly lang: string; readonly texts: LinkTexts };

const BUILT_IN: GivenLinkTexts = { en: ENGLISH, de: GERMAN };
const MAX_TAG = 35;
const TAG = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;
const PLACEHOLDER = /\{\w+\}/g;

/** The texts for `locale`: those given for `de-AT`, then for `de`, then ours for `de`, then English. */
export function localLinkTexts(locale: string | undefined, given: GivenLinkTexts = {}): LocalLinkTexts {
  const found = broader(locale).flatMap((wanted) =>
    [given, BUILT_IN].flatMap((source) => {
      const name = Object.keys(source).find((key) => normal(key) === wanted);
      const texts = name === undefined ? undefined : source[name];
      return name === undefined || typeof texts !== 'object' || texts === null ? [] : [{ name, texts }];
    }),
  );
  const lang = (found[0]?.name ?? 'en').replaceAll('_', '-');
  const texts: Record<string, string> = {};
  for (const [name, english] of Object.entries(ENGLISH)) {
    const local = found.map((source) => ownText(source.texts, name)).find((text) => isUsable(text, english));
    texts[name] = local ?? english;
  }
  return { lang: TAG.test(lang) ? lang : 'en', texts: texts as LinkTexts };
}

/** `de-AT` is looked for as itself and as `de`, and English is always there. */
function broader(locale: string | undefined): readonly string[] {
  const parts = normal(typeof locale === 'string' ? locale.slice(0, MAX_TAG) : 'en').split('-');
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('-')), 'en'];
}

function normal(tag: string): string {
  return tag.replaceAll('_', '-').toLowerCase();
}

function ownText(texts: Partial<LinkTexts>, name: string): string | undefined {
  const text: unknown = Object.hasOwn(texts, name) ? Reflect.get(texts, name) : undefined;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

function isUsable(text: string | undefined, english: string): boolean {
  return text !== undefined && (english.match(PLACEHOLDER) ?? []).every((placeholder) => text.includes(placeholder));
}
