import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build, type BuildEnvironmentOptions, type Rolldown } from 'vite'

/**
 * Builds an app for production, without the polyfill that preloads modules.
 *
 * @param folder of the app
 * @param built the folder to write to, which is emptied first
 * @returns the files with code
 */
export async function buildForProduction(
  folder: URL,
  built: URL,
  options: BuildEnvironmentOptions,
): Promise<readonly Rolldown.OutputChunk[]> {
  const result = await build({
    root: fileURLToPath(folder),
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    plugins: [react()],
    build: { outDir: fileURLToPath(built), emptyOutDir: true, modulePreload: false, ...options },
  })
  const outputs = Array.isArray(result) ? result : [result]
  return outputs.flatMap((each) => ('output' in each ? each.output : [])).filter((file) => file.type === 'chunk')
}
