// The steps of the gate, in order. A step gives how many of its parts passed and failed, and what to print if any failed.
import { join } from 'node:path'
import { command, root } from './command.mjs'
import { findWebKit, findFirefox } from './browsers.mjs'
import { isOnPath } from './set-up.mjs'
import { readReport } from './test-report.mjs'

/**
 * @typedef {{ passed: number, failed: number, skipped?: number, output: string, note?: string, failures?: readonly string[] }} Result
 * @typedef {{ changed: boolean }} Mode
 * @typedef {{ name: string, needs?: string, inner?: boolean, run: (mode: Mode) => Promise<Result>, skip?: () => string | undefined }} Step
 *   `needs` names a step that must have passed; `inner` steps belong to the inner loop (`--changed`)
 */

/** @type {readonly Step[]} */
export const steps = [
  check('format', 'oxfmt', ['--check'], true),
  check('arrows', 'depcruise', ['--config', 'test/gate/arrows.cjs', 'packages', 'playground', 'test'], true),
  check('build', 'tsc', ['-b'], true),
  check('types', 'tsc', ['-p', 'tsconfig.test.json'], true),
  // After the build: tests and type tests see the other packages by their declarations.
  check('lint', 'oxlint', ['--type-aware', '--deny-warnings'], true),
  vitest('unit', ['node'], { inner: true }),
  vitest('browser', ['browser'], { inner: true, needs: 'build' }),
  vitest('browser-react18', ['browser-react18'], { needs: 'build' }),
  vitest('e2e', ['e2e'], { needs: 'build' }),
  engine('chromium', undefined),
  engine('firefox', findFirefox() ? undefined : 'Firefox was not found (firefox-esr on Debian; FIREFOX_PATH names another)'),
  engine('webkit', webkitTrouble()),
  script('packaging', 'packaging.mjs', 'build'),
  script('size', 'size/size.mjs', 'build'),
  check('knip', 'knip', []),
  script('readme', 'readme-fences.mjs', 'build'),
  script('requirements', 'requirements.mjs'),
]

/** @returns {string | undefined} */
function webkitTrouble() {
  if (!findWebKit()) return 'WebKitGTK and its driver were not found (webkit2gtk-driver on Debian)'
  return isOnPath('xvfb-run') ? undefined : 'xvfb-run was not found (xvfb on Debian): WebKitGTK needs a display'
}

/**
 * @param {string} name
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Step} a program that passes or fails as a whole
 */
function check(name, program, args, inner = false) {
  return {
    name,
    inner,
    run: async () => {
      const { code, output } = await command(program, args)
      return code === 0 ? { passed: 1, failed: 0, output } : { passed: 0, failed: 1, output }
    },
  }
}

/**
 * @param {string} name
 * @param {string} file beside this one; prints `N passed, N failed` last, and above it a line beginning with `note: ` for the progress line
 * @param {string} [needs]
 * @returns {Step}
 */
function script(name, file, needs) {
  return {
    name,
    ...(needs ? { needs } : {}),
    run: async () => {
      const { code, output } = await command(process.execPath, [join('test/gate', file)])
      const [, passed = '0', failed = '0'] = output.match(/(\d+) passed, (\d+) failed\s*$/) ?? []
      const note = output.match(/^note: (.*)$/m)?.[1]
      const broken = code !== 0 && failed === '0' ? 1 : Number(failed)
      return { passed: Number(passed), failed: broken, output, ...(note ? { note } : {}) }
    },
  }
}

/**
 * @param {string} name
 * @param {readonly string[]} projects
 * @param {{ inner?: boolean, needs?: string, files?: string }} [options]
 * @returns {Step}
 */
function vitest(name, projects, { inner = false, needs, files } = {}) {
  return {
    name,
    inner,
    ...(needs ? { needs } : {}),
    run: async ({ changed }) => {
      const report = join('test-results', 'gate', `${name}.json`)
      const args = ['run', ...projects.flatMap((project) => ['--project', project]), ...(files ? [files] : [])]
      args.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`, '--maxWorkers=2')
      if (changed) args.push('--changed', '--passWithNoTests')
      const { code, output } = await command('vitest', args)
      return { ...(await readReport(join(root, report), code)), output }
    },
  }
}

/**
 * @param {'chromium' | 'firefox' | 'webkit'} name
 * @param {string | undefined} trouble
 * @returns {Step} the main flows in an engine that not every machine has
 */
function engine(name, trouble) {
  return { ...vitest(name, ['engines'], { needs: 'build', files: `test/engines/${name}` }), skip: () => trouble }
}
