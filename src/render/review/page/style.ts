/**
 * The style sheet of the page of a review, and the policy that lets a browser use nothing else.
 *
 * It is the same for every review: nothing in it comes from one, so that one hash allows it.
 */
import { GROUNDS } from '../../status/page/palette.ts';
import { darkRules } from '../picture/colours.ts';

/** What the page adds to the grounds of a status page: `[light, dark]`. */
const PAINTS = {
  ...GROUNDS,
  alarm: ['#c01c28', '#ff8f88'],
  pin: ['#8a5f00', '#e0a92e'],
  turn: ['#0a5cc2', '#6cb0ff'],
  told: ['#0b6a63', '#45c4b8'],
} as const;

const paints = (side: 0 | 1) =>
  Object.entries(PAINTS)
    .map(([name, pair]) => `--${name}:${pair[side]};`)
    .join('');

/** What stands in the one `<style>` of the page. */
export const STYLE = `
:root{color-scheme:light dark;${paints(0)}}
@media screen and (prefers-color-scheme:dark){:root{${paints(1)}}${darkRules}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif;overflow-wrap:anywhere}
h1,h2,h3,p,ul,ol,dl,dd,pre{margin:0;padding:0}
ol,ul{list-style:none}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999px}
.skip:focus{left:12px;top:12px;background:var(--card);padding:8px 14px;z-index:1}
header,main,footer{max-width:1040px;margin:0 auto;padding:0 20px}
header{padding-top:44px}
.kind{color:var(--soft);font-weight:600;font-size:.9375rem}
h1{font-size:1.875rem;line-height:1.25;letter-spacing:-.015em;margin-top:4px}
h2{font-size:1.375rem;line-height:1.3;letter-spacing:-.01em}
h3{font-size:1rem;margin:22px 0 6px}
section,.toc,.banner{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:24px;margin-top:20px}
section>*+*{margin-top:14px}
.banner{border-left:6px solid var(--pin);padding:14px 20px}
.toc h2{font-size:1rem}
.toc ol{columns:2;column-gap:32px;margin-top:8px}
.toc li{padding:2px 0;break-inside:avoid}
.soft{color:var(--soft)}
.alarm{color:var(--alarm)}
.prose{white-space:pre-line;max-width:72ch}
.asked{border:1px dashed var(--soft);border-radius:8px;padding:12px 16px;color:var(--soft)}
.asked.must{border-color:var(--alarm)}
.must b{color:var(--alarm)}
pre{font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;background:var(--bg);border-radius:8px;padding:12px 16px;white-space:pre-wrap;max-height:24em;overflow:auto}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:12px 24px}
.facts dt{color:var(--soft);font-size:.875rem}
header .facts{margin-top:20px}
.list li{padding-left:18px;position:relative}
.list li+li{margin-top:6px}
.list li::before{content:"";position:absolute;left:2px;top:.65em;width:6px;height:6px;border-radius:50%;background:var(--soft)}
.wide{overflow-x:auto}
.wide svg{display:block;width:100%;min-width:760px;height:auto}
svg .tcr-lane>g:hover path{stroke-width:2}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
th,td{text-align:left;vertical-align:top;padding:8px 12px 8px 0;border-bottom:1px solid var(--line);min-width:6.8em}
td{overflow-wrap:break-word}
td:first-child{min-width:9em;overflow-wrap:anywhere}
th{color:var(--soft);font-size:.875rem;font-weight:600;white-space:nowrap}
.num{text-align:right;font-variant-numeric:tabular-nums}
.seqs{white-space:nowrap}
.tl li{position:relative;display:grid;grid-template-columns:4.8em 3.2em 1fr;column-gap:8px;align-items:baseline;padding:5px 0 5px 20px;font-size:.9375rem;border-left:2px solid var(--line);margin-left:5px}
.tl time{white-space:nowrap;font-variant-numeric:tabular-nums;color:var(--soft)}
.tl i{font-style:normal;font-size:.8125rem;line-height:1.8}
.tl i a{color:var(--soft);text-decoration:none}
.tl i a:hover,.tl i a:focus{text-decoration:underline}
.tl li::before{content:"";position:absolute;left:-6px;top:.8em;width:10px;height:10px;border-radius:50%;background:var(--card);border:2px solid var(--soft)}
.tl .phase::before,.tl .severity::before,.tl .acknowledgement::before{background:var(--turn);border-color:var(--turn)}
.tl .update::before{background:var(--told);border-color:var(--told);border-radius:0;transform:rotate(45deg) scale(.85)}
.tl .bad::before{background:var(--alarm);border-color:var(--alarm);border-radius:0;clip-path:polygon(50% 0,100% 100%,0 100%);width:12px;left:-7px}
.tl .pin{background:linear-gradient(90deg,color-mix(in srgb,var(--pin) 14%,transparent),transparent)}
.tl b{font-size:.75rem;font-weight:700;text-transform:uppercase;letter-spacing:.03em}
.tl .pin b{color:var(--ink)}
.tl .bad b{color:var(--alarm)}
.tl .fold{display:block}
.tl .fold::before{background:var(--line);border-color:var(--line)}
.tl .fold ol{margin-left:-20px}
.tl .fold ol li{margin-left:0;border:0}
.tl .fold ol li::before{left:-4px}
summary{cursor:pointer;color:var(--soft)}
summary span{color:var(--link);text-decoration:underline;text-underline-offset:.15em}
footer{padding-top:24px;padding-bottom:40px;color:var(--soft);font-size:.875rem}
:target{outline:3px solid var(--link);outline-offset:-1px;scroll-margin-top:80px}
main:target,section:target{outline:0;scroll-margin-top:16px}
@media (max-width:640px){header,main,footer{padding-left:12px;padding-right:12px}header{padding-top:24px}h1{font-size:1.5rem}section,.toc,.banner{padding:16px}.toc ol{columns:1}.tl li{grid-template-columns:4.8em 1fr}.tl p{grid-column:1/-1}table{font-size:.875rem}th,td{padding-right:8px;min-width:4.5em}td:first-child{min-width:7.2em}}
@media (forced-colors:active){.wide svg,.tl li::before{forced-color-adjust:none}}
@page{size:A4;margin:15mm 14mm}
@media print{
:root{color-scheme:light}
body{background:#fff;font-size:10pt;line-height:1.45;print-color-adjust:exact;-webkit-print-color-adjust:exact}
header,main,footer{max-width:none;padding:0}
.skip{display:none}
section,.toc{border:0;border-radius:0;padding:0;margin-top:18pt}
h1{font-size:19pt}h2{font-size:14pt}
h2,h3,summary,thead{break-after:avoid}
tr,li:not(.fold),.facts div,.asked,.banner,.wide svg{break-inside:avoid}
.prose{max-width:none;orphans:3;widows:3}
.wide{overflow:visible}
.wide svg{min-width:0}
pre{max-height:none;overflow:visible}
.facts{grid-template-columns:repeat(3,1fr)}
table,.tl li{font-size:9.5pt}
td{min-width:7.2em;overflow-wrap:anywhere}
.tl li{padding-top:2pt;padding-bottom:2pt}
.tl li::before{top:.5em}
details::details-content{content-visibility:visible;block-size:auto}
summary span{text-decoration:none;color:inherit}
.tl i a,td a{color:inherit}
}
`;

/** What may be used on the page: its own style sheet, and nothing from elsewhere. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'sha256-+wG5lIZPxripRogkUGFxN4ISaDHR3TI4K8nYD6TTd38='; base-uri 'none'; form-action 'none'";

/**
 * The `content-security-policy` to serve the page of a review with. The page says it itself as well, all but who may frame
 * it, which only a header can say.
 */
export const REVIEW_PAGE_CSP = `${PAGE_POLICY}; frame-ancestors 'none'`;
