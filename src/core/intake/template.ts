/**
 * Templates: texts with `{{field}}` in them.
 *
 * Pure, and no language: there is nothing but names to be filled in, so nothing can loop or reach outside of the event.
 */
import { compileField, type Fact } from '../rules/field.ts';
import { quote, ruleInvalid } from '../rules/rule-invalid.ts';
import type { Captured } from './capture.ts';

type Part = { readonly text: string } | { readonly name: string; readonly read: (fact: Fact) => unknown };

const HOLE = /\{\{\s*([^{}]+?)\s*\}\}/g;

/**
 * Fills `template` from a fact and from captures, which go before fields of the same name. What is missing is empty; when
 * everything that it names is missing the answer is `undefined`.
 *
 * @throws TocsinError RULE_INVALID when a brace stands alone or a name is no field.
 */
export function compileTemplate(
  template: string,
  path: string,
): (fact: Fact, captured: Captured) => string | undefined {
  const parts = partsOf(template, path);
  const names = parts.filter((part) => 'name' in part).length;
  return (fact, captured) => {
    let missing = 0;
    let text = '';
    for (const part of parts) {
      if ('text' in part) text += part.text;
      else {
        const value = captured.get(part.name) ?? part.read(fact);
        if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') text += String(value);
        else missing += 1;
      }
    }
    return names > 0 && missing === names ? undefined : text;
  };
}

function partsOf(template: string, path: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of template.matchAll(HOLE)) {
    const name = match[1] ?? '';
    parts.push({ text: template.slice(from, match.index) }, { name, read: readerOf(name, path) });
    from = match.index + match[0].length;
  }
  parts.push({ text: template.slice(from) });
  if (parts.some((part) => 'text' in part && (part.text.includes('{{') || part.text.includes('}}'))))
    throw ruleInvalid(path, `${quote(template)} has braces that are not a pair`, "Write names as '{{labels.env}}'.");
  return parts;
}

/** The groups of a pattern have numbers or plain names, and are no fields. */
function readerOf(name: string, path: string): (fact: Fact) => unknown {
  return /^\d+$/.test(name) ? () => undefined : compileField(name, path);
}
