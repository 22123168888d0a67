/**
 * Packed numbers: the numbers of one incident as a short JSON array, to be stored beside it.
 *
 * Versioned: what another version wrote is not guessed at, it is worked out again from the timeline. Moments are counted from
 * the opening, milestones stand once, words that are one of a few are their places in a list, which only ever grows.
 */
import {
  type IncidentNumbers,
  MEASUREMENT_NAMES,
  type Measurement,
  type MeasurementsByName,
  type Milestone,
  type PersonNumbers,
} from '../../model/measurement.ts';

/** The numbers of one incident as JSON. */
export type PackedNumbers = readonly unknown[];

const VERSION = 1;
const KINDS = ['real', 'test', 'drill', 'backfilled'] as const;
const VISIBILITIES = ['public', 'private'] as const;
const OUTCOMES = ['open', 'resolved', 'closed', 'dismissed', 'merged'] as const;
const STATUSES = ['recorded', 'pending', 'notApplicable', 'invalid'] as const;
const PENDING = ['noImpactStart', 'notYet'] as const;
const NOT_APPLICABLE = ['endedBefore', 'dismissed', 'merged', 'notMitigated', 'unknown'] as const;
const INVALID = ['endsBeforeItBegins'] as const;
const LENGTH = 19;

/** `numbers` as JSON, for {@link unpackNumbers}. */
export function packNumbers(numbers: IncidentNumbers): PackedNumbers {
  const { openedAt, endedAt, measurements } = numbers;
  const milestones = milestonesIn(measurements);
  return [
    VERSION,
    numbers.id,
    numbers.title,
    numbers.service,
    numbers.severity,
    KINDS.indexOf(numbers.kind),
    VISIBILITIES.indexOf(numbers.visibility),
    OUTCOMES.indexOf(numbers.outcome),
    openedAt,
    endedAt === undefined ? null : endedAt - openedAt,
    milestones.flatMap(({ seq, at, isCorrected }) => [isCorrected ? -seq : seq, at - openedAt]),
    MEASUREMENT_NAMES.flatMap((name) => packedMeasurement(measurements[name], milestones)),
    numbers.offender ?? null,
    numbers.alerts,
    numbers.pages,
    numbers.escalations,
    // Whether it resolved by itself in the lowest bit, which saves a place.
    numbers.reopenings * 2 + (numbers.isAutoResolved ? 1 : 0),
    numbers.people.map(({ user, pagedAt, acknowledgements, engagedMs }) => [
      user,
      acknowledgements,
      engagedMs,
      ...pagedAt.map((at) => at - openedAt),
    ]),
    numbers.involved ?? null,
  ];
}

/** The numbers that {@link packNumbers} has packed; `undefined` for anything else. */
export function unpackNumbers(packed: unknown): IncidentNumbers | undefined {
  if (!Array.isArray(packed) || packed.length !== LENGTH || packed[0] !== VERSION) return undefined;
  const list: readonly unknown[] = packed;
  const [, id, title, service, severity, kindPlace, visibilityPlace, outcomePlace, openedAt, endedMs] = list;
  const [milestoneList, measurementList, offender, alerts, pages, escalations, returns, peopleList, involved] =
    list.slice(10);
  if (!isText(id) || !isText(title) || !isText(service) || !isText(severity)) return undefined;
  if (!isNumber(openedAt) || !isNumber(alerts) || !isNumber(pages) || !isNumber(escalations) || !isNumber(returns))
    return undefined;
  if ((endedMs !== null && !isNumber(endedMs)) || (offender !== null && !isText(offender))) return undefined;
  if (involved !== null && !isListOf(involved, isText)) return undefined;
  const kind = wordAt(KINDS, kindPlace);
  const visibility = wordAt(VISIBILITIES, visibilityPlace);
  const outcome = wordAt(OUTCOMES, outcomePlace);
  const measurements = unpackedMeasurements(measurementList, unpackedMilestones(milestoneList, openedAt));
  const people = unpackedPeople(peopleList, openedAt);
  if (kind === undefined || visibility === undefined || outcome === undefined) return undefined;
  if (measurements === undefined || people === undefined) return undefined;
  return {
    id,
    title,
    service,
    severity,
    kind,
    visibility,
    outcome,
    openedAt,
    ...(endedMs !== null && { endedAt: openedAt + endedMs }),
    measurements,
    ...(offender !== null && { offender }),
    alerts,
    pages,
    escalations,
    reopenings: Math.floor(returns / 2),
    isAutoResolved: returns % 2 === 1,
    people,
    ...(involved !== null && { involved }),
  };
}

/** Every milestone that a measurement names, each once. */
function milestonesIn(measurements: MeasurementsByName): readonly Milestone[] {
  const found: Milestone[] = [];
  for (const name of MEASUREMENT_NAMES) {
    const one = measurements[name];
    for (const milestone of [one.from, 'to' in one ? one.to : undefined])
      if (milestone !== undefined && placeOf(found, milestone) < 0) found.push(milestone);
  }
  return found;
}

function placeOf(milestones: readonly Milestone[], one: Milestone | undefined): number {
  if (one === undefined) return -1;
  return milestones.findIndex(
    ({ seq, at, isCorrected }) => seq === one.seq && at === one.at && isCorrected === one.isCorrected,
  );
}

/** Four places: its status, the reason or the milestone at its end, that at its beginning, and how long it was watched. */
function packedMeasurement(one: Measurement, milestones: readonly Milestone[]): readonly (number | null)[] {
  const status = STATUSES.indexOf(one.status);
  const from = placeOf(milestones, one.from);
  switch (one.status) {
    case 'recorded':
    case 'invalid':
      return [status, placeOf(milestones, one.to), from, null];
    case 'pending':
      return [status, PENDING.indexOf(one.why), from, one.elapsedMs ?? null];
    case 'notApplicable':
      return [status, NOT_APPLICABLE.indexOf(one.why), from, one.observedMs ?? null];
  }
}

function unpackedMilestones(list: unknown, openedAt: number): readonly Milestone[] {
  if (!isListOf(list, isNumber)) return [];
  const milestones: Milestone[] = [];
  for (let place = 0; place + 1 < list.length; place += 2) {
    const seq = list[place] ?? 0;
    milestones.push({ seq: Math.abs(seq), at: openedAt + (list[place + 1] ?? 0), isCorrected: seq < 0 });
  }
  return milestones;
}

function unpackedMeasurements(list: unknown, milestones: readonly Milestone[]): MeasurementsByName | undefined {
  if (!Array.isArray(list) || list.length !== 4 * MEASUREMENT_NAMES.length) return undefined;
  const at = (place: number) => unpackedMeasurement(list.slice(4 * place, 4 * place + 4), milestones);
  const [detect, acknowledge, engage] = [at(0), at(1), at(2)];
  const [mitigate, resolve, close] = [at(3), at(4), at(5)];
  if (detect === undefined || acknowledge === undefined || engage === undefined) return undefined;
  if (mitigate === undefined || resolve === undefined || close === undefined) return undefined;
  return { detect, acknowledge, engage, mitigate, resolve, close };
}

function unpackedMeasurement(list: readonly unknown[], milestones: readonly Milestone[]): Measurement | undefined {
  const [statusPlace, which, fromPlace, ms] = list;
  const status = wordAt(STATUSES, statusPlace);
  const from = typeof fromPlace === 'number' ? milestones[fromPlace] : undefined;
  const watchedMs = isNumber(ms) ? ms : undefined;
  if (status === 'pending') {
    const why = wordAt(PENDING, which);
    return why && { status, why, ...(from && { from }), ...(watchedMs !== undefined && { elapsedMs: watchedMs }) };
  }
  if (status === 'notApplicable') {
    const why = wordAt(NOT_APPLICABLE, which);
    return why && { status, why, ...(from && { from }), ...(watchedMs !== undefined && { observedMs: watchedMs }) };
  }
  const to = typeof which === 'number' ? milestones[which] : undefined;
  if (status === undefined || from === undefined || to === undefined) return undefined;
  return status === 'recorded' ? { status, ms: to.at - from.at, from, to } : { status, why: INVALID[0], from, to };
}

function unpackedPeople(list: unknown, openedAt: number): readonly PersonNumbers[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const people: PersonNumbers[] = [];
  for (const one of list) {
    if (!Array.isArray(one)) return undefined;
    const [user, acknowledgements, engagedMs]: readonly unknown[] = one;
    const pages: unknown = one.slice(3);
    if (!isText(user) || !isNumber(acknowledgements) || !isNumber(engagedMs)) return undefined;
    if (!isListOf(pages, isNumber)) return undefined;
    people.push({ user, pagedAt: pages.map((ms) => openedAt + ms), acknowledgements, engagedMs });
  }
  return people;
}

function wordAt<W extends string>(words: readonly W[], place: unknown): W | undefined {
  return typeof place === 'number' ? words[place] : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isListOf<T>(value: unknown, isOne: (one: unknown) => one is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isOne);
}
