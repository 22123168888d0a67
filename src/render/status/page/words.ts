/**
 * What a status page says: the words that each of its languages must have.
 *
 * Words and the order of words only: no markup, no zone, no number of anybody's rules.
 */
import type { Impact, Indicator, MaintenanceStatus, PublicStatus } from '../../../model/status.ts';

/** A moment or a day on the wall, in parts. */
export type WallDay = { readonly day: number; readonly month: number; readonly year: number };

/** What the page says, in one language. */
export type Words = {
  readonly skip: string;
  readonly indicator: { readonly [I in Indicator]: string };
  readonly impact: { readonly [I in Impact]: string };
  readonly unknown: string;
  readonly status: { readonly [S in PublicStatus | MaintenanceStatus]: string };
  readonly audience: { readonly internal: string; readonly public: string };
  readonly internalPage: string;
  readonly stale: string;
  readonly staleSince: (moment: string, age: string) => string;
  readonly stateOf: (moment: string) => string;
  readonly openIncidents: string;
  readonly maintenance: string;
  readonly systems: string;
  readonly otherSystems: string;
  readonly past: string;
  readonly nothingPast: string;
  readonly nothingIn: (month: string) => string;
  readonly affects: string;
  readonly noUpdates: string;
  readonly nothingPosted: string;
  readonly untitled: string;
  readonly since: (moment: string, length: string) => string;
  readonly span: (from: string, until: string) => string;
  readonly lastChange: (moment: string) => string;
  readonly zone: (name: string, offset: string) => string;
  readonly subscribe: string;
  readonly atom: string;
  readonly ics: string;
  readonly json: string;
  readonly links: string;
  readonly daysAgo: (days: number) => string;
  readonly today: string;
  /** A link to everything of a month. */
  readonly monthInFull: (month: string) => string;
  readonly uptime: (percent: string) => string;
  readonly noUptime: string;
  readonly badDays: (count: number) => string;
  readonly howTitle: string;
  readonly how: (days: number | undefined) => string;
  readonly howWeights: string;
  readonly weight: (impact: string, percent: string) => string;
  readonly howRest: string;
  readonly date: (on: WallDay) => string;
  readonly dateWithYear: (on: WallDay) => string;
  readonly month: (month: number, year: number) => string;
  readonly hours: string;
  readonly minutes: string;
  readonly days: string;
  readonly percent: (number: string) => string;
  readonly decimal: '.' | ',';
};
