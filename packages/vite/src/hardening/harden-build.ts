import { resolve } from 'node:path'
import type { ResolvedConfig } from 'vite'
import type { LatchkeyOptions, LatchkeySettings } from '../latchkey-options.js'
import type { Hardening } from './hardening-options.js'
import { type BuildReport, type BuiltFile, reportBuild } from './report-build.js'
import { TAKE_RESPONSE } from './take-response.js'

/** As many findings are printed. The rest is in the report. */
const PRINTED = 10

interface BuildSetup {
  readonly config: ResolvedConfig
  readonly external: LatchkeySettings | undefined
  readonly hardening: Hardening
}

/** What Rollup calls a hook with. */
interface BuildContext {
  readonly parse: (code: string) => unknown
  readonly environment?: { readonly config: { readonly consumer?: string } }
}

type WriteBundle = (
  this: BuildContext,
  output: { readonly dir?: string | undefined },
  bundle: Readonly<Record<string, BuiltFile>>,
) => Promise<void>

/** Returns the hook that reports a build for browsers. */
export function hardenBuild(setup: () => BuildSetup, options: LatchkeyOptions): WriteBundle {
  return async function report({ dir }, bundle) {
    const { config, external, hardening } = setup()
    if (hardening.report === undefined || config.build.ssr || this.environment?.config.consumer === 'server') return
    const folder = resolve(config.root, hardening.report)
    const result = await reportBuild({
      root: config.root,
      outDir: dir ?? resolve(config.root, config.build.outDir),
      files: Object.values(bundle),
      folder,
      firstScript: hardening.callback ? TAKE_RESPONSE : undefined,
      parse: (code) => this.parse(code),
      base: config.base,
      issuer: external?.issuer,
      resources: external?.resources ?? options.resources ?? [],
      sources: hardening.sources,
    })
    print(result, hardening.report, config.logger)
  }
}

function print({ policy, findings }: BuildReport, folder: string, logger: Pick<ResolvedConfig['logger'], 'info' | 'warn'>): void {
  logger.info(`\n[latchkey] Content-Security-Policy to set, also in ${folder}:\n${policy}\n`)
  for (const finding of findings.slice(0, PRINTED)) logger.warn(`[latchkey] ${finding}`)
  if (findings.length > PRINTED) logger.warn(`[latchkey] ${findings.length - PRINTED} more are in ${folder}/report.json.`)
}
