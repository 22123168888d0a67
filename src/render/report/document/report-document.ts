/**
 * A report put together: its parts in the order in which they are read.
 *
 * A period without incidents says so, and has no part about how long nothing took.
 */
import type { NumbersReport } from '../../../model/measurement.ts';
import { checkTimeZone } from '../../moment.ts';
import { namesOf, shown } from '../facts.ts';
import { momentText, periodOf } from '../period.ts';
import { actionItems } from './action-items.ts';
import type { ReportDocument, ReportPart, ReportTextOptions } from './document.ts';
import { durations } from './durations.ts';
import { groups, weeks } from './groups.ts';
import { headline } from './headline.ts';
import { noise } from './noise.ts';
import { onCall } from './on-call.ts';

/** The document of a report. @throws TocsinError INPUT_INVALID when a time zone is not known. */
export function reportDocument(report: NumbersReport, options: ReportTextOptions): ReportDocument {
  const { previous, users, services, teams } = options;
  checkTimeZone(report.timeZone);
  if (previous !== undefined) checkTimeZone(previous.timeZone);
  const period = periodOf(report);
  const [serviceName, teamName] = [namesOf(services), namesOf(teams)];
  const part = (id: string, title: string, blocks: ReportPart['blocks']): ReportPart => ({ id, title, blocks });
  const isEmpty = report.counts.incidents === 0;
  const zone = shown(report.timeZone);
  return {
    title: shown(options.title ?? '') || `Incidents${period.name === period.days ? ',' : ' in'} ${period.name}`,
    subtitle: `${period.days} (${zone}), as it stood on ${momentText(report.at, report.timeZone)}`,
    sections: [
      part('short', 'In short', headline(report, previous)),
      ...(isEmpty
        ? []
        : [
            part('time', 'Week by week', weeks(report)),
            part('durations', 'How long it took', durations(report)),
            part('groups', 'Where it happened', groups(report, { service: serviceName, team: teamName })),
          ]),
      part('on-call', 'What being on call asked', onCall(report, namesOf(users))),
      ...(isEmpty ? [] : [part('noise', 'Noise', noise(report, serviceName))]),
      part('action-items', 'Action items', actionItems(report, previous)),
    ],
  };
}
