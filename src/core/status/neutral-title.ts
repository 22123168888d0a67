/**
 * Neutral titles: what an incident is called in public before anybody has given it a public title.
 *
 * Made of what the page shows anyway, the names of its components and their impact; never of a text of the incident.
 */
import type { Component, Impact } from '../../model/status.ts';
import { worstOf } from './impact.ts';

type Words = { readonly [I in Impact]: string } & {
  readonly incident: string;
  readonly more: (count: number) => string;
};

const ENGLISH: Words = {
  operational: 'incident',
  under_maintenance: 'maintenance',
  degraded_performance: 'degraded performance',
  partial_outage: 'partial outage',
  major_outage: 'major outage',
  incident: 'Incident',
  more: (count) => `and ${count} more`,
};
const GERMAN: Words = {
  operational: 'Störung',
  under_maintenance: 'Wartung',
  degraded_performance: 'eingeschränkte Leistung',
  partial_outage: 'teilweiser Ausfall',
  major_outage: 'schwerer Ausfall',
  incident: 'Störung',
  more: (count) => `und ${count} weitere`,
};
const MOST_NAMES = 3;

/** What a neutral title is made of: the components that it hit the hardest, and how hard. */
export type Touched = { readonly names: readonly string[]; readonly impact: Impact };

/** What `impacts` touched the hardest of `components`; no names when it touched none. */
export function touchedHardest(impacts: Readonly<Record<string, Impact>>, components: readonly Component[]): Touched {
  const touched = components.filter(({ id }) => Object.hasOwn(impacts, id));
  const impact = worstOf(touched.map(({ id }) => impacts[id] ?? 'operational'));
  return { names: touched.filter(({ id }) => impacts[id] === impact).map(({ name }) => name), impact };
}

/** `Checkout: partial outage`, in the language of the page where it is known, else in English. */
export function neutralTitle(
  impacts: Readonly<Record<string, Impact>>,
  components: readonly Component[],
  locale: string,
): string {
  const words = /^de\b/i.test(locale) ? GERMAN : ENGLISH;
  const { names, impact } = touchedHardest(impacts, components);
  if (names.length === 0) return words.incident;
  const shown = names.slice(0, MOST_NAMES).join(', ');
  const list = names.length > MOST_NAMES ? `${shown} ${words.more(names.length - MOST_NAMES)}` : shown;
  return `${list}: ${words[impact]}`;
}
