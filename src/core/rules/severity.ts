/**
 * Severity: which level a fact has, and who or what decided so.
 *
 * Pure. Urgency follows from the level, the service and the hour; it is never asked of the event.
 */
import { TocsinError } from '../../errors.ts';
import type { Service } from '../../model/service.ts';
import type { SeverityConfig, SeverityLevel } from '../../model/severity.ts';
import type { Urgency } from '../../model/user.ts';
import { type Fact, ownValue } from './field.ts';
import { quote } from './rule-invalid.ts';
import { compileRules, type RuleMatch, type RuleTrace } from './rule-set.ts';
import { compileEventWords } from './severity-event.ts';
import { compileMatrix } from './severity-matrix.ts';
import { type Scale, scaleOf } from './severity-scale.ts';
import { compileUrgency } from './severity-urgency.ts';
import type { SeverityDecider, Verdict } from './severity-verdict.ts';

export type { SeverityDecider } from './severity-verdict.ts';

/** The severity of a fact, with its reasons. */
export type SeverityDecision = {
  /** The id of the level. */
  readonly severity: string;
  readonly urgency: Urgency;
  /** When support hours begin (epoch ms), if the urgency is low only because they do not run. */
  readonly urgencyRisesAt?: number;
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
  /** The severity of a fact at `at`. Its `service` says whose support hours count. */
  readonly decide: (fact: Fact, at: number) => SeverityDecision;
  /** The urgency of the level of that id for a service at `at`. */
  readonly urgencyOf: (
    severity: string,
    service: string | undefined,
    at: number,
  ) => Pick<SeverityDecision, 'urgency' | 'urgencyRisesAt'>;
  /** Negative when `a` is more severe than `b`. An id that is no level (any more) counts as less severe than all. */
  readonly compare: (a: string, b: string) => number;
  readonly isMoreSevere: (a: string, b: string) => boolean;
  /** The level of that id, or `undefined` when there is none (any more). */
  readonly level: (id: string) => SeverityLevel | undefined;
};

/**
 * Compiles the severity part of a configuration.
 *
 * Asked in this order: the rules (`first` that holds, or the one with the `highest` severity; among equals the first), the
 * matrix of `impact` x `timePressure` (or of the labels `impact` and `time_pressure`), the event's own `severity` (then
 * `labels.severity`), the default.
 *
 * The event's word is read by the first of `tables` that knows it, else as the id of a level, else by the built-in table of its
 * `source`, else as one of the common words: critical, fatal, emergency, disaster, page, P1, SEV0, SEV1 mean the most severe
 * level; error, high, major, P2, SEV2 the second; warning, warn, medium, average, minor, P3, SEV3 the third; info, informational,
 * notice, low, none, ok, debug, P4, P5, SEV4, SEV5 the last. With fewer levels the last one is meant. An id is found in any case,
 * but one with a digit only as it is written when the source has a table, because `Sev1` of Azure is its second level.
 *
 * `services` are those whose own support hours count.
 *
 * @throws TocsinError RULE_INVALID when a condition, a field or a window of support hours is malformed.
 * @throws TocsinError REFERENCE_UNKNOWN when a rule, the matrix, a table or the default names no level, or a table is not known.
 * @throws TocsinError CONFIG_INVALID when there are no levels, or a level follows support hours and there are none.
 * @example
 * ```ts
 * import { compileSeverity } from 'tocsin/rules';
 * import { severityConfigSchema } from 'tocsin';
 * const severity = compileSeverity(severityConfigSchema.parse({ rules: [{ id: 'prod', when: 'env="prod"', severity: 'SEV1' }] }));
 * severity.decide({ labels: { env: 'prod' } }, 0).decidedBy; // => { kind: 'rule', rule: 'prod' }
 * severity.decide({ severity: 'warning' }, 0).severity; // => 'SEV3'
 * severity.decide({ source: 'azure-monitor', severity: 'Sev1' }, 0).reason; // => 'the event says "Sev1", which is SEV2 by the table azure-monitor'
 * severity.isMoreSevere('SEV1', 'SEV3'); // => true
 * ```
 */
export function compileSeverity(
  config: SeverityConfig,
  { services = [] }: { readonly services?: readonly Pick<Service, 'id' | 'supportHours'>[] } = {},
): CompiledSeverity {
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
  const eventWords = compileEventWords(config, scale);
  const fallback = defaultLevel(config, scale);
  const urgencyOf = compileUrgency(config, scale, services);

  const verdictOf = (fact: Fact, at: number, rule: RuleMatch<SeverityLevel> | undefined): Verdict =>
    byRule(rule) ?? matrix(fact) ?? eventWords(fact, at) ?? byDefault(fallback);

  return {
    levels,
    urgencyOf,
    compare: scale.compare,
    isMoreSevere: (a, b) => scale.compare(a, b) < 0,
    level: scale.level,
    decide: (fact, at) => {
      const rule = strategy === 'first' ? rules.decide(fact, at) : highest(rules.matches(fact, at), scale);
      const { level, decidedBy, reason } = verdictOf(fact, at, rule);
      const service = ownValue(fact, 'service');
      const traced = strategy === 'first' ? () => rules.evaluate(fact, at).trace : () => rules.trace(fact, at);
      let known: readonly RuleTrace[] | undefined;
      return {
        severity: level.id,
        ...urgencyOf(level.id, typeof service === 'string' ? service : undefined, at),
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

function defaultLevel(config: SeverityConfig, scale: Scale): SeverityLevel {
  if (config.default !== undefined) return scale.named(config.default, 'severity.default');
  const leastOf = (wanted: SeverityLevel['urgency']) => scale.levels.findLast(({ urgency }) => urgency === wanted);
  const level = leastOf('high') ?? leastOf('supportHours') ?? scale.levels.at(-1);
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

function byDefault(level: SeverityLevel): Verdict {
  return { level, decidedBy: { kind: 'default' }, reason: `nothing else decides; the default is ${level.id}` };
}
