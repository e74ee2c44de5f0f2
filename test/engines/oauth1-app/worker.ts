// A client of OAuth 1.0a in a worker, where there is no page: the user allows the access in another tab, and the worker signs.
import { createOAuth1Client, type OAuth1ClientOptions } from '@latchkey/oauth1'
import { CALLBACK_CHANNEL } from './callback-channel.js'

const scope = globalThis as unknown as Pick<Worker, 'postMessage'> & Pick<EventTarget, 'addEventListener'>

async function work(options: OAuth1ClientOptions): Promise<void> {
  const { origin } = location
  const client = createOAuth1Client({ ...options, name: 'worker', callbackUrl: `${origin}/`, resources: [`${origin}/api`] })
  const temporary = await client.temporaryCredentials()
  const channel = new BroadcastChannel(CALLBACK_CHANNEL)
  const callback = new Promise<URL>((resolve) => {
    channel.addEventListener('message', ({ data }: MessageEvent<string>) => resolve(new URL(data)))
  })
  scope.postMessage(client.authorizationUrl(temporary).href)
  const { searchParams } = await callback
  channel.close()
  await client.tokenCredentials(temporary, searchParams.get('oauth_verifier') ?? '')
  const response = await client.fetch('/api?size=big%20one', { method: 'PUT', body: '{"ä":1}' })
  scope.postMessage(`${await response.text()}, ${client.getSnapshot().status}`)
}

scope.addEventListener('message', (event) => {
  work((event as MessageEvent<OAuth1ClientOptions>).data).catch((error: unknown) => scope.postMessage(String(error)))
})
