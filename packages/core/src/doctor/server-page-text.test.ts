import { expect, it } from 'vitest'
import { serverPageText } from './server-page-text.js'

it.each([
  [
    '<h1>Something went wrong</h1>\n  <p>The application sent an invalid request.</p>',
    'Something went wrong: The application sent an invalid request.',
  ],
  ['<main><h1>Not found.</h1><div><p>No such page</p></div></main>', 'Not found. No such page'],
  ['<h2>Error</h2><!-- x --><p>Unknown client</p>', 'Error: Unknown client'],
  ['<h1>Error</h1>', 'Error'],
  ['<h1>Error</h1><div> </div>', 'Error'],
  [`<h1>Error</h1>${'<p>'.repeat(20_000)}`, 'Error'],
])('the text of a page separates a heading from what follows it', (html, text) => {
  expect(serverPageText(html, [])).toBe(text)
})
