import { expect, it, onTestFinished } from 'vitest'
import type { AuthedFetch } from './authed-fetch.js'
import { createDeferredFetch } from './deferred-fetch.js'

it('resolves a relative URL by the page of the call, also if the router shows another page while the code is loaded', async () => {
  const urls: string[] = []
  const createFetch = (): AuthedFetch => async (input) => (urls.push(new Request(input).url), new Response())
  let arrive = (): void => undefined
  const arrival = new Promise<void>((resolve) => (arrive = resolve))
  const load = async () => (await arrival, { createFetch })
  const token = async () => ({ accessToken: 'at', tokenType: 'Bearer' })
  const fetch = createDeferredFetch(load, token, { signal: new AbortController().signal })
  const { href } = location
  onTestFinished(() => history.replaceState(null, '', href))
  history.replaceState(null, '', '/orders/1')
  const calls = [fetch('items'), fetch('items', { method: 'POST', body: new FormData() })]
  history.replaceState(null, '', '/users/1/edit')
  arrive()
  await Promise.all(calls)
  expect(urls).toEqual([`${location.origin}/orders/items`, `${location.origin}/orders/items`])
})
