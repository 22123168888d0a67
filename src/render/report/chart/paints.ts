/**
 * Colours of charts, for light and for dark surroundings.
 *
 * Whoever sees colours otherwise tells them apart by how light they are, by shape or by place: tested. No colour says
 * anything that words do not say as well.
 */
import { PAINTS } from '../../picture/colours.ts';
import { paletteOf } from '../../picture/palette.ts';

/** The paints: `[light, dark]`. */
export const CHART_PAINTS = {
  ground: PAINTS.ground,
  ink: PAINTS.ink,
  soft: PAINTS.soft,
  line: PAINTS.line,
  blue: ['#2f74c0', '#6aa7ec'],
  orange: ['#b8500c', '#f2924a'],
  business: ['#4f90d0', '#4d8fd6'],
  evenings: ['#f3c766', '#8f6a1e'],
  eveningsEdge: ['#8a6200', '#d9ab45'],
  weekends: ['#14705a', '#45c3a3'],
  sleep: ['#4b2a85', '#d3bfff'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

/** The name of a paint. */
export type ChartPaint = keyof typeof CHART_PAINTS;

const palette = paletteOf('tcc', CHART_PAINTS);

/** The attributes of an element that is filled, or has an edge, or both. */
export const charted = palette.painted;
/** A line of text. */
export const chartWords = palette.words;

/** The style sheet that turns a chart dark on a screen. On paper it stays light. */
export const CHART_STYLE = `@media screen and (prefers-color-scheme:dark){${palette.darkRules}}`;
