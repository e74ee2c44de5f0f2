// Builds the site into docs/.vitepress/dist: static files for any host.
//   DOCS_BASE=/latchkey/   the path below which it is deployed; default /
import { build } from 'vitepress'
import { DOCS } from './pages.mjs'
import { writeApiPages } from './reference/api-pages.mjs'
import { buildStory } from './story.mjs'
import { writeReference } from './write-reference.mjs'

await writeReference()
await writeApiPages()
await buildStory()
await build(DOCS)
