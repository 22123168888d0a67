/**
 * Documents as tests: finds the TypeScript blocks of Markdown and docstrings, and turns `// => value` into assertions.
 *
 * It never skips an expectation silently: a `// =>` or `// throws` that belongs to no statement is an error.
 */
import ts from 'typescript';

/** A block of TypeScript in a document. */
export type DocBlock = {
  readonly file: string;
  /** The line of the document on which the code begins, from 1. */
  readonly line: number;
  readonly code: string;
  /** Whether it is executed; `no-run` blocks are only type-checked. */
  readonly isRun: boolean;
};

const FENCE = /^(?<indent>[ \t]*)```(?<info>[^`]*)$/;
const EXPECTATION = /^\/\/\s*(?<kind>=>|throws\b)\s?(?<rest>.*)$/;

/** The ```ts blocks of a Markdown text. A fence that is never closed is an error. */
export function markdownBlocks(text: string, file: string): DocBlock[] {
  return fencedBlocks(text.split(/\r?\n/), file, 1);
}

/** The ```ts blocks in the docstrings of a TypeScript source. */
export function docstringBlocks(source: string, file: string): DocBlock[] {
  return [...source.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)].flatMap((comment) => {
    const lines = comment[0].replace(/\*\/$/, '').split(/\r?\n/);
    const firstLine = source.slice(0, comment.index).split('\n').length;
    return fencedBlocks(
      lines.map((line) => line.replace(/^\s*\*\s?/, '')),
      file,
      firstLine,
    );
  });
}

function fencedBlocks(lines: readonly string[], file: string, firstLine: number): DocBlock[] {
  const blocks: DocBlock[] = [];
  let open: { readonly words: readonly string[]; readonly indent: string; readonly start: number } | undefined;
  lines.forEach((line, index) => {
    const fence = FENCE.exec(line)?.groups;
    if (fence === undefined) return;
    if (open === undefined) {
      open = { words: (fence.info ?? '').trim().split(/\s+/), indent: fence.indent ?? '', start: index + 1 };
      return;
    }
    const [language, ...flags] = open.words;
    if (language === 'ts' || language === 'typescript') {
      const unknown = flags.filter((flag) => flag !== 'no-run');
      if (unknown.length > 0)
        throw new Error(`${file}:${firstLine + open.start - 1}: unknown words after \`\`\`ts: ${unknown.join(' ')}`);
      const { indent, start } = open;
      const code = lines
        .slice(start, index)
        .map((text) => (text.startsWith(indent) ? text.slice(indent.length) : text));
      blocks.push({ file, line: firstLine + start, code: code.join('\n'), isRun: !flags.includes('no-run') });
    }
    open = undefined;
  });
  if (open !== undefined) throw new Error(`${file}:${firstLine + open.start - 1}: this fence is never closed`);
  return blocks;
}

/**
 * The block as a module in which every expectation is asserted; each line stays on its line, after one line of imports.
 *
 * `expression; // => value` compares deeply; `const name = expression; // => value` compares the constant;
 * `console.log(expression); // => value` compares what is printed; `expression; // throws CODE` expects a TocsinError.
 * A value may go on over the following comment lines.
 */
export function assertedModule(block: DocBlock): string {
  const source = ts.createSourceFile('block.ts', block.code, ts.ScriptTarget.Latest, true);
  const comments = lineComments(source);
  const statements = statementsOf(source);
  const edits = comments.flatMap((comment): readonly Edit[] => {
    const match = EXPECTATION.exec(comment.text)?.groups;
    if (match === undefined) return [];
    const where = `${block.file}:${block.line + comment.line}`;
    const statement = statementBefore(comment, statements, source);
    if (statement === undefined) throw new Error(`${where}: \`${comment.text}\` belongs to no statement`);
    const rest = match.rest ?? '';
    const text =
      match.kind === 'throws'
        ? throwing(statement, rest.trim())
        : equalling(statement, valueAt(comment, rest, comments, where));
    if (text === undefined) throw new Error(`${where}: \`${comment.text}\` stands behind what has no single value`);
    return [{ from: statement.getStart(), to: statement.end, text }];
  });
  return `import { expect as __expect } from 'vitest';\n${applied(edits, block)}\nexport {};\n`;
}

type Statement = ts.ExpressionStatement | ts.VariableStatement;
type Edit = { readonly from: number; readonly to: number; readonly text: string };
type Comment = { readonly from: number; readonly line: number; readonly text: string; readonly isAlone: boolean };

function applied(edits: readonly Edit[], block: DocBlock): string {
  const backwards = [...edits].sort((a, b) => b.from - a.from);
  backwards.forEach((edit, index) => {
    const previous = backwards[index + 1];
    if (previous && previous.to > edit.from)
      throw new Error(`${block.file}:${block.line}: an expectation inside another`);
  });
  return backwards.reduce((text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to), block.code);
}

/** Comments in `//` in their order, found by the parser, so that none inside a string counts. */
function lineComments(source: ts.SourceFile): Comment[] {
  const found = new Map<number, Comment>();
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(source);
    const ranges = [
      ...(ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(source.text, node.end) ?? []),
    ];
    for (const { pos, end, kind } of children.length === 0 ? ranges : []) {
      if (kind !== ts.SyntaxKind.SingleLineCommentTrivia) continue;
      const { line, character } = source.getLineAndCharacterOfPosition(pos);
      const isAlone = source.text.slice(pos - character, pos).trim() === '';
      found.set(pos, { from: pos, line, text: source.text.slice(pos, end).trim(), isAlone });
    }
    children.forEach(visit);
  };
  visit(source);
  return [...found.values()].sort((a, b) => a.from - b.from);
}

function statementsOf(source: ts.SourceFile): Statement[] {
  const found: Statement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node) || ts.isVariableStatement(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The statement that ends on the line of the comment (or on the line above, when the comment stands alone). */
function statementBefore(
  comment: Comment,
  statements: readonly Statement[],
  source: ts.SourceFile,
): Statement | undefined {
  const line = comment.isAlone ? comment.line - 1 : comment.line;
  return statements
    .filter(({ end }) => end <= comment.from && source.getLineAndCharacterOfPosition(end).line === line)
    .sort((a, b) => b.end - a.end || a.pos - b.pos)[0];
}

/** The expected value: the rest of the comment, and the comments below it for as long as it is no whole expression. */
function valueAt(comment: Comment, rest: string, comments: readonly Comment[], where: string): string {
  let value = rest;
  for (let line = comment.line + 1; !isExpression(value); line += 1) {
    const more = comments.find((other) => other.line === line && other.isAlone);
    if (more === undefined || EXPECTATION.test(more.text)) {
      throw new Error(`${where}: cannot read the expected value \`${rest.trim()}\``);
    }
    value += ` ${more.text.replace(/^\/\/\s?/, '')}`;
  }
  return value.trim();
}

function isExpression(text: string): boolean {
  const { diagnostics } = ts.transpileModule(`(${text}\n);`, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.Latest, module: ts.ModuleKind.ESNext },
  });
  return text.trim() !== '' && (diagnostics ?? []).length === 0;
}

function equalling(statement: Statement, value: string): string | undefined {
  if (ts.isExpressionStatement(statement)) {
    const actual = printed(statement.expression) ?? statement.expression;
    return `__expect(${actual.getText()}).toEqual((${value}));`;
  }
  const [declaration, ...others] = statement.declarationList.declarations;
  if (declaration === undefined || others.length > 0 || !ts.isIdentifier(declaration.name)) return undefined;
  return `${statement.getText()} __expect(${declaration.name.text}).toEqual((${value}));`;
}

function throwing(statement: Statement, code: string): string | undefined {
  if (!ts.isExpressionStatement(statement) || !/^[A-Z][A-Z_]+$/.test(code)) return undefined;
  const attempt = `(async () => { ${statement.expression.getText()}; })()`;
  return `await __expect(${attempt}).rejects.toMatchObject({ code: '${code}' });`;
}

/** The one argument of `console.log(...)`. */
function printed(expression: ts.Expression): ts.Expression | undefined {
  const isLog = ts.isCallExpression(expression) && expression.expression.getText() === 'console.log';
  return isLog && expression.arguments.length === 1 ? expression.arguments[0] : undefined;
}
