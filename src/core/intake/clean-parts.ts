/**
 * The parts of a stranger's event, labels, links, images and short lines: bounded, cleaned, and refused only when nothing sensible can be made of them.
 *
 * Pure. Every problem comes back as data; nothing here throws.
 */
import { linkSchema } from '../../model/alert.ts';
import { isReservedKey, ownValue } from '../rules/field.ts';
import { cleanText, oneLine } from '../text/clean.ts';
import { cut } from '../text/cut.ts';

/** What is wrong with one part of an event. */
export type EventProblem = { readonly path: string; readonly message: string };
/** A link that can be shown. */
export type CleanLink = { readonly href: string; readonly text?: string };
/** An image that can be shown. */
export type CleanImage = { readonly src: string; readonly alt?: string };

const MAX_LABELS = 256;
const MAX_LABEL_NAME = 1_024;
const MAX_LABEL_GRAPHEMES = 4_096;
const MAX_LINKS = 100;
const MAX_IMAGES = 20;
const MAX_LINK_TEXT = 1_024;
const WHITE_SPACE = /\s/;

/** The first 256 labels with cleaned names and values, in a record without a prototype. */
export function cleanLabels(value: unknown, problems: EventProblem[]): Readonly<Record<string, string>> {
  const labels: Record<string, string> = Object.create(null);
  if (value === undefined || value === null) return labels;
  if (typeof value !== 'object' || Array.isArray(value)) {
    problems.push({ path: 'labels', message: 'expected an object of texts' });
    return labels;
  }
  for (const [rawName, label] of firstEntries(value, MAX_LABELS)) {
    const name = cleanText(rawName);
    const problem = labelProblem(name, label);
    if (problem !== undefined) problems.push({ path: `labels.${cut(name, 80)}`, message: problem });
    else if (typeof label === 'string' && name !== '') labels[name] ??= cut(cleanText(label), MAX_LABEL_GRAPHEMES);
  }
  return labels;
}

/** At most 100 links; those that are no http or https address are left out. */
export function cleanLinks(value: unknown, problems: EventProblem[]): readonly CleanLink[] {
  return listOf(value, 'links', problems)
    .flatMap((link) => {
      const href = webAddress(ownValue(link, 'href'));
      if (href === undefined) return [];
      const text = shortLine(ownValue(link, 'text'), MAX_LINK_TEXT);
      return [text === undefined ? { href } : { href, text }];
    })
    .slice(0, MAX_LINKS);
}

/** At most 20 images; those that are at no http or https address are left out. */
export function cleanImages(value: unknown, problems: EventProblem[]): readonly CleanImage[] {
  return listOf(value, 'images', problems)
    .flatMap((image) => {
      const src = webAddress(ownValue(image, 'src'));
      if (src === undefined) return [];
      const alt = shortLine(ownValue(image, 'alt'), MAX_LINK_TEXT);
      return [alt === undefined ? { src } : { src, alt }];
    })
    .slice(0, MAX_IMAGES);
}

/** `value` on one line of at most `maxLength` code units; `undefined` when it is no text or an empty one. */
export function shortLine(value: unknown, maxLength: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const line = oneLine(value);
  if (line === '') return undefined;
  return line.length <= maxLength ? line : `${cleanText(line.slice(0, maxLength - 1))}…`;
}

function labelProblem(name: string, value: unknown): string | undefined {
  if (isReservedKey(name)) return 'this name is reserved';
  if (name.length > MAX_LABEL_NAME) return `expected a name of at most ${MAX_LABEL_NAME} characters`;
  return typeof value === 'string' ? undefined : 'expected a text';
}

function firstEntries(record: object, count: number): readonly (readonly [string, unknown])[] {
  return Object.keys(record)
    .slice(0, count)
    .map((key) => [key, ownValue(record, key)]);
}

function listOf(value: unknown, path: string, problems: EventProblem[]): readonly unknown[] {
  if (Array.isArray(value)) return value.slice(0, 10 * MAX_LINKS);
  if (value !== undefined && value !== null) problems.push({ path, message: 'expected a list' });
  return [];
}

function webAddress(value: unknown): string | undefined {
  // A URL parser takes line breaks and white space out silently; what is shown would not be what is opened.
  if (typeof value !== 'string' || WHITE_SPACE.test(value) || cleanText(value) !== value) return undefined;
  return linkSchema.safeParse({ href: value }).success ? value : undefined;
}
