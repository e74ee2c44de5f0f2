import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { commentOf, membersOf, readTypes } from '../../../test/gate/documented-types.mjs'
import { DOCS } from '../pages.mjs'
import { pageOf, proseOf } from './markdown.mjs'

const INTRODUCTION = `\`latchkey server\` reads its settings from YAML or JSON: all of them from the file of \`--config\`, or users and clients from the
files of \`--users\` and \`--clients\`, which contain the list alone. A changed file is read again; if it is invalid, the server prints where
and why, and keeps the former settings.`

const EXAMPLE = `\`\`\`yaml
# latchkey.yaml: npx latchkey server --config latchkey.yaml
users:
  - sub: alice
    password: wonderland
    claims: { name: Alice, email: alice@example.com }
clients:
  - clientId: spa
    redirectUris: [http://127.0.0.1:5173/]
grants:
  authorizationCode: {}
  refreshToken: {}
\`\`\``

/** The headings of the members' own options on the page of the server. */
/** @type {Readonly<Record<string, string>>} */
const LINKS = {
  users: 'Members of a user: [User](/reference/server#user-sub).',
  clients: 'Members of a client: [ClientRecord](/reference/server#client-clientId).',
}

/** @returns {Promise<string>} the page of the settings file, from the types and tables of the command line */
export async function settingsPage() {
  const types = readTypes('cli', ['server/read-settings'])
  const file = join(DOCS, '../packages/cli/dist/server/read-settings.js')
  const { GRANTS, FEATURES } = await import(pathToFileURL(file).href)
  const names = { grants: namesOf(GRANTS), features: namesOf(FEATURES) }
  const sections = membersOf(types, 'server/read-settings', 'FileSettings').map((member) => {
    const more = { ...LINKS, ...names }[member.name]
    return [`## ${member.name} {#${member.name}}`, proseOf(commentOf(member, types.checker)), more ?? ''].join('\n\n').trim()
  })
  return pageOf(
    { title: 'Settings file', description: 'Every member of the settings file of latchkey server, with its default.', order: 16 },
    [INTRODUCTION, EXAMPLE, ...sections],
  )
}

/** @param {object} table */
function namesOf(table) {
  const names = Object.keys(table).map((name) => `\`${name}\``)
  return `Names: ${names.join(', ')}. Their options are those of the functions of the same name: [Server options](/reference/server).`
}
