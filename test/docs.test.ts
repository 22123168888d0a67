/**
 * Every TypeScript block of the README, of docs/ and of the docstrings compiles, runs, and does what it says.
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { assertedModule, type DocBlock, docstringBlocks, markdownBlocks } from './support/doc-blocks.ts';

const folder = resolve('test/.docs');
const documents = globSync(['README.md', 'docs/**/*.md']).filter((file) => !file.startsWith('docs/api'));
const read = (file: string) => readFileSync(file, 'utf8');

const blocks: readonly DocBlock[] = [
  ...documents.toSorted().flatMap((file) => markdownBlocks(read(file), file)),
  ...globSync('src/**/*.ts')
    .toSorted()
    .flatMap((file) => docstringBlocks(read(file), file)),
];

const modules = blocks.map((block) => ({
  ...block,
  module: join(folder, `${block.file.replaceAll(/[^A-Za-z0-9]+/g, '-')}-${block.line}.ts`),
}));

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const block of modules) writeFileSync(block.module, assertedModule(block));
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({ extends: '../../tsconfig.json', include: ['*.ts'], exclude: [] }),
);

test('there are blocks to check', () => {
  expect(blocks.length).toBeGreaterThan(0);
});

// What the blocks import is compiled by `npm run types`; here only they themselves are looked at, which halves the time.
test('every block compiles as strictly as the library itself', { timeout: 120_000 }, () => {
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile);
  const { fileNames, options, errors } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const program = ts.createProgram(fileNames, { ...options, noEmit: true });
  const own = program.getSourceFiles().filter(({ fileName }) => resolve(fileName).startsWith(folder));
  expect(own.length).toBe(modules.length);
  const problems = [
    ...errors,
    ...program.getOptionsDiagnostics(),
    ...own.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  const host = { getCanonicalFileName: (file: string) => file, getCurrentDirectory: () => '', getNewLine: () => '\n' };
  expect(inDocuments(ts.formatDiagnostics(problems, host))).toBe('');
});

test.each(modules.filter(({ isRun }) => isRun))('$file:$line does what it says', async ({ module }) => {
  await import(/* @vite-ignore */ pathToFileURL(module).href);
});

/** The compiler's complaints, with the lines of the documents instead of those of the extracted modules. */
function inDocuments(output: string): string {
  return output.replaceAll(
    /^[^\n(]*[\\/]([^\\/\n(]+\.ts)\((\d+),(\d+)\)/gm,
    (text, name: string, line: string, column: string) => {
      const block = modules.find(({ module }) => module.endsWith(`${name}`));
      return block === undefined ? text : `${block.file}:${block.line + Number(line) - 2}:${column}`;
    },
  );
}
