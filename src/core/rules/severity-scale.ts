/**
 * The scale: the levels of a host in their order, found by id, by place and by comparison.
 *
 * Pure. It knows no words but the ids of the host.
 */
import { TocsinError } from '../../errors.ts';
import type { SeverityLevel } from '../../model/severity.ts';
import { quote } from './rule-invalid.ts';

/** The levels of a host; the most severe first. */
export type Scale = {
  readonly levels: readonly SeverityLevel[];
  /** The level of exactly that id. */
  readonly level: (id: string) => SeverityLevel | undefined;
  /** The level of that id in any case. */
  readonly inAnyCase: (id: string) => SeverityLevel | undefined;
  /** Negative when `a` is more severe than `b`. An id that is no level counts as less severe than all. */
  readonly compare: (a: string, b: string) => number;
  /** The level that the configuration names at `path`. */
  readonly named: (id: string, path: string) => SeverityLevel;
};

/** The scale of `levels`. */
export function scaleOf(levels: readonly SeverityLevel[]): Scale {
  const ranks = new Map(levels.map(({ id }, rank) => [id, rank]));
  const anyCase = new Map(levels.toReversed().map((level) => [level.id.toLowerCase(), level]));
  const rank = (id: string) => ranks.get(id) ?? levels.length;
  const level = (id: string) => levels[rank(id)];
  return {
    levels,
    level,
    inAnyCase: (id) => anyCase.get(id.toLowerCase()),
    compare: (a, b) => rank(a) - rank(b),
    named: (id, path) => {
      const found = level(id);
      if (found) return found;
      const known = levels.map((each) => each.id).join(', ');
      const message = `Cannot use ${quote(id)} at ${path}: it is no severity level. Use one of ${known}.`;
      throw new TocsinError('REFERENCE_UNKNOWN', message, { details: { path, id } });
    },
  };
}
