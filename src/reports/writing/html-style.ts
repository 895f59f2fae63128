/** Of the page: light and dark by the reader's system, and for paper. */
export const STYLE = `
body{--ink:#111827;--soft:#4b5563;--line:#d1d5db;--page:#fff;--card:#f9fafb;color:var(--ink);background:var(--page);
font:16px/1.6 Inter,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;max-width:52rem;margin:0 auto;padding:2rem 1.25rem}
header{border-left:.35rem solid var(--accent);padding-left:1rem;margin-bottom:2rem}
h1{font-size:2rem;line-height:1.2;margin:0}
.scope{color:var(--soft);margin:.35rem 0 0}
h2{font-size:1.3rem;margin:2.25rem 0 .75rem;padding-bottom:.25rem;border-bottom:2px solid var(--accent)}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
h1,h2,h3,td,th,p,li{overflow-wrap:anywhere}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.75rem;margin:0}
.figures div{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem}
dt{color:var(--soft);font-size:.85rem}dd{margin:0}dd strong{font-size:1.3rem;display:block;line-height:1.35}
dd span{color:var(--soft);font-size:.8rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.5rem 0 1rem}
caption{caption-side:bottom;text-align:left;color:var(--soft);font-size:.8rem;padding-top:.35rem}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th{border-bottom:2px solid var(--accent);font-weight:600}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
figure{margin:1rem 0}figure svg,figure img{max-width:100%;height:auto}.dark{display:none}
blockquote{margin:.75rem 0;padding:.1rem 1rem;border-left:3px solid var(--accent)}
blockquote p{margin:.25rem 0}cite{color:var(--soft);font-size:.85rem;font-style:normal}
footer{margin-top:3rem;border-top:1px solid var(--line);color:var(--soft);font-size:.85rem}
@media (prefers-color-scheme:dark){body{--ink:#f3f4f6;--soft:#9ca3af;--line:#374151;--page:#111827;--card:#1f2937}
.light{display:none}.dark{display:block}}
@media print{body{--ink:#000;--soft:#444;--line:#bbb;--page:#fff;--card:#fff;max-width:none;padding:0;font-size:11pt}
.light{display:block}.dark{display:none}h2,h3{break-after:avoid}tr,figure,blockquote,.figures div{break-inside:avoid}
thead{display:table-header-group}}
`;
