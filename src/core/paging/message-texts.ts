/**
 * Texts: the words of messages in the language of whoever reads them, those of the host first.
 *
 * Pure. A language that nobody knows, and a translation that lost its `{title}`, fall back; nothing here ever throws.
 */
import { boundedLine } from '../text/bounded.ts';
import { GERMAN } from './message-german.ts';
import { ENGLISH, type MessageTexts, type PluralText } from './message-words.ts';

/** Texts of a host, by language: `{ 'de-AT': { snooze: 'Aufschieben' }, fr: { ... } }`. What is left out falls back. */
export type GivenTexts = { readonly [locale: string]: Partial<MessageTexts> };

/** All texts in one language. */
export type LocalTexts = {
  /** The language that they are in, as a BCP 47 tag. */
  readonly locale: string;
  readonly texts: MessageTexts;
  readonly plural: { select(n: number): string };
};

const BUILT_IN: GivenTexts = { en: ENGLISH, de: GERMAN };
const MAX_TAG = 35;
const MAX_TEXT = 240;
/** Whoever invents languages makes us forget some, and no more. */
const MAX_KNOWN = 500;
const SMALL = 100;
const PLACEHOLDER = /\{(\w+)\}/g;
const FORMS = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;

// Texts are put together once for each language of each host, because every message asks.
const known = new WeakMap<GivenTexts, Map<string, LocalTexts>>();

/**
 * The texts for `locale`: those given for `de-AT`, then for `de`, then ours for `de`, then English.
 *
 * A given text is not used when it lacks a placeholder of the English one, is empty, or is no text.
 *
 * @example
 * ```ts
 * import { textsFor } from 'tocsin';
 * textsFor('de-AT', { de: { snooze: 'Aufschieben' } }).texts.snooze; // => 'Aufschieben'
 * textsFor('de-AT').texts.acknowledge; // => 'Übernehmen'
 * textsFor('xx').locale; // => 'en'
 * ```
 */
export function textsFor(locale: string | undefined, given: GivenTexts = BUILT_IN): LocalTexts {
  const tag = typeof locale === 'string' ? locale : 'en';
  const made = known.get(given) ?? new Map<string, LocalTexts>();
  const before = made.get(tag);
  if (before !== undefined) return before;
  if (made.size >= MAX_KNOWN) made.clear();
  const local = localTexts(tag, given);
  made.set(tag, local);
  known.set(given, made);
  return local;
}

/** `text` with each `{name}` replaced by the value of that name; what has none stays as it is written. */
export function fillText(text: string, values: Readonly<Record<string, string | number>>): string {
  let filled = '';
  let copied = 0;
  for (let open = text.indexOf('{'); open >= 0; open = text.indexOf('{', open + 1)) {
    const close = text.indexOf('}', open);
    const name = text.slice(open + 1, close < 0 ? undefined : close);
    if (close < 0 || !Object.hasOwn(values, name)) continue;
    filled += `${text.slice(copied, open)}${values[name]}`;
    copied = close + 1;
  }
  return copied === 0 ? text : filled + text.slice(copied);
}

/** The form of `text` for `n`, with `{n}` filled in. */
export function countText({ plural }: LocalTexts, text: PluralText, n: number): string {
  const selected = plural.select(n);
  const form = FORMS.find((name) => name === selected) ?? 'other';
  return fillText(text[form] ?? text.other, { n });
}

function localTexts(tag: string, given: GivenTexts): LocalTexts {
  const layers: Partial<MessageTexts>[] = [];
  let locale: string | undefined;
  for (const wanted of [...broader(tag), 'en']) {
    for (const source of [given, BUILT_IN]) {
      const name = Object.keys(source).find((key) => normal(key) === wanted);
      const texts = name === undefined ? undefined : source[name];
      if (name === undefined || typeof texts !== 'object' || texts === null) continue;
      layers.push(texts);
      locale ??= name;
    }
  }
  const texts = Object.fromEntries(
    Object.entries(ENGLISH).map(([name, english]) => [name, firstUsable(name, english, layers) ?? english]),
  );
  const language = canonical(locale);
  return { locale: language, texts: texts as MessageTexts, plural: remembering(new Intl.PluralRules(language)) };
}

/** Asking `Intl` takes longer than all the rest of a message; small numbers are asked about again and again. */
function remembering(rules: Intl.PluralRules): LocalTexts['plural'] {
  const small: string[] = [];
  return {
    select(n) {
      if (!Number.isInteger(n) || n < 0 || n >= SMALL) return rules.select(n);
      small[n] ??= rules.select(n);
      return small[n];
    },
  };
}

/** `zh-Hant-TW` is looked for as itself, as `zh-Hant` and as `zh`. */
function broader(tag: string): string[] {
  const parts = normal(tag.slice(0, MAX_TAG)).split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

function normal(tag: string): string {
  return tag.replaceAll('_', '-').toLowerCase();
}

/** A host may call a language what it likes; what cannot be a tag counts as English. */
function canonical(name = 'en'): string {
  try {
    return Intl.getCanonicalLocales(name.replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
}

function firstUsable(
  name: string,
  english: string | PluralText,
  layers: readonly Partial<MessageTexts>[],
): string | PluralText | undefined {
  for (const layer of layers) {
    const text: unknown = Object.hasOwn(layer, name) ? layer[name as keyof MessageTexts] : undefined;
    const usable = typeof english === 'string' ? usableText(text, english) : usablePlural(text);
    if (usable !== undefined) return usable;
  }
  return undefined;
}

function usableText(text: unknown, english: string): string | undefined {
  const clean = cleanOf(text);
  const needed = english.match(PLACEHOLDER) ?? [];
  return clean !== undefined && needed.every((placeholder) => clean.includes(placeholder)) ? clean : undefined;
}

/** A form for one may go without its number. */
function usablePlural(text: unknown): PluralText | undefined {
  if (typeof text !== 'object' || text === null) return usablePlural({ other: text });
  const forms = FORMS.flatMap((form) => {
    const clean = cleanOf(Reflect.get(text, form));
    return clean === undefined ? [] : [[form, clean] as const];
  });
  const { other, ...rest } = Object.fromEntries(forms) as Partial<Record<(typeof FORMS)[number], string>>;
  return other?.includes('{n}') ? { other, ...rest } : undefined;
}

function cleanOf(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const clean = boundedLine(text, MAX_TEXT);
  return clean === '' ? undefined : clean;
}
