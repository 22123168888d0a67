/**
 * The matrix of impact and time pressure: the severity of a pair.
 *
 * Pure. It is asked by exact words; a pair that has no cell decides nothing.
 */
import type { SeverityConfig, SeverityLevel } from '../../model/severity.ts';
import { type Fact, ownValue } from './field.ts';
import { quote } from './rule-invalid.ts';
import type { Scale } from './severity-scale.ts';
import type { Verdict } from './severity-verdict.ts';

/** Compiles the matrix; of two cells of one pair the first counts. */
export function compileMatrix(config: SeverityConfig, scale: Scale): (fact: Fact) => Verdict | undefined {
  const cells = new Map<string, SeverityLevel>();
  for (const [place, cell] of (config.matrix ?? []).entries()) {
    const key = keyOf(cell.impact, cell.timePressure);
    const level = scale.named(cell.severity, `severity.matrix[${place}].severity`);
    if (!cells.has(key)) cells.set(key, level);
  }
  return (fact) => {
    const impact = inputOf(fact, 'impact', 'impact');
    const timePressure = inputOf(fact, 'timePressure', 'time_pressure');
    if (typeof impact !== 'string' || typeof timePressure !== 'string') return undefined;
    const level = cells.get(keyOf(impact, timePressure));
    if (!level) return undefined;
    const reason = `impact ${quote(impact)} and time pressure ${quote(timePressure)} make ${level.id}`;
    return { level, decidedBy: { kind: 'matrix' }, reason };
  };
}

/** The field itself, or else the label by which a source says the same. */
function inputOf(fact: Fact, field: string, label: string): unknown {
  return ownValue(fact, field) ?? ownValue(ownValue(fact, 'labels'), label);
}

function keyOf(impact: string, timePressure: string): string {
  return JSON.stringify([impact, timePressure]);
}
