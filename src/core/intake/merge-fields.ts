/**
 * Merging: what a repeat of an open alert does to its fields, as its route declares.
 *
 * Pure, and bounded: whatever is appended stops at the size that one event may have.
 */
import type { AlertContent, StoredAlert } from '../../model/alert.ts';
import type { MergeStrategy } from '../../model/intake.ts';
import { cut } from '../text/cut.ts';
import { type CleanEvent, LIMITS } from './clean-event.ts';

/** The strategies of a route, by field: `title`, `body`, `links`, `labels` for all labels, `labels.<name>` for one. */
export type MergeStrategies = Readonly<Record<string, MergeStrategy>>;

const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const MOST_ENTRIES = 100;
const MOST_LINKS = 100;

/**
 * What `alert` says after `event`; `undefined` when that is what it says already.
 *
 * `first` keeps what is there and takes what was missing; `last` takes what comes; `max` takes it when both are decimal numbers and it is
 * greater; `append` puts it behind, once: label values and titles apart by `, `, bodies by a line break, links as further ones. What
 * an event leaves out changes nothing.
 */
export function mergedContent(
  alert: StoredAlert,
  event: CleanEvent,
  strategies: MergeStrategies,
): AlertContent | undefined {
  const { title, body, links } = strategies;
  const content: AlertContent = {
    title: cut(merged(alert.title, event.title, title, ', ') ?? alert.title, LIMITS.title),
    ...bodyOf(merged(alert.body, event.body, body, '\n')),
    labels: mergedLabels(alert.labels, event.labels, strategies),
    links: mergedLinks(alert.links, event.links, links),
  };
  return isSame(alert, content) ? undefined : content;
}

function bodyOf(body: string | undefined): { readonly body?: string } {
  return body === undefined ? {} : { body: cut(body, LIMITS.body) };
}

function merged(
  before: string | undefined,
  now: string | undefined,
  strategy: MergeStrategy = 'first',
  between: string,
): string | undefined {
  if (now === undefined) return before;
  if (before === undefined) return now;
  if (strategy === 'first') return before;
  if (strategy === 'last') return now;
  if (strategy === 'max') return isGreater(now, before) ? now : before;
  const entries = before.split(between);
  return entries.includes(now) || entries.length >= MOST_ENTRIES ? before : `${before}${between}${now}`;
}

function isGreater(one: string, other: string): boolean {
  return NUMBER.test(one) && NUMBER.test(other) && Number(one) > Number(other);
}

function mergedLabels(
  before: StoredAlert['labels'],
  now: CleanEvent['labels'],
  strategies: MergeStrategies,
): StoredAlert['labels'] {
  const labels: Record<string, string> = Object.assign(Object.create(null), before);
  for (const [name, value] of Object.entries(now)) {
    const strategy = strategies[`labels.${name}`] ?? strategies.labels;
    // Without a strategy of theirs, labels are those that the alert began with.
    if (strategy === undefined) continue;
    const isNew = labels[name] === undefined;
    if (isNew && Object.keys(labels).length >= LIMITS.labels) continue;
    labels[name] = cut(merged(labels[name], value, strategy, ', ') ?? value, LIMITS.labelValue);
  }
  return { ...labels };
}

function mergedLinks(
  before: StoredAlert['links'],
  now: CleanEvent['links'],
  strategy: MergeStrategy = 'first',
): StoredAlert['links'] {
  if (now.length === 0 || (strategy !== 'last' && strategy !== 'append')) return before;
  if (strategy === 'last') return now;
  const known = new Set(before.map(({ href }) => href));
  return [...before, ...now.filter(({ href }) => !known.has(href))].slice(0, MOST_LINKS);
}

function isSame(alert: StoredAlert, content: AlertContent): boolean {
  const text = ({ title, body, labels, links }: AlertContent) =>
    JSON.stringify([title, body, Object.entries(labels).sort(), links]);
  return text(alert) === text(content);
}
