import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DOCS } from '../pages.mjs'
import { EXPECTATIONS } from './error-expectations.mjs'
import { pageOf, proseOf } from './markdown.mjs'

const INTRODUCTION = `Every error of the client is an \`OAuthClientError\` with a \`code\` of this list. Its \`message\` says what was expected and what was
received, \`hint\` says what to do, and \`spec\` names the section that was violated. Each entry below starts with what was received, as the message of the
code; most errors have a message that is more exact.`

/** @returns {Promise<string>} the page of the error codes, one heading each, from the catalog as built in `packages/core/dist` */
export async function errorPage() {
  const file = join(DOCS, '../packages/core/dist/errors/code-texts.js')
  const { CODE_TEXTS } = await import(pathToFileURL(file).href)
  /** @type {Array<[string, { class: string, message: string, check: string, hint: string, section?: string }]>} */
  const codes = Object.entries(CODE_TEXTS)
  checkExpectations(codes.map(([code]) => code))
  const sections = codes.map(([code, { class: name, message, check, hint, section }]) =>
    [
      `## ${code} {#${code}}`,
      proseOf(message),
      [
        `- **Expected**: ${EXPECTATIONS[code]}`,
        `- **Where to look**: ${proseOf(check)}`,
        `- **What to do**: ${proseOf(hint)}`,
        ...(section ? [`- **Spec**: ${section}`] : []),
        `- **Class**: \`${name}\``,
      ].join('\n'),
    ].join('\n\n'),
  )
  return pageOf(
    {
      title: 'Error codes',
      description: 'Every error code of the client: what was received, what was expected, the rule, and what to do.',
      order: 4,
    },
    [INTRODUCTION, ...sections],
  )
}

/**
 * Every code of the catalog has its expectation, and nothing else has one.
 *
 * @param {readonly string[]} codes
 */
function checkExpectations(codes) {
  const missing = codes.filter((code) => !EXPECTATIONS[code])
  const unknown = Object.keys(EXPECTATIONS).filter((code) => !codes.includes(code))
  const wrong = [...missing, ...unknown]
  if (wrong.length > 0) throw new Error(`Each error code needs what was expected, in error-expectations.mjs: ${wrong.join(', ')}`)
}
