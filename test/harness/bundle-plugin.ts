import { build, type Plugin } from 'vite'

const QUERY = '?bundle'

/**
 * `import code from './x.ts?bundle'`: the module with all that it imports as one script. A test that starts dozens of workers would
 * otherwise request a hundred modules for each.
 */
export function bundlePlugin(): Plugin {
  return {
    name: 'latchkey:bundle',
    async load(id) {
      if (!id.endsWith(QUERY)) return undefined
      return `export default ${JSON.stringify(await bundled(id.slice(0, -QUERY.length)))}`
    },
  }
}

async function bundled(input: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    mode: 'test',
    build: { write: false, minify: false, modulePreload: false, rolldownOptions: { input, output: { codeSplitting: false } } },
  })
  const [output] = Array.isArray(result) ? result : [result]
  const chunk = output && 'output' in output ? output.output[0] : undefined
  if (!chunk) throw new Error(`${input} was not bundled`)
  return chunk.code
}
