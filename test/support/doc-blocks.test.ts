/**
 * The reader of documents: it finds every block, and an untrue `// =>` makes it fail.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { assertedModule, docstringBlocks, markdownBlocks } from './doc-blocks.ts';

const blockOf = (code: string) => ({ file: 'a.md', line: 10, code, isRun: true });

/** Runs a block as docs.test.ts does. */
async function run(code: string): Promise<void> {
  mkdirSync('reports', { recursive: true });
  const folder = mkdtempSync(resolve('reports/doc-block-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'block.ts');
  writeFileSync(file, assertedModule(blockOf(code)));
  await import(/* @vite-ignore */ pathToFileURL(file).href);
}

describe('finding blocks', () => {
  test('TypeScript fences of Markdown, with their lines', () => {
    const text =
      '# A\n\n```ts\none();\n```\n\n```sh\nnpm i\n```\n\n1. item\n\n   ```ts no-run\n   two();\n     three();\n   ```\n';
    expect(markdownBlocks(text, 'a.md')).toEqual([
      { file: 'a.md', line: 4, code: 'one();', isRun: true },
      { file: 'a.md', line: 14, code: 'two();\n  three();', isRun: false },
    ]);
  });

  test('TypeScript fences of docstrings, and none of other code', () => {
    const source = [
      'const text = `/** no docstring */`;',
      '/**',
      ' * Adds.',
      ' *',
      ' * @example',
      ' * ```ts',
      ' * add(1,',
      ' *   2); // => 3',
      ' * ```',
      ' */',
      'export const add = (a: number, b: number) => a + b;',
      '// ```ts',
    ].join('\n');
    expect(docstringBlocks(source, 'a.ts')).toEqual([
      { file: 'a.ts', line: 7, code: 'add(1,\n  2); // => 3', isRun: true },
    ]);
  });

  test('what could be overlooked is an error', () => {
    expect(() => markdownBlocks('```ts\none();', 'a.md')).toThrow('a.md:1: this fence is never closed');
    expect(() => markdownBlocks('```ts norun\none();\n```', 'a.md')).toThrow(
      'a.md:1: unknown words after ```ts: norun',
    );
  });
});

describe('expectations that hold', () => {
  test.each([
    ['an expression', '1 + 1; // => 2'],
    ['an object, deeply', "({ a: [1, { b: 'c' }] }); // => { a: [1, { b: 'c' }] }"],
    ['a value on the next line', '1 + 1;\n// => 2\n// and this is only a remark'],
    ['a value over several lines', '({ a: 1, b: 2 }); // => {\n//   a: 1,\n//   b: 2,\n// }'],
    ['a constant', 'const two = 1 + 1; // => 2\nconst three = two + 1; // => 3'],
    ['what is printed', "console.log(['a'].length); // => 1"],
    ['an awaited value', 'await Promise.resolve(3); // => 3'],
    ['an expression over several lines', '[1, 2]\n  .map((n) => n * 2)\n  .join(); // => "2,4"'],
    ['the last statement of a line', 'let n = 1; n += 1; n; // => 2'],
    ['the outermost statement', '[1].map((n) => { void n; return n; }); // => [1]'],
    ['an expectation inside a function', 'function f(n: number) {\n  n; // => 1\n}\nf(1);'],
    ['what looks like one inside a text', "'// => 3'; // => '// => 3'"],
    ['a code that is thrown', "(() => { throw Object.assign(new Error(), { code: 'GONE' }); })(); // throws GONE"],
    ['a code that is rejected', "await Promise.reject(Object.assign(new Error(), { code: 'GONE' })); // throws GONE"],
  ])('%s', async (_, code) => {
    await expect(run(code)).resolves.toBeUndefined();
  });
});

describe('expectations that do not hold', () => {
  test.each([
    ['another value', '1 + 1; // => 3'],
    ['another type', "1 + 1; // => '2'"],
    ['one more field', '({ a: 1, b: 2 }); // => { a: 1 }'],
    ['a value on the next line', '1 + 1;\n// => 3'],
    ['a constant', 'const two = 1 + 1; // => 3'],
    ['what is printed', 'console.log(1 + 1); // => 3'],
    ['an expectation inside a function', 'function f(n: number) {\n  n; // => 2\n}\nf(1);'],
  ])('%s fails', async (_, code) => {
    await expect(run(code)).rejects.toThrow(/expected .* to deeply equal/);
  });

  test.each([
    ['nothing is thrown', '1 + 1; // throws GONE', /resolved .* instead of rejecting/],
    [
      'another code is thrown',
      "(() => { throw Object.assign(new Error(), { code: 'LOST' }); })(); // throws GONE",
      /to match object/,
    ],
  ])('%s fails', async (_, code, message) => {
    await expect(run(code)).rejects.toThrow(message);
  });

  test.each([
    ['an expectation behind no statement', 'if (true) {\n} // => 2', 'a.md:11: `// => 2` belongs to no statement'],
    [
      'an expectation that is no expression',
      '1;\n2; // => two of them',
      'a.md:11: cannot read the expected value `two of them`',
    ],
    ['an expectation without a value', '1; // =>', 'a.md:10: cannot read the expected value ``'],
    ['an expectation behind several constants', 'const [a] = [1]; // => 1', 'stands behind what has no single value'],
    ['a code behind a constant', 'const a = 1; // throws GONE', 'stands behind what has no single value'],
    ['an expectation inside another', 'f(() => {\n  1; // => 1\n}); // => 2', 'a.md:10: an expectation inside another'],
  ])('%s is refused', (_, code, message) => {
    expect(() => assertedModule(blockOf(code))).toThrow(message);
  });

  test('each line stays on its line, after one line of imports', () => {
    const code = '1 + 1; // => 2\n\n3; // => 3';
    expect(assertedModule(blockOf(code)).split('\n').slice(1, 4)).toEqual([
      '__expect(1 + 1).toEqual((2)); // => 2',
      '',
      '__expect(3).toEqual((3)); // => 3',
    ]);
  });
});
