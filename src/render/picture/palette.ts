/**
 * Palettes: a set of paints, each for light and for dark surroundings, as attributes and as a style sheet.
 *
 * The light one stands in the attributes, for viewers that know no style sheets; a style sheet changes it in the dark. It
 * never chooses a colour by itself.
 */
import { element, escapeXml } from './xml.ts';

/** What an element is painted with. */
export type Painting<P extends string> = { readonly fill?: P; readonly edge?: P };

/** How a line of text looks. */
export type TextStyle<P extends string> = {
  readonly size: number;
  readonly paint: P;
  readonly weight?: number;
  readonly anchor?: string;
};

/** What can be done with a set of paints. */
export type Palette<P extends string> = {
  /** The attributes of an element that is filled, or has an edge, or both. */
  painted(painting: Painting<P>): Record<string, string>;
  /** The rules that turn every paint dark. */
  readonly darkRules: string;
  /** A line of text. */
  words(text: string, at: { readonly x: number; readonly y: number }, style: TextStyle<P>): string;
};

/** The palette of `paints` (`[light, dark]`), whose classes begin with `prefix`. */
export function paletteOf<P extends string>(
  prefix: string,
  paints: Readonly<Record<P, readonly [light: string, dark: string]>>,
): Palette<P> {
  const painted = ({ fill, edge }: Painting<P>) => {
    const classes = [fill === undefined ? '' : `${prefix}-f-${fill}`, edge === undefined ? '' : `${prefix}-e-${edge}`];
    return {
      class: classes.filter((name) => name !== '').join(' '),
      ...(fill === undefined ? { fill: 'none' } : { fill: paints[fill][0] }),
      ...(edge === undefined ? {} : { stroke: paints[edge][0] }),
    };
  };
  return {
    painted,
    darkRules: Object.entries<readonly [string, string]>(paints)
      .map(([name, [, dark]]) => `.${prefix}-f-${name}{fill:${dark}}.${prefix}-e-${name}{stroke:${dark}}`)
      .join(''),
    words: (text, at, { size, paint, weight, anchor }) =>
      element(
        'text',
        { ...at, 'font-size': size, 'font-weight': weight, 'text-anchor': anchor, ...painted({ fill: paint }) },
        escapeXml(text),
      ),
  };
}
