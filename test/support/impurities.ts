/**
 * What a pure file may not touch, found in its syntax: the clock, chance, timers, promises, the process, the network.
 *
 * It reads code, never comments or texts, and knows nothing of types.
 */
import ts from 'typescript';

const GLOBALS = new Set([
  'process',
  'globalThis',
  'performance',
  'crypto',
  'fetch',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'Promise',
  'require',
]);
const MEMBERS = new Set([
  'Date.now',
  'Math.random',
  'DateTime.now',
  'DateTime.local',
  'DateTime.utc',
  'Temporal.Now',
  'Settings.now',
]);

/** Each impure thing in `code` as `name (line)`. */
export function impurities(code: string): string[] {
  const source = ts.createSourceFile('file.ts', code, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const report = (node: ts.Node, what: string) =>
    found.push(`${what} (${source.getLineAndCharacterOfPosition(node.getStart()).line + 1})`);
  const visit = (node: ts.Node): void => {
    const what = impurity(node);
    if (what !== undefined) report(node, what);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function impurity(node: ts.Node): string | undefined {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return 'await';
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) return 'new Date()';
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return 'import()';
  if (ts.isPropertyAccessExpression(node) && MEMBERS.has(node.getText())) return node.getText();
  if (ts.isImportDeclaration(node) && /^['"]node:/.test(node.moduleSpecifier.getText()))
    return node.moduleSpecifier.getText();
  if (ts.isIdentifier(node) && GLOBALS.has(node.text) && isUse(node)) return node.text;
  return undefined;
}

/** Whether an identifier stands for a value of that name: neither a member, nor a key, nor a type. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
  return !ts.isPropertySignature(parent) && !ts.isMethodSignature(parent) && !ts.isTypeReferenceNode(parent);
}
