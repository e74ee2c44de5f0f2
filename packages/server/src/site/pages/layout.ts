import { html, raw } from 'hono/html'
import { STYLE } from './style.js'

/** Markup that has been escaped. */
export type Markup = ReturnType<typeof html>

/** Creates a whole document. `html` has escaped its content. */
export async function layout(nonce: string, title: string, content: Markup): Promise<string> {
  const document = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style nonce="${nonce}">
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <svg
            class="mark"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            aria-hidden="true"
          >
            <circle cx="8" cy="15" r="4.5" />
            <path d="m11.5 11.5 8-8m-3 3 3 3m-6 0 2 2" />
          </svg>
          ${content}
        </main>
      </body>
    </html>`
  return document.toString()
}
