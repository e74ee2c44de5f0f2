// Starts `world.mjs`, and asks it for what arrived there.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** @typedef {{ path: string, method: string, at: number, end: number, status: number }} SeenRequest */
/** @typedef {{ apps: Readonly<Record<string, string>>, issuers: { plain: string, auth0: string } }} Addresses */
/** @typedef {{ folders?: Readonly<Record<string, string>>, shift?: number, take?: boolean }} WorldMessage */
/** @typedef {{ addresses: Addresses, shiftClock: (ms: number) => Promise<unknown>, takeRequests: () => Promise<readonly SeenRequest[]>, stop: () => void }} World */

/**
 * @param {Readonly<Record<string, string>>} folders of the builds, by app
 * @returns {Promise<World>}
 */
export async function startWorld(folders) {
  const world = fork(fileURLToPath(new URL('world.mjs', import.meta.url)))
  /** @type {Promise<unknown>} */
  let last = Promise.resolve()
  /**
   * @param {WorldMessage} message
   * @returns {Promise<any>} the response, one after the other
   */
  const ask = (message) =>
    (last = last.then(
      () =>
        new Promise((resolve) => {
          world.once('message', resolve)
          world.send(message)
        }),
    ))
  return {
    addresses: await ask({ folders }),
    shiftClock: (ms) => ask({ shift: ms }),
    takeRequests: () => ask({ take: true }),
    stop: () => world.kill(),
  }
}
