/**
 * Severity tables: what each monitoring source means by its words, in five steps, and where a step stands among a host's levels.
 *
 * Tables only. A word that a source uses for "nobody has said" (`No Severity` of Google Cloud) stands in none, so that the
 * host's default decides.
 */

/** How bad something is, whatever it is called. */
export type SeverityStep = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** A built-in table: its name, and the step of each word in lower case. */
export type BuiltInTable = { readonly name: string; readonly steps: ReadonlyMap<string, SeverityStep> };

type Words = { readonly [S in SeverityStep]?: string };

const STEPS: readonly SeverityStep[] = ['critical', 'high', 'medium', 'low', 'info'];

/** Labels are a convention, not a rule: these are the words of common rule sets. */
const LABEL_WORDS: Words = {
  critical: 'critical page emergency disaster fatal',
  high: 'error high major',
  medium: 'warning warn medium average minor',
  low: 'low',
  info: 'info informational notice none ok debug',
};
const PRIORITIES: Words = { critical: 'p1', high: 'p2', medium: 'p3', low: 'p4', info: 'p5' };

const WORDS: Readonly<Record<string, Words>> = {
  alertmanager: LABEL_WORDS,
  prometheus: LABEL_WORDS,
  grafana: LABEL_WORDS,
  pagerduty: { critical: 'critical', high: 'error', medium: 'warning', info: 'info' },
  opsgenie: PRIORITIES,
  datadog: { ...PRIORITIES, high: 'p2 error', medium: 'p3 warning', info: 'p5 info success' },
  'azure-monitor': { critical: 'sev0', high: 'sev1', medium: 'sev2', low: 'sev3', info: 'sev4' },
  'new-relic': { critical: 'critical', high: 'high', medium: 'medium', low: 'low' },
  sentry: { critical: 'fatal', high: 'error', medium: 'warning', low: 'info', info: 'debug' },
  gcp: { critical: 'critical', high: 'error', medium: 'warning' },
  zabbix: { critical: 'disaster', high: 'high', medium: 'average', low: 'warning', info: 'information' },
  nagios: { critical: 'critical down', high: 'unreachable', medium: 'warning unknown', info: 'ok up' },
};

/** The names of the built-in tables, which are the names of sources. */
export const TABLE_NAMES: readonly string[] = Object.keys(WORDS);

const TABLES: ReadonlyMap<string, BuiltInTable> = new Map(
  Object.entries(WORDS).map(([name, words]) => [plain(name), { name, steps: stepsOf(words) }]),
);

/** The built-in table of a source, in any case and with or without hyphens; `undefined` when there is none. */
export function builtInTable(source: string): BuiltInTable | undefined {
  return TABLES.get(plain(source));
}

/**
 * The position among `count` levels (0 is the most severe) of a step: counted from the top, with the last level for whatever lies
 * beyond it, and the last level for `info` always.
 */
export function positionOfStep(step: SeverityStep, count: number): number {
  return step === 'info' ? count - 1 : Math.min(STEPS.indexOf(step), count - 1);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}

function stepsOf(words: Words): ReadonlyMap<string, SeverityStep> {
  return new Map(STEPS.flatMap((step) => (words[step]?.split(' ') ?? []).map((word) => [word, step] as const)));
}
