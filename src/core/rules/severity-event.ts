/**
 * The event's own word for its severity, and which level is meant by it.
 *
 * Pure. It reads what a source says; it never judges whether the source is right.
 */
import { TocsinError } from '../../errors.ts';
import type { SeverityConfig, SeverityLevel, SeverityTable } from '../../model/severity.ts';
import { compileCondition } from './condition.ts';
import { compileField, type Fact, ownValue } from './field.ts';
import { below, quote } from './rule-invalid.ts';
import type { Scale } from './severity-scale.ts';
import { type BuiltInTable, builtInTable, positionOfStep, TABLE_NAMES } from './severity-tables.ts';
import type { Verdict } from './severity-verdict.ts';
import { positionOfWord } from './severity-words.ts';

type Words = (fact: Fact) => readonly unknown[];
type Table = {
  readonly name: string;
  readonly holds: (fact: Fact, at: number) => boolean;
  readonly words: Words;
  readonly levelOf: (word: string) => SeverityLevel | undefined;
};

/**
 * Compiles how the word of an event is read: by the tables of the configuration in their order, else as the id of a level, else by
 * the built-in table of the event's source, else as one of the common words.
 */
export function compileEventWords(
  config: SeverityConfig,
  scale: Scale,
): (fact: Fact, at: number) => Verdict | undefined {
  const tables = (config.tables ?? []).map((table, place) => compileTable(table, scale, `severity.tables[${place}]`));
  return (fact, at) => {
    for (const { name, holds, words, levelOf } of tables) {
      if (!holds(fact, at)) continue;
      for (const word of words(fact)) {
        const text = textOf(word);
        const level = text === undefined ? undefined : levelOf(text);
        if (level) return verdict(word, level, name);
      }
    }
    const source = ownValue(fact, 'source');
    const table = typeof source === 'string' ? builtInTable(source) : undefined;
    for (const word of ownWords(fact)) {
      const found = typeof word === 'string' ? read(word.trim(), table, scale) : undefined;
      if (found) return verdict(word, found.level, found.table);
    }
    return undefined;
  };
}

function compileTable({ when, from, table }: SeverityTable, scale: Scale, path: string): Table {
  const condition = when === undefined ? undefined : compileCondition(when, below(path, 'when'));
  const field = from === undefined ? undefined : compileField(from, below(path, 'from'));
  return {
    ...compileWords(table, scale, path),
    holds: (fact, at) => condition?.test(fact, at) ?? true,
    words: field === undefined ? ownWords : (fact) => [field(fact)],
  };
}

function compileWords(table: SeverityTable['table'], scale: Scale, path: string): Pick<Table, 'name' | 'levelOf'> {
  if (typeof table === 'string') {
    const known = namedTable(table, below(path, 'table'));
    return { name: known.name, levelOf: (word) => levelIn(known, word, scale) };
  }
  const levels = new Map<string, SeverityLevel>();
  for (const [word, id] of Object.entries(table)) {
    const key = word.trim().toLowerCase();
    const level = scale.named(id, below(below(path, 'table'), word));
    if (!levels.has(key)) levels.set(key, level);
  }
  return { name: path, levelOf: (word) => levels.get(word.toLowerCase()) };
}

function namedTable(name: string, path: string): BuiltInTable {
  const table = builtInTable(name);
  if (table) return table;
  const message = `Cannot use ${quote(name)} at ${path}: there is no built-in table of that name. Use one of ${TABLE_NAMES.join(', ')}.`;
  throw new TocsinError('REFERENCE_UNKNOWN', message, { details: { path, id: name } });
}

/** The words of the event itself, in the order in which they are asked. */
function ownWords(fact: Fact): readonly unknown[] {
  return [ownValue(fact, 'severity'), ownValue(ownValue(fact, 'labels'), 'severity')];
}

/** Some sources number their severities. */
function textOf(word: unknown): string | undefined {
  return typeof word === 'string' || typeof word === 'number' ? String(word).trim() : undefined;
}

/**
 * The level of `word`. A name means the level that has it in any case; a number is a place on the scale of its source, so that
 * the `Sev1` of Azure, its second, is not the host's `SEV1`.
 */
function read(
  word: string,
  source: BuiltInTable | undefined,
  scale: Scale,
): { readonly level: SeverityLevel; readonly table?: string } | undefined {
  const own = scale.level(word) ?? (/\d/.test(word) ? undefined : scale.inAnyCase(word));
  if (own) return { level: own };
  const bySource = source && levelIn(source, word, scale);
  if (source && bySource) return { level: bySource, table: source.name };
  const level = scale.inAnyCase(word) ?? levelAt(positionOfWord(word, scale.levels.length), scale);
  return level && { level };
}

function levelIn({ steps }: BuiltInTable, word: string, scale: Scale): SeverityLevel | undefined {
  const step = steps.get(word.toLowerCase());
  return levelAt(step === undefined ? undefined : positionOfStep(step, scale.levels.length), scale);
}

function levelAt(position: number | undefined, { levels }: Scale): SeverityLevel | undefined {
  return position === undefined ? undefined : levels[position];
}

function verdict(word: unknown, level: SeverityLevel, table: string | undefined): Verdict {
  const said = `the event says ${quote(word)}, which is ${level.id}`;
  if (table === undefined) return { level, decidedBy: { kind: 'event' }, reason: said };
  return { level, decidedBy: { kind: 'event', table }, reason: `${said} by the table ${table}` };
}
