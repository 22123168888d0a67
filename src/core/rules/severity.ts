/**
 * Severity: which level a fact has, and who or what decided so.
 *
 * Pure. Urgency follows from the level; it is never asked of the event.
 */
import { TocsinError } from '../../errors.ts';
import type { SeverityConfig, SeverityLevel } from '../../model/severity.ts';
import type { Urgency } from '../../model/user.ts';
import { type Fact, ownValue } from './field.ts';
import { quote } from './rule-invalid.ts';
import { compileRules, type RuleMatch, type RuleTrace } from './rule-set.ts';
import { positionOfWord } from './severity-words.ts';

/** What decided the severity; `rule` is the id of the rule, or its place such as `severity.rules[3]`. */
export type SeverityDecider = { readonly kind: 'rule' | 'matrix' | 'event' | 'default'; readonly rule?: string };

/** The severity of a fact, with its reasons. */
export type SeverityDecision = {
  /** The id of the level. */
  readonly severity: string;
  readonly urgency: Urgency;
  readonly decidedBy: SeverityDecider;
  /** One sentence for people. */
  readonly reason: string;
  /** The rules that were looked at; with the strategy `first` up to the one that decided. Worked out when it is first read. */
  readonly trace: readonly RuleTrace[];
};

/** The levels of a host, and how they are decided. */
export type CompiledSeverity = {
  /** The most severe first. */
  readonly levels: readonly SeverityLevel[];
  readonly decide: (fact: Fact, at: number) => SeverityDecision;
  /** Negative when `a` is more severe than `b`. An id that is no level (any more) counts as less severe than all. */
  readonly compare: (a: string, b: string) => number;
  readonly isMoreSevere: (a: string, b: string) => boolean;
  /** The level of that id, or `undefined` when there is none (any more). */
  readonly level: (id: string) => SeverityLevel | undefined;
};

type Verdict = { readonly level: SeverityLevel; readonly decidedBy: SeverityDecider; readonly reason: string };

/**
 * Compiles the severity part of a configuration.
 *
 * Asked in this order: the rules (`first` that holds, or the one with the `highest` severity; among equals the first), the
 * matrix of `impact` x `timePressure`, the event's own `severity` (then `labels.severity`), the default. The event's word is the id of
 * a level, else such an id in another case, else one of the common words: critical, fatal, emergency, disaster, page, P1, SEV0, SEV1 mean the
 * most severe level; error, high, major, P2, SEV2 the second; warning, warn, medium, average, minor, P3, SEV3 the third; info,
 * informational, notice, low, none, ok, debug, P4, P5, SEV4, SEV5 the last. With fewer levels the last one is meant.
 *
 * @throws TocsinError RULE_INVALID when a condition is malformed.
 * @throws TocsinError REFERENCE_UNKNOWN when a rule, the matrix or the default names no level.
 * @example
 * ```ts
 * import { compileSeverity } from 'tocsin/rules';
 * import { severityConfigSchema } from 'tocsin';
 * const severity = compileSeverity(severityConfigSchema.parse({ rules: [{ id: 'prod', when: 'env="prod"', severity: 'SEV1' }] }));
 * severity.decide({ labels: { env: 'prod' } }, 0).decidedBy; // => { kind: 'rule', rule: 'prod' }
 * severity.decide({ severity: 'warning' }, 0).severity; // => 'SEV3'
 * severity.isMoreSevere('SEV1', 'SEV3'); // => true
 * ```
 */
export function compileSeverity(config: SeverityConfig): CompiledSeverity {
  const { levels, strategy } = config;
  const scale = scaleOf(levels);
  const rules = compileRules(
    config.rules.map(({ id, when, severity }, place) => ({
      id,
      when,
      outcome: scale.named(severity, `severity.rules[${place}].severity`),
    })),
    { path: 'severity.rules' },
  );
  const matrix = compileMatrix(config, scale);
  const fallback = defaultLevel(config, scale);

  const verdictOf = (fact: Fact, rule: RuleMatch<SeverityLevel> | undefined): Verdict =>
    byRule(rule) ?? matrix(fact) ?? byEvent(fact, scale) ?? byDefault(fallback);

  return {
    levels,
    compare: scale.compare,
    isMoreSevere: (a, b) => scale.compare(a, b) < 0,
    level: scale.level,
    decide: (fact, at) => {
      const rule = strategy === 'first' ? rules.decide(fact, at) : highest(rules.matches(fact, at), scale);
      const { level, decidedBy, reason } = verdictOf(fact, rule);
      const traced = strategy === 'first' ? () => rules.evaluate(fact, at).trace : () => rules.trace(fact, at);
      let known: readonly RuleTrace[] | undefined;
      return {
        severity: level.id,
        urgency: level.urgency,
        decidedBy,
        reason,
        get trace() {
          known ??= traced();
          return known;
        },
      };
    },
  };
}

type Scale = {
  readonly levels: readonly SeverityLevel[];
  readonly level: (id: string) => SeverityLevel | undefined;
  readonly compare: (a: string, b: string) => number;
  /** The level that the configuration names at `path`. */
  readonly named: (id: string, path: string) => SeverityLevel;
  /** The level that a stranger's word means. */
  readonly read: (word: string) => SeverityLevel | undefined;
};

function scaleOf(levels: readonly SeverityLevel[]): Scale {
  const ranks = new Map(levels.map(({ id }, rank) => [id, rank]));
  const anyCase = new Map(levels.toReversed().map((level) => [level.id.toLowerCase(), level]));
  const rank = (id: string) => ranks.get(id) ?? levels.length;
  const level = (id: string) => levels[rank(id)];
  return {
    levels,
    level,
    compare: (a, b) => rank(a) - rank(b),
    named: (id, path) => {
      const found = level(id);
      if (found) return found;
      const known = levels.map((each) => each.id).join(', ');
      const message = `Cannot use ${quote(id)} at ${path}: it is no severity level. Use one of ${known}.`;
      throw new TocsinError('REFERENCE_UNKNOWN', message, { details: { path, id } });
    },
    read: (word) => {
      const text = word.trim();
      const known = level(text) ?? anyCase.get(text.toLowerCase());
      const position = positionOfWord(text, levels.length);
      return known ?? (position === undefined ? undefined : levels[position]);
    },
  };
}

function compileMatrix(config: SeverityConfig, scale: Scale): (fact: Fact) => Verdict | undefined {
  const cells = new Map<string, SeverityLevel>();
  for (const [place, cell] of (config.matrix ?? []).entries()) {
    const key = JSON.stringify([cell.impact, cell.timePressure]);
    const level = scale.named(cell.severity, `severity.matrix[${place}].severity`);
    if (!cells.has(key)) cells.set(key, level);
  }
  return (fact) => {
    const impact = ownValue(fact, 'impact');
    const timePressure = ownValue(fact, 'timePressure');
    if (typeof impact !== 'string' || typeof timePressure !== 'string') return undefined;
    const level = cells.get(JSON.stringify([impact, timePressure]));
    if (!level) return undefined;
    const reason = `impact ${quote(impact)} and time pressure ${quote(timePressure)} make ${level.id}`;
    return { level, decidedBy: { kind: 'matrix' }, reason };
  };
}

function defaultLevel(config: SeverityConfig, scale: Scale): SeverityLevel {
  if (config.default !== undefined) return scale.named(config.default, 'severity.default');
  const level = scale.levels.findLast(({ urgency }) => urgency === 'high') ?? scale.levels.at(-1);
  if (level) return level;
  throw new TocsinError(
    'CONFIG_INVALID',
    'Cannot decide a severity: severity.levels is empty. Name at least one level.',
    {
      details: { problems: [{ path: 'severity.levels', message: 'name at least one level' }] },
    },
  );
}

function highest(matches: Iterable<RuleMatch<SeverityLevel>>, scale: Scale): RuleMatch<SeverityLevel> | undefined {
  const mostSevere = scale.levels[0];
  let best: RuleMatch<SeverityLevel> | undefined;
  for (const match of matches) {
    if (best === undefined || scale.compare(match.outcome.id, best.outcome.id) < 0) best = match;
    if (best.outcome === mostSevere) return best;
  }
  return best;
}

function byRule(match: RuleMatch<SeverityLevel> | undefined): Verdict | undefined {
  if (!match) return undefined;
  const { rule, outcome: level } = match;
  return { level, decidedBy: { kind: 'rule', rule }, reason: `rule ${quote(rule)} says ${level.id}` };
}

function byEvent(fact: Fact, scale: Scale): Verdict | undefined {
  const words = [ownValue(fact, 'severity'), ownValue(ownValue(fact, 'labels'), 'severity')];
  for (const word of words) {
    const level = typeof word === 'string' ? scale.read(word) : undefined;
    if (level)
      return { level, decidedBy: { kind: 'event' }, reason: `the event says ${quote(word)}, which is ${level.id}` };
  }
  return undefined;
}

function byDefault(level: SeverityLevel): Verdict {
  return { level, decidedBy: { kind: 'default' }, reason: `nothing else decides; the default is ${level.id}` };
}
