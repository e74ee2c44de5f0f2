// How often a session survives a reload in the middle of a refresh, at a server that rotates without a grace period.
import { expect, it, onTestFinished } from 'vitest'
import type { Tab } from '../engines/engine.js'
import { engines, show, signInTab, statusOf } from './stress-tab.js'
import { createStressWorld, type StressWorld } from './stress-world.js'

const ROUNDS = Number(process.env['STRESS_RELOADS'] ?? 20)
/** How long the token endpoint takes: the page is reloaded in this time. */
const RESPONSE_MS = 300

const settings = [
  { isInWorker: false, tabs: 1, grace: 0 },
  { isInWorker: true, tabs: 1, grace: 0 },
  { isInWorker: true, tabs: 2, grace: 0 },
  { isInWorker: false, tabs: 1, grace: 10 },
] as const
const cases = engines.flatMap(([name, launch]) => settings.map((setting) => [name, setting, launch] as const))

it.each(cases)('counts sessions that survive: %s %j', async (name, { isInWorker, tabs, grace }, launch) => {
  const world = await createStressWorld(grace)
  world.configure({ isInWorker })
  const engine = await launch()
  const profile = await engine.openProfile()
  onTestFinished(async () => {
    await profile.close()
    await Promise.all([engine.close(), world.close()])
  })
  const tab = await profile.openTab(world.app.origin)
  await signInTab(tab, world)
  if (tabs > 1) await openBehind(await profile.openTab(world.app.origin), tab)
  let survived = 0
  for (let round = 0; round < ROUNDS; round++) {
    if (await survivesReload(tab, world)) survived++
    else await signInTab(tab, world)
  }
  console.info(
    `reload in the middle of a refresh: ${JSON.stringify({ name, isInWorker, tabs, grace })}: ${survived} of ${ROUNDS}`,
  )
  if (grace > 0) expect(survived).toBe(ROUNDS)
})

/** A tab that has used the worker keeps it alive. */
async function openBehind(other: Tab, tab: Tab): Promise<void> {
  await expect.poll(() => statusOf(other)).toBe('signed-in')
  await other.run('await window.stress.client.refresh()')
  await show(tab)
}

/** Reloads while the server has rotated the refresh token and its response is on the way. */
async function survivesReload(tab: Tab, world: StressWorld): Promise<boolean> {
  let arrived: () => void = () => undefined
  const arrival = new Promise<void>((resolve) => (arrived = resolve))
  world.server.dials.onResponse = async (response, request) => {
    if (request.method !== 'POST' || !request.url.endsWith('/token')) return response
    arrived()
    await new Promise((resolve) => setTimeout(resolve, RESPONSE_MS))
    return response
  }
  await tab.run('void window.stress.client.refresh().catch(() => undefined)')
  await arrival
  await tab.reload()
  await expect.poll(() => statusOf(tab)).toBe('signed-in')
  world.server.dials.onResponse = undefined
  await tab.run('await window.stress.client.refresh().catch(() => undefined)')
  return (await statusOf(tab)) === 'signed-in'
}
