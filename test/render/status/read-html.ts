/**
 * Reads a page as a browser does, and refuses what a browser would only forgive.
 *
 * It knows nothing of status pages.
 */
import { type DefaultTreeAdapterTypes, type ParserError, parse } from 'parse5';

/** An element with everything in it. */
export type Html = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Html[];
  /** All the text in it, also in the elements below. */
  readonly text: string;
};

/** The root of a page without a single parse error. */
export function readHtml(source: string): Html {
  const errors: ParserError[] = [];
  const document = parse(source, { onParseError: (error) => errors.push(error), sourceCodeLocationInfo: true });
  const [first] = errors;
  if (first !== undefined) {
    throw new Error(`${first.code}: ${source.slice(Math.max(0, first.startOffset - 40), first.endOffset + 40)}`);
  }
  const [doctype, root] = document.childNodes;
  if (doctype?.nodeName !== '#documentType' || root === undefined || !('tagName' in root)) throw new Error('no page');
  return elementOf(root);
}

/** Every element below, in order. */
export function everyHtml(root: Html): readonly Html[] {
  return [root, ...root.children.flatMap(everyHtml)];
}

/** The elements of that name, and of that class when one is given. */
export function named(root: Html, name: string, of?: string): readonly Html[] {
  return everyHtml(root).filter(
    (one) => one.name === name && (of === undefined || (one.attributes.class ?? '').split(' ').includes(of)),
  );
}

function elementOf(node: DefaultTreeAdapterTypes.Element): Html {
  const children: Html[] = [];
  let text = '';
  for (const child of node.childNodes) {
    if (child.nodeName === '#comment') throw new Error('a comment');
    if ('value' in child) text += child.value;
    if (!('tagName' in child)) continue;
    const read = elementOf(child);
    children.push(read);
    text += read.text;
  }
  const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
  return { name: node.tagName, attributes, children, text };
}
