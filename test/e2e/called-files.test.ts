// Through how many files a reader passes who follows a sign-in, or a call to an API, by "go to definition": files with a function that
// runs, by the coverage of the browser. A file that is only imported does not count. SHOW=1 prints the lists.
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { recordMeasure } from '../gate/measures.mjs'
import { launchChromium, visit } from '../harness/browser.js'
import { answerAsServer, issuer, serveApp } from '../harness/in-process-world.js'
import { buildForProduction } from '../harness/production-build.js'

/** From `login()` of `useLogin` to the claims in `useOAuth`, by redirect, with code and PKCE. */
const SIGN_IN_LIMIT = 50
/** From the `fetch` of `useAuthedFetch` to that of the browser, with a fresh token. */
const CALL_LIMIT = 12

const folder = new URL('called-files-app/', import.meta.url)
const built = new URL('../../test-results/called-files-app/', import.meta.url)
const root = fileURLToPath(new URL('../..', import.meta.url))

test(`a sign-in passes through at most ${SIGN_IN_LIMIT} files, and a call to an API through ${CALL_LIMIT}`, async () => {
  // Vite keeps the value of the test runner, with which React and Latchkey are built for development.
  vi.stubEnv('NODE_ENV', 'production')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { entry, sources } = await buildByFile()
  const app = await serveApp(built, entry)
  const browser = await launchChromium()
  onTestFinished(() => Promise.all([browser.close(), app.close()]).then(() => undefined))
  const { context, page } = await visit(browser, 'about:blank')
  await page.addInitScript(neverIdle)
  const takeCalls = await watchCalls(page, sources)
  await context.route(`${issuer}/**`, answerAsServer(app.origin))
  await page.goto(app.origin)

  const signIn = filesOf(await signInOn(page, takeCalls))
  await page.getByRole('button', { name: 'Show' }).click()
  // The first call loads the code for it.
  await callApi(page, 1)
  await takeCalls()
  let called: Calls = new Set()
  await context.route('**/me', async (route) => {
    called = await takeCalls()
    await route.fallback()
  })
  await callApi(page, 2)
  const call = filesOf(called)

  if (process.env.SHOW) console.log([`Sign-in: ${signIn.length}`, ...signIn, `Call: ${call.length}`, ...call].join('\n'))
  recordMeasure('sign-in-passes', signIn.length, SIGN_IN_LIMIT)
  recordMeasure('call-passes', call.length, CALL_LIMIT)
  // At both ends of the package the coverage has seen the code.
  expect(signIn).toEqual(expect.arrayContaining(['packages/react/src/hooks/use-login', 'packages/core/src/session/session']))
  expect(call).toContain('packages/core/src/fetch/authed-fetch')
  expect(signIn.length).toBeLessThanOrEqual(SIGN_IN_LIMIT)
  expect(call.length).toBeLessThanOrEqual(CALL_LIMIT)
})

/** Functions that have run, as file and place. */
type Calls = ReadonlySet<string>

/** @returns what a sign-in runs: from the click until the page leaves, and after the callback what no other start of a page runs */
async function signInOn(page: Page, takeCalls: () => Promise<Calls>): Promise<Calls> {
  const button = page.getByRole('button', { name: 'Sign in' })
  await button.waitFor()
  const ofStart = await takeCalls()
  // The page stays open for now: what it has run would be lost with it.
  const isAuthorization = (url: URL): boolean => url.pathname === '/authorize'
  await page.context().route(isAuthorization, (route) => route.fulfill({ status: 204 }))
  const left = page.waitForResponse((response) => response.status() === 204)
  await button.click()
  const authorization = await left
  const request = await takeCalls()
  await page.context().unroute(isAuthorization)
  await page.goto(authorization.url())
  await page.getByRole('button', { name: 'Alice' }).click()
  await page.getByRole('button', { name: 'Show' }).waitFor()
  const callback = await takeCalls()
  return new Set([...request, ...[...callback].filter((each) => !ofStart.has(each))])
}

async function callApi(page: Page, count: number): Promise<void> {
  await page.getByRole('button', { name: 'Call' }).click()
  await page.getByText(`${count} calls`).waitFor()
}

/** Runs in the page, which is never idle: what is loaded then is no part of a sign-in. */
function neverIdle(): void {
  window.requestIdleCallback = () => 0
}

interface BuiltByFile {
  readonly entry: string
  /** The path in the repository of each built file of the packages. */
  readonly sources: ReadonlyMap<string, string>
}

/** Builds the app without joining its modules. */
async function buildByFile(): Promise<BuiltByFile> {
  const chunks = await buildForProduction(folder, built, {
    minify: false,
    rolldownOptions: { input: fileURLToPath(new URL('main.tsx', folder)), output: { preserveModules: true } },
  })
  const own = chunks.flatMap(({ fileName, facadeModuleId }) => {
    const path = relative(root, facadeModuleId ?? '')
    return path.startsWith('packages/') ? [[fileName, path.replace('/dist/', '/src/').replace(/\.js$/, '')] as const] : []
  })
  return { entry: chunks.find((chunk) => chunk.isEntry)?.fileName ?? '', sources: new Map(own) }
}

/** @returns a function that returns what has run since it was called last */
async function watchCalls(page: Page, sources: BuiltByFile['sources']): Promise<() => Promise<Calls>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Profiler.enable')
  await session.send('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  return async () => {
    const { result } = await session.send('Profiler.takePreciseCoverage')
    return new Set(
      result.flatMap(({ url, functions }) => {
        const file = sources.get(new URL(url || 'about:blank').pathname.slice(1))
        const ranges = file === undefined ? [] : functions.flatMap(({ ranges: [range] }) => range ?? [])
        // The function at the start of a file is the module itself, which runs when it is imported.
        return ranges
          .filter(({ startOffset, count }) => startOffset > 0 && count > 0)
          .map((range) => `${file}:${range.startOffset}`)
      }),
    )
  }
}

function filesOf(functions: Calls): readonly string[] {
  return [...new Set([...functions].map((each) => each.replace(/:\d+$/, '')))].toSorted()
}
