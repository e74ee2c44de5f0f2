import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DOCS } from '../pages.mjs'
import { pageOf, proseOf } from './markdown.mjs'

const INTRODUCTION = `Every error of the client is an \`OAuthClientError\` with a \`code\` of this list. Its \`message\` says what was expected and what was
received, \`hint\` says what to do, and \`spec\` names the section that was violated. The messages below are those of the code; most errors
have one that is more exact.`

/** @returns {Promise<string>} the page of the error codes, one heading each, from the catalog as built in `packages/core/dist` */
export async function errorPage() {
  const file = join(DOCS, '../packages/core/dist/errors/code-texts.js')
  const { CODE_TEXTS } = await import(pathToFileURL(file).href)
  /** @type {Array<[string, { class: string, message: string, check: string, hint: string, section?: string }]>} */
  const codes = Object.entries(CODE_TEXTS)
  const sections = codes.map(([code, { class: name, message, check, hint, section }]) =>
    [
      `## ${code} {#${code}}`,
      proseOf(message),
      `- **Class**: \`${name}\`\n- **Where to look**: ${proseOf(check)}\n- **What to do**: ${proseOf(hint)}${section ? `\n- **Spec**: ${section}` : ''}`,
    ].join('\n\n'),
  )
  return pageOf(
    { title: 'Error codes', description: 'Every error code of the client: what happened, where to look, what to do.', order: 4 },
    [INTRODUCTION, ...sections],
  )
}
