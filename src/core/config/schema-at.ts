/**
 * The schemas that stand at a path of a schema, with what wraps them taken off; of a union, each of its members.
 *
 * Pure. It serves the words of shape-problems.ts and never checks a value.
 */
import type * as z from 'zod';

/** None when the path leads nowhere. */
export function schemasAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly z.core.$ZodType[] {
  let schemas = unwrapped(schema);
  for (const key of path) schemas = schemas.flatMap((each) => childrenOf(each, key)).flatMap(unwrapped);
  return schemas;
}

function unwrapped(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return unwrapped(def.innerType);
    case 'lazy':
      return unwrapped(def.getter());
    case 'pipe':
      return unwrapped(def.in);
    case 'union':
      return def.options.flatMap(unwrapped);
    default:
      return [schema];
  }
}

function childrenOf(schema: z.core.$ZodType, key: PropertyKey): readonly z.core.$ZodType[] {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  if (def.type === 'array') return [def.element];
  if (def.type === 'record') return [def.valueType];
  const child = def.type === 'object' && Object.hasOwn(def.shape, key) ? def.shape[String(key)] : undefined;
  return child === undefined ? [] : [child];
}
