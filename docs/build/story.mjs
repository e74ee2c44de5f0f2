import { command } from '../../test/gate/command.mjs'

/**
 * Builds the playground's story of the code flow into docs/public/story, from where VitePress copies it into the site. It is not committed.
 *
 * @throws Error with the output of the build
 */
export async function buildStory() {
  // The workspace's Vite, not that of VitePress.
  const { code, output } = await command('vite', [
    'build',
    '--config',
    'playground/embedded/vite.config.ts',
    '--logLevel',
    'error',
  ])
  if (code !== 0) throw new Error(output)
}

if (process.argv[1] === import.meta.filename) await buildStory()
