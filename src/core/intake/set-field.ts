/**
 * Setting one field of a clean event, bounded and cleaned as if the source had said so.
 *
 * Pure. It never sets what decides who may speak for whom: the action and the route key stay as they came.
 */
import { idSchema } from '../../model/identity.ts';
import { cleanText, oneLine } from '../text/clean.ts';
import { cut } from '../text/cut.ts';
import { type CleanEvent, LIMITS } from './clean-event.ts';
import { shortLine } from './clean-parts.ts';

const LABELS = 'labels.';

/** The event with `value` in `field`; `undefined` when the field cannot hold it, or nothing of it is left. */
export function withField(event: CleanEvent, field: string, value: string): CleanEvent | undefined {
  if (field.startsWith(LABELS)) return withLabel(event, field.slice(LABELS.length), value);
  switch (field) {
    case 'title':
      return present(event, 'title', cut(oneLine(value), LIMITS.title) || undefined);
    case 'body':
      return present(event, 'body', cut(cleanText(value).trim(), LIMITS.body) || undefined);
    case 'severity':
      return present(event, 'severity', shortLine(value, LIMITS.severity));
    case 'source':
      return present(event, 'source', shortLine(value, LIMITS.source));
    case 'service':
      return present(event, 'service', idSchema.safeParse(cleanText(value).trim()).data);
    case 'dedupKey': {
      const key = cleanText(value);
      return present(event, 'dedupKey', key !== '' && key.length <= LIMITS.key ? key : undefined);
    }
    case 'impact':
    case 'timePressure':
      return present(event, field, shortLine(value, LIMITS.factor));
    default:
      return undefined;
  }
}

function present<K extends keyof CleanEvent>(
  event: CleanEvent,
  field: K,
  value: CleanEvent[K] | undefined,
): CleanEvent | undefined {
  return value === undefined ? undefined : { ...event, [field]: value };
}

function withLabel(event: CleanEvent, name: string, value: string): CleanEvent | undefined {
  const isNew = !Object.hasOwn(event.labels, name);
  if (isNew && Object.keys(event.labels).length >= LIMITS.labels) return undefined;
  const labels: Record<string, string> = Object.assign(Object.create(null), event.labels);
  labels[name] = cut(cleanText(value), LIMITS.labelValue);
  return { ...event, labels };
}
