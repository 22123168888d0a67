/**
 * Feeds as their readers see them: the HTML of an entry as the elements and the texts that a browser makes of it.
 */
import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';

/** Reads XML as strictly as XML is, and returns its element. */
export function wellFormed(source: string): XmlElement {
  const { root } = parseXml(source);
  if (root === null) throw new Error('no element');
  return root;
}

/** Every element of that name. */
export function everyXml(root: XmlElement, name: string): readonly XmlElement[] {
  return root.children.flatMap((child) =>
    child instanceof XmlElement ? [...(child.name === name ? [child] : []), ...everyXml(child, name)] : [],
  );
}

/** The text of the first element of that name. */
export function textOf(root: XmlElement, name: string): string | undefined {
  const found = everyXml(root, name)[0];
  return found?.children.map((child) => (child instanceof XmlText ? child.text : '')).join('');
}

/** The paragraphs of HTML, a line break as a newline, with the names of all elements. */
export function readHtml(html: string): { readonly names: readonly string[]; readonly paragraphs: readonly string[] } {
  const { childNodes } = parseFragment(html);
  return { names: [...new Set(childNodes.flatMap(namesOf))].toSorted(), paragraphs: childNodes.map(shownIn) };
}

function namesOf(node: DefaultTreeAdapterTypes.ChildNode): string[] {
  return 'childNodes' in node ? [node.nodeName, ...node.childNodes.flatMap(namesOf)] : [];
}

function shownIn(node: DefaultTreeAdapterTypes.ChildNode): string {
  if (node.nodeName === 'br') return '\n';
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(shownIn).join('') : '';
}
