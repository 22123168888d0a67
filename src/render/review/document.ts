/**
 * The document that a review is: what is said, before it is written as Markdown or HTML.
 *
 * Texts in it are of anybody and escaped by nobody yet: whoever writes it does that. It has no markup.
 */

/** A piece of a line. */
export type Inline =
  | { readonly kind: 'text' | 'strong' | 'soft' | 'alarm'; readonly text: string }
  /** Entries of the timeline: one, or the two that a number begins and ends with. */
  | { readonly kind: 'entries'; readonly seqs: readonly number[] }
  /** An address of the host may be relative; one of a stranger has to be one of the web. */
  | { readonly kind: 'link'; readonly of: 'host' | 'stranger'; readonly href: string; readonly text: string };

/** A line, or a cell of a table. */
export type Line = readonly Inline[];

/** A piece of a section. */
export type Block =
  /** What somebody wrote. */
  | { readonly kind: 'prose'; readonly text: string }
  /** What is still to be written. */
  | { readonly kind: 'asked'; readonly text: string; readonly isRequired: boolean }
  | { readonly kind: 'line'; readonly line: Line }
  /** A text of a machine, as it is. */
  | { readonly kind: 'block'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Line[] }
  /** `label`: what it is a table of. Columns of `numbers` stand to the right. */
  | {
      readonly kind: 'table';
      readonly label: string;
      readonly head: readonly string[];
      readonly numbers: readonly number[];
      readonly rows: readonly (readonly Line[])[];
    }
  | { readonly kind: 'facts'; readonly label: string; readonly rows: readonly (readonly [name: string, line: Line])[] }
  | { readonly kind: 'picture' }
  | { readonly kind: 'timeline' };

/** A section. */
export type Part = { readonly title: string; readonly blocks: readonly Block[] };

/** A text as a line of one piece. */
export function plain(text: string): Line {
  return [{ kind: 'text', text }];
}
