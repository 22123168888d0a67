/**
 * Tocsin: incident management inside your own Node service.
 *
 * The shop window: re-exports only.
 */

export type { IngestOutcome } from './core/intake/decision.ts';
export type { ExtractionTrace } from './core/intake/enrich.ts';
export type { ExplainedContact, ExplainedStep, Explanation } from './core/intake/explanation.ts';
// Decisions that can be read
export type { CommandName } from './core/lifecycle/allowed.ts';
export type { Finding, FindingCode } from './core/lint/finding.ts';
export type { Unreached } from './core/paging/candidates.ts';
export type { MessageReplacement, ReplaceMessage } from './core/paging/message-replaced.ts';
export { type GivenTexts, type LocalTexts, textsFor } from './core/paging/message-texts.ts';
export type { MessageTexts, PluralText } from './core/paging/message-words.ts';
export { type MeasuredEntry, measure } from './core/review/measure.ts';
// Text, for channels
export { cleanText, oneLine } from './core/text/clean.ts';
export { csvCell } from './core/text/csv.ts';
export { cut } from './core/text/cut.ts';
export { cutBytes, cutEscaped, cutTo, cutUnits } from './core/text/cut-units.ts';
export { discordLink, discordText } from './core/text/discord.ts';
export { headerLine } from './core/text/header-line.ts';
export { htmlLink, htmlText } from './core/text/html.ts';
export { markdownBlock, markdownLine, markdownLink, markdownText } from './core/text/markdown.ts';
export { type PlainTextOptions, plainText } from './core/text/plain-text.ts';
export { slackLink, slackText } from './core/text/slack.ts';
export { cutSms, type SmsLength, smsLength, smsText } from './core/text/sms.ts';
export { webAddress } from './core/text/web-address.ts';
export { createTocsin, type TocsinOptions } from './create-tocsin.ts';
// The object
export type { ActionItemChange, ActionItemFilter, ActionItemsApi, NewActionItem } from './engine/action-items-api.ts';
export type { ActionsApi } from './engine/actions-api.ts';
export type { AnswerInput } from './engine/answer.ts';
export type {
  ActionItemNews,
  CanaryNews,
  DeliveryNews,
  ErrorNews,
  LateNews,
  MaintenanceNews,
  News,
  NewsType,
  OnCallNews,
  QuarantineNews,
  RefusedNews,
  TimelineNews,
} from './engine/bus.ts';
export type { CanariesApi, CanaryState, CanaryView } from './engine/canaries.ts';
export type { ContactsApi, ListedContact } from './engine/contacts-api.ts';
export type { EmergencyPlan } from './engine/emergency-plan.ts';
export type { Authorize } from './engine/engine.ts';
export type { Heartbeat, HeartbeatsApi } from './engine/heartbeats.ts';
export type { IngestOptions } from './engine/ingest.ts';
export type { IngestResult } from './engine/ingest-key.ts';
export { INPUTS, type InputName, type InputOf } from './engine/input.ts';
export { MAINTENANCE_UPDATE, type MaintenanceUpdateInput } from './engine/maintenance-updates.ts';
export type {
  MeasurementsApi,
  NumbersProgress,
  NumbersWindow,
  ReportOptions,
} from './engine/measurements-api.ts';
export { ON_CALL_INPUTS, type OnCallInput } from './engine/on-call-input.ts';
export type { AnswerFrom } from './engine/person-behind.ts';
export type {
  ListedMaintenance,
  ListedQuiet,
  ListedSilence,
  MaintenanceApi,
  QuietApi,
  QuietState,
} from './engine/quiet-api.ts';
export type { QuietKind } from './engine/quiet-changes.ts';
export { QUIET_INPUTS, type QuietInput } from './engine/quiet-input.ts';
export type { Reaction, ReactionInput, Reactions } from './engine/reactions.ts';
export type { ReadOptions } from './engine/read-options.ts';
export type { ReceiptInput } from './engine/receipt-input.ts';
export type { ActionPreview, Answered, RedeemOptions } from './engine/redeem.ts';
export type { By, ReviewEdit, ReviewFilter, ReviewsApi } from './engine/reviews-api.ts';
export type { StatusPageApi, StatusPageOptions } from './engine/status-api.ts';
export type { ListedStatusOverride, StatusOverrideInput } from './engine/status-overrides.ts';
export type { Subscriber, SubscribersApi } from './engine/subscribers-api.ts';
export { SUBSCRIBER_INPUTS, type SubscriberInput } from './engine/subscribers-input.ts';
export type { SubscriptionDone, SubscriptionPreview } from './engine/subscribers-links.ts';
export type {
  Command,
  Incidents,
  InTransaction,
  OnCallApi,
  StoredOnCallChange,
  StoredOverride,
  StoredSwap,
  TimelineEntry,
  Tocsin,
} from './engine/tocsin.ts';
export type { TemplateInput, UpdateText } from './engine/update-template.ts';
// Errors
export { ERRORS } from './error-help.ts';
export { type ErrorCode, type ErrorOptions, isTocsinError, TocsinError } from './errors.ts';
// Configuration, and every noun (their schemas are in tocsin/model)
export { configJsonSchema, configSchema, defineConfig } from './model/config.ts';
export { durationMs, formatDuration } from './model/duration.ts';
export type * from './model/index.ts';
export { weeklySchedule } from './model/schedule.ts';
export { severityConfigSchema } from './model/severity.ts';
// Ports
export {
  type ChatRoom,
  type CreatedRoom,
  defineChatRoom,
  type RoomAnswer,
  type RoomDraft,
  type RoomEntry,
  type RoomOptions,
  type RoomPerson,
} from './ports/chat-room.ts';
export type { Clock, Ids, Logger } from './ports/clock.ts';
export type { Directory, DirectoryQuery, DirectoryUser } from './ports/directory.ts';
export {
  defineIssueTracker,
  type IssueAnswer,
  type IssueOptions,
  type IssueTracker,
  type TrackedIssue,
  type TrackedItem,
} from './ports/issue-tracker.ts';
export {
  defineNotifier,
  type Notifier,
  type NotifierKind,
  type NotifyError,
  type NotifyErrorOptions,
  notifyError,
  type SendOptions,
  type SendResult,
} from './ports/notifier.ts';
export { retryAfterMs } from './ports/retry-after.ts';
export type { Runner, RunnerWork } from './ports/runner.ts';
export type { Source, SourceHeaders } from './ports/source.ts';
export type * from './ports/storage.ts';
export { incidentCursor, readIncidentCursor } from './ports/storage.ts';
// The adapters that need nothing
export { type LocalRunnerOptions, localRunner } from './runners/local.ts';
export {
  type MemoryStorage,
  type MemoryStorageOptions,
  type MemoryTransaction,
  memoryStorage,
} from './storage/memory.ts';
