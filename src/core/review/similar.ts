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
  const rare = { labels: rarity(all.map(({ labels }) => labels)), words: rarity(all.map(({ words }) => words)) };
  return others
    .map((other) => compared(own, other, rare))
    .filter(({ score }) => score >= LEAST)
    .sort((a, b) => b.score - a.score || byAge(a.incident, b.incident))
    .slice(0, Math.max(0, most))
    .map(({ incident: other, ...likeness }) => told(other, likeness, rare));
}

type Traits = {
  readonly incident: ComparableIncident;
  /** `key=value` */
  readonly labels: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
};
type Rarity = (trait: string) => number;
type Rarities = { readonly labels: Rarity; readonly words: Rarity };

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
  for (const [trait, count] of counts) counts.set(trait, Math.log(1 + all.length / count));
  return (trait) => counts.get(trait) ?? 0;
}

type Likeness = {
  readonly score: number;
  readonly isSameService: boolean;
  readonly labels: readonly string[];
  readonly words: readonly string[];
};

function compared(own: Traits, other: Traits, rare: Rarities): Likeness & Pick<Traits, 'incident'> {
  const isSameService = other.incident.service === own.incident.service;
  const labels = overlap(own.labels, other.labels, rare.labels);
  const words = overlap(own.words, other.words, rare.words);
  const score = (isSameService ? SERVICE : 0) + LABELS * labels.share + TEXT * words.share;
  return {
    incident: other.incident,
    score: Math.round(score * 1_000) / 1_000,
    isSameService,
    labels: labels.shared,
    words: words.shared,
  };
}

function byAge(a: ComparableIncident, b: ComparableIncident): number {
  return b.openedAt - a.openedAt || (a.id < b.id ? -1 : 1);
}

function told(
  { id, title, service, severity, openedAt }: ComparableIncident,
  { score, isSameService, labels, words }: Likeness,
  rare: Rarities,
): SimilarIncident {
  const rarestFirst = (traits: readonly string[], rarityOf: Rarity) =>
    traits.toSorted((a, b) => rarityOf(b) - rarityOf(a) || (a < b ? -1 : 1));
  const keys = rarestFirst(labels, rare.labels).map((label) => label.slice(0, label.indexOf('=')));
  const listed = (what: string, traits: readonly string[]) =>
    traits.length === 0 ? [] : [`${what} ${traits.slice(0, MOST_REASONS).join(', ')}`];
  return {
    ...{ id, title, service, severity, openedAt, score },
    because: [
      ...(isSameService ? ['the same service'] : []),
      ...listed('labels', [...new Set(keys)]),
      ...listed('text:', rarestFirst(words, rare.words)),
    ],
  };
}

/** What both have, and the share of that in all that they have. */
function overlap(own: ReadonlySet<string>, other: ReadonlySet<string>, rarityOf: Rarity) {
  const shared: string[] = [];
  let common = 0;
  let others = 0;
  for (const trait of other) {
    const weight = rarityOf(trait);
    if (own.has(trait)) {
      shared.push(trait);
      common += weight;
    } else others += weight;
  }
  if (shared.length === 0) return { shared, share: 0 };
  let all = others;
  for (const trait of own) all += rarityOf(trait);
  return { shared, share: common / all };
}
