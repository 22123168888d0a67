/**
 * Lines: the ready sentences of a message, so that no notifier needs to know a language.
 *
 * Pure. It puts facts into the words it is given; it never decides what a message is about.
 */
import type { MessagePurpose } from '../../model/message.ts';
import { oneLine } from '../text/clean.ts';
import { cutUnits } from '../text/cut-units.ts';
import { countText, fillText, type LocalTexts } from './message-texts.ts';
import type { MessageTexts } from './message-words.ts';

/** What can be said beside title and body. Instants are epoch ms. */
export type LineFacts = {
  readonly purpose: MessagePurpose;
  readonly severity?: string | undefined;
  readonly service?: string | undefined;
  readonly since?: number | undefined;
  readonly requestedAt: number;
  readonly sentAt: number;
  readonly step?: number | undefined;
  readonly loop?: number | undefined;
  readonly alertCount: number;
  /** By name. */
  readonly alsoAsked: readonly string[];
  readonly acknowledgedBy: readonly string[];
};

const MINUTE = 60_000;
const MAX_LINE = 256;
const MAX_PEOPLE = 10;

const REASONS: Partial<Record<MessagePurpose, keyof MessageTexts>> = {
  fallback: 'fallbackLine',
  handoff: 'handoffLine',
  responder: 'responderLine',
  emergency: 'emergencyLine',
};
const PAGES: ReadonlySet<MessagePurpose> = new Set([
  'step',
  'fallback',
  'reminder',
  'responder',
  'handoff',
  'emergency',
]);

/** The sentences, most important first; only those that have something to say. */
export function linesOf(facts: LineFacts, local: LocalTexts): string[] {
  const { texts } = local;
  const { purpose, alertCount, alsoAsked, acknowledgedBy, sentAt } = facts;
  const lines: string[] = [];
  const say = (line: string | undefined) => {
    if (line !== undefined && line !== '') lines.push(cutUnits(line, MAX_LINE));
  };
  const reason = REASONS[purpose];
  const because = reason === undefined ? undefined : texts[reason];
  say(typeof because === 'string' ? because : undefined);
  say(factsLine(facts, local));
  say(agedLine(texts.ageLine, facts.since, sentAt, local));
  say(agedLine(PAGES.has(purpose) ? texts.lateLine : texts.lateNewsLine, facts.requestedAt, sentAt, local));
  say(stepLine(facts, local));
  if (alertCount > 1) say(countText(local, texts.alertsLine, alertCount));
  if (alsoAsked.length > 0) say(fillText(texts.askedLine, { people: peopleText(alsoAsked, local) }));
  if (acknowledgedBy.length > 0) say(fillText(texts.acknowledgedLine, { people: peopleText(acknowledgedBy, local) }));
  return lines;
}

/** How bad, where and how old, in one sentence; `undefined` when nothing of it is known. */
export function factsInOne(facts: Pick<LineFacts, 'severity' | 'service' | 'since' | 'sentAt'>, local: LocalTexts) {
  const age = agedLine(local.texts.ageLine, facts.since, facts.sentAt, local);
  const known = [factsLine(facts, local), age].filter((part) => part !== undefined);
  return known.length === 0 ? undefined : cutUnits(known.join(', '), MAX_LINE);
}

/** A length of time in its two largest units, minutes at least: `1 h 3 min`. */
export function ageText(ms: number, { texts }: LocalTexts): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE));
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor((minutes % 1_440) / 60);
  const part = (text: string, n: number) => (n > 0 ? fillText(text, { n }) : '');
  if (days > 0) return oneLine(`${part(texts.days, days)} ${part(texts.hours, hours)}`);
  if (hours > 0) return oneLine(`${part(texts.hours, hours)} ${part(texts.minutes, minutes % 60)}`);
  return fillText(texts.minutes, { n: minutes });
}

function factsLine({ severity, service }: Pick<LineFacts, 'severity' | 'service'>, { texts }: LocalTexts) {
  if (severity !== undefined && service !== undefined) return fillText(texts.factsLine, { severity, service });
  return severity ?? service;
}

/** Nothing is said of less than a minute. */
function agedLine(text: string, from: number | undefined, sentAt: number, local: LocalTexts): string | undefined {
  if (from === undefined || !(sentAt - from > MINUTE)) return undefined;
  return fillText(text, { age: ageText(sentAt - from, local) });
}

/** The first step of the first round is what everybody expects. */
function stepLine({ step, loop }: LineFacts, { texts }: LocalTexts): string | undefined {
  if (step === undefined || loop === undefined) return undefined;
  if (loop > 1) return fillText(texts.roundLine, { step, round: loop });
  return step > 1 ? fillText(texts.stepLine, { step }) : undefined;
}

function peopleText(names: readonly string[], { texts }: LocalTexts): string {
  const shown = names.slice(0, MAX_PEOPLE).join(', ');
  return names.length > MAX_PEOPLE ? `${shown} ${fillText(texts.more, { n: names.length - MAX_PEOPLE })}` : shown;
}
