/**
 * A small strict reader of XML: what it takes is well-formed; everything else throws.
 *
 * It knows elements, attributes, text and the five entities with numbers, and nothing more: no picture needs more.
 */

/** An element with what is in it. */
export type Xml = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Xml[];
  /** The text directly in it. */
  readonly text: string;
};

const TAG = /^<(\/?)([A-Za-z][\w:-]*)((?:\s+[A-Za-z][\w:-]*="[^"<]*")*)\s*(\/?)>/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids them
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** Reads one element, which must be all there is. */
export function readXml(source: string): Xml {
  if (FORBIDDEN.test(source)) throw new Error('a character that XML forbids');
  const open: { name: string; attributes: Record<string, string>; children: Xml[]; text: string }[] = [
    { name: '', attributes: {}, children: [], text: '' },
  ];
  let rest = source;
  while (rest !== '') {
    const here = open.at(-1)!;
    const text = /^[^<]+/.exec(rest)?.[0];
    if (text !== undefined) {
      here.text += decode(text);
      rest = rest.slice(text.length);
      continue;
    }
    const tag = TAG.exec(rest);
    if (tag === null) throw new Error(`no tag: ${rest.slice(0, 80)}`);
    const [whole, close, name = '', attributes = '', empty] = tag;
    rest = rest.slice(whole.length);
    if (close === '/') {
      if (here.name !== name) throw new Error(`</${name}> closes <${here.name}>`);
      open.pop();
      open.at(-1)!.children.push(here);
      continue;
    }
    const element = { name, attributes: readAttributes(attributes), children: [], text: '' };
    if (empty === '/') here.children.push(element);
    else open.push(element);
  }
  const [root] = open;
  if (open.length !== 1 || root!.children.length !== 1 || root!.text.trim() !== '') throw new Error('not one element');
  return root!.children[0]!;
}

/** Every element below, in order. */
export function everyElement(root: Xml): readonly Xml[] {
  return [root, ...root.children.flatMap(everyElement)];
}

/** Every element of that class. */
export function ofClass(root: Xml, name: string): readonly Xml[] {
  return everyElement(root).filter(({ attributes }) => attributes.class?.split(' ').includes(name));
}

function readAttributes(source: string): Record<string, string> {
  const found = [...source.matchAll(/([A-Za-z][\w:-]*)="([^"]*)"/g)].map(([, key = '', value = '']) => [
    key,
    decode(value),
  ]);
  if (new Set(found.map(([key]) => key)).size !== found.length) throw new Error(`an attribute twice: ${source}`);
  return Object.fromEntries(found) as Record<string, string>;
}

function decode(text: string): string {
  return text.replace(/&([^;&]*;?)/g, (whole, name: string) => {
    const char = ENTITIES[name.slice(0, -1)];
    if (!name.endsWith(';') || char === undefined) throw new Error(`no entity: ${whole}`);
    return char;
  });
}
