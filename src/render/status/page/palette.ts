/**
 * The colours and shapes of a status page: one of each for every impact, for light and for dark surroundings.
 *
 * Contrast is tested: words on their ground at least 4.5:1, bars and icons at least 3:1. No colour stands alone: each has
 * a shape and a word beside it.
 */
import type { Impact } from '../../../model/status.ts';

/** The short class of an impact, by its place: `k0` is operational. */
export const PLACE: { readonly [I in Impact]: number } = {
  operational: 0,
  under_maintenance: 1,
  degraded_performance: 2,
  partial_outage: 3,
  major_outage: 4,
};

/** Grounds, words and lines: `[light, dark]`. */
export const GROUNDS = {
  bg: ['#f5f6f8', '#0d1117'],
  card: ['#ffffff', '#161b22'],
  ink: ['#1b1f24', '#e9eef4'],
  soft: ['#57606a', '#9da7b3'],
  line: ['#dde1e6', '#2d333b'],
  link: ['#0757b5', '#79b8ff'],
} as const;

/** Words of a state, by place: `[light, dark]`. */
export const STATES = [
  ['#17752f', '#3fb950'],
  ['#0a5cc2', '#6cb0ff'],
  ['#7d5600', '#e0a92e'],
  ['#b04408', '#f2924a'],
  ['#c01c28', '#ff7f78'],
] as const;

/** Bars, by place, and those of days without data: `[light, dark]`. */
export const BARS = [
  ['#28995a', '#2f9e58'],
  ['#3f87e5', '#4d94ef'],
  ['#b58000', '#d9a227'],
  ['#e0661c', '#ee8436'],
  ['#cf2233', '#f2555a'],
  ['#7f8792', '#68727e'],
] as const;

/** The banner, by place: white words stand on it in both. */
export const BANNERS = ['#17752f', '#0a5cc2', '#8a5f00', '#b04408', '#b91c2c'] as const;

/** Icons, by place: one colour for both surroundings, and what is drawn on it. */
export const ICONS = ['#1f9254', '#2f7de1', '#b77400', '#d9571b', '#db3340'] as const;

const SHAPES = [
  "<circle cx='9' cy='9' r='8' fill='#'/><path d='M5.4 9.3 8 11.9l4.7-5.2' stroke='white' fill='none' stroke-width='1.8' stroke-linecap='round' stroke-linejoin='round'/>",
  "<rect x='1' y='1' width='16' height='16' rx='4.5' fill='#'/><path d='M5.2 12.8 9.6 8.4M13.6 6.2a2.9 2.9 0 1 1-2-2' stroke='white' fill='none' stroke-width='2' stroke-linecap='round'/>",
  "<path d='M9 2 16.6 15.5H1.4z' fill='#' stroke='#' stroke-width='2' stroke-linejoin='round'/><path d='M9 6.4v4.2M9 13.2v.1' stroke='white' stroke-width='1.8' stroke-linecap='round'/>",
  "<path d='M9 1.6 16.4 9 9 16.4 1.6 9z' fill='#' stroke='#' stroke-width='1.6' stroke-linejoin='round'/><path d='M9 5.2v4.6M9 12.4v.1' stroke='white' stroke-width='1.8' stroke-linecap='round'/>",
  "<path d='M5.8 1.3h6.4l4.5 4.5v6.4l-4.5 4.5H5.8l-4.5-4.5V5.8z' fill='#'/><path d='M6.2 6.2l5.6 5.6M11.8 6.2l-5.6 5.6' stroke='white' stroke-width='1.9' stroke-linecap='round'/>",
] as const;

/** The icon of a place, as the address of a picture. */
export function iconAddress(place: number, size = 18): string {
  const shape = (SHAPES[place] ?? '').replaceAll('#', ICONS[place] ?? 'gray');
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' width='${size}' height='${size}' viewBox='0 0 18 18'>${shape}</svg>`;
  return `data:image/svg+xml,${svg.replaceAll('#', '%23').replaceAll('<', '%3C').replaceAll('>', '%3E')}`;
}
