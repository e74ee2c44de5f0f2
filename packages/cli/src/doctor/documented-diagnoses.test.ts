import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { recordOutput } from '../record-output.fixture.js'
import { APP, imitate, IMITATIONS, type Imitation } from './imitated-providers.fixture.js'
import { runDoctor } from './run-doctor.js'

const DOCS = join(import.meta.dirname, '../../../../docs/connect')
const key = { ...(await exportJWK((await generateKeyPair('RS256', { extractable: true })).publicKey)), kid: 'k', alg: 'RS256' }

async function firstFinding(imitation: Imitation): Promise<string> {
  const output = recordOutput()
  const { issuer, scope = 'openid profile email offline_access' } = imitation
  const setup = { clientId: 'my-app', redirectUri: `${APP}/`, scope }
  await runDoctor(issuer, setup, output, { fetch: imitate(imitation, key), folder: '/none' })
  return /^[✖▲].*?(?=\n\n)/ms.exec(output.lines.join('\n'))?.[0] ?? ''
}

/** The texts of the doctor that the documentation quotes, as `page: text`. */
async function quotations(): Promise<readonly string[]> {
  const pages = (await readdir(DOCS)).filter((name) => name.endsWith('.md'))
  const found = pages.map(async (name) => {
    const text = await readFile(join(DOCS, name), 'utf8')
    return [...text.matchAll(/^```text\n([✖▲].*?)\n```$/gms)].map(([, quoted]) => `${name}: ${quoted}`)
  })
  return (await Promise.all(found)).flat()
}

describe('what the pages of the providers quote', () => {
  it('is what the doctor prints', async () => {
    const printed = await Promise.all(IMITATIONS.map(async (one) => `${one.page}.md: ${await firstFinding(one)}`))
    const quoted = await quotations()
    expect(quoted.toSorted()).toEqual(printed.toSorted())
  })
})
