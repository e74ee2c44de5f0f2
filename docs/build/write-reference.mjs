// Writes the generated pages of the reference into docs/reference. They are not committed.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DOCS } from './pages.mjs'
import { cliPage } from './reference/cli-page.mjs'
import { doctorPage } from './reference/doctor-page.mjs'
import { errorPage } from './reference/error-page.mjs'
import { eventPage } from './reference/event-page.mjs'
import { settingsPage } from './reference/settings-page.mjs'
import { typePages } from './reference/type-pages.mjs'

/** @returns {Promise<Record<string, string>>} the pages by their file below `docs/reference` */
export async function createReference() {
  return {
    ...typePages(),
    'events.md': eventPage(),
    'errors.md': await errorPage(),
    'doctor.md': await doctorPage(),
    'cli.md': await cliPage(),
    'settings-file.md': await settingsPage(),
  }
}

/** Writes the pages. */
export async function writeReference() {
  for (const [file, text] of Object.entries(await createReference())) {
    const path = join(DOCS, 'reference', file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
}

if (process.argv[1] === import.meta.filename) await writeReference()
