import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DOCS } from '../pages.mjs'
import { pageOf, proseOf, tableOf } from './markdown.mjs'

const INTRODUCTION = `\`npx latchkey doctor <issuer>\` and \`diagnose(client)\` of \`@latchkey/core/doctor\` examine a set-up: the server, the registration of the client, and
the page of the app. Each finding has a code of this list, a severity (\`error\`: signing in fails; \`warning\`: another part fails; \`note\`: a limit that matters to
some apps), what was seen, what is expected and what to change. How to run it: [Ask the doctor](/connect/#ask-the-doctor).`

/** @returns {Promise<string>} the page of the doctor's codes, one heading each, from `packages/core/dist` */
export async function doctorPage() {
  const { FINDING_TITLES, FINDING_EXPLANATIONS } = await load('finding-texts')
  const { settingsFor } = await load('provider-settings')
  const sections = Object.entries(FINDING_TITLES).map(([code, title]) => {
    const { meaning, fix } = FINDING_EXPLANATIONS[code]
    /** @type {ReadonlyArray<{ provider: string, setting: string }>} */
    const settings = settingsFor(code)
    const rows = settings.map(({ provider, setting }) => [provider, proseOf(setting)])
    return [
      `## ${code} {#${code}}`,
      `**${proseOf(title)}.**`,
      `- **What it means**: ${proseOf(meaning)}\n- **What to do**: ${proseOf(fix)}`,
      ...(rows.length > 0 ? [tableOf(['provider', 'setting'], rows)] : []),
    ].join('\n\n')
  })
  const description = 'Every finding of npx latchkey doctor: what it means, what to do, and the setting at known providers.'
  return pageOf({ title: 'Findings of the doctor', description, order: 4.5 }, [INTRODUCTION, ...sections])
}

/** @param {string} name of a module in `packages/core/src/doctor` */
function load(name) {
  return import(pathToFileURL(join(DOCS, `../packages/core/dist/doctor/${name}.js`)).href)
}
