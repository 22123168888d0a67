/**
 * tocsin/render: timelines, reviews and schedules as text, Markdown and pictures, from data. Pure.
 */
export { describeEvent } from './describe-event.ts';
export { type ExplanationTextOptions, formatExplanation } from './explanation-text.ts';
export { type ReviewInput, reviewMarkdown } from './review-markdown.ts';
export type { NamedUser } from './roster.ts';
export { type ScheduleGanttOptions, scheduleGantt } from './schedule-gantt.ts';
export { type ScheduleSvgOptions, scheduleSvg, type Weekday } from './schedule-svg.ts';
export { type ScheduleTableOptions, scheduleTable } from './schedule-table.ts';
export { STATUS_PAGE_CSP, type StatusPageHtmlOptions, statusPageHtml } from './status/html.ts';
export type { StatusPageLinks } from './status/page/frame.ts';
export { type TimelineItem, type TimelineOptions, timelineText } from './timeline-text.ts';
