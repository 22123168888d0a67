/**
 * Linting of the intake: groupings, limits, extractions and inhibitions that do nothing, and quiet times that have passed.
 */
import type { Config } from '../../model/config.ts';
import { toEpochMs } from '../../model/instant.ts';
import type { Extraction } from '../../model/intake.ts';
import type { Finding, FindingCode } from './finding.ts';
import { namesOf } from './lint-rules.ts';
import { plain } from './plain-condition.ts';
import { shadowsOf } from './shadow.ts';
import { isOver } from './window-times.ts';

/** What of the intake of `config` does nothing at `at` and later. */
export function lintIntake(config: Config, at: number): readonly Finding[] {
  const { grouping, suppression, enrichment } = config;
  return [
    ...shadowed('GROUPING_SHADOWED', 'grouping', grouping),
    ...idleJoins(config),
    ...shadowed('RATE_LIMIT_SHADOWED', 'suppression.rateLimits', suppression.rateLimits),
    ...enrichment.flatMap((extraction, index) => extractionFindings(extraction, index, enrichment)),
    ...inhibitionFindings(config),
    ...silenceFindings(config, at),
    ...maintenanceFindings(config, at),
  ];
}

function shadowed(
  code: FindingCode,
  list: string,
  items: readonly Pick<Config['grouping'][number], 'id' | 'when'>[],
): readonly Finding[] {
  const conditions = items.map(({ when }) => plain(when));
  return shadowsOf(conditions, (one, other) => one < other).flatMap((by, place): Finding[] =>
    by.length === 0
      ? []
      : [
          {
            code,
            path: `${list}[${place}]`,
            message: `this one never applies: whenever it could, ${namesOf(list, items, by)} before it ${by.length === 1 ? 'applies' : 'apply'}`,
            hint: 'Put it before them, make them ask for more, or take it out.',
          },
        ],
  );
}

function idleJoins({ grouping }: Config): readonly Finding[] {
  return grouping.flatMap(({ joinDependants, acrossServices }, place): Finding[] =>
    joinDependants && acrossServices
      ? [
          {
            code: 'GROUPING_JOIN_IDLE',
            path: `grouping[${place}].joinDependants`,
            message: 'groups across services have no service of their own, so joinDependants does nothing',
            hint: 'Take one of `joinDependants` and `acrossServices` out.',
          },
        ]
      : [],
  );
}

function extractionFindings(extraction: Extraction, index: number, all: readonly Extraction[]): readonly Finding[] {
  const path = `enrichment[${index}]`;
  if (extraction.set === 'title' && !extraction.overwrite)
    return [
      {
        code: 'EXTRACTION_IDLE',
        path: `${path}.overwrite`,
        message:
          'every event has a title, if need be one that was made up: without overwrite this extraction sets nothing',
        hint: 'Let it overwrite, with a `when` that says which titles.',
      },
    ];
  const before = all[index - 1];
  // Only of neighbours it is certain that nothing has changed in between, and only if they do not read what they set.
  if (before === undefined || JSON.stringify(before) !== JSON.stringify(extraction) || readsItself(extraction))
    return [];
  return [
    {
      code: 'EXTRACTION_REPEATED',
      path,
      message: `it is the same as enrichment[${index - 1}], which has set ${extraction.set} already`,
      hint: 'Take one of them out.',
    },
  ];
}

function readsItself({ set, from, template, when, table }: Extraction): boolean {
  const read = JSON.stringify([from, template, when]);
  // A matcher and a pointer name fields in their own way.
  return read.includes(set.replace(/^labels\./, '')) || from?.startsWith('/') === true || table !== undefined;
}

function inhibitionFindings({ suppression: { inhibition } }: Config): readonly Finding[] {
  const first = new Map<string, string>();
  return inhibition.flatMap(({ id, source, target, equal, missingAgrees }, place): Finding[] => {
    const fields = [...new Set(equal)].sort();
    const key = JSON.stringify([plain(source).key, plain(target).key, fields, fields.length > 0 && missingAgrees]);
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, id);
      return [];
    }
    return [
      {
        code: 'INHIBITION_REPEATED',
        path: `suppression.inhibition[${place}]`,
        message: `it mutes what ${known} mutes already`,
        hint: 'Take one of them out.',
      },
    ];
  });
}

function silenceFindings({ suppression: { silences } }: Config, at: number): readonly Finding[] {
  return silences.flatMap(({ id, until }, place): Finding[] =>
    toEpochMs(until) > at
      ? []
      : [
          {
            code: 'SILENCE_ENDED',
            path: `suppression.silences[${place}]`,
            message: `silence ${id} has ended at ${iso(until)}`,
            hint: 'Take it out.',
          },
        ],
  );
}

function maintenanceFindings({ suppression: { maintenance } }: Config, at: number): readonly Finding[] {
  return maintenance.flatMap(({ id, until, recurring }, place): Finding[] => {
    const hasEnded = recurring === undefined ? until !== undefined && toEpochMs(until) <= at : isOver(recurring, at);
    if (!hasEnded) return [];
    const when = until === undefined ? 'for the last time' : `at ${iso(until)}`;
    return [
      {
        code: 'MAINTENANCE_ENDED',
        path: `suppression.maintenance[${place}]`,
        message: `maintenance ${id} has ended ${when}`,
        hint: 'Take it out.',
      },
    ];
  });
}

function iso(instant: Parameters<typeof toEpochMs>[0]): string {
  return new Date(toEpochMs(instant)).toISOString();
}
