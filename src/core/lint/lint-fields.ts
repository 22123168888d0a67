/**
 * Linting of fields: names that nothing ever sets, so that whatever asks for them finds them missing.
 *
 * Labels and details are whatever a source says: any name may be among them.
 */
import type { Config } from '../../model/config.ts';
import type { Finding } from './finding.ts';
import { nearestOf } from './nearest.ts';
import { type Asked, type FieldPlace, fieldPlaces } from './places.ts';

const EVENT = [
  'action',
  'routeKey',
  'dedupKey',
  'title',
  'body',
  'severity',
  'source',
  'service',
  'labels',
  'details',
  'occurredAtMs',
  'deliveryId',
  'impact',
  'timePressure',
];
const SERVICE = ['service.id', 'service.tier', 'service.team', 'service.dependsOn', 'service.dependants'];
const INCIDENT = ['severity', 'urgency', 'service', 'visibility', 'impact', 'timePressure', 'alertCount', 'labels'];
const RECORDED = ['severity', 'service', 'kind'];

/** See core/intake/event-fact.ts, core/paging/incident-fact.ts and core/status/picture.ts. */
const KNOWN: Readonly<Record<Asked, ReadonlySet<string>>> = {
  event: new Set(EVENT),
  arriving: new Set([...EVENT, ...SERVICE]),
  routed: new Set([...EVENT, ...SERVICE]),
  graded: new Set([...EVENT, ...SERVICE]),
  incident: new Set(INCIDENT),
  recorded: new Set(RECORDED),
};
const OPEN: Readonly<Record<Asked, readonly string[]>> = {
  event: ['labels.', 'details.'],
  arriving: ['labels.', 'details.'],
  routed: ['labels.', 'details.'],
  graded: ['labels.', 'details.'],
  incident: ['labels.'],
  recorded: [],
};
const ASKED: { readonly [A in Asked]?: string } = {
  incident: 'incident that a gate is asked about',
  recorded: 'incident on a status page',
};
const FACTORS = new Set(['impact', 'timePressure']);

/** Fields of `config` that are always missing, or may be. */
export function lintFields(config: Config): readonly Finding[] {
  const set = new Set(config.enrichment.map((extraction) => extraction.set));
  const unset = [...FACTORS].filter((factor) => !set.has(factor));
  const facts = {
    'service.team': config.services.some(({ team }) => team !== undefined),
    'service.tier': config.services.some(({ tier }) => tier !== undefined),
  };
  const places = fieldPlaces(config);
  return [
    ...places.flatMap(unknownField),
    ...places.filter(({ field }) => unset.includes(field)).map(unsetFactor),
    ...matrixFactors(config, unset),
    ...places
      .filter(({ field, asked }) => KNOWN[asked].has(field) && (field === 'service.team' || field === 'service.tier'))
      .filter(({ field }) => !facts[field === 'service.team' ? 'service.team' : 'service.tier'])
      .map(unsetServiceFact),
  ];
}

function unknownField({ path, field, asked }: FieldPlace): readonly Finding[] {
  const known = KNOWN[asked];
  if (known.has(field) || OPEN[asked].some((prefix) => field.startsWith(prefix))) return [];
  const near = nearestOf(field, [...known]) ?? nearPrefix(field, OPEN[asked]);
  const what = ASKED[asked] ?? 'event';
  const meant = near ?? (asked in ASKED || field.includes('.') ? undefined : `labels.${field}`);
  return [
    {
      code: 'FIELD_UNKNOWN',
      path,
      message: `${
        SERVICE.includes(field) ? 'facts of the service are not known here' : `no ${what} has such a field`
      }: ${JSON.stringify(field)} is always missing`,
      hint: meant === undefined ? `Known here: ${[...known].join(', ')}.` : `Did you mean ${meant}?`,
    },
  ];
}

/** What stands before the first dot may be what is misspelt. */
function nearPrefix(field: string, open: readonly string[]): string | undefined {
  const dot = field.indexOf('.') + 1;
  const prefix = dot === 0 ? undefined : nearestOf(field.slice(0, dot), open);
  return prefix === undefined ? undefined : prefix + field.slice(dot);
}

function unsetFactor({ path, field, asked }: FieldPlace): Finding {
  const isGivenByPeople = asked === 'graded' || asked === 'incident';
  return {
    code: 'FACTOR_UNSET',
    path,
    message: isGivenByPeople
      ? `no extraction sets ${field}: of incidents that alerts open it is missing; only a person who opens one may give it`
      : `no extraction sets ${field}: it is always missing here`,
    hint: `Set it in \`enrichment\`, or ask for a label.`,
  };
}

function matrixFactors({ severity }: Config, unset: readonly string[]): readonly Finding[] {
  if (severity.matrix === undefined || severity.matrix.length === 0 || unset.length === 0) return [];
  return [
    {
      code: 'FACTOR_UNSET',
      path: 'severity.matrix',
      message: `no extraction sets ${unset.join(' or ')}: for alerts the matrix may never decide, unless they have the labels impact and time_pressure`,
      hint: 'Set both in `enrichment`, or see that your sources send these labels.',
    },
  ];
}

function unsetServiceFact({ path, field }: FieldPlace): Finding {
  const fact = field.slice('service.'.length);
  return {
    code: 'SERVICE_FACT_UNSET',
    path,
    message: `no service has a ${fact}: ${field} is always missing`,
    hint: `Give services their \`${fact}\`, or take this out.`,
  };
}
