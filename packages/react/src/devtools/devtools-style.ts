import type { DockSide } from './dock-settings.js'

const DARK = `
  --lk-ground: #17181c; --lk-raised: #202127; --lk-sunken: #101114; --lk-ink: #ececf1; --lk-soft: #b4b6c2; --lk-line: #3a3c46; --lk-edge: #7d808e;
  --lk-accent: #8ab4ff; --lk-good: #7fdc9a; --lk-bad: #ffb4ab; --lk-busy: #f5cf6b; --lk-bad-ground: #3b1a18; --lk-good-ground: #14301f; color-scheme: dark;
`

/** Light and dark follow the page's `color-scheme`, else the system's. */
export const DEVTOOLS_STYLE: string = `
.lk-devtools {
  --lk-ground: #ffffff; --lk-raised: #f5f6f9; --lk-sunken: #eceef3; --lk-ink: #1b1b1f; --lk-soft: #51535f; --lk-line: #d5d8e1; --lk-edge: #7b7e8b;
  --lk-accent: #0b57d0; --lk-good: #146c2e; --lk-bad: #b3261e; --lk-busy: #7a5600; --lk-bad-ground: #fdeceb; --lk-good-ground: #e8f5ec; color-scheme: light;
  position: fixed; inset: auto 12px 12px auto; z-index: 2147483000; display: flex; flex-direction: column; box-sizing: border-box;
  font: 13px/1.5 system-ui, sans-serif; color: var(--lk-ink); text-align: start;
}
@media (prefers-color-scheme: dark) { .lk-devtools:not([data-theme='light']) { ${DARK} } }
.lk-devtools[data-theme='dark'] { ${DARK} }
.lk-devtools *, .lk-devtools ::before { box-sizing: border-box; }
.lk-devtools[data-open='true'] { background: var(--lk-ground); box-shadow: 0 0 24px rgb(0 0 0 / 22%); }
.lk-devtools[data-open='true'][data-side='bottom'] { inset: auto 0 0; height: min(var(--lk-size), 90vh); border-top: 1px solid var(--lk-edge); }
.lk-devtools[data-open='true'][data-side='right'] { inset: 0 0 0 auto; width: min(var(--lk-size), 90vw); border-inline-start: 1px solid var(--lk-edge); }
.lk-embedded { position: static; z-index: auto; min-height: 100%; background: var(--lk-ground); }

.lk-resizer { position: absolute; touch-action: none; z-index: 1; }
[data-side='bottom'] > .lk-resizer { inset: -5px 0 auto; height: 10px; cursor: ns-resize; }
[data-side='right'] > .lk-resizer { inset: 0 auto 0 -5px; width: 10px; cursor: ew-resize; }
.lk-resizer:hover, .lk-resizer:focus-visible { background: color-mix(in srgb, var(--lk-accent) 45%, transparent); }

.lk-bar { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 10px; }
.lk-devtools[data-open='true'] .lk-bar, .lk-embedded .lk-bar { flex: none; padding: 6px 12px; background: var(--lk-raised); border-bottom: 1px solid var(--lk-line); }
.lk-devtools[data-open='false'] .lk-bar { padding: 4px; gap: 4px; background: var(--lk-raised); border: 1px solid var(--lk-edge); border-radius: 999px; box-shadow: 0 2px 10px rgb(0 0 0 / 18%); }
.lk-devtools[data-open='false'] .lk-bar button { border-radius: 999px; }
.lk-devtools[data-open='false'] .lk-pill { border: 0; background: none; padding-inline-end: 10px; }
.lk-pill {
  display: inline-flex; align-items: center; gap: 6px; padding: 2px 10px; border: 1px solid var(--lk-line); border-radius: 999px; background: var(--lk-ground);
  font-variant-numeric: tabular-nums; white-space: nowrap; max-width: 46ch; overflow: hidden; text-overflow: ellipsis;
}
.lk-dot { flex: none; width: 8px; height: 8px; border-radius: 50%; background: var(--lk-edge); }
[data-mood='good'] > .lk-dot { background: var(--lk-good); }
[data-mood='bad'] > .lk-dot { background: var(--lk-bad); }
[data-mood='busy'] > .lk-dot { background: var(--lk-busy); }

.lk-devtools button, .lk-devtools select, .lk-devtools input[type='search'] {
  font: inherit; color: inherit; background: var(--lk-ground); border: 1px solid var(--lk-edge); border-radius: 6px; padding: 2px 10px; min-height: 28px; margin: 0;
}
.lk-devtools button { cursor: pointer; }
.lk-devtools button:hover { background: var(--lk-sunken); }
.lk-devtools button[aria-disabled='true'] { border-style: dashed; color: var(--lk-soft); cursor: not-allowed; }
.lk-devtools button[aria-pressed='true'] { background: var(--lk-bad-ground); border-color: var(--lk-bad); color: var(--lk-bad); font-weight: 600; }
.lk-devtools .lk-trigger { font-weight: 600; }
.lk-ends { display: flex; gap: 6px; margin-inline-start: auto; }
.lk-devtools :is(button, select, input, summary, pre, a):focus-visible { outline: 2px solid var(--lk-accent); outline-offset: 1px; }
.lk-devtools label { display: inline-flex; align-items: center; gap: 5px; white-space: nowrap; }
.lk-devtools input[type='search'] { flex: 1 1 12em; min-width: 0; }

.lk-panel { flex: 1; min-height: 0; overflow: auto; overscroll-behavior: contain; container: lk / inline-size; }
.lk-panel[hidden] { display: none; }
.lk-embedded { container: lk / inline-size; }
.lk-columns { display: grid; grid-template-columns: minmax(0, 1fr); }
.lk-column { padding: 4px 14px 14px; min-width: 0; border-top: 1px solid var(--lk-line); }
.lk-column:first-child { border-top: 0; }
@container lk (min-width: 900px) {
  .lk-columns { grid-template-columns: minmax(0, 4fr) minmax(0, 5fr) minmax(0, 5fr); height: 100%; }
  .lk-column { overflow: auto; border-top: 0; border-inline-start: 1px solid var(--lk-line); }
  .lk-column:first-child { border-inline-start: 0; }
}

.lk-devtools h2 { font-size: 12px; line-height: 1.5; margin: 14px 0 6px; text-transform: uppercase; letter-spacing: .06em; color: var(--lk-soft); font-weight: 600; }
.lk-devtools h3 { font-size: 13px; margin: 8px 0 4px; font-weight: 600; }
.lk-devtools p { margin: 6px 0; }
.lk-devtools dl { display: grid; grid-template-columns: fit-content(9.5em) minmax(0, 1fr); gap: 3px 12px; margin: 0; }
.lk-devtools dt { color: var(--lk-soft); }
.lk-devtools dd { margin: 0; overflow-wrap: anywhere; }
.lk-token { display: contents; }
.lk-actions, .lk-tools { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin: 8px 0; }
.lk-devtools p[role='status'] { min-height: 1.5em; margin: 4px 0; }
.lk-devtools :is(ol, ul) { list-style: none; margin: 4px 0; padding: 0; }
.lk-devtools li { border-top: 1px solid var(--lk-line); padding: 3px 0; }
.lk-devtools li:first-child { border-top: 0; }
.lk-devtools summary { cursor: pointer; border-radius: 4px; }
.lk-devtools summary small { display: block; padding-inline-start: 1.1em; }
.lk-devtools time { color: var(--lk-soft); font-variant-numeric: tabular-nums; }
.lk-devtools :is(pre, code) { font: 12px/1.45 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; margin: 0; }
.lk-devtools pre { background: var(--lk-sunken); border-radius: 6px; padding: 8px; margin: 4px 0; }
.lk-devtools table { border-collapse: collapse; width: 100%; margin: 8px 0; table-layout: fixed; }
.lk-devtools caption { text-align: start; font-weight: 600; padding-bottom: 2px; }
.lk-devtools :is(th, td) { text-align: start; font-weight: 400; vertical-align: top; padding: 3px 10px 3px 0; overflow-wrap: anywhere; border-top: 1px solid var(--lk-line); }
.lk-devtools thead th { color: var(--lk-soft); border-top: 0; font-size: 12px; }
.lk-devtools tbody th { width: 34%; font-family: ui-monospace, monospace; font-size: 12px; }
.lk-devtools .lk-checks thead th:first-child { width: 28%; }
.lk-checks tbody th { white-space: nowrap; }
.lk-devtools small { font-size: 12px; color: var(--lk-soft); font-weight: 400; }
.lk-claims small { display: block; }
.lk-note { color: var(--lk-soft); }
.lk-attempt { background: var(--lk-raised); border: 1px solid var(--lk-line); border-radius: 8px; padding: 2px 10px 4px; margin: 8px 0; }
.lk-attempt[data-outcome='failed'] { border-color: var(--lk-bad); }
.lk-mark { display: inline-block; min-width: 1em; font-weight: 700; color: var(--lk-soft); }
.lk-good, [data-outcome='succeeded'] > h3 .lk-mark, [data-result='passed'] .lk-mark { color: var(--lk-good); }
.lk-bad, .lk-failure strong, [data-outcome='failed'] > h3 .lk-mark, [data-result='failed'] :is(th, td, .lk-mark) { color: var(--lk-bad); }
.lk-devtools [data-result='failed'] :is(th, td) { background: var(--lk-bad-ground); }
.lk-devtools [data-result='skipped'] :is(th, td) { color: var(--lk-soft); }
.lk-failure, .lk-finding { background: var(--lk-raised); border: 1px solid var(--lk-line); border-inline-start: 3px solid var(--lk-edge); border-radius: 6px; padding: 4px 10px 8px; margin: 8px 0; overflow-wrap: anywhere; }
.lk-failure, .lk-finding[data-severity='error'] { border-inline-start-color: var(--lk-bad); }
.lk-finding[data-severity='warning'] { border-inline-start-color: var(--lk-busy); }
.lk-finding[data-severity='note'] { border-inline-start-color: var(--lk-accent); }
.lk-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 640px) {
  .lk-devtools[data-open='true'][data-side] { inset: auto 0 0; width: auto; height: min(max(var(--lk-size), 60vh), 90vh); border-inline-start: 0; border-top: 1px solid var(--lk-edge); }
  .lk-side { display: none; }
  .lk-pill { max-width: calc(100vw - 130px); }
}
`

/** Leaves space for the open panel, so that it covers nothing of the page. */
export function pageStyle(side: DockSide, size: number): string {
  const room = side === 'bottom' ? `padding-bottom: min(${size}px, 90vh)` : `padding-inline-end: min(${size}px, 90vw)`
  return `@media (min-width: 641px) { body { ${room} !important; } }`
}
