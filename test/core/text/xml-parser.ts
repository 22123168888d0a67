/**
 * A strict reader of XML, as far as our documents use it: elements, attributes in double quotes, text and references. Whatever
 * else it meets, and every character that XML 1.0 forbids, is an error.
 */
export type XmlElement = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text that stands directly in it. */
  readonly text: string;
};

const REFERENCES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
const ALLOWED = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

export function parseXml(xml: string): XmlElement {
  if (!ALLOWED.test(xml)) throw new Error('XML forbids a character of it');
  const at = { index: 0, xml };
  const root = element(at);
  if (at.index !== xml.length) throw new Error(`something follows the root: ${xml.slice(at.index)}`);
  return root;
}

type Place = { index: number; readonly xml: string };

function element(at: Place): XmlElement {
  const name = take(at, /<([A-Za-z]+)/y);
  const attributes: Record<string, string> = {};
  for (;;) {
    const attribute = tryTake(at, /\s+([A-Za-z]+)="/y);
    if (attribute === undefined) break;
    if (Object.hasOwn(attributes, attribute)) throw new Error(`${attribute} occurs twice`);
    attributes[attribute] = unescaped(take(at, /([^<"]*)"/y));
  }
  take(at, /(>)/y);
  const children: XmlElement[] = [];
  let text = '';
  for (;;) {
    text += unescaped(take(at, /([^<]*)/y));
    if (tryTake(at, new RegExp(`(</${name}>)`, 'y')) !== undefined) return { name, attributes, children, text };
    children.push(element(at));
  }
}

function tryTake(at: Place, pattern: RegExp): string | undefined {
  pattern.lastIndex = at.index;
  const found = pattern.exec(at.xml);
  if (found === null) return undefined;
  at.index = pattern.lastIndex;
  return found[1] ?? '';
}

function take(at: Place, pattern: RegExp): string {
  const taken = tryTake(at, pattern);
  if (taken === undefined) throw new Error(`no ${pattern} at ${at.index}: ${at.xml.slice(at.index, at.index + 40)}`);
  return taken;
}

function unescaped(text: string): string {
  if (text.includes(']]>')) throw new Error(']]> stands in a text');
  return text.replace(/&[^;]{0,8};?/g, (reference) => {
    const char = REFERENCES[reference];
    if (char === undefined) throw new Error(`no reference: ${reference}`);
    return char;
  });
}
