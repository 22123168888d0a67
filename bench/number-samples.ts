/**
 * Numbers to measure with: incidents of a year of realistic shape, the same in every run.
 *
 * Made up, by a generator with a fixed seed: an engine would need hours for a year. They hold what a record of an engine holds.
 */
import type { IncidentNumbers, Measurement, Milestone, NotApplicableReason } from '../src/model/measurement.ts';

const YEAR_MS = 365 * 86_400_000;
const MINUTE_MS = 60_000;
const SERVICES = 60;
const PEOPLE = 48;
const SEVERITIES = ['SEV1', 'SEV2', 'SEV3', 'SEV4', 'SEV5'] as const;
const PROBLEMS = [
  'HighErrorRate',
  'DiskAlmostFull',
  'QueueIsGrowing',
  'CertificateExpires',
  'HighLatency',
  'PodRestarts',
];

/** So many incidents, opened in the year before `untilAt` (epoch ms), in order. */
export function* yearOfNumbers(count: number, untilAt: number): Generator<IncidentNumbers> {
  const chance = generator(20_260_101);
  for (let index = 0; index < count; index += 1) {
    const openedAt = untilAt - YEAR_MS + Math.floor((index / count) * YEAR_MS);
    yield numbersOf(`0198c0de-0000-7000-8000-${String(index).padStart(12, '0')}`, openedAt, chance);
  }
}

type Chance = () => number;

/** Mulberry32. */
function generator(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function numbersOf(id: string, openedAt: number, chance: Chance): IncidentNumbers {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
  /** Most are short and some are very long. */
  const after = (medianMs: number) => Math.round(medianMs * Math.exp((chance() + chance() + chance() - 1.5) * 1.6));
  const problem = pick(PROBLEMS);
  const service = `service-${Math.floor(chance() * chance() * SERVICES)}`;
  const fate = chance();
  const outcome = fate < 0.06 ? 'dismissed' : fate < 0.08 ? 'merged' : 'closed';
  const isQuiet = outcome === 'closed' && chance() < 0.25;
  const detected: Milestone = { seq: 1, at: openedAt, isCorrected: false };
  const acknowledgedMs = after(4 * MINUTE_MS);
  const engagedMs = acknowledgedMs + after(MINUTE_MS);
  const mitigatedMs = engagedMs + after(20 * MINUTE_MS);
  const resolvedMs = isQuiet ? after(9 * MINUTE_MS) : mitigatedMs + after(15 * MINUTE_MS);
  const recorded = (seq: number, ms: number): Measurement => ({
    status: 'recorded',
    ms,
    from: detected,
    to: { seq, at: openedAt + ms, isCorrected: chance() < 0.05 },
  });
  const not = (why: NotApplicableReason): Measurement => ({
    status: 'notApplicable',
    why,
    from: detected,
    observedMs: resolvedMs,
  });
  const answered = (seq: number, ms: number): Measurement => (isQuiet ? not('endedBefore') : recorded(seq, ms));
  const ended = (seq: number, ms: number): Measurement => (outcome === 'closed' ? recorded(seq, ms) : not(outcome));
  const pages = 1 + Math.floor(chance() * chance() * 5);
  const users = [...new Set(Array.from({ length: pages }, () => `user-${Math.floor(chance() * PEOPLE)}`))];
  return {
    id,
    title: `${problem} on ${service} in eu-west-${1 + Math.floor(chance() * 3)} (instance 10.0.12.7:9100)`,
    service,
    severity: pick(SEVERITIES),
    kind: chance() < 0.01 ? 'drill' : 'real',
    visibility: 'public',
    outcome,
    openedAt,
    endedAt: openedAt + resolvedMs,
    measurements: {
      detect: { status: 'pending', why: 'noImpactStart' },
      acknowledge: answered(4, acknowledgedMs),
      engage: answered(6, engagedMs),
      mitigate: isQuiet || chance() < 0.4 ? not('notMitigated') : recorded(9, mitigatedMs),
      resolve: ended(12, resolvedMs),
      close: ended(14, resolvedMs + 3 * 86_400_000),
    },
    offender: problem,
    alerts: 1 + Math.floor(chance() * chance() * 6),
    pages,
    escalations: pages - 1,
    reopenings: chance() < 0.03 ? 1 : 0,
    isAutoResolved: isQuiet,
    people: users.map((user, index) => ({
      user,
      pagedAt: [openedAt + index * 5 * MINUTE_MS],
      acknowledgements: index === 0 && !isQuiet ? 1 : 0,
      engagedMs: index === 0 && !isQuiet ? resolvedMs - acknowledgedMs : 0,
    })),
  };
}
