/**
 * The style sheet of a report, and the policy that lets a browser use nothing else.
 *
 * It is the same for every report: nothing in it comes from one, so that one hash allows it.
 */
import { GROUNDS } from '../../status/page/palette.ts';
import { CHART_STYLE } from '../chart/paints.ts';

const paints = (side: 0 | 1) =>
  Object.entries(GROUNDS)
    .map(([name, pair]) => `--${name}:${pair[side]};`)
    .join('');

/** What stands in the one `<style>` of the page. */
export const STYLE = `
:root{color-scheme:light dark;${paints(0)}}
@media screen and (prefers-color-scheme:dark){:root{${paints(1)}}}
${CHART_STYLE}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif;overflow-wrap:anywhere}
h1,h2,p,dl,dd,figure,caption{margin:0;padding:0}
header,main,footer{max-width:960px;margin:0 auto;padding:0 20px}
header{padding-top:44px;padding-bottom:4px}
h1{font-size:1.75rem;line-height:1.25;letter-spacing:-.015em}
header p,footer,.note,.change{color:var(--soft)}
h2{font-size:1.25rem;line-height:1.3;margin:44px 0 14px;letter-spacing:-.01em}
section>p{margin:14px 0;max-width:72ch}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:12px}
.figures div,figure,.table{background:var(--card);border:1px solid var(--line);border-radius:12px}
.figures div{padding:14px 18px;display:flex;flex-direction:column}
dt{font-size:.875rem;color:var(--soft)}
dd{font-size:1.625rem;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
.change{display:block;font-size:.875rem;font-weight:400;line-height:1.4}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,380px),1fr));gap:14px;margin:14px 0;align-items:start}
figure{padding:14px}
figure svg{display:block;width:100%;max-width:480px;height:auto;margin:0 auto}
.table{margin:14px 0;overflow-x:auto}
.table:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.875rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:650;font-size:1rem;padding:12px 16px 8px}
th,td{padding:7px 6px;text-align:right;border-top:1px solid var(--line);white-space:nowrap}
thead th{border:0;color:var(--soft);font-size:.8125rem;line-height:1.35;font-weight:600;vertical-align:bottom;white-space:normal;min-width:62px;overflow-wrap:normal}
th:first-child{text-align:left;font-weight:600;padding-left:16px;position:sticky;left:0;background:var(--card);white-space:normal;min-width:124px;max-width:260px}
tbody td.text{text-align:left;white-space:normal;min-width:110px}
thead th.text{text-align:left}
th:last-child,td:last-child{padding-right:16px}
.note{font-size:.875rem;max-width:80ch;margin:8px 0 20px}
details>summary{cursor:pointer;margin:14px 0;color:var(--link);font-weight:600}
footer{margin-top:44px;padding-top:4px;padding-bottom:40px;font-size:.875rem}
@media (max-width:560px){header,main,footer{padding-left:12px;padding-right:12px}header{padding-top:24px}.figures{grid-template-columns:1fr 1fr;gap:8px}.figures div{padding:10px 12px}dd{font-size:1.25rem}figure{padding:10px 8px}th:first-child{min-width:124px;max-width:140px;padding-left:12px}}
@media print{:root{color-scheme:light}body{background:#fff;font-size:10pt}header{padding-top:0}header,main,footer{max-width:none;padding-left:0;padding-right:0}h2{margin-top:24px;break-after:avoid}.figures{grid-template-columns:repeat(4,1fr);gap:8px}.figures div{padding:8px 10px}dt,.change{font-size:8pt}dd{font-size:14pt}.charts{grid-template-columns:1fr 1fr}figure,.figures div,tr,caption{break-inside:avoid}caption,thead{break-after:avoid}figure svg *,.figures div{print-color-adjust:exact;-webkit-print-color-adjust:exact}.table{overflow:visible;border:0}table{font-size:8pt}th,td{padding:3px 4px}thead th{min-width:0;font-size:7pt}th:first-child{position:static;padding-left:0;min-width:84px}caption{padding-left:0}.note{font-size:8pt}summary{display:none}details::details-content{content-visibility:visible;block-size:auto}}
`;

const OWN =
  "default-src 'none'; style-src 'sha256-WR1YXaZ3sVPgKDL5bVBml8qRsGcCIwqvV2DbSjvXa6g='; base-uri 'none'; form-action 'none'";

/** What the page says itself, for whoever opens it as a file. What may frame it can only be said by a server. */
export const OWN_POLICY = OWN;

/** The `content-security-policy` to serve a report with: no script, no picture, no frame, nothing from elsewhere. */
export const REPORT_PAGE_CSP = `${OWN}; frame-ancestors 'none'`;
