// A page whose main thread is busy for longer than any limit of the storage, right after its start.
import { expect, it, onTestFinished } from 'vitest'
import { createStressWorld } from './stress-world.js'
import { engines, signInTab, statusOf } from './stress-tab.js'

it.each(engines)('shows the session of a page that is busy at the start: %s', async (_name, launch) => {
  const world = await createStressWorld(10)
  const engine = await launch()
  const profile = await engine.openProfile()
  onTestFinished(async () => {
    await profile.close()
    await Promise.all([engine.close(), world.close()])
  })
  const tab = await profile.openTab(world.app.origin)
  await signInTab(tab, world)
  world.configure({ busyMs: 6500 })
  await tab.reload()
  await expect.poll(() => statusOf(tab)).toBe('signed-in')
  await tab.run('if (window.stress.failures.length > 0) throw new Error(window.stress.failures.join())')
})
