import type { Plugin, ResolvedConfig } from 'vite'
import { hasKeyMaterial, keyMaterial } from './key-material.js'
import { findPrivateImport, findPrivateLink, isStylesheet } from './linked-files.js'
import type { PrivateFiles } from './private-files.js'
import type { StateFolder } from './state-folder.js'

/** What is said of a file with keys. */
export const NOT_SERVED = 'holds keys and tokens. It is not served.'

interface Guarded {
  readonly config: ResolvedConfig
  readonly folder: StateFolder
  readonly files: PrivateFiles
}

/** Creates the hooks that keep keys out of a build. @param setup called once Vite's configuration is resolved */
export function keyGuards(setup: () => Guarded): Pick<Plugin, 'buildStart' | 'generateBundle'> {
  return {
    buildStart() {
      const { config, files } = setup()
      const { command, publicDir, build } = config
      const link = command === 'build' && publicDir && build.copyPublicDir ? findPrivateLink(publicDir, files) : undefined
      if (link !== undefined) this.error(`${link} leads to a folder or file that ${NOT_SERVED} Remove the link.`)
    },
    generateBundle: {
      // After the plugins that add files, such as those of workers.
      order: 'post',
      handler(_options, bundle) {
        const material = keyMaterial(setup().folder)
        const contentOf = (file: (typeof bundle)[string]): string | Uint8Array =>
          file.type === 'chunk' ? file.code : file.source
        const found = Object.values(bundle).find((file) => hasKeyMaterial(contentOf(file), material))
        if (found) this.error(`${found.fileName} would contain private keys. Remove what imports their file from the app.`)
      },
    },
  }
}

/** Resolves the target of an import as Vite does. */
interface ModuleContext {
  resolve(target: string, importer: string, options: { readonly skipSelf: boolean }): Promise<{ readonly id: string } | null>
}

/** Returns what is wrong with a module if it is a stylesheet that leads to the keys. */
export async function findStylesheetProblem(
  code: string,
  id: string,
  { config, files, context }: Guarded & { readonly context: ModuleContext },
): Promise<string | undefined> {
  if (!isStylesheet(id)) return undefined
  const resolveTarget = async (target: string, importer: string): Promise<string | undefined> =>
    (await context.resolve(target, importer, { skipSelf: true }))?.id
  const target = await findPrivateImport(code, id.split('?', 1)[0] ?? '', { root: config.root, files, resolveTarget })
  return target && `${target} ${NOT_SERVED}`
}
