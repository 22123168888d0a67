/**
 * Colours: every paint of the picture, for light and for dark surroundings.
 *
 * The light one stands in the attributes, for viewers that know no style sheets; a style sheet changes it in the dark.
 * Contrast is tested: text on whatever lies below it at least 4.5:1, edges of bars on the ground at least 3:1.
 */
import { paletteOf } from './palette.ts';

/** The paints: `[light, dark]`. */
export const PAINTS = {
  ground: ['#ffffff', '#0d1117'],
  day: ['#f6f8fa', '#161b22'],
  weekend: ['#eceff3', '#1d232c'],
  line: ['#d0d7de', '#30363d'],
  ink: ['#1f2328', '#f0f3f6'],
  soft: ['#57606a', '#9aa4af'],
  beside: ['#3d444d', '#d1d9e0'],
  hatch: ['#1f2328', '#f0f3f6'],
  gap: ['#c41e2a', '#b3212b'],
  gapEdge: ['#82121b', '#ff8a84'],
  gapInk: ['#ffffff', '#ffffff'],
  now: ['#1f2328', '#f0f3f6'],
  nowInk: ['#ffffff', '#0d1117'],
  p0: ['#c2dcfd', '#1d406b'],
  p1: ['#f8d2a7', '#593705'],
  p2: ['#b7e7c3', '#124c28'],
  p3: ['#e4ceff', '#4a3363'],
  p4: ['#a2e8e7', '#054a4a'],
  p5: ['#fcc7e4', '#5e2b4a'],
  p6: ['#e2dba6', '#484101'],
  p7: ['#d1d6fd', '#38396b'],
  p8: ['#cce3b1', '#32480f'],
  p9: ['#a9e3fe', '#07465c'],
  p0Edge: ['#2769b7', '#69a1e8'],
  p1Edge: ['#915b02', '#ce9042'],
  p2Edge: ['#037e3f', '#5fb479'],
  p3Edge: ['#7c50a8', '#b08ada'],
  p4Edge: ['#047879', '#18b4b5'],
  p5Edge: ['#9e427b', '#d37faf'],
  p6Edge: ['#766a03', '#ada13d'],
  p7Edge: ['#5b5cb7', '#9095e8'],
  p8Edge: ['#527700', '#89ac58'],
  p9Edge: ['#067396', '#37acd9'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

/** The name of a paint. */
export type Paint = keyof typeof PAINTS;

/** What somebody's bars look like. Beyond ten people colours come again, with dashed edges. */
export type Look = { readonly fill: Paint; readonly edge: Paint; readonly dashes: string | undefined };

const LOOKS: readonly (readonly [fill: Paint, edge: Paint])[] = [
  ['p0', 'p0Edge'],
  ['p1', 'p1Edge'],
  ['p2', 'p2Edge'],
  ['p3', 'p3Edge'],
  ['p4', 'p4Edge'],
  ['p5', 'p5Edge'],
  ['p6', 'p6Edge'],
  ['p7', 'p7Edge'],
  ['p8', 'p8Edge'],
  ['p9', 'p9Edge'],
];
const DASHES = [undefined, '5 2', '2 2', '7 2 2 2'];

/** The look of the person at that place of the roster. */
export function lookOf(place: number): Look {
  const [fill, edge] = LOOKS[place % LOOKS.length] ?? ['p0', 'p0Edge'];
  return { fill, edge, dashes: DASHES[Math.floor(place / LOOKS.length) % DASHES.length] };
}

const palette = paletteOf('tcs', PAINTS);

/** The attributes of an element that is filled, or has an edge, or both. */
export const painted = palette.painted;
/** A line of text. */
export const words = palette.words;

/** The style sheet that turns every paint dark. */
export function darkStyle(): string {
  return `@media (prefers-color-scheme:dark){${palette.darkRules}}`;
}
