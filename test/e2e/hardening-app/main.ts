import { createOAuthClient, memory } from '@latchkey/core'
import settings from 'virtual:latchkey'

const isSilent = location.search.includes('silent')
const client = createOAuthClient({ ...settings, ...(isSilent && { storage: memory(), silent: ['iframe'] }) })
const callback = new URL('callback.html', document.baseURI).href

function show(): void {
  const { status, claims, error } = client.getSnapshot()
  const values = { status, name: claims?.name ?? '', error: error?.code ?? '' }
  for (const [name, value] of Object.entries(values)) {
    const output = document.querySelector(`[data-testid="${name}"]`)
    if (output) output.textContent = value
  }
}

function onClick(id: string, action: () => Promise<unknown>): void {
  document.querySelector(`#${id}`)?.addEventListener('click', () => void action().catch(show))
}

client.subscribe(show)
onClick('redirect', () => client.login())
onClick('popup', () => client.login({ transport: 'popup', redirectUri: callback }))
onClick('popup-app', () => client.login({ transport: 'popup' }))
await client.start()
show()
