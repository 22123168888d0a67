/**
 * Incident facts: what a page shows of an incident, and whom it names.
 *
 * Pure. A page is opened by whatever follows links, such as the scanner of a mail gateway: of a private incident nothing is
 * shown but how severe it is.
 */
import { boundedLine } from '../../core/text/bounded.ts';
import { htmlText } from '../../core/text/html.ts';
import type { Incident } from '../../model/incident.ts';
import type { LinkTexts } from './words.ts';

/** What of an incident a page may need. */
export type ShownIncident = Pick<
  Incident,
  'title' | 'severity' | 'urgency' | 'service' | 'visibility' | 'phase' | 'paging' | 'acknowledgedBy'
> & { readonly times: { readonly openedAt?: Date | undefined }; readonly kind?: Incident['kind'] | undefined };

/** What ids are called. What it does not know is shown as it is. */
export type LinkNames = {
  readonly user?: ((id: string) => string | undefined) | undefined;
  readonly service?: ((id: string) => string | undefined) | undefined;
};

type Facts = {
  readonly incident: ShownIncident;
  readonly user: string | undefined;
  readonly nowMs: number;
  readonly names: LinkNames;
  readonly texts: LinkTexts;
};

const MINUTE_MS = 60_000;
const MOST_PEOPLE = 5;
const MAX_SEVERITY = 40;
const OVER: Readonly<Partial<Record<Incident['phase'], 'resolved' | 'dismissed' | 'merged'>>> = {
  resolved: 'resolved',
  closed: 'resolved',
  dismissed: 'dismissed',
  merged: 'merged',
};

/** Severity, title and facts, as HTML; `heading` is the element of the title. */
export function incidentFacts({ incident, user, nowMs, names, texts }: Facts, heading: 'h1' | 'p'): string {
  const { severity, urgency, visibility, title, service, times } = incident;
  const isPrivate = visibility === 'private';
  const badge = `<span class="badge${urgency === 'high' ? ' high' : ''}">${htmlText(boundedLine(severity, MAX_SEVERITY))}</span>`;
  const shown = titleOfKind(incident.kind, isPrivate ? texts.privateTitle : title, texts);
  const facts: readonly (readonly [string, string])[] = isPrivate
    ? []
    : [
        [texts.service, names.service?.(service) ?? service],
        ...(times.openedAt === undefined || isOver(incident.phase)
          ? []
          : [[texts.age, age(nowMs - times.openedAt.getTime(), texts)] as const]),
        [texts.state, stateOf(incident, names, texts)],
        ...(user === undefined ? [] : [[texts.person, names.user?.(user) ?? user] as const]),
      ];
  const list = facts
    .map(([name, fact]) => `<div><dt>${line(name)}</dt><dd dir="auto">${line(fact)}</dd></div>`)
    .join('');
  return `${badge}<${heading} dir="auto">${line(shown)}</${heading}>${list === '' ? '' : `<dl>${list}</dl>`}`;
}

/** What is no real incident says so first. */
function titleOfKind(kind: ShownIncident['kind'], title: string, texts: LinkTexts): string {
  if (kind !== 'test' && kind !== 'drill') return title;
  return texts[kind].split('{title}').join(title);
}

/** Whether the incident has ended in `phase`. */
export function isOver(phase: unknown): boolean {
  return typeof phase === 'string' && Object.hasOwn(OVER, phase);
}

function line(text: string): string {
  return htmlText(boundedLine(text));
}

function stateOf({ phase, paging, acknowledgedBy }: ShownIncident, names: LinkNames, texts: LinkTexts): string {
  const over = OVER[phase];
  if (over !== undefined) return texts[over];
  if (paging === 'acknowledged' && acknowledgedBy.length > 0) {
    const named = acknowledgedBy.slice(0, MOST_PEOPLE).map((id) => names.user?.(id) ?? id);
    const people = acknowledgedBy.length > MOST_PEOPLE ? [...named, '…'] : named;
    return texts.taken.split('{people}').join(people.join(', '));
  }
  if (paging === 'snoozed') return texts.snoozed;
  return paging === 'quiet' || paging === 'acknowledged' ? texts.quiet : texts.unanswered;
}

/** Its two largest units. */
function age(ms: number, texts: LinkTexts): string {
  const minutes = Number.isFinite(ms) ? Math.max(0, Math.floor(ms / MINUTE_MS)) : 0;
  const parts = [
    [Math.floor(minutes / 1_440), texts.days],
    [Math.floor(minutes / 60) % 24, texts.hours],
    [minutes % 60, texts.minutes],
  ] as const;
  const first = parts.findIndex(([n]) => n > 0);
  const shown = first < 0 ? parts.slice(2) : parts.slice(first, first + 2).filter(([n]) => n > 0);
  return shown.map(([n, text]) => text.split('{n}').join(String(n))).join(' ');
}
