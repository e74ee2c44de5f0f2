/** Light and dark follow the page's `color-scheme`, else the system's. */
export const DEVTOOLS_STYLE = `
.lk-devtools {
  --lk-ground: #ffffff; --lk-ink: #1b1b1f; --lk-line: #8a8a94; --lk-accent: #0b57d0; --lk-good: #146c2e; --lk-bad: #b3261e;
  position: fixed; inset: auto 8px 8px auto; z-index: 2147483000; max-width: min(44rem, calc(100vw - 16px));
  display: flex; flex-direction: column-reverse; align-items: flex-end; gap: 8px;
  font: 13px/1.45 system-ui, sans-serif; color: var(--lk-ink); text-align: start;
}
@media (prefers-color-scheme: dark) {
  .lk-devtools { --lk-ground: #1d1d22; --lk-ink: #ececf1; --lk-line: #85858f; --lk-accent: #a8c7fa; --lk-good: #7fdc9a; --lk-bad: #ffb4ab; }
}
.lk-devtools button, .lk-devtools select {
  font: inherit; color: inherit; background: var(--lk-ground); border: 1px solid var(--lk-line); border-radius: 6px;
  padding: 3px 10px; min-height: 28px; cursor: pointer;
}
.lk-devtools button[aria-disabled='true'] { border-style: dashed; cursor: not-allowed; }
.lk-devtools :is(button, select, summary, pre):focus-visible { outline: 2px solid var(--lk-accent); outline-offset: 2px; }
.lk-devtools > button { font-weight: 600; }
.lk-panel {
  background: var(--lk-ground); border: 1px solid var(--lk-line); border-radius: 8px; padding: 4px 12px 8px; box-sizing: border-box; width: 44rem; max-width: 100%;
  max-height: min(70vh, 44rem); overflow: auto; overscroll-behavior: contain;
}
.lk-panel[hidden] { display: none; }
.lk-devtools h2 { font-size: 14px; margin: 10px 0 4px; }
.lk-devtools dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 0; }
.lk-devtools dt { font-weight: 600; }
.lk-devtools dd { margin: 0; overflow-wrap: anywhere; }
.lk-token { display: contents; }
.lk-actions { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; }
.lk-actions p { flex-basis: 100%; margin: 0; min-height: 1.45em; }
.lk-devtools ol { list-style: none; margin: 4px 0; padding: 0; }
.lk-devtools li { border-top: 1px solid color-mix(in srgb, var(--lk-line) 45%, transparent); padding: 3px 0; }
.lk-devtools pre, .lk-devtools code { font: 12px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; margin: 0; }
.lk-devtools table { border-collapse: collapse; width: 100%; }
.lk-devtools caption { text-align: start; font-weight: 600; }
.lk-devtools th { text-align: start; font-weight: 400; vertical-align: top; padding-inline-end: 12px; white-space: nowrap; }
.lk-devtools td { overflow-wrap: anywhere; }
.lk-devtools small { font-size: 12px; opacity: .85; }
.lk-good { color: var(--lk-good); }
.lk-bad, .lk-failure strong { color: var(--lk-bad); }
`
