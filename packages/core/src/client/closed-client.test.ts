import { expect, it } from 'vitest'
import { openSharedTabs } from '../storage/shared-storage.fixture.js'

it('a closed client opens no channel to the other tabs, whatever is called then, until it is started again', async () => {
  const tabs = await openSharedTabs()
  let open = 0
  const openChannel = (name: string): BroadcastChannel => {
    const channel = new BroadcastChannel(name)
    open += 1
    const close = channel.close.bind(channel)
    channel.close = () => ((open -= 1), close())
    return channel
  }
  const client = await tabs.open({ environment: { openChannel } })
  await client.login()
  const refresh = client.refresh().catch(() => undefined)
  await client.close()
  await refresh
  await client.refresh().catch(() => undefined)
  await client.getAccessToken({ forceRefresh: true }).catch(() => undefined)
  expect(open).toBe(0)
  await client.start()
  expect(open).toBe(1)
  await tabs.close()
  expect(open).toBe(0)
})
