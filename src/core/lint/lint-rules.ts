/**
 * Linting of severities: rules, cells and settings that never decide anything.
 *
 * With the strategy `highest` a rule is in the shadow only of one that is at least as severe.
 */
import type { Config } from '../../model/config.ts';
import type { Finding } from './finding.ts';
import { plain } from './plain-condition.ts';
import { type Beats, shadowsOf } from './shadow.ts';

/** What of the severities of `config` never decides. */
export function lintRules({ severity }: Config): readonly Finding[] {
  return [...ruleFindings(severity), ...matrixFindings(severity), ...levelFindings(severity)];
}

function ruleFindings({ rules, levels, strategy }: Config['severity']): readonly Finding[] {
  const ranks = new Map(levels.map(({ id }, rank) => [id, rank]));
  const rankOf = (rule: number) => ranks.get(rules[rule]?.severity ?? '') ?? levels.length;
  const isHigher: Beats = (one, other) => {
    const difference = rankOf(one) - rankOf(other);
    return difference < 0 || (difference === 0 && one < other);
  };
  const beats: Beats = strategy === 'first' ? (one, other) => one < other : isHigher;
  const conditions = rules.map(({ when }) => plain(when));
  return shadowsOf(conditions, beats).flatMap((by, rule): Finding[] =>
    by.length === 0
      ? []
      : [
          {
            code: 'RULE_SHADOWED',
            path: `severity.rules[${rule}]`,
            message: `this rule never decides: whenever it holds, ${namesOf('severity.rules', rules, by)} ${by.length === 1 ? 'decides' : 'decide'}`,
            hint:
              strategy === 'first'
                ? 'Put it before them, make them ask for more, or take it out.'
                : 'Make them ask for more, or take it out.',
          },
        ],
  );
}

/** Rules by id or place, at most three of them. */
export function namesOf(
  list: string,
  items: readonly { readonly id?: string | undefined }[],
  places: readonly number[],
): string {
  const shown = places.slice(0, 3).map((place) => items[place]?.id ?? `${list}[${place}]`);
  const more = places.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ');
}

function matrixFindings({ matrix = [] }: Config['severity']): readonly Finding[] {
  const first = new Map<string, number>();
  return matrix.flatMap(({ impact, timePressure }, cell): Finding[] => {
    const key = JSON.stringify([impact, timePressure]);
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, cell);
      return [];
    }
    return [
      {
        code: 'MATRIX_CELL_SHADOWED',
        path: `severity.matrix[${cell}]`,
        message: `severity.matrix[${known}] has the same impact and time pressure, and the first of two counts`,
        hint: 'Keep one of them.',
      },
    ];
  });
}

function levelFindings({ levels }: Config['severity']): readonly Finding[] {
  return levels.flatMap(({ id, urgency, repage }, place): Finding[] =>
    urgency === 'low' && repage === true
      ? [
          {
            code: 'REPAGE_IDLE',
            path: `severity.levels[${place}].repage`,
            message: `a rise to ${id} never pages again: its urgency is low`,
            hint: 'Let its urgency be high, or take `repage` out.',
          },
        ]
      : [],
  );
}
