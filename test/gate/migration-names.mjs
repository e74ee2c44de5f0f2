// The names of Latchkey in the tables of the migration pages exist: each is in an API report, which lists what the packages export.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { listPages } from '../../docs/build/pages.mjs'
import { root } from './command.mjs'

/** Words in the tables that are not ours: of the language and the platform, of providers and their metadata, of the examples. */
const OTHERS = new Set([
  ...['await', 'true', 'false', 'sessionStorage', 'args', 'ssr', 'native', 'https', 'com', 'example', 'realms', 'shop'],
  ...['openid', 'offline_access', 'expires_in', 'display', 'oid', 'tid', 'kc_idp_hint', 'kc_action'],
])

const PACKAGES = ['core', 'react', 'resource']

/** @returns {string[]} what is wrong */
export function problemsOfMigrationNames() {
  const known = exportedWords()
  return listPages('migrate').flatMap(({ file, text }) =>
    namesOf(text)
      .filter((name) => !known.has(name) && !OTHERS.has(name))
      .map((name) => `docs/${file}: the table of names has "${name}", which no package of Latchkey exports`),
  )
}

/** @returns {ReadonlySet<string>} every identifier in the API reports */
function exportedWords() {
  const folders = PACKAGES.map((name) => join(root, 'packages', name, 'api'))
  const reports = folders.flatMap((folder) => readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')))
  return new Set(reports.join('\n').match(/[\w$]+/g))
}

/**
 * @param {string} text
 * @returns {string[]} the identifiers in the code of the second column of "Names"
 */
function namesOf(text) {
  const [, section = ''] = /^## Names\n(.*?)(?=^## )/ms.exec(text) ?? []
  const cells = [...section.matchAll(/^\|.*(?<!\\)\|(.*)\|$/gm)].map(([, cell = '']) => cell)
  const code = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, inner = '']) => inner))
  // The text of strings is for the server.
  return code.flatMap((inner) => inner.replaceAll(/'[^']*'/g, '').match(/[a-zA-Z_$][\w$]*/g) ?? [])
}
