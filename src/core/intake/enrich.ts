/**
 * Enrichment: values that declared extractions take out of an event and set in it, before it is routed.
 *
 * Pure. What an extraction does not find it leaves alone, and what it sets is bounded like anything a source says.
 */
import type { Extraction } from '../../model/intake.ts';
import { type CompiledCondition, compileCondition } from '../rules/condition.ts';
import { compileField, type Fact, ownValue } from '../rules/field.ts';
import { below } from '../rules/rule-invalid.ts';
import { type Captured, compileCapture } from './capture.ts';
import type { CleanEvent } from './clean-event.ts';
import { eventFact } from './event-fact.ts';
import { compilePointer } from './json-pointer.ts';
import { withField } from './set-field.ts';
import { compileTemplate } from './template.ts';

/** What one extraction did. */
export type ExtractionTrace = {
  /** Its place, such as `enrichment[2]`. */
  readonly extraction: string;
  readonly set: string;
  /** The value that was set; absent when nothing was. */
  readonly value?: string;
  /** Why nothing was set. */
  readonly why?: string;
};

/** An event with what was set in it. */
export type Enriched = { readonly event: CleanEvent; readonly trace: readonly ExtractionTrace[] };

/** The value that is worked out, or why there is none. */
type Found = { readonly value: string } | { readonly why: string };

type Step = {
  readonly path: string;
  readonly set: string;
  readonly when: CompiledCondition | undefined;
  readonly overwrite: boolean;
  readonly current: (fact: Fact) => unknown;
  readonly find: (event: CleanEvent, fact: Fact) => Found;
};

/**
 * Compiles extractions into one function.
 *
 * @throws TocsinError RULE_INVALID when a field, pattern, template or condition is malformed; `details.path` says where.
 */
export function compileEnrichment(extractions: readonly Extraction[]): (event: CleanEvent, at: number) => Enriched {
  const steps = extractions.map((extraction, index) => compileStep(extraction, below('enrichment', index)));
  if (steps.length === 0) return (event) => ({ event, trace: [] });
  return (given, at) => {
    let event = given;
    const trace = steps.map((step): ExtractionTrace => {
      const answer = take(step, event, at);
      const changed = 'value' in answer ? withField(event, step.set, answer.value) : undefined;
      const base = { extraction: step.path, set: step.set };
      if (changed !== undefined && 'value' in answer) {
        event = changed;
        return { ...base, value: answer.value };
      }
      return { ...base, why: 'why' in answer ? answer.why : 'the field cannot hold that value' };
    });
    return { event, trace };
  };
}

function take({ when, overwrite, current, find }: Step, event: CleanEvent, at: number): Found {
  const fact = eventFact(event);
  if (when !== undefined && !when.test(fact, at)) return { why: 'its condition does not hold' };
  if (!overwrite && current(fact) !== undefined) return { why: 'the field has a value' };
  return find(event, fact);
}

function compileStep(extraction: Extraction, path: string): Step {
  const { set, when, overwrite } = extraction;
  return {
    path,
    set,
    when: when === undefined ? undefined : compileCondition(when, below(path, 'when')),
    overwrite,
    current: compileField(set, below(path, 'set')),
    find: compileFind(extraction, path),
  };
}

function compileFind({ from, pattern, template, table, otherwise }: Extraction, path: string): Step['find'] {
  const read = from === undefined ? undefined : compileFrom(from, below(path, 'from'));
  const capture = pattern === undefined ? undefined : compileCapture(pattern, below(path, 'pattern'));
  const fill = template === undefined ? undefined : compileTemplate(template, below(path, 'template'));
  const lookUp = (value: string): Found => {
    if (table === undefined) return { value };
    const found = ownValue(table, value) ?? otherwise;
    return typeof found === 'string'
      ? { value: found }
      : { why: `the table has no ${JSON.stringify(value.slice(0, 80))}` };
  };
  return (event, fact) => {
    const text = read === undefined ? undefined : textOf(read(event, fact));
    if (read !== undefined && text === undefined) return { why: `there is no ${from}` };
    const captured =
      text === undefined ? undefined : (capture?.(text) ?? (capture === undefined ? whole(text) : undefined));
    if (text !== undefined && captured === undefined) return { why: 'the pattern is not found' };
    if (fill !== undefined) {
      const filled = fill(fact, captured ?? new Map());
      return filled === undefined ? { why: 'nothing that the template names is there' } : lookUp(filled);
    }
    const value = captured?.get('value') ?? captured?.get('1') ?? captured?.get('0');
    return value === undefined ? { why: 'the pattern found nothing' } : lookUp(value);
  };
}

const whole = (text: string): Captured => new Map([['0', text]]);

function compileFrom(from: string, path: string): (event: CleanEvent, fact: Fact) => unknown {
  if (from.startsWith('/')) {
    const read = compilePointer(from, path);
    return (event) => read(event);
  }
  const read = compileField(from, path);
  return (_, fact) => read(fact);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
