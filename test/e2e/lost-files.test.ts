// A deployment has replaced the app's files: those that the open page has not loaded yet are gone.
import { describe, expect } from 'vitest'
import { press, sees, type Visitor } from '../harness/browser.js'
import { e2eTest } from '../harness/e2e-test.js'
import { startEmbeddedServer } from '../harness/embedded-server.js'
import { alice } from '../harness/users.js'

const it = e2eTest({ start: startEmbeddedServer, settings: { checksClaims: true } })

/** Serves only the scripts that the page names and their static imports. @returns the URLs of the failed requests */
async function loseLazyFiles({ page, context }: Visitor, origin: string): Promise<string[]> {
  const names = await page.evaluate(() => [
    ...Array.from(document.querySelectorAll('script[src]'), (script) => script.getAttribute('src') ?? ''),
    ...Array.from(document.querySelectorAll('link[rel=modulepreload]'), (link) => link.getAttribute('href') ?? ''),
  ])
  const html = await (await fetch(origin)).text()
  const initial = names.filter((name) => html.includes(name))
  const lost: string[] = []
  await context.route(/\.js$/, (route) => {
    const { pathname } = new URL(route.request().url())
    if (initial.includes(pathname)) return route.continue()
    lost.push(pathname)
    return route.fulfill({ status: 404, body: 'gone' })
  })
  return lost
}

describe('files that are gone after a deployment', () => {
  it('do not sign the user out: a stored session, with a schema for the claims, is shown without them', async ({
    world,
    visitor,
    page,
    user,
  }) => {
    await user.signIn()
    const lost = await loseLazyFiles(visitor, world.app.origin)
    await page.reload()
    await sees(page, 'status', 'signed-in')
    await sees(page, 'name', alice.name)
    await press(page, 'Sign out here')
    await sees(page, 'status', 'signed-out')
    await press(page, 'Sign in')
    await sees(page, 'error', 'module_load_failed')
    expect(lost).not.toEqual([])
  })
})
