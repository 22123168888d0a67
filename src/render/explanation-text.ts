/**
 * Explanations as text: what would become of an event, and why, for people.
 *
 * Pure, and plain: one fact a line. It adds nothing to what the explanation says.
 */
import type { ExplainedStep, Explanation } from '../core/intake/explanation.ts';
import type { ConditionTrace } from '../core/rules/condition.ts';
import type { RuleTrace } from '../core/rules/rule-set.ts';
import { oneLine } from '../core/text/clean.ts';
import { cut } from '../core/text/cut.ts';

/** How much is told. */
export type ExplanationTextOptions = {
  /** Whether every rule that was looked at is told of, with what failed. Default: only those that decided. */
  readonly rules?: boolean;
};

const VALUE_LENGTH = 80;
const MOST_RULES = 50;
const MOST_DETAILS = 20;

/**
 * The explanation in lines.
 *
 * @example
 * ```ts
 * import { createTocsin, defineNotifier } from 'tocsin';
 * import { formatExplanation } from 'tocsin/render';
 * const tocsin = createTocsin({
 *   notifiers: [defineNotifier({ name: 'sms', async send() {} })],
 *   config: {
 *     users: [{ id: 'ana', contacts: [{ notifier: 'sms', address: '+15550100' }] }],
 *     escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
 *     services: [{ id: 'checkout', escalationPolicy: 'default' }],
 *   },
 * });
 * const explanation = await tocsin.explain({ action: 'trigger', title: 'Disk full' }, { at: '2026-01-05T09:00:00Z' });
 * formatExplanation(explanation).split('\n')[0]; // => 'At 2026-01-05T09:00:00.000Z this would be opened: a new problem.'
 * ```
 */
export function formatExplanation(explanation: Explanation, { rules = false }: ExplanationTextOptions = {}): string {
  const { at, outcome, reason, route, severity, dedupKey, group, suppression, enrichment, incidentId } = explanation;
  const rises = severity.urgencyRisesAt === undefined ? '' : `, high from ${severity.urgencyRisesAt}`;
  const told = (trace: readonly RuleTrace[]) => (rules ? ruleLines(trace) : []);
  return [
    `At ${at} this would be ${outcome}: ${line(reason)}.`,
    ...enrichment.map(({ extraction, set, value, why }) =>
      value === undefined
        ? `  ${extraction} leaves ${set} alone: ${why ?? ''}`
        : `  ${extraction} sets ${set} to "${line(value)}"`,
    ),
    `Service ${route.service}, by ${route.id}: ${line(route.why)}.`,
    ...told(route.trace),
    suppression.suppressed ? `Kept quiet: ${line(suppression.why)}.` : `Not kept quiet: ${line(suppression.why)}.`,
    ...told(suppression.trace),
    `Key "${line(dedupKey.key)}" of ${dedupKey.routeKey}, from the ${dedupKey.from}.`,
    group === undefined ? 'In no group.' : `In group ${line(group.key)} of ${group.grouping}.`,
    ...told(explanation.groupTrace),
    ...(incidentId === undefined ? [] : [`Incident ${incidentId}.`]),
    `Severity ${severity.severity}, urgency ${severity.urgency}${rises}: ${line(severity.why)}.`,
    ...told(severity.trace),
    ...ladderLines(explanation),
  ].join('\n');
}

function ladderLines({ ladder, policy, reachesSomebody }: Explanation): readonly string[] {
  if (ladder.length === 0) return ['Nobody would be asked.'];
  const steps = ladder.flatMap(stepLines);
  return [`Policy ${policy}, if nobody answers:`, ...steps, ...(reachesSomebody ? [] : ['NOBODY WOULD BE REACHED.'])];
}

function stepLines({ at, kind, step, gated, people, unreached }: ExplainedStep): readonly string[] {
  const name = kind === 'fallback' ? 'fallback' : `step ${step}`;
  if (gated) return [`  ${at} ${name}: its gate is closed`];
  const missed = unreached.map((miss) => `    not reached: ${line(missText(miss))}`);
  if (people.length === 0) return [`  ${at} ${name}: nobody`, ...missed];
  return [
    `  ${at} ${name}:`,
    ...people.flatMap(({ user, why, contacts }) => [
      `    ${user}, ${line(why)}`,
      ...contacts.map(
        ({ at: when, contact, address, notifier }) => `      ${when} ${contact} ${line(address)} by ${notifier}`,
      ),
    ]),
    ...missed,
  ];
}

function missText({ target, user, why }: ExplainedStep['unreached'][number]): string {
  const [[kind, id] = ['target', '']] = Object.entries(target);
  return `${kind} ${id}${user === undefined ? '' : `, ${user}`}: ${why}`;
}

function ruleLines(trace: readonly RuleTrace[]): readonly string[] {
  const shown = trace.slice(0, MOST_RULES).flatMap(({ rule, result, condition }) => [
    `    ${rule}: ${result ? 'holds' : 'does not hold'}`,
    ...(condition === undefined || result
      ? []
      : failures(condition)
          .slice(0, MOST_DETAILS)
          .map((text) => `      ${text}`)),
  ]);
  return trace.length > MOST_RULES ? [...shown, `    and ${trace.length - MOST_RULES} more`] : shown;
}

/** The parts of a condition because of which it does not hold. */
function failures({ asked, found, parts, result }: ConditionTrace): readonly string[] {
  if (result) return [];
  const within = (parts ?? []).flatMap(failures);
  if (within.length > 0) return within;
  return [`${line(asked)}, found ${found === undefined ? 'nothing' : line(JSON.stringify(found))}`];
}

function line(text: string): string {
  return cut(oneLine(text), VALUE_LENGTH * 4);
}
