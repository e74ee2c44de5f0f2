import { createOAuthClient } from '@latchkey/core'
import { onTestFinished } from 'vitest'
import type { TestServer } from './authorization-server.fixture.js'

/** Shows a URL in the address bar until the test is over. */
export function openPage(url: string | URL): void {
  const former = location.href
  history.replaceState(null, '', url)
  onTestFinished(() => history.replaceState(null, '', former))
}

/** Leaves by redirect, and opens this page with what the server sent back. */
export async function openCallback(server: TestServer, returnTo = '/'): Promise<void> {
  const before = createOAuthClient(server.options)
  openPage(await server.callbackUrl((transport) => before.login({ transport, returnTo })))
}
