/**
 * tocsin/render: timelines and reviews as text and Markdown, from data. Pure.
 */
export { describeEvent } from './describe-event.ts';
export { type ReviewInput, reviewMarkdown } from './review-markdown.ts';
export { type TimelineItem, type TimelineOptions, timelineText } from './timeline-text.ts';
