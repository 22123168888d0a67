/**
 * The recurrence rules of public test suites, asked of `occurrences`.
 *
 * An endless list is compared as far as it is given; a list that ends must end: ten more years bring nothing.
 */
import { occurrences, type RecurrenceInput } from '../../../src/core/on-call/index.ts';
import { readVectors, refusedCase, type VectorCase, vectorCase } from './vectors-case.ts';

type RruleVector = {
  readonly id: string;
  readonly description: string;
  readonly rule: string;
  readonly dtstart: string;
  readonly tzid?: string;
  /** How many occurrences are listed of more. */
  readonly limit?: number;
  /** The window that is listed, without its ends. */
  readonly window?: { readonly after: string; readonly before: string };
  /** From here on, too, the same occurrences are expected. */
  readonly startAt?: string;
  readonly rfc_valid: boolean;
  readonly notes?: readonly string[];
  readonly source: string;
} & ({ readonly expectedUtc: readonly string[] } | { readonly dateOnly: true; readonly expected: readonly string[] });

const DAY_MS = 86_400_000;
const TEN_YEARS_MS = 3_653 * DAY_MS;

const SUITES = [
  { begins: 'libical/libical@d31d57c src/test/icalrecur_test.txt for local', suite: 'libical, in New York' },
  { begins: 'libical/', suite: 'libical' },
  { begins: 'dateutil/', suite: 'python-dateutil' },
  { begins: 'derived from RFC 5545', suite: 'RFC 5545 across clock changes' },
  { begins: 'ggaabe/rrule-temporal', suite: 'rrule-temporal' },
];

const rruleVectors = readVectors<{ readonly vectors: readonly RruleVector[] }>('rrule').vectors;

export const rruleCases: readonly VectorCase[] = rruleVectors.map((vector) => {
  const { id, description, rule, dtstart, tzid, source } = vector;
  const title = `${description}: ${rule} from ${dtstart}${tzid === undefined ? '' : ` in ${tzid}`}`;
  const suite = SUITES.find(({ begins }) => source.startsWith(begins))?.suite ?? source;
  const start = dtstart.includes('T') ? dtstart : `${dtstart}T00:00:00`;
  const recurrence = { start, rrule: rule, timeZone: tzid ?? 'UTC' };

  const blames = refusedFor(vector);
  if (blames !== undefined) {
    const window = { from: `${start}Z`, until: Date.parse(`${start}Z`) + DAY_MS };
    return refusedCase({ id, title, suite }, { blames, ask: () => occurrences(recurrence, window) });
  }
  return vectorCase({ id, title, suite }, { listed: listedBy(vector), answer: () => answerTo(vector, recurrence) });
});

/** What the refusal of a vector must name; `undefined` when it must not be refused. */
function refusedFor(vector: RruleVector): string | undefined {
  const tooOften = /FREQ=(?:SECONDLY|MINUTELY)/.exec(vector.rule)?.[0];
  if (tooOften !== undefined) return `rrule: ${tooOften}`;
  if (!vector.rfc_valid) return `rrule: ${/BY[A-Z]+/.exec(vector.notes?.[0] ?? '')?.[0]}`;
  return listOf(vector).length === 0 ? 'has no occurrence' : undefined;
}

function listOf(vector: RruleVector): readonly string[] {
  return 'expectedUtc' in vector ? vector.expectedUtc : vector.expected.map((date) => `${date}T00:00:00Z`);
}

function listedBy(vector: RruleVector): unknown {
  const list = listOf(vector);
  const { startAt } = vector;
  return startAt === undefined ? list : { list, later: list.filter((text) => text >= startAt) };
}

function answerTo(vector: RruleVector, recurrence: RecurrenceInput): unknown {
  const { window, limit, startAt } = vector;
  const startedAt = Date.parse(`${recurrence.start}Z`);
  const lastAt = Date.parse(listOf(vector).at(-1) ?? '');
  // A day: no zone is further from UTC than that.
  const fromAt = window === undefined ? startedAt - DAY_MS : Date.parse(window.after) + 1;
  const untilAt = window === undefined ? lastAt + TEN_YEARS_MS : Date.parse(window.before);
  const list = expand(recurrence, fromAt, untilAt).slice(0, limit);
  return startAt === undefined ? list : { list, later: expand(recurrence, Date.parse(`${startAt}Z`), untilAt) };
}

/** The occurrences of any span, in as many windows as that takes. */
function expand(recurrence: RecurrenceInput, fromAt: number, untilAt: number): readonly Date[] {
  const found: Date[] = [];
  for (let at = fromAt; at < untilAt; at += TEN_YEARS_MS) {
    found.push(...occurrences(recurrence, { from: at, until: Math.min(at + TEN_YEARS_MS, untilAt) }));
  }
  return found;
}
