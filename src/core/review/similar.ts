/**
 * Similar incidents: which of the past resemble one, how much, and why.
 *
 * Pure, and knows no language but the smallest words of English: what is rare among the incidents that are compared counts
 * more than what all of them share. Who may see a candidate was decided before.
 */
import type { SimilarIncident } from '../../model/review.ts';
import { wordsOf } from './words-of.ts';

/** What of an incident is compared. */
export type ComparableIncident = Pick<SimilarIncident, 'id' | 'title' | 'service' | 'severity' | 'openedAt'> & {
  readonly body?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
};

/** How much each likeness can add to a score of 1. */
const SERVICE = 0.25;
const LABELS = 0.35;
const TEXT = 0.4;
/** Less than this is chance. */
const LEAST = 0.05;
const MOST_REASONS = 5;

/**
 * The `most` candidates that resemble `incident` the most, the most alike first and of equal ones the newest.
 *
 * The same service adds 0.25 to the score, labels up to 0.35, the words of title and body up to 0.4: for both, the share of
 * what the two have in common in all that they have, each by how rare it is. An incident never resembles itself.
 */
export function similarTo(
  incident: ComparableIncident,
  candidates: readonly ComparableIncident[],
  { most }: { readonly most: number },
): readonly SimilarIncident[] {
  const others = candidates.filter(({ id }) => id !== incident.id).map(traitsOf);
  const own = traitsOf(incident);
  const all = [own, ...others];
  const labels = rarity(all.map((traits) => traits.labels));
  const words = rarity(all.map((traits) => traits.words));
  return others
    .map((other) => compared(own, other, { labels, words }))
    .filter(({ score }) => score >= LEAST)
    .sort((a, b) => b.score - a.score || b.openedAt - a.openedAt || (a.id < b.id ? -1 : 1))
    .slice(0, Math.max(0, most));
}

type Traits = {
  readonly incident: ComparableIncident;
  /** `key=value` */
  readonly labels: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
};
type Rarity = (trait: string) => number;

function traitsOf(incident: ComparableIncident): Traits {
  const { title, body = '', labels = {} } = incident;
  return {
    incident,
    labels: new Set(Object.entries(labels).map(([key, value]) => `${key}=${value}`)),
    words: wordsOf(`${title}\n${body}`),
  };
}

/** How rare each trait is: what every incident has still counts a little. */
function rarity(all: readonly ReadonlySet<string>[]): Rarity {
  const counts = new Map<string, number>();
  for (const traits of all) for (const trait of traits) counts.set(trait, (counts.get(trait) ?? 0) + 1);
  const weights = new Map([...counts].map(([trait, count]) => [trait, Math.log(1 + all.length / count)]));
  return (trait) => weights.get(trait) ?? 0;
}

function compared(
  own: Traits,
  other: Traits,
  { labels, words }: { readonly labels: Rarity; readonly words: Rarity },
): SimilarIncident {
  const { id, title, service, severity, openedAt } = other.incident;
  const isSameService = service === own.incident.service;
  const byLabels = overlap(own.labels, other.labels, labels);
  const byWords = overlap(own.words, other.words, words);
  const keys = [...new Set(byLabels.shared.map((label) => label.slice(0, label.indexOf('='))))];
  const score = (isSameService ? SERVICE : 0) + LABELS * byLabels.share + TEXT * byWords.share;
  return {
    ...{ id, title, service, severity, openedAt },
    score: Math.round(score * 1_000) / 1_000,
    because: [
      ...(isSameService ? ['the same service'] : []),
      ...(keys.length > 0 ? [`labels ${keys.slice(0, MOST_REASONS).join(', ')}`] : []),
      ...(byWords.shared.length > 0 ? [`text: ${byWords.shared.slice(0, MOST_REASONS).join(', ')}`] : []),
    ],
  };
}

/** What both have, the rarest first, and the share of that in all that they have. */
function overlap(own: ReadonlySet<string>, other: ReadonlySet<string>, rarityOf: Rarity) {
  const shared = [...other].filter((trait) => own.has(trait));
  if (shared.length === 0) return { shared, share: 0 };
  const weigh = (traits: Iterable<string>) => {
    let sum = 0;
    for (const trait of traits) sum += rarityOf(trait);
    return sum;
  };
  const common = weigh(shared);
  return {
    shared: shared.sort((a, b) => rarityOf(b) - rarityOf(a) || (a < b ? -1 : 1)),
    share: common / (weigh(own) + weigh(other) - common),
  };
}
