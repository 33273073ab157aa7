import { darkRules, INK } from "./charts/theme.ts";

const LIGHT = `--page:${INK.surface.light};--text:${INK.text.light};--muted:${INK.muted.light};--line:${INK.grid.light};--tint:#f6f7f9;--bad:#b44a00;--accent:#0072b2`;
const DARK = `--page:${INK.surface.dark};--text:${INK.text.dark};--muted:${INK.muted.dark};--line:${INK.grid.dark};--tint:#1c2027;--bad:${INK.failure.dark};--accent:#4aa8e0`;

/** The style sheet of every report page: system fonts, light and dark, wide and narrow, screen and paper. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}${darkRules("svg ")}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;text-size-adjust:100%;-webkit-text-size-adjust:100%}
main{max-width:63rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
header{border-bottom:1px solid var(--line);padding-bottom:1.5rem;margin-bottom:1.5rem}
.kind{margin:0;color:var(--muted);font-size:.875rem}
h1{margin:.1rem 0 .7rem;font-size:2rem;line-height:1.15;letter-spacing:-.015em;overflow-wrap:anywhere;text-wrap:balance}
h2{margin:2.75rem 0 .75rem;font-size:1.25rem;line-height:1.3;letter-spacing:-.005em}
h3{margin:1.75rem 0 .5rem;font-size:1.0625rem;overflow-wrap:anywhere}
.answer{margin:0;font-size:1.1875rem;line-height:1.5;max-width:48rem;overflow-wrap:anywhere;text-wrap:pretty}
header .note{margin:.6rem 0 0;max-width:48rem;color:var(--bad);overflow-wrap:anywhere}
.lead{color:var(--muted);max-width:48rem;margin:.25rem 0 1rem}
.tiles+.lead,.scroll+.lead{margin:.6rem 0 0;font-size:.875rem}
.tiles{display:grid;grid-template-columns:repeat(2,1fr);margin:0 0 1rem;border:1px solid var(--line);border-radius:8px;overflow:hidden}
.tiles>div{padding:.75rem .9rem;margin:0 -1px -1px 0;border-right:1px solid var(--line);border-bottom:1px solid var(--line)}
.tiles dt{color:var(--muted);font-size:.8125rem}
.tiles dd{margin:0;font-size:1.375rem;font-weight:600;line-height:1.3;letter-spacing:-.01em}
.tiles .note{font-size:.8125rem;font-weight:400;color:var(--muted);letter-spacing:0}
.tiles .bad dd:not(.note){color:var(--bad)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.875rem}
caption{text-align:left;color:var(--muted);padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--line);overflow-wrap:break-word;min-width:4rem}
thead th{color:var(--muted);font-weight:500;border-bottom-color:var(--muted)}
tbody th{font-weight:500}
.w{min-width:11rem}
.n,th.n{text-align:right;white-space:nowrap;padding-right:1.75rem}
.n:last-child{padding-right:0}
figure{margin:2rem 0 2.5rem;break-inside:avoid}
figcaption{margin-bottom:.6rem;max-width:48rem}
figcaption strong{display:block;font-size:1.0625rem;overflow-wrap:anywhere}
figcaption span{color:var(--muted);font-size:.9375rem}
figure svg{display:block;max-width:100%;min-width:44rem;height:auto}
details{margin-top:.4rem}
summary{cursor:pointer;color:var(--muted);font-size:.875rem;padding:.2rem 0}
summary:hover{color:var(--text)}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
ol.steps{list-style:none;margin:.5rem 0 1rem;padding:0;font-size:.875rem;border-left:2px solid var(--line)}
ol.steps li{display:grid;grid-template-columns:6rem 1fr;gap:.75rem;padding:.15rem 0 .15rem .9rem;overflow-wrap:anywhere}
ol.steps time{color:var(--muted)}
.warnings{border-left:3px solid #e69f00;padding-left:1rem;margin:1.5rem 0}
.warnings h2{margin:0 0 .25rem;font-size:1rem}
.warnings ul{margin:0;padding-left:1.1rem}
footer{margin-top:3rem;border-top:1px solid var(--line)}
footer h2{margin-top:1.5rem}
.facts{margin:0;font-size:.875rem}
.facts>div{display:grid;grid-template-columns:10rem 1fr;gap:1rem;padding:.15rem 0}
.facts dt{color:var(--muted)}
.facts dd{margin:0;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
@media (min-width:50rem){.tiles.four{grid-template-columns:repeat(4,1fr)}.tiles.five{grid-template-columns:repeat(5,1fr)}}
@media (max-width:40rem){main{padding:1.5rem 1rem 3rem}h1{font-size:1.625rem}.answer{font-size:1.0625rem}.facts>div{grid-template-columns:1fr;gap:0;padding:.3rem 0}}
@media screen and (max-width:45rem){figcaption::after{content:"The figure is wider than this screen: scroll it sideways.";display:block;margin-top:.25rem;color:var(--muted);font-size:.8125rem}}
@media print{@page{margin:14mm}body{font-size:10.5pt}main{max-width:none;padding:0}.scroll{overflow:visible}figure svg{min-width:0;width:100%}h2,h3{break-after:avoid}tr{break-inside:avoid}details:not([open]){display:none}}
`;
