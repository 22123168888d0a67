/**
 * Colours of the picture of an incident, for light and for dark surroundings.
 *
 * Contrast is tested, and that those who see fewer colours can tell phases apart. No colour stands alone: each has a shape, a
 * height or a word beside it.
 */
import type { Phase } from '../../../model/incident.ts';
import { paletteOf } from '../../picture/palette.ts';

/** The paints: `[light, dark]`. */
export const PAINTS = {
  ground: ['#ffffff', '#0d1117'],
  lane: ['#f3f5f8', '#161b22'],
  line: ['#dce1e7', '#2b323b'],
  day: ['#8c959f', '#6e7681'],
  ink: ['#1f2328', '#f0f3f6'],
  soft: ['#57606a', '#9aa4af'],
  white: ['#ffffff', '#ffffff'],
  black: ['#1f2328', '#0d1117'],
  alert: ['#ffd9d2', '#5a211b'],
  alertEdge: ['#c4382a', '#f27f6e'],
  worst: ['#9b1c25', '#b3212b'],
  bad: ['#f08a6c', '#86391f'],
  fair: ['#f9c4a4', '#5f3f22'],
  mild: ['#fbe6d3', '#443827'],
  unknown: ['#d5dae0', '#3a424c'],
  page: ['#0a5cc2', '#6cb0ff'],
  alarm: ['#c01c28', '#ff7f78'],
  owned: ['#c2dcfd', '#1d406b'],
  ownedEdge: ['#2769b7', '#69a1e8'],
  snoozed: ['#e9d9fb', '#43305c'],
  snoozedEdge: ['#7c50a8', '#b08ada'],
  told: ['#0b6a63', '#45c4b8'],
  triage: ['#eef1f4', '#262d36'],
  investigating: ['#ff9d7e', '#8a3519'],
  identified: ['#ffe390', '#d9bb45'],
  monitoring: ['#8dbdf8', '#1f5195'],
  resolved: ['#17624f', '#8ad6be'],
  closed: ['#474f59', '#c9d1d9'],
  dismissed: ['#c3c9d1', '#4a535e'],
  onEnd: ['#ffffff', '#0d1117'],
  phaseEdge: ['#57606a', '#9aa4af'],
  began: ['#b3212b', '#ff8a84'],
  detected: ['#805400', '#e0a92e'],
  acknowledged: ['#0a5cc2', '#6cb0ff'],
  mitigated: ['#7a3fa6', '#c79bf2'],
  over: ['#17752f', '#3fb950'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

/** The name of a paint. */
export type Paint = keyof typeof PAINTS;

/** The classes of the picture begin with `tcr`, so that a schedule may stand on the same page. */
export const { painted, words, darkRules } = paletteOf('tcr', PAINTS);

/** What is filled with a paint, and what is written on it. */
export type Look = { readonly fill: Paint; readonly edge: Paint; readonly ink: Paint };

/** How bars of each phase look. */
export const PHASES: { readonly [P in Phase]: Look } = {
  triage: { fill: 'triage', edge: 'phaseEdge', ink: 'ink' },
  investigating: { fill: 'investigating', edge: 'phaseEdge', ink: 'ink' },
  identified: { fill: 'identified', edge: 'phaseEdge', ink: 'black' },
  monitoring: { fill: 'monitoring', edge: 'phaseEdge', ink: 'ink' },
  resolved: { fill: 'resolved', edge: 'phaseEdge', ink: 'onEnd' },
  closed: { fill: 'closed', edge: 'phaseEdge', ink: 'onEnd' },
  dismissed: { fill: 'dismissed', edge: 'phaseEdge', ink: 'ink' },
  merged: { fill: 'dismissed', edge: 'phaseEdge', ink: 'ink' },
};

const SEVERITIES: readonly Look[] = [
  { fill: 'worst', edge: 'phaseEdge', ink: 'white' },
  { fill: 'bad', edge: 'phaseEdge', ink: 'ink' },
  { fill: 'fair', edge: 'phaseEdge', ink: 'ink' },
  { fill: 'mild', edge: 'phaseEdge', ink: 'ink' },
];
const UNKNOWN: Look = { fill: 'unknown', edge: 'phaseEdge', ink: 'ink' };

/** How bars of a severity look, by its rank. */
export function severityLook(rank: number | undefined): Look {
  if (rank === undefined) return UNKNOWN;
  return SEVERITIES[Math.min(rank, SEVERITIES.length - 1)] ?? UNKNOWN;
}

/** How other bars look. */
export const LOOKS = {
  alert: { fill: 'alert', edge: 'alertEdge', ink: 'ink' },
  acknowledged: { fill: 'owned', edge: 'ownedEdge', ink: 'ink' },
  snoozed: { fill: 'snoozed', edge: 'snoozedEdge', ink: 'ink' },
} as const satisfies Record<string, Look>;
