/**
 * Templates: a text to begin an update with, so that nobody has to find the words in the middle of an incident.
 *
 * Pure. It proposes and never posts; what the public reads is only filled with what the public may know.
 */
import type { Audience, PublicStatus } from '../../model/status.ts';
import type { UpdateTemplate } from '../../model/updates.ts';
import type { Outcome } from '../lifecycle/context.ts';

/** What a template can be filled with. */
export type TemplateFields = { readonly [field in (typeof TEMPLATE_FIELDS)[number]]: string };

/** For which update a text is wanted. */
export type TemplateQuery = {
  readonly audience: Audience;
  readonly status: PublicStatus;
  readonly severity: string;
  readonly locale?: string | undefined;
};

/** Every name that may stand in `{{...}}`. */
export const TEMPLATE_FIELDS = [
  'title',
  'service',
  'severity',
  'status',
  'components',
  'startedAt',
  'nextUpdate',
] as const;

const PLACEHOLDER = /\{\{\s*([A-Za-z]+)\s*\}\}/g;

const BUILT_IN: { readonly [locale: string]: { readonly [status in PublicStatus]: string } } = {
  en: {
    investigating: 'We are looking into a problem with {{components}} since {{startedAt}}.',
    identified: 'We have found the cause of the problem with {{components}} and are working on it.',
    monitoring: 'A fix for {{components}} is in place. We are watching whether it holds.',
    resolved: 'The problem with {{components}} is over.',
  },
  de: {
    investigating: 'Wir untersuchen eine Störung bei {{components}} seit {{startedAt}}.',
    identified: 'Wir haben die Ursache der Störung bei {{components}} gefunden und arbeiten daran.',
    monitoring: 'Die Störung bei {{components}} ist behoben. Wir beobachten, ob es so bleibt.',
    resolved: 'Die Störung bei {{components}} ist vorbei.',
  },
};

const SOME_SERVICE = { en: 'our services', de: 'unseren Diensten' };

/** The first template that fits, in the language asked for before one of any language; `undefined` when none does. */
export function templateFor(templates: readonly UpdateTemplate[], query: TemplateQuery): UpdateTemplate | undefined {
  const { audience, status, severity, locale } = query;
  const fitting = templates.filter(
    (one) =>
      one.audience === audience &&
      (one.status === undefined || one.status === status) &&
      (one.severity === undefined || one.severity === severity) &&
      (one.locale === undefined || locale === undefined || languageOf(one.locale) === languageOf(locale)),
  );
  return fitting.find((one) => one.locale !== undefined && one.locale === locale) ?? fitting[0];
}

/** The text of Tocsin's own, where no template fits. */
export function builtInText(status: PublicStatus, locale: string | undefined): string {
  return ofLanguage(BUILT_IN, locale)[status];
}

/** What the public may read instead of a service that has no name. */
export function someService(locale: string | undefined): string {
  return ofLanguage(SOME_SERVICE, locale);
}

/** `text` with each `{{field}}` filled in, once: what is filled in is never read as a field itself. */
export function fillTemplate(text: string, fields: TemplateFields): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => (isField(name) ? fields[name] : whole));
}

/** The names in `{{...}}` that are none of {@link TEMPLATE_FIELDS}. */
export function unknownFields(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap(([, name = '']) => (isField(name) ? [] : [name]));
}

/** How far an incident is, in the words of the public, when nobody has said it. */
export function statusOfPhase(phase: string, outcome: Outcome): PublicStatus {
  if (outcome !== 'open') return 'resolved';
  return phase === 'identified' || phase === 'monitoring' ? phase : 'investigating';
}

function isField(name: string): name is keyof TemplateFields {
  return (TEMPLATE_FIELDS as readonly string[]).includes(name);
}

function ofLanguage<T>(byLocale: { readonly [locale: string]: T }, locale: string | undefined): T {
  const language = languageOf(locale ?? 'en');
  return (Object.hasOwn(byLocale, language) ? byLocale[language] : byLocale.en) as T;
}

function languageOf(locale: string): string {
  return locale.toLowerCase().split(/[-_]/, 1)[0] ?? locale;
}
