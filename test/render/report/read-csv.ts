/**
 * A small strict reader of RFC 4180: what it takes is such a document; everything else throws.
 */

/** The records of a document, each with its cells. */
export function readCsv(source: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let rest = source;
  while (rest !== '') {
    const record: string[] = [];
    for (;;) {
      const cell = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))/.exec(rest)!;
      record.push(cell[1]?.replaceAll('""', '"') ?? cell[2] ?? '');
      rest = rest.slice(cell[0].length);
      if (!rest.startsWith(',')) break;
      rest = rest.slice(1);
    }
    if (!rest.startsWith('\r\n')) throw new Error(`no end of a record: ${JSON.stringify(rest.slice(0, 40))}`);
    rest = rest.slice(2);
    records.push(record);
  }
  const [head] = records;
  const odd = records.find((record) => record.length !== head?.length);
  if (odd !== undefined) throw new Error(`${odd.length} cells under ${head?.length} headings`);
  return records;
}

/** The records below the header, by its names. */
export function readTable(source: string): readonly Readonly<Record<string, string>>[] {
  const [head = [], ...records] = readCsv(source);
  return records.map((record) => Object.fromEntries(head.map((name, place) => [name, record[place] ?? ''])));
}
