/**
 * tocsin/render: timelines, reviews, schedules and status pages as text, Markdown, pictures and feeds, from data. Pure.
 */
export type { TimelineItem } from '../core/text/describe-entry.ts';
export { describeEvent } from '../core/text/describe-event.ts';
export type { Words } from '../core/text/words.ts';
export { type ExplanationTextOptions, formatExplanation } from './explanation-text.ts';
export type { ReportTextOptions } from './report/document/document.ts';
export { incidentsCsv, incidentsCsvHeader, incidentsCsvRow } from './report/incidents-csv.ts';
export { NUMBERS_CHARTS, type NumbersChart, numbersCharts } from './report/numbers-charts.ts';
export { numbersCsv, peopleCsv } from './report/numbers-csv.ts';
export { numbersJson } from './report/numbers-json.ts';
export { type NumbersSvgOptions, numbersSvg } from './report/numbers-svg.ts';
export { REPORT_PAGE_CSP, reportHtml } from './report/report-html.ts';
export { reportMarkdown } from './report/report-markdown.ts';
export { offendersCsv, totalsCsv } from './report/totals-csv.ts';
export type { VegaLiteSpec } from './report/vega/spec.ts';
export { REVIEW_PAGE_CSP, type ReviewHtmlOptions, reviewHtml } from './review/html.ts';
export { reviewJson } from './review/json.ts';
export { type ReviewMarkdownOptions, reviewMarkdown } from './review/markdown.ts';
export { type IncidentPictureOptions, incidentPicture } from './review/picture.ts';
export type { ReviewLinks } from './review/review-links.ts';
export type { NamedUser } from './roster.ts';
export { type ScheduleGanttOptions, scheduleGantt } from './schedule-gantt.ts';
export { type ScheduleSvgOptions, scheduleSvg, type Weekday } from './schedule-svg.ts';
export { type ScheduleTableOptions, scheduleTable } from './schedule-table.ts';
export { statusAtom } from './status/atom.ts';
export { type StatusBadgeOptions, statusBadge } from './status/badge.ts';
export { statusIcs } from './status/calendar.ts';
export { STATUS_PAGE_CSP, type StatusPageHtmlOptions, statusPageHtml } from './status/html.ts';
export { STATUS_DOCUMENTS, type StatusDocument, statusJson } from './status/json.ts';
export { type StatusOutputInput, statusOutput } from './status/output.ts';
export type { StatusPageLinks } from './status/page/frame.ts';
export { type StatusRequest, statusResponse } from './status/route.ts';
export { type TimelineOptions, timelineText } from './timeline-text.ts';
