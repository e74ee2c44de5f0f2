/** The style sheet of every page: system fonts, light and dark, no external resources. */
export const STYLE: string = `
:root { color-scheme: light dark; --ink: #1a2233; --soft: #5a6478; --line: #d5dae4; --card: #fff; --ground: #eef1f7; --accent: #2f5bea;
  --accent-ink: #fff; --accent-hover: #2348c4; --alarm: #b3261e; --alarm-ground: #fdecea; --chip: #e4eafd; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf5; --soft: #a4aec2; --line: #39425a; --card: #1b2233; --ground: #10141f;
  --accent: #8aa8ff; --accent-ink: #0d1630; --accent-hover: #a9bfff; --alarm: #ffb4ab; --alarm-ground: #3b1a1a; --chip: #26314f; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; }
main { width: 100%; max-width: 25rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 2rem;
  box-shadow: 0 1px 2px rgb(0 0 0 / .06), 0 12px 32px rgb(0 0 0 / .08); }
.mark { display: block; width: 2.5rem; height: 2.5rem; margin-bottom: 1rem; color: var(--accent); }
h1 { font-size: 1.375rem; line-height: 1.25; margin: 0 0 .25rem; letter-spacing: -.01em; text-wrap: balance; }
p { margin: 0 0 1rem; color: var(--soft); overflow-wrap: anywhere; }
p strong, li strong { color: var(--ink); }
form { display: grid; gap: .75rem; margin-top: 1.25rem; }
label { display: grid; gap: .25rem; font-weight: 600; font-size: .9375rem; }
.choice { display: flex; align-items: center; font-weight: 400; }
.choice input[type=checkbox] { width: auto; }
input:not([type=hidden]) { font: inherit; padding: .625rem .75rem; border: 1px solid var(--soft); border-radius: .5rem; background: var(--card); color: inherit; width: 100%; }
button { font: inherit; font-weight: 600; padding: .6875rem 1rem; border-radius: .5rem; border: 1px solid var(--accent); background: var(--accent);
  color: var(--accent-ink); cursor: pointer; }
button:hover { background: var(--accent-hover); border-color: var(--accent-hover); }
button.quiet { background: transparent; color: var(--ink); border-color: var(--line); }
button.quiet:hover { border-color: var(--soft); background: var(--ground); }
button.user { display: grid; grid-template-columns: 2.5rem 1fr; gap: 0 .75rem; align-items: center; text-align: start; background: transparent;
  color: var(--ink); border-color: var(--line); padding: .625rem .75rem; }
button.user:hover { border-color: var(--accent); background: var(--ground); }
button.user .letter { grid-row: 1 / span 2; width: 2.5rem; height: 2.5rem; border-radius: 50%; display: grid; place-items: center;
  background: var(--chip); color: var(--ink); font-size: 1.0625rem; }
button.user .one { align-self: center; }
button.user small { font-weight: 400; color: var(--soft); overflow-wrap: anywhere; }
button.user .alone { grid-row: 1 / span 2; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.alarm { color: var(--alarm); background: var(--alarm-ground); border-radius: .5rem; padding: .625rem .75rem; margin: 1rem 0 0; }
ul { margin: 1rem 0 0; padding: 0; list-style: none; display: grid; gap: .5rem; }
li { padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; color: var(--soft); font-size: .9375rem; }
article { margin: 1.5rem 0 0; padding: 1.5rem 0 0; border-top: 1px solid var(--line); }
h2 { font-size: 1.0625rem; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }
h2.next { margin-top: 1.25rem; }
li code { overflow-wrap: anywhere; }
pre { margin: 0 0 1rem; padding: .75rem; border: 1px solid var(--line); border-radius: .5rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
ul + p { margin-top: 1rem; }
.message { margin: 0; padding: .75rem 1rem; border-radius: .5rem; background: var(--chip); color: var(--ink); text-align: center;
  font-size: 1.375rem; font-weight: 700; line-height: 1.3; }
a { color: var(--accent); }
.note { margin: 1.25rem 0 0; font-size: .875rem; }
code { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: .875em; }
`
