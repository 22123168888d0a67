/**
 * tocsin.incidents.updateTemplate: a text to begin an update with, filled from the incident as it is.
 *
 * It writes nothing. For the public it is filled with the words of the public only.
 */
import * as z from 'zod';
import { textsFor } from '../core/paging/message-texts.ts';
import { momentText, statusText } from '../core/updates/announcement-words.ts';
import { builtInText, fillTemplate, someService, statusOfPhase, templateFor } from '../core/updates/template.ts';
import { type Audience, audienceSchema } from '../model/status.ts';
import { loadIncident } from './commands.ts';
import type { Engine } from './engine.ts';
import { checkShape } from './input.ts';
import { publicWordsOf } from './public-words.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** For whom a text is wanted. */
export type TemplateInput = { readonly audience: Audience; readonly locale?: string };
/** A text to begin with, and the template that it came from, if it came from one of the configuration. */
export type UpdateText = { readonly text: string; readonly template?: string };

const inputSchema = z.strictObject({ audience: audienceSchema, locale: z.string().min(2).max(35).optional() });

/** A text to begin an update of incident `id` with. */
export async function updateTemplate(
  engine: Engine,
  tenant: string,
  id: string,
  input: TemplateInput,
): Promise<UpdateText> {
  const { audience, locale } = checkShape('updateTemplate', inputSchema, input);
  const { snapshot } = await loadIncident(engine, tenant, id, 'write an update of');
  const { context, value, timers } = snapshot;
  const rules = configOf(engine, tenant);
  const { config } = rules;
  const events = await reaching(() => engine.storage.timeline(tenant, id));
  const words = publicWordsOf(rules, { events, snapshot });
  const status = statusOfPhase(value.phase, context.outcome);
  const query = { audience, status, severity: context.severity, locale };
  const template = templateFor(config.updates.templates, query);
  const nextAt = timers.updateDue?.dueAt ?? timers.updateOverdue?.dueAt;
  const named = config.services.find(({ id: one }) => one === context.service)?.name;
  const isPublic = audience === 'public';
  // What a service is called is no word for the public: its components are.
  const service = isPublic ? words.components.join(', ') || someService(locale) : (named ?? context.service);
  const text = fillTemplate(template?.text ?? builtInText(status, locale), {
    title: isPublic ? (words.title ?? service) : context.title,
    service,
    severity: context.severity,
    status: statusText(status, textsFor(locale, engine.words.texts)),
    components: words.components.join(', ') || service,
    startedAt: momentText(context.times.openedAt),
    nextUpdate: nextAt === undefined ? '' : momentText(nextAt),
  });
  return { text, ...(template !== undefined && { template: template.id }) };
}
