/**
 * The words of an announcement: its title, text and lines, in the language of whoever reads it.
 *
 * Pure. To the public it says no word that was not written for the public.
 */
import type { DeliveryContent } from '../../model/delivery.ts';
import type { Audience, Impact } from '../../model/status.ts';
import { countText, fillText, type LocalTexts } from '../paging/message-texts.ts';
import type { MessageTexts } from '../paging/message-words.ts';
import type { Announced } from './announcement.ts';

/** What an announcement says, and the sentences beside it. */
export type AnnouncementWords = Pick<DeliveryContent, 'title'> & {
  readonly body: string;
  readonly lines: readonly string[];
};

const STATUS: { readonly [status in Announced['status']]: keyof MessageTexts } = {
  investigating: 'statusInvestigating',
  identified: 'statusIdentified',
  monitoring: 'statusMonitoring',
  resolved: 'statusResolved',
  scheduled: 'statusScheduled',
  in_progress: 'statusInProgress',
  verifying: 'statusVerifying',
  completed: 'statusCompleted',
};

const IMPACTS: { readonly [impact in Impact]?: keyof MessageTexts } = {
  under_maintenance: 'underMaintenance',
  degraded_performance: 'degradedPerformance',
  partial_outage: 'partialOutage',
  major_outage: 'majorOutage',
};

const MOST_TITLES = 3;
const MOST_NAMES = 3;
/** UTF-16 code units of a digest: what a message holds, with room to say how many more there were. */
const MOST_BODY = 4_000;

/** One update as itself; several as one message that has each with its moment, the latest first. */
export function announcementWords(
  items: readonly Announced[],
  audience: Audience,
  local: LocalTexts,
): AnnouncementWords {
  const newest = items.toReversed().toSorted((a, b) => b.at - a.at);
  const [only] = newest;
  if (only !== undefined && newest.length === 1)
    return { title: titleOf(only, audience, local), body: textOf(only, local), lines: linesOf(only, audience) };
  const titles = [...new Set(newest.map((item) => calledBy(item, audience, local)))];
  const more = titles.length > MOST_TITLES ? ['…'] : [];
  const shown = [...titles.slice(0, MOST_TITLES), ...more].join(', ');
  const said = newest.map((item) =>
    `${titleOf(item, audience, local)} (${momentText(item.at)})\n${textOf(item, local)}`.trim(),
  );
  return {
    title: `${countText(local, local.texts.updatesTitle, newest.length)}: ${shown}`,
    body: asManyAsFit(said, (n) => fillText(local.texts.more, { n })),
    lines: [],
  };
}

/** The first of `said` that a message holds, and how many more there are; never less than one. */
function asManyAsFit(said: readonly string[], more: (n: number) => string): string {
  let length = 0;
  const last = said.findIndex((text) => {
    length += text.length + 2;
    return length > MOST_BODY;
  });
  const fitting = last < 0 ? said.length : Math.max(1, last);
  const left = said.length - fitting;
  return [...said.slice(0, fitting), ...(left > 0 ? [more(left)] : [])].join('\n\n');
}

/** How far something is, in words. */
export function statusText(status: Announced['status'], { texts }: LocalTexts): string {
  const text = texts[STATUS[status]];
  return typeof text === 'string' ? text : status;
}

/** `2026-01-06 10:00 UTC` */
export function momentText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function textOf({ text, turn }: Announced, { texts }: LocalTexts): string {
  if (turn === undefined) return text;
  return turn === 'resolved' ? texts.publicResolvedText : texts.publicReopenedText;
}

function titleOf(item: Announced, audience: Audience, local: LocalTexts): string {
  if (item.isCancelled) return fillText(local.texts.cancelledTitle, { title: calledBy(item, audience, local) });
  const status = statusText(item.status, local);
  // A word and a colon stand before that of a trial already.
  if (item.trial !== undefined) return `${calledBy(item, audience, local)} (${status})`;
  return fillText(local.texts.updateTitle, { status, title: calledBy(item, audience, local) });
}

function calledBy(item: Announced, audience: Audience, local: LocalTexts): string {
  const { texts } = local;
  const title = audience === 'public' ? (item.publicTitle ?? neutralTitle(item, local)) : item.title;
  if (item.trial === undefined) return title;
  return fillText(item.trial === 'test' ? texts.testTitle : texts.drillTitle, { title });
}

/** `The shop (major outage)`: the words of the page, in the language of whoever reads them. */
function neutralTitle({ touched }: Announced, { texts }: LocalTexts): string {
  const { names = [], impact = 'operational' } = touched ?? {};
  if (names.length === 0) return texts.publicTitle;
  const more = names.length > MOST_NAMES ? [fillText(texts.more, { n: names.length - MOST_NAMES })] : [];
  const list = [names.slice(0, MOST_NAMES).join(', '), ...more].join(' ');
  const word = IMPACTS[impact] === undefined ? undefined : texts[IMPACTS[impact]];
  return typeof word === 'string' ? `${list} (${word})` : list;
}

function linesOf({ kind, severity, service, components, from, until }: Announced, audience: Audience): string[] {
  const shown = components.filter(({ isInternal }) => audience === 'internal' || isInternal !== true);
  const names = shown.map(({ name }) => name).join(', ');
  if (kind === 'maintenance') {
    const span = from === undefined || until === undefined ? [] : [`${momentText(from)} – ${momentText(until)}`];
    return [...span, ...(names === '' ? [] : [names])];
  }
  if (audience === 'public') return names === '' ? [] : [names];
  const facts = [severity, service?.name, names === '' ? undefined : names].filter((fact) => fact !== undefined);
  return facts.length === 0 ? [] : [facts.join(' · ')];
}
