/**
 * The intake of a configuration: extractions, routes, groupings, silences, windows, limits and heartbeats that could not be obeyed.
 *
 * Each is compiled by itself, so that one that is wrong never hides the next.
 */
import type { Config } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';
import { toEpochMs } from '../../model/instant.ts';
import { compileEnrichment } from '../intake/enrich.ts';
import { maintenanceWindows } from '../intake/quiet.ts';
import { isTimeZone } from '../on-call/zone.ts';
import { compileCondition } from '../rules/condition.ts';
import { compileField } from '../rules/field.ts';
import { attempt, type ConfigProblem, duplicates, missing } from './problem.ts';

/** Everything in the intake of `config` that could not be obeyed. */
export function intakeProblems(config: Config): ConfigProblem[] {
  return [
    ...enrichmentProblems(config),
    ...routeProblems(config),
    ...groupingProblems(config),
    ...silenceProblems(config),
    ...maintenanceProblems(config),
    ...inhibitionProblems(config),
    ...rateLimitProblems(config),
    ...heartbeatProblems(config),
  ];
}

function enrichmentProblems({ enrichment }: Config): ConfigProblem[] {
  return enrichment.flatMap((extraction, index) => {
    const path = `enrichment[${index}]`;
    return attempt(path, () => compileEnrichment([extraction])).map((problem) => ({
      ...problem,
      path: problem.path.replace(/^enrichment\[0\]/, path),
    }));
  });
}

function routeProblems({ routes }: Config): ConfigProblem[] {
  return routes.flatMap(({ serviceFrom, autoResolveAfter }, index) => [
    ...fieldProblems(`routes[${index}].serviceFrom`, serviceFrom),
    ...longer(`routes[${index}].autoResolveAfter`, autoResolveAfter),
  ]);
}

function groupingProblems({ grouping }: Config): ConfigProblem[] {
  return [
    ...duplicates('grouping', grouping),
    ...grouping.flatMap(({ when, by, window, cap, rolling, threshold }, index) => {
      const path = `grouping[${index}]`;
      return [
        ...conditionProblems(`${path}.when`, when),
        ...by.flatMap((field, place) => fieldProblems(`${path}.by[${place}]`, field)),
        ...longer(`${path}.window`, window),
        ...longer(`${path}.threshold.within`, threshold?.within),
        ...(rolling && durationMs(cap) < durationMs(window)
          ? [
              {
                path: `${path}.cap`,
                message: `the cap ${cap} is shorter than the window ${window}`,
                hint: 'Let it be at least as long.',
              },
            ]
          : []),
      ];
    }),
  ];
}

function silenceProblems({ suppression: { silences } }: Config): ConfigProblem[] {
  return [
    ...duplicates('suppression.silences', silences),
    ...silences.flatMap(({ when, from, until }, index) => {
      const path = `suppression.silences[${index}]`;
      return [...conditionProblems(`${path}.when`, when), ...spanProblems(`${path}.until`, from, until)];
    }),
  ];
}

function maintenanceProblems({ suppression: { maintenance }, services }: Config): ConfigProblem[] {
  const known = new Set(services.map(({ id }) => id));
  return [
    ...duplicates('suppression.maintenance', maintenance),
    ...maintenance.flatMap((window, index) => {
      const path = `suppression.maintenance[${index}]`;
      const { when, services: named = [], from, until, recurring, notices } = window;
      return [
        ...conditionProblems(`${path}.when`, when),
        ...named.flatMap((service, place) => missing(`${path}.services[${place}]`, 'service', service, known)),
        ...(from === undefined || until === undefined ? [] : spanProblems(`${path}.until`, from, until)),
        ...(recurring === undefined ? [] : attempt(`${path}.recurring`, () => maintenanceWindows(window))),
        ...longer(`${path}.recurring.duration`, recurring?.duration),
        ...notices.flatMap((notice, place) => longer(`${path}.notices[${place}]`, notice)),
      ];
    }),
  ];
}

function inhibitionProblems({ suppression: { inhibition } }: Config): ConfigProblem[] {
  return [
    ...duplicates('suppression.inhibition', inhibition),
    ...inhibition.flatMap(({ source, target, equal }, index) => {
      const path = `suppression.inhibition[${index}]`;
      return [
        ...conditionProblems(`${path}.source`, source),
        ...conditionProblems(`${path}.target`, target),
        ...equal.flatMap((field, place) => fieldProblems(`${path}.equal[${place}]`, field)),
      ];
    }),
  ];
}

function rateLimitProblems({ suppression: { rateLimits } }: Config): ConfigProblem[] {
  return [
    ...duplicates('suppression.rateLimits', rateLimits),
    ...rateLimits.flatMap(({ when, within }, index) => [
      ...conditionProblems(`suppression.rateLimits[${index}].when`, when),
      ...longer(`suppression.rateLimits[${index}].within`, within),
    ]),
  ];
}

function heartbeatProblems({ heartbeats, services, severity }: Config): ConfigProblem[] {
  const known = new Set(services.map(({ id }) => id));
  const levels = new Set(severity.levels.map(({ id }) => id));
  return [
    ...duplicates('heartbeats', heartbeats),
    ...heartbeats.flatMap(({ every, service, severity: level, timeZone }, index) => {
      const path = `heartbeats[${index}]`;
      return [
        ...longer(`${path}.every`, every),
        ...missing(`${path}.service`, 'service', service, known),
        ...missing(`${path}.severity`, 'severity level', level, levels),
        ...(timeZone === undefined || isTimeZone(timeZone)
          ? []
          : [
              {
                path: `${path}.timeZone`,
                message: `${JSON.stringify(timeZone)} is no IANA time zone`,
                hint: 'Write one such as America/New_York.',
              },
            ]),
      ];
    }),
  ];
}

function conditionProblems(path: string, when: Parameters<typeof compileCondition>[0] | undefined): ConfigProblem[] {
  return when === undefined ? [] : attempt(path, () => compileCondition(when, path));
}

function fieldProblems(path: string, field: string | undefined): ConfigProblem[] {
  return field === undefined ? [] : attempt(path, () => compileField(field, path));
}

function spanProblems(path: string, from: string, until: string): ConfigProblem[] {
  if (toEpochMs(until) > toEpochMs(from)) return [];
  return [{ path, message: `${until} is not after ${from}`, hint: 'Let it end after it begins.' }];
}

function longer(path: string, duration: string | undefined): ConfigProblem[] {
  if (duration === undefined || durationMs(duration) > 0) return [];
  return [{ path, message: `${duration} is no time at all`, hint: 'Write a duration longer than zero.' }];
}
